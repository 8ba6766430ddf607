"""How right proposals are by what stewards have decided, and which thresholds that suggests."""

import json
from collections.abc import Iterator
from math import floor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from identity_rows import decide, revoke
from queue_rows import SHOP, Likely, Queue, open_queue
from typer.testing import CliRunner

from c360.cli import app
from c360.errors import C360Error
from c360.stewardship.evaluating import evaluate_decisions
from c360.stewardship.precision import (
    Judged,
    Judgements,
    bands,
    read_judgements,
    suggest,
    wilson,
)
from c360.workspace import Workspace


@pytest.mark.parametrize(
    ("right", "decided", "interval"),
    [
        # Newcombe (1998), Two-sided confidence intervals for the single proportion, table I
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
        (29, 29, (0.8830, 1.0)),
    ],
)
def test_the_interval_is_wilsons(right, decided, interval):
    assert tuple(round(end, 4) for end in wilson(right, decided)) == interval


shares = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@for_all(shares)
def test_an_interval_holds_its_share_and_narrows_with_more_of_the_same(counts):
    right, decided = counts
    low, high = wilson(right, decided)
    lower, higher = wilson(2 * right, 2 * decided)

    assert 0 <= low <= lower <= right / decided <= higher <= high <= 1


def judged(*rows: tuple[float, int, int]) -> list[Judged]:
    """Return decisions of (weight, right, wrong) rows; the probability is that of the weight."""
    return [
        Judged(weight, 1 / (1 + 2**-weight), is_right)
        for weight, right, wrong in rows
        for is_right in [True] * right + [False] * wrong
    ]


def test_bands_are_two_bits_wide_from_an_even_weight_on():
    found = bands(judged((-0.5, 1, 3), (0.0, 1, 1), (1.9, 2, 0), (2.0, 5, 0)))

    assert [(each.low, each.high, each.decided, each.right) for each in found] == [
        (-2, 0, 4, 1),
        (0, 2, 4, 3),
        (2, 4, 5, 5),
    ]
    assert [each.precision for each in found] == [0.25, 0.75, 1.0]


def test_an_over_confident_model_shows_in_the_calibration():
    """At 6 bits the model expects 98.5 % right ones; people say 60 %."""
    sure, fair, modest = bands(judged((-1.0, 19, 1), (1.0, 66, 34), (6.0, 60, 40)))[::-1]

    assert (round(sure.mean_probability, 3), sure.precision) == (0.985, 0.6)
    assert [each.verdict for each in (sure, fair, modest)] == [
        "over-confident",
        "",
        "under-confident",
    ]


def test_a_few_decisions_show_nothing():
    (band,) = bands(judged((3.0, 1, 1)))

    assert band.verdict == ""


# Suggestions


@pytest.mark.parametrize(
    ("rule", "rows", "wanted", "weight"),
    [
        ("73 of 73 are 95 %", [(8.0, 73, 0)], 0.95, 8.0),
        ("the lowest weight that will do", [(8.0, 80, 0), (6.0, 90, 2), (4.0, 10, 20)], 0.95, 6.0),
        ("all from there on count, not the weight by itself",
         [(8.0, 200, 0), (6.0, 1, 2), (4.0, 0, 40)], 0.95, 6.0),
        ("a weight between that will not do does not end it",
         [(8.0, 60, 4), (6.0, 400, 0)], 0.95, 6.0),
        ("half of them right", [(8.0, 20, 0), (2.0, 5, 5), (0.0, 2, 60)], 0.5, 2.0),
    ],
)  # fmt: skip
def test_the_lowest_weight_from_which_on_enough_are_right_is_suggested(rule, rows, wanted, weight):
    found = suggest(judged(*rows), wanted)

    assert found is not None
    assert (found.is_reached, found.match_weight) == (True, weight), rule


