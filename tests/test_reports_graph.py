from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from c360.config import Gates
from c360.reports.checks import build_quality_check, read_checks
from c360.reports.graph import read_graph
from c360.reports.quality_report import write_report
from c360.reports.query import query
from c360.step import Context

TIERS = ("card", "contact", "email", "phone")
"""The namespaces of the small graphs; the first two are anchors, and decisions hold like them."""
ANCHORS = [0, 1, 2]


def graph_of(customers: dict[str, dict[str, str]]) -> duckdb.DuckDBPyConnection:
    """Return a warehouse of customers: keyring: its values, such as `card1 email2`.

    A value on one keyring is alone; one that ends in `!` is shared, and joins nobody; one that ends
    in `?` is ruled out by a decision. A keyring whose name ends in `-old` was last seen before its
    values still linked.
    """
    carried = [
        (customer, keyring, value.removesuffix("?"), value.endswith("?"))
        for customer, keyrings in customers.items()
        for keyring, values in keyrings.items()
        for value in values.split()
    ]
    con = duckdb.connect()
    con.execute("create schema identity")
    con.execute(
        "create table given (customer_id varchar, keyring varchar, identifier varchar,"
        " is_disowned boolean)"
    )
    con.executemany("insert into given values (?, ?, ?, ?)", carried)
    for statement in (
        "create table identity.carried as select keyring, identifier from given",
        "create table identity.disowned as select keyring, identifier from given where is_disowned",
        "create table identity.keyring as select distinct keyring,"
        " if(keyring like '%-old', timestamp '2020-01-01', timestamp '2026-01-01') as last_seen"
        " from given",
        "create table identity.cluster as select distinct keyring, customer_id,"
        " min(keyring) over (partition by customer_id) as cluster from given",
        "create table identity.customer as select customer_id, count(distinct keyring) as records,"
        " cast(null as varchar) as redirects_to, cast(null as integer) as to_run"
        " from given group by customer_id",
    ):
        con.execute(statement).fetchall()
    con.execute(
        "create table identity.verdict as select identifier, coalesce(list_position(cast($tiers as"
        " varchar[]), regexp_extract(identifier, '^[a-z]+')), 0) as tier,"
        " case when identifier like '%!' then 'shared' when count(*) = 1 then 'alone'"
        " else 'joined' end as status, min(keyring) as first_keyring,"
        " timestamp '2025-01-01' as links_from from given group by identifier",
        {"tiers": list(TIERS)},
    ).fetchall()
    return con


def held(customers: dict[str, dict[str, str]], shown: int = 5) -> Sequence[tuple[object, ...]]:
    """Return customer, parts and bridges of the customers held together by single values."""
    rows = query(
        graph_of(customers),
        "held_by_bridge",
        anchor_tiers=ANCHORS,
        namespaces=list(TIERS),
        shown=shown,
    )
    return [(row[0], row[2], row[3]) for row in rows if row[0] is not None]


@pytest.mark.parametrize(
    ("keyrings", "found"),
    [
        ({"a": "card1 email1", "b": "contact2 email1"}, (2, "email")),
        ({"a": "card1 email1", "b": "contact2 email1", "c": "contact3 email1"}, (3, "email")),
        (
            {"a": "card1 phone1", "b": "contact2 phone1 email2", "c": "contact3 email2"},
            (3, "email, phone"),
        ),
        # Two ways between the same parts: neither value is a bridge.
        ({"a": "card1 email1 phone1", "b": "contact2 email1 phone1"}, None),
        # A ring of three parts.
        (
            {
                "a": "card1 email1 phone3",
                "b": "contact2 email1 email2",
                "c": "contact3 email2 phone3",
            },
            None,
        ),
        # One part: an anchor joins what the e-mail does too, directly or by way of another anchor.
        ({"a": "card1 email1", "b": "card1 contact2", "c": "contact2 email1"}, None),
        (
            {
                "a": "card1 contact2",
                "b": "contact2 contact3",
                "c": "contact3 contact4",
                "d": "contact4 email1",
                "e": "card1 email1",
            },
            None,
        ),
        # Keyrings without an anchor are no part.
        ({"a": "card1 email1", "b": "email1"}, None),
        # What is shared, and what was seen too long ago, holds nothing.
        ({"a": "card1 email1 phone1!", "b": "contact2 email1 phone1!"}, (2, "email")),
        (
            {
                "a": "card1 email1",
                "b": "contact2 email1",
                "c-old": "contact2 phone1",
                "d": "card1 phone1",
            },
            (2, "email"),
        ),
        (
            {"a": "card1 email1", "b": "contact2 email1 phone1?", "c": "card1 phone1"},
            (2, "email"),
        ),
        # What people joined is one part; a merge of which one record is there makes none.
        ({"a": "card1 decision1 email1", "b": "contact2 decision1 email1"}, None),
        ({"a": "card1 email1", "b": "email1 decision1"}, None),
    ],
)
def test_a_customer_whose_parts_hang_on_single_values_is_found(keyrings, found):
    expected = [("c1", *found)] if found else []

    assert held({"c1": keyrings}) == expected


