"""What people decided is told where it joined, kept apart or ruled out."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import duckdb
import pytest
from identity_rows import NOON, decide, resolve_rows, revoke, settings_for
from test_identity_explain import Shop

from c360.identity.explain_customer_text import customer_text
from c360.identity.explain_figures import customer_figures
from c360.identity.explain_pair_text import pair_figures
from c360.identity.explain_picture import picture
from c360.step import Context
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

RULES = settings_for(
    {
        "card": {"strength": "anchor"},
        "mail": {"strength": "contact"},
        "phone": {"strength": "contact"},
    },
    guards={"one_per_person": ["born"]},
    attributes=["born"],
)
ANN = {"id": "ann", "card": "1", "mail": "ann@shop.example", "born": "1980"}
ANN2 = {"id": "ann2", "mail": "ann@shop.example"}
BOB = {"id": "bob", "card": "2", "born": "1990"}
TOLD = "(ann, 2026-01-15: seen)"

Run = Callable[..., Shop]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    with open_warehouse(tmp_path / "c360.duckdb") as con:

        def run(*rows) -> Shop:
            resolve_rows(con, tmp_path, RULES, rows)
            return Shop(Context(con, RULES, Workspace(tmp_path), NOON, 1))

        yield run


@pytest.fixture
def con(run: Run) -> duckdb.DuckDBPyConnection:
    """Ann's two records and Bob's, resolved: the records that decisions are about."""
    return run(ANN, ANN2, BOB).context.con


def test_a_merge_is_told_with_who_decided_it_when_and_why(run, con):
    decide(con, "merge", ["ann"], ["bob"], reason="called  both\nnumbers")

    text = run(ANN, ANN | {"id": "ann3"}, ANN2, BOB).text("feed:ann2")

    assert "merge  d1 (ann, 2026-01-15: called both numbers): joined" in text
    assert "How they are joined to card 1" in text
    assert "feed:bob —decision d1— feed:ann —card 1" in text
    assert "  decision d1: without it 3 records | 1 (feed 1)" in text


def test_the_guards_that_a_merge_overrides_are_told(run, con):
    decide(con, "merge", ["ann"], ["bob"])

    one = run(ANN, ANN2, BOB)

    assert "holds 2 card, at most 1: by decision d1" in one.text("feed:bob")
    assert "holds 2 born, at most 1: by decision d1" in one.text("feed:bob")
    assert customer_figures(one.explain("feed:bob"))["overridden_guards"] == [
        {"guard": "born", "values": 2, "at_most": 1, "decisions": ["d1"]},
        {"guard": "card", "values": 2, "at_most": 1, "decisions": ["d1"]},
    ]


def test_a_merge_that_a_no_forbids_says_whose_no_it_is(run, con):
    decide(con, "keep_apart", ["ann"], ["bob"], decided_by="ben")
    decide(con, "merge", ["ann"], ["bob"])

    one = run(ANN, ANN2, BOB)

    assert (
        f"merge       d2 {TOLD}: shared, because decision d1 keeps them apart"
        f" (ben, 2026-01-15: seen); not one with {one.customer_of('bob')}"
    ) in one.text("feed:ann")
    assert "Identifiers that join nobody" not in one.text("feed:ann")
    assert (
        "  kept apart by decision d1 (ben, 2026-01-15: seen)\n"
        f"  decision d2 {TOLD} to join them is shared because decision d1 keeps them apart;"
    ) in one.why("feed:ann", "feed:bob")


def test_who_is_kept_apart_is_told_by_customer(run, con):
    decide(con, "keep_apart", ["ann"], ["ann2"])

    one = run(ANN, ANN2, BOB)
    other = one.customer_of("ann2")

    assert f"keep apart  d1 {TOLD}: apart from {other}" in one.text("feed:ann")
    assert "shared      mail" in one.text("feed:ann")
    assert ": decision d1 keeps them apart; could not bring together" in one.text("feed:ann")
    (told,) = cast(
        "list[dict[str, object]]", customer_figures(one.explain("feed:ann"))["decisions"]
    )
    assert (told["kind"], told["sides"], told["other_customers"]) == ("keep_apart", ["l"], [other])


def test_a_no_reaches_whoever_carries_what_it_names(run, con):
    late = {"id": "late", "card": "2", "phone": "9"}
    decide(con, "keep_apart", ["ann"], ["gone"], identifiers_l=["card:1"], identifiers_r=["card:2"])

    one = run(ANN, late)

    assert f"keep apart  d1 {TOLD}: apart from {one.customer_of('ann')}" in one.text("feed:late")
    assert f"kept apart by decision d1 {TOLD}" in one.why("feed:ann", "feed:late")


def test_a_pair_is_kept_apart_by_a_decision_even_where_it_shares_nothing(run, con):
    decide(con, "keep_apart", ["bob"], ["ann"])

    one = run(ANN, ANN2, BOB)

    assert f"\n  kept apart by decision d1 {TOLD}\n" in one.why("feed:ann2", "feed:bob")
    figures = pair_figures(one.pair("feed:ann2", "feed:bob"))
    (told,) = cast("list[dict[str, object]]", figures["decisions"])
    assert (told["decision_id"], told["decided_by"]) == ("d1", "ann")


def test_a_pair_that_a_decision_joins_says_so(run, con):
    decide(con, "merge", ["ann"], ["bob"], provenance="rule:same_house@2")

    one = run(ANN, ANN2, BOB)

    assert "joined by decision d1 (rule:same_house@2, 2026-01-15: seen)" in one.why(
        "feed:ann2", "feed:bob"
    )
    assert "without one of these they are apart: mail " in one.why("feed:ann2", "feed:bob")
    assert "decision d1" not in one.why("feed:ann2", "feed:ann")


def test_a_value_that_is_not_shared_is_told_masked_on_both_sides(run):
    bob = BOB | {"mail": "ann@shop.example"}
    con = run(ANN, ANN2, bob).context.con
    value = {"value": "mail:ann@shop.example", "valid_from": datetime(2025, 12, 1)}
    decide(con, "not_shared", ["ann"], ["bob"], **value)

    one = run(ANN, ANN2, bob)
    anns, bobs = one.customer_of("ann"), one.customer_of("bob")

    assert f"from 2025-12-01 on; ruled out at {bobs}" in one.text("feed:ann")
    assert f"is of {anns} from 2025-12-01 on; ruled out on 1 of these records" in one.text(
        "feed:bob"
    )
    assert (
        f"which is refused because decision d1 gives it to one customer from 2025-12-01 on {TOLD}"
    ) in one.why("feed:ann", "feed:bob")
    for reference in ("feed:ann", "feed:bob"):
        explanation = one.explain(reference)
        told = [customer_text(explanation, everything=True), picture(explanation)]
        told += [
            str(customer_figures(explanation)),
            str(pair_figures(one.pair("feed:ann", "feed:bob"))),
        ]
        assert not [text for text in told if "ann@shop" in text]


@pytest.mark.parametrize(
    ("kind", "other", "told"),
    [
        ("merge", "bob", "to be joined by decision d1"),
        ("keep_apart", "ann2", "to be kept apart by decision d1"),
    ],
)
def test_a_decision_that_no_run_has_obeyed_yet_says_so(run, kind, other, told):
    one = run(ANN, ANN2, BOB)
    decide(one.context.con, kind, ["ann"], [other])

    waits = "waits for the next `c360 resolve`"
    assert f"d1 {TOLD}: {waits}" in one.text("feed:ann")
    assert f"{told} {TOLD}; it {waits}" in one.why("feed:ann", f"feed:{other}")


def test_a_decision_that_was_revoked_since_the_last_run_says_so(run, con):
    decide(con, "keep_apart", ["ann"], ["ann2"])
    one = run(ANN, ANN2)
    revoke(con, "d1")

    assert "Decided" not in one.text("feed:ann")
    assert "keeps them apart (ann, 2026-01-15: seen; revoked since)" in one.text("feed:ann")


def test_what_was_put_off_is_told(run, con):
    decide(con, "defer", ["ann"], ["bob"])

    one = run(ANN, ANN2, BOB)

    assert f"put off  d1 {TOLD}: nothing is decided yet" in one.text("feed:bob")
    assert f"put off by decision d1 {TOLD}" in one.why("feed:ann", "feed:bob")


def test_the_picture_draws_a_decision_as_a_strong_link_by_its_id(run, con):
    decide(con, "merge", ["ann"], ["bob"])

    drawn = picture(run(ANN, ANN2, BOB).explain("feed:ann"))

    assert ">decision d1</text>" in drawn
    assert '<rect class="box bridge"' in drawn


def changes(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return the changes of the last run."""
    return con.execute(
        "select kind, evidence from identity.change where run = (select max(run) from ops.run)"
        " order by all"
    ).fetchall()


