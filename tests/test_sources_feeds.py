import gzip
import os
from typing import Any

import duckdb
import pytest
from sources_shop import SHOP, land_shop, problems, write

CSV = "order_id,ordered_at,amount\no1,2026-01-01,1.00\n"


def test_a_path_without_a_file_is_named(tmp_path):
    assert problems(tmp_path) == [
        f"sources.shop.path: no file matches data/raw/shop.* in {tmp_path}; put the feed there or"
        " mend the path (the files of the sample are made by `c360 generate`)"
    ]


def test_a_folder_is_no_feed(tmp_path):
    write(tmp_path, "shop.csv", CSV)

    assert problems(tmp_path, path="data/raw/") == [
        "sources.shop.path: data/raw/ is a folder; name the files in it, as data/raw/*.csv"
    ]


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("shop.csv", b"", "is empty (0 bytes); fetch the feed again"),
        ("shop.csv", b"order_id,ordered_at,amount\n", "has no rows; fetch the feed again"),
        ("shop.csv", b"\n", "begins with a blank line; the first line must name the columns"),
        (
            "shop.csv.gz",
            gzip.compress(b"", mtime=0),
            "is empty; the first line must name the columns",
        ),
        ("shop.jsonl", b"\n\n", "has no rows; fetch the feed again"),
        ("shop.csv.gz", CSV.encode(), "is not a gzip file; name it without .gz"),
        (
            "shop.csv",
            gzip.compress(CSV.encode(), mtime=0),
            "is a gzip file; name it with .gz at the end",
        ),
        (
            "shop.csv.gz",
            gzip.compress(os.urandom(3000).hex().encode())[:1000],
            "is a damaged gzip file (Compressed file ended before the end-of-stream marker was"
            " reached); fetch it again",
        ),
        ("shop.csv", "größe\n".encode("latin-1"), "is not UTF-8 text; save it as UTF-8"),
        ("shop.csv", CSV.encode("utf-16"), "is not UTF-8 text; save it as UTF-8"),
        (
            "shop.json",
            b'[{"order_id": "o1"},\n {"order_id": "o2"}]\n',
            "is a JSON array; write one object a line, as `jq -c '.[]'` does",
        ),
        (
            "shop.dat",
            CSV.encode(),
            "does not tell its format by its name;"
            " set sources.shop.format to csv, jsonl or parquet",
        ),
        ("shop.csv", b"order_id,,amount\n1,2,3\n", "column 2 has no name; name it in the header"),
        (
            "shop.csv",
            b"order_id,ordered_at,Amount,amount\n1,2,3,4\n",
            "has the column 'Amount' and 'amount' twice (upper and lower case are the same);"
            " rename one",
        ),
        (
            "shop.csv",
            b"order_id,ordered_at,amount,_file\n1,2,3,4\n",
            "has a column '_file': that name is kept for what landing adds (_source, _batch_id,"
            " _file, _row_number, _ingested_at, _row_hash, _raw, file_row_number); rename it",
        ),
    ],
)
def test_a_feed_that_cannot_be_landed_says_why_and_what_to_do(tmp_path, name, data, problem):
    write(tmp_path, name, data)

    (found,) = problems(tmp_path)

    assert found.removeprefix(f"sources.shop: data/raw/{name}").lstrip(" :") == problem


def test_a_gzip_file_that_was_cut_off_is_refused(tmp_path):
    rows = "".join(f"o{number},2026-01-01,{number}.00\n" for number in range(9999))
    packed = gzip.compress((CSV + rows).encode())
    write(tmp_path, "shop.csv.gz", packed[:-200])

    (problem,) = problems(tmp_path)

    assert problem.startswith("sources.shop: data/raw/shop.csv.gz is a damaged gzip file")


