"""How two people are compared: each outcome by rows that show it, in the SQL that Splink runs."""

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from probable_rows import comparing_warehouse, fields_of

from c360.identity.probabilistic.comparisons import Comparison, comparisons_of
from c360.identity.probabilistic.fields import CompareField
from c360.identity.probabilistic.portrait import build_portraits
from c360.identity.probabilistic.values import value_sql
from c360.probabilistic import FieldType
from c360.step import read_sql
from c360.warehouse import fill_table

TYPES: dict[str, FieldType] = {
    "first_name": "first_name",
    "last_name": "last_name",
    "date_of_birth": "date_of_birth",
    "street": "street",
    "postcode": "postcode",
    "city": "city",
    "email": "email",
    "passport": "exact",
    "full_name": "full_name",
    "tax_number": "exact",
}
ANN = {"first_name": "Ann", "last_name": "Lee"}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with comparing_warehouse(tmp_path_factory.mktemp("comparisons")) as con:
        for statement in read_sql("identity", "temp.comparison_macros").split(";\n"):
            con.execute(statement).fetchall()
        yield con


def comparable(
    con: duckdb.DuckDBPyConnection, *given: tuple[CompareField, str]
) -> list[str | None]:
    """Return values as they are compared."""
    cells = ", ".join(value_sql(field, f"$v{n}") for n, (field, _) in enumerate(given))
    values = {f"v{n}": value for n, (_, value) in enumerate(given)}
    return [*con.execute(f"select {cells}", values).fetchall()[0]] if given else []


def outcomes(
    con: duckdb.DuckDBPyConnection,
    left: dict[str, Any],
    right: dict[str, Any],
    types: dict[str, FieldType] = TYPES,
) -> dict[str, str]:
    """Return what each comparison says of two people; a list is what one has several of."""
    fields = fields_of(types)
    values = [
        (owner, field, value, place)
        for owner, person in enumerate((left, right), start=1)
        for field in fields
        for place, value in enumerate(_listed(person.get(field.name)), start=1)
    ]
    texts = comparable(con, *((field, value) for _, field, value, _ in values))
    columns = {"owner": "integer", "field": "varchar", "value": "varchar", "place": "integer"}
    known = [
        (owner, field.name, text, place)
        for (owner, field, _, place), text in zip(values, texts, strict=True)
        if text is not None
    ]
    fill_table(con, "temp.people", columns, [*known, (1, "any", "x", 1), (2, "any", "x", 1)])
    build_portraits(con, "temp.people", "true", fields)
    told = ", ".join(f"{_words_sql(each)} as {each.name}" for each in comparisons_of(fields))
    names = [name for name, *_ in con.execute("describe temp.portrait").fetchall()]
    pair = ", ".join(f"l.{name} as {name}_l, r.{name} as {name}_r" for name in names)
    found = con.execute(
        f"select {told} from (select {pair} from temp.portrait as l, temp.portrait as r"
        " where l.unique_id = 1 and r.unique_id = 2)"
    ).fetchall()
    return dict(zip((each.name for each in comparisons_of(fields)), found[0], strict=True))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _words_sql(comparison: Comparison) -> str:
    cases = "".join(
        f" else '{level.words}'"
        if level.condition == "ELSE"
        else f" when {level.condition} then '{level.words}'"
        for level in comparison.levels
    )
    return f"case when {comparison.missing} then 'missing'{cases} end"


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("Ann", " ANN ", "same first name"),
        ("Bob", "Robert", "similar first name"),
        ("Bill", "William", "similar first name"),
        ("Jon", "John", "similar first name"),
        ("Daniel", "Danat", "first name a little alike"),
        ("Ann", "Boris", "different first name"),
        ("Ann", None, "missing"),
        (["Ann", "Anna Maria"], "Anna-Maria", "same first name"),
        (["Boris", "Bob"], ["Karl", "Robert"], "similar first name"),
    ],
)
def test_first_names(con, left, right, words):
    assert outcomes(con, {"first_name": left}, {"first_name": right})["first_name"] == words


def test_a_first_name_that_is_the_other_ones_last_name_was_exchanged(con):
    left = {"first_name": "Aigerim", "last_name": "Seitova", "city": "Almaty"}
    right = {"first_name": "Seitova", "last_name": "Aigerim", "city": "Almaty"}

    told = outcomes(con, left, right)

    assert told["first_name"] == "first and last name exchanged"
    assert told["family_and_home"] == "same last name, same city"


