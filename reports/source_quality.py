"""The quality score of each source over the checks so far."""

from dataclasses import dataclass
from decimal import Decimal

import duckdb

from c360.reports.rows_by_name import rows_by_name
from c360.reports.sparkline import RUNS, Sparkline, sparkline


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """The last score of a source, 0 to 100, and those before; None where rows gave none."""

    score: Decimal | None
    line: Sparkline | None


def read_source_quality(con: duckdb.DuckDBPyConnection) -> dict[str, SourceQuality]:
    """Return the score of each source; none where no check has kept any.

    Reads ops.data_quality_metric, whose description has the formula.
    """
    rows = rows_by_name(
        con,
        "ops.data_quality_metric",
        "where run in (select distinct run from ops.data_quality_metric order by run desc"
        " limit $runs) order by run, source_system",
        runs=RUNS,
    )
    scores: dict[str, list[Decimal | None]] = {}
    for row in rows:
        scores.setdefault(row["source_system"], []).append(row["quality_score"])
    return {source: SourceQuality(own[-1], sparkline(own)) for source, own in scores.items()}
