"""Paths, bridges and sides of a customer's graph, on graphs small enough to draw."""

from collections.abc import Iterable

import networkx as nx
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from c360.identity.explain_evidence import Link, Value
from c360.identity.explain_paths import (
    bridges,
    evidence_graph,
    root_of,
    routes,
    separators,
    shortest_path,
    sides,
)

TIERS = {"card": 1, "mail": 2, "device": 3}


def value(name: str) -> Value:
    namespace = name.rstrip("0123456789")
    return Value(TIERS[namespace], namespace, name, name)


def links(*told: str, status: str = "joined") -> list[Link]:
    """Write links as "keyring value value"."""
    return [
        Link(keyring, value(name), status, None, None, None)
        for keyring, *names in map(str.split, told)
        for name in names
    ]


CHAIN = links("a card1", "b card1 mail1", "c mail1 device1", "d device1")


def test_a_value_whose_removal_splits_the_customer_is_a_bridge():
    found = bridges(evidence_graph(CHAIN), {"a": 10, "b": 5, "c": 3, "d": 2})

    assert {bridge.value.value: bridge.parts for bridge in found} == {
        "card1": (10, 10),
        "mail1": (15, 5),
        "device1": (18, 2),
    }


def test_what_cuts_off_most_records_comes_first():
    found = bridges(evidence_graph(CHAIN), {"a": 10, "b": 5, "c": 3, "d": 2})

    assert [bridge.value.value for bridge in found] == ["card1", "mail1", "device1"]
    assert [bridge.cut_off for bridge in found] == [10, 5, 2]


def test_two_ways_between_records_leave_no_bridge():
    graph = evidence_graph(links("a card1 mail1", "b card1 mail1"))

    assert bridges(graph, {"a": 1, "b": 1}) == []


def test_a_hub_splits_into_as_many_parts_as_it_holds():
    graph = evidence_graph(links("a card1", "b card1", "c card1"))

    assert bridges(graph, {"a": 5, "b": 1, "c": 2})[0].parts == (5, 2, 1)


def test_the_sides_of_a_bridge_are_the_keyrings_of_each_part():
    assert sides(evidence_graph(CHAIN), value("mail1")) == [{"a", "b"}, {"c", "d"}]


def test_the_root_is_the_strongest_identifier_of_the_most_records():
    graph = evidence_graph(links("a card2 mail1", "b card1 mail1", "c card1"))

    assert root_of(graph, {"a": 1, "b": 1, "c": 1}) == value("card1")
    assert root_of(evidence_graph([]), {}) is None


def test_each_keyring_has_its_shortest_route_to_the_root():
    found = routes(evidence_graph(CHAIN), value("card1"))

    assert found["a"] == ("a", value("card1"))
    assert found["c"] == ("c", value("mail1"), "b", value("card1"))


def test_of_equally_short_paths_the_stronger_is_told():
    graph = evidence_graph(links("a mail1 device1", "b mail1 device1"))

    assert shortest_path(graph, ["a"], ["b"]) == ["a", value("mail1"), "b"]


def test_a_path_over_fewer_guards_comes_before_a_shorter_one():
    blocked = links("a mail1", "b mail1 mail2", "z mail2", "y mail3", "z mail3", status="shared")
    graph = evidence_graph(
        [*links("a card1", "x card1", "x device1", "y device1"), *blocked], with_blocked=True
    )

    path = shortest_path(graph, ["a"], ["z"])

    assert [node for node in path if isinstance(node, str)] == ["a", "x", "y", "z"]


@pytest.mark.parametrize("status", ["generic", "junk", "alone", "suppressed"])
def test_what_identifies_nobody_is_no_path(status):
    graph = evidence_graph(links("a mail1", "b mail1", status=status), with_blocked=True)

    assert shortest_path(graph, ["a"], ["b"]) == []


def test_a_path_may_begin_at_a_value():
    graph = evidence_graph(CHAIN)

    assert shortest_path(graph, [value("mail1")], ["a"])[0] == value("mail1")


def test_separators_are_the_values_without_which_two_records_are_apart():
    graph = evidence_graph([*CHAIN, *links("a mail1")])

    assert separators(graph, shortest_path(graph, ["a"], ["d"])) == [
        value("mail1"),
        value("device1"),
    ]


graphs = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["card1", "mail1", "mail2", "device1"])),
    min_size=1,
)


@for_all(graphs)
def test_the_parts_are_those_that_remain_when_the_value_is_taken_away(
    edges: Iterable[tuple[str, str]],
):
    graph = evidence_graph(links(*(f"{keyring} {name}" for keyring, name in edges)))
    records = {keyring: place for place, keyring in enumerate("abcdefgh", start=1)}

    found = {bridge.value: bridge.parts for bridge in bridges(graph, records)}

    for node in [node for node in graph if isinstance(node, Value)]:
        rest = graph.subgraph(nx.node_connected_component(graph, node) - {node})
        parts = [
            sum(records[k] for k in part if isinstance(k, str) and not isinstance(k, Value))
            for part in nx.connected_components(rest)
        ]
        expected = tuple(sorted(parts, reverse=True))
        assert found.get(node, expected if len(expected) < 2 else None) == expected
