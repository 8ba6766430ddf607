"""Runs that follow one another write what a full run would write."""

from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_rows import NOON, forget, land_rows, resolve_rows, settings_for
from thorough import examples

from c360.identity.records import build_records
from c360.identity.resolution import build_clusters
from c360.step import Context
from c360.warehouse import open_warehouse, transaction
from c360.workspace import Workspace

IDENTIFIERS = {
    "card": {"strength": "anchor"},
    "contact": {"strength": "anchor", "per_person": 2},
    "mail": {"strength": "contact"},
    "phone": {"strength": "contact", "ttl_days": 3},
    "device": {"strength": "trace"},
    "visit": {"strength": "trace", "visit": True},
}
GUARDED = settings_for(
    IDENTIFIERS, guards={"one_per_person": ["born"], "generic_after": 3}, attributes=["born"]
)


def cell(prefix: str, size: int) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.integers(1, size).map(lambda n: f"{prefix}{n}"))


row = st.fixed_dictionaries(
    {
        "card": cell("c", 4),
        "contact": cell("k", 5),
        "mail": cell("m", 5),
        "phone": cell("p", 4),
        "device": cell("d", 4),
        "visit": cell("v", 6),
        "born": cell("b", 2),
        "seen_at": st.integers(1, 9).map(lambda day: f"2026-01-0{day}"),
    }
)
ids = st.integers(1, 14).map(str)
state = st.dictionaries(ids, row, min_size=1, max_size=14)
change = st.tuples(st.dictionaries(ids, row, max_size=4), st.sets(ids, max_size=2))
"""Rows to insert or replace, and records to delete."""


def states(first: dict, changes: list) -> list[list[dict]]:
    """Return the rows in force after each load."""
    found = [first]
    for written, deleted in changes:
        following = {k: v for k, v in (found[-1] | written).items() if k not in deleted}
        found.append(following)
    return [[{"id": record_id} | cells for record_id, cells in each.items()] for each in found]


@pytest.fixture
def warehouses(tmp_path: Path) -> Iterator[tuple]:
    with (
        open_warehouse(tmp_path / "one.duckdb") as one,
        open_warehouse(tmp_path / "two.duckdb") as two,
    ):
        yield one, two, tmp_path


several_runs = settings(
    max_examples=examples(3),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@several_runs
@given(first=state, changes=st.lists(change, min_size=1, max_size=3))
def test_after_any_changes_the_tables_are_those_of_a_full_run(warehouses, first, changes):
    one, two, folder = warehouses
    forget(one)
    forget(two)
    for rows in states(first, changes):
        increment = resolve_rows(one, folder, GUARDED, rows).tables()
        full = resolve_rows(two, folder, GUARDED, rows, is_full=True).tables()

        assert increment == full


@several_runs
@given(first=state, changes=st.lists(change, min_size=1, max_size=3))
def test_feeds_loaded_in_steps_make_the_customers_of_feeds_loaded_at_once(
    warehouses, first, changes
):
    one, two, folder = warehouses
    forget(one)
    forget(two)
    loads = states(first, changes)
    in_steps = [resolve_rows(one, folder, GUARDED, rows) for rows in loads]

    assert in_steps[-1].customers() == resolve_rows(two, folder, GUARDED, loads[-1]).customers()


@several_runs
@given(first=state, changes=st.lists(change, min_size=2, max_size=4))
def test_no_id_is_used_twice_and_every_redirect_leads_to_a_living_customer(
    warehouses, first, changes
):
    con, _, folder = warehouses
    forget(con)
    seen: set[str] = set()
    alive: set[str] = set()
    for rows in states(first, changes):
        resolved = resolve_rows(con, folder, GUARDED, rows)
        now = set(resolved.customer_of().values())

        assert not now & (seen - alive), "a dead id lives again"
        redirects = resolved.redirects()
        assert not set(redirects) & now
        retired = seen - now - set(redirects)
        assert set(redirects.values()) <= now | retired
        seen |= now
        alive = now


@several_runs
@given(first=state, data=st.data())
def test_without_a_record_only_customers_it_was_connected_with_change(warehouses, first, data):
    con, _, folder = warehouses
    forget(con)
    gone = data.draw(st.sampled_from(sorted(first)))
    before = resolve_rows(con, folder, GUARDED, states(first, [])[0]).customer_of()

    after = resolve_rows(con, folder, GUARDED, states(first, [({}, {gone})])[1]).customer_of()

    near = nx.node_connected_component(graph_of(first), f"record {gone}")
    far = {record for record in after if f"record {record}" not in near}
    assert {r: after[r] for r in far} == {r: before[r] for r in far}


def test_a_change_does_not_travel_along_a_chain_of_people_who_share_telephones(warehouses):
    con, _, folder = warehouses
    chain = [
        {"id": f"{n} {side}", "card": f"c{n}", "phone": f"p{n + side}"}
        for n in range(50)
        for side in (0, 1)
    ]
    chain = [row | {"seen_at": "2026-01-01"} for row in chain]
    assert len(resolve_rows(con, folder, GUARDED, chain).customers()) == 50

    with transaction(con):
        new = {"id": "new", "card": "c7", "mail": "m", "seen_at": "2026-01-02"}
        run = land_rows(con, GUARDED, [*chain, new])
        context = Context(con, GUARDED, Workspace(folder), NOON, run)
        build_records(context)
        build_clusters(context)

        affected, scoped = (
            con.execute(f"select count(*) from temp.{table}").fetchall()[0][0]
            for table in ("affected", "scoped_keyring")
        )
    assert affected == 3
    assert scoped <= 3 * 3


def graph_of(rows: dict) -> nx.Graph:
    """Connect every record with all its values, guards and junk or not."""
    graph = nx.Graph()
    for record_id, cells in rows.items():
        graph.add_node(f"record {record_id}")
        graph.add_edges_from(
            (f"record {record_id}", (name, cells[name])) for name in IDENTIFIERS if cells[name]
        )
    return graph
