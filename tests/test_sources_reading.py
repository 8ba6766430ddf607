import gzip
import hashlib
from pathlib import Path

import duckdb
import pytest
from sources_shop import land_shop, orders, query, write

CSV = """\
order_id,ordered_at,amount
o1,2026-01-01,10.5
o2,2026-01-02,
"""
JSONL = """\
{"order_id": "o1", "ordered_at": "2026-01-01", "amount": 10.5}
{"order_id": "o2", "ordered_at": "2026-01-02", "amount": null}
"""


def md5(text: bytes) -> str:
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def parquet(path: Path, select: str) -> Path:
    """Write a Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    duckdb.execute(f"copy ({select}) to '{path}' (format parquet)").fetchall()
    return path


@pytest.mark.parametrize("is_gzip", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("shop.csv", CSV),
        ("shop.tsv", CSV.replace(",", "\t")),
        ("shop.csv", CSV.replace(",", ";")),
        ("shop.csv", CSV.replace(",", "|")),
        ("shop.csv", "\ufeff" + CSV),
        ("shop.csv", CSV.replace("\n", "\r\n")),
        ("shop.csv", CSV.replace("\n", "\r")),
        ("shop.csv", CSV.replace("o1", "\no1")),  # a blank line is no row
        ("shop.csv", CSV.replace("o2,", '"o2",').rstrip("\n")),
        ("shop.csv", CSV.replace("o2", "o2", 1).replace("10.5\n", "10.5\r\n")),  # mixed line ends
        ("shop.jsonl", JSONL),
        ("shop.ndjson", "\ufeff" + JSONL.replace("\n", "\r\n")),
        ("shop.json", JSONL.replace(', "amount": null', "")),  # JSON leaves out what is null
        ("shop.jsonl", JSONL.replace("10.5", '"10.5"')),
    ],
)
def test_the_same_rows_in_any_text_format_are_the_same_bronze_rows(tmp_path, name, text, is_gzip):
    data = gzip.compress(text.encode()) if is_gzip else text.encode()
    write(tmp_path, name + ".gz" * is_gzip, data)

    land_shop(tmp_path)

    assert query(
        tmp_path,
        "select order_id, ordered_at, amount, _row_number, _row_hash from bronze.shop order by all",
    ) == [
        (
            "o1",
            "2026-01-01",
            "10.5",
            1,
            md5(b"amount=10.5\x1forder_id=o1\x1fordered_at=2026-01-01"),
        ),
        ("o2", "2026-01-02", None, 2, md5(b"order_id=o2\x1fordered_at=2026-01-02")),
    ]


def test_the_same_rows_in_parquet_are_the_same_bronze_rows(tmp_path):
    texts, typed = tmp_path / "texts", tmp_path / "typed"
    write(texts, "shop.csv", CSV)
    parquet(
        typed / "data" / "raw" / "shop.parquet",
        "from (values ('o1', date '2026-01-01', 10.5), ('o2', date '2026-01-02', null))"
        " t(order_id, ordered_at, amount)",
    )

    land_shop(texts)
    land_shop(typed)

    rows = "select order_id, amount::varchar, _row_number, _row_hash from bronze.shop order by all"
    assert query(typed, rows) == query(texts, rows)


def test_parquet_keeps_its_types(tmp_path):
    parquet(
        tmp_path / "data" / "raw" / "shop.parquet",
        "select 7 as order_id, timestamp '2026-01-01 10:00' as ordered_at, 10.5::float as amount",
    )

    land_shop(tmp_path)

    types = query(tmp_path, "select column_type from (describe bronze.shop) limit 3")
    assert types == [("INTEGER",), ("TIMESTAMP",), ("FLOAT",)]


def test_a_quoted_value_may_hold_line_ends_delimiters_and_quotes(tmp_path):
    write(tmp_path, "shop.csv", b'order_id,ordered_at,note\no1,2026-01-01,"a\r\n,""b"""\n')

    land_shop(tmp_path, select={})

    assert query(tmp_path, "select note, _row_number from bronze.shop") == [('a\r\n,"b"', 1)]


