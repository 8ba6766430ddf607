"""How well the resolved customers agree with a known truth: `c360 evaluate`."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

from c360.errors import C360Error, MissingStepError
from c360.identity.agreement import Interval, build_kinds, estimates, intervals, read_kinds
from c360.identity.disagreement import as_figures, as_lines, over_merged, split
from c360.identity.probabilistic import threshold_table
from c360.identity.probabilistic.thresholds import (
    ThresholdFigures,
    has_proposals,
    judge_thresholds,
)
from c360.identity.truth import read_truth
from c360.outcome import Outcome
from c360.runs import reading, writing
from c360.step import read_sql
from c360.warehouse import has_table
from c360.workspace import Workspace

Figures = dict[str, int | float | None]
EXAMPLES = 3
"""How many over-merged customers and split persons are named."""


def evaluate(
    workspace: Workspace,
    truth: Path,
    *,
    as_of_run: int | None = None,
    bootstrap: int = 0,
    seed: int = 0,
    keeps: bool = False,
) -> Outcome:
    """Compare the resolved customers with a known truth, and the proposals about them.

    Proposals are those of the last run, so another run is judged without them.

    Args:
        workspace: Where customers have been resolved.
        truth: CSV or Parquet with the columns source, record_id and person; it may label a part.
        as_of_run: Judge the customers as that run left them; None: the current ones.
        bootstrap: How many replicates to draw for the intervals; 0: none.
        seed: Of the bootstrap.
        keeps: Whether the report is to show the figures of the proposals; nothing else is written.

    Raises:
        MissingStepError: nothing has been resolved, or nothing was proposed that could be kept.
        C360Error: the truth is unfit or labels no resolved record, or there is no such run.
    """
    with reading(workspace) as context:
        con = context.con
        if not has_table(con, "identity.member"):
            raise MissingStepError("no customers have been resolved", "c360 resolve")
        if as_of_run is not None:
            _require_run(con, as_of_run)
        figures = evaluate_members(con, truth, as_of_run=as_of_run)
        merged, parted = over_merged(con, EXAMPLES), split(con, EXAMPLES)
        unknown = _unknown(con)
        spans = intervals(*read_kinds(con), replicates=bootstrap, seed=seed) if bootstrap else {}
        judged: tuple[ThresholdFigures, ...] = ()
        if as_of_run is None and has_proposals(con):
            judged = judge_thresholds(context)
        lines = [*_lines(figures, spans, unknown), *as_lines(merged, parted)]
        if judged:
            lines += threshold_table.as_lines(judged, context.settings)
    if keeps:
        _keep(workspace, judged, figures, context.as_of)
    return Outcome(
        "\n".join(lines),
        {
            **figures,
            "intervals": spans,
            "over_merged": as_figures(merged),
            "split": as_figures(parted),
            "thresholds": [each.figures() for each in judged],
        },
    )


def _keep(
    workspace: Workspace,
    judged: Sequence[ThresholdFigures],
    figures: Figures,
    as_of: datetime,
) -> None:
    """Write the figures by threshold to the warehouse, as of the run that they are about."""
    if not judged:
        raise MissingStepError("no proposal was judged that could be kept", "c360 resolve")
    with writing(workspace, "evaluate", as_of) as context:
        threshold_table.keep_thresholds(context, judged, int(figures["records"] or 0))


def evaluate_members(
    con: duckdb.DuckDBPyConnection,
    truth: Path,
    members: str = "identity.member",
    *,
    as_of_run: int | None = None,
) -> Figures:
    """Return the figures of the labelled records; shares have six decimals.

    Args:
        con: A warehouse with identity.member.
        truth: CSV or Parquet with the columns source, record_id and person; it may label a part.
        members: The table to judge: source, record_id, customer_id, to_run.
        as_of_run: Judge the members in force at that run, by their from_run too; None: the current.

    Raises:
        C360Error: the truth is unfit or labels no resolved record.
    """
    read_truth(con, truth)
    in_force = "to_run is null"
    if as_of_run is not None:
        run = int(as_of_run)
        in_force = f"from_run <= {run} and (to_run is null or to_run > {run})"
    con.execute(f"create or replace temp view judged as from {members} where {in_force}").fetchall()
    figures = _compare(con)
    if not figures["records"]:
        msg = f"{truth} labels none of the resolved records; check its source and record_id columns"
        raise C360Error(msg)
    return figures


def compare_labellings(con: duckdb.DuckDBPyConnection, found: str, truth: str) -> Figures:
    """Return the figures of one labelling against another, over the records that both label.

    Args:
        con: Any connection.
        found: Table with source, record_id and customer_id, one row per record.
        truth: Table with source, record_id and person, one row per record.
    """
    con.execute(f"create or replace temp view judged as from {found}").fetchall()
    con.execute("drop table if exists temp.truth").fetchall()
    con.execute(f"create temp table truth as from {truth}").fetchall()
    return _compare(con)


def _compare(con: duckdb.DuckDBPyConnection) -> Figures:
    build_kinds(con)
    cursor = con.execute(read_sql("identity", "identity.evaluation_count"))
    names = [column[0] for column in cursor.description or ()]
    counts: dict[str, int] = dict(zip(names, cursor.fetchall()[0], strict=True))
    shares = estimates(*read_kinds(con)) if counts["records"] else {}
    return {**counts, "not_found": counts["labelled"] - counts["records"], **shares}


def _unknown(con: duckdb.DuckDBPyConnection) -> str | None:
    """Return the first labelled record that was not resolved, as source:record_id."""
    rows = con.execute(
        "select truth.source, truth.record_id from temp.truth"
        " anti join temp.judged using (source, record_id) order by all limit 1"
    ).fetchall()
    return f"{rows[0][0]}:{rows[0][1]}" if rows else None


def _require_run(con: duckdb.DuckDBPyConnection, run: int) -> None:
    first, last = con.execute(
        "select (select coalesce(min(from_run), 1) from identity.member),"
        " (select max(run) from ops.run)"
    ).fetchall()[0]
    if not first <= run <= last:
        msg = (
            f"run {run} has left no customers to judge: the first that did is {first}, the last run"
            f" is {last}; name one of them or one between, ops.run lists them"
        )
        raise C360Error(msg)


def _lines(figures: Figures, spans: dict[str, Interval | None], unknown: str | None) -> list[str]:
    lines = [
        f"{figures['records']:,} of {figures['resolved']:,} resolved records are labelled:"
        f" {figures['persons']:,} persons, {figures['customers']:,} customers found"
    ]
    if unknown is not None:
        lines.append(f"{figures['not_found']:,} labels name no resolved record, such as {unknown}")
    width = 26 if spans else 12
    lines += ["", f"{'':<16}{'precision':<{width}}{'recall':<{width}}F1"]
    for kind in ("pairwise", "bcubed"):
        cells = (
            _cell(figures, spans, f"{kind}_{name}").ljust(width)
            for name in ("precision", "recall", "f1")
        )
        lines.append(f"{kind.replace('bc', 'B-c'):<16}{''.join(cells)}".rstrip())
    return [
        *lines,
        f"{'exact clusters':<16}{_cell(figures, spans, 'exact_cluster_rate')}"
        f"  ({figures['exact_customers']:,} of {figures['persons']:,} persons are one customer,"
        " whole and alone)",
        f"{figures['over_merged_customers']:,} customers hold several persons,"
        f" {figures['split_persons']:,} persons lie with several customers",
    ]


def _cell(figures: Figures, spans: dict[str, Interval | None], name: str) -> str:
    value, span = figures[name], spans.get(name)
    text = "-" if value is None else f"{value:.4f}"
    return text if span is None else f"{text} [{span[0]:.4f}, {span[1]:.4f}]"
