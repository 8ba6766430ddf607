import hashlib
from pathlib import Path

import duckdb
import numpy as np
import pytest

from c360.config_file import read_settings
from c360.data.generator import generate
from c360.data.presets import AS_OF
from c360.data.writing import FEEDS, write_feeds
from c360.errors import C360Error
from c360.sources.mapping import columns_of, expressions

SETTINGS = read_settings(Path(__file__).parents[1] / "data" / "turanmart" / "c360.yaml")
FORMATS = ("csv", "parquet")


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def answer(query):
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        return con.execute(query).fetchall()


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize(("customers", "preset"), [(120, "demo"), (300, None)])
def test_the_same_seed_gives_the_same_bytes(tmp_path, file_format, customers, preset):
    for folder in ("once", "again"):
        generate(
            tmp_path / folder,
            customers=customers,
            seed=7,
            file_format=file_format,
            preset=preset,
        )

    assert digests(tmp_path / "once") == digests(tmp_path / "again")


def test_another_seed_gives_other_bytes_in_every_file(tmp_path):
    generate(tmp_path / "one", customers=150, seed=1)
    generate(tmp_path / "two", customers=150, seed=2)

    one, two = digests(tmp_path / "one"), digests(tmp_path / "two")
    assert one.keys() == two.keys()
    assert all(one[name] != two[name] for name in one)


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_feed_has_exactly_the_columns_that_the_configuration_reads(tmp_path, file_format):
    generate(tmp_path, customers=20, file_format=file_format)

    for name, source in SETTINGS.sources.items():
        mapped = set().union(*(columns_of(each) for _, each in expressions(source)))
        found = answer(f"describe from '{tmp_path / name}.{file_format}'")
        assert {column for column, *_ in found} == mapped, name


def test_the_feeds_are_the_configured_sources():
    assert set(FEEDS) == SETTINGS.sources.keys()


def test_csv_and_parquet_say_the_same(tmp_path):
    for file_format in FORMATS:
        generate(tmp_path / file_format, customers=130, file_format=file_format)

    for name in FEEDS:
        left, right = (tmp_path / f / f"{name}.{f}" for f in FORMATS)
        assert answer(f"from '{left}' except all from '{right}'") == []
        assert answer(f"from '{right}' except all from '{left}'") == []


def test_the_truth_names_every_record_with_identifiers_once(tmp_path):
    generate(tmp_path, customers=400)

    truth = answer(f"select source, record_id from '{tmp_path}/truth.csv'")
    records = {
        (name, record_id)
        for name, source in SETTINGS.sources.items()
        if source.identifiers
        for (record_id,) in answer(f"select {source.key} from '{tmp_path}/{name}.csv'")
    }
    assert len(truth) == len(set(truth))
    assert set(truth) == records


def test_everything_happens_before_the_replay_clock(tmp_path):
    assert SETTINGS.as_of == AS_OF
    generate(tmp_path, customers=2000, file_format="parquet")

    for name in FEEDS:
        path = tmp_path / f"{name}.parquet"
        times = [
            column
            for column, type_, *_ in answer(f"describe from '{path}'")
            if type_ == "TIMESTAMP WITH TIME ZONE"
        ]
        assert times
        for column in times:
            after = answer(
                f"select count(*) from '{path}' where {column} >= '2026-01-15T12:00:00Z'"
            )
            assert after == [(0,)], (name, column)


def test_the_clock_of_a_csv_is_utc_and_says_so(tmp_path):
    generate(tmp_path, customers=120)

    texts = answer(f"select ordered_at from read_csv('{tmp_path}/orders.csv', all_varchar = true)")
    assert all(text.endswith("Z") and text[10] == "T" for (text,) in texts)


def test_the_same_feed_in_the_other_format_is_removed(tmp_path):
    generate(tmp_path, customers=5, file_format="csv")

    paths = generate(tmp_path, customers=5, file_format="parquet")

    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_a_sample_that_cannot_be_finished_leaves_the_last_one_as_it_was(tmp_path):
    generate(tmp_path, customers=5)
    before = digests(tmp_path)

    with pytest.raises(duckdb.Error):
        write_feeds(tmp_path, {"customers": {"contact": np.arange(3)}}, "csv")

    assert digests(tmp_path) == before


@pytest.mark.parametrize("preset", ["demo", None])
@pytest.mark.parametrize("customers", [1, 2, 3, 10])
def test_small_samples_hold_all_feeds(tmp_path, customers, preset):
    generate(tmp_path, customers=customers, preset=preset)

    known = answer(
        f"select count(distinct person) from '{tmp_path}/truth.csv'"
        " where source in ('customers', 'loyalty_accounts')"
    )
    assert known == [(customers,)]


def test_sizes_grow_with_the_customers(tmp_path):
    for customers in (1_000, 4_000):
        generate(tmp_path / str(customers), customers=customers, file_format="parquet")

    for name in FEEDS:
        small, large = (
            answer(f"select count(*) from '{tmp_path}/{customers}/{name}.parquet'")[0][0]
            for customers in (1_000, 4_000)
        )
        assert large / small == pytest.approx(4, rel=0.2), name


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"customers": 0}, "at least 1 customer"),
        ({"customers": 5, "seed": -1}, "must not be negative"),
        ({"customers": 5, "preset": "huge"}, "known: demo, shop"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(tmp_path, wrong, message):
    with pytest.raises(C360Error, match=message):
        generate(tmp_path, **wrong)

    assert list(tmp_path.iterdir()) == []
