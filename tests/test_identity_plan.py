"""`c360 resolve --plan`: what a run would do is told, and nothing is done."""

import csv
import shutil
from collections import Counter
from pathlib import Path

import pytest
from shop_workspace import (
    ANN_IS_CY,
    c360,
    configure,
    customer_of,
    files,
    last_changes,
    lay_out,
    people,
    query,
    resolve,
)
from sources_shop import write

KINDS = ("new", "merged", "split", "moved", "retired")
ALL_KINDS = {
    # Cy holds Ann's card, and Bob has a new one: his order stays with the old one.
    "crm_2.csv": """
        contact_id,card,email,born,updated_at
        C3,K1,cy@shop.example,,2026-01-07
        C2,K9,bob@shop.example,,2026-01-07
        """,
    "orders_2.csv": """
        order_id,card,email,ordered_at,amount
        O5,,fay@shop.example,2026-01-08,1.00
        """,
    # Ann's visit V2 was Bob's, and Eve's is gone.
    "visits.csv": """
        visit_id,email,device,seen_at
        V1,ann@shop.example,tablet,2026-01-03
        V2,,phone,2026-01-04
        V3,,phone,2026-01-05
        V4,bob@shop.example,phone,2026-01-06
        """,
}


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = lay_out(tmp_path_factory.mktemp("plan") / "shop")
    resolve(shop)
    return shop


@pytest.fixture
def shop(resolved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(resolved, tmp_path / "shop"))


def records(shop: Path) -> Counter[str]:
    """Return the number of records of each customer."""
    places = "select customer_id from identity.member where to_run is null"
    return Counter(customer_id for (customer_id,) in query(shop, places))


def test_a_plan_writes_its_csv_and_nothing_else(shop):
    write(shop, "crm_2.csv", ANN_IS_CY)
    before = files(shop)

    ran = c360("resolve --plan", shop)

    after = files(shop)
    assert ran.exit_code == 0
    assert after.keys() - before.keys() == {"reports/resolve_plan.csv"}
    assert {name: after[name] for name in before} == before


def test_a_plan_leaves_nothing_in_a_workspace_that_was_never_resolved(tmp_path):
    shop = lay_out(tmp_path / "shop")
    before = {path for path in shop.rglob("*")}

    ran = c360("resolve --plan", shop, "--csv", tmp_path / "plan.csv")

    assert "new 5" in ran.output
    assert {path for path in shop.rglob("*")} == before
    assert resolve(shop).exit_code == 0


def test_a_plan_that_fails_leaves_the_workspace_as_it_was(shop):
    write(shop, "orders_2.csv", "order_id,card\n")
    before = files(shop)

    ran = c360("resolve --plan", shop)

    assert ran.exit_code == 1
    assert files(shop) == before


def test_what_is_planned_is_what_the_next_run_does(shop):
    for name, text in ALL_KINDS.items():
        write(shop, name, text)

    planned = c360("resolve --plan --json", shop).figures()["plan"]["changes"]
    resolve(shop)

    assert planned == dict.fromkeys(KINDS, 1)
    assert planned == last_changes(shop)


def test_a_changed_configuration_is_planned(shop):
    configure(shop, guards={"block": ["^tablet$"]})

    planned = c360("resolve --plan --json", shop).figures()["plan"]["changes"]
    before = people(shop)
    resolve(shop)

    assert planned == dict.fromkeys(KINDS, 0) | {"split": 1}
    assert before - people(shop) == {"C1 O1 V1 V2"}
    assert people(shop) - before == {"C1 O1 V1", "V2"}


def test_the_csv_lists_every_change_with_the_records_before_and_after(shop, tmp_path):
    for name, text in ALL_KINDS.items():
        write(shop, name, text)
    before = records(shop)

    c360("resolve --plan", shop, "--csv", tmp_path / "plan.csv")
    resolve(shop)

    with (tmp_path / "plan.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = "kind customer_id other_customer_id records_before records_after evidence"
    assert list(rows[0]) == columns.split()
    assert sorted(row["kind"] for row in rows) == sorted(KINDS)
    for row in rows:
        told = int(row["records_before"]), int(row["records_after"])
        assert told == (before[row["customer_id"]], records(shop)[row["customer_id"]])


def test_the_largest_and_the_most_valuable_customers_are_named(shop):
    ann, cy = customer_of(shop, "C1"), customer_of(shop, "C3")
    assert c360("build", shop).exit_code == 0
    write(shop, "crm_2.csv", ANN_IS_CY)

    told = c360("resolve --plan", shop).output

    largest, valuable = (
        told.partition(f"The {head}:\n")[2].splitlines()[0] for head in ("largest", "most valuable")
    )
    assert all(customer in line for customer in (ann, cy) for line in (largest, valuable))
    assert "6 records" in largest
    assert "910.00 USD" in valuable
    assert "card K1" in largest


def test_guards_that_fire_are_counted_now_and_before(shop):
    write(
        shop,
        "orders_2.csv",
        """
        order_id,card,email,ordered_at,amount
        O5,K2,ann@shop.example,2026-01-08,1.00
        """,
    )

    ran = c360("resolve --plan --json", shop)

    assert ran.figures()["plan"]["guards"] == {"card: more than 1": {"before": 0, "now": 1}}


def test_a_plan_says_that_the_run_would_be_held(shop):
    configure(shop, gates={"max_merged": 0, "max_split": 3})
    write(shop, "crm_2.csv", ANN_IS_CY)

    ran = c360("resolve --plan", shop)

    assert ran.exit_code == 0
    assert "max_merged: 1, at most 0 - the run would be held\n" in ran.output
    assert "max_split: 0, at most 3\n" in ran.output


@pytest.mark.parametrize(
    ("limits", "exit_code", "told"),
    [
        ("split=5, merged=0", 3, "merged: 1, at most 0"),
        ("merged=1,new=0", 0, ""),  # limits are inclusive
    ],
)
def test_a_plan_above_a_limit_exits_with_3(shop, limits, exit_code, told):
    write(shop, "crm_2.csv", ANN_IS_CY)

    ran = c360("resolve --plan --fail-above", shop, limits)

    assert ran.exit_code == exit_code
    assert told in ran.error
    assert "split" not in ran.error
    assert "merged 1" in ran.output  # the plan is shown all the same


@pytest.mark.parametrize(
    "words",
    [
        ["--plan", "--fail-above", "joined=3"],
        ["--plan", "--fail-above", "merged"],
        ["--plan", "--fail-above", "merged=few"],
        ["--plan", "--fail-above", "merged=-1"],
        ["--fail-above", "merged=3"],
        ["--csv", "plan.csv"],
        ["--plan", "--ignore-gates"],
    ],
)
def test_what_a_plan_cannot_be_asked_is_wrong_usage(tmp_path, words):
    assert c360("resolve", lay_out(tmp_path / "shop"), *words).exit_code == 2
    assert not (tmp_path / "shop" / "c360.duckdb").exists()
