import pytest
from profile_tables import build, empty_context, given, text

ORDERS = (
    "silver.paid_order",
    "silver.refund",
    "silver.order_line",
    "silver.customer_transaction",
    "silver.customer_order",
)


@pytest.fixture
def context():
    context = empty_context()
    yield context
    context.con.close()


def test_only_purchases_and_exchanges_that_were_paid_count(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  type      status     amount_usd
        shop    o1         ann          2026-01-01  -         paid       10.00
        shop    o2         ann          2026-01-02  purchase  cancelled  99.00
        shop    o3         ann          2026-01-03  -         -          99.00
        shop    o4         ann          2026-01-04  PURCHASE  PAID       20.50
        shop    o5         ann          2026-01-05  Exchange  paid       1.50
        shop    o6         ann          2026-01-06  gift      paid       99.00
        shop    o7         bob          2026-01-02  -         refunded   99.00
        """,
    )
    context.con.execute("update silver.orders set status = ' Paid ' where record_id = 'o4'")

    build(context, *ORDERS)

    assert text(
        context,
        "select customer_id, order_count, total_revenue_usd, avg_order_value_usd"
        " from silver.customer_order",
    ) == ["ann 3 32.00 10.67"]


def test_a_refund_is_never_spend_whatever_its_sign(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  type      status   amount_usd
        shop    o1         ann          2026-01-01  purchase  paid     100.00
        shop    o2         ann          2026-01-02  RETURN    paid     30.00
        shop    o3         ann          2026-01-03  refund    paid     -0.01
        shop    o4         ann          2026-01-03  refund    pending  50.00
        shop    o5         ann          2026-01-03  refund    paid     -
        shop    o6         bob          2026-01-03  refund    paid     7.00
        """,
    )
    given(
        context,
        "silver.order_items",
        "record_id customer_id order_id amount_usd\ni1 ann o5 1.00\ni2 ann o5 2.00",
    )

    build(context, *ORDERS)

    assert text(context, "select record_id, amount_usd from silver.refund order by 1") == [
        "o2 30.00",
        "o3 0.01",
        "o5 3.00",
        "o6 7.00",
    ]
    assert text(
        context,
        "select customer_id, order_count, total_revenue_usd, returned_usd, net_revenue_usd,"
        " avg_order_value_usd from silver.customer_order order by customer_id",
    ) == ["ann 1 100.00 33.01 66.99 100.00", "bob 0 0.00 7.00 -7.00 -"]
    assert text(context, "select record_id from silver.customer_transaction") == ["o1"]


def test_a_late_order_moves_the_revenue_and_if_it_is_the_last_one_the_recency(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd
        shop    o2         ann          2026-01-05  paid    10.00
        shop    o1         ann          2025-12-01  paid    5.00
        """,
    )
    given(context, "silver.web_events", "customer_id event_time\nann 2026-01-15T11:00:00")

    build(context, *ORDERS)

    assert text(
        context,
        "select total_revenue_usd, first_order_at::date, last_order_at::date"
        " from silver.customer_order",
    ) == ["15.00 2025-12-01 2026-01-05"]


def test_returns_of_paid_orders_reduce_the_net_revenue_only(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status     amount_usd
        shop    o1         ann          2026-01-01  paid       100.00
        shop    o2         ann          2026-01-01  cancelled  50.00
        """,
    )
    given(
        context,
        "silver.returns",
        """
        record_id  customer_id  order_id  event_time  amount_usd
        r1         ann          o1        2026-01-02  30.00
        r2         ann          o1        2026-01-03  0.01
        r3         ann          o2        2026-01-03  50.00
        r4         -            gone      2026-01-03  50.00
        """,
    )

    build(context, *ORDERS)

    assert text(
        context,
        "select total_revenue_usd, returned_usd, net_revenue_usd from silver.customer_order",
    ) == ["100.00 30.01 69.99"]


