"""Ids, redirects and changes through runs: what is kept, what dies, and what is told of it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from identity_rows import Resolved, resolve_rows, settings_for

from c360.warehouse import open_warehouse

IDENTIFIERS = {
    "card": {"strength": "anchor"},
    "mail": {"strength": "contact"},
    "phone": {"strength": "contact"},
    "device": {"strength": "trace"},
    "visit": {"strength": "trace", "visit": True},
}
ANN = {"id": "ann", "card": "1", "mail": "a"}
ANN2 = {"id": "ann2", "mail": "a"}
BOB = {"id": "bob", "card": "2", "phone": "p"}
CAT = {"id": "cat", "mail": "c"}

Run = Callable[..., Resolved]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Run on these records: `run(ANN, BOB)`, a day younger each; `full=True` for everything."""
    with open_warehouse(tmp_path / "c360.duckdb") as con:

        def resolved(*rows: dict[str, Any], full: bool = False, after: int = 50) -> Resolved:
            settings = settings_for(IDENTIFIERS, guards={"generic_after": after})
            dated = [{"seen_at": datetime(2026, 1, 1 + n % 28)} | row for n, row in enumerate(rows)]
            return resolve_rows(con, tmp_path, settings, dated, is_full=full)

        yield resolved


def ids(resolved: Resolved, *records: str) -> list[str]:
    customer_of = resolved.customer_of()
    return [customer_of[record] for record in records]


def test_the_first_run_calls_every_customer_new(run):
    resolved = run(ANN, BOB)

    ann, bob = ids(resolved, "ann", "bob")
    assert resolved.changes() == {("new", ann, None), ("new", bob, None)}


@pytest.mark.parametrize("full", [False, True])
def test_a_run_without_news_changes_no_row(run, full):
    before = run(ANN, ANN2, BOB).tables()

    assert run(ANN, ANN2, BOB, full=full).tables() == before


def test_a_merge_keeps_the_oldest_id_and_the_other_redirects_for_ever(run):
    (ann,) = ids(run(ANN, ANN2), "ann")
    (cat,) = ids(run(ANN, ANN2, CAT), "cat")

    merged = run(ANN, ANN2, CAT, {"id": "link", "mail": "c", "card": "1"})

    assert ids(merged, "ann", "ann2", "cat", "link") == [ann] * 4
    assert merged.redirects() == {cat: ann}
    assert merged.changes() == {("merged", ann, cat)}


def test_the_oldest_id_wins_even_over_a_larger_customer(run):
    (cat,) = ids(run(CAT), "cat")

    merged = run(CAT, ANN, ANN2, {"id": "link", "mail": "c", "card": "1"})

    assert ids(merged, "cat", "ann") == [cat, cat]


def test_the_largest_part_of_a_split_keeps_the_id(run):
    link = {"id": "link", "card": "1", "mail": "c"}
    (one,) = ids(run(ANN, ANN2, CAT, link), "cat")

    split = run(ANN, ANN2, CAT)

    ann, cat = ids(split, "ann", "cat")
    assert ann == one
    assert cat != one
    assert split.changes() == {("split", one, cat)}


def test_of_parts_of_one_size_the_one_with_the_oldest_record_keeps_the_id(run):
    link = {"id": "link", "card": "1", "mail": "c"}
    (one,) = ids(run(CAT, ANN, link), "cat")

    split = run(CAT, ANN)

    assert ids(split, "cat")[0] == one
    assert ids(split, "ann")[0] != one


def test_what_is_put_together_again_gets_its_id_back_and_the_other_redirects(run):
    link = {"id": "link", "card": "1", "mail": "c"}
    (one,) = ids(run(ANN, ANN2, CAT, link), "cat")
    (part,) = ids(run(ANN, ANN2, CAT), "cat")

    again = run(ANN, ANN2, CAT, link)

    assert ids(again, "ann", "cat") == [one, one]
    assert again.redirects() == {part: one}


def test_an_id_that_died_is_never_given_to_anybody_again(run):
    link = {"id": "link", "card": "1", "mail": "c"}
    run(ANN, ANN2, CAT, link)
    (part,) = ids(run(ANN, ANN2, CAT), "cat")
    run(ANN, ANN2, CAT, link)

    split_again = run(ANN, ANN2, CAT)

    (new,) = ids(split_again, "cat")
    assert new != part
    assert split_again.redirects() == {part: ids(split_again, "ann")[0]}


