"""The columns of a feed: a CSV file's header, and which names a column may bear."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from c360.errors import FeedError
from c360.sources.feed import UNREADABLE, Feed, damaged

META = ("_source", "_batch_id", "_file", "_row_number", "_ingested_at", "_row_hash")
"""Columns that every landed row has beside the source's own."""
_RESERVED = (*META, "_raw", "file_row_number")
_DELIMITERS = ",;\t|"
_HEADER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Header:
    """The first record of a CSV file."""

    columns: tuple[str, ...]
    delimiter: str


def read_header(feed: Feed) -> Header:
    """Return the columns of a CSV file and its delimiter: the one that makes the most columns.

    Raises:
        FeedError: it is not text, or a column has no name, one that stands twice or a reserved one.
    """
    begin = _begin(feed)
    line = begin.readline()
    delimiter = max(_DELIMITERS, key=lambda each: len(next(csv.reader([line], delimiter=each), ())))
    begin.seek(0)
    try:
        columns = tuple(next(csv.reader(begin, delimiter=delimiter, strict=True), ()))
    except csv.Error as error:
        raise FeedError([f"{feed.label} has a header that is not CSV: {error}"]) from error
    if not columns:
        found = "begins with a blank line" if line else "is empty"
        raise FeedError([f"{feed.label} {found}; the first line must name the columns"])
    if any(not _is_text(column) for column in columns):
        raise FeedError([f"{feed.label} is not UTF-8 text; save it as UTF-8"])
    check_names(feed, columns)
    return Header(columns, delimiter)


def check_names(feed: Feed, columns: Sequence[str]) -> None:
    """Refuse columns without a name, names that stand twice, and those that landing adds.

    Raises:
        FeedError: with every such column.
    """
    problems = [
        f"{feed.label}: column {place} has no name; name it in the header"
        for place, column in enumerate(columns, start=1)
        if not column.strip()
    ]
    spellings = Counter(column.lower() for column in columns if column.strip())
    problems += [
        f"{feed.label} has the column {_spelled(columns, column)} twice"
        " (upper and lower case are the same); rename one"
        for column, times in spellings.items()
        if times > 1
    ]
    problems += [
        f"{feed.label} has a column {column!r}: that name is kept for what landing adds"
        f" ({', '.join(_RESERVED)}); rename it"
        for column in columns
        if column.lower() in _RESERVED
    ]
    if problems:
        raise FeedError(problems)


def _spelled(columns: Sequence[str], column: str) -> str:
    same = dict.fromkeys(each for each in columns if each.lower() == column)
    return " and ".join(map(repr, same))


def _begin(feed: Feed) -> io.StringIO:
    """Return the begin of a text file; its lines may end in any way."""
    try:
        with feed.open() as file:
            begin = file.read(_HEADER_BYTES)
    except UNREADABLE as error:
        raise damaged(feed, error) from error
    return io.StringIO(begin.decode("utf-8-sig", errors="surrogateescape"), newline="")


def _is_text(column: str) -> bool:
    try:
        column.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in column
