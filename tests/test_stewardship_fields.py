"""What a review item tells: its evidence, its fields side by side, its uncertainty and priority."""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import pytest
from identity_rows import decide, settings_for
from queue_rows import ANN, ANNE, HALVES, IDENTIFIERS, Queue, open_queue

MAIL = "ann@shop.example"


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with open_queue(tmp_path) as queue:
        yield queue


def shown_mail(queue: Queue) -> str:
    """Return what is shown of the one e-mail address: the beginning of its digest."""
    ((digest,),) = queue.rows(
        "select cast(identifier as varchar) from identity.value where namespace = 'mail'"
    )
    return f"{digest[:8]}…"


def sides(queue: Queue, field: str) -> set[str | None]:
    """Return both values of a field: which is left depends on the ids."""
    return {value for name, *values, _ in queue.fields() if name == field for value in values}


def test_evidence_names_the_values_the_guard_and_how_many_share_them(queue):
    queue.run(ANN | {"mail": MAIL}, ANNE | {"mail": MAIL})

    assert queue.items("evidence") == [
        (
            f"both carry mail {shown_mail(queue)}"
            " (shared between 2 customers; card: 2 values, at most 1)",
        )
    ]


def test_evidence_tells_three_values_and_counts_the_others(queue):
    both = {"mail": "a", "phone": "5", "device": "d", "account": "7"}
    queue.run(ANN | both, ANNE | both)

    ((evidence,),) = queue.items("evidence")
    assert evidence.startswith("both carry account 7 (")
    assert evidence.endswith(" and 1 more")
    assert queue.rows("select count(*) from stewardship.review_value") == [(4,)]


def test_evidence_of_a_bridge_names_the_value_that_holds_the_halves(queue):
    queue.run(*HALVES)

    assert queue.items("evidence") == [
        (f"two halves with anchors of their own hang on mail {shown_mail(queue)} alone",)
    ]


def test_fields_stand_in_the_order_of_the_configuration_and_say_whether_they_agree(queue):
    queue.run(ANN, ANNE)

    assert [(field, agrees) for field, _, _, agrees in queue.fields()] == [
        ("name", True),
        ("town", False),
        ("born", True),
        ("card", False),
        ("mail", True),
    ]
    assert sides(queue, "name") == {"Ann", "ANN"}
    assert sides(queue, "card") == {"1", "2"}


def test_a_field_that_one_side_lacks_neither_agrees_nor_disagrees(queue):
    queue.run(ANN, ANNE | {"town": None, "name": "n/a"})

    compared = {field: agrees for field, _, _, agrees in queue.fields()}
    assert compared["town"] is None
    assert compared["name"] is None
    assert sides(queue, "name") == {"Ann", None}


def test_of_several_values_three_are_told_and_one_in_common_is_agreement(queue):
    towns = ["Ulm", "Bonn", "Kiel", "Jena", "Hof"]
    more = [ANN | {"id": f"ann{n}", "town": town} for n, town in enumerate(towns)]
    queue.run(ANN, *more, ANNE)

    assert sides(queue, "town") == {"Bonn", "Bonn | Hof | Jena | +2 more"}
    assert {field: agrees for field, _, _, agrees in queue.fields()}["town"] is True


def test_contact_data_is_masked_and_a_namespace_is_no_attribute_besides(queue):
    hashed = IDENTIFIERS | {"phone": {"strength": "contact", "hash": True}}
    rules = settings_for(hashed, attributes=["name", "mail", "phone"], entity="customers")
    queue.run(ANN | {"mail": MAIL, "phone": "5550100"}, ANNE | {"mail": MAIL}, rules=rules)

    told = str(queue.tables()["stewardship.review_field"] + queue.items("evidence"))
    assert [field for field, *_ in queue.fields()] == ["name", "card", "mail", "phone"]
    assert sides(queue, "mail") == {shown_mail(queue)}
    assert MAIL not in told
    assert "5550100" not in told


