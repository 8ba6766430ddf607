import shutil
from datetime import datetime

import pytest
from sources_shop import NOON, SHOP, land_shop, orders, problems, query, write

from c360.errors import ConfigurationError
from c360.sources.landing import Landed

CSV = """
order_id,ordered_at,amount
o1,2026-01-01,10.00
o2,2026-01-02,20.00
"""


def batches(folder):
    return sorted(path.name for path in (folder / "data" / "bronze" / "shop").iterdir())


def test_a_row_is_landed_with_where_it_came_from(tmp_path):
    write(tmp_path, "shop.csv", CSV)

    land_shop(tmp_path)

    columns = "order_id, _source, _file, _row_number, _ingested_at"
    assert query(tmp_path, f"select {columns} from bronze.shop order by all") == [
        ("o1", "shop", "data/raw/shop.csv", 1, NOON),
        ("o2", "shop", "data/raw/shop.csv", 2, NOON),
    ]
    assert query(tmp_path, "select distinct _batch_id || '.parquet' from bronze.shop") == [
        (name,) for name in batches(tmp_path)
    ]


def test_a_feed_is_landed_once(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    first = land_shop(tmp_path)
    before = orders(tmp_path), batches(tmp_path)

    again = land_shop(tmp_path, as_of=datetime(2026, 1, 16))

    assert first == Landed("shop", files=1, read=2, landed=2, rejected=0, skipped=0)
    assert again == Landed("shop", files=1, read=0, landed=0, rejected=0, skipped=1)
    assert (orders(tmp_path), batches(tmp_path)) == before


def test_the_same_content_under_two_names_is_landed_once(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    write(tmp_path, "shop-2.csv", CSV)

    landed = land_shop(tmp_path, path="data/raw/shop-*.csv")

    assert (landed.files, landed.read, landed.skipped) == (2, 2, 1)
    assert query(tmp_path, "select distinct _file from bronze.shop") == [("data/raw/shop-1.csv",)]


def test_a_renamed_feed_is_not_landed_again(tmp_path):
    feed = write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path)
    feed.rename(feed.with_name("shop.backup.csv"))

    assert land_shop(tmp_path).skipped == 1


def test_only_a_new_feed_is_read(tmp_path):
    write(tmp_path, "shop-1.csv", CSV)
    land_shop(tmp_path, path="data/raw/shop-*.csv")
    write(tmp_path, "shop-2.csv", "order_id,ordered_at,amount\no3,2026-01-03,30.00\n")

    landed = land_shop(tmp_path, path="data/raw/shop-*.csv")

    assert (landed.files, landed.read, landed.skipped) == (2, 1, 1)
    assert orders(tmp_path) == [("o1", "10.00"), ("o2", "20.00"), ("o3", "30.00")]


def test_a_feed_that_is_no_longer_there_stays_landed(tmp_path):
    write(tmp_path, "shop-1.csv", CSV).rename(tmp_path / "data" / "raw" / "shop-1.csv")
    land_shop(tmp_path, path="data/raw/shop-*.csv")
    (tmp_path / "data" / "raw" / "shop-1.csv").unlink()
    write(tmp_path, "shop-2.csv", "order_id,ordered_at,amount\no3,2026-01-03,30.00\n")

    land_shop(tmp_path, path="data/raw/shop-*.csv")

    assert [order_id for order_id, _ in orders(tmp_path)] == ["o1", "o2", "o3"]


def test_read_is_landed_and_rejected(tmp_path):
    write(
        tmp_path,
        "shop.csv",
        """
        order_id,ordered_at,amount
        o1,2026-01-01,10.00
        ,2026-01-02,20.00
        o3,2026-01-03
        o4,2026-01-04,40.00
        """,
    )

    landed = land_shop(tmp_path)

    assert (landed.read, landed.landed, landed.rejected) == (4, 2, 2)
    assert query(tmp_path, "select rows_read, rows_landed, rows_rejected from ops.load") == [
        (4, 2, 2)
    ]
    assert query(tmp_path, "select count(*) from bronze.shop") == [(2,)]
    assert query(tmp_path, "select count(*) from ops.reject") == [(2,)]


def test_under_another_contract_a_feed_is_landed_again(tmp_path):
    write(tmp_path, "shop.csv", CSV.replace("10.00", "ten"))
    first = land_shop(tmp_path)

    again = land_shop(tmp_path, select={})

    assert (first.landed, again.landed) == (1, 2)
    assert orders(tmp_path) == [("o1", "ten"), ("o2", "20.00")]
    assert query(tmp_path, "select run, retired_in_run from ops.load order by run") == [
        (1, 2),
        (2, None),
    ]
    assert query(tmp_path, "select count(*) from ops.reject") == [(0,)]
    assert len(batches(tmp_path)) == 2


def test_a_change_that_rejects_nothing_lands_nothing_again(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path)

    landed = land_shop(tmp_path, owner="another team", attributes={"city": "amount"})

    assert landed.skipped == 1


def test_a_landed_row_whose_feed_is_gone_is_judged_by_the_new_contract(tmp_path):
    feed = write(tmp_path, "shop.csv", CSV.replace("10.00", "ten") + "o3,,\n")
    land_shop(tmp_path, select={})
    feed.write_text("order_id,ordered_at,amount\no4,2026-01-04,40.00\n")
    land_shop(tmp_path, select={}, as_of=datetime(2026, 1, 16))

    land_shop(tmp_path, as_of=datetime(2026, 1, 17))

    assert orders(tmp_path) == [("o2", "20.00"), ("o4", "40.00")]
    assert query(tmp_path, "select row_number, reason from ops.reject order by all") == [
        (1, "amount = 'ten' is not an amount (select.amount_usd: DECIMAL(18,2))"),
        (3, "event_time (ordered_at) is missing"),
    ]
    assert query(
        tmp_path,
        "select rows_read, rows_landed, rows_rejected, landed_at from ops.load"
        " where retired_in_run is null order by all",
    ) == [(1, 1, 0, datetime(2026, 1, 17)), (3, 1, 2, NOON)]


def test_a_batch_that_was_deleted_is_landed_again(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path)
    shutil.rmtree(tmp_path / "data" / "bronze")

    assert land_shop(tmp_path).landed == 2
    assert len(orders(tmp_path)) == 2


def test_a_batch_that_was_deleted_and_its_feed_are_asked_for(tmp_path):
    feed = write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path)
    (batch,) = batches(tmp_path)
    shutil.rmtree(tmp_path / "data" / "bronze")
    feed.write_text("order_id,ordered_at,amount\no4,2026-01-04,40.00\n")

    assert problems(tmp_path) == [
        f"sources.shop: data/bronze/shop/{batch} is gone, and data/raw/shop.csv that it was made of"
        " has changed or gone too; put one of them back"
    ]


