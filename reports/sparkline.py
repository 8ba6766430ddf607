"""A figure over the runs as a line no larger than a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

RUNS = 30
"""Runs that a line shows, the last of them."""
WIDTH, HEIGHT, MARGIN = 88, 22, 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """The points of a line and its last one, in pixels; `runs` is how many values it shows."""

    points: str
    x: str
    y: str
    runs: int
    least: Decimal
    most: Decimal
    last: Decimal


def sparkline(values: Sequence[Decimal | None]) -> Sparkline | None:
    """Return the line through the last values; None where fewer than two are known.

    >>> sparkline([Decimal(0), None, Decimal(4)]).points
    '3,19 85,3'
    """
    known = [(place, value) for place, value in enumerate(values[-RUNS:]) if value is not None]
    if len(known) < 2:  # noqa: PLR2004 - a line has two ends
        return None
    least, most = min(value for _, value in known), max(value for _, value in known)
    step = (WIDTH - 2 * MARGIN) / max(len(values[-RUNS:]) - 1, 1)
    height = HEIGHT - 2 * MARGIN
    points = [
        (
            f"{MARGIN + step * place:.3g}",
            f"{_up(value, least, most, height):.3g}",
        )
        for place, value in known
    ]
    return Sparkline(
        points=" ".join(f"{x},{y}" for x, y in points),
        x=points[-1][0],
        y=points[-1][1],
        runs=len(known),
        least=least,
        most=most,
        last=known[-1][1],
    )


def _up(value: Decimal, least: Decimal, most: Decimal, height: int) -> float:
    """Return where a value lies from the top; one that never changes lies in the middle."""
    if least == most:
        return HEIGHT / 2
    return HEIGHT - MARGIN - height * float((value - least) / (most - least))
