"""What people have decided holds, whatever the rules and the data become."""

import random
from collections.abc import Iterator
from pathlib import Path

import duckdb
import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_rows import Resolved, decide, forget, resolve_rows, revoke, settings_for
from thorough import examples

from c360.warehouse import open_warehouse

IDENTIFIERS = {
    "card": {"strength": "anchor"},
    "mail": {"strength": "contact"},
    "phone": {"strength": "contact"},
    "device": {"strength": "trace"},
}
GUARDED = settings_for(
    IDENTIFIERS, guards={"one_per_person": ["born"], "generic_after": 3}, attributes=["born"]
)
OTHER_RULES = settings_for(
    {
        "phone": {"strength": "contact"},
        "mail": {"strength": "contact"},
        "card": {"strength": "contact"},
        "device": {"strength": "contact"},
    },
    guards={"generic_after": 50},
    attributes=["born"],
)

ANN = {"id": "ann", "card": "1", "mail": "a", "born": "1980"}
ANN2 = {"id": "ann2", "mail": "a", "phone": "5"}
BOB = {"id": "bob", "card": "2", "mail": "b", "born": "1990"}
BOB2 = {"id": "bob2", "mail": "b", "phone": "6"}


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        yield con, tmp_path


@pytest.fixture
def warehouses(tmp_path: Path) -> Iterator[tuple]:
    with (
        open_warehouse(tmp_path / "one.duckdb") as one,
        open_warehouse(tmp_path / "two.duckdb") as two,
    ):
        yield one, two, tmp_path


@pytest.fixture
def run(warehouse):
    con, folder = warehouse

    def run(*rows, rules=GUARDED, is_full=False) -> Resolved:
        return resolve_rows(con, folder, rules, rows, is_full=is_full)

    return run


def together(resolved: Resolved, *records: str) -> bool:
    customer_of = resolved.customer_of()
    return len({customer_of[record] for record in records}) == 1


def test_a_merge_joins_records_that_share_nothing(run):
    decide(run(ANN, BOB2).con, "merge", ["ann"], ["bob2"])

    resolved = run(ANN, BOB2)

    assert together(resolved, "ann", "bob2")
    assert resolved.status()["decision", "d1"] == "joined"


def test_a_merge_overrides_one_per_person_and_per_person_and_is_logged(run):
    decide(run(ANN, ANN2, BOB, BOB2).con, "merge", ["ann"], ["bob"])

    resolved = run(ANN, ANN2, BOB, BOB2)

    assert together(resolved, "ann", "ann2", "bob", "bob2")
    log = resolved.con.execute("from identity.overridden_guard order by all").fetchall()
    customer = resolved.customer_of()["ann"]
    assert log == [(customer, "born", 2, 1, ["d1"]), (customer, "card", 2, 1, ["d1"])]


def test_what_a_merge_overrides_holds_for_that_customer_only(run):
    eve = {"id": "eve", "mail": "e", "born": "1980"}
    dan = {"id": "dan", "mail": "e", "born": "1990"}
    decide(run(ANN, BOB, eve, dan).con, "merge", ["ann"], ["bob"])

    resolved = run(ANN, BOB, eve, dan)

    assert together(resolved, "ann", "bob")
    assert not together(resolved, "eve", "dan")


def test_a_third_person_does_not_join_those_that_a_merge_joined(run):
    cid = {"id": "cid", "card": "3", "mail": "b", "born": "1970"}
    decide(run(ANN, BOB).con, "merge", ["ann"], ["bob"])

    resolved = run(ANN, BOB, cid)

    assert together(resolved, "ann", "bob")
    assert not together(resolved, "ann", "cid")
    assert resolved.reason("mail", "b") == "card: 2 values, at most 1"


def test_a_merge_never_overrides_a_no(run):
    con = run(ANN, ANN2, BOB).con
    decide(con, "keep_apart", ["ann", "ann2"], ["bob"])
    decide(con, "merge", ["ann"], ["bob"])

    resolved = run(ANN, ANN2, BOB)

    assert together(resolved, "ann", "ann2")
    assert not together(resolved, "ann", "bob")
    assert resolved.status()["decision", "d2"] == "shared"
    assert resolved.reason("decision", "d2") == "keep_apart d1: 2 values, at most 1"


def test_of_merges_that_contradict_a_no_only_together_the_earlier_holds(run):
    con = run(ANN, BOB, BOB2).con
    decide(con, "keep_apart", ["ann"], ["bob2"])
    decide(con, "merge", ["ann"], ["bob"])
    decide(con, "merge", ["bob"], ["bob2"])

    resolved = run(ANN, BOB, BOB2 | {"mail": None})

    assert together(resolved, "ann", "bob")
    assert resolved.status()["decision", "d3"] == "refused"


def test_records_kept_apart_are_never_one_customer_whatever_they_share(run):
    decide(run(ANN, ANN2).con, "keep_apart", ["ann"], ["ann2"])

    resolved = run(ANN, ANN2)

    assert not together(resolved, "ann", "ann2")
    assert resolved.reason("mail", "a") == "keep_apart d1: 2 values, at most 1"


