"""What is compared, what is proposed for one person, and how right that is."""

from dataclasses import dataclass

import duckdb

from c360.reports.query import query
from c360.reports.trained_model import TrainedModel, read_trained_model
from c360.step import Context
from c360.stewardship.precision import (
    ACCEPT_PRECISION,
    BAND_BITS,
    REVIEW_PRECISION,
    Band,
    Suggestion,
    bands,
    read_judgements,
    suggest,
)
from c360.warehouse import has_table

HEAVIEST = 20
"""Bits from which on all proposals are in one band."""
BLOCKS = 5
"""Large blocks that are named."""
LEAST_TOLD = 10
"""Customers that share what is shown of a block, at the least: fewer could be recognised."""

NOT_COMPARED = "Nothing has been compared yet: `c360 resolve` trains a model and proposes"
"""What stands where figures of the proposals would."""


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """A blocking rule: what it compares, and what became of the blocks too large for it."""

    rule: str
    pairs: int
    blocks: int
    largest_block: int
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class LargeBlock:
    """Customers that share what a rule asks for; `shown` is None where few do."""

    rule: str
    shown: str | None
    owners: int
    pairs: int
    status: str


@dataclass(frozen=True, slots=True)
class WeightBand:
    """Proposals in a band of match weights, and those of them that people are asked."""

    low: int
    proposals: int
    asked: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """Pairwise shares of a known truth with all proposals from a match probability on."""

    threshold: float
    proposals: int
    edge_precision: float | None
    edge_recall: float | None
    cluster_precision: float | None
    cluster_recall: float | None
    unlinkable: float | None


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What `c360 evaluate --keep` kept: of which run and model, and how many labelled records."""

    run: int
    model: str
    records: int
    thresholds: tuple[Threshold, ...]


@dataclass(frozen=True, slots=True)
class Probable:
    """The probable matches.

    `decided` are the bands in which people have decided on proposals of the model, `left_out` those
    decisions that are about another model's. `evaluated` is None where nothing was kept.
    """

    model: TrainedModel
    review_above: float
    accept_above: float | None
    compared: int
    rules: tuple[BlockingRule, ...]
    large_blocks: tuple[LargeBlock, ...]
    weights: tuple[WeightBand, ...]
    decided: tuple[Band, ...]
    left_out: int
    suggested: tuple[tuple[str, Suggestion], ...]
    evaluated: Evaluated | None

    @property
    def proposals(self) -> int:
        """How many pairs of customers were scored and kept."""
        return sum(band.proposals for band in self.weights)

    @property
    def asked(self) -> int:
        """How many of them reach `review_above`."""
        return sum(band.asked for band in self.weights)

    @property
    def pairs(self) -> int:
        """How many pairs lie in blocks that are compared; one may lie in several."""
        return sum(rule.pairs for rule in self.rules)

    @property
    def answered(self) -> tuple[int, int]:
        """How many proposals people have decided on, and how many of them are right."""
        return sum(band.decided for band in self.decided), sum(band.right for band in self.decided)


def read_probable(context: Context) -> Probable | None:
    """Read the probable matches; None where `c360 resolve` has not compared anybody yet."""
    con, settings = context.con, context.settings.probabilistic
    model = read_trained_model(context)
    if model is None:
        return None
    known = read_judgements(con)
    wanted = (("accept_above", ACCEPT_PRECISION), ("review_above", REVIEW_PRECISION))
    weights = query(
        con, "weight_band", bits=BAND_BITS, most=HEAVIEST, review_above=settings.review_above
    )
    return Probable(
        model=model,
        review_above=settings.review_above,
        accept_above=settings.accept_above,
        compared=con.execute("select count(*) from identity.compared_customer").fetchall()[0][0],
        rules=tuple(BlockingRule(*row) for row in query(con, "told_rule")),
        large_blocks=tuple(
            LargeBlock(*row) for row in query(con, "told_block", least=LEAST_TOLD, shown=BLOCKS)
        ),
        weights=tuple(WeightBand(*row) for row in weights),
        decided=tuple(bands(known.judged)),
        left_out=known.left_out,
        suggested=tuple(
            (key, found) for key, share in wanted if (found := suggest(known.judged, share))
        ),
        evaluated=_read_evaluated(con),
    )


def _read_evaluated(con: duckdb.DuckDBPyConnection) -> Evaluated | None:
    if not has_table(con, "identity.evaluated_threshold"):
        return None
    rows = query(con, "evaluated_threshold")
    if not rows:
        return None
    run, model, records = rows[0][:3]
    return Evaluated(run, model, records, tuple(Threshold(*row[3:]) for row in rows))