def test_the_change_feed_names_the_decision_that_joined(run, con):
    decide(con, "merge", ["ann"], ["bob"], decision_id="d_0123456789ab")

    run(ANN, ANN2, BOB)

    assert changes(con) == [("merged", "2 records; decision d_0123456789ab is joined")]


def test_the_change_feed_names_the_decision_that_split_before_stronger_values(run):
    rows = [
        {"id": "one", "card": "1", "mail": "x", "phone": "5"},
        {"id": "two", "card": "1", "mail": "null", "phone": "5"},
    ]
    con = run(*rows).context.con
    decide(con, "keep_apart", ["one"], ["two"], identifiers_l=["phone:5"])

    run(*rows)

    assert changes(con) == [
        ("split", "1 record; card 1… is shared (keep_apart d1: 2 values, at most 1)")
    ]


def test_the_change_feed_names_the_decision_that_gave_a_value_to_one(run):
    rows = [ANN, {"id": "eve", "mail": "ann@shop.example", "phone": "7"}]
    con = run(*rows).context.con
    value = {"value": "mail:ann@shop.example", "valid_from": datetime(2025, 12, 1)}
    decide(con, "not_shared", ["ann"], ["eve"], **value)

    run(*rows)

    ((kind, evidence),) = changes(con)
    assert kind == "split"
    assert re.fullmatch(r"1 record; mail [0-9a-f]{4}… is refused \(not shared: d1\)", evidence)


def test_an_identifier_that_a_no_leaves_to_the_other_side_says_so(run, con):
    named = {"identifiers_l": ["mail:ann@shop.example"]}
    decide(con, "keep_apart", ["ann2"], ["ann"], **named)

    one = run(ANN, ANN2, BOB)

    left = "decision d1 leaves it to one of the two that it keeps apart"
    assert f"is refused because {left}" in one.why("feed:ann", "feed:ann2")
    assert f": {left}; on 1 of these records" in one.text("feed:ann")
    assert "no other record is joined by what it carries: mail " in one.text("feed:ann2")
