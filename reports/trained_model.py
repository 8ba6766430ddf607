"""The model of probable matches that was trained last, and how it differs from the one before."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from c360.identity.probabilistic.model import read_model
from c360.reports.query import query
from c360.step import Context
from c360.warehouse import has_table

MOVED = 1.0
"""Bits by which a weight differs from that in the model before, for it to be named."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a comparison: how often it is seen in matches (m) and in other pairs (u).

    Weights are in bits; `weight_before` is that in the model before, None where it had no such.
    """

    comparison: str
    level: str
    m: float
    u: float
    weight: float
    weight_before: float | None

    @property
    def moved_by(self) -> float:
        """By how many bits the weight differs from that in the model before."""
        return 0.0 if self.weight_before is None else self.weight - self.weight_before


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """The model that was trained last. Where its file is gone, `records` and `prior` are None.

    `prior` is the probability that two customers are one person, before anything is compared.
    """

    model: str
    run: int
    trained_at: datetime | None
    records: int | None
    prior: float | None
    model_before: str | None
    levels: tuple[Level, ...]

    @property
    def comparisons(self) -> list[tuple[str, list[Level]]]:
        """The levels by comparison."""
        return [(name, list(own)) for name, own in groupby(self.levels, attrgetter("comparison"))]

    @property
    def moved(self) -> list[Level]:
        """The levels whose weight differs by more than MOVED from before, the most first."""
        found = [each for each in self.levels if abs(each.moved_by) > MOVED]
        return sorted(found, key=lambda each: -abs(each.moved_by))

    @property
    def is_comparable(self) -> bool:
        """Whether the model before has any level in common with this one."""
        return any(each.weight_before is not None for each in self.levels)

    @property
    def most_bits(self) -> float:
        """The greatest weight of a level, for or against."""
        return max(abs(each.weight) for each in self.levels)


def read_trained_model(context: Context) -> TrainedModel | None:
    """Read the model that was trained last; None where there is none."""
    con = context.con
    if not has_table(con, "identity.model_level"):
        return None
    rows = query(con, "told_level")
    if not rows:
        return None
    model, run, before = rows[0][:3]
    content = None
    if context.workspace.model(f"{model}.json").exists():
        content = read_model(context.workspace, model).content
    trained_at = con.execute("select as_of from ops.run where run = $run", {"run": run}).fetchall()
    return TrainedModel(
        model,
        run,
        trained_at[0][0] if trained_at else None,
        int(content["records"]) if content else None,
        float(content["prior"]) if content else None,
        before,
        tuple(Level(*row[3:]) for row in rows),
    )
