"""What a row of a list is, how a list is read, and which customers its rows are compared with."""

import gzip
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_rows import NOON, settings_for

from c360.errors import C360Error
from c360.identity.probabilistic.blocking import build_candidates, ladders_of
from c360.identity.probabilistic.fields import compared_fields
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.identity.probabilistic.matching_candidates import (
    MOST_CANDIDATES,
    build_match_candidates,
)
from c360.identity.probabilistic.matching_list import read_list, understood_columns
from c360.identity.probabilistic.matching_verdict import Candidate, judge
from c360.identity.records import install_macros
from c360.step import Context
from c360.warehouse import create_tables, open_warehouse
from c360.workspace import Workspace

ABOVE = 0.95
SHOP = settings_for(
    {
        "card": {"strength": "anchor"},
        "name_and_birth": {"strength": "contact", "all_of": ["first_name", "date_of_birth"]},
        "email": {"strength": "contact"},
        "device": {"strength": "trace"},
        "visit": {"strength": "trace", "visit": True},
    },
    attributes=["first_name", "last_name", "date_of_birth", "city", "shoe_size"],
    entity="customers",
)


def likely(name: str, probability: float, *guards: str) -> Candidate:
    return Candidate(name, probability, 5.0, ("same date of birth +9.2",), guards)


def pointed(name: str, *guards: str) -> Candidate:
    return Candidate(name, evidence=("card",), guards=guards, points=True)


def shared(name: str) -> Candidate:
    return Candidate(name, evidence=("email is shared",))


@pytest.mark.parametrize(
    ("candidates", "verdict", "doubt", "told"),
    [
        ([], "no match", "", ""),
        ([pointed("a")], "match", "", "a"),
        ([pointed("a"), likely("b", 0.99)], "match", "", "a"),  # an identifier says more
        ([pointed("a", "card: 2 values, at most 1")], "possible", "card: 2 values, at most 1", "a"),
        ([pointed("b"), pointed("a")], "possible", "points at 2 customers", "ab"),
        ([likely("a", 0.95)], "match", "", "a"),  # the threshold is inclusive
        ([likely("a", 0.94)], "possible", "", "a"),
        ([likely("a", 0.99), likely("b", 0.6)], "possible", "2 customers are likely", "ab"),
        ([likely("a", 0.6), likely("b", 0.99)], "possible", "2 customers are likely", "ba"),
        ([likely("a", 0.99, "born differs")], "possible", "born differs", "a"),
        ([shared("a"), shared("b")], "possible", "", "ab"),
        ([shared("a"), likely("b", 0.99)], "match", "", "b"),  # a family has one address
    ],
)
def test_a_row_is_judged_by_the_customers_that_it_may_be(candidates, verdict, doubt, told):
    judged = judge(candidates, ABOVE)

    assert judged[:2] == (verdict, doubt)
    assert "".join(candidate.customer_id for candidate in judged[2]) == told


@given(st.lists(st.floats(0.5, 1), max_size=4), st.floats(0.5, 1), st.floats(0.5, 1))
def test_a_higher_threshold_never_makes_a_match(probabilities, one, other):
    candidates = [likely(str(place), each) for place, each in enumerate(probabilities)]
    low, high = sorted((one, other))

    assert judge(candidates, high)[0] != "match" or judge(candidates, low)[0] == "match"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        yield con


def listed(con: duckdb.DuckDBPyConnection, file: Path) -> list[tuple[object, ...]]:
    read_list(con, SHOP, file)
    return con.execute("from temp.listed_value order by all").fetchall()


def test_what_customers_have_and_are_compared_by_is_understood():
    assert understood_columns(SHOP) == (
        *("id", "first_name", "last_name", "date_of_birth", "city"),
        *("card", "email", "device"),
    )


@pytest.mark.parametrize("form", ["csv", "tsv", "csv.gz", "jsonl", "parquet"])
def test_a_list_says_the_same_in_any_format(con, tmp_path, form):
    rows = "id,card,first_name\nA,K1,Ann\n,K2,\n"
    path = tmp_path / f"list.{form}"
    if form == "jsonl":
        path.write_text('{"id":"A","card":"K1","first_name":"Ann"}\n{"card":"K2"}\n')
    elif form == "parquet":
        (tmp_path / "plain.csv").write_text(rows)
        con.execute(f"copy (from '{tmp_path}/plain.csv') to '{path}'").fetchall()
    elif form == "csv.gz":
        path.write_bytes(gzip.compress(rows.encode()))
    else:
        path.write_text(rows.replace(",", "\t") if form == "tsv" else rows)

    assert listed(con, path) == [
        (1, "card", "K1"),
        (1, "first_name", "Ann"),
        (2, "card", "K2"),
    ]
    assert con.execute("from temp.listed order by all").fetchall() == [(1, "A"), (2, "2")]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("list.csv", b"", "is empty (0 bytes)"),
        ("list.csv", b"card,visit\n1,2", "nothing is known by the column 'visit'"),
        ("list.csv", b"card,shoe_size\n1,2", "nothing is known by the column 'shoe_size'"),
        ("list.csv", b"card,\x1b[2J\n1,2", r"by the column '\x1b[2J'"),
        ("list.csv", b"card,CARD\n1,2", "has the column 'card' and 'CARD' twice"),
        ("list.csv", b"card,email\n1,2\n3,4,5\n", "row 2 has 3 columns, not 2"),
        ("list.jsonl", b'{"card": 1}\n[]\n', "row 2 is not a JSON object"),
        ("list.parquet", b"PAR1", "cannot be read as parquet"),
        ("list.txt", b"card\n1", "does not tell its format by its name"),
        ("no/list.csv", None, "there is no file"),
    ],
)
def test_a_list_that_cannot_be_taken_whole_is_refused(con, tmp_path, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)

    with pytest.raises(C360Error) as refused:
        listed(con, tmp_path / name)

    assert told in str(refused.value)
    assert str(tmp_path / name) in str(refused.value)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        make_proposal_tables(con)
        context = Context(con, SHOP, Workspace(tmp_path), NOON, 1)
        install_macros(context)
        yield context


