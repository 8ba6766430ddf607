"""The review queue: what becomes an item, and what becomes of it in later runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_rows import decide, forget, revoke
from queue_rows import ANN, ANNE, HALVES, Queue, open_queue
from thorough import examples

from c360.stewardship.layout import QUEUE_TABLES


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with open_queue(tmp_path) as queue:
        yield queue


def test_people_who_share_nothing_make_no_item(queue):
    queue.run(ANN, {"id": "bob", "card": "2", "mail": "b"})

    assert queue.items() == []


def test_two_cards_that_share_an_e_mail_are_an_anchor_conflict(queue):
    queue.run(ANN, ANNE)

    assert queue.items() == [("anchor_conflict", "open")]


def test_two_people_by_birth_date_who_share_a_telephone_are_a_shared_value(queue):
    queue.run(
        {"card": "1", "phone": "5", "born": "1980"}, {"account": "2", "phone": "5", "born": "1990"}
    )

    assert queue.items() == [("shared_value", "open")]


def test_a_card_that_another_guard_refuses_is_no_anchor_conflict(queue):
    """The value is shared because of the first two; the third has no card to be in conflict."""
    queue.run(
        {"id": "1", "card": "1", "mail": "a"},
        {"id": "2", "card": "2", "mail": "a"},
        {"id": "3", "account": "3", "mail": "a"},
    )

    assert [kind for kind, _ in queue.items()] == [
        "anchor_conflict",
        "shared_value",
        "shared_value",
    ]


def test_a_link_refused_in_a_contest_is_a_refused_link(queue):
    """Each telephone could join its two; together they would make two birth dates one person."""
    queue.run(
        {"id": "1", "account": "1", "phone": "5", "born": "1980"},
        {"id": "2", "account": "2", "phone": "5"},
        {"id": "3", "account": "2", "phone": "6"},
        {"id": "4", "account": "4", "phone": "6", "born": "1990"},
    )

    assert ("refused_link", "open") in queue.items()


def test_records_alone_are_nobody_to_ask_about(queue):
    queue.run(ANN, ANNE, {"mail": "a"}, {"mail": "a"})

    assert len(queue.items()) == 1


def test_of_a_value_that_five_share_only_the_two_that_the_resolver_names_are_an_item(queue):
    five = [{"card": f"c{number}", "mail": "a"} for number in range(5)]

    assert len(queue.run(*five[:4]).items()) == 6
    assert [run for (run,) in queue.run(*five).items("last_run")].count(2) == 1


def test_a_customer_whose_anchored_halves_hang_on_one_e_mail_is_a_weak_bridge(queue):
    queue.run(*HALVES)

    assert queue.items("kind, customer_id_l, customer_id_r") == [
        ("weak_bridge", queue.customer_of("l1"), None)
    ]
    assert queue.rows(
        "select side, list(record_id order by record_id) from stewardship.review_part"
        " join identity.record using (keyring) group by side order by side"
    ) == [("l", ["l1", "l2", "l3", "m1"]), ("r", ["r1"])]


def test_a_customer_held_by_two_values_is_no_weak_bridge(queue):
    queue.run(*HALVES, {"id": "r2", "account": "2", "phone": "5"})

    assert queue.items() == []


def test_a_way_round_through_a_record_without_an_anchor_holds_a_customer(queue):
    queue.run(
        {"account": "1", "mail": "m", "phone": "5"},
        {"account": "2", "mail": "m", "phone": "6"},
        {"phone": "5", "device": "d"},
        {"phone": "6", "device": "d"},
    )

    assert queue.items() == []


def test_each_link_of_a_chain_of_halves_is_a_weak_bridge(queue):
    queue.run(
        {"account": "1", "mail": "m"},
        {"account": "2", "mail": "m", "phone": "5"},
        {"account": "3", "phone": "5"},
    )

    assert queue.items("kind") == [("weak_bridge",), ("weak_bridge",)]


def test_a_merge_that_a_keep_apart_forbids_is_a_conflict_of_decisions(queue):
    bob = {"id": "bob", "card": "2", "mail": "b"}
    queue.run(ANN, bob)
    decide(queue.con, "keep_apart", ["ann"], ["bob"], decided_by="ann")
    decide(queue.con, "merge", ["ann"], ["bob"], decided_by="ben")

    queue.run(ANN, bob)

    assert queue.items("kind, evidence, uncertainty, records") == [
        ("decision_conflict", "merge d2 by ben is forbidden by keep_apart d1 by ann", 1.0, 2)
    ]


def test_the_smaller_customer_is_left_whatever_the_order_of_the_records(queue):
    queue.run(
        {"id": "1", "card": "1", "mail": "a", "phone": "5"},
        {"id": "2", "card": "2", "mail": "a", "phone": "5"},
    )

    ((left, right),) = queue.items("customer_id_l, customer_id_r")
    assert left < right


@pytest.mark.parametrize("latest", ["ann", "anne"])
def test_of_a_single_value_the_customer_seen_with_it_last_is_left(queue, latest):
    at = {"ann": "2026-01-01", "anne": "2026-01-01"} | {latest: "2026-01-02"}

    queue.run(ANN | {"seen_at": at["ann"]}, ANNE | {"seen_at": at["anne"]})

    assert queue.items("customer_id_l") == [(queue.customer_of(latest),)]


def test_the_id_of_a_pair_does_not_depend_on_who_was_seen_last(queue):
    first = queue.run(ANN | {"seen_at": "2026-01-02"}, ANNE | {"seen_at": "2026-01-01"}).item_id()
    second = queue.run(ANN | {"seen_at": "2026-01-02"}, ANNE | {"seen_at": "2026-01-03"}).item_id()

    assert first == second


def test_a_second_run_moves_nothing_but_the_last_run(queue):
    before = queue.run(ANN, ANNE, *HALVES).tables()

    after = queue.run(ANN, ANNE, *HALVES).tables()

    last_run = list(QUEUE_TABLES).index("stewardship.review_item"), 8
    items = "stewardship.review_item"
    assert [row[: last_run[1]] + row[9:] for row in after[items]] == [
        row[: last_run[1]] + row[9:] for row in before[items]
    ]
    assert queue.items("first_run, last_run, changed_run") == [(1, 2, 1)] * len(after[items])
    assert after | {items: []} == before | {items: []}


def test_an_item_changes_with_what_a_steward_sees_of_it(queue):
    queue.run(ANN, ANNE)

    queue.run(ANN, ANNE | {"town": "Ulm"})

    assert queue.items("first_run, last_run, changed_run") == [(1, 2, 2)]


def test_one_more_record_of_the_same_is_no_change_of_an_item(queue):
    queue.run(ANN, ANNE)

    queue.run(ANN, ANNE, ANNE | {"id": "anne2"})

    assert queue.items("records, last_run, changed_run") == [(3, 2, 1)]


def test_an_item_whose_cause_is_gone_is_obsolete_and_returns_with_it(queue):
    queue.run(ANN, ANNE)

    assert queue.run(ANN, ANNE | {"mail": "b"}).items("state, last_run") == [("obsolete", 1)]
    assert queue.fields() != []
    assert queue.run(ANN, ANNE).items("state, first_run, last_run, changed_run") == [
        ("open", 1, 3, 1)
    ]


def test_an_assignee_is_kept(queue):
    queue.run(ANN, ANNE)
    queue.con.execute("update stewardship.review_item set assignee = 'ben'").fetchall()

    assert queue.run(ANN, ANNE).items("state, assignee") == [("assigned", "ben")]


@pytest.mark.parametrize(
    ("kind", "state"),
    [("defer", "held"), ("keep_apart", "decided"), ("merge", "decided"), ("not_shared", "decided")],
)
def test_an_item_is_what_the_decision_in_force_says(queue, kind, state):
    item_id = queue.run(ANN, ANNE).item_id()
    mail = {"value": "mail:a", "valid_from": "2026-01-01"} if kind == "not_shared" else {}
    decide(queue.con, kind, ["ann"], ["anne"], item_id=item_id, **mail)

    queue.run(ANN, ANNE)

    assert queue.items("state, decision_id") == [(state, "d1")]


def test_a_revoked_decision_opens_the_item_again_where_its_cause_is_there(queue):
    item_id = queue.run(ANN, ANNE).item_id()
    decide(queue.con, "keep_apart", ["ann"], ["anne"], item_id=item_id)
    queue.run(ANN, ANNE)
    revoke(queue.con, "d1")

    assert queue.run(ANN, ANNE).items("state, decision_id") == [("open", None)]
    assert queue.run(ANN, ANNE | {"mail": "b"}).items("state") == [("obsolete",)]


def test_a_decision_that_awaits_its_second_is_named_and_the_item_stays_open(queue):
    item_id = queue.run(ANN, ANNE).item_id()
    decide(queue.con, "merge", ["ann"], ["anne"], item_id=item_id, needs_second=True)

    assert queue.run(ANN, ANNE).items("state, decision_id") == [("open", "d1")]


def test_two_that_a_keep_apart_separates_are_asked_about_no_more(queue):
    queue.run(ANN, ANNE)
    decide(queue.con, "keep_apart", ["ann"], ["anne"])

    assert queue.run(ANN, ANNE).items("state") == [("obsolete",)]


def test_two_that_hold_the_cards_of_a_keep_apart_are_asked_about_no_more(queue):
    cards = {"identifiers_l": ["card:1"], "identifiers_r": ["card:2"]}
    queue.run(ANN, ANNE)
    decide(queue.con, "keep_apart", ["gone"], ["gone too"], **cards)

    assert queue.run(ANN, ANNE).items("state") == [("obsolete",)]


def test_who_a_value_does_not_belong_to_is_asked_about_no_more(queue):
    queue.run(ANN, ANNE)
    decide(queue.con, "not_shared", ["ann"], ["anne"], value="mail:a", valid_from="2026-01-01")

    assert queue.run(ANN, ANNE).items("state") == [("obsolete",)]


def test_a_bridge_that_a_merge_confirms_is_no_doubt(queue):
    queue.run(*HALVES)
    decide(queue.con, "merge", ["l1", "l2"], ["r1"])

    assert queue.run(*HALVES).items("state") == [("obsolete",)]


def cell(prefix: str, size: int) -> st.SearchStrategy[str | None]:
    """A value of a small namespace, so that records meet; half of the cells are empty."""
    return st.one_of(st.none(), st.integers(1, size).map(lambda number: f"{prefix}{number}"))


record = st.fixed_dictionaries(
    {
        "card": cell("c", 3),
        "account": cell("k", 5),
        "mail": cell("m", 3),
        "phone": cell("p", 3),
        "device": cell("d", 3),
        "born": cell("b", 2),
        "name": cell("n", 2),
    }
)
feed = st.lists(record, min_size=1, max_size=12).map(
    lambda rows: [{"id": f"r{number}"} | row for number, row in enumerate(rows)]
)
decision = st.tuples(
    st.sampled_from(["merge", "keep_apart"]), st.integers(0, 11), st.integers(0, 11)
)


@settings(
    max_examples=examples(2),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(feeds=st.lists(feed, min_size=2, max_size=3), decisions=st.lists(decision, max_size=3))
def test_an_increment_leaves_the_queue_of_a_full_run(two_queues, feeds, decisions):
    for queue, is_full in zip(two_queues, (False, True), strict=True):
        forget(queue.con)
        for table in QUEUE_TABLES:
            queue.con.execute(f"drop table if exists {table}").fetchall()
        for number, rows in enumerate(feeds):
            queue.run(*rows, is_full=is_full and number > 0)
            for kind, left, right in decisions[number : number + 1]:
                if left != right:
                    decide(queue.con, kind, [f"r{left}"], [f"r{right}"])

    incremental, full = (queue.tables() for queue in two_queues)
    assert incremental == full


@pytest.fixture
def two_queues(tmp_path: Path) -> Iterator[tuple[Queue, Queue]]:
    with open_queue(tmp_path, "one") as one, open_queue(tmp_path, "two") as two:
        yield one, two


@pytest.mark.parametrize("table", QUEUE_TABLES)
def test_the_grain_of_each_table_is_unique(queue, table):
    queue.run(ANN, ANNE, *HALVES)
    grain = {"review_field": ", field", "review_value": ", namespace, value"} | {
        "review_part": ", keyring"
    }

    key = "item_id" + grain.get(table.partition(".")[2], "")
    assert queue.rows(f"select {key} from {table} group by {key} having count(*) > 1") == []