def test_an_order_without_an_amount_costs_the_sum_of_its_items(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd
        shop    told       ann          2026-01-01  paid    10.00
        shop    summed     ann          2026-01-01  paid    -
        shop    empty      ann          2026-01-01  paid    -
        """,
    )
    given(
        context,
        "silver.order_items",
        """
        record_id  customer_id  order_id  amount_usd
        i1         ann          told      99.00
        i2         ann          summed    1.25
        i3         ann          summed    2.50
        """,
    )

    build(context, *ORDERS)

    assert text(
        context, "select record_id, revenue_usd, is_priced from silver.paid_order order by 1"
    ) == ["empty 0.00 False", "summed 3.75 True", "told 10.00 True"]


def test_a_key_that_two_sources_use_gets_its_returns_and_items_once(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd
        shop    1          ann          2026-01-01  paid    10.00
        web     1          bob          2026-01-01  paid    10.00
        """,
    )
    given(context, "silver.returns", "record_id customer_id order_id amount_usd\nr ann 1 4")
    given(context, "silver.order_items", "record_id customer_id order_id\ni ann 1")

    build(context, *ORDERS)

    assert text(
        context, "select customer_id, net_revenue_usd from silver.customer_order order by all"
    ) == ["ann 6.00", "bob 10.00"]
    assert text(context, "select customer_id, order_source from silver.order_line") == ["ann shop"]


def test_a_line_has_the_time_of_its_order_and_the_category_of_the_sale_else_of_the_product(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status
        shop    o1         ann          2026-01-01  paid
        shop    o2         ann          2026-01-02  failed
        """,
    )
    given(
        context,
        "silver.order_items",
        """
        source  record_id  customer_id  order_id  product_id  category  status    event_time
        shop    i1         ann          o1        p1          old       SOLD      2026-01-09
        shop    i2         ann          o1        p1          -         Returned  2026-01-09
        shop    i3         ann          o1        p9          -         -         2026-01-09
        shop    i4         ann          o2        p1          -         -         2026-01-09
        shop    i5         -            gone      p1          -         -         2026-01-09
        """,
    )
    given(
        context,
        "silver.products",
        "source record_id category brand\na p1 new acme\nb p1 other other",
    )

    build(context, *ORDERS)

    assert text(
        context,
        "select record_id, event_time::date, category, brand, is_returned"
        " from silver.order_line order by record_id",
    ) == [
        "i1 2026-01-01 old acme False",
        "i2 2026-01-01 new acme True",
        "i3 2026-01-01 - - False",
    ]


def test_money_is_summed_exactly(context):
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status amount_usd\n"
        + "\n".join(f"shop {n} ann 2026-01-01 paid 0.10" for n in range(30)),
    )

    build(context, *ORDERS)

    assert text(context, "select total_revenue_usd from silver.customer_order") == ["3.00"]


def test_aggregates_of_a_customer_by_eye(context):
    given(
        context,
        "silver.orders",
        """
        record_id  customer_id  event_time  status  channel  store_id  discount_usd  points_earned
        o1         ann          2026-01-01  paid    web      -         1.50          5
        o2         ann          2026-01-02  paid    web      -         -             -
        o3         ann          2026-01-03  paid    pos      S2        0.25          7
        o4         ann          2026-01-04  paid    pos      S1        -             -
        o5         bob          2026-01-04  paid    -        -         -             -
        """,
    )
    context.con.execute("update silver.orders set source = 'shop'").fetchall()
    given(
        context,
        "silver.order_items",
        """
        record_id  customer_id  order_id  category
        i1         ann          o1        tea
        i2         ann          o3        jam
        i3         ann          o4        tea
        i4         ann          o4        -
        """,
    )

    build(context, *ORDERS)

    assert text(
        context,
        "select customer_id, category_diversity, purchase_categories, channel_diversity,"
        " preferred_channel_bought, store_diversity, home_store, discount_usd, points_earned,"
        " points_redeemed from silver.customer_order order by customer_id",
    ) == [
        "ann 2 jam, tea 2 in_store 2 S1 1.75 12 0",
        "bob 0 - 1 unknown 0 - 0.00 0 0",
    ]


@pytest.mark.parametrize(
    ("visits", "home"),
    [
        (["S1", "S1", "S2"], "S1"),
        (["S1", "S2"], "S2"),  # as often: the one visited last
        (["S2", "S1"], "S1"),
        (["S2", "-", "-"], "S2"),
    ],
)
def test_the_home_store_has_the_most_visits(context, visits, home):
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status store_id\n"
        + "\n".join(f"shop o{n} S9 2026-01-0{n} paid {s}" for n, s in enumerate(visits, 1)),
    )

    build(context, *ORDERS)

    assert text(context, "select customer_id, home_store from silver.customer_order") == [
        f"S9 {home}"
    ]


def test_of_stores_visited_as_often_at_the_same_moment_the_first_by_name_is_home(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  store_id
        shop    o1         ann          2026-01-01  paid    S2
        shop    o2         ann          2026-01-01  paid    S1
        """,
    )

    build(context, *ORDERS)

    assert text(context, "select home_store from silver.customer_order") == ["S1"]
