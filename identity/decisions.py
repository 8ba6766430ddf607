"""What people have decided, as the resolver obeys it: suppressed values, pairs of records.

The tables are filled by stewardship; while one of them has rows, every run looks at everything.
"""

import duckdb

from c360.step import Context, run_model
from c360.warehouse import has_rows

_TABLES = {
    # A value that may not be used: its person has asked to be forgotten, or a steward said so.
    "stewardship.suppressed_value": "namespace varchar, value varchar, reason varchar",
    # Two records that a steward joined (`must_link`) or keeps apart (`cannot_link`).
    "stewardship.record_pair": "decision_id varchar, kind varchar, source_l varchar,"
    " record_id_l varchar, source_r varchar, record_id_r varchar",
}


def make_decision_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make stewardship.suppressed_value and stewardship.record_pair where they do not exist."""
    for table, columns in _TABLES.items():
        con.execute(f"create table if not exists {table} ({columns})").fetchall()


def has_decisions(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether anything has been decided."""
    return any(has_rows(con, table) for table in _TABLES)


def decided(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return all that has been decided, as text in one order."""
    return [
        str(row)
        for table in _TABLES
        for row in con.execute(f"from {table} order by all").fetchall()
    ]


def read_suppressed(context: Context) -> None:
    """Write temp.suppressed(identifier, reason)."""
    run_model("identity", "temp.suppressed", context, {})


def obey_pairs(context: Context) -> None:
    """Add the pairs to the graph: a guard for each two kept apart, an edge for each two joined.

    What must be joined comes before the first tier, and joins where no guard forbids it.
    """
    con = context.con
    if not has_rows(con, "stewardship.record_pair"):
        return
    run_model("identity", "temp.decided_pair", context, {})
    con.execute(
        "insert into temp.guard select distinct guard, 'keep_apart ' || decision_id, 1"
        " from temp.decided_pair where kind = 'cannot_link'"
    ).fetchall()
    for side, value in (("node_l", 1), ("node_r", 2)):
        con.execute(
            f"insert into temp.open_fact select {side}, guard, {value} from temp.decided_pair"
            " where kind = 'cannot_link'"
        ).fetchall()
        con.execute(
            f"insert into temp.open_edge select {side}, -guard, 0 from temp.decided_pair"
            " where kind = 'must_link' and node_l <> node_r"
        ).fetchall()
