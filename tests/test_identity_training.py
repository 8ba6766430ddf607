"""A model without labels: what it learns, that it is the same each time, what it never holds."""

import json
import math
import shutil
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_rows import Row
from probable_rows import (
    PEOPLE,
    Trained,
    people_settings,
    population,
    propose_rows,
    trained_on_people,
)

from c360.errors import C360Error
from c360.identity.probabilistic.model import read_model, read_term_frequencies
from c360.identity.probabilistic.prior import LEAST_PART, estimate_prior, without_matches
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

RECORDS = len(population(PEOPLE))
MATCHES = RECORDS - PEOPLE
FEW = population(40)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return trained_on_people(tmp_path_factory)


def content(folder: Path) -> dict[str, bytes]:
    """Return the files of models by name."""
    return {path.name: path.read_bytes() for path in (folder / "data" / "model").iterdir()}


def model_of(folder: Path, rows: Sequence[Row], *, threads: int) -> dict[str, bytes]:
    """Return the files of a model that is trained on rows."""
    folder.mkdir()
    (folder / ".c360.key").write_text("a key of some length")
    with open_warehouse(folder / "c360.duckdb") as con:
        con.execute(f"set threads = {threads}")
        propose_rows(con, folder, people_settings(), rows)
    return content(folder)


def test_the_same_data_in_another_order_train_the_same_model_to_the_last_byte(tmp_path):
    model = model_of(tmp_path / "one", FEW, threads=2)
    other = model_of(tmp_path / "other", FEW[::-1], threads=1)

    assert len(model) == 2
    assert model == other


def test_a_model_is_named_by_its_content(trained):
    (path,) = (trained.folder / "data" / "model").glob("*.json")

    assert path.stem == trained.model
    assert read_model(Workspace(trained.folder), trained.model).content == json.loads(
        path.read_text()
    )


def test_chance_is_learned_from_pairs_that_do_not_match(trained):
    rows = population(PEOPLE)
    days = {row["id"][1:]: row["date_of_birth"] for row in rows}
    by_chance = sum(days[a] == days[b] for a, b in combinations(days, 2))

    _, u = trained.level("date_of_birth", "same date of birth")

    # The matches in the sample are more than a hundred times as many.
    assert u <= 3 * max(by_chance, 1) / (PEOPLE * (PEOPLE - 1) / 2)


def test_matches_are_learned_without_labels(trained):
    m, _ = trained.level("date_of_birth", "same date of birth")
    different, _ = trained.level("date_of_birth", "different date of birth")

    # One in ten second records has another last digit, which may be the same one.
    assert 0.88 <= m <= 0.98
    assert different < 0.01


def test_the_prior_is_the_share_of_pairs_that_are_planted(trained):
    model = read_model(Workspace(trained.folder), trained.model)

    pairs = RECORDS * (RECORDS - 1) / 2
    assert float(model.content["prior"]) * pairs == pytest.approx(MATCHES, rel=0.1)


def test_what_levels_weigh_is_told_in_bits(trained):
    for row in trained.levels:
        m, u, weight = row[5:]
        assert weight == pytest.approx(math.log2(m / u), abs=1e-4)


@pytest.mark.parametrize("records", [0, 1])
def test_of_less_than_two_records_nothing_is_learned_and_nothing_proposed(tmp_path, records):
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        proposed = propose_rows(con, tmp_path, people_settings(), FEW[:records])

        assert not any(proposed.tables().values())
        assert con.execute("from identity.model_level").fetchall() == []


@pytest.mark.parametrize(
    "rows",
    [
        [{"city": "taraz"}, {"first_name": "ann"}],
        [{"first_name": "ann", "last_name": "lee", "city": "taraz"} for _ in range(4)],
    ],
    ids=["nothing in common", "all alike"],
)
def test_a_list_that_teaches_little_does_no_harm(tmp_path, rows):
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        propose_rows(con, tmp_path, people_settings(), rows)

        weights = con.execute("select weight from identity.model_level").fetchall()
        assert weights
        assert all(math.isfinite(weight) for (weight,) in weights)


def test_what_neither_matches_nor_chance_have_shown_says_nothing(trained):
    # Everybody in `population` has a last name.
    m, u = trained.level("family_and_home", "last name unknown, another home")

    assert m <= u


def test_a_model_file_that_was_changed_by_hand_is_refused(tmp_path, trained):
    shutil.copytree(trained.folder / "data", tmp_path / "data")
    path = tmp_path / "data" / "model" / f"{trained.model}.json"
    tree = json.loads(path.read_text())
    path.write_text(json.dumps(tree | {"prior": 0.5}))

    with pytest.raises(C360Error, match=r"was changed since .* `c360 train`"):
        read_model(Workspace(tmp_path), trained.model)


