"""Feeds that arrive bit by bit, and two warehouses held against each other: one job per process.

`python bench/increments.py slice WORKSPACE FOLDER SHARE...` cuts every feed by event time: into
what was there first (`FOLDER/0`), and per share one increment (`FOLDER/1` …) of that many rows for
each row before it. `python bench/increments.py differ WORKSPACE WORKSPACE` counts the rows in which
the identity tables of two workspaces differ.
"""

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np

from c360.config_file import read_settings
from c360.warehouse import export, has_table, open_warehouse
from c360.workspace import Workspace

COMPARED = ("member", "cluster", "identifier", "customer", "change")
"""Tables that an incremental run must leave as a full one does."""


def main() -> None:
    """Slice or compare, and print the figures."""
    job, *words = sys.argv[1:]
    started = time.perf_counter()
    if job == "slice":
        workspace, folder, *shares = words
        figures = slice_feeds(Workspace(Path(workspace)), Path(folder), [float(s) for s in shares])
    else:
        figures = differences(*(Workspace(Path(word)) for word in words))
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - started, **figures}))


def slice_feeds(workspace: Workspace, folder: Path, shares: Sequence[float]) -> dict[str, int]:
    """Write the slices of all feeds and return how many rows each has; ties stand in file order."""
    rows_of = dict.fromkeys(map(str, range(len(shares) + 1)), 0)
    with duckdb.connect() as con:
        for name, source in read_settings(workspace.config).sources.items():
            (feed,) = workspace.root.glob(source.path)
            con.execute(
                "create or replace temp table feed as"
                f" select *, row_number() over (order by {source.event_time}, file_row_number) as"
                f" place from read_parquet('{feed}', file_row_number = true)"
            ).fetchall()
            ends = _ends(_count(con, "select count(*) from feed"), shares)
            for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
                query = (
                    "select * exclude (place, file_row_number) from feed"
                    f" where place > {start} and place <= {end} order by file_row_number"
                )
                export(con, query, folder / str(number) / f"{name}.{number}.parquet")
                rows_of[str(number)] += end - start
    return rows_of


def differences(left: Workspace, right: Workspace) -> dict[str, int]:
    """Return, by table, how many rows only one of the two has; -1 where one lacks the table."""
    drafts = [_exported(workspace) for workspace in (left, right)]
    found = {}
    with duckdb.connect() as con:
        for table in COMPARED:
            paths = [draft / f"{table}.parquet" for draft in drafts]
            if not all(path.exists() for path in paths):
                found[table] = -1
                continue
            l_rows, r_rows = (f"from read_parquet('{path}')" for path in paths)
            found[table] = _count(
                con,
                f"select count(*) from (({l_rows} except all {r_rows})"
                f" union all ({r_rows} except all {l_rows}))",
            )
    return found


def _exported(workspace: Workspace) -> Path:
    """Write the compared tables out: views can only be read in the warehouse that they stand in."""
    folder = workspace.root / "compared"
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        for table in COMPARED:
            if has_table(con, f"identity.{table}"):
                export(con, f"from identity.{table}", folder / f"{table}.parquet")
    return folder


def _ends(rows: int, shares: Sequence[float]) -> list[int]:
    """Return where each slice ends, so that each increment is its share of all before it."""
    growth = np.cumprod([1.0, *(1 + share for share in shares)])
    return [int(end) for end in np.round(rows * growth / growth[-1])]


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


if __name__ == "__main__":
    main()
