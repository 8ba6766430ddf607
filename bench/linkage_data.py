"""The data sets on which linkage is measured, and how edges and clusters are held to the truth."""

from dataclasses import replace
from pathlib import Path

import duckdb

from bench import known_answers
from bench.known_answers import SENZING, Known
from c360.identity.evaluation import Figures, compare_labellings

HERE = {known.name: known for known in known_answers.DATA_SETS}
LOADS = (
    ("senzing_load_1", ("customers",)),
    ("senzing_load_2", ("customers", "watchlist")),
    ("senzing_load_3", ("customers", "watchlist", "reference")),
)
"""Lists that come one after the other, each with the result that is expected then."""


def _csv(path: str) -> str:
    return f"read_csv($folder || '/{path}', all_varchar = true, header = true)"


def _febrl(number: int) -> Known:
    """Return a list of febrl; the number inside a record's name is the answer, so it gets another.

    Every value but the name is written behind a blank.
    """
    rows = (
        "(select *, row_number() over (order by md5(rec_id)) as record_id"
        f" from {_csv(f'febrl/dataset{number}.csv')})"
    )
    return Known(
        f"febrl_{number}",
        {
            "people": "select cast(record_id as varchar) as record_id,"
            " nullif(trim(columns(* exclude (rec_id, record_id))), '')"
            f" from {rows}"
        },
        f"select 'people' as source, record_id, split_part(rec_id, '-', 2) as person from {rows}",
    )


def _load(name: str, lists: tuple[str, ...]) -> Known:
    return Known(
        name,
        {each: HERE[SENZING].feeds[each] for each in lists},
        "select lower(DATA_SOURCE) as source, RECORD_ID as record_id, CLUSTER_ID as person"
        f" from {_csv(f'{SENZING}/v3_load{len(lists)}_key.csv')}",
    )


def _households() -> Known:
    people = HERE["pseudopeople_sample"]
    return replace(
        people,
        name="pseudopeople_household",
        truth=people.truth.replace("simulant_id as person", "household_id as person"),
    )


RESTAURANTS = Known(
    "fodors_zagats",
    {each: f"select * from {_csv(f'fodors_zagats/{each}.csv')}" for each in ("fodors", "zagats")},
    "select 'fodors' as source, id as record_id, 'fodors ' || id as person"
    f" from {_csv('fodors_zagats/fodors.csv')} union all"
    " select 'zagats', id, coalesce('fodors ' || fodors_id, 'zagats ' || id)"
    f" from {_csv('fodors_zagats/zagats.csv')}"
    f" left join {_csv('fodors_zagats/matches_fodors_zagats.csv')} on zagats_id = id",
)
DATA_SETS = {
    known.name: known
    for known in (
        HERE["splink_fake"],
        _febrl(1),
        _febrl(3),
        HERE["pseudopeople_sample"],
        _households(),
        HERE[SENZING],
        *(_load(name, lists) for name, lists in LOADS),
        HERE["dedupe_early_childhood"],
        RESTAURANTS,
    )
}


def stage(known: Known, data: Path, raw: Path) -> None:
    """Write a data set's feeds and its truth as Parquet files of their names."""
    raw.mkdir(parents=True, exist_ok=True)
    parameters = {"folder": str(data.resolve())}
    for name, select in {**known.feeds, "truth": known.truth}.items():
        duckdb.execute(f"copy ({select}) to '{raw / name}.parquet'", parameters).fetchall()


def read_labels(con: duckdb.DuckDBPyConnection, raw: Path) -> None:
    """Write temp.label (source, record_id, person): the truth, one row per labelled record."""
    con.execute(
        "create or replace temp table label as select cast(source as varchar) as source,"
        " cast(record_id as varchar) as record_id, cast(person as varchar) as person"
        " from read_parquet($path)",
        {"path": str(raw / "truth.parquet")},
    ).fetchall()


