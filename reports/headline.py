"""The figures at the top of the report, and how they moved since the check before."""

from collections.abc import Sequence
from dataclasses import dataclass

from c360.reports import wording
from c360.reports.figures import Kpi
from c360.reports.sparkline import Sparkline
from c360.reports.what_changed import Changes

HEADLINES = (
    ("customers", "Known customers"),
    ("paid_orders", "Paid orders"),
    ("gross_revenue_usd", "Gross revenue, USD"),
    ("net_revenue_usd", "Net revenue, USD"),
    ("profile_coverage_rate", "Profile coverage"),
    ("marketing_consent_rate", "Consent to marketing"),
    ("urgent_retention_customers", "Urgent retention cases"),
    ("anonymous_visitors", "Anonymous visitors"),
)
"""Metrics of gold.kpi_summary."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure in words. `change` is empty and `line` None where there is nothing to compare."""

    label: str
    value: str
    change: str = ""
    sign: int = 0
    line: Sparkline | None = None
    told: str = ""


def headlines(kpis: Sequence[Kpi], changes: Changes | None) -> list[Headline]:
    """Return those of the headlines that the marts have."""
    known = {kpi.metric: kpi for kpi in kpis}
    return [_headline(label, known[name], changes) for name, label in HEADLINES if name in known]


def _headline(label: str, kpi: Kpi, changes: Changes | None) -> Headline:
    value = wording.figure(kpi.value, kpi.unit)
    change = changes.figures.get(kpi.metric) if changes else None
    if change is None or change.difference is None:
        return Headline(label, value)
    difference = change.difference
    line = change.line if change.line and change.line.least != change.line.most else None
    return Headline(
        label,
        value,
        change=wording.points(difference)
        if kpi.unit == "share"
        else wording.figure(abs(difference), kpi.unit),
        sign=(difference > 0) - (difference < 0),
        line=line,
        told=f"{label} over the last {line.runs} checks" if line else "",
    )
