from datetime import datetime

import pytest
from sources_shop import land_shop, orders, problems, query, write

FEEDS = "data/raw/shop-*.csv"


def given(folder, name, *rows):
    text = "".join(f"{row}\n" for row in ("order_id,ordered_at,amount", *rows))
    return write(folder, name, text)


def test_of_an_upsert_the_latest_version_is_in_force(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-03,3.00", "o1,2026-01-01,1.00", "o2,2026-01-01,5.00")

    land_shop(tmp_path, path=FEEDS, update="upsert")

    assert orders(tmp_path) == [("o1", "3.00"), ("o2", "5.00")]
    assert query(tmp_path, "select count(*) from bronze.shop") == [(3,)]


@pytest.mark.parametrize("first", [0, 1])
def test_the_latest_version_wins_in_whatever_order_files_come(tmp_path, first):
    versions = ["o1,2026-01-03,3.00", "o1,2026-01-01,1.00"]
    given(tmp_path, "shop-1.csv", versions[first])
    land_shop(tmp_path, path=FEEDS, update="upsert")
    given(tmp_path, "shop-2.csv", versions[1 - first])

    land_shop(tmp_path, path=FEEDS, update="upsert", as_of=datetime(2026, 1, 16))

    assert orders(tmp_path) == [("o1", "3.00")]


def test_of_versions_of_one_moment_the_one_that_came_last_is_in_force(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00")
    land_shop(tmp_path, path=FEEDS, update="upsert")
    given(tmp_path, "shop-2.csv", "o1,2026-01-01,2.00")

    land_shop(tmp_path, path=FEEDS, update="upsert", as_of=datetime(2026, 1, 16))

    assert orders(tmp_path) == [("o1", "2.00")]


def test_later_is_told_in_utc(tmp_path):
    given(
        tmp_path,
        "shop-1.csv",
        "o1,2026-01-01T10:00:00+05:00,early",
        "o1,2026-01-01T06:00:00Z,late",
        "o1,2026-01-01 05:30,middle",
    )

    land_shop(tmp_path, path=FEEDS, update="upsert", select={})

    assert orders(tmp_path) == [("o1", "late")]


def test_a_redelivered_row_of_an_append_counts_once(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00", "o2,2026-01-02,2.00")
    land_shop(tmp_path, path=FEEDS)
    given(tmp_path, "shop-2.csv", "o2,2026-01-02,2.00", "o3,2026-01-03,3.00", "o3,2026-01-03,3.00")

    land_shop(tmp_path, path=FEEDS, as_of=datetime(2026, 1, 16))

    assert orders(tmp_path) == [("o1", "1.00"), ("o2", "2.00"), ("o3", "3.00")]
    assert query(tmp_path, "select count(*) from bronze.shop") == [(5,)]


def test_a_redelivered_row_is_known_though_the_feed_has_a_new_empty_column(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00")
    write(tmp_path, "shop-2.csv", "amount,order_id,note,ordered_at\n1.00,o1,,2026-01-01\n")

    land_shop(tmp_path, path=FEEDS)

    assert orders(tmp_path) == [("o1", "1.00")]


@pytest.mark.parametrize("update", ["append", "snapshot"])
def test_rows_that_never_change_may_not_come_with_another_content(tmp_path, update):
    given(
        tmp_path,
        "shop-1.csv",
        "o1,2026-01-01,1.00",
        "o2,2026-01-02,2.00",
        "o2,2026-01-02,9.00",
        "o3,2026-01-02,2.00",
        "o3,2026-01-02,9.00",
    )

    assert problems(tmp_path, path=FEEDS, update=update) == [
        "sources.shop: order_id = 'o2' stands in rows of different content (data/raw/shop-1.csv"
        " row 2 and data/raw/shop-1.csv row 3), as does 1 more key; where later rows replace"
        " earlier ones set sources.shop.update to upsert, where they belong together say so with"
        " sources.shop.collapse, else mend sources.shop.key or the feed"
    ]


@pytest.mark.parametrize("update", ["append", "snapshot"])
def test_of_a_few_keys_with_two_contents_the_latest_is_in_force_and_they_are_told(tmp_path, update):
    good = [f"k{number},2026-01-01,1.00" for number in range(40)]
    given(tmp_path, "shop-1.csv", *good, "o2,2026-01-03,9.00", "o2,2026-01-02,2.00")

    land_shop(tmp_path, path=FEEDS, update=update)

    assert [row for row in orders(tmp_path) if row[0] == "o2"] == [("o2", "9.00")]
    assert query(tmp_path, "from bronze.conflicting_key") == [("shop", "orders", "o2")]


@pytest.mark.parametrize("first", [0, 1])
def test_a_row_that_says_its_key_is_no_more_leaves_unless_a_later_one_is_there(tmp_path, first):
    o1 = ["o1,2026-01-03,-1.00", "o1,2026-01-01,1.00"]
    o2 = ["o2,2026-01-01,-1.00", "o2,2026-01-02,2.00"]
    given(tmp_path, "shop-1.csv", o1[first], o2[first])
    land_shop(tmp_path, path=FEEDS, update="upsert", deleted="cast(amount as double) < 0")
    given(tmp_path, "shop-2.csv", o1[1 - first], o2[1 - first])

    land_shop(tmp_path, path=FEEDS, update="upsert", deleted="cast(amount as double) < 0")

    assert orders(tmp_path) == [("o2", "2.00")]


def test_a_changed_row_in_a_later_file_is_seen(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00")
    land_shop(tmp_path, path=FEEDS)
    given(tmp_path, "shop-2.csv", "o1,2026-01-01,2.00")

    (problem,) = problems(tmp_path, path=FEEDS)

    assert "(data/raw/shop-1.csv row 1 and data/raw/shop-2.csv row 1)" in problem


def test_a_snapshot_is_what_its_files_say_now(tmp_path):
    feed = given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00", "o2,2026-01-02,2.00")
    land_shop(tmp_path, path=FEEDS, update="snapshot")
    given(tmp_path, "shop-1.csv", "o2,2026-01-03,3.00")

    land_shop(tmp_path, path=FEEDS, update="snapshot")

    assert orders(tmp_path) == [("o2", "3.00")]
    assert feed.exists()


def test_a_snapshot_that_returns_is_in_force_again(tmp_path):
    first = ("o1,2026-01-01,1.00", "o2,2026-01-02,2.00")
    for rows in (first, ("o3,2026-01-03,3.00",), first):
        given(tmp_path, "shop-1.csv", *rows)
        land_shop(tmp_path, path=FEEDS, update="snapshot")

    assert orders(tmp_path) == [("o1", "1.00"), ("o2", "2.00")]


BASKETS = {
    "path": FEEDS,
    "collapse": {
        "ordered_at": "min(ordered_at)",
        "total": "sum(cast(amount as decimal(18, 2)))",
    },
    "select": {"amount_usd": "total"},
}


def baskets(folder):
    columns = "order_id, ordered_at, total::varchar"
    return query(folder, f"select {columns} from bronze.shop__current order by all")


def test_rows_that_share_the_key_are_collapsed(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-02,1.50", "o1,2026-01-01,2.00", "o2,2026-01-02,1.00")

    land_shop(tmp_path, **BASKETS)

    assert baskets(tmp_path) == [("o1", "2026-01-01", "3.50"), ("o2", "2026-01-02", "1.00")]
    assert query(tmp_path, "select column_name from (describe bronze.shop__current)") == [
        ("order_id",),
        ("ordered_at",),
        ("total",),
    ]


def test_equal_rows_of_one_file_belong_together_and_those_of_another_are_redelivered(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00", "o1,2026-01-01,1.00")
    given(tmp_path, "shop-2.csv", "o1,2026-01-01,1.00", "o1,2026-01-01,5.00")

    land_shop(tmp_path, **BASKETS)

    assert baskets(tmp_path) == [("o1", "2026-01-01", "7.00")]


def test_a_value_that_an_aggregate_cannot_cast_is_rejected(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,2026-01-01,1.00", "o1,2026-01-01,ten")

    land_shop(tmp_path, **BASKETS)

    assert baskets(tmp_path) == [("o1", "2026-01-01", "1.00")]
    assert query(tmp_path, "select reason from ops.reject") == [
        ("CAST(amount AS DECIMAL(18, 2)) cannot be computed (collapse.total) from amount = 'ten'",)
    ]


def test_collapsed_rows_have_the_parts_of_a_composed_key(tmp_path):
    given(tmp_path, "shop-1.csv", "O1,2026-01-01,1.00", "o1,2026-01-01,2.00")

    land_shop(tmp_path, **{**BASKETS, "key": "lower(order_id)"})

    assert baskets(tmp_path) == [("O1", "2026-01-01", "3.00")]


def test_a_feed_without_times_says_when_it_was_landed(tmp_path):
    given(tmp_path, "shop-1.csv", "o1,,1.00", "o1,,2.00")

    land_shop(
        tmp_path,
        path=FEEDS,
        event_time=None,
        collapse={"total": "sum(cast(amount as decimal(18, 2)))"},
        select={"amount_usd": "total"},
    )

    assert query(tmp_path, "from bronze.shop__current") == [("o1", 3, datetime(2026, 1, 15, 12))]


@pytest.mark.parametrize("update", ["append", "upsert"])
def test_landing_in_steps_leaves_the_same_rows_in_force_as_at_once(tmp_path, update):
    files = {
        "shop-1.csv": ("o1,2026-01-01,1.00", "o2,2026-01-02,2.00", "o2,2026-01-02,2.00"),
        "shop-2.csv": ("o2,2026-01-02,2.00", "o3,2026-01-03,3.00"),
        "shop-3.csv": ("o1,2026-01-01,1.00", "o3,2026-01-03,3.00", "o4,2026-01-04,4.00"),
    }
    steps, once = tmp_path / "steps", tmp_path / "once"
    for name, rows in files.items():
        given(once, name, *rows)
        given(steps, name, *rows)
        land_shop(steps, path=FEEDS, update=update)

    land_shop(once, path=FEEDS, update=update)

    everything = "select * from {} order by all"
    for table in ("bronze.shop__current", "bronze.superseded_row"):
        assert query(steps, everything.format(table)) == query(once, everything.format(table))
