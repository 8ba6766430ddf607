"""What joins the links of a plain Splink run best: `python bench/linkage.py DATA_FOLDER`.

The data sets of `plain_splink` are scored without their truth. The links at a threshold are held
against the groups that several linkages make of them. Prints a Markdown table.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heappop, heappush
from math import log2
from pathlib import Path

import networkx as nx

from bench.plain_splink import DATA_SETS, scored
from c360.identity.probabilistic.layout import KEPT_ABOVE
from c360.identity.probabilistic.linkage import Edge, link_clusters

THRESHOLDS = (0.1, 0.5, 0.9, 0.95, 0.99, 0.9999)
Groups = list[frozenset[str]]


def main() -> None:
    """Score every data set, link it in every way and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds the data sets")
    parser.add_argument("--only", choices=DATA_SETS, help="one data set")
    arguments = parser.parse_args()
    head = ("data", "threshold", "linkage", "P", "R", "F1", "B-cubed P", "R", "F1", "largest")
    _print_row(head)
    _print_row(("---", "---:", "---", *["---:"] * 7))
    for name, known in DATA_SETS.items():
        if arguments.only in (None, name):
            edges, person_of = scored(known, arguments.data)
            for threshold in THRESHOLDS:
                for linkage, cells in measured(edges, person_of, threshold):
                    _print_row((name, f"{threshold:g}", linkage, *cells))


def measured(
    edges: Sequence[Edge], person_of: Mapping[str, str], threshold: float
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the figures of the links, then those of every linkage's groups."""
    links = [
        (edge.customer_id_l, edge.customer_id_r)
        for edge in edges
        if edge.match_probability >= threshold
    ]
    hits = sum(person_of[left] == person_of[right] for left, right in links)
    true = sum(_pairs(count) for count in Counter(person_of.values()).values())
    yield "edges", (*_shown(hits / max(len(links), 1), hits / true), "", "", "", "2")
    components = [frozenset(group) for group in nx.connected_components(nx.Graph(links))]
    yield "components", figures(components, person_of)
    for linkage, mean, least in LINKAGES:
        yield linkage, figures(agglomerated(edges, threshold, mean, least), person_of)
    yield "link_clusters", figures(link_clusters(edges, {}, {}, join_above=threshold), person_of)


def figures(groups: Groups, person_of: Mapping[str, str]) -> tuple[str, ...]:
    """Return pairwise and B-cubed precision, recall and F1, and the size of the largest group."""
    size = Counter(person_of.values())
    joined = {each for group in groups for each in group}
    alone = [frozenset({each}) for each in person_of if each not in joined]
    found = hits = 0
    precision = recall = 0.0
    for group in [*groups, *alone]:
        shares = Counter(person_of[each] for each in group)
        found += _pairs(len(group))
        hits += sum(_pairs(count) for count in shares.values())
        precision += sum(count * count for count in shares.values()) / len(group)
        recall += sum(count * count / size[person] for person, count in shares.items())
    true = sum(_pairs(count) for count in size.values())
    records = len(person_of)
    return (
        *_shown(hits / max(found, 1), hits / true),
        *_shown(precision / records, recall / records),
        str(max(map(len, groups), default=1)),
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _shown(precision: float, recall: float) -> tuple[str, ...]:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return tuple(f"{each:.3f}" for each in (precision, recall, f1))


def agglomerated(
    edges: Sequence[Edge],
    threshold: float,
    mean: Callable[[Sequence[float], int], float],
    least: float | None,
) -> Groups:
    """Join the two groups of the highest mean until it is below `least` (None: the threshold)."""
    groups: dict[str, set[str]] = {}
    between: dict[str, dict[str, list[float]]] = defaultdict(dict)
    queue: list[tuple[float, str, str, int, int]] = []

    def ask(left: str, right: str) -> None:
        left, right = min(left, right), max(left, right)
        some, sizes = between[left][right], (len(groups[left]), len(groups[right]))
        height = mean(some, sizes[0] * sizes[1])
        if max(some) >= threshold and height >= (threshold if least is None else least):
            heappush(queue, (-height, left, right, *sizes))

    for edge in edges:
        left, right = edge.customer_id_l, edge.customer_id_r
        groups[left], groups[right] = {left}, {right}
        between[left][right] = between[right][left] = [edge.match_probability]
    for edge in edges:
        ask(edge.customer_id_l, edge.customer_id_r)
    while queue:
        _, left, right, *sizes = heappop(queue)
        if [len(groups.get(each, ())) for each in (left, right)] == sizes:
            groups[left] |= groups.pop(right)
            del between[left][right]
            for other, some in between.pop(right).items():
                if other != left:
                    del between[other][right]
                    known = between[left].get(other, [])
                    between[left][other] = between[other][left] = known + some
            for other in between[left]:
                ask(left, other)
    return [frozenset(group) for group in groups.values() if len(group) > 1]


def _complete(some: Sequence[float], pairs: int) -> float:
    return min(some) if len(some) == pairs else 0.0


def _average(some: Sequence[float], pairs: int) -> float:
    return sum(some) / pairs


def _median(some: Sequence[float], pairs: int) -> float:
    place = (pairs - 1) // 2 - (pairs - len(some))
    return sorted(some)[place] if place >= 0 else 0.0


def _sum_of_weights(some: Sequence[float], pairs: int) -> float:
    return sum(map(_weight, some)) + (pairs - len(some)) * _weight(KEPT_ABOVE)


def _mean_of_weights(some: Sequence[float], pairs: int) -> float:
    return _sum_of_weights(some, pairs) / pairs


def _weight(match_probability: float) -> float:
    kept = min(max(match_probability, 2**-10), 1 - 2**-10)
    return log2(kept / (1 - kept))


LINKAGES: tuple[tuple[str, Callable[[Sequence[float], int], float], float | None], ...] = (
    ("complete", _complete, None),
    ("average >= .5", _average, 0.5),
    ("average >= threshold", _average, None),
    ("median >= .5", _median, 0.5),
    ("sum of weights >= 0", _sum_of_weights, 0.0),
    ("mean of weights >= 0", _mean_of_weights, 0.0),
)
"""The rivals: how the probabilities between two groups of so many pairs are read, and from when
on the groups are joined. A pair without an edge has probability 0, or the weight of the least."""


def _print_row(cells: tuple[str, ...]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
