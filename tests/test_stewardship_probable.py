"""Proposals of the probabilistic comparison in the queue: which are asked, and in what words."""

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import duckdb
import pytest
from identity_rows import decide, revoke
from queue_rows import ANN, ANNE, SHOP, Likely, Queue, open_queue
from stewardship_workspace import item_of, lay_out_copy, open_page, query, query_writing

from c360.errors import DecisionError
from c360.probabilistic import Probabilistic
from c360.step import read_sql
from c360.stewardship.answering import Answer, judge
from c360.stewardship.log import record
from c360.stewardship.page.choices import choices_of
from c360.stewardship.page.details import read_details
from c360.stewardship.page.items import read_item
from c360.stewardship.page.likeness import read_likeness
from c360.stewardship.queue_csv import apply_queue, export_queue
from c360.stewardship.status import tell_status
from c360.warehouse import fill_table

LEA = {"id": "lea", "card": "1", "name": "Lea", "born": "1980"}
LEAH = {"id": "leah", "mail": "h", "name": "Leah", "born": "1980"}
LEO = {"id": "leo", "card": "2", "name": "Leo", "born": "1990"}
ALIKE = Likely(
    "lea",
    "leah",
    says=(
        ("different postcode", -2.3),
        ("same date of birth", 9.2),
        ("no city on one side", 0.0),
        ("same rare surname", 7.1),
    ),
    prior=-12.1,
)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with open_queue(tmp_path) as queue:
        yield queue


def test_what_is_proposed_is_a_probable_match_with_its_weights_in_words(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])

    assert queue.items("kind, state, evidence, uncertainty") == [
        (
            "probable_match",
            "open",
            "probable match 97.3 %, weight 5.2: same date of birth +9.2, same rare surname +7.1,"
            " different postcode -2.3, prior -12.1",
            0.973,
        )
    ]
    assert queue.rows("select value from stewardship.review_value") == []


def test_what_is_nearly_certain_is_not_told_as_certain(queue):
    queue.run(LEA, LEAH, proposals=[Likely("lea", "leah", probability=0.99999)])

    ((evidence,),) = queue.items("evidence")
    assert evidence.startswith("probable match over 99.9 %,")


def test_a_probable_match_shows_both_side_by_side(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])

    assert sorted(queue.fields()) == sorted(
        [
            *(
                [("name", "Lea", "Leah", False), ("card", "1", None, None)]
                if queue.customer_of("lea") < queue.customer_of("leah")
                else [("name", "Leah", "Lea", False), ("card", None, "1", None)]
            ),
            ("born", "1980", "1980", True),
            *(field for field in queue.fields() if field[0] == "mail"),
        ]
    )


def test_records_alone_are_shown_with_their_own_attributes(queue):
    """All three carry no identifier, and so have one keyring in common."""
    alone = [{"id": each, "name": each, "town": "Ulm"} for each in ("amy", "ami", "zoe")]

    queue.run(*alone, proposals=[Likely("amy", "ami")])

    left, right = sorted(("amy", "ami"), key=queue.customer_of)
    assert queue.fields() == [("name", left, right, False), ("town", "Ulm", "Ulm", True)]


@pytest.mark.parametrize(("probability", "items"), [(0.5, 1), (0.499, 0)])
def test_what_is_at_least_review_above_is_asked(queue, probability, items):
    queue.run(LEA, LEAH, proposals=[Likely("lea", "leah", probability=probability)])

    assert len(queue.items()) == items


def test_two_cards_make_a_proposal_an_anchor_conflict_that_names_the_guard(queue):
    queue.run(LEA, LEO | {"born": None}, proposals=[Likely("lea", "leo")])

    assert queue.items("kind, evidence, uncertainty") == [
        (
            "anchor_conflict",
            "card: 2 values, at most 1; probable match 97.3 %, weight 5.2: same date of birth +9.2,"
            " prior -4.0",
            0.973,
        )
    ]


def test_two_dates_of_birth_make_a_proposal_an_anchor_conflict(queue):
    queue.run(LEA, LEO | {"card": None, "mail": "o"}, proposals=[Likely("lea", "leo")])

    ((kind, evidence),) = queue.items("kind, evidence")
    assert (kind, evidence.partition(";")[0]) == ("anchor_conflict", "born differs")