def test_a_workspace_can_be_moved(tmp_path):
    write(tmp_path / "here", "shop.csv", CSV)
    land_shop(tmp_path / "here", update="upsert")
    (tmp_path / "here").rename(tmp_path / "there")

    assert orders(tmp_path / "there") == [("o1", "10.00"), ("o2", "20.00")]
    assert land_shop(tmp_path / "there", update="upsert").skipped == 1


def test_a_failed_run_leaves_nothing_behind(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    write(tmp_path, "stock.csv", "nothing\n1\n")
    stock = {"stock": {**SHOP, "path": "data/raw/stock.csv"}}

    assert len(problems(tmp_path, others=stock)) == 3

    assert batches(tmp_path) == []
    assert (
        query(
            tmp_path,
            "select table_schema from information_schema.tables where table_schema = 'bronze'",
        )
        == []
    )


def test_a_failed_run_leaves_what_was_landed_before(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path)
    write(tmp_path, "shop-2.csv", "order_id\no3\n")

    problems(tmp_path, path="data/raw/shop*.csv")

    assert orders(tmp_path) == [("o1", "10.00"), ("o2", "20.00")]


def test_the_views_of_a_source_that_is_no_longer_configured_go(tmp_path):
    write(tmp_path, "shop.csv", CSV)
    land_shop(tmp_path, others={"stock": SHOP})

    land_shop(tmp_path)

    assert query(
        tmp_path, "select view_name from duckdb_views() where schema_name = 'bronze' order by all"
    ) == [("shop",), ("shop__current",)]


def test_an_expression_that_is_not_sql_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        land_shop(tmp_path, select={"amount_usd": "amount +"})

    assert "sources.shop.select.amount_usd: 'amount +' is not SQL" in str(caught.value)