def test_records_that_carry_the_same_can_be_kept_apart(run):
    twin = ANN2 | {"id": "twin"}
    assert together(run(ANN2, twin), "ann2", "twin")
    decide(run(ANN2, twin).con, "keep_apart", ["ann2"], ["twin"])

    assert not together(run(ANN2, twin), "ann2", "twin")


def test_a_no_holds_through_the_named_identifiers_for_records_that_come_later(run):
    con = run(ANN, BOB).con
    named = {"identifiers_l": ["card:1"], "identifiers_r": ["card:2"]}
    decide(con, "keep_apart", ["ann"], ["bob"], **named)
    run({"id": "new", "card": "1", "phone": "9"})
    late = {"id": "late", "card": "2", "phone": "9"}

    resolved = run({"id": "new", "card": "1", "phone": "9"}, late)

    assert not together(resolved, "new", "late")


def test_a_record_that_carries_identifiers_of_both_sides_stands_between_them(run):
    both = {"id": "both", "card": "1", "mail": "b"}
    con = run(ANN, ANN2, BOB, BOB2, both).con
    named = {"identifiers_l": ["card:1"], "identifiers_r": ["mail:b"]}
    decide(con, "keep_apart", ["ann"], ["bob"], **named)

    resolved = run(ANN, ANN2, BOB, BOB2, both)

    assert together(resolved, "ann", "ann2")
    assert together(resolved, "bob", "bob2")
    assert not together(resolved, "both", "ann")
    assert not together(resolved, "both", "bob")


def test_a_value_that_is_not_shared_belongs_to_one_of_two(run):
    bob = BOB | {"mail": "a"}
    later = {"id": "later", "mail": "a", "phone": "7", "seen_at": "2026-01-10"}
    con = run(ANN, ANN2, bob, later).con
    assert run(ANN, ANN2, bob, later).status()["mail", "a"] == "shared"
    decide(con, "not_shared", ["ann"], ["bob"], value="mail:a", valid_from="2026-01-05")

    resolved = run(ANN, ANN2, bob, later)

    assert together(resolved, "ann", "later")
    assert not together(resolved, "ann", "bob")
    # Seen before the value was hers, and not named as hers.
    assert not together(resolved, "ann", "ann2")
    reason = resolved.con.execute(
        "select status, reason from identity.link join identity.record using (keyring)"
        " where record_id = 'bob' and namespace = 'mail'"
    ).fetchall()
    assert reason == [("refused", "not shared: d1")]


def test_a_decision_that_needs_two_people_waits_for_the_second(run):
    con = run(ANN, BOB2).con
    first = decide(con, "merge", ["ann"], ["bob2"], needs_second=True)
    assert not together(run(ANN, BOB2), "ann", "bob2")

    decide(con, "second", [], [], refers_to=first)
    assert not together(run(ANN, BOB2), "ann", "bob2")

    decide(con, "second", [], [], refers_to=first, decided_by="ben")
    assert together(run(ANN, BOB2), "ann", "bob2")


def test_revoking_restores_what_was(run):
    before = run(ANN, ANN2, BOB).customers()
    apart = decide(run(ANN, ANN2, BOB).con, "keep_apart", ["ann"], ["ann2"])
    con = run(ANN, ANN2, BOB).con
    revoke(con, apart)
    merged = decide(run(ANN, ANN2, BOB).con, "merge", ["ann"], ["bob"])
    assert together(run(ANN, ANN2, BOB), "ann", "bob")
    revoke(con, merged)

    assert run(ANN, ANN2, BOB).customers() == before


def test_a_decision_on_a_record_that_comes_later_waits_for_it(run):
    decide(run(ANN).con, "merge", ["ann"], ["bob2"])
    assert run(ANN).status()["decision", "d1"] == "alone"

    assert together(run(ANN, BOB2), "ann", "bob2")


@pytest.mark.parametrize("is_full", [False, True])
def test_a_no_survives_re_run_rebuild_and_other_rules(run, is_full):
    decide(run(ANN, ANN2).con, "keep_apart", ["ann"], ["ann2"])

    for rules in (GUARDED, GUARDED, OTHER_RULES, GUARDED):
        assert not together(run(ANN, ANN2, rules=rules, is_full=is_full), "ann", "ann2")


def test_a_no_survives_a_thousand_later_links(run):
    chance = random.Random(4)  # noqa: S311 - a sample, not a secret
    rows = [{"id": f"r{n}", "mail": f"m{n}", "phone": f"p{n}"} for n in range(60)]
    decide(run(*rows).con, "keep_apart", ["r0"], ["r1"])
    links = [
        {
            "id": f"link{n}",
            "mail": f"m{chance.randrange(60)}",
            "phone": f"p{chance.randrange(60)}",
            "device": f"d{chance.randrange(400)}",
        }
        for n in range(1000)
    ]
    rules = settings_for(IDENTIFIERS, guards={"generic_after": 10_000}, attributes=["born"])

    for upto in (300, 700, 1000):
        resolved = run(*rows, *links[:upto], rules=rules)
        assert not together(resolved, "r0", "r1")