@pytest.mark.parametrize(("more", "kind"), [(4, "probable_match"), (5, "anchor_conflict")])
def test_a_limit_stands_between_two_who_exceed_it_only_together(queue, more, kind):
    accounts = [
        {"id": f"k{number}", "account": f"a{number}", "mail": "k"} for number in range(more)
    ]

    queue.run(*accounts, {"id": "other", "account": "other"}, proposals=[Likely("k0", "other")])

    assert [each for (each,) in queue.items("kind") if each != "weak_bridge"] == [kind]


def test_what_people_have_allowed_one_of_them_stands_between_no_others(queue):
    """Lea has two cards because somebody said so; her third record adds none."""
    second = {"id": "lea2", "card": "9", "name": "Lea"}
    decide(queue.con, "merge", ["lea"], ["lea2"])

    queue.run(LEA, second, LEAH, proposals=[ALIKE])

    assert queue.items("kind") == [("probable_match",)]


def test_two_whom_values_bring_up_stay_one_item_of_that_kind(queue):
    queue.run(ANN, ANNE)
    before = queue.items("item_id, kind")

    queue.run(ANN, ANNE, proposals=[Likely("ann", "anne", probability=0.9)])

    ((item_id, kind, evidence, uncertainty),) = queue.items("item_id, kind, evidence, uncertainty")
    assert [(item_id, kind)] == before
    assert evidence.startswith("both carry mail ")
    assert evidence.endswith(
        "; card: 2 values, at most 1; probable match 90.0 %, weight 5.2: same date of birth +9.2,"
        " prior -4.0"
    )
    assert uncertainty == pytest.approx(0.9)


@pytest.mark.parametrize(("probability", "uncertainty"), [(0.5, 0.5), (0.45, 0.48)])
def test_of_values_and_a_proposal_the_greater_uncertainty_counts(queue, probability, uncertainty):
    """Of what Ann and Anne have two of three agree: (2 + 1) / (3 + 2), of an e-mail 0.8."""
    rules = SHOP.model_copy(update={"probabilistic": Probabilistic(review_above=0.4)})

    queue.run(ANN, ANNE, rules=rules, proposals=[Likely("ann", "anne", probability)])

    assert queue.items("uncertainty") == [(pytest.approx(uncertainty),)]


def test_two_who_are_kept_apart_are_never_proposed_again(queue):
    item_id = queue.run(LEA, LEAH, proposals=[ALIKE]).item_id()
    decide(queue.con, "keep_apart", ["lea"], ["leah"], item_id=item_id)

    queue.run(LEA, LEAH, proposals=[ALIKE])

    assert queue.items("state, last_run") == [("decided", 1)]


def test_two_records_alone_who_are_kept_apart_are_never_proposed_again(queue):
    alone = [{"id": each, "name": each} for each in ("amy", "ami")]
    queue.run(*alone, proposals=[Likely("amy", "ami")])
    decide(queue.con, "keep_apart", ["amy"], ["ami"])

    queue.run(*alone, proposals=[Likely("amy", "ami")])

    assert queue.items("state") == [("obsolete",)]


def test_two_who_hold_the_cards_of_a_keep_apart_are_never_proposed(queue):
    cards = {"identifiers_l": ["card:1"], "identifiers_r": ["card:2"]}
    decide(queue.con, "keep_apart", ["gone"], ["gone too"], **cards)

    queue.run(LEA, LEO, proposals=[Likely("lea", "leo")])

    assert queue.items() == []


def test_a_keep_apart_that_is_revoked_lets_them_be_asked_again(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])
    decide(queue.con, "keep_apart", ["lea"], ["leah"])
    queue.run(LEA, LEAH, proposals=[ALIKE])
    revoke(queue.con, "d1")

    assert queue.run(LEA, LEAH, proposals=[ALIKE]).items("state") == [("open",)]


def test_the_same_proposals_in_any_order_make_the_same_queue(tmp_path):
    proposals = [ALIKE, Likely("lea", "leo"), Likely("leah", "leo", probability=0.6)]
    queues = []
    for number, order in enumerate(permutations(proposals)):
        with open_queue(tmp_path, f"w{number}") as queue:
            queues.append(queue.run(LEA, LEAH, LEO, proposals=order).tables())

    assert all(each == queues[0] for each in queues)