def test_json_keeps_nested_values_as_json(tmp_path):
    write(
        tmp_path, "shop.jsonl", '{"order_id": 1, "ordered_at": "2026-01-01", "tags": ["a", {}]}\n'
    )

    land_shop(tmp_path, select={})

    assert query(tmp_path, "select order_id, tags from bronze.shop") == [("1", '["a",{}]')]


def test_the_row_hash_tells_null_from_empty(tmp_path):
    write(
        tmp_path,
        "shop.jsonl",
        """
        {"order_id": "o1", "ordered_at": "2026-01-01", "amount": ""}
        {"order_id": "o1", "ordered_at": "2026-01-01", "amount": null}
        """,
    )

    land_shop(tmp_path, update="upsert")

    assert query(tmp_path, "select count(distinct _row_hash) from bronze.shop") == [(2,)]


def test_the_format_of_the_configuration_is_stronger_than_the_name(tmp_path):
    write(tmp_path, "shop.txt", CSV)

    assert land_shop(tmp_path, format="csv").landed == 2


def test_a_glob_takes_all_its_files(tmp_path):
    write(tmp_path, "2025/shop.csv", CSV)
    write(tmp_path, "2026/shop.jsonl.gz", gzip.compress(JSONL.replace("o1", "o3").encode()))

    landed = land_shop(tmp_path, path="data/raw/*/shop.*", update="upsert")

    assert (landed.files, landed.read) == (2, 4)
    assert [order_id for order_id, _ in orders(tmp_path)] == ["o1", "o2", "o3"]


def test_a_files_name_may_hold_the_signs_of_a_pattern(tmp_path):
    write(tmp_path, "shop [1].csv", CSV)

    assert land_shop(tmp_path, path="data/raw/shop [1].csv").landed == 2


def test_a_column_may_be_any_word(tmp_path):
    write(tmp_path, "shop.csv", 'order,group,"say ""x"", it\'s"\no1,2026-01-01,3\n')

    land_shop(
        tmp_path, key="order", event_time="group", select={"amount_usd": '"say ""x"", it\'s"'}
    )

    names = query(tmp_path, "select column_name from (describe bronze.shop) limit 3")
    assert names == [("order",), ("group",), ('say "x", it\'s',)]


def test_a_constant_of_the_configuration_is_no_column(tmp_path):
    write(tmp_path, "shop.csv", CSV)

    landed = land_shop(tmp_path, select={"status": "'paid'"}, attributes={"is_known": "true"})

    assert landed.landed == 2


def test_files_of_one_source_may_differ_in_columns_and_types(tmp_path):
    folder = tmp_path / "data" / "raw"
    write(tmp_path, "shop-1.csv", CSV)
    parquet(
        folder / "shop-2.parquet",
        "select 'o3' as order_id, date '2026-01-03' as ordered_at, 3 as amount, 'new' as note",
    )
    parquet(
        folder / "shop-3.parquet",
        "select 4 as ORDER_ID, timestamp '2026-01-04 10:00' as ordered_at, 4.5::double as amount",
    )

    land_shop(tmp_path, path="data/raw/shop-*")

    assert query(
        tmp_path, "select order_id, ordered_at, amount, note from bronze.shop order by order_id"
    ) == [
        ("4", "2026-01-04 10:00:00", "4.5", None),
        ("o1", "2026-01-01", "10.5", None),
        ("o2", "2026-01-02", None, None),
        ("o3", "2026-01-03", "3", "new"),
    ]


def test_numbers_of_different_types_stay_numbers(tmp_path):
    select = "select 'o{0}' as order_id, date '2026-01-0{0}' as ordered_at, {1} as amount"
    for number, amount in enumerate(("1", "2.5::decimal(4, 1)"), start=1):
        parquet(tmp_path / "data" / "raw" / f"shop-{number}.parquet", select.format(number, amount))

    land_shop(tmp_path, path="data/raw/shop-*")

    assert query(tmp_path, "select distinct typeof(amount) from bronze.shop") == [
        ("DECIMAL(11,1)",)
    ]
