"""A quality check: what was measured, how it is judged, and what it says in words."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from c360.reports.catalogue import CheckText
from c360.rules import Band

Status = Literal["pass", "warn", "fail", "info"]

SHOWN = 5
"""Offenders that an explanation names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the warehouse.

    `value` is None where nothing could be measured. `named` are the first few of the `offenders`:
    ids of customers, names of sources, columns or segments, never contact data. `hindrance` says
    what stood in the way of a sound figure, `aside` what else is to be said of it; `subject` is set
    where every source or relation has its own.
    """

    metric: str
    value: Decimal | None
    offenders: int = 0
    named: str = ""
    hindrance: str = ""
    aside: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Less than this fails."""

    limit: Decimal


@dataclass(frozen=True, slots=True)
class AtMost:
    """More than this gets the status."""

    limit: Decimal
    otherwise: Status = "fail"


Threshold = AtLeast | AtMost | Band | None
"""None: the figure informs and is never judged."""


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """A row of ops.quality_check."""

    family: str
    metric: str
    value: Decimal | None
    threshold: str
    status: Status
    explanation: str


def checked(family: str, measure: Measure, threshold: Threshold, text: CheckText) -> QualityCheck:
    """Judge a measure and say so in words."""
    status = judged(measure.value, threshold)
    return QualityCheck(
        family=family,
        metric=measure.metric,
        value=measure.value,
        threshold=threshold_text(threshold),
        status=status,
        explanation=explanation(measure, status, text),
    )


def judged(value: Decimal | None, threshold: Threshold) -> Status:
    """Say what becomes of a value. The limits of AtLeast and AtMost pass; those of a band do not.

    A missing value fails; in a band it warns, because a source may well be silent. A negative one
    in a band warns too: it can only be a wrong clock.

    >>> judged(Decimal("1.0"), AtLeast(Decimal("1.0")))
    'pass'
    >>> judged(Decimal(24), Band(warn=24, fail=72))
    'warn'
    """
    match threshold:
        case None:
            return "info"
        case _ if value is None:
            return "warn" if isinstance(threshold, Band) else "fail"
        case AtLeast(limit):
            return "pass" if value >= limit else "fail"
        case AtMost(limit, otherwise):
            return "pass" if value <= limit else otherwise
        case Band(warn=warn, fail=fail):
            if value >= Decimal(str(fail)):
                return "fail"
            return "warn" if value >= Decimal(str(warn)) or value < 0 else "pass"


def threshold_text(threshold: Threshold) -> str:
    """Return a threshold as the report writes it.

    >>> threshold_text(AtLeast(Decimal("1.0000")))
    'at least 1'
    >>> threshold_text(Band(warn=24, fail=72))
    'warn from 24, fail from 72'
    """
    match threshold:
        case None:
            return "none"
        case AtLeast(limit):
            return f"at least {limit.normalize():f}"
        case AtMost(limit):
            return f"at most {limit.normalize():f}"
        case Band(warn=warn, fail=fail):
            return f"warn from {warn:g}, fail from {fail:g}"


def explanation(measure: Measure, status: Status, text: CheckText) -> str:
    """Say what the figure means; where it warns or fails, also whom it concerns and what to do."""
    if status in ("pass", "info"):
        return " ".join(filter(None, [text.meaning, measure.aside, measure.hindrance]))
    concerns = ""
    if measure.named:
        rest = measure.offenders - len(measure.named.split(", "))
        more = f" and {rest:,} more" if rest > 0 else ""
        concerns = f"Concerns: {measure.named}{more}."
    remedy = f"What to do: {text.remedy[0].lower()}{text.remedy[1:]}"
    return " ".join(
        filter(None, [text.meaning, measure.aside, measure.hindrance, concerns, remedy])
    )
