"""Weak bridges held against networkx: values without which a customer has two anchored parts."""

from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_rows import forget, settings_for
from queue_rows import Queue, open_queue
from thorough import examples

from c360.stewardship.layout import QUEUE_TABLES

IDENTIFIERS = {
    "account": {"strength": "anchor", "per_person": 9},
    "mail": {"strength": "contact"},
    "phone": {"strength": "contact"},
    "device": {"strength": "trace"},
}
RULES = settings_for(IDENTIFIERS)


def cell(prefix: str, size: int) -> st.SearchStrategy[str | None]:
    """A value of a small namespace, so that records meet; half of the cells are empty."""
    return st.one_of(st.none(), st.integers(1, size).map(lambda number: f"{prefix}{number}"))


record = st.fixed_dictionaries(
    {
        "account": cell("k", 6),
        "mail": cell("m", 6),
        "phone": cell("p", 5),
        "device": cell("d", 4),
    }
)
feed = st.lists(record, min_size=3, max_size=14)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with open_queue(tmp_path) as queue:
        yield queue


def halves_by_networkx(queue: Queue) -> dict[str, list[frozenset[str]]]:
    """Return the anchored parts that each contact or trace value alone holds together."""
    links = queue.rows(
        "select cast(keyring as varchar), namespace, value from identity.link"
        " where status in ('joined', 'alone')"
    )
    graph = nx.Graph((keyring, f"{name}:{value}") for keyring, name, value in links)
    found = {}
    for name, value in {(name, value) for _, name, value in links if name != "account"}:
        customer = nx.node_connected_component(graph, f"{name}:{value}")
        rest = graph.subgraph(customer - {f"{name}:{value}"})
        parts = [
            frozenset(node for node in part if ":" not in node)
            for part in nx.connected_components(rest)
            if any(node.startswith("account:") for node in part)
        ]
        if len(parts) > 1:
            found[f"{name}:{value}"] = parts
    return found


@settings(
    max_examples=examples(5),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=feed)
def test_weak_bridges_are_the_values_without_which_anchored_parts_fall_asunder(queue, rows):
    forget(queue.con)
    for table in QUEUE_TABLES:
        queue.con.execute(f"drop table if exists {table}").fetchall()
    queue.run(*rows, rules=RULES)

    expected = halves_by_networkx(queue)
    found: dict[str, dict[str, set[str]]] = {}
    for value, side, keyring in queue.rows(
        "select namespace || ':' || value, side, cast(keyring as varchar)"
        " from stewardship.review_part join stewardship.review_value using (item_id)"
    ):
        found.setdefault(value, {}).setdefault(side, set()).add(keyring)

    assert found.keys() == expected.keys()
    for value, parts in expected.items():
        left = [part for part in parts if part <= found[value]["l"]]
        right = [part for part in parts if part <= found[value]["r"]]
        assert len(left) == 1
        assert frozenset().union(*right) == found[value]["r"]
        assert len(left) + len(right) == len(parts)
