"""The cells of CSV files that people edit, safe in a spreadsheet and exact when read back."""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from c360.errors import C360Error, DecisionError

_RISKY = re.compile(r"'*[=+@\t\r-]")
"""What a spreadsheet would run as a formula, also behind quotes that keep it from that."""
_ESCAPED = re.compile(r"''*[=+@\t\r-]")
_BREAKING = re.compile(r'[",\r\n]')
_SEPARATORS = (",", ";", "\t")
_BYTE_ORDER_MARK = "\ufeff"
_LONGEST_CELL = 2**31 - 1
"""A decision on a large customer names thousands of records in one cell."""


def escaped(text: str) -> str:
    """Return a cell that no spreadsheet runs; `unescaped` gives the text back.

    >>> escaped("=1+1"), escaped("'=1+1"), escaped("it's")
    ("'=1+1", "''=1+1", "it's")
    """
    return f"'{text}" if _RISKY.match(text) else text


def unescaped(cell: str) -> str:
    """Return the text of a cell; one that was never escaped is as it is."""
    return cell[1:] if cell.startswith("'") and _ESCAPED.match(cell) else cell


def write_cells(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    has_byte_order_mark: bool = False,
) -> None:
    """Write a CSV file, whole or not at all; texts are escaped, None is an empty cell.

    Without a byte order mark Excel takes the file for one in the code page of the machine, and
    breaks every name with an accent; LibreOffice understands both.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    encoding = "utf-8-sig" if has_byte_order_mark else "utf-8"
    try:
        with draft.open("w", encoding=encoding, newline="") as file:
            file.writelines(_line(row) for row in itertools.chain([columns], rows))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _line(row: Sequence[object]) -> str:
    return ",".join(map(_quoted, row)) + "\n"


def _quoted(cell: object) -> str:
    # csv.writer leaves a lone carriage return bare before Python 3.13, and no reader forgives it.
    text = escaped(cell) if isinstance(cell, str) else "" if cell is None else str(cell)
    return '"' + text.replace('"', '""') + '"' if _BREAKING.search(text) else text


def read_cells(
    path: Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> list[tuple[int, list[str]]]:
    """Return the line and the cells of each row, those of `columns` alone and in their order.

    Those of `optional` follow; a cell of a column that is not there is empty.

    The file may have a byte order mark, commas, semicolons or tabs between cells, its columns in
    any order, and others beside them. Rows without any text are left out.

    Raises:
        DecisionError: it is not in UTF-8, lacks a column, or has more cells than its header.
    """
    numbered, header = _begin(path, _decoded(path), columns)
    asked = (*columns, *optional)
    places = [header.index(each) if each in header else len(header) for each in asked]
    rows: list[tuple[int, list[str]]] = []
    problems: list[str] = []
    for line, cells in numbered:
        if any(cells[len(header) :]):
            problems.append(
                f"line {line}: {len(cells)} cells under {len(header)} columns; put texts that hold"
                " the separator in double quotes"
            )
        elif any(cell.strip() for cell in cells):
            full = cells[: len(header)] + [""] * (len(header) + 1 - len(cells))
            rows.append((line, [unescaped(full[place]) for place in places]))
    if problems:
        raise DecisionError(problems, file=path)
    return rows


def _decoded(path: Path) -> str:
    if not path.is_file():
        msg = f"there is no {path}; name a CSV file"
        raise C360Error(msg)
    content = path.read_bytes()
    try:
        return content.decode().removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = (
            f"line {line}: byte {error.start + 1} of the file, 0x{content[error.start]:02x}, is not"
            " UTF-8; save it as `CSV UTF-8` (Excel) or as CSV with the character set Unicode"
            " (UTF-8) (LibreOffice)"
        )
        raise DecisionError([problem], file=path) from error


def _begin(path: Path, text: str, columns: Sequence[str]) -> tuple["_Rows", list[str]]:
    """Return the rows behind the header, by the separator that finds most of the columns."""
    csv.field_size_limit(_LONGEST_CELL)
    headers = {separator: _header(text, separator) for separator in _SEPARATORS}
    separator = max(_SEPARATORS, key=lambda each: len(set(columns) & set(headers[each])))
    header = headers[separator]
    if missing := [column for column in columns if column not in header]:
        problem = f"line 1: no column {', '.join(missing)} (the file has {', '.join(header)})"
        raise DecisionError([problem], file=path)
    rows = _rows(path, text, separator)
    next(rows)
    return rows, header


def _header(text: str, separator: str) -> list[str]:
    cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    return [cell.strip() for cell in cells]


_Rows = Iterator[tuple[int, list[str]]]


def _rows(path: Path, text: str, separator: str) -> _Rows:
    """Yield each row with the line of the file that it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        problem = f"line {line}: no CSV from here on ({error}); look for a quote that never ends"
        raise DecisionError([problem], file=path) from error
