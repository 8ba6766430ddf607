"""Judging the rows of a feed against its contract: which of them are rejected, and why."""

from collections.abc import Iterator, Sequence

import duckdb

from c360.config import Settings
from c360.errors import FeedError
from c360.source import Source
from c360.sources.column_promises import promise_faults
from c360.sources.contract import Check, Limit, limits, row_checks
from c360.sources.mapping import (
    INSTANT,
    cast_sql,
    columns_of,
    expression_sql,
    expressions,
    is_column,
    record_id_sql,
)
from c360.sources.normalise import install_normalisation, normalised_sql
from c360.sources.quoting import name_sql, text_sql
from c360.sources.reading import Rows
from c360.sources.views import collapsed_select

_WORDS = {
    "DECIMAL": "a number",
    "INTEGER": "a whole number",
    "BOOLEAN": "true or false",
    "TIMESTAMP": "a time",
    "DATE": "a date",
}
MONEY = "DECIMAL(18,2)"
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")
_SHOWN = 100
"""Characters of a value that a reason shows."""


def judge(
    reader: duckdb.DuckDBPyConnection,
    rows: Rows,
    name: str,
    settings: Settings,
    unknown: Sequence[str] = (),
) -> None:
    """Add every row that breaks the contract to `bad_row`, with all its reasons.

    A row with a value in a column of `unknown` breaks it.

    Raises:
        FeedError: an expression of the configuration cannot be computed from the feed's columns.
    """
    source = settings.sources[name]
    checks = row_checks(source, rows.columns)
    named = [("key", record_id_sql(source))]
    named += [(check.key, expression_sql(check.expression)) for check in checks]
    named += [(check.key, cast_sql(check.expression, check.type)) for check in checks]
    key_type, *types = _types(reader, rows.select, name, named)
    if source.collapse:
        _check_collapse(reader, rows, name, source)

    faults = [_key_fault(source, key_type)]
    for check, type_ in zip(checks, types, strict=False):
        faults += _faults(check, type_)
    faults += promise_faults(source)
    faults += [_unknown_fault(column) for column in unknown]
    if restricted := limits(settings, source):
        # Beside the transaction that will resolve, whose functions have the plain names.
        install_normalisation(reader, settings, prefix="landing_")
        faults += [_limit_fault(limit, source) for limit in restricted]
    reasons = ", ".join(f"case when {fault} then {reason} end" for fault, reason in faults)
    reader.execute(
        "create or replace temp table faulty as"
        f" select _row_number, concat_ws('; ', {reasons}) as reason from ({rows.select})"
        f" where {' or '.join(f'({fault})' for fault, _ in faults)}"
    ).fetchall()
    if reader.execute("select 1 from faulty limit 1").fetchall():
        reader.execute(
            "insert into bad_row select _row_number, reason, _raw"
            f" from ({rows.select}) join faulty using (_row_number)"
        ).fetchall()


def _types(
    reader: duckdb.DuckDBPyConnection, select: str, name: str, named: Sequence[tuple[str, str]]
) -> list[str]:
    """Return the type of each (configuration key, SQL) over the rows of `select`."""

    def describe(parts: Sequence[tuple[str, str]]) -> list[str]:
        fields = ", ".join(f"{sql} as c{place}" for place, (_, sql) in enumerate(parts))
        described = reader.execute(f"describe select {fields} from ({select})").fetchall()
        return [type_ for _, type_, *_ in described]

    def problems() -> dict[str, str]:
        found: dict[str, str] = {}
        for key, sql in named:
            try:
                describe([(key, sql)])
            except duckdb.Error as error:
                said = str(error).splitlines()[0]
                found.setdefault(key, f"sources.{name}.{key}: {sql} cannot be computed: {said}")
        return found

    try:
        return describe(named)
    except duckdb.Error as error:
        raise FeedError([*problems().values()]) from error


def _check_collapse(
    reader: duckdb.DuckDBPyConnection, rows: Rows, name: str, source: Source
) -> None:
    """Raise a FeedError where the collapsed rows cannot be computed, or what is read from them."""
    aggregates = [
        (f"collapse.{column}", expression_sql(aggregate))
        for column, aggregate in source.collapse.items()
    ]
    _types(reader, rows.select, name, aggregates)
    collapsed = [
        (key, expression_sql(expression))
        for key, expression in expressions(source)
        if not key.startswith("collapse.")
    ]
    relation = f"(select *, cast(null as timestamp) as _ingested_at from ({rows.select}))"
    _types(reader, collapsed_select(source, relation), name, collapsed)