Values = dict[str, str]


def customers_are(context: Context, customers: list[Values]) -> None:
    rows = [
        (f"c{place:05}", field, value)
        for place, each in enumerate(customers)
        for field, value in each.items()
    ]
    context.con.execute(
        "insert into identity.compared_value"
        " select unnest($customers), unnest($fields), unnest($values), 1",
        dict(
            zip(("customers", "fields", "values"), map(list, zip(*rows, strict=True)), strict=True)
        ),
    ).fetchall()
    context.con.execute(
        "insert into identity.compared_customer select distinct customer_id, uuid()"
        " from identity.compared_value"
    ).fetchall()


def candidates_of(context: Context, *rows: Values) -> tuple[set[tuple[int, str]], frozenset[int]]:
    """Return (row, customer) for what is compared, and the rows that had too large a block."""
    con, fields = context.con, compared_fields(SHOP)
    create_tables(
        con,
        {
            "temp.listed": "number integer, name varchar",
            "temp.match_value": "number integer, field varchar, value varchar",
        },
    )
    for number, row in enumerate(rows, start=1):
        con.execute("insert into temp.listed values ($n, '')", {"n": number}).fetchall()
        for field, value in row.items():
            con.execute(
                "insert into temp.match_value values ($n, $field, $value)",
                {"n": number, "field": field, "value": value},
            ).fetchall()
    refused = build_match_candidates(context, fields, ladders_of(fields))
    found = con.execute(
        "select number, customer_id"
        " from temp.match_candidate join temp.match_customer using (owner)"
    ).fetchall()
    return set(found), refused


def crowd(size: int) -> list[Values]:
    """Return people of whom some share a name, some a birthday, and some a town."""
    return [
        {
            "first_name": f"f{place % 97}",
            "last_name": f"l{place % 89}",
            "date_of_birth": f"19{50 + place % 50}-01-{1 + place % 28:02}",
            "city": f"city {place % 50}",
        }
        for place in range(size)
    ]


def test_of_few_customers_all_are_compared(context):
    customers_are(context, crowd(20))

    found, refused = candidates_of(context, {"first_name": "zed"})

    assert (len(found), refused) == (20, frozenset())


def test_a_row_is_compared_with_those_that_it_would_be_compared_with_as_a_customer(context):
    people = crowd(1_600)
    rows = [
        people[7],
        {"first_name": "l3", "last_name": "f3"},
        {"city": "city 9", "last_name": "l9"},
    ]
    customers_are(context, people)

    found, refused = candidates_of(context, *rows)

    asked = [*people, *rows]
    context.con.execute(
        "create temp table value (owner integer, field varchar, value varchar, place integer)"
    ).fetchall()
    context.con.executemany(
        "insert into temp.value values (?, ?, ?, 1)",
        [(place, f, v) for place, each in enumerate(asked) for f, v in each.items()],
    )
    fields = compared_fields(SHOP)
    build_candidates(context.con, "temp.value", fields, ladders_of(fields), 10**9)
    same = context.con.execute(
        "select distinct r.owner - $customers + 1, l.owner from temp.block_member as l"
        " join temp.block_member as r using (place, key)"
        " where l.is_used and r.is_used and l.owner < $customers and r.owner >= $customers",
        {"customers": len(people)},
    ).fetchall()
    assert found == {(number, f"c{owner:05}") for number, owner in same}
    assert refused == frozenset()


def test_what_too_many_share_is_tightened_and_the_rest_refused(context):
    people = [{"first_name": "ann", "last_name": f"l{n}", "city": "ulm"} for n in range(3_000)]
    customers_are(context, people)

    found, refused = candidates_of(
        context,
        {"first_name": "zed", "last_name": "l7", "city": "ulm"},
        {"first_name": "ann", "city": "ulm"},
    )

    assert (1, "c00007") in found
    assert {number for number, _ in found} == {1}
    assert refused == {2}


def test_no_row_has_more_candidates_than_it_may(context):
    customers_are(
        context,
        [
            {"first_name": f"f{n % 3}", "last_name": f"l{n % 4}", "date_of_birth": f"d{n % 9}"}
            for n in range(6_000)
        ],
    )
    rows = [
        {"first_name": f"f{f}", "last_name": f"l{s}", "date_of_birth": f"d{d}", "city": "ulm"}
        for f, s, d in product(range(3), range(4), range(3))
    ]

    found, _ = candidates_of(context, *rows)

    counts = {number: sum(1 for n, _ in found if n == number) for number in range(1, len(rows) + 1)}
    assert max(counts.values()) <= MOST_CANDIDATES
