"""The rows that break a check: how they are found, sampled, masked and exported."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path

import duckdb

from c360.errors import C360Error, MissingStepError
from c360.reports.masking import masked_columns, masked_sample, masked_select
from c360.reports.one_select import literal_sql, only_select
from c360.reports.quality_check import QualityCheck
from c360.reports.query import columns_of
from c360.sources.quoting import name_sql
from c360.step import Context
from c360.warehouse import create_tables, export

SAMPLED = 20
"""Failing rows of a check that are kept for the report."""
_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


@cache
def failing_text(key: str) -> str | None:
    """Return the SELECT of the failing rows of a check of the catalogue, if it has one."""
    path = files("c360.reports") / "sql" / "failing" / f"{re.sub('[{}]', '', key)}.sql"
    return path.read_text(encoding="utf-8") if path.is_file() else None


def failing_sql(context: Context, key: str, subject: str = "") -> str | None:
    """Return that SELECT with its parameters filled in, so that it runs when pasted."""
    text = failing_text(key)
    if text is None:
        return None
    identifiers = context.settings.identifiers
    limits = {name: each.limit for name, each in identifiers.items() if each.limit}
    parameters = {
        "as_of": context.as_of,
        "subject": subject,
        "limited": list(limits),
        "limits": list(limits.values()),
        "one_per_person": list(context.settings.guards.one_per_person),
        "max_cluster_records": context.settings.checks.max_cluster_records,
    }
    return _PARAMETER.sub(lambda match: literal_sql(parameters[match[1]]), text)


def words_of(error: duckdb.Error) -> str:
    """Return what DuckDB says of a SELECT, with the columns that it may have meant.

    What it quotes while it reads rows is left out: it may be somebody's data.
    """
    words = " ".join(str(error).partition("\nLINE ")[0].split())
    if isinstance(error, (duckdb.BinderException, duckdb.CatalogException)):
        return words
    return re.sub(r"(['\"]).*\1", "…", words)


def count_rows(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, str]:
    """Return the number of rows of a SELECT, and the first five of its first column by name."""
    name = name_sql(con.execute(f"describe {sql}").fetchall()[0][0])
    count, named = con.execute(
        "with failing as materialized (\n" + sql + "\n), named as ("
        f"select distinct cast({name} as varchar) as name from failing order by name limit 5)"
        " select (select count(*) from failing),"
        " (select string_agg(name, ', ' order by name) from named)"
    ).fetchall()[0]
    return int(count), named or ""


def keep_failing_rows(context: Context, checks: Sequence[QualityCheck]) -> None:
    """Write ops.failing_row: of each check that has failing rows the first, masked.

    Columns: metric, position, key (what names the row), cells (JSON object).
    Grain: (metric, position).
    """
    con = context.con
    create_tables(
        con,
        {"ops.failing_row": "metric varchar, position integer, key varchar, cells varchar"},
    )
    for check in checks:
        if check.sql is not None and check.failing_rows:
            columns = masked_columns(con, check.sql, context.settings)
            con.execute(
                "insert into ops.failing_row select $metric, position, key, cells"
                f" from ({masked_sample(check.sql, columns, SAMPLED)})",
                {"metric": check.metric},
            ).fetchall()


def export_failing(context: Context, metric: str, path: Path) -> int:
    """Write all failing rows of a check to a CSV or Parquet file, masked; return how many.

    Raises:
        MissingStepError: nothing has been checked.
        C360Error: there is no such check, it has no rows to show, or they are no longer to be had.
    """
    con = context.con
    if "sql" not in columns_of(con, "ops.quality_check"):
        raise MissingStepError("nothing has been checked", "c360 check")
    rows = con.execute("select metric, sql from ops.quality_check order by rowid").fetchall()
    known = dict(rows)
    if metric not in known:
        near = get_close_matches(metric, known, n=1)
        meant = f"; did you mean {near[0]}?" if near else "; `c360 check --json` lists them"
        msg = f"there is no check {metric!r}{meant}"
        raise C360Error(msg)
    sql = known[metric]
    if sql is None:
        msg = f"{metric} is a figure, and no rows break it; the report tells which checks have rows"
        raise C360Error(msg)
    try:
        only_select(sql)
        return export_rows(context, sql, path)
    except (ValueError, duckdb.Error) as error:
        why = words_of(error) if isinstance(error, duckdb.Error) else error
        msg = f"the rows of {metric} cannot be read ({why}); run `c360 check` again"
        raise C360Error(msg) from error


def export_rows(context: Context, sql: str, path: Path) -> int:
    """Write the rows of a SELECT to a CSV or Parquet file, masked; return how many."""
    con = context.con
    query = masked_select(sql, masked_columns(con, sql, context.settings))
    export(con, query, path)
    return int(con.execute(f"select count(*) from ({query})").fetchall()[0][0])