def _key_fault(source: Source, type_: str) -> tuple[str, str]:
    key = _safe(record_id_sql(source), source.key)
    return _is_blank(key, type_), text_sql(f"key ({source.key}) is missing")


def _unknown_fault(column: str) -> tuple[str, str]:
    value = f"cast({name_sql(column)} as varchar)"
    said = f"column {column} has a value, and the source had no such column before (on_drift)"
    return f"coalesce(trim({value}), '') <> ''", text_sql(said)


def _faults(check: Check, type_: str) -> Iterator[tuple[str, str]]:
    """Yield (condition, reason) as SQL for what may be wrong with a row's value."""
    value = expression_sql(check.expression)
    safe = _safe(value, check.expression)
    fails = f"try(({value}) is null) is null"
    if safe != value:
        seen = " || ', ' || ".join(map(_shown, sorted(columns_of(value)))) or "'no column'"
        begin = text_sql(f"{check.expression} cannot be computed ({check.key}) from ")
        yield fails, f"{begin} || {seen}"
    if check.key == "event_time":
        missing = _is_blank(safe, type_)
        if safe != value:
            missing = f"({missing}) and not ({fails})"
        yield missing, text_sql(f"event_time ({check.expression}) is missing")
    if check.type not in ("VARCHAR", type_):
        yield _does_not_cast(check, safe, type_), _not_of_type(check, safe)
    if check.type == MONEY and type_ not in (MONEY, *_WHOLE):
        yield _is_finer_than_cents(safe), _not_in_cents(check, safe)


def _is_finer_than_cents(safe: str) -> str:
    """Return the condition for an amount with a part of a cent; binary noise is none."""
    exact = f"try_cast({safe} as DECIMAL(38, 9))"
    return f"coalesce(abs({exact} - round({exact}, 2)) > 0.0000001, false)"


def _not_in_cents(check: Check, safe: str) -> str:
    begin = text_sql(f"{check.expression} = ")
    end = text_sql(f" has more than 2 decimals ({check.key}: {check.type})")
    return f"{begin} || {_quoted(safe)} || {end}"


def _limit_fault(limit: Limit, source: Source) -> tuple[str, str]:
    """Return (condition, reason) for a row that shows more values than one person may have.

    Blanks and junk are no values. What a value looks like is not told of contact data.
    """
    private = {column for column, kind in source.privacy.items() if kind in ("pii", "sensitive")}
    values, shown = [], []
    for expression in limit.expressions:
        safe = _safe(expression_sql(expression), expression)
        value = normalised_sql(limit.identifier, safe)
        values.append(f"case when not is_junk({value}) then {value} end")
        is_private = columns_of(expression) & private
        seen = text_sql("…") if is_private else f"coalesce({_quoted(safe)}, 'null')"
        shown.append(f"{text_sql(f'{expression} = ')} || {seen}")
    begin = text_sql(f"{limit.namespace} (at most {limit.most} per person): ")
    too_many = f"len(list_distinct([{', '.join(values)}])) > {limit.most}"
    listed = " || ', ' || ".join(shown)
    return too_many, f"{begin} || {listed}"


def _does_not_cast(check: Check, safe: str, type_: str) -> str:
    if check.type == INSTANT:
        casts = f"coalesce(isfinite(try_cast({safe} as TIMESTAMPTZ)), false)"
    else:
        casts = f"try_cast({safe} as {check.type}) is not null"
    return f"not ({_is_blank(safe, type_)}) and not {casts}"


def _not_of_type(check: Check, safe: str) -> str:
    word = _WORDS[check.type.partition("(")[0]]
    if check.key.endswith("_usd"):
        word = "an amount"
    begin = text_sql(f"{check.expression} = ")
    end = text_sql(f" is not {word} ({check.key}: {check.type})")
    return f"{begin} || {_quoted(safe)} || {end}"


def _safe(sql: str, expression: str) -> str:
    """Return SQL that is null where an expression fails; a plain column cannot."""
    return sql if is_column(expression) else f"try({sql})"


def _is_blank(sql: str, type_: str) -> str:
    return f"coalesce(trim({sql}), '') = ''" if type_ == "VARCHAR" else f"{sql} is null"


def _shown(column: str) -> str:
    name = name_sql(column)
    return f"{text_sql(f'{column} = ')} || coalesce({_quoted(name)}, 'null')"


def _quoted(sql: str) -> str:
    return f"'''' || left(cast({sql} as varchar), {_SHOWN}) || ''''"
