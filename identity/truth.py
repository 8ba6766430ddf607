"""The known truth of an evaluation: a file that labels records with the person behind them."""

from pathlib import Path

import duckdb

from c360.errors import C360Error

COLUMNS = ("source", "record_id", "person")
_SELECTED = ", ".join(f"cast({column} as varchar) as {column}" for column in COLUMNS)


def read_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    """Write temp.truth (source, record_id, person): one row per labelled record.

    Args:
        con: Any connection.
        truth: CSV or Parquet with the columns source, record_id and person. Equal rows count once.

    Raises:
        C360Error: the file is missing or empty, lacks a column or a value, or contradicts itself.
    """
    if not truth.is_file():
        msg = f"there is no {truth}; name a CSV or Parquet file with {', '.join(COLUMNS)}"
        raise C360Error(msg)
    try:
        _require_columns(con, truth)
        con.execute(
            "create or replace temp table truth as"
            " select source, record_id, min(person) as person,"
            " min(person) <> max(person) as is_contradictory, count(*) <> count(person) as is_blank"
            f" from (select {_SELECTED} from {_reader(truth)}) group by source, record_id",
            {"path": _path(truth)},
        ).fetchall()
        _require_labels(con, truth)
    except duckdb.Error as error:
        msg = f"{truth} cannot be read as {_kind(truth)}: {error}"
        raise C360Error(msg) from error


def _require_columns(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    query = f"describe select * from {_reader(truth)}"
    found = [column for column, *_ in con.execute(query, {"path": _path(truth)}).fetchall()]
    if missing := sorted(set(COLUMNS) - {column.lower() for column in found}):
        msg = (
            f"{truth} has no column {', '.join(missing)} (it has {', '.join(found)});"
            f" name its columns {', '.join(COLUMNS)}"
        )
        raise C360Error(msg)


def _require_labels(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    rows, blank, contradictory = con.execute(
        "select count(*), count_if(is_blank or source is null or record_id is null),"
        " count_if(is_contradictory) from temp.truth"
    ).fetchall()[0]
    if not rows:
        msg = f"{truth} has no rows; give it one for each record whose person is known"
        raise C360Error(msg)
    if blank:
        raise C360Error(_blank(con, truth))
    if contradictory:
        raise C360Error(_contradiction(con, truth))


def _blank(con: duckdb.DuckDBPyConnection, truth: Path) -> str:
    row, *values = con.execute(
        f"select row_number, source, record_id, person from {_numbered(truth)}"
        " where source is null or record_id is null or person is null order by row_number limit 1",
        {"path": _path(truth)},
    ).fetchall()[0]
    empty = ", ".join(c for c, value in zip(COLUMNS, values, strict=True) if value is None)
    return f"{truth}: row {row} has no {empty}; fill it in, or leave the row out if it is unknown"


def _contradiction(con: duckdb.DuckDBPyConnection, truth: Path) -> str:
    parameters = {"path": _path(truth)}
    (first, source, record_id, person), (second, _, _, other) = con.execute(
        "select min(row_number), source, record_id, person from ("
        f"  select numbered.* from {_numbered(truth)}"
        "   semi join (select source, record_id from temp.truth where is_contradictory"
        "     order by source, record_id limit 1) using (source, record_id))"
        " group by source, record_id, person order by min(row_number) limit 2",
        parameters,
    ).fetchall()
    return (
        f"{truth}: row {first} labels {source}:{record_id} as person {person!r}, row {second} as"
        f" {other!r}; a record is of one person: leave one of them, or neither if it is unknown"
    )


def _numbered(truth: Path) -> str:
    rows = f"select row_number() over () as row_number, {_SELECTED} from {_reader(truth)}"
    return f"({rows}) as numbered"


def _reader(truth: Path) -> str:
    if _kind(truth) == "Parquet":
        return "read_parquet($path)"
    return "read_csv($path, all_varchar = true, header = true)"


def _kind(truth: Path) -> str:
    return "Parquet" if truth.suffix.lower() == ".parquet" else "CSV"


def _path(truth: Path) -> str:
    return str(truth.resolve())
