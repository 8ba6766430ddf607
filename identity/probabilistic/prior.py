"""How probable it is, before anything is compared, that two owners are one person."""

import math
from collections.abc import Sequence

ROUNDS = 500
CLOSE = 1e-6
"""Rounds at most, and the relative change at which the estimate stands."""


def estimate_prior(weights: Sequence[tuple[float, float]], pairs: float, start: float) -> float:
    """Return the share of all pairs that match: the greatest likelihood of a mixture of two.

    The weights are known; what is asked is how many pairs come from which. The expected number of
    matches under a prior is the sum of the posteriors; the prior that it implies is put in its
    place until both agree (expectation maximisation with one parameter: Dempster, Laird and Rubin
    1977). Pairs that were not compared are taken for no matches.

    Args:
        weights: Match weight in bits without the prior, and how many pairs have it.
        pairs: All pairs of owners, compared or not.
        start: Where to begin: the share that deterministic rules joined, if any.

    >>> round(estimate_prior([(30.0, 10), (-10.0, 990)], 1000, 0.5), 4)
    0.01
    """
    if not pairs:
        return start
    least = 1 / (10 * pairs)
    prior = min(max(start, least), 0.5)
    for _ in range(ROUNDS):
        odds = math.log2(prior / (1 - prior))
        matches = sum(n / (1 + 2 ** -max(min(w + odds, 500.0), -500.0)) for w, n in weights)
        found = min(max(matches / pairs, least), 0.5)
        if abs(found - prior) <= CLOSE * prior:
            return found
        prior = found
    return prior


def without_matches(u: float, m: float, prior: float) -> float:
    """Return how often a level is seen in pairs that do not match.

    A random sample of pairs holds the matches too: of a small list so many that agreement by chance
    looks more usual than it is. What they explain is taken out, but for a part: m is an estimate.
    """
    return max((u - prior * m) / (1 - prior), u / LEAST_PART)


LEAST_PART = 20
"""At most this often is agreement by chance rarer than in the sample."""
