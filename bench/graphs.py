"""Made-up graphs, and the labelling of their components: one per process.

`python bench/graphs.py make KIND NODES EDGES FILE` writes a Parquet file of edges (l, r);
`python bench/graphs.py label FILE` labels it; `python bench/graphs.py workspace FOLDER RECORDS`
writes the feed and the configuration of a retailer whose every record carries 1.6 identifiers.
Numbers are drawn with a fixed seed, and nodes are numbered at random.
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from c360.identity.components import label_components
from c360.warehouse import export
from c360.workspace import Workspace

SEED = 360
LARGEST_HOUSEHOLD = 8
Ints = NDArray[np.int64]

VALUES = ("card", "mail", "phone", "device")
RECORDS_PER_PERSON = 4
SECOND_VALUE = 0.6
"""Share of the records that carry two of the four identifiers; the others carry one."""
SHARED_BY_HOUSEHOLD = {"card": 0.0, "mail": 0.05, "phone": 0.3, "device": 0.3}
"""Share of the people whose identifier is that of the whole household."""

CONFIGURATION = """
name: households
as_of: 2026-01-01T00:00:00Z
identifiers:
  card: {strength: anchor}
  mail: {strength: contact}
  phone: {strength: contact}
  device: {strength: trace}
sources:
  receipts:
    entity: orders
    path: data/raw/receipts.parquet
    owner: bench
    grain: one row per receipt
    key: receipt
    event_time: sold_at
    update: append
    lateness: 7d
    privacy: {}
    replay: full
    identifiers: {card: card, mail: mail, phone: phone, device: device}
"""


def main() -> None:
    """Make a graph or a workspace, or label a graph and print how long that took."""
    job, *words = sys.argv[1:]
    started = time.perf_counter()
    with duckdb.connect() as con:
        if job == "make":
            kind, nodes, edges, path = words
            write_graph(con, kind, int(nodes), int(edges), Path(path))
            count = int(edges)
        elif job == "workspace":
            count = write_workspace(con, Workspace(Path(words[0])), int(words[1]))
        else:
            con.execute(f"create table edge as from read_parquet('{words[0]}')").fetchall()
            started = time.perf_counter()
            label_components(con, "edge", "found")
            count = _count(con, "select count(distinct component) from found")
    seconds = time.perf_counter() - started
    sys.stdout.write(json.dumps({"seconds": seconds, "count": count}))


def write_graph(
    con: duckdb.DuckDBPyConnection, kind: str, nodes: int, edges: int, path: Path
) -> None:
    """Write a graph of a kind; a chain and a star have as many edges as they need."""
    rng = np.random.default_rng(SEED)
    left, right = KINDS[kind](rng, nodes, edges)
    number = rng.permutation(nodes)
    place = rng.permutation(len(left))
    con.register("drawn", {"l": number[left], "r": number[right], "place": place})
    export(con, "select l, r from drawn order by place", path)


def write_workspace(con: duckdb.DuckDBPyConnection, workspace: Workspace, records: int) -> int:
    """Write the feed and the configuration of the households, and return how many values it has."""
    rng = np.random.default_rng(SEED)
    people = max(records // RECORDS_PER_PERSON, LARGEST_HOUSEHOLD)
    household = _household_of(rng, people)
    person = rng.integers(people, size=records)
    first = rng.integers(len(VALUES), size=records)
    other = (first + rng.integers(1, len(VALUES), size=records)) % len(VALUES)
    second = np.where(rng.random(records) < SECOND_VALUE, other, first)
    columns = {"receipt": np.arange(records)}
    for place, name in enumerate(VALUES):
        is_shared = rng.random(people) < SHARED_BY_HOUSEHOLD[name]
        # A value of a household and one of a person must never be the same number.
        value = np.where(is_shared, household, np.arange(people) + people)[person]
        columns[name] = np.where((first == place) | (second == place), value, -1)
    con.register("drawn", columns)
    values = ", ".join(f"'{name}' || nullif({name}, -1) as {name}" for name in VALUES)
    export(
        con,
        f"select 'r' || receipt as receipt, {values},"
        " timestamp '2025-01-01' + to_seconds(receipt % 31000000) as sold_at from drawn",
        workspace.root / "data" / "raw" / "receipts.parquet",
    )
    workspace.config.write_text(CONFIGURATION, encoding="utf-8")
    return int(records + (first != second).sum())


def _chain(_: np.random.Generator, nodes: int, __: int) -> tuple[Ints, Ints]:
    return np.arange(nodes - 1), np.arange(1, nodes)


def _star(_: np.random.Generator, nodes: int, __: int) -> tuple[Ints, Ints]:
    return np.zeros(nodes - 1, dtype=np.int64), np.arange(1, nodes)


def _random(rng: np.random.Generator, nodes: int, edges: int) -> tuple[Ints, Ints]:
    return rng.integers(nodes, size=edges), rng.integers(nodes, size=edges)


def _households(rng: np.random.Generator, nodes: int, edges: int) -> tuple[Ints, Ints]:
    """Draw edges between two different members of one household."""
    household = _household_of(rng, nodes)
    size = np.bincount(household)
    start = np.cumsum(size) - size
    sociable = np.flatnonzero(size[household] > 1)
    left = sociable[rng.integers(len(sociable), size=edges)]
    home = household[left]
    step = 1 + np.floor(rng.random(edges) * (size[home] - 1)).astype(np.int64)
    return left, start[home] + (left - start[home] + step) % size[home]


def _household_of(rng: np.random.Generator, people: int) -> Ints:
    """Return the household of each of the people, who stand by households of one to eight."""
    size = rng.integers(1, LARGEST_HOUSEHOLD + 1, size=people)
    return np.repeat(np.arange(people), size)[:people]


KINDS = {"chain": _chain, "star": _star, "random": _random, "households": _households}


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(query).fetchall()[0][0])


if __name__ == "__main__":
    main()
