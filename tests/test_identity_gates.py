"""`gates`: a run outside its bands is written aside, and what was published stays."""

import shutil
from pathlib import Path

import duckdb
import pytest
from shop_workspace import (
    ANN_IS_CY,
    c360,
    configure,
    differences,
    files,
    last_changes,
    lay_out,
    people,
    query,
    resolve,
)
from sources_shop import write

MERGE = {"crm_2.csv": ANN_IS_CY}
SPLIT = {
    "crm_2.csv": """
        contact_id,card,email,born,updated_at
        C2,K9,bob@shop.example,,2026-01-07
        """
}
RETIRE = {
    "visits.csv": """
        visit_id,email,device,seen_at
        V1,ann@shop.example,tablet,2026-01-03
        V2,,tablet,2026-01-04
        V3,,phone,2026-01-05
        V4,bob@shop.example,phone,2026-01-06
        """
}
GATES = [
    # One of five customers is merged away.
    ({"max_share_of_ids_changed": 0.1}, MERGE, "max_share_of_ids_changed: 0.2, at most 0.1"),
    ({"max_cluster_size": 4}, MERGE, "max_cluster_size: 6, at most 4"),
    ({"max_merged": 0}, MERGE, "max_merged: 1, at most 0"),
    ({"max_split": 0}, SPLIT, "max_split: 1, at most 0"),
    ({"max_retired": 0}, RETIRE, "max_retired: 1, at most 0"),
]


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = lay_out(tmp_path_factory.mktemp("gates") / "shop")
    resolve(shop)
    return shop


@pytest.fixture
def shop(resolved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(resolved, tmp_path / "shop"))


def feed(shop: Path, feeds: dict[str, str]) -> None:
    for name, text in feeds.items():
        write(shop, name, text)


@pytest.mark.parametrize(("gates", "feeds", "broken"), GATES, ids=lambda each: next(iter(each)))
def test_a_run_outside_a_band_is_held(shop, resolved, gates, feeds, broken):
    configure(shop, gates=gates)
    feed(shop, feeds)
    before = files(shop / "data")

    ran = c360("resolve", shop)

    assert ran.exit_code == 3
    assert broken in ran.error
    assert differences(shop, resolved) == {}
    written = files(shop / "data")
    assert written.keys() - before.keys() == {
        "held/member.parquet",
        "held/customer.parquet",
        "held/change.parquet",
    }
    assert {name: written[name] for name in before} == before
    assert query(shop, "select run, command from ops.run") == [
        (1, "resolve"),
        (2, "resolve (held)"),
    ]
    assert query(shop, "from ops.held_run") == [(2, broken)]


@pytest.fixture(scope="module")
def held(resolved: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A shop whose last run was held, and what the user was told."""
    shop = Path(shutil.copytree(resolved, tmp_path_factory.mktemp("held") / "shop"))
    configure(shop, gates={"max_merged": 0, "max_split": 0, "max_cluster_size": 5})
    feed(shop, MERGE)
    return shop, c360("resolve", shop).error


def test_every_broken_band_is_named_with_what_to_do(held):
    shop, told = held

    assert "max_merged: 1" in told
    assert "max_cluster_size: 6" in told
    assert "max_split" not in told
    assert str(shop / "data" / "held") in told
    assert "c360 resolve --ignore-gates" in told


def test_what_was_held_can_be_looked_at(held):
    shop, _ = held

    def rows(table: str) -> list[tuple[object, ...]]:
        return duckdb.execute(f"from '{shop}/data/held/{table}.parquet'").fetchall()

    assert len(rows("member")) == 12
    assert len(rows("customer")) == 5  # four who live and one who redirects
    assert [kind for _, kind, *_ in rows("change")] == ["merged"]


def test_the_customers_published_last_stay_in_use(held):
    shop, _ = held

    assert c360("build", shop).exit_code == 0
    assert "are not one customer" in c360("explain pair", shop, "crm:C1", "crm:C3").output


def test_a_held_run_is_held_until_it_is_published_as_it_is(shop):
    configure(shop, gates={"max_merged": 0})
    feed(shop, MERGE)
    assert c360("resolve", shop).exit_code == 3

    resolve(shop, "--ignore-gates")

    assert last_changes(shop) == {"merged": 1}
    assert "C1 C3 O1 O3 V1 V2" in people(shop)
    resolve(shop)  # nothing is left to hold


def test_a_good_run_after_a_held_one_is_published(shop):
    configure(shop, gates={"max_merged": 0})
    feed(shop, MERGE)
    assert c360("resolve", shop).exit_code == 3
    (shop / "data" / "raw" / "crm_2.csv").unlink()
    feed(
        shop,
        {
            "orders_2.csv": """
                order_id,card,email,ordered_at,amount
                O5,,fay@shop.example,2026-01-08,1.00
                """
        },
    )

    resolve(shop)

    assert last_changes(shop) == {"new": 1}
    assert query(shop, "select run, command from ops.run order by run")[-1] == (3, "resolve")


def test_a_run_at_the_edge_of_its_bands_is_published(shop):
    configure(shop, gates={"max_merged": 1, "max_cluster_size": 6, "max_share_of_ids_changed": 0.2})
    feed(shop, MERGE)

    assert resolve(shop).exit_code == 0


def test_a_run_that_is_held_stops_the_whole_flow(shop):
    configure(shop, gates={"max_merged": 0})
    feed(shop, MERGE)

    assert c360("run", shop).exit_code == 3
    assert not (shop / "data" / "gold").exists()


def test_the_first_run_is_gated_by_size_alone(tmp_path):
    none = {"max_share_of_ids_changed": 0, "max_merged": 0, "max_split": 0, "max_retired": 0}
    lay_out(tmp_path, gates=none | {"max_cluster_size": 3})

    held = c360("resolve", tmp_path)

    assert held.exit_code == 3
    assert "max_share" not in held.error
    assert query(tmp_path, "select run, command from ops.run") == [(1, "resolve (held)")]
    assert "run `c360 resolve` first" in c360("build", tmp_path).error

    configure(tmp_path, gates=none | {"max_cluster_size": 4})
    resolve(tmp_path)

    assert len(people(tmp_path)) == 5
