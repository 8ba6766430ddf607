"""Groups of customers that probable links join: a rule for whole groups, so that chains do not.

Plain connected components let one false link join two families. Here two groups are joined only
where the pairs between them match on average: average linkage (Sokal and Michener, 1958) on the
match weights, in which a pair that nothing links speaks against (correlation clustering).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import log2

from c360.identity.probabilistic.layout import KEPT_ABOVE

Claims = Mapping[str, frozenset[tuple[str, str]]]
"""What each customer holds of guarded things: (guard, value)."""

MOST_BITS = 8.0
"""A link's weight counts at most this much, for and against. It is less than what two pairs without
an edge weigh: however strong its links, a chain of four is never one group."""

ASKED_SHARE = 0.15
"""Share of the weight asked of a link that the mean of all pairs must reach. With none, groups at
high thresholds are less precise than their links; more costs recall (`bench/linkage.py`)."""

MICRO = 1_000_000
"""Weights are added as whole millionths of a bit: the order of addition cannot matter."""


def _micro_bits(match_probability: float) -> int:
    if match_probability <= 0 or match_probability >= 1:
        return round((MOST_BITS if match_probability >= 1 else -MOST_BITS) * MICRO)
    bits = log2(match_probability / (1 - match_probability))
    return round(max(-MOST_BITS, min(bits, MOST_BITS)) * MICRO)


UNLINKED = _micro_bits(KEPT_ABOVE)
"""The weight of a pair without an edge: at most that of the weakest pair that is kept."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A scored pair of customers, `customer_id_l < customer_id_r`."""

    customer_id_l: str
    customer_id_r: str
    match_probability: float


@dataclass(frozen=True, slots=True)
class _Rule:
    """`asked` is the least mean weight between two groups that are joined."""

    limits: Mapping[str, int]
    join_above: float
    asked: float


@dataclass(slots=True)
class _Group:
    """Customers joined so far.

    `links` are by the other group: by how much the weights of its edges exceed `UNLINKED`, in all,
    and how many of them join.
    """

    smallest: str
    members: list[str]
    held: dict[str, set[str]]
    links: dict[int, tuple[int, int]] = field(default_factory=dict[int, tuple[int, int]])


@dataclass(slots=True)
class _Component:
    """Groups by number, and the pairs of them that may be joined, the highest mean first."""

    rule: _Rule
    groups: dict[int, _Group]
    queue: list[tuple[float, str, str, int, int]] = field(
        default_factory=list[tuple[float, str, str, int, int]]
    )
    queued: dict[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])


def link_clusters(
    edges: Iterable[Edge], claims: Claims, limits: Mapping[str, int], *, join_above: float
) -> list[frozenset[str]]:
    """Return the groups of two or more customers to join, ordered by their smallest id.

    The two groups with the highest mean weight are joined first; equal means are ordered by ids.
    They are joined where a link of at least `join_above` is between them, the mean of all pairs
    between them is at least `ASKED_SHARE` of that threshold's weight, and every guard holds.

    Args:
        edges: Every scored pair that was kept. One below `join_above` joins nobody, but it counts
            in the mean, where it speaks less against than a pair without an edge.
        claims: What the customers hold of guarded things. One that breaks a guard by itself is
            joined to nobody.
        limits: Most distinct values of a guard within a group; 1 where it is not named.
        join_above: Least match probability of a link that joins; below one half no link does.
    """
    rule = _Rule(limits, join_above, ASKED_SHARE * max(_micro_bits(join_above), 0))
    probability: dict[tuple[str, str], float] = {}
    for edge in edges:
        pair = (edge.customer_id_l, edge.customer_id_r)
        probability[pair] = max(edge.match_probability, probability.get(pair, 0.0))
    found: list[frozenset[str]] = []
    for component in _components(probability, join_above):
        found += _joined(component, claims, rule)
    return sorted(found, key=min)


def _holds(held: Mapping[str, set[str]], limits: Mapping[str, int]) -> bool:
    return all(len(values) <= limits.get(guard, 1) for guard, values in held.items())


