"""A contested component: its values are taken one by one, and each joins what the guards allow."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that would join `clusters`. `order` decides which claim is heard first."""

    identifier: UUID
    order: tuple[object, ...]
    clusters: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that would break `guard`: the `count` values of it include one of each cluster."""

    identifier: UUID
    guard: str
    count: int
    cluster_l: int
    cluster_r: int


Facts = Mapping[str, frozenset[UUID]]
"""What the guards count in one cluster: guard → the values that the cluster holds."""


def hear(
    claims: Iterable[Claim], facts: Mapping[int, Facts], most: Mapping[str, int]
) -> tuple[dict[int, int], list[Refusal]]:
    """Join the clusters of each claim in turn, if every guard holds afterwards.

    Args:
        claims: Every eligible value of the component.
        facts: What each cluster holds; a cluster that holds nothing may be missing.
        most: The values of each guard that one customer may hold, the first guard asked first.

    Returns:
        The smallest cluster that each cluster has been joined to, and the refused claims.
    """
    parent: dict[int, int] = {}
    held: ChainMap[int, Facts] = ChainMap({}, dict(facts))
    refusals = []
    for claim in sorted(claims, key=lambda claim: claim.order):
        roots = sorted({_root(parent, cluster) for cluster in claim.clusters})
        union = {
            guard: frozenset().union(
                *(held.get(root, {}).get(guard, frozenset()) for root in roots)
            )
            for guard in most
        }
        broken = next((guard for guard in most if len(union[guard]) > most[guard]), None)
        if broken is None:
            for root in roots:
                parent[root] = roots[0]
            held[roots[0]] = union
        else:
            refusals.append(_refusal(claim.identifier, broken, union[broken], roots, held))
    return {cluster: _root(parent, cluster) for cluster in list(parent)}, refusals


def _root(parent: dict[int, int], cluster: int) -> int:
    root = parent.setdefault(cluster, cluster)
    while parent[root] != root:
        parent[root] = parent[parent[root]]
        root = parent[root]
    parent[cluster] = root
    return root


def _refusal(
    identifier: UUID,
    guard: str,
    values: frozenset[UUID],
    roots: list[int],
    held: Mapping[int, Facts],
) -> Refusal:
    def holder(value: UUID) -> int:
        return min(root for root in roots if value in held.get(root, {}).get(guard, frozenset()))

    return Refusal(identifier, guard, len(values), holder(min(values)), holder(max(values)))
