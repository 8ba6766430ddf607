"""Bringing a sample to published totals without changing what kind of people are in it."""

import numpy as np

from c360.data.drawing import Flags, Ints


def counts_of_total(
    rng: np.random.Generator, counts: Ints, low: Ints, high: Ints, total: int
) -> Ints:
    """Return the counts moved by ones, each within its range, until they add up to `total`.

    Raises:
        ValueError: the ranges do not allow it.
    """
    if not low.sum() <= total <= high.sum():
        msg = f"{total} is not between {low.sum()} and {high.sum()}"
        raise ValueError(msg)
    moved = counts.copy()
    while gap := total - int(moved.sum()):
        free = np.flatnonzero(moved < high if gap > 0 else moved > low)
        moved[rng.permutation(free)[: abs(gap)]] += 1 if gap > 0 else -1
    return moved


def amounts_of_total(cents: Ints, is_free: Flags, total: int) -> Ints:
    """Return the amounts with the free ones scaled so that all add up to `total` exactly."""
    scaled = cents.copy()
    goal = total - int(cents[~is_free].sum())
    exact = cents[is_free] * (goal / int(cents[is_free].sum()))
    rounded = np.floor(exact).astype(np.int64)
    rounded[np.argsort(rounded - exact, kind="stable")[: goal - int(rounded.sum())]] += 1
    scaled[is_free] = rounded
    return scaled
