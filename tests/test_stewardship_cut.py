"""Where a customer is cut, on graphs small enough to draw: each record with what it carries."""

from collections.abc import Iterable, Mapping
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import assume
from hypothesis import given as for_all
from hypothesis import strategies as st

from c360.identity.explain_evidence import Link, Value
from c360.identity.explain_paths import Node, evidence_graph
from c360.stewardship.cut import Cut, Holding, anchored_parts, cut_between, propose_cut
from c360.stewardship.remains import groups, keeper

STRENGTH = {"card": (1, 100), "mail": (2, 10), "device": (3, 1)}
"""Tier and cost of each namespace: `mail2` is a value of the namespace mail."""

Carried = Mapping[str, str]


def value(name: str) -> Value:
    namespace = name.rstrip("0123456789")
    return Value(STRENGTH[namespace][0], namespace, name, name)


def holding(carried: Carried, **records: int) -> Holding:
    """Return what holds records together; each stands for one record unless `records` says more."""
    links = [
        Link(name, value(each), "joined", None, None, None)
        for name, values in carried.items()
        for each in values.split()
    ]
    graph = evidence_graph(links)
    return Holding(
        graph,
        dict.fromkeys(carried, 1) | records,
        {node: STRENGTH[node.namespace][1] for node in graph if isinstance(node, Value)},
    )


def cut(carried: Carried, *ends: str, **records: int) -> str:
    """Return the cut between two ends (`a b`: records a and b), or the one that is proposed.

    `a | b+c` stands for a side of the one part a, and one of the parts b and c.
    """
    given = holding(carried, **records)
    if ends:
        found = cut_between(given, ends[0].split(), ends[1].split())
    else:
        found = propose_cut(given, anchors(given.graph))
    return "nothing" if found is None else told(found)


def anchors(graph: Iterable[Node]) -> list[Value]:
    return [node for node in graph if isinstance(node, Value) and node.namespace == "card"]


def told(found: Cut) -> str:
    sides = ["+".join("".join(sorted(part)) for part in side) for side in (found.left, found.right)]
    return f"{' '.join(each.value for each in found.values)}: {' | '.join(sides)}"


CHAIN = {"a": "card1 mail1", "b": "mail1 device1", "c": "device1 mail2", "d": "mail2 card2"}
TWO_WAYS = {"a": "card1 mail1 device1", "b": "mail1", "c": "device1 mail2", "d": "mail1 mail2"}
STAR = {name: "card1" for name in "abcde"}


@pytest.mark.parametrize(
    ("carried", "ends", "expected"),
    [
        (CHAIN, ("a", "d"), "device1: ab | cd"),
        (CHAIN, ("a", "b"), "mail1: bcd | a"),
        (
            TWO_WAYS,
            ("a", "c"),
            "mail2 device1: abd | c",
        ),  # not mail1 and device1: b would hang on nothing
        (STAR, ("a", "b"), "card1: a+c+d+e | b"),  # who hangs on neither end goes with the larger
        (STAR, ("c d", "e"), "card1: a+b+c+d | e"),
        ({"a": "mail1", "b": "mail2"}, ("a", "b"), "nothing"),
        ({"a": "mail1 mail2", "b": "mail1 mail2"}, ("a", "b"), "mail1 mail2: a | b"),
    ],
)
def test_two_ends_are_cut_where_it_is_cheapest(carried, ends, expected):
    assert cut(carried, *ends) == expected


def test_the_larger_side_is_left_whichever_end_was_named_first():
    there = cut(CHAIN, "a", "d", d=9)
    back = cut(CHAIN, "d", "a", d=9)

    assert there == back == "device1: cd | ab"


def test_of_cuts_that_cost_the_same_the_more_balanced_is_taken():
    carried = {"a": "mail1", "b": "mail1 mail2", "c": "mail2"}

    assert cut(carried, "a", "c", a=5, b=3, c=1) == "mail1: a | bc"
    assert cut(carried, "a", "c", a=1, b=3, c=5) == "mail2: c | ab"


def test_parts_that_hold_different_anchors_are_proposed():
    assert cut(CHAIN) == "device1: ab | cd"


def test_anchors_that_a_record_joins_are_one_part():
    carried = CHAIN | {"e": "card1 card2"}

    parts = anchored_parts(holding(carried).graph, anchors(holding(carried).graph))

    assert parts == [frozenset("ade")]


def test_of_three_parts_the_pair_that_hangs_together_least_is_proposed():
    carried = {"a": "card1 mail1", "b": "card2 mail1 device1", "c": "card3 device1"}

    assert cut(carried) == "device1: ab | c"


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ({"a": "card1", "b": "card1 mail1", "c": "mail1"}, "mail1: ab | c"),
        ({"a": "mail1", "b": "mail1 mail2", "c": "mail2 mail3", "d": "mail3"}, "mail2: ab | cd"),
        ({"a": "mail1", "b": "mail1"}, "mail1: a | b"),
        ({"a": "mail1 mail2", "b": "mail1 mail2"}, "nothing"),  # no single value holds it
        ({"a": "card1"}, "nothing"),
    ],
)
def test_without_two_anchored_parts_the_weakest_most_balanced_bridge_is_proposed(carried, expected):
    assert cut(carried) == expected