def _by_guard(held: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    values: dict[str, set[str]] = {}
    for guard, value in held:
        values.setdefault(guard, set()).add(value)
    return values


def _components(
    probability: Mapping[tuple[str, str], float], join_above: float
) -> Iterator[list[Edge]]:
    """Yield the edges within each component that the joining links connect."""
    parent: dict[str, str] = {}
    for (left, right), each in probability.items():
        if each >= join_above:
            one, other = _root(parent, left), _root(parent, right)
            parent[max(one, other)] = min(one, other)
    inside: dict[str, list[Edge]] = defaultdict(list)
    for (left, right), each in probability.items():
        if left in parent and right in parent:
            root = _root(parent, left)
            if root == _root(parent, right):
                inside[root].append(Edge(left, right, each))
    yield from inside.values()


def _root(parent: dict[str, str], node: str) -> str:
    root = parent.setdefault(node, node)
    while parent[root] != root:
        parent[root] = parent[parent[root]]
        root = parent[root]
    parent[node] = root
    return root


def _joined(edges: Sequence[Edge], claims: Claims, rule: _Rule) -> list[frozenset[str]]:
    """Join the customers of one component.

    A queued mean never understates: that of a joined group to a third one is at most the higher
    mean of its parts. So a mean is queued again only where links were added; any other is corrected
    when its turn comes. A pair in the queue has links between a third of its members or more, so
    that corrections stay few.
    """
    component = _Component(rule, _singles(edges, claims, rule))
    for left, group in component.groups.items():
        for right in group.links:
            if left < right:
                _ask(component, left, right)
    while component.queue:
        negative_mean, _, _, left, right = heappop(component.queue)
        if component.queued.get((left, right)) == -negative_mean:
            if _mean(component, left, right) != -negative_mean:
                _ask(component, left, right)
            elif _is_allowed(component, left, right):
                _join(component, left, right)
    groups = component.groups.values()
    return [frozenset(group.members) for group in groups if len(group.members) > 1]


def _singles(edges: Sequence[Edge], claims: Claims, rule: _Rule) -> dict[int, _Group]:
    """Return each customer as a group, without those that break a guard by themselves."""
    nodes = sorted({end for edge in edges for end in (edge.customer_id_l, edge.customer_id_r)})
    held = {node: _by_guard(claims.get(node, ())) for node in nodes}
    alone = [node for node in nodes if _holds(held[node], rule.limits)]
    number = {node: place for place, node in enumerate(alone)}
    groups = {place: _Group(node, [node], held[node]) for node, place in number.items()}
    for edge in edges:
        left, right = number.get(edge.customer_id_l), number.get(edge.customer_id_r)
        if left is None or right is None:
            continue
        excess = _micro_bits(edge.match_probability) - UNLINKED
        link = (excess, int(edge.match_probability >= rule.join_above))
        groups[left].links[right] = groups[right].links[left] = link
    return groups


def _ask(component: _Component, left: int, right: int) -> None:
    """Queue two groups under their mean, if they may be joined."""
    groups, rule = component.groups, component.rule
    mean = _mean(component, left, right)
    pair = (min(left, right), max(left, right))
    if mean >= rule.asked and groups[left].links[right][1]:
        component.queued[pair] = mean
        names = sorted((groups[left].smallest, groups[right].smallest))
        heappush(component.queue, (-mean, names[0], names[1], *pair))
    else:
        component.queued.pop(pair, None)


def _mean(component: _Component, left: int, right: int) -> float:
    """Return the mean weight of the pairs between two groups, in millionths of a bit."""
    one, other = component.groups[left], component.groups[right]
    pairs = len(one.members) * len(other.members)
    return (one.links[right][0] + pairs * UNLINKED) / pairs


def _is_allowed(component: _Component, left: int, right: int) -> bool:
    """Say if every guard holds for two groups together; each holds them by itself."""
    less, more = sorted((component.groups[left].held, component.groups[right].held), key=len)
    both = {guard: values | more[guard] for guard, values in less.items() if guard in more}
    return _holds(both, component.rule.limits)


def _join(component: _Component, left: int, right: int) -> None:
    """Let the group with more links take in the other one."""
    groups, queued = component.groups, component.queued
    if len(groups[left].links) < len(groups[right].links):
        left, right = right, left
    kept, gone = groups[left], groups.pop(right)
    del kept.links[right]
    queued.pop((min(left, right), max(left, right)), None)
    kept.smallest = min(kept.smallest, gone.smallest)
    less, kept.members = sorted((kept.members, gone.members), key=len)
    kept.members += less
    held, kept.held = sorted((kept.held, gone.held), key=len)
    for guard, values in held.items():
        kept.held[guard] = kept.held.get(guard, set()) | values
    for other, (excess, joining) in gone.links.items():
        if other != left:
            queued.pop((min(right, other), max(right, other)), None)
            del groups[other].links[right]
            known = kept.links.get(other, (0, 0))
            link = (known[0] + excess, known[1] + joining)
            kept.links[other] = groups[other].links[left] = link
            _ask(component, left, other)
