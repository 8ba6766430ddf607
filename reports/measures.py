"""The figures that the quality checks judge, read from the warehouse."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from sqlglot import exp

from c360.reports.catalogue import contract, family
from c360.reports.consumer_age import measure_consumers
from c360.reports.drift import measure_drift
from c360.reports.failing_rows import count_rows, failing_sql
from c360.reports.figure import PLACES, metrics
from c360.reports.identity_measures import measure_identity, measure_stewardship
from c360.reports.quality_check import SHOWN, Measure
from c360.reports.query import query
from c360.reports.source_measures import (
    measure_freshness,
    measure_lateness,
    measure_layers,
    measure_loading,
    measure_relations,
    measure_validity,
)
from c360.sources.quoting import name_sql, text_sql
from c360.step import Context, read_sql


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


def measured(
    context: Context,
    family_name: str,
    missing: Sequence[MissingColumn],
    only: AbstractSet[str] | None = None,
) -> list[Measure]:
    """Measure the checks of a family, in the order of the catalogue.

    `only` are the names that are wanted, None for all: those that are counted one by one are left
    out, and the others where none of them is wanted.

    Checks whose SQL names a missing column have no value and say so: a query that does not bind
    would abort the transaction.
    """
    checks = family(family_name).checks
    counted = [name for name, text in checks.items() if text.is_counted]
    others = [name for name in checks if name not in counted]
    measures = [
        _counted(context, name, checks[name].of, missing)
        for name in counted
        if only is None or name in only
    ]
    if only is None or not only.isdisjoint(others):
        measures += _together(context, family_name, others, missing)
    order = list(checks)
    return sorted(measures, key=lambda measure: order.index(measure.key or measure.metric))


def _together(
    context: Context, family_name: str, names: Sequence[str], missing: Sequence[MissingColumn]
) -> list[Measure]:
    """Measure the checks of a family that are not counted one by one."""
    if family_name == "schema":
        return _schema(missing)
    if family_name in _OF_SQL:
        sql = read_sql("reports", f"ops.{family_name}")
        if lacking := _lacking(sql, missing):
            return [Measure(name, None, hindrance=lacking) for name in names]
    measure = _MEASURES.get(family_name)
    return measure(context) if measure else []


def _counted(context: Context, name: str, of: str, missing: Sequence[MissingColumn]) -> Measure:
    """Count the failing rows of a check, or their share of a table."""
    sql = failing_sql(context, name) or ""
    if lacking := _lacking(sql, missing):
        return Measure(name, None, hindrance=lacking)
    rows, named = count_rows(context.con, sql)
    return Measure(name, share_of(context, rows, of), rows, named, failing_rows=rows)


def share_of(context: Context, rows: int, table: str) -> Decimal:
    """Return the rows as a share of a table, rounded up; their number where there is no table."""
    if not table:
        return Decimal(rows)
    total = int(context.con.execute(f"select count(*) from {table}").fetchall()[0][0])
    return (Decimal(rows) / max(total, 1)).quantize(PLACES, rounding=ROUND_CEILING)


def _lacking(sql: str, missing: Sequence[MissingColumn]) -> str:
    lacking = [each for each in missing if _names(sql, each)]
    what = ", ".join(f"{each.table} has no column {each.column}" for each in lacking)
    return f"It cannot be measured: {what}." if lacking else ""


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


def null_rows_sql(table: str, fields: Sequence[str], key: str) -> str:
    """Return the SELECT of the empty cells of a table: the row by its key, and the column."""
    cells = [
        f"select {name_sql(key)}, {text_sql(field)} as column_name from {table}"
        f" where nullif(trim(cast({name_sql(field)} as varchar)), '') is null"
        for field in fields
    ]
    return "\nunion all\n".join(cells) + "\norder by all"


def _coverage(context: Context) -> list[Measure]:
    return metrics(query(context.con, "coverage", shown=SHOWN))


def _consent(context: Context) -> list[Measure]:
    return metrics(query(context.con, "consent", as_of=context.as_of))


def _reconciliation(context: Context) -> list[Measure]:
    rows = query(context.con, "reconciliation", shown=SHOWN, as_of=context.as_of)
    return metrics(rows)


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
    value = rate.quantize(PLACES, rounding=ROUND_CEILING)
    return [
        Measure(
            "critical_null_rate",
            value,
            len(named),
            ", ".join(named[:SHOWN]),
            sql=null_rows_sql(table, fields, key) if any(empty) else "",
        )
    ]


_MEASURES: dict[str, Callable[[Context], list[Measure]]] = {
    "coverage": _coverage,
    "nulls": _nulls,
    "validity": measure_validity,
    "freshness": measure_freshness,
    "lateness": measure_lateness,
    "consumers": measure_consumers,
    "consent": _consent,
    "identity": measure_identity,
    "stewardship": measure_stewardship,
    "loading": measure_loading,
    "relations": measure_relations,
    "consistency": measure_layers,
    "reconciliation": _reconciliation,
    "drift": measure_drift,
}

_OF_SQL = ("coverage", "consent", "identity", "reconciliation")
"""Families whose figures, but for those that are counted, come from the SQL file of their name."""