def test_a_run_with_the_same_proposals_changes_no_item(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])

    queue.run(LEA, LEAH, proposals=[ALIKE])

    assert queue.items("first_run, last_run, changed_run") == [(1, 2, 1)]


def test_the_score_of_an_item_is_that_of_its_last_proposal_and_is_kept(queue):
    score = "select model, match_weight, match_probability from stewardship.review_score"
    queue.run(LEA, LEAH, proposals=[ALIKE])
    assert queue.rows(score) == [("m_1", 5.2, 0.973)]

    queue.run(LEA, LEAH, proposals=[Likely("lea", "leah", probability=0.8, model="m_2")])
    queue.run(LEA, LEAH)

    assert queue.items("state") == [("obsolete",)]
    assert queue.rows(score) == [("m_2", 5.2, 0.8)]


def kept(
    con: duckdb.DuckDBPyConnection, likely: list[tuple[str, str, float]], listed: dict[str, str]
) -> set[str]:
    """Return the pairs that sources which list a person once leave of `l r weight`.

    `listed` are the sources that a customer has a record of, one letter each.
    """
    fill_table(
        con,
        "temp.likely",
        {
            "item_id": "varchar",
            "customer_id_l": "varchar",
            "customer_id_r": "varchar",
            "model": "varchar",
            "match_weight": "double",
            "match_probability": "double",
        },
        [(f"{left}-{right}", left, right, "m", weight, 0.9) for left, right, weight in likely],
    )
    fill_table(
        con,
        "temp.listed",
        {"customer_id": "varchar", "source": "varchar"},
        [(customer, source) for customer, sources in listed.items() for source in sources],
    )
    select = read_sql("stewardship", "temp.proposed")
    return {row[0] for row in con.execute(select).fetchall()}


@pytest.mark.parametrize(
    ("likely", "listed", "asked"),
    [
        # Two of one list are two people.
        ([("x", "y", 9)], {"x": "S", "y": "S"}, set()),
        ([("x", "y", 9)], {"x": "S", "y": "T"}, {"x-y"}),
        # x can be one of a list only: the heaviest; where two are, the smaller id.
        ([("a", "x", 5), ("b", "x", 7)], {"a": "S", "b": "S"}, {"b-x"}),
        ([("a", "x", 5), ("b", "x", 5)], {"a": "S", "b": "S"}, {"a-x"}),
        # What is of no such list, or of another one, is no rival.
        ([("a", "x", 5), ("b", "x", 7)], {"a": "S"}, {"a-x", "b-x"}),
        ([("a", "x", 5), ("b", "x", 7)], {"a": "S", "b": "T"}, {"a-x", "b-x"}),
        # Between two lists a pair must be the heaviest of either of its two.
        (
            [("a1", "b1", 9), ("a1", "b2", 7), ("a2", "b1", 8), ("a2", "b2", 1)],
            {"a1": "A", "a2": "A", "b1": "B", "b2": "B"},
            {"a1-b1"},
        ),
        # Who cannot be proposed at all is no rival either: x and a are in S both.
        ([("a", "x", 9), ("b", "x", 5)], {"a": "ST", "x": "S", "b": "T"}, {"b-x"}),
    ],
)
def test_a_source_that_lists_a_person_once_is_believed(queue, likely, listed, asked):
    assert kept(queue.con, likely, listed) == asked
    assert kept(queue.con, likely[::-1], listed) == asked


def test_two_of_a_source_that_lists_a_person_once_make_no_item(queue):
    rules = SHOP.model_copy(update={"probabilistic": Probabilistic(one_to_one=("feed",))})

    assert queue.run(LEA, LEAH, rules=rules, proposals=[ALIKE]).items() == []


# What people answer


def answered(queue: Queue, decision: str) -> str:
    """Answer the one item, and return its state."""
    item_id = queue.item_id()
    answer = Answer("this", item_id, 1, decision, "seen", "ben")
    judged = judge(queue.context(), [answer])
    if judged.wrong:
        raise DecisionError(list(judged.wrong.values()))
    record(queue.context(), judged.drafts)
    return queue.items("state")[0][0]