def test_a_digest_that_a_source_made_is_shown_by_its_beginning(queue):
    digest = sha256(b"ann").hexdigest()
    queue.run(ANN | {"mail": digest}, ANNE | {"mail": digest})

    assert sides(queue, "mail") == {f"{digest[:8]}…"}


def test_a_value_cannot_move_a_cursor(queue):
    queue.run(ANN | {"name": "A\x1b[2Jnn"}, ANNE)

    assert "A?[2Jnn" in sides(queue, "name")


def test_visits_and_decisions_are_no_fields(queue):
    both = {"visit": "v1"}
    queue.run(ANN | both, ANNE | both)
    decide(queue.con, "merge", ["ann"], ["ann"])

    queue.run(ANN | both, ANNE | both)

    assert not {"visit", "decision"} & {field for field, *_ in queue.fields()}


def test_the_halves_of_a_bridge_lie_side_by_side(queue):
    queue.run(*HALVES)

    assert [row[:3] for row in queue.fields()] == [
        ("name", "Lea", "Lea"),
        ("account", "1", "2"),
        ("mail", shown_mail(queue), shown_mail(queue)),
        ("phone", queue.fields()[-1][1], None),
    ]


@pytest.mark.parametrize(
    ("right", "uncertainty"),
    [
        ({"mail": "a", "name": "Ann", "town": "Ulm", "born": "1980"}, 0.8 * 4 / 5),
        ({"mail": "a", "name": "Bob", "town": "Bonn", "born": "1980"}, 0.8 * 2 / 5),
        ({"mail": "a"}, 0.8 * 1 / 2),  # nothing to compare is half
        ({"mail": "b", "device": "d", "name": "Ann"}, 0.2 * 2 / 3),
        ({"mail": "a", "account": "9", "name": "Ann"}, 1.0 * 2 / 3),
    ],
)
def test_uncertainty_is_what_agrees_times_the_strength_of_the_value(queue, right, uncertainty):
    queue.run(ANN | {"device": "d", "account": "9"}, {"card": "2"} | right)

    ((found,),) = queue.items("uncertainty")
    assert found == pytest.approx(uncertainty)


def test_the_less_two_halves_agree_the_more_uncertain_is_their_bridge(queue):
    agreeing = queue.run(*HALVES).items("uncertainty")
    *left, right, middle = HALVES

    differing = queue.run(*left, right | {"name": "Bob"}, middle).items("uncertainty")

    assert agreeing == [(pytest.approx(0.6 / 3),)]
    assert differing == [(pytest.approx(0.6 * 2 / 3),)]


def test_impact_is_the_revenue_of_both_customers_in_the_marts_last_built(queue):
    queue.run(ANN, ANNE)
    price = "select impact_usd, priority from stewardship.review_impact"

    assert queue.rows(price) == [(None, round(2 * 0.8 * 3 / 5, 2))]

    queue.build({queue.customer_of("ann"): 100, queue.customer_of("anne"): 0.5, "other": 7})

    assert queue.rows(price) == [(Decimal("100.50"), round((100.5 + 2) * 0.8 * 3 / 5, 2))]


def test_a_customer_who_costs_more_than_she_brings_has_her_records_at_stake(queue):
    queue.run(ANN, ANNE)

    queue.build({queue.customer_of("ann"): -100})

    assert queue.rows("select impact_usd, priority from stewardship.review_impact") == [
        (Decimal("-100.00"), round(2 * 0.8 * 3 / 5, 2))
    ]


def test_two_who_differ_in_what_a_person_has_one_of_are_hardly_in_doubt(queue):
    queue.run(ANN, ANNE)
    ((alike,),) = queue.items("uncertainty")

    queue.run(ANN, ANNE | {"born": "1999"})
    ((different,),) = queue.items("uncertainty")

    # Of name, town and birth date two agree, then one; the card is an anchor, their mail a contact.
    assert (alike, different) == pytest.approx((3 / 5 * 0.8, 2 / 5 * 0.25 * 0.8))