@pytest.mark.parametrize("text", [None, "{", "[]"])
def test_a_model_file_that_is_gone_or_broken_is_named_with_the_remedy(tmp_path, text):
    if text is not None:
        (tmp_path / "data" / "model").mkdir(parents=True)
        (tmp_path / "data" / "model" / "m_1.json").write_text(text)

    with pytest.raises(C360Error, match=r"m_1.json: .* train another by `c360 train`"):
        read_model(Workspace(tmp_path), "m_1")


def test_term_frequencies_that_are_gone_are_named_with_the_remedy(tmp_path):
    with (
        open_warehouse(tmp_path / "c360.duckdb") as con,
        pytest.raises(C360Error, match=r"m_1_tf.parquet: .* train another model by `c360 train`"),
    ):
        read_term_frequencies(con, Workspace(tmp_path), "m_1")


def test_term_frequencies_that_were_changed_by_hand_are_refused(tmp_path, trained):
    shutil.copytree(trained.folder / "data", tmp_path / "data")
    path = tmp_path / "data" / "model" / f"{trained.model}_tf.parquet"
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        con.execute("create temp table told as from read_parquet($path)", {"path": str(path)})
        con.execute(f"copy (select * replace (0.5 as frequency) from told) to '{path}'")

        with pytest.raises(C360Error, match=r"was changed since .* `c360 train`"):
            read_term_frequencies(con, Workspace(tmp_path), trained.model)


def test_no_contact_data_leaves_the_warehouse_with_a_model(tmp_path):
    families = [
        {"email": email, "phone": phone, "last_name": name, "first_name": first, "card": first}
        for email, phone, name, firsts in (
            ("ann@planted.example", "77011234567", "lee", ("ann", "art")),
            ("bob@planted.example", "77017654321", "roy", ("bob", "bea")),
        )
        for first in firsts
    ]
    told = people_settings(("first_name", "last_name", "phone"))
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        proposed = propose_rows(con, tmp_path, told, families)

        planted = {row[key] for row in families for key in ("email", "phone")}
        digests = {
            _text(con, f"md5('{kind}' || chr(31) || '{value}')")
            for kind, value in (
                ("email", "ann@planted.example"),
                ("phone", "77011234567"),
            )
        }
        model = content(tmp_path)
        frequent = _text(
            con,
            "string_agg(value, ' ') from read_parquet('data/model/*.parquet')"
            " where field in ('email', 'phone')",
        )
        held = repr(proposed.tables())

    assert frequent
    for value in planted | digests:
        assert value not in frequent
        assert value not in held
        assert all(value.encode() not in text for text in model.values())


def _text(con, expression):
    return str(con.execute(f"select {expression}").fetchall()[0][0]).replace("-", "")


weights = st.lists(
    st.tuples(st.floats(-20, 20), st.integers(1, 50).map(float)), min_size=1, max_size=8
)


@given(weights=weights, others=st.integers(0, 500), start=st.floats(0.0, 0.5))
@settings(max_examples=100)
def test_no_other_prior_explains_the_weights_better(weights, others, start):
    pairs = sum(n for _, n in weights) + others

    found = estimate_prior(weights, pairs, start)

    grid = [10 ** (-step / 20) / 2 for step in range(140)]
    allowed = [prior for prior in grid if prior >= 1 / (10 * pairs)]
    best = max(_likelihood(prior, weights, pairs) for prior in allowed)
    assert _likelihood(found, weights, pairs) >= best - 1e-2


def _likelihood(prior: float, weights: Sequence[tuple[float, float]], pairs: float) -> float:
    """Return the log likelihood of a mixture of matches and others."""
    compared = math.fsum(n * math.log(prior * 2**w + 1 - prior) for w, n in weights)
    return compared + (pairs - sum(n for _, n in weights)) * math.log1p(-prior)


def test_without_pairs_the_prior_is_what_is_known():
    assert estimate_prior([], 0, 0.25) == 0.25


@given(u=st.floats(0.001, 1), m=st.floats(0.001, 1), prior=st.floats(0, 0.5))
def test_chance_is_what_a_sample_shows_without_its_matches(u, m, prior):
    sampled = prior * m + (1 - prior) * u

    assert without_matches(sampled, m, prior) == pytest.approx(max(u, sampled / LEAST_PART))


def test_matches_are_learned_from_those_who_share_a_name_and_from_those_who_share_a_day(trained):
    model = read_model(Workspace(trained.folder), trained.model)

    assert model.content["rounds"] == ["first_name + last_name", "date_of_birth"]


def test_an_attribute_may_be_named_by_any_word(tmp_path):
    names = ("order", "unique_id", "value_city", "city_l", "match_weight")
    rows = [{**row, **dict.fromkeys(names, row["city"])} for row in FEW]
    told = people_settings(("first_name", "city", *names), fields=dict.fromkeys(names, "exact"))

    with open_warehouse(tmp_path / "c360.duckdb") as con:
        propose_rows(con, tmp_path, told, rows)

        found = con.execute("select distinct comparison from identity.model_level").fetchall()
    assert {name for (name,) in found} >= set(names)
