"""Proposals on data with known answers, beside plain Splink: `python bench/probabilistic.py DATA`.

Each data set is resolved by `probabilistic/<name>.yaml`, in which columns are named and nothing is
tuned, accepting proposals from `review_above` on until nothing more is accepted; and by plain
Splink with its documentation's settings, in the same run. Prints a Markdown table, edges and
clusters side by side, and ends with 1 where c360 owes something: a pairwise F1 below that of plain
Splink, or clusters more than 0.02 less precise than the edges.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import yaml

from bench.linkage_data import (
    DATA_SETS,
    best_threshold,
    judge_clusters,
    judge_edges,
    read_labels,
    stage,
)
from bench.plain_settings import PLAIN
from bench.splink_examples import HEAD, Linked, best, cells, measure_plain, print_row
from c360 import pipeline
from c360.config_file import read_settings
from c360.identity.evaluation import Figures
from c360.probabilistic import Probabilistic
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

RULES = Path(__file__).with_suffix("")
MOST_PRECISION_LOST = 0.02
EXPECTED_ENTITIES = {"senzing_load_1": 72, "senzing_load_2": 81, "senzing_load_3": 86}


def main() -> None:
    """Measure the data sets that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds the data sets")
    parser.add_argument("--only", nargs="+", choices=sorted(PLAIN), default=list(PLAIN))
    parser.add_argument("--keep", type=Path, help="where to leave the workspaces")
    parser.add_argument("--without-plain", action="store_true", help="measure c360 alone")
    arguments = parser.parse_args()
    print_row(("data", "by", *HEAD, "customers", "best edge F1", "from"))
    print_row(("---", "---", *["---:"] * (len(HEAD) + 3)))
    owed: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        for name, linked in measured(arguments.data, folder, arguments.only):
            _print(name, "c360", linked)
            owed += lost_precision(name, linked)
            if arguments.without_plain:
                continue
            raw = folder / f"plain_{name}"
            stage(DATA_SETS[name], arguments.data, raw)
            feeds = list(DATA_SETS[name].feeds)
            rivals = [measure_plain(plain, feeds, raw) for plain in PLAIN[name]]
            for plain, rival in zip(PLAIN[name], rivals, strict=True):
                _print(name, f"plain Splink, {plain.page}", rival)
            owed += behind(name, linked, rivals)
    if owed:
        sys.exit("\n".join(owed))


def measured(data: Path, folder: Path, names: Sequence[str]) -> Iterator[tuple[str, Linked]]:
    """Yield each data set with what c360 makes of it.

    The edges are those of a workspace in which nothing is accepted. The clusters are of the same
    one, once the configuration says that proposals are accepted; those of the loads are of a
    workspace that grows by a list at a time, and obeys what was accepted of earlier lists.
    """
    for name in names:
        workspace = Workspace(folder / name)
        _stage(name, data, workspace, accepts=False)
        seconds = _resolve(workspace)
        edges, best_f1, best_above = _judge_proposals(workspace)
        if name in EXPECTED_ENTITIES:
            workspace, seconds = Workspace(folder / "senzing_loads"), 0.0
        _stage(name, data, workspace, accepts=True)
        seconds += _resolve(workspace)
        clusters, found = _judge_customers(workspace)
        yield name, Linked(edges, clusters, found, best_f1, best_above, seconds)


def _stage(name: str, data: Path, workspace: Workspace, *, accepts: bool) -> None:
    stage(DATA_SETS[name], data, workspace.root / "data" / "raw")
    tree = _configuration(name, list(DATA_SETS[name].feeds), accepts=accepts)
    workspace.config.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")


def _resolve(workspace: Workspace) -> float:
    """Resolve, which ends when nothing more is accepted, and return the seconds that it took."""
    started = time.perf_counter()
    pipeline.resolve(workspace)
    return time.perf_counter() - started