def test_a_file_that_is_no_parquet_is_refused(tmp_path):
    write(tmp_path, "shop.parquet", CSV)

    (problem,) = problems(tmp_path)

    assert problem.startswith("sources.shop: data/raw/shop.parquet cannot be read as parquet: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path):
    write(tmp_path, "shop.csv", CSV).chmod(0)

    assert problems(tmp_path) == [
        "sources.shop: data/raw/shop.csv cannot be read: Permission denied"
    ]


def test_a_parquet_file_without_rows_is_refused(tmp_path):
    path = write(tmp_path, "shop.parquet", b"")
    duckdb.execute(
        "copy (select 'o1' as order_id, date '2026-01-01' as ordered_at, 1 as amount where false)"
        f" to '{path}' (format parquet)"
    ).fetchall()

    assert problems(tmp_path) == [
        "sources.shop: data/raw/shop.parquet has no rows; fetch the feed again"
    ]


def test_one_file_without_rows_among_others_is_a_quiet_day(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    write(tmp_path, "shop-2.csv", CSV.splitlines()[0])

    assert land_shop(tmp_path, path="data/raw/shop-*.csv").landed == 1


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("key", {"key": "orderid"}),
        ("event_time", {"event_time": "orderid"}),
        ("identifiers.card", {"identifiers": {"card": "orderid"}}),
        ("attributes.city", {"attributes": {"city": "orderid"}}),
        ("select.status", {"select": {"status": "upper(orderid)"}}),
        ("privacy", {"privacy": {"orderid": "pii"}}),
        ("collapse.ordered_at", {"collapse": {"ordered_at": "min(orderid)"}, "select": {}}),
    ],
)
def test_a_column_that_the_feed_lacks_is_named_with_the_key_that_asks_for_it(
    tmp_path, key, changes
):
    write(tmp_path, "shop.csv", CSV)

    assert problems(tmp_path, **changes) == [
        "sources.shop: data/raw/shop.csv has no column 'orderid' (it has order_id, ordered_at,"
        f" amount); did you mean 'order_id'?; mend the feed or sources.shop.{key} in c360.yaml"
    ]


def test_a_column_is_asked_of_every_file(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    write(tmp_path, "shop-2.csv", "order_id,ordered_at\no2,2026-01-01\n")

    (problem,) = problems(tmp_path, path="data/raw/shop-*.csv")

    assert problem.startswith("sources.shop: data/raw/shop-2.csv has no column 'amount'")


def test_a_column_that_is_asked_for_later_is_asked_of_landed_files_too(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path)

    (problem,) = problems(tmp_path, identifiers={"card": "card_id"})

    assert problem.startswith("sources.shop: data/raw/shop.csv has no column 'card_id'")


def test_lines_of_json_may_leave_a_column_out_but_not_all_of_them(tmp_path):
    write(tmp_path, "shop-1.jsonl", '{"order_id": 1, "ordered_at": "2026-01-01"}\n')
    files: dict[str, Any] = {"path": "data/raw/shop-*.jsonl"}

    (problem,) = problems(tmp_path, **files)
    write(tmp_path, "shop-2.jsonl", '{"order_id": 2, "ordered_at": "2026-01-01", "amount": 1}\n')

    assert problem.startswith("sources.shop: data/raw/shop-*.jsonl has no column 'amount'")
    assert land_shop(tmp_path, **files).landed == 2


def test_an_expression_that_cannot_be_computed_from_the_feed_is_named(tmp_path):
    write(tmp_path, "shop.csv", CSV)

    (problem,) = problems(tmp_path, select={"amount_usd": "amount", "status": "uper(amount)"})

    assert problem.startswith("sources.shop.select.status: UPER(amount) cannot be computed: ")


def test_what_is_read_of_collapsed_rows_must_be_in_them(tmp_path):
    write(tmp_path, "shop.csv", CSV)

    with pytest.raises(
        Exception,
        match="sources.shop.select.amount_usd: the collapsed rows have no"
        r" column 'amount' \(they have order_id, ordered_at\); add it to",
    ):
        land_shop(tmp_path, collapse={"ordered_at": "min(ordered_at)"})


def test_a_feed_of_which_no_row_can_be_landed_is_refused_and_its_rejects_shown(tmp_path):
    write(tmp_path, "shop.csv", CSV.replace("2026-01-01", "never") + "o2\no3,,\no4,,\n")

    assert problems(tmp_path) == [
        "sources.shop: no row of data/raw/shop.csv could be landed; 4 rejected, first"
        " data/raw/shop.csv row 1: ordered_at = 'never' is not a time (event_time: TIMESTAMP);"
        " data/raw/shop.csv row 2: has 1 columns, not 3;"
        " data/raw/shop.csv row 3: event_time (ordered_at) is missing"
        " (all are in data/rejects/shop.csv)"
    ]
    assert len((tmp_path / "data" / "rejects" / "shop.csv").read_text().splitlines()) == 5


def test_all_problems_of_all_sources_are_told_at_once(tmp_path):
    write(tmp_path, "shop.csv", CSV.replace("amount", "price"))
    others = {name: {**SHOP, "path": f"data/raw/{name}.csv"} for name in ("stock", "web")}
    write(tmp_path, "web.csv", b"")

    assert [problem.partition(" ")[0] for problem in problems(tmp_path, others=others)] == [
        "sources.shop:",
        "sources.stock.path:",
        "sources.web:",
    ]
