"""A contested component: its values are taken one by one, and each joins what the guards allow."""

from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that would join `clusters`. `order` decides which claim is heard first."""

    ident: int
    order: tuple[object, ...]
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that would break `guard`: the `count` values of it include one of each cluster."""

    ident: int
    guard: int
    count: int
    cluster_l: int
    cluster_r: int


Facts = Mapping[int, frozenset[int]]
"""What the guards count in one cluster: guard → the values that the cluster holds."""


Excuses = Mapping[int, Mapping[int, int]]
"""What people allowed one cluster beyond the guards: guard → value → the value it counts as."""


def hear(
    claims: Iterable[Claim],
    facts: Mapping[int, Facts],
    most: Mapping[int, int],
    excuses: Mapping[int, Excuses] = MappingProxyType({}),
) -> tuple[dict[int, int], list[Refusal]]:
    """Join the clusters of each claim in turn, if every guard holds afterwards.

    Args:
        claims: Every eligible value of the component.
        facts: What each cluster holds; a cluster that holds nothing may be missing.
        most: The values of each guard that one customer may hold.
        excuses: By cluster; they hold for whatever joins it.

    Returns:
        The smallest cluster that each cluster has been joined to, and the refused claims.
    """
    parent: dict[int, int] = {}
    held: ChainMap[int, Facts] = ChainMap({}, dict(facts))
    excused: ChainMap[int, Excuses] = ChainMap({}, dict(excuses))
    refusals = []
    for claim in sorted(claims, key=lambda claim: claim.order):
        roots = sorted({_root(parent, cluster) for cluster in claim.clusters})
        excuse = _union_of_excuses([excused[root] for root in roots if root in excused])
        counted = {root: _count_as(held[root], excuse) for root in roots if root in held}
        union: dict[int, frozenset[int]] = {}
        for values_of in counted.values():
            for guard, values in values_of.items():
                union[guard] = union.get(guard, frozenset()) | values
        broken = min((g for g, values in union.items() if len(values) > most[g]), default=None)
        if broken is None:
            for root in roots:
                parent[root] = roots[0]
            held[roots[0]] = union
            if excuse:
                excused[roots[0]] = excuse
        else:
            refusals.append(_refusal(claim.ident, broken, union[broken], counted))
    return {cluster: _root(parent, cluster) for cluster in list(parent)}, refusals


def _root(parent: dict[int, int], cluster: int) -> int:
    root = parent.setdefault(cluster, cluster)
    while parent[root] != root:
        parent[root] = parent[parent[root]]
        root = parent[root]
    parent[cluster] = root
    return root


def _union_of_excuses(excuses: Sequence[Excuses]) -> dict[int, dict[int, int]]:
    """Put together what several clusters are allowed; of two the smaller value is counted."""
    union: dict[int, dict[int, int]] = {}
    for excuse in excuses:
        for guard, stands_for in excuse.items():
            known = union.setdefault(guard, {})
            for value, other in stands_for.items():
                known[value] = min(other, known.get(value, other))
    return union


def _count_as(facts: Facts, excuse: Excuses) -> Facts:
    if not excuse:
        return facts
    return {
        guard: frozenset(excuse.get(guard, {}).get(value, value) for value in values)
        for guard, values in facts.items()
    }


def _refusal(
    ident: int, guard: int, values: frozenset[int], counted: Mapping[int, Facts]
) -> Refusal:
    def holder(value: int) -> int:
        return min(r for r, facts in counted.items() if value in facts.get(guard, frozenset()))

    return Refusal(ident, guard, len(values), holder(min(values)), holder(max(values)))
