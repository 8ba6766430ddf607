"""What holds for any graph: partition, guards, independence of order, agreement with networkx."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import duckdb
import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_rows import Resolved, forget, resolve_rows, settings_for
from thorough import examples

from c360.identity.components import label_components
from c360.identity.contest import Claim, hear
from c360.warehouse import fill_table, open_warehouse

IDENTIFIERS = {
    "card": {"strength": "anchor"},
    "contact": {"strength": "anchor", "per_person": 2},
    "mail": {"strength": "contact"},
    "phone": {"strength": "contact"},
    "device": {"strength": "trace"},
    "visit": {"strength": "trace", "visit": True},
}
GUARDED = settings_for(
    IDENTIFIERS, guards={"one_per_person": ["born"], "generic_after": 3}, attributes=["born"]
)
UNGUARDED = settings_for(
    {name: {"strength": "contact"} for name in ("mail", "phone")}, guards={"generic_after": 10_000}
)

slow_database = settings(
    max_examples=examples(4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def cell(prefix: str, size: int) -> st.SearchStrategy[str | None]:
    """A value of a small namespace, so that records meet; half of the cells are empty."""
    return st.one_of(st.none(), st.integers(1, size).map(lambda n: f"{prefix}{n}"))


record = st.fixed_dictionaries(
    {
        "card": cell("c", 4),
        "contact": cell("k", 5),
        "mail": cell("m", 5),
        "phone": cell("p", 4),
        "device": cell("d", 4),
        "visit": cell("v", 6),
        "born": cell("b", 2),
    }
)
records = st.lists(record, min_size=1, max_size=25).map(
    lambda rows: [{"id": str(number)} | row for number, row in enumerate(rows)]
)


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        yield con, tmp_path


def resolved_anew(warehouse, configuration, rows) -> Resolved:
    con, folder = warehouse
    forget(con)
    return resolve_rows(con, folder, configuration, rows)


@slow_database
@given(rows=records)
def test_every_record_has_exactly_one_customer(warehouse, rows):
    customers = resolved_anew(warehouse, GUARDED, rows).customers()

    assert sorted(r for customer in customers for r in customer) == sorted(r["id"] for r in rows)


@slow_database
@given(rows=records)
def test_no_customer_ever_breaks_a_guard(warehouse, rows):
    resolved = resolved_anew(warehouse, GUARDED, rows)

    by_id = {row["id"]: row for row in rows}
    for customer in resolved.customers():
        held = defaultdict(set)
        for record_id in customer:
            for name, value in by_id[record_id].items():
                held[name].add(value)
        generic = {v for (_, v), status in resolved.status().items() if status == "generic"}
        assert len(held["card"] - {None} - generic) <= 1
        assert len(held["contact"] - {None} - generic) <= 2
        assert len(held["born"] - {None}) <= 1


@slow_database
@given(rows=records, data=st.data())
def test_the_order_of_rows_changes_nothing(warehouse, rows, data):
    shuffled = data.draw(st.permutations(rows))
    at = {row["id"]: {"seen_at": f"2026-01-01 00:{int(row['id']):02}"} for row in rows}

    first = resolved_anew(warehouse, GUARDED, [row | at[row["id"]] for row in rows])
    customer_of, status = first.customer_of(), first.status()
    second = resolved_anew(warehouse, GUARDED, [row | at[row["id"]] for row in shuffled])

    assert (second.customer_of(), second.status()) == (customer_of, status)


@slow_database
@given(rows=records)
def test_a_second_run_on_the_same_records_changes_no_row(warehouse, rows):
    con, folder = warehouse
    resolved_anew(warehouse, GUARDED, rows)
    before = con.execute("from identity.member order by all").fetchall()

    resolve_rows(con, folder, GUARDED, rows)

    assert con.execute("from identity.member order by all").fetchall() == before


@slow_database
@given(rows=records)
def test_without_guards_customers_are_the_connected_components(warehouse, rows):
    carriers = [row for row in rows if row["mail"] or row["phone"]]
    graph = nx.Graph()
    for row in carriers:
        values = [row[name] for name in ("mail", "phone") if row[name]]
        graph.add_edges_from((f"record {row['id']}", value) for value in values)
    components = {
        frozenset(n.removeprefix("record ") for n in component if n.startswith("record "))
        for component in nx.connected_components(graph)
    }

    customers = resolved_anew(warehouse, UNGUARDED, carriers).customers()

    assert customers == components


@slow_database
@given(edges=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=80))
def test_components_agree_with_networkx(warehouse, edges):
    con, _ = warehouse
    fill_table(con, "temp.given_edge", {"l": "bigint", "r": "bigint"}, edges)

    label_components(con, "temp.given_edge", "found")

    expected = {n: min(c) for c in nx.connected_components(nx.Graph(edges)) for n in c}
    assert dict(con.execute("from found").fetchall()) == expected


CARD, BORN = 1, 2
VALUES = [1, 2, 3, 4, 5]
claims = st.lists(
    st.builds(
        lambda ident, clusters: (ident, tuple(sorted(clusters))),
        st.integers(0, 1000),
        st.sets(st.integers(0, 8), min_size=2, max_size=4),
    ),
    unique_by=lambda claim: claim[0],
    max_size=12,
)
facts = st.dictionaries(
    st.integers(0, 8),
    st.fixed_dictionaries(
        {CARD: st.sets(st.sampled_from(VALUES[:3]), max_size=1).map(frozenset)},
        optional={BORN: st.sets(st.sampled_from(VALUES[3:]), max_size=1).map(frozenset)},
    ),
)


@given(claims=claims, facts=facts, data=st.data())
def test_hearing_claims_keeps_the_guards_and_ignores_the_order_they_are_given_in(
    claims, facts, data
):
    most = {CARD: 1, BORN: 1}
    given_claims = [Claim(ident, (ident,), clusters) for ident, clusters in claims]

    moves, refusals = hear(given_claims, facts, most)

    for guard, limit in most.items():
        held = defaultdict(set)
        for cluster, root in moves.items():
            held[root] |= facts.get(cluster, {}).get(guard, frozenset())
        assert all(len(values) <= limit for values in held.values())
    refused = {refusal.ident for refusal in refusals}
    for claim in given_claims:
        together = len({moves[cluster] for cluster in claim.clusters}) == 1
        assert together or claim.ident in refused
    assert hear(data.draw(st.permutations(given_claims)), facts, most)[0] == moves


def test_a_long_chain_needs_few_rounds(warehouse):
    con, _ = warehouse
    con.execute("create temp table chain as select n as l, n + 1 as r from range(20000) as t(n)")

    label_components(con, "temp.chain", "found")

    assert con.execute("select count(*), min(component), max(component) from found").fetchall() == [
        (20_001, 0, 0)
    ]


def test_every_pair_of_a_small_star_is_joined(warehouse):
    con, _ = warehouse
    fill_table(con, "temp.star", {"l": "bigint", "r": "bigint"}, [(9, n) for n in range(9)])

    label_components(con, "temp.star", "found")

    labels = dict(con.execute("from found").fetchall())
    assert all(labels[one] == labels[other] for one, other in combinations(labels, 2))
