"""A quality check: what was measured, how it is judged, and what it says in words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from c360.check_rules import Severity
from c360.reports.catalogue import CheckText, Unit
from c360.rules import Band

Status = Literal["pass", "warn", "fail", "info"]

STATUSES: tuple[Status, ...] = ("fail", "warn", "pass", "info")
"""The gravest first."""
_SEVERITIES: tuple[Severity, ...] = ("critical", "error", "warn")

SHOWN = 5
"""Offenders that an explanation names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Less than this is a breach."""

    limit: Decimal


@dataclass(frozen=True, slots=True)
class AtMost:
    """More than this is a breach."""

    limit: Decimal


@dataclass(frozen=True, slots=True)
class Between:
    """Less or more than this is a breach. `earlier` checks gave the limits, around `median`."""

    low: Decimal
    high: Decimal
    median: Decimal
    earlier: int


Threshold = AtLeast | AtMost | Between | Band | None
"""None: the figure informs and is never judged."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the warehouse.

    `value` is None where nothing could be measured. `named` are the first few of the `offenders`:
    ids of customers, names of sources, columns or segments, never contact data. `hindrance` says
    what stood in the way of a sound figure, `aside` what else is to be said of it. Where every
    source, relation, … has its own, `subject` names it and `key` is the catalogue's name of the
    check. `band` is a threshold that is not in the configuration's `checks`. `failing_rows` is None
    where nobody has counted them; `sql` gives them where the catalogue has none.
    """

    metric: str
    value: Decimal | None
    offenders: int = 0
    named: str = ""
    hindrance: str = ""
    aside: str = ""
    subject: str = ""
    key: str = ""
    band: AtMost | Between | None = None
    failing_rows: int | None = None
    sql: str = ""


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """A row of ops.quality_check.

    `severity` is what a breach means, None for what informs. `consumers` are those whom a breach
    concerns. `sql` gives the `failing_rows`; both are None where rows are not to be had.
    """

    family: str
    metric: str
    value: Decimal | None
    threshold: str
    status: Status
    explanation: str
    severity: Severity | None = None
    unit: Unit = "count"
    source: str | None = None
    tables: list[str] = field(default_factory=list)
    consumers: list[str] = field(default_factory=list)
    failing_rows: int | None = None
    sql: str | None = None
    is_builtin: bool = True


def gravest_first(checks: Iterable[QualityCheck]) -> list[QualityCheck]:
    """Sort checks: what fails, warns, passes, informs; of these what is critical; then as given.

    A check of a version that had no severities counts as an error.
    """
    return sorted(
        checks,
        key=lambda check: (
            STATUSES.index(check.status),
            _SEVERITIES.index(check.severity or "error"),
        ),
    )


def judged(value: Decimal | None, threshold: Threshold, severity: Severity = "error") -> Status:
    """Say what becomes of a value. The limits of all but a band pass; those of a band do not.

    A breach warns if that is its severity, else it fails. A missing value is a breach; in a band it
    warns, because a source may well be silent. A negative one in a band warns too: it can only be a
    wrong clock.

    >>> judged(Decimal("1.0"), AtLeast(Decimal("1.0")))
    'pass'
    >>> judged(Decimal(24), Band(warn=24, fail=72))
    'warn'
    """
    breach: Status = "warn" if severity == "warn" else "fail"
    if threshold is None:
        return "info"
    if value is None:
        return "warn" if isinstance(threshold, Band) else breach
    match threshold:
        case AtLeast(limit):
            is_kept = value >= limit
        case AtMost(limit):
            is_kept = value <= limit
        case Between(low, high):
            is_kept = low <= value <= high
        case Band(warn=warn, fail=fail):
            is_kept = value < Decimal(str(fail))
            if is_kept and (value >= Decimal(str(warn)) or value < 0):
                return "warn"
    return "pass" if is_kept else breach


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
        case Between(low, high):
            return f"{low.normalize():f} to {high.normalize():f}"
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
