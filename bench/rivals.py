"""Connected components of the same strings, by others and without guards: one per process.

`python bench/rivals.py RIVAL OBSERVATIONS` reads a Parquet file of keyrings and the identifiers
that they carry, both as text, finds the component of every keyring, and prints how long it took and
how many there are. `python bench/rivals.py export WORKSPACE OBSERVATIONS` makes that file.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import duckdb

from c360.warehouse import export, open_warehouse
from c360.workspace import Workspace

BATCH = 100_000
"""Rows that are Python objects at a time: more would only cost networkx memory."""

CODED = (
    "create table keyring as"
    " select keyring, row_number() over () as node from (select distinct keyring from seen)",
    "create table identifier as select identifier,"
    " row_number() over () + (select count(*) from keyring) as node"
    " from (select distinct identifier from seen)",
    "create table edge as select keyring.node as l, identifier.node as r"
    " from seen join keyring using (keyring) join identifier using (identifier)",
)
"""Whole numbers in place of texts, as every fast algorithm wants them."""


def main() -> None:
    """Time one rival, or make the file that all of them read."""
    rival, *paths = sys.argv[1:]
    if rival == "export":
        started = time.perf_counter()
        count = export_observations(Workspace(Path(paths[0])), Path(paths[1]))
    else:
        module, find = RIVALS[rival]
        import_module(module)
        logging.getLogger("splink").setLevel(logging.ERROR)
        with duckdb.connect() as con:
            started = time.perf_counter()
            con.execute(f"create view seen as from read_parquet('{paths[0]}')").fetchall()
            count = find(con, Path(paths[0]).with_name(f"{rival}.parquet"))
    seconds = time.perf_counter() - started
    sys.stdout.write(json.dumps({"seconds": seconds, "count": count}))


def export_observations(workspace: Workspace, path: Path) -> int:
    """Write all that is observed as text, and return how many rows that is."""
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        export(
            con,
            "select cast(keyring as varchar) as keyring, namespace || ':' || value as identifier"
            " from identity.observation",
            path,
        )
        return _number(con, "select count(*) from identity.observation")


def find_by_networkx(con: duckdb.DuckDBPyConnection, _: Path) -> int:
    """Find the components in Python: a dictionary from keyring to component is the result.

    Rows are read in batches, so that memory holds the graph and little else.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from(_edges(con))
    components = enumerate(nx.connected_components(graph))
    component_of = {
        node: number for number, component in components for node in component if ":" not in node
    }
    return len(set(component_of.values()))


def find_by_splink(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Find the components by Splink's clustering, on the texts as it takes them."""
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    con.execute(
        "create table node as select distinct keyring as id from seen"
        " union all select distinct identifier from seen"
    ).fetchall()
    con.execute("create table edge as select keyring as id_l, identifier as id_r from seen")
    found = cluster_pairwise_predictions_at_threshold(
        nodes="node", edges="edge", db_api=DuckDBAPI(connection=con), node_id_column_name="id"
    )
    return _written(
        con,
        "select id as keyring, cluster_id as component"
        f" from {found.physical_name} semi join seen on seen.keyring = id",
        path,
    )


def find_by_scipy(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Find the components by C code on whole numbers: the floor for anything that reads texts."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    for statement in CODED:
        con.execute(statement).fetchall()
    nodes = sum(
        _number(con, f"select count(*) from {table}") for table in ("keyring", "identifier")
    )
    edge = con.sql("select l, r from edge").fetchnumpy()
    ones = np.ones(len(edge["l"]), dtype=np.int8)
    matrix = coo_array((ones, (edge["l"], edge["r"])), shape=(nodes + 1, nodes + 1))
    _, components = connected_components(matrix, directed=False)
    con.register("label", {"node": np.arange(nodes + 1), "component": components})
    return _written(con, "select keyring, component from keyring join label using (node)", path)


def find_by_c360(con: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Find the components as c360 does inside a tier, but without any guard."""
    from c360.identity.components import label_components

    for statement in CODED:
        con.execute(statement).fetchall()
    label_components(con, "edge", "plain")
    return _written(con, "select keyring, component from keyring join plain using (node)", path)


def _written(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> int:
    export(con, query, path)
    return _number(con, f"select count(distinct component) from read_parquet('{path}')")


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


def _edges(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str]]:
    con.execute("select keyring, identifier from seen")
    while rows := con.fetchmany(BATCH):
        yield from ((keyring, identifier) for keyring, identifier in rows)


RIVALS = {
    "networkx": ("networkx", find_by_networkx),
    "splink": ("splink.clustering", find_by_splink),
    "scipy": ("scipy.sparse.csgraph", find_by_scipy),
    "c360": ("c360.identity.components", find_by_c360),
}
"""By name: the module to import before the stopwatch runs, and what finds the components."""


if __name__ == "__main__":
    main()
