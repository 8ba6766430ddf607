"""Setting malformed lines of a text file apart, so that the others can be read."""

import json
import mmap
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_RECORD_BYTES = 2_000_000
"""A little less than what DuckDB takes for one line (max_line_size)."""
MAX_RAW_BYTES = 100_000
"""What is kept of a longer line among the rejects."""

_LINE = re.compile(rb"[^\r\n]*+")
_NEWLINE = re.compile(rb"\r\n|\n|\r")
_NEEDS_ESCAPE = re.compile(r'["\\\x00-\x1f]')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_QUOTED = r' *+"((?:[^"]++|"")*+)" *+'


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that is no record."""

    row_number: int
    reason: str
    raw: str


def separate_csv(path: Path, clean: Path, *, columns: int, delimiter: str) -> Iterator[Malformed]:
    """Write the records of a CSV file to `clean`, and yield the lines that are none.

    `clean` gets a JSON list a line: the row number and the values, all as text.
    A line that begins no record of so many columns is malformed; reading goes on at the next line,
    so that a quote left open costs one line. As for DuckDB, blanks around quotes and delimiters
    after the last column are nothing, and blank lines no rows where there are several columns.
    """
    mark = re.escape(delimiter)
    value = rf'(?:{_QUOTED}|(?! *")[^\r\n{mark}]*+)'
    record = re.compile(f"{value}(?:{mark}{value}){{{columns - 1}}}{mark}*+".encode())
    any_record = re.compile(f"{value}(?:{mark}{value})*+")
    each = re.compile(f"(?:^|{mark})(?:{_QUOTED}|([^{mark}]*+))")

    def values(row: str) -> list[str]:
        if '"' not in row:
            return row.split(delimiter)
        return [quoted.replace('""', '"') or plain for quoted, plain in each.findall(row)]

    def reason(line: str) -> str:
        if not any_record.fullmatch(line):
            return "broken quotes"
        return f"has {len(each.findall(line))} columns, not {columns}"

    return _separate(path, clean, record, values, reason, has_header=True)


def separate_lines(path: Path, clean: Path) -> Iterator[Malformed]:
    """Write the lines of a text file to `clean`, and yield those that are not UTF-8 or too long.

    `clean` gets a JSON list a line: the line's number and the line.
    """
    return _separate(path, clean, _LINE, lambda line: [line], lambda _: "", has_header=False)


def _separate(
    path: Path,
    clean: Path,
    record: re.Pattern[bytes],
    values: Callable[[str], list[str]],
    reason: Callable[[str], str],
    *,
    has_header: bool,
) -> Iterator[Malformed]:
    blank_is_row = record.match(b"\n") is not None
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text,
        clean.open("w", encoding="utf-8", newline="\n") as out,
    ):
        position = len(_BYTE_ORDER_MARK) if text[:3] == _BYTE_ORDER_MARK else 0
        number = -1 if has_header else 0
        while position < len(text):
            end = _end_of_record(text, position, record)
            is_record = end is not None
            if end is None:
                end = _end(_LINE, text, position)
            if end > position or blank_is_row:
                number += 1
                row = _decoded(text[position:end])
                if has_header and number == 0:
                    pass
                elif is_record and row is not None:
                    out.write(_json_list([str(number), *values(row)]))
                else:
                    yield _malformed(number, text[position:end], row, reason)
            position = _end(_NEWLINE, text, end)


def _json_list(values: list[str]) -> str:
    if _NEEDS_ESCAPE.search("".join(values)):
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"
    return '["' + '","'.join(values) + '"]\n'


def _malformed(
    number: int, line: bytes, row: str | None, reason: Callable[[str], str]
) -> Malformed:
    raw = line[:MAX_RAW_BYTES].decode(errors="replace")
    if row is None:
        return Malformed(number, "is not UTF-8", raw)
    if len(line) > MAX_RECORD_BYTES:
        return Malformed(number, "is longer than 2 MB", raw)
    return Malformed(number, reason(row), raw)


def _end_of_record(text: mmap.mmap, start: int, record: re.Pattern[bytes]) -> int | None:
    match = record.match(text, start, start + MAX_RECORD_BYTES)
    if match is None:
        return None
    end = match.end()
    return end if end == len(text) or text[end] in b"\r\n" else None


def _end(pattern: re.Pattern[bytes], text: mmap.mmap, start: int) -> int:
    match = pattern.match(text, start)
    return match.end() if match else start


def _decoded(row: bytes) -> str | None:
    try:
        return row.decode()
    except UnicodeDecodeError:
        return None
