"""What the review page foresees of a decision without a rehearsal."""

import pytest
import shop_workspace
from stewardship_workspace import decide, item_of, lay_out_copy, open_page, query

from c360.config import Settings
from c360.stewardship.page.forecast import (
    Pair,
    Party,
    foresee_apart,
    foresee_cut,
    foresee_merge,
    overridden_guards,
)


@pytest.fixture
def shop(tmp_path):
    return lay_out_copy(tmp_path / "shop")


SETTINGS = Settings.model_validate(
    {
        "name": "shop",
        "identifiers": {
            "card": {"strength": "anchor"},
            "member": {"strength": "anchor", "per_person": 2},
            "email": {"strength": "contact"},
        },
        "guards": {"one_per_person": ["born"]},
        "sources": {
            "crm": {
                "entity": "customers",
                "path": "crm.csv",
                "owner": "a team",
                "grain": "one row",
                "key": "id",
                "event_time": None,
                "update": "upsert",
                "lateness": "1d",
                "privacy": {},
                "replay": "full",
                "attributes": {"born": "born", "name": "name"},
            }
        },
    }
)


@pytest.mark.parametrize(
    ("pair", "guards"),
    [
        (Pair("card", "K1", "K2", False), ["card: 2 values, at most 1"]),
        (Pair("card", "K1", "K1", True), []),
        (Pair("card", "K1", None, None), []),
        (Pair("member", "M1 | M2", "M2 | M1", True), []),
        (Pair("member", "M1 | M2", "M3", False), ["member: 3 values, at most 2"]),
        (Pair("member", "M1 | M2 | +2 more", "M1", True), ["member: 4 values, at most 2"]),
        (Pair("email", "3f… | 4e…", "5d…", False), []),
        (Pair("born", "1980", "1981", False), ["born: two values, a person has one"]),
        (Pair("born", "1980", None, None), []),
        (Pair("name", "Ann", "Bob", False), []),
    ],
)
def test_a_merge_overrides_the_guards_that_both_sides_break_together(pair, guards):
    assert overridden_guards([pair], SETTINGS) == guards


@pytest.mark.parametrize(
    ("left", "right", "kept"),
    [
        (Party("c1", 2, born=1), Party("c0", 3, born=2), "left"),
        (Party("c1", 2, born=2), Party("c0", 3, born=1), "right"),
        (Party("c0", 2, born=1), Party("c1", 3, born=1), "left"),  # as identity/sql/kept.sql
    ],
)
def test_a_merge_keeps_the_older_id(left, right, kept):
    line, guards = foresee_merge(left, right, [], SETTINGS)

    assert line.startswith(f"One customer of 5 records. The {kept} one keeps its id")
    assert guards == "It overrides no guard."


def test_keeping_apart_leaves_both_and_the_values_between_them():
    lines = foresee_apart(Party("c0", 1), Party("c1", 2), ["email 3f2a…"])

    assert lines[0].endswith("left with 1 record and right with 2 records.")
    assert lines[-1].startswith("email 3f2a… stays shared")


def test_a_cut_tells_the_sizes_of_both_halves():
    assert foresee_cut(7, 1)[0] == (
        "The left half keeps the id with 7 records; the right half, 1 record, gets a new one."
    )


@pytest.mark.parametrize(("decision", "customers"), [("merge", 1), ("keep_apart", 2)])
def test_the_forecast_on_the_page_is_what_resolve_then_does(shop, decision, customers):
    client, item_id = open_page(shop), item_of(shop)
    left, right = query(
        shop,
        "select customer_id_l, customer_id_r from stewardship.review_item"
        f" where item_id = '{item_id}'",
    )[0]
    foreseen = client.get(f"/items/{item_id}").text
    decide(client, item_id, decision)

    shop_workspace.resolve(shop)

    alive = query(
        shop,
        "select customer_id, records from identity.customer where to_run is null"
        f" and redirects_to is null and customer_id in ('{left}', '{right}')",
    )
    assert len(alive) == customers
    if decision == "merge":
        kept = "left" if alive[0][0] == left else "right"
        assert f"One customer of {alive[0][1]} records. The {kept} one keeps its id" in foreseen
