"""How a measure becomes a check: judged, put into words, and told whom it concerns."""

from collections.abc import Mapping
from decimal import Decimal

import duckdb

from c360.consumers import Consumer
from c360.errors import ConfigurationError
from c360.reports.catalogue import CheckText, Family
from c360.reports.concern import concerned, consumers_of
from c360.reports.failing_rows import count_rows, failing_sql, words_of
from c360.reports.masking import masked_columns, masked_select
from c360.reports.measures import share_of
from c360.reports.quality_check import (
    AtMost,
    Measure,
    QualityCheck,
    explanation,
    judged,
    threshold_text,
)
from c360.reports.relations import told_of
from c360.reports.thresholds import severity_of, threshold_of
from c360.reports.user_checks import AskedCheck
from c360.rules import Band
from c360.step import Context


def judge(
    context: Context, family: Family, measure: Measure, known: Mapping[str, Consumer]
) -> QualityCheck:
    """Judge a measure of the catalogue; `known` are the consumers."""
    key, settings = measure.key or measure.metric, context.settings
    text = _text(context, family.checks[key], measure)
    threshold = threshold_of(measure, settings)
    severity = severity_of(measure.metric, key, text, settings)
    status = judged(measure.value, threshold, severity)
    consumers = concerned(text.tables, known)
    if key.startswith("{consumer}"):
        consumers = [measure.subject]
    sql = measure.sql or failing_sql(context, key, measure.subject)
    rows = None if status == "info" else measure.failing_rows
    if rows is None and sql and status != "info" and not measure.hindrance:
        # A share may pass although rows break it.
        is_clean = status == "pass" and not (isinstance(threshold, Band) and measure.value)
        rows = 0 if is_clean else count_rows(context.con, sql)[0]
    return QualityCheck(
        family=family.name,
        metric=measure.metric,
        value=measure.value,
        threshold=threshold_text(threshold),
        status=status,
        explanation=explanation(measure, status, text),
        severity=None if threshold is None else severity,
        unit=text.unit,
        source=measure.subject if key.startswith("{source}") else None,
        tables=list(text.tables),
        consumers=consumers,
        failing_rows=rows,
        sql=sql or None,
    )


def judge_asked(context: Context, asked: AskedCheck, known: Mapping[str, Consumer]) -> QualityCheck:
    """Measure and judge a check of the user's own.

    Raises:
        ConfigurationError: its SELECT does not run.
    """
    rules = asked.rules
    try:
        # The first column names the rows, and may well be somebody's address.
        columns = masked_columns(context.con, asked.sql, context.settings)
        rows, named = count_rows(context.con, masked_select(asked.sql, columns[:1]))
        value = share_of(context, rows, rules.of or "")
    except duckdb.Error as error:
        problem = f"{rules.file}: {words_of(error)}"
        raise ConfigurationError(context.workspace.root / rules.file, [problem]) from error
    text = CheckText(
        rules.meaning or f"Rows that {rules.file} finds, of which there should be none.",
        rules.remedy or "Look at the failing rows.",
    )
    severity = severity_of(rules.name, rules.name, text, context.settings)
    if rules.name not in context.settings.checks.severity:
        severity = rules.severity
    threshold = AtMost(Decimal(rules.at_most))
    status = judged(value, threshold, severity)
    measure = Measure(rules.name, value, rows, named)
    return QualityCheck(
        family="user",
        metric=rules.name,
        value=value,
        threshold=threshold_text(threshold),
        status=status,
        explanation=explanation(measure, status, text),
        severity=severity,
        unit=rules.unit,
        tables=list(asked.tables),
        consumers=sorted(rules.consumers)
        if rules.consumers is not None
        else concerned(asked.tables, known),
        failing_rows=rows,
        sql=asked.sql,
        is_builtin=False,
    )


def _text(context: Context, text: CheckText, measure: Measure) -> CheckText:
    """Return the words of a check for its subject."""
    if not measure.subject:
        return text
    names = _names(context, measure)
    return CheckText(
        text.meaning.format(**names),
        text.remedy.format(**names),
        text.severity,
        text.unit,
        tuple(table.format(**names) for table in text.tables),
    )


def _names(context: Context, measure: Measure) -> dict[str, str]:
    """Return what stands for the braces in the words of a check."""
    subject = measure.subject
    kind = measure.key[1 : measure.key.index("}")]
    if kind == "source":
        source = context.settings.sources[subject]
        return {"source": subject, "owner": source.owner, "entity": source.entity}
    if kind == "relation":
        return told_of(subject)
    if kind == "consumer":
        return {"consumer": subject, "title": consumers_of(context.settings)[subject].title}
    return {kind: subject}
