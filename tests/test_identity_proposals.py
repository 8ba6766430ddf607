"""Who is proposed to people, why, and that increments propose what a full comparison would."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from math import log2
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identity_rows import Row
from probable_rows import PEOPLE as LEARNED_FROM
from probable_rows import (
    Proposed,
    Trained,
    people_settings,
    population,
    propose_rows,
    trained_on_people,
)
from thorough import examples

from c360.errors import C360Error
from c360.warehouse import open_warehouse

PEOPLE = """
a1 elizabeth brown    1984-03-12 almaty    # married, and moved on with another card
a2 elizabeth carter   1984-03-12 almaty
b1 robert    smith    1971-07-30 astana    # goes by a short name
b2 bob       smith    1971-07-30 astana
c1 aigerim   seitov   1990-11-02 taraz     # first and last name exchanged
c2 seitov    aigerim  1990-11-02 taraz
d1 peter     evans    1965-01-19 semey     # moved
d2 peter     evans    1965-01-19 aktobe
e1 susan     garcia   1988-09-05 atyrau    # a slip in the birth date
e2 susan     garcia   1988-09-06 atyrau
f1 katya     omarov   1999-06-21 pavlodar  # twins
f2 dana      omarov   1999-06-21 pavlodar
g1 ivan      petrov   1950-02-14 shymkent  # father and son of one name
g2 ivan      petrov   1979-08-03 shymkent
h1 olga      kim      1977-12-25 almaty    # namesakes who share a day
h2 olga      walker   1952-05-08 semey
i1 henry     lee      1993-04-16 astana    # relatives
i2 margaret  lee      1968-10-10 astana
j1 boris     quinn    1944-05-27 taraz     # nobody else
k1 farida    ismailov 2001-01-31 aktobe
"""
"""Record, first name, last name, date of birth, city."""

SAME = {(f"{letter}1", f"{letter}2") for letter in "abcde"}


def people(text: str = PEOPLE) -> list[dict[str, Any]]:
    """Return the records of a table of people, each with a card of its own."""
    names = ("id", "first_name", "last_name", "date_of_birth", "city")
    rows = [
        dict(zip(names, line.partition("#")[0].split(), strict=True))
        for line in text.strip().splitlines()
    ]
    return [row | {"card": f"card {row['id']}"} for row in rows]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained_on_people(tmp_path_factory)


@pytest.fixture
def con(tmp_path: Path, trained: Trained) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with a model that has learned from other people."""
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        trained.lend(con, tmp_path)
        yield con