@pytest.mark.parametrize(
    ("rule", "rows", "wanted", "missing"),
    [
        ("72 of 72 lack one", [(8.0, 72, 0)], 0.95, 1),
        ("one of one lacks 72", [(8.0, 1, 0)], 0.95, 72),
        ("the cut that lacks the fewest is told", [(8.0, 40, 0), (6.0, 9, 1)], 0.95, 33),
        ("no share is high enough", [(8.0, 9, 1), (6.0, 9, 1)], 0.95, None),
    ],
)
def test_where_decisions_are_too_few_it_is_told_how_many_are_missing(rule, rows, wanted, missing):
    found = suggest(judged(*rows), wanted)

    assert found is not None
    assert (found.is_reached, found.missing) == (False, missing), rule


def test_where_nothing_was_decided_nothing_is_suggested():
    assert suggest([], 0.95) is None


@for_all(st.integers(1, 60), st.integers(0, 3), st.floats(0.9, 0.99))
def test_so_many_more_of_the_same_do_reach_it_and_fewer_do_not(right, wrong, part):
    decided = right + wrong
    wanted = part * right / decided
    found = suggest(judged((8.0, right, wrong)), wanted)

    def low(more: int) -> float:
        return wilson(right / decided * (decided + more), decided + more)[0]

    assert found is not None
    assert found.missing is not None
    assert low(found.missing) >= wanted - 1e-8
    assert found.missing == 0 or low(found.missing - 1) < wanted + 1e-8


tables = st.lists(
    st.tuples(st.integers(-4, 12).map(float), st.integers(0, 30), st.integers(0, 5)), max_size=6
)


@for_all(tables, st.floats(0.3, 0.95), st.randoms())
def test_a_suggestion_does_not_depend_on_the_order_and_asks_more_for_more(rows, wanted, random):
    decided = judged(*rows)
    shuffled = random.sample(decided, len(decided))
    found, more = suggest(decided, wanted), suggest(decided, min(wanted + 0.04, 1.0))

    assert suggest(shuffled, wanted) == found
    if found is not None and more is not None and more.is_reached:
        assert found.is_reached
        assert found.match_weight <= more.match_weight


def test_the_suggested_probability_takes_in_what_was_decided():
    found = suggest(judged((5.2, 100, 0)), 0.95)

    assert found is not None
    assert found.threshold <= found.match_probability
    assert found.threshold == floor(found.match_probability * 1e6) / 1e6


# What counts as a decision


LEA = {"id": "lea", "card": "1", "name": "Lea"}
LEAH = {"id": "leah", "mail": "h", "name": "Leah"}
SURE = Likely("lea", "leah", probability=0.99, weight=6.6)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with open_queue(tmp_path) as queue:
        yield queue.run(LEA, LEAH, proposals=[SURE])


def answer(queue: Queue, kind: str, **told: Any) -> str:
    return decide(queue.con, kind, ["lea"], ["leah"], item_id=queue.item_id(), **told)


def right(queue: Queue) -> list[bool]:
    return [each.is_right for each in read_judgements(queue.con).judged]


@pytest.mark.parametrize(
    ("kind", "told", "found"),
    [
        ("merge", {}, [True]),
        ("keep_apart", {}, [False]),
        ("defer", {}, []),
        ("not_shared", {"value": "mail:h"}, []),
        ("merge", {"needs_second": True}, []),  # awaits its second
        ("merge", {"provenance": "rule:probabilistic@m_1"}, []),  # a rule would judge itself
        ("merge", {"provenance": "unmerge"}, [True]),
    ],
)
def test_what_people_have_said_of_a_proposal_counts(queue, kind, told, found):
    answer(queue, kind, **told)

    assert right(queue) == found


def test_a_decision_that_was_taken_back_does_not_count(queue):
    revoke(queue.con, answer(queue, "merge"))

    assert right(queue) == []


def test_of_two_decisions_about_an_item_the_last_one_counts(queue):
    answer(queue, "merge")
    answer(queue, "keep_apart")

    assert right(queue) == [False]


