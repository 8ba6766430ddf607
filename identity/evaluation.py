"""How well the resolved customers agree with a known truth."""

from pathlib import Path

import duckdb

from c360.errors import C360Error
from c360.step import read_sql

COLUMNS = ("source", "record_id", "person")


def evaluate_members(
    con: duckdb.DuckDBPyConnection, truth: Path, members: str = "identity.member"
) -> dict[str, int | float | None]:
    """Return the figures of evaluation.sql for the labelled records; shares have six decimals.

    Args:
        con: A warehouse with identity.member.
        members: The table to judge: source, record_id, customer_id, to_run.
        truth: CSV or Parquet with the columns source, record_id and person; it may label a part.

    Raises:
        C360Error: the file is missing, lacks a column, or labels no record that was resolved.
    """
    if not truth.is_file():
        msg = f"there is no {truth}; name a CSV or Parquet file with {', '.join(COLUMNS)}"
        raise C360Error(msg)
    _read_truth(con, truth)
    con.execute(f"create or replace temp view judged as from {members}")
    names, row = _one_row(con)
    if not row[0]:
        msg = f"{truth} labels none of the resolved records; check its source and record_id columns"
        raise C360Error(msg)
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in zip(names, row, strict=True)
    }


def _read_truth(con: duckdb.DuckDBPyConnection, truth: Path) -> None:
    reader = (
        "read_parquet($path)"
        if truth.suffix == ".parquet"
        else "read_csv($path, all_varchar = true)"
    )
    path = {"path": str(truth.resolve())}
    try:
        found = [c for c, *_ in con.execute(f"describe from {reader}", path).fetchall()]
        if missing := sorted(set(COLUMNS) - set(found)):
            msg = f"{truth} has no column {', '.join(missing)} (it has {', '.join(found)})"
            raise C360Error(msg)
        con.execute(
            "create or replace temp table truth as select cast(source as varchar) as source,"
            " cast(record_id as varchar) as record_id, cast(person as varchar) as person"
            f" from {reader}",
            path,
        ).fetchall()
    except duckdb.Error as error:
        msg = f"{truth} cannot be read: {error}"
        raise C360Error(msg) from error


def _one_row(con: duckdb.DuckDBPyConnection) -> tuple[list[str], tuple[int | float | None, ...]]:
    cursor = con.execute(read_sql("identity", "identity.evaluation"))
    names = [column[0] for column in cursor.description or ()]
    return names, cursor.fetchall()[0]
