"""Numbers, times and names as people read them."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from c360.identity.gates import GateReading
from c360.reports.quality_check import QualityCheck

NOTHING = "\N{EN DASH}"
"""Where there is no figure."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_SPELT = {"avg": "average", "usd": "USD"}


def count(value: Decimal | float) -> str:
    """Return a whole number.

    >>> count(1234567)
    '1,234,567'
    """
    return f"{value:,.0f}"


def money(value: Decimal | float) -> str:
    """Return an amount with its cents.

    >>> money(Decimal("28142.12"))
    '28,142.12'
    """
    return f"{value:,.2f}"


def amount(value: Decimal | None) -> str:
    """Return an amount in whole units of money, or that there is none.

    >>> amount(Decimal("28142.62"))
    '28,143'
    """
    return NOTHING if value is None else f"{value:,.0f}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "day"), counted(1200, "day")
    ('1 day', '1,200 days')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def decision_words(kind: str) -> str:
    """Return a kind of decision as words.

    >>> decision_words("keep_apart"), decision_words("defer")
    ('keep apart', 'put off')
    """
    return "put off" if kind == "defer" else words(kind)


def share(value: Decimal | float) -> str:
    """Return a share of 1 as a percentage; it is whole only where it is exact.

    >>> share(Decimal("0.8083")), share(1), share(Decimal("0.9999"))
    ('80.8 %', '100 %', '99.9 %')
    """
    if value in (0, 1):
        return f"{value * 100:.0f} %"
    percent = f"{value * 100:.1f}"
    # 99.96 % must not read as all of them.
    return f"{'99.9' if percent == '100.0' else percent} %"


def points(difference: Decimal) -> str:
    """Return how far apart two shares are, in points of a hundred.

    >>> points(Decimal("-0.4083"))
    '40.8 points'
    """
    return f"{abs(difference) * 100:.1f} points"


def hours(value: Decimal | float) -> str:
    """Return a span of hours, as days where it is long.

    >>> hours(Decimal("5.13")), hours(120)
    ('5.13 h', '5.0 days')
    """
    return f"{value / 24:,.1f} days" if value >= 72 else f"{value:,.2f} h"  # noqa: PLR2004 - 3 days


def span(value: timedelta) -> str:
    """Return a span as the configuration writes it.

    >>> span(timedelta(days=7)), span(timedelta(hours=12)), span(timedelta(minutes=90))
    ('7d', '12h', '90m')
    """
    minutes = value // timedelta(minutes=1)
    for unit, length in (("d", 24 * 60), ("h", 60)):
        if minutes % length == 0:
            return f"{minutes // length}{unit}"
    return f"{minutes}m"


def moment(value: datetime) -> str:
    """Return a time to the minute.

    >>> moment(datetime(2026, 1, 5, 9, 3))
    '5 January 2026, 09:03'
    """
    return f"{value.day} {value:%B %Y, %H:%M}"


def stamp(value: datetime | None) -> str:
    """Return a time for a table.

    >>> stamp(datetime(2026, 1, 5, 9, 3))
    '2026-01-05 09:03'
    """
    return f"{value:%Y-%m-%d %H:%M}" if value else NOTHING


def words(name: str) -> str:
    """Return a name of a column as words.

    >>> words("at_risk")
    'at risk'
    """
    return name.replace("_", " ")


def figure_name(metric: str) -> str:
    """Return the name of a figure as words; its currency stands last.

    >>> figure_name("avg_order_value_usd"), figure_name("paid_orders")
    ('Average order value, USD', 'Paid orders')
    """
    told = " ".join(_SPELT.get(word, word) for word in metric.split("_"))
    return (told[:1].upper() + told[1:]).replace(" USD", ", USD")


def size(value: int) -> str:
    """Return a number of bytes.

    >>> size(512), size(7 * 2**20), size(3 * 2**30)
    ('1 MB', '7 MB', '3.0 GB')
    """
    gigabyte, megabyte = 2**30, 2**20
    if value >= gigabyte:
        return f"{value / gigabyte:,.1f} GB"
    return f"{max(round(value / megabyte), 1)} MB"


def plain(value: Decimal) -> str:
    """Return a figure without a unit and without noughts at its end.

    >>> plain(Decimal("1234.5000")), plain(Decimal("0.0000"))
    ('1,234.5', '0')
    """
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def figure(value: Decimal, unit: str) -> str:
    """Return a KPI in its unit."""
    match unit:
        case "usd":
            return money(value)
        case "share":
            return share(value)
        case "points":
            return f"{value:.1f}"
        case _:
            return count(value)


def gate_figure(gate: GateReading, value: float) -> str:
    """Return what a gate measured or allows."""
    return share(value) if "share" in gate.gate else count(value)


def check_value(check: QualityCheck) -> str:
    """Return the value of a check in its unit."""
    if check.value is None:
        return NOTHING
    match _unit(check):
        case "share":
            return share(check.value)
        case "hours":
            return f"{check.value:,.2f} h"
        case "usd":
            return money(check.value)
        case _:
            return count(check.value)


def check_threshold(check: QualityCheck) -> str:
    """Return the threshold of a check; that of a share is in percent as its value is."""
    if _unit(check) != "share":
        return check.threshold
    return _NUMBER.sub(lambda found: f"{_percent(found[0])} %", check.threshold)


def _unit(check: QualityCheck) -> str:
    """Return the unit of a check; an earlier version had it in the name alone."""
    named = {"rate": "share", "share": "share", "hours": "hours", "usd": "usd"}
    return named.get(check.metric.rpartition("_")[2], "") if check.unit == "count" else check.unit


def _percent(share_of_1: str) -> str:
    """Return a share as a percentage with every place that it has.

    >>> _percent("0.001"), _percent("1"), _percent("0.2"), _percent("1e-05")
    ('0.1', '100', '20', '0.001')
    """
    percent = f"{Decimal(share_of_1) * 100:f}"
    return percent.rstrip("0").rstrip(".") if "." in percent else percent