def test_redirects_lead_to_the_living_through_any_number_of_merges(run):
    (ann,) = ids(run(ANN), "ann")
    bob_cat = (BOB, CAT)
    before = run(ANN, *bob_cat)
    bob, cat = ids(before, "bob", "cat")
    first = {"id": "first", "phone": "p", "mail": "c"}
    merged = run(ANN, *bob_cat, first)
    survivor, dead = sorted([bob, cat], key=lambda each: each != ids(merged, "cat")[0])
    assert merged.redirects() == {dead: survivor}

    all_one = run(
        ANN, CAT, {"id": "bob", "phone": "p"}, first, {"id": "2nd", "card": "1", "mail": "c"}
    )

    assert all_one.redirects() == {dead: ann, survivor: ann}


def test_a_customer_whose_records_are_all_gone_is_retired(run):
    _, bob = ids(run(ANN, BOB), "ann", "bob")

    resolved = run(ANN)

    assert resolved.changes() == {("retired", bob, None)}
    assert bob not in resolved.redirects()
    assert resolved.con.execute(
        "select from_run, to_run from identity.customer where customer_id = $bob", {"bob": bob}
    ).fetchall() == [(1, 2)]


def test_a_record_that_goes_to_another_customer_is_told_as_moved(run):
    moving = {"id": "moving", "card": "1"}
    ann, bob = ids(run(ANN, BOB, moving), "ann", "bob")

    moved = run(ANN, BOB, moving | {"card": "2"})

    assert ids(moved, "moving") == [bob]
    assert moved.changes() == {("moved", bob, ann)}


def test_a_record_alone_keeps_its_id(run):
    nobody = {"id": "nobody", "mail": "null"}
    (one,) = ids(run(ANN, nobody), "nobody")

    assert ids(run(ANN, BOB, nobody), "nobody") == [one]
    assert ids(run(nobody, full=True), "nobody") == [one]


def test_a_full_run_keeps_what_was_published(run):
    link = {"id": "link", "card": "1", "mail": "c"}
    run(ANN, ANN2, CAT, link)
    before = run(ANN, ANN2, CAT).customer_of()

    assert run(ANN, ANN2, CAT, full=True).customer_of() == before


def test_a_change_of_the_rules_keeps_every_id_that_overlap_can_keep(run):
    visits = [{"id": f"v{n}", "mail": "shop", "phone": f"p{n}"} for n in range(4)]
    before = run(ANN, *visits)
    (shop,) = set(ids(before, "v0", "v1", "v2", "v3"))

    generic = run(ANN, *visits, after=3)

    assert ids(generic, "ann") == ids(before, "ann")
    assert sum(customer == shop for customer in ids(generic, "v0", "v1", "v2", "v3")) == 1
    assert {kind for kind, *_ in generic.changes()} == {"split"}


def test_the_past_of_a_record_is_kept_as_intervals_of_runs(run):
    link = {"id": "link", "card": "1", "mail": "c"}
    run(ANN)
    run(ANN, CAT)
    run(ANN, CAT, link)
    resolved = run(ANN, CAT)

    rows = resolved.con.execute(
        "select from_run, to_run from identity.member where record_id = 'cat' order by from_run"
    ).fetchall()
    assert rows == [(2, 3), (3, 4), (4, None)]


def test_a_merge_names_the_value_that_joined_and_a_split_the_one_that_no_longer_does(run):
    run(ANN, CAT)
    merged = run(ANN, CAT | {"mail": "a"})

    (evidence,) = merged.con.execute(
        "select evidence from identity.change where run = 2"
    ).fetchall()[0]
    assert re.fullmatch(r"1 record; mail [0-9a-f]{4}… is joined", evidence)


def test_a_suppressed_value_links_nobody(run):
    run(ANN, ANN2).con.execute(
        "insert into stewardship.suppressed_value values ('mail', 'a', 'forgotten on request')"
    )

    resolved = run(ANN, ANN2)

    assert len(set(ids(resolved, "ann", "ann2"))) == 2
    assert resolved.status()["mail", "a"] == "suppressed"
    assert resolved.reason("mail", "a") == "forgotten on request"
