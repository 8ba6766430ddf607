"""Money is neither lost nor made on the way from the feeds to the exports."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from profile_shop import build, deliver, resolve
from test_profile_replay import NOON, built, order, shop

from c360.profile.exports import export_gold, exported
from c360.runs import reading
from c360.workspace import Workspace

__all__ = ["built", "shop"]

ORDERS = [
    order("a", "2026-01-02", "19.99"),
    order("b", "2026-01-03", "0.01", currency="EUR"),
    order("c", "2026-01-04", "100.10", status="failed"),
    order("d", "2026-01-05", "30.00", type="refund"),
    order("e", "2026-01-06", "7.00", card="c9"),
    order("f", "2026-01-07", "5.00", card="", mail=""),
    order("g", "2026-01-08", "5.00", currency="XXX"),
    order("h", "2026-03-01", "5.00"),
]
PAID = Decimal("10.00") + Decimal("19.99") + Decimal("0.02") + Decimal("7.00") + Decimal("5.00")
"""With the first order of the shop. c failed, d gave money back, g has no rate, h is to come."""


def gold(workspace: Workspace, suffix: str) -> dict[str, bytes]:
    """Return the exports of a workspace."""
    return {path.name: path.read_bytes() for path in workspace.gold("").glob(f"*.{suffix}")}


@pytest.fixture
def sold(shop: Workspace) -> Workspace:
    """The shop after these orders, built as an increment."""
    deliver(shop.root, "orders", 2, ORDERS)
    resolve(shop, NOON)
    build(shop, NOON)
    return shop


def test_revenue_is_the_same_to_the_cent_from_bronze_to_the_exports(sold):
    with reading(sold) as context:
        con = context.con
        (silver, marts, kpi), *_ = con.execute(
            "select (select sum(revenue_usd) from silver.paid_order),"
            " (select sum(total_revenue_usd) from gold.customer_360)"
            " + (select sum(total_revenue_usd) from gold.anonymous_visitor),"
            " (select value from gold.kpi_summary where metric = 'gross_revenue_usd')"
        ).fetchall()
        (bronze,), *_ = con.execute(
            "select sum(cast(amount as decimal(18, 2)) * if(currency = 'EUR', 2, 1))"
            " from bronze.orders__current where status = 'paid' and coalesce(type, '') <> 'refund'"
            " and coalesce(currency, '') <> 'XXX' and \"at\" < '2026-02'"
        ).fetchall()
        export_gold(context)
    (csv,), *_ = duckdb.execute(
        "select sum(cast(total_revenue_usd as decimal(18, 2))) from read_csv("
        f"['{sold.gold('customer_360.csv')}', '{sold.gold('anonymous_visitor.csv')}'],"
        " union_by_name = true, all_varchar = true)"
    ).fetchall()

    assert bronze == silver == marts == kpi == csv == PAID


def test_the_exports_of_an_increment_are_those_of_a_full_build_byte_for_byte(sold, tmp_path: Path):
    with reading(sold) as context:
        export_gold(context)
        marts = exported(context)
    increment = {suffix: gold(sold, suffix) for suffix in ("parquet", "csv")}

    build(sold, NOON, is_full=True)
    with reading(sold) as context:
        export_gold(context)

    assert increment == {suffix: gold(sold, suffix) for suffix in ("parquet", "csv")}
    assert increment["parquet"].keys() == {f"{mart}.parquet" for mart in marts}


def test_every_mart_of_a_customer_a_row_has_one_row_per_customer(sold):
    with reading(sold, datetime(2026, 1, 31, 12)) as context:
        for mart in ("customer_360", "engagement", "loyalty", "service", "serving_profile", "rfm"):
            counts = "select count(*), count(distinct customer_id) from gold."
            rows, customers = context.con.execute(counts + mart).fetchall()[0]
            assert rows == customers, mart
            assert rows > 0, mart
