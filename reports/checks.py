"""Judges the warehouse: writes ops.quality_check and what is kept of it, and says what failed."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import fields

import duckdb

from c360.check_rules import Severity
from c360.errors import ConfigurationError, MissingStepError
from c360.reports.catalogue import families
from c360.reports.concern import consumers_of
from c360.reports.failing_rows import keep_failing_rows
from c360.reports.history import keep_history
from c360.reports.judging import judge, judge_asked
from c360.reports.measures import measured, missing_columns
from c360.reports.quality_check import QualityCheck
from c360.reports.row_quality import count_rows_of_sources, keep_data_quality
from c360.reports.thresholds import critical_keys, severity_problems
from c360.reports.user_checks import AskedCheck, place_of, read_user_checks
from c360.reports.validity import validity_problems
from c360.step import Context
from c360.warehouse import fill_table, has_table

_COLUMNS = {
    "family": "varchar",
    "metric": "varchar",
    "value": "decimal(18, 4)",
    "threshold": "varchar",
    "status": "varchar",
    "explanation": "varchar",
    "severity": "varchar",
    "unit": "varchar",
    "source": "varchar",
    "tables": "varchar[]",
    "consumers": "varchar[]",
    "failing_rows": "bigint",
    "sql": "varchar",
    "is_builtin": "boolean",
}
_COUNTED_ONCE = ("validity", "consistency")
"""Families that read what count_rows_of_sources writes."""


def build_quality_check(context: Context) -> None:
    """Write ops.quality_check: one row per check, judged by the thresholds of the configuration.

    Columns: those of QualityCheck. Grain: (metric). Rates and shares are in [0, 1], money in USD,
    lags in hours. Writes ops.failing_row, adds to ops.check_history and ops.data_quality_metric.

    Raises:
        MissingStepError: there are no marts to check.
        ConfigurationError: the configuration names checks that are not there, or a check of the
            user's own is wrong.
    """
    if not has_table(context.con, "gold.customer_360"):
        raise MissingStepError("there are no gold marts to check", "c360 build")
    count_rows_of_sources(context)
    checks = list(quality_checks(context))
    names = [field.name for field in fields(QualityCheck)]
    rows = [tuple(getattr(check, name) for name in names) for check in checks]
    fill_table(context.con, "ops.quality_check", _COLUMNS, rows)
    keep_history(context, checks)
    keep_failing_rows(context, checks)
    keep_data_quality(context)


def quality_checks(
    context: Context, only: AbstractSet[str] | None = None
) -> Iterator[QualityCheck]:
    """Measure and judge every check, in the order of the report.

    `only` are names of the catalogue and of the user's checks, where not all are wanted; checks of
    the same query may come with them.
    """
    asked = _asked(context)
    missing, known = missing_columns(context), consumers_of(context.settings)
    for family in families():
        if only is None or not family.checks.keys().isdisjoint(only):
            for measure in measured(context, family.name, missing, only):
                yield judge(context, family, measure, known)
    for check in asked:
        if only is None or check.rules.name in only:
            yield judge_asked(context, check, known)


def critical_checks(context: Context) -> list[QualityCheck]:
    """Measure and judge the checks that hold a build back."""
    settings = context.settings
    own: dict[str, Severity] = {check.rules.name: check.rules.severity for check in _asked(context)}
    only = critical_keys(settings, own)
    once = (key for family in families() if family.name in _COUNTED_ONCE for key in family.checks)
    if not only.isdisjoint(once):
        count_rows_of_sources(context)
    return [check for check in quality_checks(context, only) if check.severity == "critical"]


def read_checks(con: duckdb.DuckDBPyConnection) -> list[QualityCheck]:
    """Return the checks of the last `c360 check`, in the order of the report.

    What an earlier version of c360 wrote has the first six columns alone.
    """
    there = {name for name, *_ in con.execute("describe ops.quality_check").fetchall()}
    names = [name for name in _COLUMNS if name in there]
    rows = con.execute(
        f"select {', '.join(names)} from ops.quality_check order by rowid"
    ).fetchall()
    return [QualityCheck(**dict(zip(names, row, strict=True))) for row in rows]


def failed_checks(con: duckdb.DuckDBPyConnection) -> list[QualityCheck]:
    """Return the checks that failed; one that only informs never does."""
    return [check for check in read_checks(con) if check.status == "fail"]


def _asked(context: Context) -> list[AskedCheck]:
    """Return the checks of the user's own; everything that the configuration has wrong is said."""
    asked = read_user_checks(context)
    settings = context.settings
    names = frozenset(check.rules.name for check in asked)
    known = consumers_of(settings)
    unknown = [
        (check.rules.file, f"consumers: there is no {name!r} (known: {', '.join(known)})")
        for check in asked
        for name in check.rules.consumers or ()
        if name not in known
    ]
    problems = [*severity_problems(settings, names), *validity_problems(settings)]
    if unknown or problems:
        files = [file for file, _ in unknown] + [""] * len(problems)
        told = [f"{file}: {problem}" for file, problem in unknown]
        raise ConfigurationError(place_of(context.workspace, files), told + problems)
    return asked
