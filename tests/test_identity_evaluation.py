"""Customers against a known truth, held against figures worked out by hand and by brute force."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from c360.identity.agreement import estimates, intervals, rates, read_kinds
from c360.identity.evaluation import compare_labellings
from c360.warehouse import fill_table

SENZING = Path(__file__).resolve().parents[2] / "shared" / "data" / "senzing_truthset"
few = settings(max_examples=25, deadline=None)
labellings = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def compared(con, labels) -> dict[str, Any]:
    """Return the figures of visible (customer, person) labels, one record each."""
    for table, column, side in (("found", "customer_id", 0), ("known", "person", 1)):
        rows = [
            (str(n), str(each[side])) for n, each in enumerate(labels) if each[side] is not None
        ]
        columns = {"record_id": "varchar", column: "varchar"}
        fill_table(con, f"main.{table}", columns, rows)
        con.execute(f"alter table {table} add column source varchar default 's'").fetchall()
    return compare_labellings(con, "found", "known")


def brute_force(labels):
    """Return the same figures by looking at every pair and every record."""
    pairs = list(combinations(labels, 2))
    found = [left[1] == right[1] for left, right in pairs if left[0] == right[0]]
    true = [left[0] == right[0] for left, right in pairs if left[1] == right[1]]
    precision, recall = [], []
    for customer, person in labels:
        in_customer = [p for c, p in labels if c == customer]
        in_person = [c for c, p in labels if p == person]
        precision.append(in_customer.count(person) / len(in_customer))
        recall.append(in_person.count(customer) / len(in_person))
    b_precision, b_recall = (sum(each) / len(labels) for each in (precision, recall))
    found_sets, true_sets = (
        {frozenset(n for n, label in enumerate(labels) if label[side] == key) for key in keys}
        for side, keys in enumerate(map(set, zip(*labels, strict=True)))
    )
    return {
        "customers": len(found_sets),
        "persons": len(true_sets),
        "exact_customers": len(found_sets & true_sets),
        "pairwise_precision": sum(found) / len(found) if found else None,
        "pairwise_recall": sum(true) / len(true) if true else None,
        "pairwise_f1": 2 * sum(found) / (len(found) + len(true)) if found or true else None,
        "bcubed_precision": b_precision,
        "bcubed_recall": b_recall,
        "bcubed_f1": 2 * b_precision * b_recall / (b_precision + b_recall),
        "exact_cluster_rate": len(found_sets & true_sets) / len(true_sets),
    }


def test_the_figures_of_a_small_example(con):
    #          Ann, whole and alone   Bob and Cid in one     Cid, the rest
    labels = [("A", "ann"), ("A", "ann"), ("B", "bob"), ("B", "cid"), ("C", "cid")]

    figures = compared(con, labels)

    assert figures == {
        "labelled": 5,
        "resolved": 5,
        "records": 5,
        "not_found": 0,
        "customers": 3,
        "persons": 3,
        "exact_customers": 1,
        "over_merged_customers": 1,
        "split_persons": 1,
        "pairwise_precision": 0.5,  # of {ann ann, bob cid}
        "pairwise_recall": 0.5,  # of {ann ann, cid cid}
        "pairwise_f1": 0.5,
        "bcubed_precision": 0.8,  # 1, 1, 1/2, 1/2, 1
        "bcubed_recall": 0.8,  # 1, 1, 1, 1/2, 1/2
        "bcubed_f1": 0.8,
        "exact_cluster_rate": pytest.approx(1 / 3, abs=1e-6),
    }


def test_a_part_of_the_records_may_be_labelled(con):
    figures = compared(con, [("A", "ann"), ("A", "ann"), ("A", None), ("B", None), (None, "bob")])

    counts = {name: figures[name] for name in ("labelled", "resolved", "records", "not_found")}
    assert counts == {"labelled": 3, "resolved": 4, "records": 2, "not_found": 1}
    assert figures["exact_customers"] == figures["customers"] == figures["persons"] == 1


def test_a_figure_without_pairs_is_none(con):
    figures = compared(con, [("A", "ann"), ("B", "bob")])

    assert figures["pairwise_precision"] is figures["pairwise_recall"] is None
    assert figures["bcubed_f1"] == 1.0


@few
@for_all(labels=labellings)
def test_the_figures_are_those_of_looking_at_every_pair(con, labels):
    figures = compared(con, labels)

    expected = brute_force(labels)
    assert {name: figures[name] for name in expected} == pytest.approx(expected, abs=2e-6)


@few
@for_all(labels=labellings)
def test_swapped_sides_swap_precision_and_recall(con, labels):
    figures, swapped = (
        compared(con, labels),
        compared(con, [(right, left) for left, right in labels]),
    )

    for kind in ("pairwise", "bcubed"):
        assert figures[f"{kind}_precision"] == swapped[f"{kind}_recall"]
        assert figures[f"{kind}_f1"] == swapped[f"{kind}_f1"]


@pytest.mark.skipif(not SENZING.exists(), reason="needs the Senzing truth set")
def test_the_published_agreement_of_two_engines_is_found(con):
    for table, label, file in (
        ("alternate", "customer_id", "alternate_truthset_key.csv"),
        ("actual", "person", "actual_truthset_key.csv"),
    ):
        con.execute(
            f"create or replace table {table} as select DATA_SOURCE as source,"
            f" RECORD_ID as record_id, CLUSTER_ID as {label}"
            " from read_csv($path, all_varchar = true)",
            {"path": str(SENZING / file)},
        )

    figures: dict[str, Any] = compare_labellings(con, "alternate", "actual")

    assert figures["persons"] == 85
    assert round(figures["pairwise_precision"], 4) == 0.9636
    assert round(figures["pairwise_recall"], 4) == 0.9815


def spans_of(con, labels, *, replicates=200, seed=0) -> dict[str, Any]:
    compared(con, labels)
    return intervals(*read_kinds(con), replicates=replicates, seed=seed)


HALF_SPLIT = [(f"{n}{side if n % 2 else ''}", n) for n in range(400) for side in "ab"]
"""400 persons of two records, every other one split."""


def test_an_interval_is_as_wide_as_the_number_of_persons_makes_it(con):
    low, high = spans_of(con, HALF_SPLIT, replicates=1000)["exact_cluster_rate"]

    width = 2 * 1.96 * (0.5 * 0.5 / 400) ** 0.5  # of a share of one half among 400
    assert high - low == pytest.approx(width, rel=0.1)
    assert (low + high) / 2 == pytest.approx(0.5, abs=0.01)


def test_the_same_seed_gives_the_same_intervals_whatever_the_order_of_the_rows(con):
    assert spans_of(con, HALF_SPLIT, seed=3) == spans_of(con, HALF_SPLIT[::-1], seed=3)
    assert spans_of(con, HALF_SPLIT, seed=3) != spans_of(con, HALF_SPLIT, seed=4)


def test_a_perfect_answer_has_no_doubt_and_one_without_pairs_no_interval(con):
    perfect = spans_of(con, [("A", "ann"), ("A", "ann"), ("B", "bob"), ("B", "bob")])
    alone = spans_of(con, [("A", "ann"), ("B", "bob")])

    assert set(perfect.values()) == {(1.0, 1.0)}
    assert alone["pairwise_recall"] is None
    assert alone["bcubed_recall"] == (1.0, 1.0)


@few
@for_all(labels=labellings)
def test_what_persons_add_sums_up_to_the_figure(con, labels):
    compared(con, labels)
    persons, kinds = read_kinds(con)

    assert persons.sum() == len({person for _, person in labels})
    found_pairs = sum(left[0] == right[0] for left, right in combinations(labels, 2))
    assert (persons @ kinds)[2] == found_pairs
    assert estimates(persons, kinds)["exact_cluster_rate"] == pytest.approx(
        rates(persons @ kinds, persons.sum())["exact_cluster_rate"], abs=1e-6
    )