def test_a_decision_counts_by_the_score_under_which_it_was_asked(queue):
    answer(queue, "merge")
    queue.run(LEA, LEAH, proposals=[SURE])  # which obeys it, so that the pair is proposed no more

    (each,) = read_judgements(queue.con).judged
    assert (each.match_weight, each.match_probability) == (6.6, 0.99)


def test_decisions_under_another_model_are_left_out_and_counted(queue):
    answer(queue, "merge")
    queue.rows("update stewardship.review_score set model = 'm_0'")

    assert read_judgements(queue.con) == Judgements("m_1", (), 1)


# c360 evaluate without a truth


def evaluated(folder: Path, *more: str) -> Any:
    return CliRunner().invoke(app, ["evaluate", "-w", str(folder), *more])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace of which 80 proposals were decided, two of them wrongly proposed."""
    tree = SHOP.model_dump(mode="json", exclude_defaults=True)
    tree["probabilistic"] = {"enabled": True}
    (tmp_path / "c360.yaml").write_text(json.dumps(tree), encoding="utf-8")
    with open_queue(tmp_path) as queue:
        queue.run(LEA, LEAH, proposals=[SURE])
        queue.rows("delete from stewardship.review_score")
        for number in range(80):
            item_id = f"i_{number}"
            queue.rows(
                "insert into stewardship.review_score values ($id, 'm_1', $weight, 0.99)",
                id=item_id,
                weight=8.0 if number > 2 else 1.0,
            )
            decide(
                queue.con,
                "merge" if number > 1 else "keep_apart",
                ["lea"],
                ["leah"],
                item_id=item_id,
            )
    return tmp_path


def test_the_answer_tells_bands_and_suggests_thresholds(folder):
    text = evaluated(folder).stdout

    assert "80 decisions of people about proposals of model m_1: 78 right, 2 wrong" in text
    assert "8 to 10              77      77   1.0000 [0.9525, 1.0000]    0.9900" in text
    assert (
        "0 to 2                3       1   0.3333 [0.0615, 0.7923]    0.9900  over-confident"
        in text
    )
    assert (
        "accept_above: 0.99 for a precision of 0.95\n  77 of 77 decided from weight 8.0 on" in text
    )
    assert (
        "review_above: 0.99 for a precision of 0.5\n  78 of 80 decided from weight 1.0 on" in text
    )
    assert "nothing below it was decided" in text


def test_the_wanted_precision_may_be_another(folder):
    text = evaluated(folder, "--precision", "0.99").stdout

    assert "accept_above: not enough decisions for a precision of 0.99: 304 more like these" in text


def test_programs_get_the_same(folder):
    figures = json.loads(evaluated(folder, "--json").stdout)

    assert (figures["decided"], figures["left_out"]) == (80, 0)
    assert [band["decided"] for band in figures["bands"]] == [3, 77]
    assert figures["suggested"]["accept_above"]["threshold"] == 0.99


@pytest.mark.parametrize(
    ("enabled", "message"),
    [
        (True, "no steward has decided yet.*c360 review export.*name a TRUTH"),
        (False, "nothing to hold the customers against; name a TRUTH.*enabled: true"),
    ],
)
def test_without_truth_and_decisions_it_is_told_what_to_do(folder, enabled, message):
    tree = json.loads((folder / "c360.yaml").read_text())
    tree["probabilistic"] = {"enabled": enabled}
    (folder / "c360.yaml").write_text(json.dumps(tree), encoding="utf-8")
    with open_queue(folder) as queue:
        queue.rows("delete from stewardship.decision")

    with pytest.raises(C360Error, match=message):
        evaluate_decisions(Workspace(folder))


@pytest.mark.parametrize(
    "more", [["--keep"], ["--bootstrap", "5"], ["--as-of-run", "1"], ["--seed", "3"]]
)
def test_options_of_a_truth_are_refused_without_one(folder, more):
    assert evaluated(folder, *more).exit_code == 2


def test_options_of_decisions_are_refused_with_a_truth(folder):
    assert evaluated(folder, "truth.csv", "--precision", "0.9").exit_code == 2
