"""Where a customer is cut in two: the cheapest identifiers without which two ends are apart.

Nothing here reads a table: a graph of records and identifiers in, a cut out.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from c360.identity.explain_evidence import Value
from c360.identity.explain_paths import Node, bridges

if TYPE_CHECKING:
    from c360.identity.explain_paths import Graph

Part = frozenset[str]
"""Nodes of records that hang together."""

_SOURCE, _SINK = ("end", "l"), ("end", "r")


@dataclass(frozen=True, slots=True)
class Cut:
    """The identifiers that a cut goes through, and what is left of either side without them.

    `left` has at least as many records as `right`. A side has several parts where only the cut
    identifiers held it together; the largest comes first.
    """

    values: tuple[Value, ...]
    cost: int
    left: tuple[Part, ...]
    right: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds a customer together: a graph as of `evidence_graph`, whose record nodes are names.

    `records` says how many records each name stands for, `costs` what it takes to cut each
    identifier; records cannot be cut.
    """

    graph: "Graph"
    records: Mapping[str, int]
    costs: Mapping[Value, int]

    def size(self, parts: Iterable[Part]) -> int:
        """Return how many records the parts have."""
        return sum(self.records[name] for part in parts for name in part)

    def order(self, part: Part) -> tuple[int, str]:
        """Put the part with most records first."""
        return -self.size([part]), min(part)


def cut_between(holding: Holding, end_l: Collection[str], end_r: Collection[str]) -> Cut | None:
    """Return the cheapest cut between two ends, each of one or more names; None: they are apart.

    Of the two that lie nearest to either end it is the one that leaves fewer parts, then the one
    of which the smaller side has more records: the order of the ends does not matter (a minimum
    cut: Ford and Fulkerson 1956).
    """
    there = _separators(holding, end_l, end_r)
    if not there:
        return None
    back = _separators(holding, end_r, end_l)
    cuts = (_cut(holding, values, end_l, end_r) for values in (there, back))
    return min(cuts, key=lambda cut: _preference(holding, cut))


def propose_cut(holding: Holding, anchors: Collection[Value]) -> Cut | None:
    """Return the cheapest cut between parts that hold different anchors, else the weakest bridge.

    Anchors that records join are one part. The cheapest cut between any two parts also separates
    the first of them from some other, so only cuts from the first are looked at. None: everything
    is one part, and no single identifier holds two halves together.
    """
    first, *others = anchored_parts(holding.graph, anchors) or [frozenset[str]()]
    found = [cut_between(holding, first, other) for other in others]
    cuts = [cut for cut in found if cut is not None]
    if not cuts:
        return _cut_at_bridge(holding)
    return min(cuts, key=lambda cut: _preference(holding, cut))


def anchored_parts(graph: "Graph", anchors: Collection[Value]) -> list[Part]:
    """Return the records that each group of anchors holds, groups that share a record as one."""
    held = {name for anchor in anchors if anchor in graph for name in graph[anchor]}
    view = graph.subgraph({*held, *anchors})
    parts = [_names(nodes) for nodes in nx.connected_components(view)]
    return sorted((part for part in parts if part), key=min)


def _separators(
    holding: Holding, end_l: Collection[str], end_r: Collection[str]
) -> tuple[Value, ...]:
    """Return the cheapest identifiers between two ends, those nearest to `end_r`.

    An identifier is an edge with a capacity, from where one enters it to where one leaves it; an
    edge without a capacity can take any flow. No flow leads through records that hang on one
    identifier alone: most records of a large customer do.
    """
    network: nx.DiGraph[object] = nx.DiGraph()
    ends = {*end_l, *end_r}
    for value in _values(holding.graph):
        network.add_edge(("in", value), ("out", value), capacity=holding.costs[value])
        for name in holding.graph[value]:
            if len(holding.graph[name]) > 1 or name in ends:
                network.add_edge(name, ("in", value))
                network.add_edge(("out", value), name)
    network.add_edges_from((_SOURCE, name) for name in end_l)
    network.add_edges_from((name, _SINK) for name in end_r)
    _, (before, _) = nx.minimum_cut(network, _SOURCE, _SINK)
    return tuple(
        sorted(
            value
            for value in _values(holding.graph)
            if ("in", value) in before and ("out", value) not in before
        )
    )


def _cut(
    holding: Holding, values: tuple[Value, ...], end_l: Collection[str], end_r: Collection[str]
) -> Cut:
    """Return the sides of a cut; parts that hang on neither end go with the larger side."""
    parts = _parts_without(holding, values)
    sides = [[part for part in parts if not part.isdisjoint(end)] for end in (end_l, end_r)]
    sides.sort(key=lambda side: (-holding.size(side), min(map(min, side))))
    hanging = {part for side in sides for part in side}
    sides[0] += [part for part in parts if part not in hanging]
    left, right = (tuple(sorted(side, key=holding.order)) for side in sides)
    return Cut(values, sum(holding.costs[value] for value in values), left, right)


def _cut_at_bridge(holding: Holding) -> Cut | None:
    """Return the cut through the weakest bridge, between the two largest parts that it joins."""
    weakest = min(
        bridges(holding.graph, holding.records),
        key=lambda bridge: (holding.costs[bridge.value], -bridge.parts[1], bridge.value),
        default=None,
    )
    if weakest is None:
        return None
    carriers = frozenset(_names(holding.graph[weakest.value]))
    parts = _parts_without(holding, [weakest.value])
    joined = sorted((part for part in parts if part & carriers), key=holding.order)
    return _cut(holding, (weakest.value,), joined[0], joined[1])


def _parts_without(holding: Holding, values: Iterable[Value]) -> list[Part]:
    rest = nx.restricted_view(holding.graph, values, [])
    parts = map(_names, nx.connected_components(rest))
    return [part for part in parts if part]


def _preference(holding: Holding, cut: Cut) -> tuple[int, int, int, tuple[Value, ...], str]:
    """Order cuts: the cheapest, with the fewest parts, the most records on the smaller side."""
    parts = len(cut.left) + len(cut.right)
    return cut.cost, parts, -holding.size(cut.right), cut.values, min(map(min, cut.left))


def _values(graph: "Graph") -> Iterable[Value]:
    return (node for node in graph if isinstance(node, Value))


def _names(nodes: Iterable[Node]) -> Part:
    return frozenset(node for node in nodes if not isinstance(node, Value))
