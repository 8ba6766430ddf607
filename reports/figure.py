"""Figures of a query as measures."""

from decimal import Decimal
from typing import Any

from c360.reports.quality_check import Measure

PLACES = Decimal("0.0001")
"""To which figures are rounded."""


def metrics(rows: list[tuple[Any, ...]]) -> list[Measure]:
    """Return the measures of rows (metric, value, offenders, named)."""
    return [
        Measure(metric, decimal(value), offenders, named or "")
        for metric, value, offenders, named in rows
    ]


def decimal(value: Decimal | float | None) -> Decimal | None:
    """Return a figure with four places."""
    return None if value is None else Decimal(str(value)).quantize(PLACES)