HOME = {"street": "12 High Street", "postcode": "050010", "city": "Almaty"}


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (HOME, HOME, "same last name, same street"),
        (HOME, HOME | {"street": "12, high street"}, "same last name, same street"),
        (HOME, HOME | {"street": "3 Abay Avenue"}, "same last name, same postcode"),
        (
            {"postcode": "050010"},
            {"postcode": "050-011"},
            "same last name, same postcode",  # one slip is no other district
        ),
        ({"city": "Almaty"}, {"city": "Almati"}, "same last name, same city"),
        ({"city": "Almaty"}, {"city": "Taraz"}, "same last name, another home"),
        (HOME, {"city": "Taraz"}, "same last name, another home"),
        (HOME, {}, "same last name, home unknown"),
        ({"city": "Almaty"}, {"street": "12 High Street"}, "same last name, home unknown"),
        ({"city": ["Taraz", "Almaty"]}, {"city": "Almaty"}, "same last name, same city"),
    ],
)
def test_homes_are_compared_from_the_street_to_the_city(con, left, right, words):
    name = {"last_name": "Lee"}

    assert outcomes(con, name | left, name | right)["family_and_home"] == words


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("Seitova", "SEITOVA", "same last name, same city"),
        ("Seitova", "Seitowa", "similar last name, same city"),
        (["Kim", "Lee"], "Lee", "same last name, same city"),
        ("Seitova", "Kim", "different last name, same city"),
        ("Seitova", None, "last name unknown, same city"),
    ],
)
def test_last_names_are_compared_together_with_homes(con, left, right, words):
    one = {"last_name": left, "city": "Almaty"}
    other = {"last_name": right, "city": "Almaty"}

    assert outcomes(con, one, other)["family_and_home"] == words


@pytest.mark.parametrize(
    ("types", "left", "right", "words"),
    [
        ({"last_name": "last_name"}, "Lee", "Kim", "different last name"),
        ({"last_name": "last_name"}, "Lee", None, "missing"),
        ({"city": "city"}, "Almaty", "Almaty", "same city"),
        ({"city": "city"}, "Almaty", "Taraz", "another home"),
        ({"city": "city"}, None, "Taraz", "missing"),
    ],
)
def test_a_last_name_or_a_home_alone_is_compared_by_itself(con, types, left, right, words):
    (name,) = types

    assert list(outcomes(con, {name: left}, {name: right}, types).values()) == [words]


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("1980-04-12", "12 Apr 1980", "same date of birth"),
        ("1980-04-12", "1980-04-13", "date of birth with one slip"),
        ("1980-04-12", "1980-12-04", "date of birth with one slip"),  # day and month turned
        ("1980-04-12", "1981-04-13", "date of birth with two slips"),
        ("1980-04-12", "1980-11-25", "same year of birth"),
        ("1980-04-12", "1955-11-25", "different date of birth"),
        ("1980-04-12", "unknown", "missing"),
        (["1955-11-25", "1980-04-12"], "1980-04-12", "same date of birth"),
    ],
)
def test_birth_dates(con, left, right, words):
    told = outcomes(con, {"date_of_birth": left}, {"date_of_birth": right})

    assert told["date_of_birth"] == words


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("ann@shop.example", "ANN@shop.example", "same email"),
        ("ann@shop.example", "anna@shop.example", "different email"),  # by digests: no likeness
        (["ann@a.example", "ann@b.example"], ["ann@b.example"], "same email"),
        ("ann@shop.example", None, "missing"),
    ],
)
def test_contact_data_agrees_or_does_not(con, left, right, words):
    assert outcomes(con, {"email": left}, {"email": right})["contact"] == words


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        (("a@x.example", "1"), ("a@x.example", "1"), "same email and phone"),
        (("a@x.example", "1"), ("a@x.example", "2"), "same email"),
        (("a@x.example", "1"), (None, "1"), "same phone"),
        (("a@x.example", "1"), ("b@x.example", "2"), "different email and phone"),
        (("a@x.example", None), (None, "2"), "missing"),
    ],
)
def test_several_contacts_are_one_comparison(con, left, right, words):
    one: dict[str, Any] = dict(zip(("email", "phone"), left, strict=True))
    other: dict[str, Any] = dict(zip(("email", "phone"), right, strict=True))

    told = outcomes(con, one, other, {"email": "email", "phone": "phone"})

    assert told == {"contact": words}


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("N 123-456", "n123456", "same passport"),
        ("N123456", "N123457", "passport with one slip"),
        ("N123", "N124", "different passport"),  # a slip in a short number is another one
        ("N123456", "K998877", "different passport"),
    ],
)
def test_numbers_of_documents(con, left, right, words):
    assert outcomes(con, {"passport": left}, {"passport": right})["passport"] == words


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ("Ann Mary Lee", "ann mary lee", "same full name"),
        ("Ann Mary Lee", "Lee, Ann Mary", "similar full name"),
        ("Ann Mary Lee", "Mary Lee", "similar full name"),
        ("Ann Mary Lee", "Olga Lee Mary", "most words of full name"),
        ("Ann Mary Lee", "Olga Petrovna Lee", "some words of full name"),
        ("Ann Mary Lee", "Boris Karlov", "different full name"),
    ],
)
def test_texts_are_compared_by_their_words(con, left, right, words):
    assert outcomes(con, {"full_name": left}, {"full_name": right})["full_name"] == words


