"""What a source promises of the values of its columns, as SQL over its rows."""

from collections.abc import Iterator

from c360.promises import ColumnPromise
from c360.source import Source
from c360.sources.quoting import name_sql, text_sql

PRIVATE = ("pii", "sensitive")
"""Classes of columns whose values no reason shows."""
_EMAIL = r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"
_SHOWN = 100
"""Characters of a value that a reason shows."""


def promise_faults(source: Source) -> Iterator[tuple[str, str]]:
    """Yield (condition, reason) as SQL for each promise that a row may break."""
    private = {column.lower() for column, kind in source.privacy.items() if kind in PRIVATE}
    for column, promise in source.columns.items():
        text = f"cast({name_sql(column)} as varchar)"
        shown = text_sql("…") if column.lower() in private else f"left({text}, {_SHOWN})"
        blank = f"coalesce(trim({text}), '') = ''"
        if promise.required:
            yield blank, text_sql(f"{column} is missing (columns.{column}.required)")
        for key, kept, said in _kept(promise, text):
            begin, end = text_sql(f"{column} = '"), text_sql(f"' {said} (columns.{column}.{key})")
            yield f"not ({blank}) and not ({kept})", f"{begin} || {shown} || {end}"


def _kept(promise: ColumnPromise, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield (key, condition that the promise is kept, what is said where it is not)."""
    if promise.values:
        listed = ", ".join(map(text_sql, promise.values))
        yield "values", f"{text} in ({listed})", f"is not one of {', '.join(promise.values)}"
    if promise.between is not None:
        least, most = promise.between
        within = f"try_cast({text} as double) between {least!r} and {most!r}"
        yield "between", f"coalesce({within}, false)", f"is not from {least:g} to {most:g}"
    if promise.matches is not None:
        said = f"does not match {promise.matches}"
        yield "matches", f"regexp_full_match({text}, {text_sql(promise.matches)})", said
    if promise.format == "email":
        said = "is not an e-mail address"
        yield "format", f"regexp_full_match(trim({text}), {text_sql(_EMAIL)})", said
    if promise.max_length is not None:
        said = f"is longer than {promise.max_length} characters"
        yield "max_length", f"length({text}) <= {promise.max_length:d}", said
