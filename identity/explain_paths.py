"""The graph of keyrings and the identifiers that join them: paths through it, and its bridges.

Nothing here reads a table: links in, findings out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from c360.config import DECISION
from c360.identity.explain_evidence import Link, Value

Node = str | Value
"""A keyring, or an identifier that keyrings carry."""

if TYPE_CHECKING:
    Graph = nx.Graph[Node]

BLOCKED = frozenset({"shared", "refused"})
"""What might have joined, had a guard not forbidden it."""

_STEP = 1_000
"""Cost of an edge beside its tier, so that a shorter path comes before a stronger one."""

_BARRIER = 1_000_000
"""Cost of a blocked edge: a path with fewer of them comes first, however long."""


@dataclass(frozen=True, slots=True)
class Bridge:
    """An identifier without which a customer falls apart: the records of each part, most first."""

    value: Value
    parts: tuple[int, ...]

    @property
    def cut_off(self) -> int:
        """How many records the identifier alone holds to the rest."""
        return sum(self.parts[1:])


def evidence_graph(links: Iterable[Link], *, with_blocked: bool = False) -> "Graph":
    """Return keyrings and identifiers, an edge where one carries the other and it joined.

    Args:
        links: Of the keyrings asked about. A keyring that nothing joins is a node of its own.
        with_blocked: Let shared and refused links in too, as barriers.
    """
    graph: Graph = nx.Graph()
    for link in links:
        graph.add_node(link.keyring)
        if link.status == "joined":
            graph.add_edge(link.keyring, link.value, cost=_STEP + link.value.tier)
        elif with_blocked and link.status in BLOCKED:
            graph.add_edge(link.keyring, link.value, cost=_BARRIER + link.value.tier)
    return graph


def shortest_path(graph: "Graph", starts: Iterable[Node], ends: Iterable[Node]) -> list[Node]:
    """Return the shortest path from any start to any end, the stronger of equally long ones.

    It is empty where there is none. Of equal ends the first is taken.
    """
    sources = [node for node in starts if node in graph]
    if not sources:
        return []
    paths = nx.multi_source_dijkstra_path(graph, sources, weight="cost")
    reached = [paths[node] for node in ends if node in paths]
    return min(reached, key=lambda path: nx.path_weight(graph, path, "cost"), default=[])


def root_of(graph: "Graph", records: Mapping[str, int]) -> Value | None:
    """Return the strongest identifier, of equally strong ones that of the most records.

    A decision comes last: it joins records, but they carry nothing else of it. None where nothing
    joins anything.
    """
    values = [node for node in graph if isinstance(node, Value)]
    held = {value: sum(records.get(k, 0) for k in _keyrings(graph[value])) for value in values}
    return min(
        values,
        key=lambda value: (value.namespace == DECISION, value.tier, -held[value], value),
        default=None,
    )


def routes(graph: "Graph", root: Value) -> dict[str, tuple[Node, ...]]:
    """Return for each keyring that reaches the root its shortest path there, the root last."""
    paths = nx.multi_source_dijkstra_path(graph, {root}, weight="cost")
    return {node: tuple(reversed(paths[node])) for node in paths if not isinstance(node, Value)}


def bridges(graph: "Graph", records: Mapping[str, int]) -> list[Bridge]:
    """Return the identifiers whose removal splits a component, what cuts off most records first.

    They are the articulation points of the graph (Hopcroft and Tarjan 1973) that are no keyrings.
    """
    cuts = set(nx.articulation_points(graph))
    tree: nx.Graph[Node | int] = nx.Graph()
    weight: dict[Node | int, int] = {cut: _records(cut, records) for cut in cuts}
    for number, edges in enumerate(nx.biconnected_component_edges(graph)):
        block = {node for edge in edges for node in edge[:2]}
        weight[number] = sum(_records(node, records) for node in block if node not in cuts)
        tree.add_edges_from((number, node) for node in block if node in cuts)
    parts = _parts(tree, weight)
    found = [
        Bridge(cut, tuple(sorted(parts[cut], reverse=True)))
        for cut in cuts
        if isinstance(cut, Value)
    ]
    return sorted(found, key=lambda bridge: (-bridge.cut_off, bridge.value))


def sides(graph: "Graph", value: Value) -> list[set[str]]:
    """Return the keyrings of each part that is left without `value`."""
    reached: set[Node] = {value}
    parts = []
    for neighbour in graph[value]:
        if neighbour not in reached:
            part = _flood(graph, neighbour, reached)
            parts.append(_keyrings(part))
    return parts


def separators(graph: "Graph", path: Sequence[Node]) -> list[Value]:
    """Return the identifiers on a path without which its two ends would be apart."""
    return [
        node
        for node in path[1:-1]
        if isinstance(node, Value)
        and not nx.has_path(nx.restricted_view(graph, [node], []), path[0], path[-1])
    ]


def _parts(
    tree: "nx.Graph[Node | int]", weight: Mapping[Node | int, int]
) -> dict[Node | int, list[int]]:
    """Return the records of the parts that each cut leaves, by one walk over each tree.

    A tree has the blocks of a component (numbers) and the cuts where they meet.
    """
    parts: dict[Node | int, list[int]] = {}
    for component in nx.connected_components(tree):
        root = next(node for node in component if isinstance(node, int))
        parent = dict(nx.bfs_predecessors(tree, root))
        below = {node: weight[node] for node in component}
        for node, above in reversed(parent.items()):
            below[above] += below[node]
        parts |= {
            node: [below[root] - below[node]] for node in component if not isinstance(node, int)
        }
        for node, above in parent.items():
            if above in parts:
                parts[above].append(below[node])
    return parts


def _flood(graph: "Graph", start: Node, reached: set[Node]) -> list[Node]:
    """Return the nodes that `start` leads to past those reached already, and mark them reached."""
    reached.add(start)
    flooded = [start]
    for node in flooded:
        fresh = [neighbour for neighbour in graph[node] if neighbour not in reached]
        reached.update(fresh)
        flooded += fresh
    return flooded


def _records(node: Node, records: Mapping[str, int]) -> int:
    return records.get(node, 0) if not isinstance(node, Value) else 0


def _keyrings(nodes: Iterable[Node]) -> set[str]:
    return {node for node in nodes if not isinstance(node, Value)}