def words(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """Return what is said of each pair, by their records; how rare it is and the prior left out."""
    rows = con.execute(
        "select l.record_id, r.record_id,"
        " list(regexp_replace(words, 'same (rare|common) ', 'same ') order by place)"
        " filter (place > 0)"
        " from identity.proposal_weight"
        " join identity.member as l on l.customer_id = customer_id_l and l.to_run is null"
        " join identity.member as r on r.customer_id = customer_id_r and r.to_run is null"
        " group by all"
    ).fetchall()
    return {(min(pair), max(pair)): said for *pair, said in rows}


def test_who_is_likely_one_person_is_proposed_and_relatives_are_not(con, tmp_path):
    proposed = propose_rows(con, tmp_path, people_settings(), people())

    assert proposed.pairs() == SAME


def test_a_proposal_says_why_in_words(con, tmp_path):
    propose_rows(con, tmp_path, people_settings(), people())

    said = words(con)

    assert said["a1", "a2"] == [
        "same first name",
        "different last name, same city",
        "same date of birth",
    ]
    assert said["b1", "b2"] == [
        "similar first name",
        "same last name, same city",
        "same date of birth",
    ]
    assert said["c1", "c2"] == [
        "first and last name exchanged",
        "same last name, same city",
        "same date of birth",
    ]
    assert said["e1", "e2"][2] == "date of birth with one slip"


def test_a_rare_name_that_agrees_weighs_more_than_a_common_one(con, tmp_path):
    known = Counter(row["last_name"] for row in population(LEARNED_FROM))
    (common, most), *_, (rare, least) = [(name, n) for name, n in known.most_common() if n > 1]
    rows = people(f"""
a1 peter {common} 1984-03-12 almaty
a2 peter {common} 1984-03-12 almaty
b1 peter {rare}   1950-01-01 almaty
b2 peter {rare}   1950-01-01 almaty
""")

    propose_rows(con, tmp_path, people_settings(), rows)

    weights = con.execute(
        "select weight from identity.proposal_weight where comparison = 'family_and_home'"
        " order by weight"
    ).fetchall()
    assert weights[1][0] - weights[0][0] == pytest.approx(log2(most / least), abs=1e-3)


def test_the_weights_of_a_pair_add_up_to_its_match_weight(con, tmp_path):
    propose_rows(con, tmp_path, people_settings(), population(60, seed=2))

    rows = con.execute(
        "select sum(weight), any_value(match_weight), any_value(match_probability)"
        " from identity.proposal join identity.proposal_weight using (customer_id_l, customer_id_r)"
        " group by customer_id_l, customer_id_r"
    ).fetchall()
    assert len(rows) > 20
    for weights, match_weight, match_probability in rows:
        assert weights == pytest.approx(match_weight, abs=1e-3)
        assert match_probability == pytest.approx(1 / (1 + 2**-match_weight), abs=1e-4)


def test_a_pair_is_told_once_the_smaller_customer_left(con, tmp_path):
    propose_rows(con, tmp_path, people_settings(), people())

    pairs = con.execute("select customer_id_l, customer_id_r from identity.proposal").fetchall()
    assert all(left < right for left, right in pairs)
    assert len(pairs) == len(set(pairs))


def test_the_order_of_rows_does_not_matter(con, tmp_path, trained):
    (tmp_path / "other").mkdir()
    with open_warehouse(tmp_path / "other" / "c360.duckdb") as other:
        trained.lend(other, tmp_path / "other")

        tables = propose_rows(con, tmp_path, people_settings(), people()).tables()
        turned = propose_rows(other, tmp_path / "other", people_settings(), people()[::-1]).tables()

    assert tables == turned


def test_customers_are_compared_and_not_records(con, tmp_path):
    rows = people("""
a1 elizabeth brown  1984-03-12 almaty
a2 elizabeth brown  1984-03-12 almaty
a3 elizabeth carter 1984-03-12 taraz
""")
    # The two that a card joins have both names and towns of the third between them.
    rows = [
        rows[0] | {"card": "one"},
        rows[2] | {"card": "one", "id": "a2"},
        rows[1] | {"card": "two", "id": "a3"},
    ]

    proposed = propose_rows(con, tmp_path, people_settings(), rows)

    assert proposed.pairs() == {("a1", "a3")}
    assert words(con)["a1", "a3"] == [
        "same first name",
        "same last name, same city",
        "same date of birth",
    ]


def test_a_customer_of_contact_data_alone_is_not_compared(con, tmp_path):
    rows = [{"id": "a", "email": "a@shop.example"}, {"id": "b", "email": "b@shop.example"}]

    proposed = propose_rows(con, tmp_path, people_settings(), rows)

    assert not proposed.tables()["identity.compared_customer"]


def test_the_model_is_used_again(con, tmp_path, trained):
    propose_rows(con, tmp_path, people_settings(), people())

    models = con.execute(
        "select distinct model from identity.proposal union select model from identity.model_level"
    ).fetchall()
    assert models == [(trained.model,)]


def test_other_fields_need_another_model_which_compares_all_customers_anew(con, tmp_path, trained):
    propose_rows(con, tmp_path, people_settings(), people())
    proposed = propose_rows(con, tmp_path, people_settings(fields={"city": "ignore"}), people())

    fields = con.execute("select distinct field from identity.compared_value").fetchall()
    ((model,),) = con.execute("select distinct model from identity.proposal").fetchall()

    assert ("b1", "b2") in proposed.pairs()
    assert ("city",) not in fields
    assert model != trained.model
    assert (tmp_path / "data" / "model" / f"{model}.json").exists()


def test_what_is_not_asked_for_any_more_is_gone(con, tmp_path):
    propose_rows(con, tmp_path, people_settings(), people())

    proposed = propose_rows(con, tmp_path, people_settings(enabled=False), people())

    assert not any(proposed.tables().values())
    assert con.execute("select count(*) > 0 from identity.model_level").fetchall() == [(True,)]


def test_nothing_to_compare_is_an_error_that_names_the_remedy(con, tmp_path):
    with pytest.raises(C360Error, match="no attribute of a source can be compared; name some"):
        propose_rows(con, tmp_path, people_settings(("shoe_size",)), [{"shoe_size": "42"}])


def test_a_blocking_rule_of_what_is_not_compared_is_an_error(con, tmp_path):
    told = people_settings(("city", "shoe_size"), blocking=[["city", "shoe_size"]])

    with pytest.raises(C360Error, match="blocking: shoe_size: not compared"):
        propose_rows(con, tmp_path, told, [{"city": "taraz"}])


def test_what_was_refused_is_told_with_its_numbers(con, tmp_path):
    told = people_settings(blocking=[["city"]], max_pairs=2)
    rows = people() + [row | {"id": f"z{n}", "card": f"z{n}"} for n, row in enumerate(people()[:1])]

    proposed = propose_rows(con, tmp_path, told, rows)

    ((place, rule, pairs, *_, status, reason),) = proposed.tables()["identity.blocking_rule"]
    assert (place, rule, pairs, status) == (1, "city", 0, "refused in part")
    assert "raise max_pairs or name a tighter rule" in reason
    assert not proposed.pairs()


def compared_both_ways(
    con: duckdb.DuckDBPyConnection, folder: Path, told: Any, rows: Sequence[Row]
) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Return the tables after an increment, and after comparing all on a copy of the warehouse."""
    tables = propose_rows(con, folder, told, rows).tables()
    con.execute("checkpoint c360").fetchall()
    copy = folder / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    with open_warehouse(copy / "c360.duckdb") as other:
        full = propose_rows(other, copy, told, rows, is_full=True).tables()
    return tables, full


def test_an_increment_proposes_what_a_full_comparison_would(con, tmp_path):
    told = people_settings()
    propose_rows(con, tmp_path, told, people()[:-4])

    rows = [row for row in people() if row["id"] not in ("d1", "f1")]
    rows[0] = rows[0] | {"last_name": "carter"}
    tables, full = compared_both_ways(con, tmp_path, told, rows)

    assert tables == full


def test_a_block_that_grows_too_large_takes_its_proposals_with_it(con, tmp_path):
    told = people_settings(blocking=[["city"]], max_pairs=6)
    rows = [row | {"city": "taraz"} for row in people()[:4]]
    assert propose_rows(con, tmp_path, told, rows).pairs() == {("a1", "a2"), ("b1", "b2")}

    tables, full = compared_both_ways(
        con, tmp_path, told, [*rows, people()[-1] | {"city": "taraz"}]
    )

    assert tables == full
    assert not tables["identity.proposal"]


def test_a_list_that_outgrows_every_pair_is_compared_by_rules(con, tmp_path):
    told = people_settings(max_pairs=15)
    rows = [*people()[:4], people()[14], people()[15]]
    propose_rows(con, tmp_path, told, rows)

    tables, full = compared_both_ways(con, tmp_path, told, [*rows, people()[-1]])

    assert tables == full
    assert tables["identity.blocking_rule"][0][1] == "date_of_birth"


def cell(*values: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(values))


row = st.fixed_dictionaries(
    {
        "card": cell("c1", "c2", "c3", "c4", "c5", "c6"),
        "email": cell("a@shop.example", "b@shop.example", "c@shop.example"),
        "first_name": cell("robert", "bob", "dana", "peter"),
        "last_name": cell("smith", "smyth", "omarov", "robert"),
        "date_of_birth": cell("1971-07-30", "1971-07-31", "1999-06-21"),
        "city": cell("astana", "almaty"),
    }
)
ids = st.integers(1, 10).map(str)
change = st.tuples(st.dictionaries(ids, row, max_size=3), st.sets(ids, max_size=2))
"""Rows to insert or replace, and records to delete."""


@pytest.mark.slow
@given(
    first=st.dictionaries(ids, row, min_size=2, max_size=10),
    changes=st.lists(change, min_size=1, max_size=2),
    max_pairs=st.sampled_from([3, 8, 1000]),
)
@settings(
    max_examples=examples(2),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_whatever_changes_an_increment_proposes_what_a_full_comparison_would(
    tmp_path_factory, trained, first, changes, max_pairs
):
    folder: Path = tmp_path_factory.mktemp("increments")
    told = people_settings(max_pairs=max_pairs)
    rows = first
    with open_warehouse(folder / "c360.duckdb") as con:
        trained.lend(con, folder)
        propose_rows(con, folder, told, listed(rows))
        for written, deleted in changes:
            rows = {id_: each for id_, each in (rows | written).items() if id_ not in deleted}
            tables, full = compared_both_ways(con, folder, told, listed(rows))

            assert tables == full
            assert Proposed(con).tables() == tables


def listed(rows: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"id": id_} for id_, row in rows.items()]
