"""Plain Splink on data with known answers: `python bench/splink_examples.py DATA_FOLDER`.

Each data set is compared and trained by the settings of plain_settings.py, predicted at 0.5 and
clustered into plain connected components. Prints a Markdown table: edges and clusters side by side.
"""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.clustering import cluster_pairwise_predictions_at_threshold

from bench.linkage_data import (
    DATA_SETS,
    best_threshold,
    judge_clusters,
    judge_edges,
    read_labels,
    stage,
)
from bench.plain_settings import PLAIN, Plain
from c360.identity.evaluation import Figures

DEFAULT_THRESHOLD = 0.5
LEAST_KEPT = 0.01
"""Edges below the threshold are kept from here on, so that the best threshold can be told."""

RANDOM_PAIRS = 1e6
"""What the examples sample for u."""

HEAD = ("edges P", "R", "F1", "B-cubed F1", "clusters P", "R", "F1", "B-cubed F1", "seconds")


@dataclass(frozen=True, slots=True)
class Linked:
    """How well a linkage did: its edges, its clusters and how many these are, and what it took.

    `best_f1` of the edges is reached where those from `best_above` on are taken.
    """

    edges: Figures
    clusters: Figures
    found: int
    best_f1: float
    best_above: float
    seconds: float


def main() -> None:
    """Link every data set by the settings of the documentation and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds the data sets")
    parser.add_argument("--only", nargs="+", choices=sorted(PLAIN), default=list(PLAIN))
    arguments = parser.parse_args()
    print_row(("data", "settings", *HEAD, "clusters", "best edge F1", "from"))
    print_row(("---", "---", *["---:"] * (len(HEAD) + 3)))
    for name in arguments.only:
        with tempfile.TemporaryDirectory() as scratch:
            stage(DATA_SETS[name], arguments.data, Path(scratch))
            for plain in PLAIN[name]:
                linked = measure_plain(plain, list(DATA_SETS[name].feeds), Path(scratch))
                print_row((name, plain.page, *cells(linked), f"{linked.found:,}", *best(linked)))


def measure_plain(plain: Plain, feeds: Sequence[str], raw: Path) -> Linked:
    """Link staged feeds and hold edges and clusters to the truth beside them."""
    with duckdb.connect() as con:
        started = time.perf_counter()
        _read_feeds(con, plain, feeds, raw)
        _link(con, plain, feeds)
        seconds = time.perf_counter() - started
        read_labels(con, raw)
        best_f1, best_above = best_threshold(con, "edge")
        found = con.execute("select count(distinct customer_id) from found_cluster").fetchall()
        return Linked(
            judge_edges(con, "edge", DEFAULT_THRESHOLD),
            judge_clusters(con, "found_cluster"),
            int(found[0][0]),
            best_f1,
            best_above,
            seconds,
        )


def _read_feeds(
    con: duckdb.DuckDBPyConnection, plain: Plain, feeds: Sequence[str], raw: Path
) -> None:
    """Write node (unique_id, source, record_id, the columns), node_id, and feed_<name> of each."""
    con.execute(
        "create macro words(text) as"
        " nullif(trim(regexp_replace(lower(text), '[^\\p{L}\\p{N}]+', ' ', 'g')), '')"
    ).fetchall()
    rows = " union all by name ".join(
        f"select '{feed}' as source, * from read_parquet('{raw / feed}.parquet')" for feed in feeds
    )
    # Splink samples by the hash of ids: a single list keeps its own, as in the documentation.
    prefix = "source || ':' || " if len(feeds) > 1 else ""
    con.execute(
        f"create table node as select cast({prefix}{plain.key} as varchar) as unique_id, source,"
        f" cast({plain.key} as varchar) as record_id, {plain.columns} from ({rows})"
    ).fetchall()
    con.execute("create table node_id as select unique_id from node").fetchall()
    for feed in feeds:
        con.execute(
            f"create table feed_{feed} as select * exclude (source, record_id) from node"
            f" where source = '{feed}'"
        ).fetchall()


def _link(con: duckdb.DuckDBPyConnection, plain: Plain, feeds: Sequence[str]) -> None:
    """Train, predict and cluster.

    Writes edge (source_l, record_id_l, source_r, record_id_r, match_probability), from LEAST_KEPT
    on, and found_cluster (source, record_id, customer_id) at DEFAULT_THRESHOLD.
    """
    db = DuckDBAPI(connection=con)
    is_single = plain.link_type == "dedupe_only"
    linker = _train(db, plain, ["node"] if is_single else [f"feed_{feed}" for feed in feeds])
    predicted = linker.inference.predict(threshold_match_probability=LEAST_KEPT)
    con.execute(
        "create table scored as select unique_id_l, unique_id_r, match_probability"
        f" from {predicted.physical_name}"
    ).fetchall()
    con.execute(
        "create table edge as select l.source as source_l, l.record_id as record_id_l,"
        " r.source as source_r, r.record_id as record_id_r, match_probability from scored"
        " join node as l on l.unique_id = unique_id_l join node as r on r.unique_id = unique_id_r"
    ).fetchall()
    clustered = cluster_pairwise_predictions_at_threshold(
        nodes=db.register("node_id"),
        edges=db.register("scored"),
        db_api=db,
        node_id_column_name="unique_id",
        threshold_match_probability=DEFAULT_THRESHOLD,
    )
    con.execute(
        "create table found_cluster as select source, record_id,"
        " cast(cluster_id as varchar) as customer_id"
        f" from {clustered.physical_name} join node using (unique_id)"
    ).fetchall()


def _train(db: DuckDBAPI, plain: Plain, tables: Sequence[str]) -> Linker:
    settings = SettingsCreator(
        link_type=plain.link_type,
        comparisons=list(plain.comparisons),
        blocking_rules_to_generate_predictions=list(plain.blocking),
        retain_matching_columns=False,
    )
    if plain.prior is not None:
        settings.probability_two_random_records_match = plain.prior
    frames = [db.register(table, dataset_display_name=table) for table in tables]
    linker = Linker(frames, settings, log_level=None)
    logging.getLogger("splink").setLevel(logging.ERROR)
    training = linker.training
    if plain.prior is None:
        training.estimate_probability_two_random_records_match(
            list(plain.rules), recall=plain.recall
        )
    training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=plain.seed)
    for rule in plain.rounds:
        training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=plain.without_term_frequencies
        )
    return linker


def cells(linked: Linked) -> tuple[str, ...]:
    """Return the cells of a line under HEAD."""
    names = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "bcubed_f1")
    return (
        *(_share(linked.edges[name]) for name in names),
        *(_share(linked.clusters[name]) for name in names),
        f"{linked.seconds:.1f}",
    )


def best(linked: Linked) -> tuple[str, str]:
    """Return the best F1 of the edges and the threshold that gives it."""
    return f"{linked.best_f1:.3f}", f"{linked.best_above:.5f}"


def print_row(row: Sequence[str]) -> None:
    """Print a line of a Markdown table."""
    sys.stdout.write(f"| {' | '.join(row)} |\n")
    sys.stdout.flush()


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
