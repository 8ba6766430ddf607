"""A contested component: its values are taken one by one, and each joins what the guards allow."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


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


def hear(
    claims: Iterable[Claim], facts: Mapping[int, Facts], most: Mapping[int, int]
) -> tuple[dict[int, int], list[Refusal]]:
    """Join the clusters of each claim in turn, if every guard holds afterwards.

    Args:
        claims: Every eligible value of the component.
        facts: What each cluster holds; a cluster that holds nothing may be missing.
        most: The values of each guard that one customer may hold.

    Returns:
        The smallest cluster that each cluster has been joined to, and the refused claims.
    """
    parent: dict[int, int] = {}
    held: ChainMap[int, Facts] = ChainMap({}, dict(facts))
    refusals = []
    for claim in sorted(claims, key=lambda claim: claim.order):
        roots = sorted({_root(parent, cluster) for cluster in claim.clusters})
        union: dict[int, frozenset[int]] = {}
        for root in roots:
            for guard, values in held.get(root, {}).items():
                union[guard] = union.get(guard, frozenset()) | values
        broken = min((g for g, values in union.items() if len(values) > most[g]), default=None)
        if broken is None:
            for root in roots:
                parent[root] = roots[0]
            held[roots[0]] = union
        else:
            refusals.append(_refusal(claim.ident, broken, union[broken], roots, held))
    return {cluster: _root(parent, cluster) for cluster in list(parent)}, refusals


def _root(parent: dict[int, int], cluster: int) -> int:
    root = parent.setdefault(cluster, cluster)
    while parent[root] != root:
        parent[root] = parent[parent[root]]
        root = parent[root]
    parent[cluster] = root
    return root


def _refusal(
    ident: int,
    guard: int,
    values: frozenset[int],
    roots: list[int],
    held: Mapping[int, Facts],
) -> Refusal:
    def holder(value: int) -> int:
        return min(root for root in roots if value in held.get(root, {}).get(guard, frozenset()))

    return Refusal(ident, guard, len(values), holder(min(values)), holder(max(values)))
