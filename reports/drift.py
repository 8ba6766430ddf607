"""Figures that are held against those of earlier checks."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from statistics import median

from c360.check_rules import DriftRules
from c360.reports.catalogue import family
from c360.reports.figure import PLACES, decimal
from c360.reports.history import earlier_shares, earlier_values
from c360.reports.quality_check import AtMost, Between, Measure
from c360.reports.query import columns_of, query
from c360.step import Context

_NORMAL = Decimal("1.4826")
"""What makes the median distance from the median a standard deviation, where the values are normal
(Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993, whose cut-off is 3.5 of them)."""
_NEEDED = {"customer_id", "is_known", "segment"}


def measure_drift(context: Context) -> list[Measure]:
    """Measure what should be much like before: volumes, customers, withdrawals, segments."""
    if lacking := sorted(_NEEDED - columns_of(context.con, "gold.customer_360")):
        hindrance = f"It cannot be measured: gold.customer_360 has no column {lacking[0]}."
        names = ("profile_count", "marketing_withdrawal_share", "segment_shift")
        return [Measure(name, None, hindrance=hindrance) for name in names]
    watched = [
        *_volumes(context),
        *(
            Measure(metric, decimal(value))
            for metric, value in query(context.con, "drift", as_of=context.as_of)
        ),
    ]
    earlier = earlier_values(context, [each.metric for each in watched])
    rules = context.settings.checks.drift
    return [
        *(_banded(measure, earlier.get(measure.metric, []), rules) for measure in watched),
        *_segments(context),
    ]


def band_of(earlier: Sequence[Decimal], rules: DriftRules, *, is_share: bool) -> Between | None:
    """Return where a figure belongs after these earlier ones; None where they are too few.

    The band is the median of the earlier values, give or take the largest of: `deviations` robust
    standard deviations; the share `tolerance` of the median; and what chance does alone, which is
    `share_tolerance` for a share, and `deviations` times the root of a count (as Poisson has it).
    It does not reach below 0.

    >>> band_of([Decimal(v) for v in (988, 1000, 990, 1010, 1002)], DriftRules(), is_share=False)
    Between(low=Decimal('750'), high=Decimal('1250'), median=Decimal('1000'), earlier=5)
    """
    if len(earlier) < rules.at_least:
        return None
    middle = median(earlier)
    distance = median([abs(value - middle) for value in earlier])
    deviations = Decimal(str(rules.deviations))
    chance = Decimal(str(rules.share_tolerance)) if is_share else deviations * (middle + 1).sqrt()
    half = max(deviations * _NORMAL * distance, Decimal(str(rules.tolerance)) * abs(middle), chance)
    low, high = max(middle - half, Decimal(0)), middle + half
    places = PLACES if is_share else Decimal(1)
    return Between(
        low.quantize(places, ROUND_FLOOR),
        high.quantize(places, ROUND_CEILING),
        middle,
        len(earlier),
    )


def _banded(measure: Measure, earlier: Sequence[Decimal], rules: DriftRules) -> Measure:
    is_share = family("drift").checks[measure.key or measure.metric].unit == "share"
    band = band_of(earlier, rules, is_share=is_share)
    if band is None:
        aside = f"It is judged once {rules.at_least} earlier checks have it; {len(earlier)} do."
        return replace(measure, aside=aside)
    aside = f"The median of {band.earlier} earlier checks is {band.median.normalize():f}."
    return replace(measure, aside=aside, band=band)


def _volumes(context: Context) -> list[Measure]:
    rows = query(context.con, "source_volume", sources=list(context.settings.sources))
    return [
        Measure(f"{source}_volume", Decimal(count), subject=source, key="{source}_volume")
        for source, count in rows
    ]


def _segments(context: Context) -> list[Measure]:
    """Measure the share of each segment, and how far all are from those of the check before."""
    rows = context.con.execute(
        "select segment, count(*) / sum(count(*)) over () from gold.customer_360"
        " where segment is not null group by segment order by segment"
    ).fetchall()
    shares = {
        f"{segment}_segment_share": Decimal(str(share)).quantize(PLACES) for segment, share in rows
    }
    measures = [
        Measure(f"{segment}_segment_share", value, subject=segment, key="{segment}_segment_share")
        for (segment, _), value in zip(rows, shares.values(), strict=True)
    ]
    before = earlier_shares(context)
    if not before or not shares:
        first = Measure("segment_shift", None, aside="There is no earlier check to compare with.")
        return [*measures, first]
    most = AtMost(Decimal(str(context.settings.checks.max_segment_shift)))
    moved = {
        name: shares.get(name, Decimal(0)) - before.get(name, Decimal(0))
        for name in shares.keys() | before.keys()
    }
    largest = sorted(moved, key=lambda name: (-abs(moved[name]), name))[:2]
    named = ", ".join(
        f"{name.removesuffix('_segment_share')} {moved[name] * 100:+.1f} points"
        for name in largest
        if moved[name]
    )
    shift = sum(map(abs, moved.values()), Decimal(0)) / 2
    return [
        *measures,
        Measure("segment_shift", shift.quantize(PLACES), len(largest), named, band=most),
    ]
