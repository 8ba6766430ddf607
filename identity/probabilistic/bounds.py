"""The bounds of what a model may learn: no outcome is impossible, and none is proof."""

from collections.abc import Mapping

from c360.identity.probabilistic.model import rounded
from c360.identity.probabilistic.prior import without_matches
from c360.identity.probabilistic.unseen import Trained, fill_unseen

LEAST_M = 0.002
"""No outcome is impossible in a match: people move, marry, and are mistyped in ways that a small
list has not shown."""

MOST_M = {("first_name", "different first name"): 0.05}
"""Few people go by two first names that are not alike. Without this bound a list with twins, or
with errors copied from one relative to another, teaches that first names hardly matter."""

LEAST_U = 1e-6
"""One pair in the sample of random ones: what was never seen by chance is not rarer than that."""


def bounded(learned: Mapping[tuple[str, str], tuple[float, float]], prior: float) -> Trained:
    """Return m and u within their bounds, u without the matches that its sample holds.

    What no match has shown speaks for none: in a small list chance has not shown it either. But for
    the first level of each comparison, which is that all agrees.
    """
    first = {comparison: words for comparison, words in reversed([*learned])}
    kept = {}
    for level, (learned_m, learned_u) in learned.items():
        comparison, words = level
        u = max(without_matches(learned_u, learned_m, prior), LEAST_U)
        least = LEAST_M if words == first[comparison] else min(LEAST_M, u)
        kept[level] = rounded(min(max(learned_m, least), MOST_M.get(level, 1.0))), rounded(u)
    return fill_unseen(kept, (LEAST_U, LEAST_U))