def cell(prefix: str, size: int) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.integers(1, size).map(lambda n: f"{prefix}{n}"))


NAMES = [f"r{n}" for n in range(8)]
record = st.fixed_dictionaries(
    {
        "card": cell("c", 3),
        "mail": cell("m", 4),
        "phone": cell("p", 4),
        "device": cell("d", 3),
        "born": cell("b", 2),
        "seen_at": st.integers(1, 9).map(lambda day: f"2026-01-0{day}"),
    }
)
sides = st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True).flatmap(
    lambda names: st.integers(1, len(names) - 1).map(lambda cut: (names[:cut], names[cut:]))
)
cards = st.tuples(st.sampled_from(["c1", "c2", "c3"]), st.sampled_from(["c1", "c2", "c3"]))
named = st.one_of(
    st.just({}),
    cards.filter(lambda pair: pair[0] != pair[1]).map(
        lambda pair: {
            "identifiers_l": [f"card:{pair[0]}"],
            "identifiers_r": [f"card:{pair[1]}"],
        }
    ),
)
owned = st.tuples(st.sampled_from(["mail:m1", "phone:p2"]), st.integers(1, 9)).map(
    lambda told: {"value": told[0], "valid_from": f"2026-01-0{told[1]}"}
)
event = st.one_of(
    st.tuples(st.just("merge"), sides, st.just({})),
    st.tuples(st.just("keep_apart"), sides, named),
    st.tuples(st.just("not_shared"), sides, owned),
    st.tuples(st.just("revoke"), st.integers(0, 20)),
    st.tuples(st.just("row"), st.sampled_from(NAMES), st.one_of(st.none(), record)),
    st.tuples(st.just("rules"), st.sampled_from([GUARDED, OTHER_RULES])),
)


class Story:
    """Rows, rules and decisions as they change; two warehouses are told the same."""

    def __init__(self, one, two, folder: Path) -> None:
        self.one, self.two, self.folder = one, two, folder
        self.rows: dict[str, dict[str, str | None]] = {}
        self.in_force: dict[str, tuple] = {}
        self.rules = GUARDED
        for con in (one, two):
            forget(con)

    def tell(self, step: tuple) -> None:
        kind, *told = step
        if kind == "row":
            name, row = told
            self.rows.pop(name, None)
            if row is not None:
                self.rows[name] = row
        elif kind == "rules":
            self.rules = told[0]
        elif kind == "revoke":
            if self.in_force:
                decision = sorted(self.in_force)[told[0] % len(self.in_force)]
                for con in (self.one, self.two):
                    revoke(con, decision)
                del self.in_force[decision]
        else:
            (left, right), more = told
            for con in (self.one, self.two):
                decision = decide(con, kind, left, right, **more)
            self.in_force[decision] = (kind, left, right, more)

    def resolve(self) -> tuple[Resolved, Resolved]:
        """Return what an increment made of it, and what a full run made."""
        rows = [{"id": name} | row for name, row in sorted(self.rows.items())]
        return (
            resolve_rows(self.one, self.folder, self.rules, rows),
            resolve_rows(self.two, self.folder, self.rules, rows, is_full=True),
        )

    def sides_of_nos(self) -> list[tuple[set[str], set[str]]]:
        """Return the records on both sides of each NO: those it names, and whose card it names."""
        found = []
        for kind, left, right, more in self.in_force.values():
            if kind == "keep_apart":
                sides = (set(left), set(right))
                for side, other, key in ((0, 1, "identifiers_l"), (1, 0, "identifiers_r")):
                    sides[side].update(
                        name
                        for name, row in self.rows.items()
                        if f"card:{row['card']}" in more.get(key, ()) and name not in sides[other]
                    )
                found.append(sides)
        return found

    def merged(self) -> list[set[str]]:
        """Return the groups of records that the merges in force join among themselves."""
        graph = nx.Graph()
        for kind, left, right, _ in self.in_force.values():
            if kind == "merge":
                nx.add_path(graph, [name for name in left + right if name in self.rows])
        return [set(each) for each in nx.connected_components(graph)]


@settings(
    max_examples=examples(4),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    first=st.dictionaries(st.sampled_from(NAMES), record, min_size=5),
    acts=st.lists(st.lists(event, min_size=1, max_size=3), min_size=1, max_size=4),
)
def test_after_any_story_every_no_holds_and_every_yes_that_no_no_contradicts(
    warehouses, first, acts
):
    story = Story(*warehouses)
    story.rows = dict(first)
    for act in acts:
        for step in act:
            story.tell(step)
        increment, full = story.resolve()

        customer_of = increment.customer_of()
        for left, right in ((n[1], n[2]) for n in story.in_force.values() if n[0] == "keep_apart"):
            held = {customer_of[name] for name in left if name in customer_of}
            assert not held & {customer_of[name] for name in right if name in customer_of}
        for group in story.merged():
            if not any(group & left and group & right for left, right in story.sides_of_nos()):
                assert len({customer_of[name] for name in group}) == 1
        assert increment.tables() == full.tables()
