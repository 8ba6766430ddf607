"""What the rule of `accept_above` decides: decisions like others, that die with their model."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from identity_rows import decide, revoke
from queue_rows import SHOP, Likely, Queue, open_queue

from c360.config import Stewardship
from c360.probabilistic import Probabilistic
from c360.stewardship.accepting import revoke_outdated
from c360.stewardship.decision_file import export_decisions, import_decisions
from c360.stewardship.log import revoke_by_rule

LEA = {"id": "lea", "card": "1", "name": "Lea"}
LEAH = {"id": "leah", "mail": "h", "name": "Leah"}
LIA = {"id": "lia", "mail": "i", "name": "Lia"}
TWO, THREE = (LEA, LEAH), (LEA, LEAH, LIA)
SURE = Likely("lea", "leah", probability=0.99, weight=6.6)
SURE_TOO = Likely("leah", "lia", probability=0.98, weight=5.6)
ALSO = Likely("lea", "lia", probability=0.97, weight=5.0)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with open_queue(tmp_path) as queue:
        yield queue


def accepting(above: float | None = 0.95, **settings: Any) -> Any:
    """Return the rules of the shop that accept from a probability on."""
    probabilistic = Probabilistic(enabled=True, accept_above=above, **settings)
    return SHOP.model_copy(update={"probabilistic": probabilistic})


RULES = accepting()


def log(queue: Queue, columns: str = "kind, decided_by, provenance") -> list[tuple[Any, ...]]:
    return queue.rows(f"select {columns} from stewardship.decision order by number")


def run(queue: Queue, *proposals: Likely, rows=TWO, rules: Any = RULES) -> int:
    """Resolve, propose and queue, and return how many decisions the rule makes."""
    return queue.run(*rows, rules=rules, proposals=proposals).accept(rules)


def test_what_is_sure_enough_is_a_merge_of_the_rule_that_the_next_run_obeys(queue):
    assert run(queue, SURE) == 1

    assert log(queue, "kind, decided_by, provenance, reason, engine, needs_second") == [
        (
            "merge",
            "rule:probabilistic",
            "rule:probabilistic@m_1",
            "probable match 99.0 %, weight 6.6: same date of birth +9.2, prior -4.0;"
            " accepted from 0.95 on",
            "apart",
            False,
        )
    ]
    assert queue.items("state") == [("decided",)]
    assert run(queue, SURE) == 0
    assert queue.customer_of("lea") == queue.customer_of("leah")


@pytest.mark.parametrize(("above", "accepted"), [(0.99, 1), (0.991, 0), (None, 0)])
def test_the_probability_must_be_at_least_accept_above(queue, above, accepted):
    assert run(queue, SURE, rules=accepting(above)) == accepted


def test_what_is_accepted_is_accepted_once(queue):
    run(queue, SURE, SURE_TOO, ALSO, rows=THREE)
    before = log(queue, "decision_id")

    assert queue.accept(RULES) == 0
    assert log(queue, "decision_id") == before


def test_a_group_is_joined_by_its_heaviest_proposals(queue):
    assert run(queue, SURE, SURE_TOO, ALSO, rows=THREE) == 2

    told = {reason[:40] for (reason,) in log(queue, "reason")}
    assert told == {
        "probable match 99.0 %, weight 6.6: same "[:40],
        "probable match 98.0 %, weight 5.6: same "[:40],
    }
    queue.run(*THREE, rules=RULES)
    assert len({queue.customer_of(each) for each in ("lea", "leah", "lia")}) == 1


def test_a_chain_is_no_group(queue):
    """Lia is a match of Leah and none of Lea: on average less likely than not."""
    chain = [Likely("lea", "leah", 0.99), Likely("leah", "lia", 0.96, weight=4.6)]
    far = Likely("lea", "lia", 0.0001)

    assert run(queue, *chain, far, rows=THREE) == 1


def test_the_same_proposals_in_any_order_make_the_same_decisions(tmp_path):
    logs = []
    for number, order in enumerate(permutations([SURE, SURE_TOO, ALSO])):
        with open_queue(tmp_path, f"w{number}") as queue:
            run(queue, *order, rows=THREE)
            logs.append(log(queue, "decision_id, records_l, records_r, reason"))

    assert all(each == logs[0] for each in logs)


def test_two_against_a_guard_are_left_to_people(queue):
    cards = (LEA, LEAH | {"card": "2"})

    assert run(queue, SURE, rows=cards) == 0
    assert queue.items("kind, state") == [("anchor_conflict", "open")]


def test_a_group_is_not_joined_against_a_guard_that_only_the_whole_breaks(queue):
    """Leah has no card; with Lea she would have one, with Lia another."""
    rows = (LEA, LEAH, LIA | {"card": "3"})

    assert run(queue, SURE, SURE_TOO, rows=rows) == 1
    ((left, right),) = log(queue, "records_l, records_r")
    assert sorted(left + right) == ["feed:lea", "feed:leah"]


def test_two_of_a_source_that_lists_a_person_once_are_not_joined(queue):
    assert run(queue, SURE, rules=accepting(one_to_one=("feed",))) == 0


@pytest.mark.parametrize("kind", ["keep_apart", "not_shared", "defer"])
def test_what_people_have_spoken_of_is_left_to_them(queue, kind):
    value = {"value": "mail:h", "valid_from": "2026-01-01"} if kind == "not_shared" else {}
    decide(queue.con, kind, ["lea"], ["leah"], **value)

    assert run(queue, SURE) == 0


def test_a_keep_apart_that_awaits_its_second_bars_the_rule(queue):
    decide(queue.con, "keep_apart", ["lea"], ["leah"], needs_second=True)

    assert run(queue, SURE) == 0


def test_a_merge_that_awaits_its_second_gets_none_from_the_rule(queue):
    item_id = queue.run(*TWO, rules=RULES, proposals=[SURE]).item_id()
    decide(queue.con, "merge", ["lea"], ["leah"], item_id=item_id, needs_second=True)

    assert queue.accept(RULES) == 0
    assert queue.items("state") == [("open",)]


def test_a_pair_that_people_keep_apart_is_not_joined_through_a_third(queue):
    decide(queue.con, "keep_apart", ["lea"], ["lia"])

    assert run(queue, SURE, SURE_TOO, rows=THREE) == 1


def test_an_item_that_somebody_works_on_is_left_to_them(queue):
    queue.run(*TWO, rules=RULES, proposals=[SURE])
    queue.rows("update stewardship.review_item set assignee = 'ben', state = 'assigned'")

    assert queue.accept(RULES) == 0


@pytest.mark.parametrize(
    ("impact", "accepted"),
    [(1000, 1), (1000.01, 0), (None, 0)],  # what is not priced may be worth more
)
def test_a_rule_is_never_one_of_two_people(queue, impact, accepted):
    rules = RULES.model_copy(update={"stewardship": Stewardship(two_person_above=1000)})
    queue.run(*TWO, rules=rules, proposals=[SURE])
    queue.con.execute(
        "update stewardship.review_impact set impact_usd = $usd", {"usd": impact}
    ).fetchall()

    assert queue.accept(rules) == accepted


# When a decision of the rule dies


def in_force(queue: Queue) -> int:
    return queue.rows("select count(*) from stewardship.decision_in_force")[0][0]


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (accepting(None), "probabilistic.accept_above is not set"),
        (SHOP, "probabilistic.enabled is off"),
        (accepting(0.995), "its match probability of 0.9900 is below accept_above (0.995)"),
    ],
)
def test_a_decision_dies_with_what_it_was_accepted_under(queue, rules, why):
    run(queue, SURE)

    assert run(queue, SURE, rules=rules) == 0
    assert log(queue, "kind, decided_by, provenance, reason")[1:] == [
        ("revoke", "rule:probabilistic", "rule:probabilistic@m_1", why)
    ]


def test_a_decision_dies_with_its_model_and_is_made_anew_by_the_next(queue):
    run(queue, SURE)
    of_new_model = Likely("lea", "leah", probability=0.96, weight=4.6, model="m_2")

    assert run(queue, of_new_model) == 0
    assert in_force(queue) == 0
    assert run(queue, of_new_model) == 1

    assert log(queue, "kind, provenance, reason")[1:] == [
        ("revoke", "rule:probabilistic@m_1", "its model was replaced by m_2"),
        (
            "merge",
            "rule:probabilistic@m_2",
            "probable match 96.0 %, weight 4.6: same date of birth +9.2, prior -4.0;"
            " accepted from 0.95 on",
        ),
    ]


def test_a_decision_that_still_has_its_ground_stays(queue):
    run(queue, SURE)

    assert revoke_outdated(queue.context(RULES)) == 0
    assert run(queue, rules=accepting(0.96)) == 0
    assert in_force(queue) == 1


def test_what_people_decided_does_not_die_with_a_model(queue):
    queue.run(*TWO, rules=RULES, proposals=[SURE])
    decide(queue.con, "merge", ["lea"], ["leah"], item_id=queue.item_id())

    run(queue, Likely("lea", "leah", model="m_2"), rules=accepting(None))

    assert in_force(queue) == 1


def test_a_later_no_beats_the_rule_which_takes_its_yes_back_and_asks_nobody(queue):
    run(queue, SURE)
    decide(queue.con, "keep_apart", ["lea"], ["leah"])

    assert run(queue, SURE) == 0
    assert run(queue, SURE) == 0

    assert queue.customer_of("lea") != queue.customer_of("leah")
    assert log(queue, "kind, reason")[2:] == [("revoke", "a keep_apart stands against it")]
    assert [kind for kind, _ in queue.items()] == ["probable_match"]


def test_what_a_person_took_back_the_rule_does_not_decide_again(queue):
    run(queue, SURE)
    ((decision_id,),) = log(queue, "decision_id")
    revoke(queue.con, decision_id)

    assert run(queue, SURE) == 0
    assert queue.customer_of("lea") != queue.customer_of("leah")
    assert ("probable_match", "open") in queue.items()


def test_what_was_joined_to_a_customer_that_is_no_more_is_taken_back(queue):
    """Lia was joined to Lea and Leah, whom a steward had made one; her decision names both."""
    queue.run(*THREE, rules=RULES)
    decide(queue.con, "merge", ["lea"], ["leah"])
    run(queue, rows=THREE)
    run(queue, SURE_TOO, rows=THREE)
    first, second = (decision_id for (decision_id,) in log(queue, "decision_id"))
    revoke(queue.con, first)

    run(queue, rows=THREE)

    assert log(queue, "kind, refers_to, reason")[3:] == [
        (
            "revoke",
            second,
            f"one of the two was a customer that {first} had made, which is revoked",
        )
    ]
    queue.run(*THREE, rules=RULES)
    assert len({queue.customer_of(each) for each in ("lea", "leah", "lia")}) == 3


def test_what_the_rule_has_joined_it_joins_no_further(queue):
    """It was judged as a group, once: what is like the whole of it is for people to say."""
    run(queue, SURE, rows=THREE)

    assert run(queue, SURE_TOO, rows=THREE) == 0
    assert run(queue, SURE_TOO, rows=THREE) == 0
    assert ("probable_match", "open") in queue.items()


def test_customers_that_the_next_run_changes_are_left_until_then(queue):
    """The old decision has made one customer of Lea and Leah, which ends with it."""
    run(queue, SURE, rows=THREE)
    of_new_model = Likely("leah", "lia", probability=0.99, model="m_2")

    assert run(queue, of_new_model, rows=THREE) == 0
    assert run(queue, of_new_model, rows=THREE) == 1
    assert len(log(queue, "records_l, records_r")[-1][0]) == 1


def test_the_log_of_a_rule_is_a_file_like_others(queue, tmp_path):
    run(queue, SURE)
    revoke_by_rule(
        queue.context(), "rule:probabilistic@m_1", {log(queue, "decision_id")[0][0]: "a try"}
    )
    before = log(queue, "*")
    path = export_decisions(queue.context())
    queue.rows("delete from stewardship.decision")

    assert import_decisions(queue.context(), path) == 2
    assert log(queue, "*") == before
