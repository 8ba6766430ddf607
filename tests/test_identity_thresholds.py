"""Proposals against a known truth, threshold by threshold: one by one, and as groups."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import duckdb
import networkx as nx
import pytest
from hypothesis import given as for_all
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from identity_rows import NOON, decide
from queue_rows import SHOP, Likely, Queue, open_queue

from c360.config import Settings
from c360.identity.evaluation import compare_labellings, evaluate_members
from c360.identity.layout import KEPT_TABLES, RECORD_TABLES
from c360.identity.probabilistic.comparisons import comparisons_of
from c360.identity.probabilistic.fields import compared_fields
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.identity.probabilistic.linkage import Edge, link_clusters
from c360.identity.probabilistic.model import levels_of, make_model, save_model
from c360.identity.probabilistic.threshold_table import as_lines
from c360.identity.probabilistic.thresholds import (
    THRESHOLDS,
    ThresholdFigures,
    has_proposals,
    judge_thresholds,
)
from c360.identity.probabilistic.training import signature
from c360.identity.probabilistic.unlinkable import unlinkable_shares
from c360.probabilistic import Probabilistic
from c360.step import Context
from c360.warehouse import fill_table, open_warehouse
from c360.workspace import Workspace

PEOPLE = ({"id": "ann1", "card": "1"}, {"id": "ann2", "card": "1"}, {"id": "ann3", "mail": "a"})
BOB = ({"id": "bob1", "mail": "b"}, {"id": "bob2", "mail": "c"})
TRUTH = """source,record_id,person
feed,ann1,ann
feed,ann2,ann
feed,ann3,ann
feed,bob1,bob
feed,bob2,bob
"""
"""Ann has two records by her card and one apart, Bob one and one: four pairs are true."""


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    (tmp_path / "truth.csv").write_text(TRUTH, encoding="utf-8")
    with open_queue(tmp_path) as queue:
        yield queue


def judged(queue: Queue, rules: Settings = SHOP) -> dict[float, ThresholdFigures]:
    """Hold the customers against the truth, and return the figures by threshold."""
    evaluate_members(queue.con, queue.folder / "truth.csv")
    return {each.threshold: each for each in judge_thresholds(queue.context(rules))}


def rates(each: ThresholdFigures) -> list[tuple[float | None, float | None]]:
    """Return precision and recall of the edges, the clusters and the components."""
    return [(one.precision, one.recall) for one in (each.edges, each.clusters, each.components)]


def test_each_threshold_adds_the_pairs_of_its_proposals(queue):
    proposals = [
        Likely("ann1", "ann3", 0.97),
        Likely("bob1", "bob2", 0.9),
        Likely("ann3", "bob1", 0.3),
    ]
    queue.run(*PEOPLE, *BOB, proposals=proposals)

    found = judged(queue)

    assert {each: found[each].proposals for each in (0.05, 0.5, 0.9, 0.95, 0.99)} == {
        0.05: 3,
        0.5: 2,
        0.9: 2,  # a proposal at the threshold is one
        0.95: 1,
        0.99: 0,
    }
    assert rates(found[0.99]) == [(1.0, 0.25)] * 3  # ann1 ann2, as they are
    assert rates(found[0.95]) == [(1.0, 0.75)] * 3
    assert rates(found[0.5]) == [(1.0, 1.0)] * 3


def test_an_edge_counts_its_own_pairs_and_a_component_all_that_hangs_together(queue):
    proposals = [
        Likely("ann1", "ann3", 0.97),
        Likely("bob1", "bob2", 0.9),
        Likely("ann3", "bob1", 0.3),
    ]
    queue.run(*PEOPLE, *BOB, proposals=proposals)

    edges, clusters, components = rates(judged(queue)[0.2])

    assert edges == (0.8, 1.0)  # 4 right ones and ann3 bob1
    assert components == (0.4, 1.0)  # 10 pairs of five records
    assert clusters == (1.0, 1.0)  # the weak link does not join what two strong ones hold


def test_bcubed_counts_every_record_alike(queue):
    queue.run(*PEOPLE, *BOB, proposals=[Likely("ann3", "bob1", 0.97)])

    bcubed = judged(queue)[0.95].bcubed

    assert bcubed.precision == 0.8  # 1, 1, 1/2, 1/2, 1
    assert bcubed.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5, abs=1e-6)


def test_a_guard_holds_in_the_groups_and_not_in_the_edges(queue):
    rows = (PEOPLE[0], PEOPLE[1], BOB[0] | {"card": "2"})
    queue.run(*rows, proposals=[Likely("ann1", "bob1", 0.97)])

    edges, clusters, components = rates(judged(queue)[0.95])

    assert edges == components == (0.333333, 1.0)
    assert clusters == (1.0, 1.0)


def test_two_birth_dates_hold_as_a_guard_too(queue):
    rows = (PEOPLE[0] | {"born": "1980"}, BOB[0] | {"born": "1990"})
    queue.run(*rows, proposals=[Likely("ann1", "bob1", 0.97)])

    assert judged(queue)[0.95].clusters.precision is None


def test_a_decision_to_keep_apart_holds_in_the_groups(queue):
    decide(queue.con, "keep_apart", ["ann3"], ["bob1"])
    queue.run(PEOPLE[2], BOB[0], proposals=[Likely("ann3", "bob1", 0.97)])

    _, clusters, components = rates(judged(queue)[0.95])

    assert clusters[0] is None  # no pair is joined
    assert components[0] == 0.0


def test_a_source_that_lists_a_person_once_holds_in_the_groups(queue):
    queue.run(PEOPLE[2], BOB[0], proposals=[Likely("ann3", "bob1", 0.97)])
    rules = SHOP.model_copy(update={"probabilistic": Probabilistic(one_to_one=("feed",))})

    assert judged(queue, rules)[0.95].clusters.precision is None


def test_records_without_a_label_do_not_count(queue):
    queue.run(PEOPLE[0], {"id": "zoe", "mail": "z"}, proposals=[Likely("ann1", "zoe", 0.97)])

    found = judged(queue)[0.95]

    assert found.proposals == 1
    assert found.edges.precision is None


def test_thresholds_of_the_configuration_are_judged_too(queue):
    queue.run(PEOPLE[0], BOB[0], proposals=[Likely("ann1", "bob1")])
    probabilistic = Probabilistic(review_above=0.6, accept_above=0.97)
    rules = SHOP.model_copy(update={"probabilistic": probabilistic})

    found = judged(queue, rules)

    assert sorted(found) == sorted([*THRESHOLDS, 0.6, 0.97])
    lines = as_lines(list(found.values()), rules)
    assert [line.split()[-1] for line in lines if "_above" in line][:2] == [
        "review_above",
        "accept_above",
    ]


def test_where_nothing_was_proposed_there_is_nothing_to_judge(queue):
    queue.run(*PEOPLE)

    assert not has_proposals(queue.con)


# Held against brute force


customers = st.sampled_from("abcdefg")
labels = st.lists(st.tuples(customers, st.sampled_from("xyz")), min_size=1, max_size=14)
links = st.dictionaries(
    st.tuples(customers, customers).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.05, 0.3, 0.5, 0.9, 0.99]),
    max_size=12,
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    folder = tmp_path_factory.mktemp("empty")
    with open_warehouse(folder / "c360.duckdb") as con:
        make_proposal_tables(con)
        more = {
            "identity.disowned": "keyring uuid, identifier uuid, reason varchar",
            "identity.verdict": "identifier uuid, status varchar",
        }
        for table, columns in (RECORD_TABLES | KEPT_TABLES | more).items():
            con.execute(f"create table if not exists {table} ({columns})").fetchall()
        yield Context(con, SHOP, Workspace(folder), NOON, 1)


def given(con: duckdb.DuckDBPyConnection, labels: Any, links: Any) -> None:
    """Make records of (customer, person) with their truth, and scored pairs of customers."""
    columns = {"source": "varchar", "record_id": "varchar"}
    found = [("s", str(n), customer) for n, (customer, _) in enumerate(labels)]
    known = [("s", str(n), person) for n, (_, person) in enumerate(labels)]
    fill_table(con, "main.found", columns | {"customer_id": "varchar"}, found)
    fill_table(con, "main.known", columns | {"person": "varchar"}, known)
    compare_labellings(con, "found", "known")
    con.execute("delete from identity.proposal").fetchall()
    for (left, right), probability in links.items():
        con.execute(
            "insert into identity.proposal values ($l, $r, 'm', 0, $p, '')",
            {"l": left, "r": right, "p": probability},
        ).fetchall()


@example_settings(max_examples=10, deadline=None)
@for_all(labels, links)
def test_the_figures_are_those_of_looking_at_every_pair(empty, labels, links):
    given(empty.con, labels, links)

    found = {each.threshold: each for each in judge_thresholds(empty)}

    edges = [Edge(left, right, p) for (left, right), p in links.items()]
    for threshold in (0.05, 0.5, 0.95):
        reached = {pair for pair, probability in links.items() if probability >= threshold}
        graph = nx.Graph(list(reached))
        linked = link_clusters(edges, {}, {}, join_above=threshold)
        for rates, groups in (
            (found[threshold].edges, reached),
            (found[threshold].clusters, linked),
            (found[threshold].components, list(nx.connected_components(graph))),
        ):
            assert (rates.precision, rates.recall) == _by_pairs(labels, groups)


def _by_pairs(labels: Any, groups: Any) -> tuple[float | None, float | None]:
    pairs = [
        (
            left[0] == right[0] or any({left[0], right[0]} <= set(group) for group in groups),
            left[1] == right[1],
        )
        for left, right in combinations(labels, 2)
    ]
    right, found, true = (
        sum(map(all, pairs)),
        sum(is_found for is_found, _ in pairs),
        sum(is_true for _, is_true in pairs),
    )
    return (
        round(right / found, 6) if found else None,
        round(right / true, 6) if true else None,
    )


@example_settings(max_examples=6, deadline=None)
@for_all(st.data(), labels, links)
def test_the_order_of_the_proposals_does_not_matter(empty, data, labels, links):
    shuffled = dict(data.draw(st.permutations(list(links.items()))))
    given(empty.con, labels, links)
    before = judge_thresholds(empty)
    given(empty.con, labels, shuffled)

    assert judge_thresholds(empty) == before


@example_settings(max_examples=6, deadline=None)
@for_all(labels, links)
def test_the_higher_the_threshold_the_fewer_true_pairs_are_found(empty, labels, links):
    given(empty.con, labels, links)

    found = judge_thresholds(empty)

    for rates in ("edges", "components"):
        recalls = [getattr(each, rates).recall or 0.0 for each in found]
        assert recalls == sorted(recalls, reverse=True)


# Who could not even be linked to himself


NAMED = {"first_name": "first_name", "born": "date_of_birth"}


@pytest.fixture
def compared(tmp_path: Path) -> Iterator[Context]:
    """A model in which a first name weighs 3 bits, a birth date 10, and the prior -10."""
    tree = SHOP.model_dump()
    tree["sources"]["feed"]["attributes"] = {name: name for name in NAMED}
    tree["identifiers"] = {"card": tree["identifiers"]["card"]}
    tree["sources"]["feed"]["identifiers"] = {"card": "card"}
    tree["guards"] = {}
    tree["probabilistic"] = {"enabled": True, "fields": NAMED}
    rules = Settings.model_validate(tree)
    fields = compared_fields(rules)
    model = make_model(
        {
            "fields": signature(fields),
            "prior": 1 / 1025,
            "records": 4,
            "comparisons": [
                {
                    "name": each.name,
                    "levels": [
                        {
                            "words": level.words,
                            "m": 0.8 if number == 0 else 0.1,
                            "u": 0.8 * 2 ** (-3 if each.name == "first_name" else -10)
                            if number == 0
                            else 0.5,
                        }
                        for number, level in enumerate(each.levels)
                    ],
                }
                for each in comparisons_of(fields)
            ],
        }
    )
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        make_proposal_tables(con)
        con.execute(
            "create temp table term_frequency (field varchar, value varchar, frequency double)"
        ).fetchall()
        save_model(con, Workspace(tmp_path), model)
        for level in levels_of(model):
            con.execute(
                "insert into identity.model_level by name select $m as model, 1 as run,"
                " $c as comparison, $l as level",
                {"m": model.model_id, "c": level.comparison, "l": level.words},
            ).fetchall()
        yield Context(con, rules, Workspace(tmp_path), NOON, 1)


VALUES = """
c1  first_name  ann         1
c1  born        1980-01-01  1
c2  first_name  ann         1
c3  first_name  eve         1
c3  first_name  eva         2
c4  born        1990-02-03  1
"""
"""c1 reaches 3 bits against itself, c4 0, c2 and c3 -7; to have a second name adds nothing."""


def test_who_is_known_by_little_does_not_even_reach_a_threshold_against_himself(compared):
    for line in VALUES.split("\n")[1:-1]:
        compared.con.execute(
            "insert into identity.compared_value values (?, ?, ?, ?)", line.split()
        ).fetchall()

    assert unlinkable_shares(compared, [0.001, 0.4, 0.6, 0.95]) == {
        0.001: 0.0,
        0.4: 0.5,
        0.6: 0.75,
        0.95: 1.0,
    }


def test_without_the_file_of_the_model_nobody_is_called_unlinkable(compared):
    for path in compared.workspace.model("").glob("*.json"):
        path.unlink()

    assert unlinkable_shares(compared, [0.5]) == {}
