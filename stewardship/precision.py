"""How right proposals are by what people have decided: by weight, and from which weight on."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import duckdb

from c360.step import read_sql
from c360.warehouse import has_table

Z = 1.959964
"""Of a two-sided interval that holds in 95 of 100 cases."""

DECIMALS = 9
"""Of an interval: where all are right it ends at 1, and not a hair below."""

BAND_BITS = 2
"""Width of a band of match weights."""

DIGITS = 6
"""Of a suggested match probability, rounded down."""

ACCEPT_PRECISION, REVIEW_PRECISION = 0.95, 0.5
"""Wanted unless somebody says else: of what a rule accepts unseen nearly all must be right, of what
people are asked half."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal that people have answered; it is right where they said that the two are one."""

    match_weight: float
    match_probability: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class Judgements:
    """What people have answered of the current model's proposals, and how many of other models."""

    model: str | None
    judged: tuple[Judged, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Band:
    """Decided proposals whose match weight is at least `low` and below `high`."""

    low: int
    decided: int
    right: int
    mean_probability: float

    @property
    def high(self) -> int:
        """The weight at which the next band begins."""
        return self.low + BAND_BITS

    @property
    def precision(self) -> float:
        """The share that is right, in [0, 1]."""
        return self.right / self.decided

    @property
    def interval(self) -> tuple[float, float]:
        """The Wilson interval of the precision."""
        return wilson(self.right, self.decided)

    @property
    def verdict(self) -> str:
        """What the calibration shows: over-confident, under-confident, or nothing."""
        low, high = self.interval
        if self.mean_probability > high:
            return "over-confident"
        return "under-confident" if self.mean_probability < low else ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """From which weight on the proposals are as right as is wanted.

    `is_reached`: the lower end of the interval of all decided from `match_weight` on reaches it.
    Else so many are `missing` if more are as right as those; None: no share is high enough.
    """

    wanted: float
    is_reached: bool
    match_weight: float
    match_probability: float
    decided: int
    right: int
    missing: int | None

    @property
    def threshold(self) -> float:
        """A match probability that takes in all of these, for c360.yaml."""
        parts: int = 10**DIGITS
        return math.floor(self.match_probability * parts) / parts


def wilson(right: float, decided: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927).

    >>> [round(end, 4) for end in wilson(9, 10)]
    [0.5958, 0.9821]
    """
    share, square = right / decided, Z * Z
    middle = share + square / (2 * decided)
    reach = Z * math.sqrt(share * (1 - share) / decided + square / (4 * decided * decided))
    whole = 1 + square / decided
    low, high = (round(end / whole, DECIMALS) for end in (middle - reach, middle + reach))
    return max(0.0, low), high


def bands(judged: Iterable[Judged]) -> list[Band]:
    """Return the bands in which anything was decided, the lowest first."""
    ordered = sorted(judged, key=lambda each: (each.match_weight, each.match_probability))
    found = []
    for low, group in groupby(ordered, key=lambda each: _low(each.match_weight)):
        own = list(group)
        mean = math.fsum(each.match_probability for each in own) / len(own)
        found.append(Band(low, len(own), sum(each.is_right for each in own), mean))
    return found


def _low(match_weight: float) -> int:
    return math.floor(match_weight / BAND_BITS) * BAND_BITS


def suggest(judged: Iterable[Judged], wanted: float) -> Suggestion | None:
    """Return the lowest weight from which on the proposals are right often enough.

    Where none is, the one that needs the fewest more decisions; None where nothing was decided.
    That the weight was chosen by the decisions themselves makes it a little hopeful.
    """
    cuts = list(_cuts(judged, wanted))
    if not cuts:
        return None
    if reached := [cut for cut in cuts if cut.is_reached]:
        return reached[-1]
    possible = [cut for cut in cuts if cut.missing is not None]
    if possible:
        return min(possible, key=lambda cut: (cut.missing, cut.match_weight))
    return max(cuts, key=lambda cut: (cut.right / cut.decided, cut.decided))


def _cuts(judged: Iterable[Judged], wanted: float) -> Iterable[Suggestion]:
    """Yield what holds from each decided weight on, the highest first."""
    decided = right = 0
    ordered = sorted(judged, key=lambda each: -each.match_weight)
    for match_weight, group in groupby(ordered, key=lambda each: each.match_weight):
        own = list(group)
        decided += len(own)
        right += sum(each.is_right for each in own)
        is_reached = wilson(right, decided)[0] >= wanted
        yield Suggestion(
            wanted,
            is_reached,
            match_weight,
            min(each.match_probability for each in own),
            decided,
            right,
            0 if is_reached else _missing(right, decided, wanted),
        )


def _missing(right: int, decided: int, wanted: float) -> int | None:
    """Return how many more decisions of the same share it takes to be sure enough.

    The lower end of Wilson's interval reaches a share where the score test does not refuse it.
    """
    above = right / decided - wanted
    if above <= 0:
        return None
    needed = Z * Z * wanted * (1 - wanted) / (above * above)
    return max(math.ceil(needed) - decided, 1)


def read_judgements(con: duckdb.DuckDBPyConnection) -> Judgements:
    """Read what people have answered of proposals, and by which model it was proposed.

    Reads stewardship.review_score, decision_in_force and identity.model_level.
    """
    if not has_table(con, "stewardship.review_score"):
        return Judgements(None, (), 0)
    rows = con.execute(
        "select model from identity.model_level order by run desc, model limit 1"
    ).fetchall()
    model = rows[0][0] if rows else None
    answered = con.execute(read_sql("stewardship", "stewardship.judged_proposal")).fetchall()
    judged = tuple(Judged(*row[2:]) for row in answered if row[1] == model)
    return Judgements(model, judged, len(answered) - len(judged))
