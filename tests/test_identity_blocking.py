"""Which pairs are compared: small blocks first, within a budget, and what is left out is told."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from probable_rows import comparing_warehouse, fields_of
from thorough import examples

from c360.identity.probabilistic.blocking import (
    EVERYTHING,
    Ladder,
    build_candidates,
    ladders_of,
)
from c360.probabilistic import FieldType
from c360.step import read_sql
from c360.warehouse import build_table, fill_table

TYPES: dict[str, FieldType] = {
    "first_name": "first_name",
    "last_name": "last_name",
    "born": "date_of_birth",
    "zip": "postcode",
    "email": "email",
}
Person = Mapping[str, Sequence[str]]
"""The values of each field that one has."""
COLUMNS = {"owner": "integer", "field": "varchar", "value": "varchar", "place": "integer"}
Pairs = dict[tuple[int, int], int]
"""The place of the first rule that finds each pair."""


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with comparing_warehouse(tmp_path_factory.mktemp("blocking")) as con:
        yield con


def compared(
    con: duckdb.DuckDBPyConnection,
    people: Sequence[Person],
    ladders: Sequence[Ladder],
    max_pairs: int,
    types: Mapping[str, FieldType] = TYPES,
) -> Pairs:
    """Return which people are compared, numbered from 1."""
    rows = [
        (owner, field, value, place)
        for owner, person in enumerate(people, start=1)
        for field, values in person.items()
        for place, value in enumerate(values, start=1)
    ]
    fill_table(con, "temp.people", COLUMNS, rows)
    build_candidates(con, "temp.people", fields_of(types), ladders, max_pairs)
    build_table(con, "temp.candidate", read_sql("identity", "temp.candidate"), {})
    found = con.execute("select owner_l, owner_r, place from temp.candidate").fetchall()
    return {(left, right): place for left, right, place in found}


def rules(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    """Return what became of each rule: its name, its pairs, its status."""
    return con.execute(
        "select rule, pairs, status from temp.counted_rule order by place"
    ).fetchall()


def born(*people: str) -> list[Person]:
    """Return people by `first last day`."""
    words = [person.split() for person in people]
    return [{"first_name": [f], "last_name": [n], "born": [day]} for f, n, day in words]


@pytest.mark.parametrize(
    ("types", "ladders"),
    [
        (["date_of_birth"], [("date_of_birth",)]),
        (
            ["first_name", "last_name", "date_of_birth", "postcode"],
            [
                ("date_of_birth", "an initial", "a name"),
                ("the whole name", "postcode"),
                ("last_name", "an initial"),
                ("postcode", "a name"),
            ],
        ),
        (
            ["last_name", "street", "city"],
            [
                ("last_name", "an initial", "street"),
                ("street", "a name"),
                ("city", "a name"),
            ],
        ),
        (["first_name", "email"], [("email", "a name")]),
        (["city", "phone"], [("phone",), ("city",)]),
        (
            ["full_name", "city"],
            [("full_name",), ("a word", "city"), ("city", "a word")],
        ),
    ],
)
def test_types_suggest_what_two_must_share(types, ladders):
    assert list(ladders_of(fields_of({type_: type_ for type_ in types}))) == ladders


def test_the_configuration_may_say_what_two_must_share():
    chosen = ladders_of(fields_of(TYPES), [["born", "last_name"], ["zip"]])

    assert chosen == (("born + last_name",), ("zip",))


def test_of_a_short_list_every_pair_is_compared(con):
    people = born("ann lee 1980", "bob roy 1990", "eve kim 1970")

    pairs = compared(con, people, ladders_of(fields_of(TYPES)), 3)

    assert pairs.keys() == {(1, 2), (1, 3), (2, 3)}
    assert rules(con) == [("every pair", 3, "used")]


@pytest.mark.parametrize(
    ("ladder", "pairs"),
    [
        ("born", {(1, 2), (1, 3), (2, 3)}),
        ("a name", {(1, 2), (1, 4), (2, 4)}),  # first and last name may be exchanged
        ("the whole name", {(1, 4)}),
        ("an initial", {(1, 2), (1, 4), (2, 4), (3, 5)}),
        ("born + last_name", {(1, 2)}),
    ],
)
def test_two_are_compared_who_share_what_a_rule_asks_for(con, ladder, pairs):
    people = born("ann lee 1980", "art lee 1980", "bob roy 1980", "lee ann 1990", "rex sun 1970")

    assert compared(con, people, [(ladder,)], 9).keys() == pairs


def test_a_customer_with_several_values_is_compared_by_any_of_them(con):
    people: list[Person] = [{"email": ["a", "b"]}, {"email": ["b"]}, {"email": ["c", "a"]}]

    assert compared(con, people, [("email",)], 2).keys() == {(1, 2), (1, 3)}


def test_the_smallest_blocks_come_first(con):
    people = born(
        *("ann lee 1980", "bob roy 1980"),
        *("eve kim 1990", "joe kim 1990", "zoe kim 1990"),
        *("a b 2000", "c d 2000", "e f 2000", "g h 2000"),
    )

    pairs = compared(con, people, [("born",)], 4)

    assert pairs.keys() == {(1, 2), (3, 4), (3, 5), (4, 5)}
    assert rules(con) == [("born", 4, "refused in part")]


def test_blocks_of_one_size_are_used_together_or_not_at_all(con):
    people = born("ann lee 1980", "bob roy 1980", "eve kim 1990", "joe kim 1990")

    assert compared(con, people, [("born",)], 1) == {}


def test_what_too_many_share_is_compared_where_they_share_more(con):
    people = born("ann lee 1980", "art roy 1980", "bob kim 1980", "bea sun 1980")

    pairs = compared(con, people, [("born", "an initial")], 3)

    assert pairs == {(1, 2): 2, (3, 4): 2}
    assert rules(con) == [("born", 0, "tightened"), ("born, an initial", 2, "used")]
    assert con.execute("select reason from temp.counted_rule where place = 1").fetchall() == [
        (
            "1 blocks of 4 customers and more, the largest of 4, would be 6 pairs;"
            " compared where an initial agrees too",
        )
    ]


def test_what_one_rule_leaves_of_the_budget_goes_to_the_next(con):
    people: list[Person] = [
        {"born": ["1980"]},
        {"born": ["1980"]},
        *({"zip": ["050010"]} for _ in range(3)),
    ]

    compared(con, people, [("born",), ("zip",)], 4)

    assert rules(con) == [("born", 1, "used"), ("zip", 3, "used")]


def test_a_hostile_block_is_bounded_and_named_with_its_numbers(con):
    con.execute(
        "create or replace temp table people as"
        " select cast(n as integer) as owner, unnest(['born', 'last_name']) as field,"
        " unnest(['1900-01-01', 'name' || n // 2]) as value, 1 as place from range(100000) as t(n)"
    ).fetchall()

    build_candidates(con, "temp.people", fields_of(TYPES), [("born", "a name")], 1_000_000)

    assert rules(con) == [("born", 0, "tightened"), ("born, a name", 50_000, "used")]
    ((reason,),) = con.execute("select reason from temp.counted_rule where place = 1").fetchall()
    assert "the largest of 100,000, would be 4,999,950,000 pairs" in reason
    assert con.execute("from temp.big_block where place = 1").fetchall() == [
        (1, "born", "1900-01-01", 100_000, 4_999_950_000, "tightened")
    ]


def test_a_hostile_block_that_nothing_tightens_is_refused_and_named_with_its_numbers(con):
    con.execute(
        "create or replace temp table people as"
        " select cast(n as integer) as owner, 'zip' as field, '00000' as value, 1 as place"
        " from range(100000) as t(n)"
    ).fetchall()

    build_candidates(con, "temp.people", fields_of(TYPES), [("zip",)], 1_000_000)
    build_table(con, "temp.candidate", read_sql("identity", "temp.candidate"), {})

    assert con.execute("select count(*) from temp.candidate").fetchall() == [(0,)]
    assert con.execute("from temp.counted_rule").fetchall() == [
        (
            *(1, "zip", 0, 0, 0, "refused in part"),
            "1 blocks of 100,000 customers and more, the largest of 100,000, would be"
            " 4,999,950,000 pairs; refused, raise max_pairs or name a tighter rule",
        )
    ]
    assert con.execute("select shown, owners, status from temp.big_block").fetchall() == [
        ("00000", 100_000, "refused")
    ]


def test_the_ten_largest_blocks_of_a_rule_are_shown(con):
    people = born(*(f"x{n} y{n} {1970 + n // 2}" for n in range(30)))

    compared(con, people, [("born",)], 100)

    shown = con.execute("select shown, owners, pairs, status from temp.big_block").fetchall()
    assert len(shown) == 10
    assert {row[1:] for row in shown} == {(2, 1, "compared")}


values = st.sampled_from("abcd")
person = st.fixed_dictionaries(
    {
        "first_name": st.lists(values.map("f".__add__), max_size=2, unique=True),
        "last_name": st.lists(values.map("f".__add__), max_size=2, unique=True),
        "born": st.lists(values.map("b".__add__), max_size=1),
        "zip": st.lists(values.map("z".__add__), max_size=1),
        "email": st.lists(values.map("e".__add__), max_size=3, unique=True),
    }
)
ladder = st.sampled_from(
    [
        ("born", "an initial", "a name"),
        ("the whole name", "zip"),
        ("last_name", "an initial"),
        ("zip", "a name"),
        ("email",),
        ("born + last_name",),
    ]
)
ladders = st.lists(ladder, min_size=1, max_size=4, unique=True)


@given(
    people=st.lists(person, min_size=2, max_size=14), ladders=ladders, max_pairs=st.integers(1, 60)
)
@settings(max_examples=examples(8))
def test_within_the_budget_all_who_share_an_unrefused_block_are_compared(
    con, people, ladders, max_pairs
):
    pairs = compared(con, people, ladders, max_pairs)

    assert pairs == expected(people, ladders, max_pairs)
    assert len(pairs) <= sum(count for _, count, _ in rules(con)) <= max_pairs


@given(data=st.data(), people=st.lists(person, min_size=2, max_size=10), ladders=ladders)
@settings(max_examples=15)
def test_the_order_of_people_does_not_matter(con, data, people, ladders):
    order = data.draw(st.permutations(range(len(people))))

    pairs = compared(con, people, ladders, 12)
    other = compared(con, [people[number] for number in order], ladders, 12)

    assert pairs == {
        (min(order[left - 1], order[right - 1]) + 1, max(order[left - 1], order[right - 1]) + 1): at
        for (left, right), at in other.items()
    }


def expected(people: Sequence[Person], ladders: Sequence[Ladder], max_pairs: int) -> Pairs:
    """Return who is compared, told in Python: the oracle."""
    known = {n: person for n, person in enumerate(people, start=1) if any(person.values())}
    if len(known) * (len(known) - 1) // 2 <= max_pairs:
        ladders = [EVERYTHING]
    found: Pairs = {}
    place, left = 0, max_pairs
    for number, ladder in enumerate(ladders):
        share = left // (len(ladders) - number)
        blocks: dict[tuple[str, ...], set[int]] = {(): set(known)}
        for step, part in enumerate(ladder):
            place += 1
            blocks = _split(blocks, part, known)
            taken = _affordable(blocks, share // (len(ladder) - step))
            for key in taken:
                for pair in combinations(sorted(blocks[key]), 2):
                    found.setdefault(pair, place)
            used = sum(_pairs(len(blocks[key])) for key in taken)
            share, left = share - used, left - used
            blocks = {key: owners for key, owners in blocks.items() if key not in taken}
            if not blocks:
                break
    return found


def _split(
    blocks: Mapping[tuple[str, ...], Iterable[int]], part: str, people: Mapping[int, Person]
) -> dict[tuple[str, ...], set[int]]:
    found: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for key, owners in blocks.items():
        for owner in owners:
            for value in _parts(people[owner], part):
                found[*key, value].add(owner)
    return {key: owners for key, owners in found.items() if len(owners) > 1}


def _affordable(blocks: Mapping[tuple[str, ...], set[int]], share: int) -> list[tuple[str, ...]]:
    taken: list[tuple[str, ...]] = []
    for size in sorted({len(owners) for owners in blocks.values()}):
        of_size = [key for key, owners in blocks.items() if len(owners) == size]
        share -= len(of_size) * _pairs(size)
        if share < 0:
            break
        taken += of_size
    return taken


def _pairs(owners: int) -> int:
    return owners * (owners - 1) // 2


def _parts(person: Person, part: str) -> set[str]:
    first, last = person.get("first_name", []), person.get("last_name", [])
    if part == "every pair":
        return {""}
    if part == "a name":
        return {*first, *last}
    if part == "an initial":
        return {name[0] for name in (*first, *last)}
    if part == "the whole name":
        return {" ".join(sorted((f, n))) for f in first for n in last}
    if " + " in part:
        values = [person.get(field, []) for field in part.split(" + ")]
        return {" + ".join(each[0] for each in values)} if all(values) else set()
    return set(person.get(part, []))