def judge_clusters(con: duckdb.DuckDBPyConnection, clusters: str) -> Figures:
    """Return the figures of a table of clusters (source, record_id, customer_id).

    Raises:
        ValueError: a labelled record lies in no cluster. Figures are of the records that both sides
            have, so what is missed would not count as missed.
    """
    figures = compare_labellings(con, clusters, "temp.label")
    if figures["not_found"]:
        msg = (
            f"{figures['not_found']:,} of {figures['labelled']:,} labelled records have no cluster"
        )
        raise ValueError(msg)
    return figures


def judge_edges(con: duckdb.DuckDBPyConnection, edges: str, above: float) -> Figures:
    """Return the figures of a table of edges, of those with match_probability >= `above`.

    Args:
        con: Where temp.label is.
        edges: Table with source_l, record_id_l, source_r, record_id_r, match_probability; a pair of
            records may stand in it once, in either order.
        above: Least match probability.

    B-cubed figures take a record and its neighbours for its cluster, so that edges that are their
    own transitive closure are judged as the clusters that they are.
    """
    _label_edges(con, edges)
    edge, right, true = con.execute(
        "select (select count(*) from temp.labelled_edge where match_probability >= $above),"
        " (select count(*) from temp.labelled_edge"
        "   where match_probability >= $above and person_l = person_r),"
        " (select sum(n * (n - 1)) / 2"
        "   from (select count(*) as n from temp.label group by person))",
        {"above": above},
    ).fetchall()[0]
    precision, recall = con.execute(
        "with neighbour as ("
        "  select source_l as source, record_id_l as record_id, person_l = person_r as is_right"
        "  from temp.labelled_edge where match_probability >= $above union all"
        "  select source_r, record_id_r, person_l = person_r"
        "  from temp.labelled_edge where match_probability >= $above union all"
        "  select source, record_id, true from temp.label),"
        " record as (select source, record_id, count(*) as found, count_if(is_right) as hits"
        "  from neighbour group by source, record_id),"
        " size as (select person, count(*) as records from temp.label group by person)"
        " select avg(hits / found), avg(hits / size.records)"
        " from record join temp.label using (source, record_id) join size using (person)",
        {"above": above},
    ).fetchall()[0]
    shares = {
        "pairwise_precision": right / edge if edge else None,
        "pairwise_recall": right / true if true else None,
        "pairwise_f1": 2 * right / (edge + true) if edge + true else None,
        "bcubed_precision": precision,
        "bcubed_recall": recall,
        "bcubed_f1": 2 * precision * recall / (precision + recall),
    }
    return {"edges": edge, **{k: None if v is None else round(v, 6) for k, v in shares.items()}}


def best_threshold(con: duckdb.DuckDBPyConnection, edges: str) -> tuple[float, float]:
    """Return the best pairwise F1 of edges, and the least match probability that gives it."""
    _label_edges(con, edges)
    rows = con.execute(
        "with level as (select match_probability, count(*) as found,"
        "  count_if(person_l = person_r) as hits from temp.labelled_edge group by all),"
        " above as (select match_probability,"
        "  sum(found) over (order by match_probability desc) as found,"
        "  sum(hits) over (order by match_probability desc) as hits from level),"
        " true_pair as (select sum(n * (n - 1)) / 2 as pairs"
        "  from (select count(*) as n from temp.label group by person))"
        " select 2 * hits / (found + pairs) as f1, match_probability from above, true_pair"
        " order by f1 desc, match_probability limit 1"
    ).fetchall()
    return (float(rows[0][0]), float(rows[0][1])) if rows else (0.0, 1.0)


def _label_edges(con: duckdb.DuckDBPyConnection, edges: str) -> None:
    con.execute(
        "create or replace temp table labelled_edge as"
        " select edge.*, l.person as person_l, r.person as person_r"
        f" from {edges} as edge"
        " join temp.label as l on l.source = source_l and l.record_id = record_id_l"
        " join temp.label as r on r.source = source_r and r.record_id = record_id_r"
    ).fetchall()