def test_all_are_counted_and_the_largest_named():
    bridged = {"b": "contact{0} email{0}"}
    customers = {
        f"c{n}": {
            f"{n}a": f"card{n} email{n}",
            f"{n}b": bridged["b"].format(n),
            **{f"{n}x{extra}": f"email{n}" for extra in range(n)},
        }
        for n in range(1, 4)
    } | {"c9": {"9a": "card9 email9 phone9", "9b": "contact9 email9 phone9"}}

    rows = query(
        graph_of(customers), "held_by_bridge", anchor_tiers=ANCHORS, namespaces=list(TIERS), shown=2
    )

    assert [(row[0], row[1]) for row in rows] == [("c3", 5), ("c2", 4)]
    assert {row[-2:] for row in rows} == {(3, 4)}


def test_without_any_the_count_is_told():
    rows = query(
        graph_of({"c1": {"a": "card1 email1 phone1", "b": "contact2 email1 phone1"}}),
        "held_by_bridge",
        anchor_tiers=ANCHORS,
        namespaces=list(TIERS),
        shown=2,
    )

    assert rows == [(None, None, None, None, 0, 1)]


def given_run(context: Context, run: int, command: str, *changes: str) -> None:
    """Add a run and its changes, each `kind customer other evidence`."""
    context.con.execute(
        "insert into ops.run select $run, $command, as_of, as_of, as_of, '0.1.0' from ops.run"
        " where run = 1",
        {"run": run, "command": command},
    ).fetchall()
    for change in changes:
        kind, customer, other, evidence = change.split(" ", 3)
        context.con.execute(
            "insert into identity.change values (?, ?, ?, ?, ?)",
            [run, kind, customer, other, evidence],
        ).fetchall()


def page_of(context: Context, folder: Path) -> str:
    build_quality_check(context)
    here = replace(context, workspace=replace(context.workspace, root=folder))
    return write_report(here, ()).read_text(encoding="utf-8")


def test_runs_that_changed_customers_are_told_the_last_first(built):
    given_run(
        built, 4, "resolve", "merged c1 c2 3 records; email is joined", "split c3 c4 1 record; x"
    )
    given_run(built, 5, "build")
    given_run(built, 7, "resolve")
    given_run(built, 6, "resolve", "moved c1 c3 1 record; x")

    runs = read_graph(built).runs

    assert [(r.run, r.new, r.merged, r.split, r.moved, r.retired) for r in runs] == [
        (6, 0, 0, 0, 1, 0),
        (4, 0, 1, 1, 0, 0),
        (1, 160, 0, 0, 0, 0),
    ]


def test_the_largest_merges_and_splits_of_the_last_run_are_named(built):
    given_run(
        built,
        4,
        "resolve",
        *(f"merged a b{n} {n} records; no value in common" for n in range(1, 12)),
        "split a c0 1 record; email_hash ann@… is shared (card: 2 values, at most 1)",
    )

    largest = read_graph(built).largest

    assert [each.other_customer_id for each in largest] == ["b11", "b10", "b9", "b8", "b7", "c0"]
    assert largest[-1].evidence == "1 record; email_hash is shared (card: 2 values, at most 1)"


def test_no_beginning_of_a_value_is_shown(built, tmp_path):
    given_run(built, 4, "resolve", "merged c1 c2 3 records; email_hash a|\nb… is joined")

    page = page_of(built, tmp_path)

    assert "3 records; email_hash is joined" in page


def test_a_held_run_warns_until_a_later_one_is_published(built, tmp_path):
    given_run(built, 4, "resolve (held)")
    built.con.execute("insert into ops.held_run values (4, 'max_merged: 12, at most 5')").fetchall()

    page = page_of(built, tmp_path)
    check = {each.metric: each for each in read_checks(built.con)}["held_run_count"]

    assert "Held, not published." in page
    assert "UTC: max_merged: 12, at most 5" in page
    assert (check.value, check.status) == (1, "warn")
    assert "Concerns: run 4 (max_merged: 12, at most 5)." in check.explanation

    given_run(built, 5, "resolve")
    page = page_of(built, tmp_path)

    assert "Held, not published." not in page
    assert "Runs held before the last published one" in page


def test_gates_measure_the_last_published_run(built):
    gates = Gates(max_merged=1, max_share_of_ids_changed=0.5)
    given_run(built, 4, "resolve", "merged c1 c2 3 records; x", "merged c1 c3 3 records; x")
    given_run(built, 5, "resolve (held)")
    context = replace(built, settings=built.settings.model_copy(update={"gates": gates}))

    readings = {reading.gate: reading for reading in read_graph(context).gates}

    assert (readings["max_merged"].value, readings["max_merged"].is_kept) == (2, False)
    assert readings["max_share_of_ids_changed"].value == pytest.approx(2 / 160)


@pytest.mark.parametrize(("most", "status"), [(None, "info"), (0.0125, "pass"), (0.0124, "warn")])
def test_the_share_of_changed_ids_is_judged_by_its_gate(built, most, status):
    gates = Gates(max_share_of_ids_changed=most)
    given_run(built, 4, "resolve", "merged c1 c2 3 records; x", "merged c1 c3 3 records; x")
    context = replace(built, settings=built.settings.model_copy(update={"gates": gates}))

    build_quality_check(context)

    checks = {each.metric: each for each in read_checks(built.con)}
    assert checks["identity_change_share"].status == status


def test_guards_are_told_by_what_they_kept_apart(built):
    guards = read_graph(built).guards

    assert [(each.guard, each.shared, each.refused) for each in guards] == [
        ("loyalty_id: more than 1", 6, 1),
        ("two identified customers", 4, 0),
        ("date_of_birth: more than 1", 3, 0),
    ]
