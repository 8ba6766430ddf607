from datetime import datetime

import pytest
from sources_shop import NOON, land_shop, query, write

HEAD = "order_id,ordered_at,amount\n"


def deliver(folder, name, *rows, **changes):
    """Write a file of orders and land it in a run of its own."""
    write(folder, name, HEAD + "".join(f"{row}\n" for row in rows))
    land_shop(folder, **{"path": "data/raw/shop-*.csv", "lateness": "7d", **changes})


def lateness(folder):
    """Return late rows, those later than promised, and the longest lag in hours, by file."""
    return query(
        folder,
        "select late_rows, later_than_promised, longest_lag_seconds / 3600 from ops.load"
        " where retired_in_run is null order by file",
    )


def test_what_comes_first_is_not_late(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-01,10", "o2,2025-01-01,10")

    assert lateness(tmp_path) == [(0, 0, 0)]


def test_a_row_is_late_that_happened_before_the_newest_that_had_come(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09 12:00,10")

    deliver(
        tmp_path,
        "shop-2.csv",
        "o2,2026-01-09 12:00,10",  # as new as the newest
        "o3,2026-01-09 09:00,10",
        "o4,2026-01-10 00:00,10",
    )

    assert lateness(tmp_path)[1] == (1, 0, 3)


@pytest.mark.parametrize(
    ("ordered_at", "later_than_promised"),
    [
        ("2026-01-02 12:00:00", 0),  # seven days to the second are promised
        ("2026-01-02 11:59:59", 1),
    ],
)
def test_a_row_is_later_than_promised_beyond_the_lateness_of_its_contract(
    tmp_path, ordered_at, later_than_promised
):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09 12:00,10")

    deliver(tmp_path, "shop-2.csv", f"o2,{ordered_at},10")

    assert lateness(tmp_path)[1][:2] == (1, later_than_promised)


def test_the_order_of_files_that_come_together_does_not_matter(tmp_path):
    write(tmp_path, "shop-1.csv", HEAD + "o1,2026-01-09,10\n")

    deliver(tmp_path, "shop-2.csv", "o2,2026-01-01,10")

    assert lateness(tmp_path) == [(0, 0, 0), (0, 0, 0)]


@pytest.mark.parametrize("update", ["append", "upsert"])
def test_what_came_before_with_the_same_content_is_not_late_again(tmp_path, update):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10", "o2,2026-01-01,10", update=update)

    deliver(tmp_path, "shop-2.csv", "o2,2026-01-01,10", "o3,2026-01-02,10", update=update)

    assert lateness(tmp_path)[1][0] == 1


def test_an_older_version_of_a_row_is_late(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10", update="upsert")

    deliver(tmp_path, "shop-2.csv", "o1,2026-01-08,12", update="upsert")

    assert lateness(tmp_path)[1] == (1, 0, 24)


def test_a_row_dated_after_its_landing_makes_no_other_late(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10", "o2,2099-01-01,10")

    deliver(tmp_path, "shop-2.csv", "o3,2026-01-10,10")

    assert lateness(tmp_path)[1] == (0, 0, 0)


def test_under_another_contract_rows_are_as_late_as_they_were(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10")
    deliver(tmp_path, "shop-2.csv", "o2,2026-01-08,10")
    before = lateness(tmp_path)

    land_shop(tmp_path, path="data/raw/shop-*.csv", select={})

    assert lateness(tmp_path) == before == [(0, 0, 0), (1, 0, 24)]


@pytest.mark.parametrize(
    "contract",
    [
        {"event_time": None},
        {"update": "snapshot"},
        {"collapse": {"ordered_at": "max(ordered_at)", "amount": "max(amount)"}},
    ],
)
def test_where_rows_cannot_be_late_nothing_is_told(tmp_path, contract):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10", **contract)

    assert lateness(tmp_path) == [(None, None, None)]


def test_the_newest_row_of_a_batch_is_told(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10", "o2,2026-01-08,10")

    assert query(tmp_path, "select newest_event_time, landed_at from ops.load") == [
        (datetime(2026, 1, 9), NOON)
    ]


def test_a_feed_may_have_a_column_called_event_time(tmp_path):
    for number, moment in enumerate(["2026-01-09", "2026-01-08"]):
        write(tmp_path, f"shop-{number}.csv", f"order_id,event_time,amount\no{number},{moment},1\n")
        land_shop(tmp_path, path="data/raw/shop-*.csv", event_time="event_time")

    assert lateness(tmp_path) == [(0, 0, 0), (1, 0, 24)]


def test_a_warehouse_of_an_earlier_version_gets_its_figures_with_the_next_feed(tmp_path):
    deliver(tmp_path, "shop-1.csv", "o1,2026-01-09,10")
    forget(tmp_path)

    deliver(tmp_path, "shop-2.csv", "o2,2026-01-08,10")

    assert lateness(tmp_path) == [(0, 0, 0), (1, 0, 24)]


def forget(folder):
    """Take the columns about lateness away, as a warehouse of before has none."""
    from c360.warehouse import open_warehouse
    from c360.workspace import Workspace

    with open_warehouse(Workspace(folder).warehouse) as con:
        for column in (
            "newest_event_time",
            "late_rows",
            "later_than_promised",
            "longest_lag_seconds",
        ):
            con.execute(f"alter table ops.load drop column {column}").fetchall()
