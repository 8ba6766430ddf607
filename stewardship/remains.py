"""What a cut leaves: with which side its identifiers stay, and what either side falls into."""

from collections.abc import Iterable
from typing import Literal

import networkx as nx

from c360.identity.explain_evidence import Value
from c360.stewardship.cut import Cut, Holding, Part


def keeper(holding: Holding, cut: Cut, value: Value) -> Literal["l", "r"] | None:
    """Return the side that a cut identifier stays with, because it holds that side together.

    Where it does so on both sides, it stays where it holds more pieces. None: it holds none.
    """
    held_l, held_r = (
        sum(_pieces(holding, cut, part) for part in side if _carries(holding, part, value))
        for side in (cut.left, cut.right)
    )
    if max(held_l, held_r) <= 1:
        return None
    return "l" if held_l >= held_r else "r"


def groups(
    holding: Holding, cut: Cut, side: Iterable[Part], kept: Iterable[Value]
) -> tuple[int, ...]:
    """Return the records of each group that the identifiers kept by a side hold, the most first."""
    kept = [*kept]
    held: nx.Graph[Part | Value] = nx.Graph()
    alone = 0
    for part in side:
        carried = [value for value in kept if _carries(holding, part, value)]
        if not carried and _pieces(holding, cut, part) > 1:
            alone += holding.size([part])
        else:
            held.add_node(part)
            held.add_edges_from((part, value) for value in carried)
    sizes = (
        holding.size(node for node in component if not isinstance(node, Value))
        for component in nx.connected_components(held)
    )
    return *sorted(sizes, reverse=True), *(1 for _ in range(alone))


def _carries(holding: Holding, part: Part, value: Value) -> bool:
    return not part.isdisjoint(holding.graph[value])


def _pieces(holding: Holding, cut: Cut, part: Part) -> int:
    """Return into how many a part falls: records that carry nothing but what is cut stand alone."""
    carried = {value for name in part for value in holding.graph[name]}
    return holding.size([part]) if carried <= {*cut.values} else 1
