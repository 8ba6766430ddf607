"""The figures that the quality checks judge, read from the warehouse."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from sqlglot import exp

from c360.config import Settings
from c360.reports.catalogue import contract, family
from c360.reports.graph import open_gates, share_of_ids_changed
from c360.reports.lateness import read_lateness
from c360.reports.quality_check import SHOWN, Measure
from c360.reports.query import query
from c360.reports.relations import read_relations
from c360.reports.stewardship import NOT_QUEUED, is_queued
from c360.step import Context, read_sql

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class MissingColumn:
    """A column that a contract (named by its check) promises and a mart lacks."""

    metric: str
    table: str
    column: str


def missing_columns(context: Context) -> list[MissingColumn]:
    """Return every promised column that is not there."""
    metrics, tables, columns = zip(*contract(context.settings.rules), strict=True)
    rows = query(
        context.con,
        "missing_column",
        metrics=list(metrics),
        tables=list(tables),
        columns=list(columns),
    )
    return [MissingColumn(*row) for row in rows]


def measured(context: Context, family_name: str, missing: Sequence[MissingColumn]) -> list[Measure]:
    """Measure every check of a family, in the order of the catalogue.

    Checks whose SQL names a missing column have no value and say so: a query that does not bind
    would abort the transaction.
    """
    if family_name == "schema":
        return _schema(missing)
    if family_name in _OF_SQL:
        sql = read_sql("reports", f"ops.{family_name}")
        if lacking := [each for each in missing if _names(sql, each)]:
            what = ", ".join(f"{each.table} has no column {each.column}" for each in lacking)
            hindrance = f"It cannot be measured: {what}."
            return [Measure(name, None, hindrance=hindrance) for name in family(family_name).checks]
    return _MEASURES[family_name](context)


def _names(sql: str, missing: MissingColumn) -> bool:
    return missing.table in sql and bool(re.search(rf"\b{re.escape(missing.column)}\b", sql))


def null_count_sql(table: str, fields: Sequence[str], key: str) -> str:
    """Return the SELECT of the rows of a table, then of each field's empty cells and the first.

    `key` is the column that names a row.

    >>> null_count_sql("gold.customer_360", [], "customer_id")
    'SELECT COUNT(*) FROM gold.customer_360'
    """
    columns: list[exp.Count | exp.Filter] = [exp.Count(this=exp.Star())]
    for field in fields:
        text = exp.func("TRIM", exp.cast(exp.column(field, quoted=True), "VARCHAR"))
        empty = exp.Where(this=exp.func("NULLIF", text, exp.Literal.string("")).is_(exp.null()))
        example = exp.Min(this=exp.column(key, quoted=True))
        columns += [
            exp.Filter(this=exp.Count(this=exp.Star()), expression=empty),
            exp.Filter(this=example, expression=empty.copy()),
        ]
    return exp.select(*columns).from_(exp.to_table(table)).sql(dialect="duckdb")


def _coverage(context: Context) -> list[Measure]:
    return _metrics(query(context.con, "coverage", shown=SHOWN), "coverage")


def _uniqueness(context: Context) -> list[Measure]:
    return _metrics(query(context.con, "uniqueness", shown=SHOWN), "uniqueness")


def _consent(context: Context) -> list[Measure]:
    rows = query(context.con, "consent", shown=SHOWN, as_of=context.as_of)
    return _metrics(rows, "consent")


def _reconciliation(context: Context) -> list[Measure]:
    rows = query(context.con, "reconciliation", shown=SHOWN, as_of=context.as_of)
    return _metrics(rows, "reconciliation")


def _identity(context: Context) -> list[Measure]:
    settings = context.settings
    limits = {name: each.limit for name, each in settings.identifiers.items() if each.limit}
    rows = query(
        context.con,
        "identity",
        shown=SHOWN,
        limited=list(limits),
        limits=list(limits.values()),
        one_per_person=list(settings.guards.one_per_person),
    )
    exempt = {metric: customers for metric, *_, customers in rows if customers}
    held = open_gates(context.con)
    named = "; ".join(f"run {gate.run} ({gate.broken})" for gate in held[:SHOWN])
    metrics = [
        *(row[:-1] for row in rows),
        ("identity_change_share", share_of_ids_changed(context.con), 0, ""),
        ("held_run_count", len({gate.run for gate in held}), len(held), named),
    ]
    return [
        replace(measure, aside=_exempt(exempt.get(measure.metric, 0)))
        for measure in _metrics(metrics, "identity")
    ]


def _exempt(customers: int) -> str:
    if not customers:
        return ""
    who = "1 customer does" if customers == 1 else f"{customers:,} customers do"
    return f"{who} so by decisions of people, and {'is' if customers == 1 else 'are'} not counted."


def _stewardship(context: Context) -> list[Measure]:
    con = context.con
    conflicts = query(con, "conflict", shown=SHOWN)
    named = ", ".join(f"{merge} (forbidden by {apart})" for merge, _, apart, *_ in conflicts)
    count = conflicts[0][-1] if conflicts else 0
    return [
        Measure("decision_conflict_count", Decimal(count), count, named),
        _open_items(context),
    ]


def _open_items(context: Context) -> Measure:
    if not is_queued(context.con):
        return Measure("open_review_item_count", None, hindrance=f"{NOT_QUEUED}.")
    items = query(context.con, "item_state", as_of=context.as_of)
    return Measure("open_review_item_count", Decimal(sum(row[1] for row in items)))


def _schema(missing: Sequence[MissingColumn]) -> list[Measure]:
    measures = []
    for metric in family("schema").checks:
        names = [f"{each.table}.{each.column}" for each in missing if each.metric == metric]
        named = ", ".join(names[:SHOWN])
        measures.append(Measure(metric, Decimal(len(names)), len(names), named))
    return measures


def _nulls(context: Context) -> list[Measure]:
    con, wanted = context.con, context.settings.checks.critical_fields
    table = "gold.customer_360"
    present = {name for name, *_ in con.execute(f"describe {table}").fetchall()}
    fields = [field for field in wanted if field in present]
    missing = [field for field in wanted if field not in present]
    key = "customer_id" if "customer_id" in present else "rowid"
    row = con.execute(null_count_sql(table, fields, key)).fetchall()[0]
    profiles, empty, examples = row[0], row[1::2], row[2::2]
    named = [f"{field} (no such column)" for field in missing] + [
        f"{field} in {count} profiles such as {example}"
        for field, count, example in zip(fields, empty, examples, strict=True)
        if count
    ]
    cells = max(profiles, 1) * max(len(wanted), 1)
    # Rounded up: one empty cell in a million is still seen.
    rate = Decimal(sum(empty) + len(missing) * max(profiles, 1)) / cells
    value = rate.quantize(_PLACES, rounding=ROUND_CEILING)
    return [Measure("critical_null_rate", value, len(named), ", ".join(named[:SHOWN]))]


def _freshness(context: Context) -> list[Measure]:
    """Measure each source that tells times; one without any row has no value."""
    rows = query(
        context.con, "source_freshness", sources=_sources(context.settings), as_of=context.as_of
    )
    return [
        Measure(
            f"{source}_freshness_lag_hours",
            lag,
            subject=source,
            hindrance=_lag_hindrance(lag),
        )
        for source, count, _, lag in rows
        if count == 0 or lag is not None
    ]


def _lateness(context: Context) -> list[Measure]:
    """Measure what came last: rows that were too late once stay so, and are told in the report."""
    return [
        Measure(
            f"{each.source}_late_rows",
            Decimal(each.last_later_than_promised),
            subject=each.source,
            aside=f"{each.last_late_rows:,} of the last {each.last_rows:,} were late at all.",
        )
        for each in read_lateness(context)
    ]


def _relations(context: Context) -> list[Measure]:
    return [
        Measure(
            f"{each.relation}_orphan_share",
            each.orphan_share,
            subject=each.relation,
            aside=f"{each.orphans:,} of {each.children:,}; {each.unrelated:,} name none.",
        )
        for each in read_relations(context)
        if each.orphan_share is not None
    ]


def _lag_hindrance(lag: Decimal | None) -> str:
    if lag is None:
        return "No row of it has come."
    return "The newest row lies after as_of: a clock or a time zone is wrong." if lag < 0 else ""


def _loading(context: Context) -> list[Measure]:
    rows = query(context.con, "source_load", sources=_sources(context.settings))
    shares = [
        Measure(f"{source}_reject_share", _decimal(share), subject=source)
        for source, *_, share in rows
    ]
    lost = {source: count for source, _, _, _, _, count, _ in rows if count}
    named = ", ".join(f"{source} ({count} rows)" for source, count in list(lost.items())[:SHOWN])
    return [
        *shares,
        Measure("unaccounted_row_count", Decimal(sum(lost.values())), len(lost), named),
    ]


_MEASURES: dict[str, Callable[[Context], list[Measure]]] = {
    "coverage": _coverage,
    "uniqueness": _uniqueness,
    "nulls": _nulls,
    "freshness": _freshness,
    "lateness": _lateness,
    "consent": _consent,
    "identity": _identity,
    "stewardship": _stewardship,
    "loading": _loading,
    "relations": _relations,
    "reconciliation": _reconciliation,
}

_OF_SQL = ("coverage", "uniqueness", "consent", "identity", "reconciliation")
"""Families whose figures come from the SQL file of their name alone."""


def _metrics(rows: list[tuple[Any, ...]], family_name: str) -> list[Measure]:
    """Return the measures of rows (metric, value, offenders, named) in the catalogue's order."""
    order = list(family(family_name).checks)
    return [
        Measure(metric, _decimal(value), offenders, named or "")
        for metric, value, offenders, named in sorted(rows, key=lambda row: order.index(row[0]))
    ]


def _decimal(value: Decimal | float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(_PLACES)


def _sources(settings: Settings) -> list[str]:
    return list(settings.sources)
