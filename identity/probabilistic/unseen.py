"""Outcomes of which a part is unknown, and of which training has shown none.

A list that always has a city teaches nothing of customers that have none.
"""

from collections.abc import Iterable, Mapping

Probabilities = tuple[float, float]
Trained = dict[tuple[str, str], Probabilities]

UNKNOWN = frozenset({"last name unknown", "home unknown"})
"""Parts of an outcome that say nothing: it weighs what its other part does."""


def fill_unseen(trained: Mapping[tuple[str, str], Probabilities], unseen: Probabilities) -> Trained:
    """Return m and u by comparison and words, where those of half-known outcomes were `unseen`.

    Such an outcome is given what its known part has in all outcomes that were seen.

    >>> seen = {("a", "x, home"): (0.6, 0.01), ("a", "x, elsewhere"): (0.2, 0.03)}
    >>> half_known = {("a", "x, home unknown"): (0.0, 0.0)}
    >>> fill_unseen(seen | half_known, (0.0, 0.0))["a", "x, home unknown"]
    (0.8, 0.04)
    """
    filled = dict(trained)
    for (comparison, words), probabilities in trained.items():
        parts = set(words.split(", "))
        if probabilities != unseen or not parts & UNKNOWN:
            continue
        alike = [
            each
            for (other, told), each in trained.items()
            if other == comparison and each != unseen and _knows(parts - UNKNOWN, told)
        ]
        if alike:
            filled[comparison, words] = (_sum(m for m, _ in alike), _sum(u for _, u in alike))
    return filled


def _knows(parts: set[str], words: str) -> bool:
    told = set(words.split(", "))
    return bool(parts) and parts < told and not told & UNKNOWN


def _sum(shares: Iterable[float]) -> float:
    return round(min(sum(shares), 1.0), 12)
