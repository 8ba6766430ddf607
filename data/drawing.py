"""Draws over whole populations: exact shares, weighted categories, ragged lists."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Draw = Mapping[str, NDArray[np.int64] | NDArray[np.bool_]]
"""The columns of a feed as numbers; its SQL file writes them as text."""

NOBODY = -1
"""A code that stands for an empty cell."""

_CERTAIN_FROM = 100
"""From so many candidates on, any share selects at least one: small samples show all mess."""


def share_of(number: int, share: float) -> int:
    """Return the part of `number`, rounded.

    >>> share_of(1000, 0.25), share_of(120, 0.001), share_of(10, 0.001)
    (250, 1, 0)
    """
    part = round(number * share)
    return max(part, 1) if share > 0 and number >= _CERTAIN_FROM else part


def choose(rng: np.random.Generator, candidates: Ints, share: float) -> Ints:
    """Return a share of the candidates, each at most once, in the order of the candidates."""
    number = min(share_of(len(candidates), share), len(candidates))
    return np.sort(rng.choice(candidates, number, replace=False)) if number else candidates[:0]


def quota(rng: np.random.Generator, number: int, shares: Sequence[float]) -> Ints:
    """Return `number` categories in random order, each as often as its share says.

    Largest remainder: the counts differ from the shares by less than one.
    """
    exact = np.asarray(shares, dtype=np.float64) / sum(shares) * number
    counts = np.floor(exact).astype(np.int64)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: number - int(counts.sum())]] += 1
    return rng.permutation(np.repeat(np.arange(len(shares)), counts))


def weighted(rng: np.random.Generator, number: int, weights: Sequence[float]) -> Ints:
    """Return `number` categories, drawn one by one with the given weights."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(bounds / bounds[-1], rng.random(number), side="right").astype(np.int64)


def falling(number: int) -> list[float]:
    """Return weights of `number` things of which the first are met most often (Zipf, flattened)."""
    return [1 / (rank + 8) for rank in range(number)]


def chance(rng: np.random.Generator, number: int, probability: float) -> Flags:
    """Return `number` flags, each set with the probability."""
    return rng.random(number) < probability


def ragged(counts: Ints) -> tuple[Ints, Ints]:
    """Return owner and place of every element of lists that have `counts` elements.

    >>> [part.tolist() for part in ragged(np.array([2, 0, 1]))]
    [[0, 0, 2], [0, 1, 0]]
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return owner, np.arange(len(owner)) - first


def between(rng: np.random.Generator, low: Ints, high: Ints) -> Ints:
    """Return integers drawn evenly from `low` to `high`, both inclusive, element by element."""
    return low + np.floor(rng.random(len(low)) * (high - low + 1)).astype(np.int64)


def rows_of(draw: Draw, places: Ints) -> Draw:
    """Return the rows at the given places, in their order."""
    return {name: values[places] for name, values in draw.items()}


def by_time(draw: Draw, time: str) -> Draw:
    """Return the rows by time, each with its `number` from 0."""
    order = np.argsort(draw[time], kind="stable")
    return {**rows_of(draw, order), "number": np.arange(len(order))}
