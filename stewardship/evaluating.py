"""`c360 evaluate` without a truth: how right the proposals are by what stewards have decided."""

from collections.abc import Sequence
from dataclasses import asdict

from c360.config import Settings
from c360.errors import C360Error
from c360.identity.probabilistic.unlinkable import unlinkable_shares
from c360.outcome import Outcome
from c360.runs import reading
from c360.stewardship.precision import (
    ACCEPT_PRECISION,
    BAND_BITS,
    DIGITS,
    REVIEW_PRECISION,
    Band,
    Judgements,
    Suggestion,
    bands,
    read_judgements,
    suggest,
    wilson,
)
from c360.workspace import Workspace


def evaluate_decisions(
    workspace: Workspace, accept: float | None = None, review: float | None = None
) -> Outcome:
    """Estimate how right proposals are, and suggest from which match probability on.

    Args:
        workspace: Where stewards have decided on proposals.
        accept: Wanted share of right ones among those that `accept_above` accepts unseen; None:
            ACCEPT_PRECISION.
        review: Likewise of those that `review_above` asks of people; None: REVIEW_PRECISION.

    Raises:
        C360Error: nobody has decided anything about a proposal.
    """
    with reading(workspace) as context:
        known = read_judgements(context.con)
        if not known.judged and not known.left_out:
            raise C360Error(_nothing(context.settings))
        review_above = context.settings.probabilistic.review_above
        unlinkable = unlinkable_shares(context, [review_above]).get(review_above)
    suggested = {
        "accept_above": suggest(known.judged, ACCEPT_PRECISION if accept is None else accept),
        "review_above": suggest(known.judged, REVIEW_PRECISION if review is None else review),
    }
    found = bands(known.judged)
    lines = [_head(known), *_band_lines(found)]
    lines += [
        line for key, each in suggested.items() if each for line in _suggested(key, each, known)
    ]
    if unlinkable is not None:
        lines += [
            "",
            f"Unlinkable: {unlinkable:.2%} of the compared customers would not reach review_above"
            f" ({review_above:g}) even against themselves.",
        ]
    return Outcome(
        "\n".join(lines),
        {
            "model": known.model,
            "decided": len(known.judged),
            "left_out": known.left_out,
            "bands": [_figures(each) for each in found],
            "suggested": {key: _asked(each) for key, each in suggested.items()},
            "unlinkable": unlinkable,
        },
    )


def _nothing(settings: Settings) -> str:
    """Say what to do where there is neither a truth nor a decision."""
    truth = "name a TRUTH: a CSV or Parquet file with the columns source, record_id and person"
    if not settings.probabilistic.enabled:
        return (
            f"there is nothing to hold the customers against; {truth}, or set `probabilistic:"
            " {enabled: true}` in c360.yaml, run `c360 resolve` and decide what it proposes"
        )
    return (
        "no steward has decided yet about anything that was proposed; decide some by"
        f" `c360 review export` or `c360 review serve`, or {truth}"
    )


def _head(known: Judgements) -> str:
    right = sum(each.is_right for each in known.judged)
    head = (
        f"{_counted(len(known.judged))} of people about proposals of model {known.model}:"
        f" {right:,} right, {len(known.judged) - right:,} wrong"
    )
    if not known.left_out:
        return head
    return f"{head}\n{_counted(known.left_out)} about proposals of other models left out"


def _band_lines(found: Sequence[Band]) -> list[str]:
    if not found:
        return []
    return [
        "",
        f"{'match weight':<14}{'decided':>9}{'right':>8}"
        f"   {'precision, 95 % interval':<27}expected",
        *(_band_line(each) for each in reversed(found)),
        "Expected is the mean match probability. Where it is outside the interval, the model is",
        "over-confident or under-confident.",
    ]


def _band_line(band: Band) -> str:
    low, high = band.interval
    return (
        f"{f'{band.low} to {band.high}':<14}{band.decided:>9,}{band.right:>8,}"
        f"   {f'{band.precision:.4f} [{low:.4f}, {high:.4f}]':<27}{band.mean_probability:.4f}"
        f"  {band.verdict}"
    ).rstrip()


def _suggested(key: str, each: Suggestion, known: Judgements) -> list[str]:
    told = (
        f"{each.right:,} of {each.decided:,} decided from weight {each.match_weight:.1f} on"
        " are right"
    )
    if each.is_reached:
        low = wilson(each.right, each.decided)[0]
        lines = [
            "",
            f"{key}: {each.threshold:g} for a precision of {each.wanted:g}",
            f"  {told}, at the lower end of the interval {low:.4f}",
        ]
        lightest = [
            one
            for one in known.judged
            if each.match_weight <= one.match_weight < each.match_weight + BAND_BITS
        ]
        lines.append(
            f"  of the lightest of them, up to weight {each.match_weight + BAND_BITS:.1f}:"
            f" {sum(one.is_right for one in lightest):,} of {len(lightest):,}"
        )
        if each.match_weight == min(one.match_weight for one in known.judged):
            lines.append("  nothing below it was decided, so a lower one may do as well")
        return lines
    if each.missing is None:
        return ["", f"{key}: none reaches a precision of {each.wanted:g}; at best {told}"]
    return [
        "",
        f"{key}: not enough decisions for a precision of {each.wanted:g}:"
        f" {each.missing:,} more like these would do",
        f"  {told}",
    ]


def _figures(band: Band) -> dict[str, object]:
    return asdict(band) | {
        "high": band.high,
        "mean_probability": round(band.mean_probability, DIGITS),
        "precision": round(band.precision, DIGITS),
        "interval": tuple(round(end, DIGITS) for end in band.interval),
        "verdict": band.verdict or None,
    }


def _asked(each: Suggestion | None) -> dict[str, object] | None:
    if each is None:
        return None
    figures: dict[str, object] = asdict(each)
    return figures | {"threshold": each.threshold}


def _counted(decisions: int) -> str:
    return f"{decisions:,} decision" if decisions == 1 else f"{decisions:,} decisions"
