"""Failing rows are kept and exported without anybody's data."""

import json
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from c360.reports.checks import build_quality_check
from c360.reports.failing_rows import SAMPLED, count_rows, export_failing
from c360.reports.masking import MASK, masked_columns, masked_select
from c360.reports.one_select import literal_sql


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("'c-123456789012' as customer_id", "c-123456789012"),
        ("'O7' as record_id", "O7"),
        ("'ann@shop.example' as record_id", MASK),
        ("12.5 as amount_usd", "12.5"),
        ("date '2026-01-02' as day", "2026-01-02"),
        ("'paid' as status", "paid"),
        ("'call 0171 2345678 or ann@shop.example' as reason", f"call {MASK} or {MASK}"),
        ("'ann@shop.example' as email", MASK),
        ("'Ann' as first_name", MASK),
        ("date '1980-01-01' as date_of_birth", MASK),  # a guard attribute of the configuration
        ("'abc' as phone_hash", MASK),  # an identifier
        ("'whatever' as note", MASK),  # nobody knows what it means
        ("['ann'] as notes", MASK),
        ("'where is my parcel' as description", MASK),  # free text
        ("'0123456789abcdef' as keyring", "01234567…"),
        ("null as email", None),
    ],
)
def test_a_cell_is_shown_or_masked(built, cell, shown):
    sql = f"select {cell}"
    columns = masked_columns(built.con, sql, built.settings)

    assert built.con.execute(masked_select(sql, columns)).fetchall() == [(shown,)]


def test_of_each_check_the_first_failing_rows_are_kept(built):
    built.con.execute(
        "update gold.customer_360 set marketing_consent = null, segment = null"
    ).fetchall()

    build_quality_check(built)

    kept = built.con.execute(
        "select position, key, cells from ops.failing_row where metric = 'missing_consent_count'"
        " order by position"
    ).fetchall()
    first = built.con.execute("select min(customer_id) from gold.customer_360").fetchall()[0][0]
    assert [position for position, *_ in kept] == list(range(1, SAMPLED + 1))
    assert kept[0][1] == first
    assert json.loads(kept[0][2]) == {
        "customer_id": first,
        "marketing_consent": None,
        "personalization_consent": "true",
    }
    metrics = built.con.execute("select distinct metric from ops.failing_row").fetchall()
    assert {("critical_null_rate",), ("missing_consent_count",)} <= set(metrics)


def test_what_passes_or_informs_keeps_no_rows_unless_some_are_tolerated(built):
    build_quality_check(built)

    assert built.con.execute("select distinct metric from ops.failing_row").fetchall() == [
        ("clickstream_reject_share",)
    ]


def test_all_failing_rows_are_exported_and_no_cell_is_a_formula(built, tmp_path: Path):
    built.con.execute(
        "insert into gold.customer_360 by name select '=cmd' as customer_id, as_of"
        " from gold.customer_360 limit 30"
    ).fetchall()
    build_quality_check(built)

    count = export_failing(built, "missing_consent_count", tmp_path / "rows.csv")

    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert (count, len(lines)) == (30, 31)
    assert set(lines[1:]) == {"'=cmd,,"}


def test_the_rows_of_a_select_are_counted_with_the_first_names():
    with duckdb.connect() as con:
        rows, named = count_rows(con, 'select \'n\' || i as "a ""b""" from range(12) t(i)')

    assert (rows, named) == (12, "n0, n1, n10, n11, n2")


@settings(max_examples=30)
@given(
    st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), min_size=1)
)
def test_a_text_written_as_sql_is_that_text(texts):
    assert duckdb.execute(f"select {literal_sql(texts)}").fetchall() == [(texts,)]
