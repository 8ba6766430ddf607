"""Connected components in SQL: hook to the smallest neighbour, jump, contract, repeat."""

import duckdb


def label_components(con: duckdb.DuckDBPyConnection, edges: str, labels: str) -> None:
    """Write `labels(node, component)` for every node of `edges(l, r)`: its smallest connected node.

    The nodes are whole numbers. Each round at least halves the nodes that still have a neighbour,
    whatever the diameter: the rounds grow with the logarithm of the size.
    """
    con.execute(
        f"create or replace temp table unmerged as select distinct greatest(l, r) as l,"
        f" least(l, r) as r from {edges} where l <> r"
    ).fetchall()
    con.execute(
        f"create or replace temp table label as select distinct unnest([l, r]) as node,"
        f" node as component from {edges}"
    ).fetchall()
    while _count(con, "unmerged"):
        con.execute(
            "create or replace temp table hook as"
            " select l as node, min(r) as component from unmerged group by l"
        ).fetchall()
        _jump(con)
        for table, column in (("label", "component"), ("unmerged", "l"), ("unmerged", "r")):
            _follow(con, table, column)
        con.execute(
            "create or replace temp table unmerged as select distinct greatest(l, r) as l,"
            " least(l, r) as r from unmerged where l <> r"
        ).fetchall()
    con.execute(f"create or replace temp table {labels} as from label").fetchall()


def _jump(con: duckdb.DuckDBPyConnection) -> None:
    """Let every hook point at the end of its chain, halving the chains each time."""
    while con.execute(
        "select 1 from hook join hook as next on next.node = hook.component limit 1"
    ).fetchall():
        con.execute(
            "create or replace temp table hook as"
            " select hook.node, coalesce(next.component, hook.component) as component"
            " from hook left join hook as next on next.node = hook.component"
        ).fetchall()


def _follow(con: duckdb.DuckDBPyConnection, table: str, column: str) -> None:
    con.execute(
        f"create or replace temp table {table} as"
        f" select {table}.* replace (coalesce(hook.component, {table}.{column}) as {column})"
        f" from {table} left join hook on hook.node = {table}.{column}"
    ).fetchall()


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
