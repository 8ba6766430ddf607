"""What is odd about a row is told, row by row, with what was done about it."""

from datetime import datetime
from pathlib import Path

import pytest
from profile_tables import build, empty_context, given, text
from sources_shop import SHOP, land_shop, query, write

from c360.config_file import read_settings
from c360.profile.zones import build_unzoned_rows
from c360.runs import reading, writing
from c360.workspace import Workspace

FLAGS = "select entity, record_id, flag, treatment from silver.row_flag order by all"


def test_orders_and_lines_that_are_odd_are_kept_and_flagged():
    context = empty_context()
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status    amount_usd
        shop    good       ann          2026-01-01  Paid      10
        shop    nobody     -            2026-01-01  paid      10
        shop    state      ann          2026-01-01  teleport  10
        shop    blank      ann          2026-01-01  -         10
        shop    minus      ann          2026-01-01  paid      -10
        """,
    )
    given(
        context,
        "silver.order_items",
        """
        source  record_id  order_id  quantity
        shop    i1         good      1
        shop    i2         good      -1
        shop    i3         good      -
        """,
    )

    build(context, "silver.row_flag")

    assert text(context, FLAGS) == [
        "order_items i2 negative_quantity kept",
        "orders blank unknown_status kept",
        "orders minus negative_amount kept",
        "orders nobody no_customer kept",
        "orders state unknown_status kept",
    ]


def test_rows_that_are_held_quarantined_or_in_conflict_are_told_with_the_others():
    context = empty_context()
    given(
        context,
        "silver.held_row",
        """
        entity  source  record_id  event_time  flag              treatment
        orders  shop    1          2027-01-01  future            held
        orders  shop    2          2026-01-01  unknown_currency  quarantined
        """,
    )
    given(context, "silver.unzoned_row", "entity source record_id\norders shop 3")
    given(context, "bronze.conflicting_key", "entity source record_id\nweb_events web 4")

    build(context, "silver.row_flag")

    assert text(context, FLAGS) == [
        "orders 1 future held",
        "orders 2 unknown_currency quarantined",
        "orders 3 mixed_time_zone kept",
        "web_events 4 conflicting_duplicate kept",
    ]


@pytest.mark.parametrize(
    ("times", "unzoned"),
    [
        (["2026-01-01T10:00:00+02:00", "2026-01-01 10:00:00"], ["o2"]),
        (["2026-01-01T10:00:00Z", "2026-01-01"], ["o2"]),
        (["2026-01-01T10:00:00+02:00", "2026-01-01T10:00:00.5-05"], []),
        (["2026-01-01", "2026-01-01 10:00:00"], []),  # nobody names an offset: all are UTC
    ],
)
def test_times_without_an_offset_are_told_where_others_have_one(tmp_path: Path, times, unzoned):
    lines = [f"o{number},{at},1.00" for number, at in enumerate(times, start=1)]
    write(tmp_path, "shop.csv", "\n".join(["order_id,ordered_at,amount", *lines, ""]))
    land_shop(tmp_path)
    (tmp_path / "c360.yaml").write_text(
        "name: shop\nidentifiers: {card: {strength: anchor}}\nsources:\n  shop: "
        + str({k: v for k, v in SHOP.items()}).replace("'", '"')
    )
    workspace = Workspace(tmp_path)
    assert read_settings(workspace.config).sources.keys() == {"shop"}

    with writing(workspace, "build", datetime(2026, 1, 15)) as context:
        build_unzoned_rows(context)

    with reading(workspace) as context:
        found = context.con.execute("select record_id from silver.unzoned_row").fetchall()
    assert [record for (record,) in found] == unzoned
    assert query(tmp_path, "select count(*) from bronze.shop__current") == [(2,)]
