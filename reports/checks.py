"""Judges the warehouse: writes ops.quality_check and says what failed."""

from collections.abc import Iterator
from decimal import Decimal

import duckdb

from c360.config import Settings
from c360.errors import MissingStepError
from c360.reports.catalogue import CheckText, Family, families
from c360.reports.measures import measured, missing_columns
from c360.reports.quality_check import AtLeast, AtMost, Measure, QualityCheck, Threshold, checked
from c360.reports.relations import OFTEN_ANONYMOUS, told_of
from c360.step import Context
from c360.warehouse import has_table


def build_quality_check(context: Context) -> None:
    """Write ops.quality_check: one row per check, judged by the thresholds of the configuration.

    Columns: family, metric, value, threshold, status (pass, warn, fail, info), explanation.
    Grain: (metric). Rates and shares are in [0, 1], money in USD, lags in hours.

    Raises:
        MissingStepError: there are no marts to check.
    """
    if not has_table(context.con, "gold.customer_360"):
        raise MissingStepError("there are no gold marts to check", "c360 build")
    con = context.con
    con.execute(
        "create or replace table ops.quality_check (family varchar, metric varchar,"
        " value decimal(18, 4), threshold varchar, status varchar, explanation varchar)"
    ).fetchall()
    con.executemany(
        "insert into ops.quality_check values (?, ?, ?, ?, ?, ?)",
        [
            (c.family, c.metric, c.value, c.threshold, c.status, c.explanation)
            for c in quality_checks(context)
        ],
    )


def quality_checks(context: Context) -> Iterator[QualityCheck]:
    """Measure and judge every check, in the order of the report."""
    missing = missing_columns(context)
    for family in families():
        for measure in measured(context, family.name, missing):
            key = _key(measure)
            threshold = threshold_of(key, context.settings, measure.subject)
            yield checked(family.name, measure, threshold, _text(context, family, measure))


def threshold_of(key: str, settings: Settings, subject: str = "") -> Threshold:
    """Return the threshold of a check of the catalogue; `subject` is its source or relation.

    Whatever the configuration does not name counts mistakes, of which there must be none.
    """
    checks, most_changed = settings.checks, settings.gates.max_share_of_ids_changed
    thresholds: dict[str, Threshold] = {
        "profile_coverage_rate": AtLeast(Decimal(str(checks.min_profile_coverage))),
        "duplicate_profile_count": AtMost(Decimal(checks.max_duplicate_profiles)),
        "critical_null_rate": AtMost(Decimal(str(checks.max_critical_null_rate))),
        "{source}_freshness_lag_hours": checks.freshness_hours.get(
            subject, checks.default_freshness_hours
        ),
        "marketing_consent_rate": None,
        "personalization_consent_rate": None,
        "largest_customer_record_count": AtMost(Decimal(checks.max_cluster_records), "warn"),
        "identity_change_share": (
            None if most_changed is None else AtMost(Decimal(str(most_changed)), "warn")
        ),
        "held_run_count": AtMost(Decimal(0), "warn"),
        "decision_conflict_count": AtMost(Decimal(0), "warn"),
        "open_review_item_count": None,
        "{source}_reject_share": checks.reject_share,
        "{source}_late_rows": AtMost(Decimal(0), "warn"),
        "{relation}_orphan_share": None if subject in OFTEN_ANONYMOUS else checks.max_orphan_share,
    }
    return thresholds.get(key, AtMost(Decimal(0)))


def read_checks(con: duckdb.DuckDBPyConnection) -> list[QualityCheck]:
    """Return the checks of the last `c360 check`, in the order of the report."""
    rows = con.execute(
        "select family, metric, value, threshold, status, explanation"
        " from ops.quality_check order by rowid"
    ).fetchall()
    return [QualityCheck(*row) for row in rows]


def failed_checks(con: duckdb.DuckDBPyConnection) -> list[QualityCheck]:
    """Return the checks that failed; one that only informs never does."""
    return [check for check in read_checks(con) if check.status == "fail"]


def _key(measure: Measure) -> str:
    """Return the name under which the catalogue has a measure."""
    if not measure.subject:
        return measure.metric
    what = measure.metric.removeprefix(measure.subject)
    return ("{relation}" if what == "_orphan_share" else "{source}") + what


def _text(context: Context, family: Family, measure: Measure) -> CheckText:
    text = family.checks[_key(measure)]
    if not measure.subject:
        return text
    if _key(measure).startswith("{source}"):
        names = {
            "source": measure.subject,
            "owner": context.settings.sources[measure.subject].owner,
        }
    else:
        names = told_of(measure.subject)
    return CheckText(text.meaning.format(**names), text.remedy.format(**names))