def test_where_nothing_tells_relatives_apart_last_name_and_home_are_two_comparisons(con):
    ann = {"last_name": "Berg", "city": "Ulm"}

    told = outcomes(con, ann, ann, {"last_name": "last_name", "city": "city"})

    assert told == {"family": "same last name", "home": "same city"}


def test_what_one_of_two_lacks_counts_neither_for_nor_against(con):
    assert set(outcomes(con, ANN, {"tax_number": "1"}).values()) == {"missing"}


def test_every_comparison_has_the_words_of_its_levels_once():
    for comparison in comparisons_of(fields_of(TYPES)):
        words = [level.words for level in comparison.levels]

        assert len(set(words)) == len(words)


def test_rare_values_are_told_of_the_name_or_the_narrowest_known_home():
    named = ("first_name", "last_name", "city")
    types: dict[str, FieldType] = {name: TYPES[name] for name in named}
    comparison = comparisons_of(fields_of(types))[1]

    rare = {level.words: level.frequency_of for level in comparison.levels}

    assert rare["same last name, same city"] == "last_name"
    assert rare["similar last name, same city"] == "city"
    assert rare["different last name, same city"] is None
    assert rare["same last name, another home"] == "last_name"


names = st.sampled_from(["Ann", "Anna", "Bob", "Robert", "Lee", "Aigerim", "Seitova", "Seitowa"])
several = st.one_of(st.none(), names, st.lists(names, min_size=2, max_size=3, unique=True))
days = st.sampled_from(["1980-04-12", "1980-12-04", "1981-04-13", "1980-11-25", "1955-01-01"])
person = st.fixed_dictionaries(
    {
        "first_name": several,
        "last_name": several,
        "date_of_birth": st.one_of(st.none(), days, st.lists(days, min_size=2, unique=True)),
        "city": st.one_of(st.none(), st.sampled_from(["Almaty", "Almati", "Taraz"])),
        "full_name": st.one_of(st.none(), names, st.lists(names, max_size=3).map(" ".join)),
    }
)


@given(left=person, right=person)
@settings(max_examples=15)
def test_it_does_not_matter_who_is_left_and_who_is_right(con, left, right):
    assert outcomes(con, left, right) == outcomes(con, right, left)


@given(left=person, right=person)
@settings(max_examples=15)
def test_one_more_value_never_makes_agreement_less(con, left, right):
    found = outcomes(con, left, right)["first_name"]
    more = left | {"first_name": [*_listed(left["first_name"]), "Zebulon"]}

    if found not in ("missing", "different first name"):
        assert outcomes(con, more, right)["first_name"] == found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1980-04-12", "1980-04-12"),
        ("19800412", "1980-04-12"),
        ("1980/04/12", "1980-04-12"),
        ("04/12/1980", "1980-04-12"),
        ("4.2.1980", "1980-04-02"),
        ("04121980", "1980-04-12"),
        ("12-Apr-1980", "1980-04-12"),
        ("April 12, 1980", "1980-04-12"),
        ("12 April 1980", "1980-04-12"),
        ("spring of 1980", "springof1980"),
        ("31/12/1980", "1980-31-12"),  # `turned` makes 1980-12-31 of it
        ("", None),
        ("n/a", None),
    ],
)
def test_a_date_is_year_month_and_day_however_it_is_written(con, value, expected):
    born = CompareField("date_of_birth", "date_of_birth")

    assert comparable(con, (born, value)) == [expected]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" O'Brien-Smith ", "o brien smith"),
        ("ÅSA  Müller", "asa muller"),
        ("СЕИТОВА", "сеитова"),
        ("--", None),
    ],
)
def test_a_name_is_letters_without_accents_digits_and_single_blanks(con, value, expected):
    assert comparable(con, (CompareField("last_name", "last_name"), value)) == [expected]


@pytest.mark.parametrize(
    ("value", "expected"), [("SW1A 1AA", "sw1a1aa"), ("050-010", "050010"), ("#", None)]
)
def test_a_code_is_letters_and_digits(con, value, expected):
    assert comparable(con, (CompareField("zip", "postcode"), value)) == [expected]


def test_contact_data_is_compared_by_a_keyed_digest(con):
    field = CompareField("email", "email")

    digest, same = comparable(con, (field, "ann@shop.example"), (field, "Ann@Shop.example"))
    con.execute("set variable contact_salt = 'another'").fetchall()
    (other,) = comparable(con, (field, "ann@shop.example"))
    con.execute("set variable contact_salt = 'salt'").fetchall()

    assert digest == same != other
    assert "ann" not in str(digest)
