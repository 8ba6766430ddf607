"""Figures of the checks of sources: how young, how late, how complete and how right they are."""

from decimal import ROUND_CEILING, Decimal
from functools import partial

import duckdb

from c360.config import Settings
from c360.reports.figure import PLACES, decimal
from c360.reports.lateness import read_lateness
from c360.reports.quality_check import SHOWN, Measure
from c360.reports.query import query
from c360.reports.relations import orphan_rows_sql, read_relations
from c360.reports.row_quality import ROW_QUALITY
from c360.reports.validity import invalid_rows_sql, promises_of
from c360.sources.quoting import name_sql, text_sql
from c360.step import Context
from c360.warehouse import has_table


def measure_validity(context: Context) -> list[Measure]:
    """Measure the rows of each source that tell no time, and of each entity that cannot be right.

    Reads ROW_QUALITY. What is empty and must not be counts as invalid; a missing time does not.
    """
    con, settings = context.con, context.settings
    counted = con.execute(
        f"select source, entity, rows, untimed, invalid + empty from {ROW_QUALITY}"
        " order by entity, source"
    ).fetchall()
    timed = {name for name, source in settings.sources.items() if source.event_time is not None}
    untimed = {source: (count, rows) for source, _, rows, count, _ in counted if source in timed}
    entities: dict[str, tuple[int, int]] = {}
    for _, entity, rows, _, invalid in counted:
        before = entities.get(entity, (0, 0))
        entities[entity] = (before[0] + invalid, before[1] + rows)
    return [
        Measure(
            f"{source}_untimed_share",
            _share(*untimed[source]),
            subject=source,
            key="{source}_untimed_share",
            failing_rows=untimed[source][0],
            sql=_untimed_sql(source, settings.sources[source].entity),
        )
        for source in settings.sources
        if source in untimed
    ] + [
        Measure(
            f"{entity}_invalid_share",
            _share(invalid, rows),
            subject=entity,
            key="{entity}_invalid_share",
            failing_rows=invalid,
            sql=invalid_rows_sql(entity, promises_of(entity, settings)),
        )
        for entity, (invalid, rows) in entities.items()
    ]


def _untimed_sql(source: str, entity: str) -> str:
    return (
        f"select record_id, source\nfrom silver.{entity}\n"
        f"where source = {text_sql(source)} and event_time is null\norder by record_id"
    )


def _share(count: int, rows: int) -> Decimal:
    """Return a share, rounded up: one wrong row in a million is still seen."""
    return (Decimal(count) / max(rows, 1)).quantize(PLACES, rounding=ROUND_CEILING)


def measure_freshness(context: Context) -> list[Measure]:
    """Measure each source that tells times; one without any row has no value."""
    rows = query(
        context.con, "source_freshness", sources=_sources(context.settings), as_of=context.as_of
    )
    return [
        Measure(
            f"{source}_freshness_lag_hours",
            lag,
            subject=source,
            key="{source}_freshness_lag_hours",
            hindrance=_lag_hindrance(lag),
        )
        for source, count, _, lag in rows
        if count == 0 or lag is not None
    ]


def measure_lateness(context: Context) -> list[Measure]:
    """Measure what came last: rows that were too late once stay so, and are told in the report."""
    measures = []
    for each in read_lateness(context):
        late = f"{each.last_late_rows:,} of the last {each.last_rows:,} were late at all."
        measures += [
            Measure(
                f"{each.source}_late_rows",
                Decimal(each.last_later_than_promised),
                subject=each.source,
                key="{source}_late_rows",
                aside=late,
                failing_rows=each.last_later_than_promised,
            ),
            Measure(
                f"{each.source}_processing_lag_hours",
                each.processing_lag_hours,
                subject=each.source,
                key="{source}_processing_lag_hours",
            ),
        ]
    return measures


def measure_relations(context: Context) -> list[Measure]:
    """Measure the rows whose parent is not there, of each relation whose parent is fed."""
    return [
        Measure(
            f"{each.relation}_orphan_share",
            each.orphan_share,
            subject=each.relation,
            key="{relation}_orphan_share",
            failing_rows=each.orphans,
            sql=orphan_rows_sql(each),
            aside=f"{each.orphans:,} of {each.children:,}; {each.unrelated:,} name none.",
        )
        for each in read_relations(context)
        if each.orphan_share is not None
    ]


def _lag_hindrance(lag: Decimal | None) -> str:
    if lag is None:
        return "No row of it has come."
    return "The newest row lies after as_of: a clock or a time zone is wrong." if lag < 0 else ""


def measure_loading(context: Context) -> list[Measure]:
    """Measure the rejects of each source, and the rows of which nobody knows what became."""
    rows = query(context.con, "source_load", sources=_sources(context.settings))
    shares = [
        Measure(
            f"{source}_reject_share",
            decimal(share),
            subject=source,
            key="{source}_reject_share",
        )
        for source, *_, share in rows
    ]
    lost = {source: count for source, _, _, _, _, count, _ in rows if count}
    named = ", ".join(f"{source} ({count} rows)" for source, count in list(lost.items())[:SHOWN])
    return [
        *shares,
        Measure("unaccounted_row_count", Decimal(sum(lost.values())), len(lost), named),
    ]


def measure_layers(context: Context) -> list[Measure]:
    """Measure how many rows of each source got lost, or doubled, between bronze and silver.

    Of the batches that the last build has read: what was landed, less what later versions replace
    and what is kept out with a flag, must be in silver. A source whose rows are collapsed or
    deleted is left out where it landed more since then, or where the build replayed a moment before
    its last rows. Reads ROW_QUALITY.
    """
    con = context.con
    if not all(map(partial(has_table, con), ("ops.read_batch", "silver.held_row"))):
        return []
    measures = []
    for source, landed, superseded, rows, unread, is_replay in query(con, "layer"):
        told = context.settings.sources.get(source)
        if told is None:
            continue
        expected = landed - superseded
        if told.collapse or told.deleted is not None:
            if unread or is_replay:
                continue
            expected = _count(con, f"bronze.{name_sql(f'{source}__current')}")
        gap = abs(expected - _held(con, source, told.entity) - rows)
        measures.append(
            Measure(
                f"{source}_layer_gap_count",
                Decimal(gap),
                subject=source,
                key="{source}_layer_gap_count",
                failing_rows=gap,
            )
        )
    return measures


def _held(con: duckdb.DuckDBPyConnection, source: str, entity: str) -> int:
    """Count the keys of a source that are kept out of silver and have no other version there."""
    return int(
        con.execute(
            "select count(distinct record_id) from silver.held_row"
            " where source = $source and record_id not in"
            f" (select record_id from silver.{entity} where source = $source)",
            {"source": source},
        ).fetchall()[0][0]
    )


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(con.execute(f"select count(*) from {relation}").fetchall()[0][0])


def _sources(settings: Settings) -> list[str]:
    return list(settings.sources)