def _judge_proposals(workspace: Workspace) -> tuple[Figures, float, float]:
    """Return the figures of what is joined or proposed, and the best F1 with its threshold."""
    above = read_settings(workspace.config).probabilistic.review_above
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        read_labels(con, workspace.root / "data" / "raw")
        _write_edges(con)
        return judge_edges(con, "temp.edge", above), *best_threshold(con, "temp.edge")


def _judge_customers(workspace: Workspace) -> tuple[Figures, int]:
    """Return the figures of the customers, and how many there are."""
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        read_labels(con, workspace.root / "data" / "raw")
        con.execute(
            "create or replace temp table found_cluster as select source, record_id, customer_id"
            " from identity.member where to_run is null"
        ).fetchall()
        found = con.execute("select count(distinct customer_id) from temp.found_cluster").fetchall()
        return judge_clusters(con, "temp.found_cluster"), int(found[0][0])


def lost_precision(name: str, linked: Linked) -> list[str]:
    """Return what is owed where clusters are less precise than the edges that they are made of."""
    edge, cluster = linked.edges["pairwise_precision"], linked.clusters["pairwise_precision"]
    if edge is None or cluster is None or cluster >= edge - MOST_PRECISION_LOST:
        return []
    return [
        f"{name}: cluster precision {cluster:.3f}, edge precision {edge:.3f}:"
        f" more than {MOST_PRECISION_LOST} is lost"
    ]


def behind(name: str, linked: Linked, rivals: Sequence[Linked]) -> list[str]:
    """Return what is owed where a rival's pairwise F1 at the default threshold is higher."""
    found = []
    for kind in ("edges", "clusters"):
        ours = getattr(linked, kind)["pairwise_f1"] or 0.0
        highest = max(getattr(rival, kind)["pairwise_f1"] or 0.0 for rival in rivals)
        if ours < highest:
            found.append(f"{name}: pairwise F1 of {kind} {ours:.3f}, of plain Splink {highest:.3f}")
    return found


def _configuration(name: str, feeds: Sequence[str], *, accepts: bool) -> dict[str, Any]:
    """Return the settings of a data set, for those of its feeds that have come."""
    file = "senzing_truthset" if name in EXPECTED_ENTITIES else name
    tree = yaml.safe_load((RULES / f"{file}.yaml").read_text(encoding="utf-8"))
    probabilistic: Mapping[str, Any] = tree["probabilistic"]
    above = Probabilistic().review_above if accepts else None
    return {
        **tree,
        "sources": {feed: tree["sources"][feed] for feed in feeds},
        "probabilistic": {**probabilistic, "accept_above": above},
    }


def _write_edges(con: duckdb.DuckDBPyConnection) -> None:
    """Write temp.edge: the pairs of records that rules joined, and those of customers in the queue.

    A proposal between two customers stands for every pair of a record of each. What stands against
    a guard is asked as a conflict, and what a source's promise forbids is not asked at all: neither
    is an edge.
    """
    con.execute(
        "create or replace temp table here as select source, record_id, customer_id,"
        " row_number() over (order by source, record_id) as place"
        " from identity.member where to_run is null"
    ).fetchall()
    con.execute(
        "create or replace temp table edge as"
        " select l.source as source_l, l.record_id as record_id_l,"
        " r.source as source_r, r.record_id as record_id_r, 1.0::double as match_probability"
        " from temp.here as l join temp.here as r using (customer_id) where l.place < r.place"
    ).fetchall()
    con.execute(
        "insert into temp.edge select l.source, l.record_id, r.source, r.record_id,"
        " match_probability from stewardship.review_score join stewardship.review_item as item"
        " using (item_id)"
        " join temp.here as l on l.customer_id = customer_id_l"
        " join temp.here as r on r.customer_id = customer_id_r"
        " where item.kind <> 'anchor_conflict' and item.state not in ('obsolete', 'merged')"
    ).fetchall()


def _print(name: str, by: str, linked: Linked) -> None:
    expected = EXPECTED_ENTITIES.get(name)
    found = f"{linked.found:,}" + (f" of {expected}" if expected else "")
    print_row((name, by, *cells(linked), found, *best(linked)))


if __name__ == "__main__":
    main()