@pytest.mark.parametrize(
    ("decision", "state"), [("merge", "decided"), ("keep_apart", "decided"), ("defer", "held")]
)
def test_a_probable_match_is_answered_like_other_pairs(queue, decision, state):
    queue.run(LEA, LEAH, proposals=[ALIKE])

    assert answered(queue, decision) == state


@pytest.mark.parametrize("decision", ["not_shared", "not_shared_r"])
def test_of_a_probable_match_no_value_can_be_not_shared(queue, decision):
    queue.run(LEA, LEAH, proposals=[ALIKE])

    with pytest.raises(DecisionError, match="no value is disputed between the two; decide merge"):
        answered(queue, decision)


def test_two_who_are_merged_are_one_customer_and_their_item_decided(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])
    answered(queue, "merge")

    queue.run(LEA, LEAH, proposals=[ALIKE])

    assert queue.customer_of("lea") == queue.customer_of("leah")
    assert queue.items("state, last_run") == [("decided", 1)]


def test_a_probable_match_goes_through_a_spreadsheet(queue, tmp_path):
    queue.run(LEA, LEAH, proposals=[ALIKE])
    path = tmp_path / "queue.csv"

    assert export_queue(queue.context(), path, kind="probable_match") == 1
    head, row = path.read_text(encoding="utf-8-sig").splitlines()
    filled = head.split(",").index("decision") - len(head.split(","))
    cells = row.rsplit(",", -filled)
    path.write_text("\n".join([head, ",".join([*cells[:1], "merge", "seen", "ben", ""])]))

    assert len(apply_queue(queue.context(), path).decision_ids) == 1
    assert tell_status(queue.context()).text.startswith("Review items\n  probable_match: 1 decided")


def test_the_page_offers_no_owner_of_a_value_and_shows_the_weights(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])

    item = read_item(queue.con, queue.item_id())
    assert item is not None
    details = read_details(queue.context(), item)
    likeness = read_likeness(queue.con, item)

    choices = choices_of(item, has_disputed=any(value.is_disputed for value in details.values))
    assert [choice.value for choice in choices] == ["merge", "keep_apart", "defer"]
    assert likeness is not None
    assert [(each.words, each.told, each.start, each.length) for each in likeness.weights] == [
        ("same date of birth", "+9.2", 80.0, 60.8),
        ("same rare surname", "+7.1", 80.0, 46.9),
        ("different postcode", "-2.3", 64.8, 15.2),
        ("no city on one side", "+0.0", 80.0, 0.0),
        ("what any two begin with", "-12.1", 0.0, 80.0),
    ]


def test_the_page_draws_the_weights_without_a_style_of_its_own(tmp_path):
    shop = lay_out_copy(tmp_path / "shop")
    item_id = item_of(shop)
    (pair,) = query(
        shop,
        "select customer_id_l, customer_id_r from stewardship.review_item"
        f" where item_id = '{item_id}'",
    )
    left, right = sorted(pair)
    query_writing(
        shop,
        "update stewardship.review_item set kind = 'probable_match';"
        f" insert into stewardship.review_score values ('{item_id}', 'm_1', 5.2, 0.973);"
        " insert into identity.proposal_weight values"
        f" ('{left}', '{right}', 1, 'name', 'same <rare> surname', 7.1)",
    )

    text = open_page(shop).get(f"/items/{item_id}").text

    assert "They look alike. One person?" in text
    assert "a match probability of 97.3 %" in text
    assert "same &lt;rare&gt; surname" in text
    assert '<rect class="for" x="80.0" y="1" width="80.0" height="10"/>' in text
    assert "style=" not in text


def test_the_page_tells_the_score_when_the_weights_are_gone(queue):
    queue.run(LEA, LEAH, proposals=[ALIKE])
    queue.run(LEA, LEAH)

    item = read_item(queue.con, queue.item_id())
    assert item is not None
    likeness = read_likeness(queue.con, item)

    assert likeness is not None
    assert (likeness.match_probability, likeness.weights) == (0.973, ())
