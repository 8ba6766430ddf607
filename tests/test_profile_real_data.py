"""The models on data that others made, against the figures that others published of it."""

from decimal import Decimal
from pathlib import Path

import pytest
from profile_tables import build, empty_context, rows, text

from c360.step import Context

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SALES = (
    "silver.paid_order",
    "silver.refund",
    "silver.order_line",
    "silver.customer_transaction",
    "silver.customer_order",
)

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not there")


def load(context: Context, table: str, query: str) -> None:
    """Fill a canonical entity from files under DATA, named `{data}`."""
    context.con.execute(
        f"insert into {table} by name {query.replace('{data}', str(DATA))}"
    ).fetchall()


@pytest.fixture(scope="module")
def grocer():
    """Complete Journey: baskets without an amount, so that each costs the sum of its lines."""
    context = empty_context()
    lines = "'{data}/completejourney/transactions.parquet'"
    load(
        context,
        "silver.orders",
        "select 'grocer' as source, basket_id::varchar as record_id, 'paid' as status,"
        " min(household_id)::varchar as customer_id, min(transaction_timestamp) as event_time,"
        f" min(store_id)::varchar as store_id from {lines} group by basket_id",
    )
    load(
        context,
        "silver.order_items",
        "select 'grocer' as source, basket_id || '-' || product_id as record_id,"
        " household_id::varchar as customer_id, basket_id::varchar as order_id,"
        f" product_id::varchar as product_id, sales_value as amount_usd from {lines}",
    )
    load(
        context,
        "silver.products",
        "select 'grocer' as source, product_id::varchar as record_id, product_category as category"
        " from '{data}/completejourney/products.parquet'",
    )
    build(context, *SALES)
    yield context
    context.con.close()


@pytest.mark.parametrize(
    ("table", "baskets", "amount"),
    [
        ("silver.paid_order", "count(*)", "revenue_usd"),
        ("silver.order_line", "count(distinct order_id)", "amount_usd"),
        ("silver.customer_transaction", "count(*)", "amount_usd"),
        ("silver.customer_order", "sum(order_count)", "total_revenue_usd"),
    ],
)
def test_every_cent_of_the_grocers_year_arrives(grocer, table, baskets, amount):
    assert rows(
        grocer, f"select count(distinct customer_id), {baskets}, sum({amount}) from {table}"
    ) == [(2469, 155_848, Decimal("4596039.58"))]


def test_a_household_of_the_grocer_has_one_first_purchase_and_affinities_are_shares(grocer):
    assert rows(
        grocer,
        "select count(*) filter (where is_first_purchase), min(category_affinity) >= 0,"
        " max(category_affinity) <= 1 from silver.customer_transaction",
    ) == [(2469, True, True)]


def test_frequency_recency_and_age_of_the_cdnow_customers_are_those_of_the_summary():
    """Weeks up to the end of the calibration period; a day counts once, the first not at all."""
    context = empty_context()
    load(
        context,
        "silver.orders",
        "select 'cdnow' as source, row_number() over () as record_id, 'paid' as status,"
        " sample_id as customer_id, date as event_time, amount as amount_usd"
        " from read_csv('{data}/cdnow/cdnow_sample.csv', all_varchar = true)"
        " where date <= '1997-09-30'",
    )
    load(
        context,
        "silver.customers",
        "select lpad(id::varchar, 4, '0') as customer_id, frequency || ' ' || recency || ' ' || t"
        " as status from '{data}/cdnow/cdnow_customers_summary.csv'",
    )

    build(context, *SALES)

    expected = text(context, "select customer_id, status from silver.customers order by all")
    assert len(expected) == 2357
    assert expected == text(
        context,
        "select customer_id, count(distinct transaction_date) - 1,"
        " round(date_diff('day', min(transaction_date), max(transaction_date)) / 7, 2),"
        " round(date_diff('day', min(transaction_date), date '1997-09-30') / 7, 2)"
        " from silver.customer_transaction group by customer_id order by customer_id",
    )
    context.con.close()


@pytest.mark.parametrize("session_id", ["session_id", "null"])
def test_the_clickstream_has_600_users_and_3605_sessions_with_and_without_their_ids(session_id):
    context = empty_context()
    load(
        context,
        "silver.web_events",
        "select 'shop' as source, user_id as customer_id, timestamp as event_time,"
        f" {session_id} as session_id, event as event_type, platform as device_type"
        " from '{data}/retentioneering_ecom/ecom_events.parquet'",
    )

    build(
        context,
        *("silver.web_visit", "silver.bot_session"),
        *("silver.customer_session", "silver.customer_behaviour"),
    )

    assert rows(
        context,
        "select count(distinct customer_id), count(*), sum(events), sum(product_views),"
        " sum(cart_adds), sum(conversions) from silver.customer_session",
    ) == [(600, 3605, 31_106, 6851, 1346, 470)]
    assert rows(context, "select count(*), sum(total_sessions) from silver.customer_behaviour") == [
        (600, 3605)
    ]
    assert rows(context, "select count(*) from silver.bot_session") == [(0,)]
    context.con.close()
