"""The key of the hashes, and that they are the standard's."""

import hashlib
import hmac

import duckdb
import pytest
from identity_rows import settings_for

from c360.config import Settings
from c360.errors import ConfigurationError
from c360.identity.secret import install_hmac, read_key
from c360.workspace import Workspace


def settings(**hash_key: str) -> Settings:
    plain = settings_for({"mail": {"strength": "contact", "hash": True}})
    return Settings.model_validate(
        plain.model_dump(exclude_defaults=True) | ({"hash_key": hash_key} if hash_key else {})
    )


@pytest.mark.parametrize("key", [b"k" * 16, b"k" * 64, b"a key longer than one block of it" * 3])
def test_the_hash_is_hmac_sha256(key):
    with duckdb.connect() as con:
        install_hmac(con, key)
        found = con.execute("select keyed_hash('ann@shop.example')").fetchall()[0][0]

    assert found == hmac.new(key, b"ann@shop.example", hashlib.sha256).hexdigest()


def test_without_a_named_key_one_is_made_for_its_owner_alone_and_kept(tmp_path):
    workspace = Workspace(tmp_path)

    key = read_key(settings(), workspace)

    assert workspace.key_file.stat().st_mode & 0o777 == 0o600
    assert read_key(settings(), workspace) == key


def test_the_key_may_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_KEY", "sixteen letters!")

    assert read_key(settings(env="SHOP_KEY"), Workspace(tmp_path)) == b"sixteen letters!"


def test_the_key_may_come_from_a_file(tmp_path):
    (tmp_path / "shop.key").write_text("sixteen letters!\n")

    assert read_key(settings(file="shop.key"), Workspace(tmp_path)) == b"sixteen letters!"


@pytest.mark.parametrize("origin", [{"env": "NO_SUCH_KEY"}, {"file": "no-such-file"}])
def test_a_missing_key_is_told_by_its_place(tmp_path, origin):
    with pytest.raises(ConfigurationError, match=next(iter(origin.values()))):
        read_key(settings(**origin), Workspace(tmp_path))