@pytest.mark.parametrize(
    ("carried", "sizes", "expected"),
    [
        (STAR, {}, "l: (4,) | (1,)"),  # the star's card goes on holding four
        (CHAIN, {}, "nobody: (3,) | (1,)"),
        ({"a": "card1", "b": "card1"}, {"b": 3}, "l: (3,) | (1,)"),  # b: three of one keyring
        ({"a": "card1", "b": "card1 mail1"}, {"b": 3}, "nobody: (3,) | (1,)"),
        ({"a": "card1 mail1", "b": "card1 mail1", "c": "mail1"}, {}, "nobody l: (2,) | (1,)"),
    ],
)
def test_what_the_cut_goes_through_stays_with_what_it_holds_together(carried, sizes, expected):
    given = holding(carried, **sizes)
    found = cut_between(given, ["a"], ["b"])
    assert found is not None

    sides = {value: keeper(given, found, value) for value in found.values}
    kept = {side: [value for value, keeps in sides.items() if keeps == side] for side in "lr"}
    left = groups(given, found, found.left, kept["l"])
    right = groups(given, found, found.right, kept["r"])

    told_sides = " ".join(side or "nobody" for side in sides.values())
    assert f"{told_sides}: {left} | {right}" == expected


def test_without_an_identifier_that_stays_records_that_carry_the_same_stand_alone():
    given = holding({"a": "card1", "b": "card1"}, b=3)
    found = cut_between(given, ["a"], ["b"])
    assert found is not None

    assert groups(given, found, found.left, []) == (1, 1, 1)


VALUES = ["card1", "card2", "mail1", "mail2", "mail3", "device1", "device2"]
carriers = st.dictionaries(
    st.sampled_from("abcdefg"),
    st.sets(st.sampled_from(VALUES), min_size=1),
    min_size=2,
).map(lambda carried: {name: " ".join(sorted(values)) for name, values in carried.items()})


def without_second_cards(carried: Carried) -> Carried:
    """Take the card away that would make one anchored part of all."""
    return {name: values.replace("card1 card2", "card1") for name, values in carried.items()}


def cheapest(given: Holding, end_l: Iterable[str], end_r: Iterable[str]) -> int:
    """Return the cost of the cheapest set of identifiers without which two ends are apart."""
    every = sorted(given.costs)
    sets = [each for n in range(len(every) + 1) for each in combinations(every, n)]
    return min(
        sum(given.costs[value] for value in values)
        for values in sets
        if not any(
            nx.has_path(nx.restricted_view(given.graph, values, []), left, right)
            for left in end_l
            for right in end_r
        )
    )


@for_all(carriers, st.data())
def test_no_set_of_identifiers_is_cheaper_than_the_cut(carried: Carried, data: st.DataObject):
    given = holding(carried)
    end_l, end_r, *_ = data.draw(st.permutations(sorted(carried)))

    found = cut_between(given, [end_l], [end_r])

    assert (found.cost if found else 0) == cheapest(given, [end_l], [end_r])


@for_all(carriers.map(without_second_cards))
def test_no_two_anchored_parts_are_cheaper_to_cut_than_the_proposal(carried: Carried):
    given = holding(
        {name: f"{values} device3" for name, values in carried.items()}
        | {"x": "card1 device3", "y": "card2 device3"}
    )
    parts = anchored_parts(given.graph, anchors(given.graph))

    found = propose_cut(given, anchors(given.graph))

    assert found is not None
    assert found.cost == min(cheapest(given, *pair) for pair in combinations(parts, 2))


@for_all(carriers, st.data())
def test_every_record_is_on_one_side_and_no_value_beside_the_cut_is_on_both(
    carried: Carried, data: st.DataObject
):
    given = holding(carried)
    end_l, end_r, *_ = data.draw(st.permutations(sorted(carried)))
    found = cut_between(given, [end_l], [end_r])
    assume(found is not None)
    assert found is not None

    left, right = (
        sorted(name for part in side for name in part) for side in (found.left, found.right)
    )

    assert sorted([*left, *right]) == sorted(carried)
    assert (end_l in left) == (end_r in right)
    assert len(left) >= len(right)
    on_both = {v for a in left for v in given.graph[a]} & {v for b in right for v in given.graph[b]}
    assert on_both <= {*found.values}


@for_all(carriers, st.randoms(use_true_random=False))
def test_the_order_in_which_records_are_read_makes_no_difference(carried: Carried, random):
    shuffled = list(carried.items())
    random.shuffle(shuffled)

    assert cut(carried) == cut(dict(shuffled))
