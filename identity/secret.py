"""The key of the HMAC-SHA256 over raw identifiers, and the HMAC itself as SQL."""

import hashlib
import os
import secrets
from pathlib import Path

import duckdb

from c360.config import Settings
from c360.errors import ConfigurationError
from c360.workspace import Workspace

_SHORTEST_KEY = 16
"""Characters of a key that cannot be guessed by trying."""

_BLOCK = 64
"""Bytes in a block of SHA-256, to which RFC 2104 pads the key."""


def needs_key(settings: Settings) -> bool:
    """Say whether any namespace is hashed."""
    return any(identifier.hash for identifier in settings.identifiers.values())


def read_key(settings: Settings, workspace: Workspace) -> bytes:
    """Return the key of the configuration; without one, that of a key file made on the first run.

    Raises:
        ConfigurationError: the named variable or file is missing or empty.
    """
    origin = settings.hash_key
    if origin is None:
        if not workspace.key_file.exists():
            _make_key_file(workspace.key_file)
        return _told(
            workspace,
            workspace.key_file.read_bytes().strip(),
            f"hash_key: {workspace.key_file} is too short for a key; restore it",
        )
    if origin.env is not None:
        return _told(
            workspace,
            os.environ.get(origin.env, "").encode(),
            f"hash_key.env: the variable {origin.env} is not set, or to less than "
            f"{_SHORTEST_KEY} characters; set it to the key",
        )
    path = workspace.root / str(origin.file)
    return _told(
        workspace,
        path.read_bytes().strip() if path.is_file() else b"",
        f"hash_key.file: {path} is missing or holds less than {_SHORTEST_KEY} characters;"
        " write the key into it (mode 0600)",
    )


def install_hmac(con: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Define the SQL macro `keyed_hash(text)`: HMAC-SHA256 in hex, the key kept in the session."""
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    con.execute("set variable hmac_inner = $pad", {"pad": _masked(padded, 0x36)})
    con.execute("set variable hmac_outer = $pad", {"pad": _masked(padded, 0x5C)})
    con.execute(
        "create or replace temp macro keyed_hash(value) as"
        " sha256(getvariable('hmac_outer')"
        " || unhex(sha256(getvariable('hmac_inner') || encode(value))))"
    )


def _masked(block: bytes, mask: int) -> bytes:
    return bytes(byte ^ mask for byte in block)


def _make_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32) + "\n")


def _told(workspace: Workspace, key: bytes, problem: str) -> bytes:
    if len(key) < _SHORTEST_KEY:
        raise ConfigurationError(workspace.config, [problem])
    return key
