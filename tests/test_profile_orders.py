import pytest
from profile_tables import build, empty_context, given, text

ORDERS = ("silver.paid_order", "silver.customer_order")


def test_only_orders_that_were_paid_by_then_count():
    context = empty_context()
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time           status     amount_usd
        shop    o1         ann          2026-01-01           paid       10.00
        shop    o2         ann          2026-01-02           cancelled  99.00
        shop    o3         ann          2026-01-03           -          99.00
        shop    o4         ann          2026-01-15T12:00:00  paid       20.50
        shop    o5         ann          2026-01-15T12:00:01  paid       99.00
        shop    o6         bob          2026-01-02           refunded   99.00
        """,
    )

    build(context, *ORDERS)

    assert text(
        context,
        "select customer_id, order_count, total_revenue_usd, avg_order_value_usd"
        " from silver.customer_order",
    ) == ["ann 2 30.50 15.25"]


def test_a_late_order_moves_the_revenue_and_if_it_is_the_last_one_the_recency():
    context = empty_context()
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


def test_returns_of_paid_orders_reduce_the_net_revenue_only():
    context = empty_context()
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
        record_id  order_id  event_time           amount_usd
        r1         o1        2026-01-02           30.00
        r2         o1        2026-01-03           0.01
        r3         o2        2026-01-03           50.00
        r4         gone      2026-01-03           50.00
        r5         o1        2026-01-15T12:00:01  50.00
        """,
    )

    build(context, *ORDERS)

    assert text(
        context,
        "select total_revenue_usd, returned_usd, net_revenue_usd from silver.customer_order",
    ) == ["100.00 30.01 69.99"]


def test_an_order_without_an_amount_costs_the_sum_of_its_items():
    context = empty_context()
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
        record_id  order_id  amount_usd
        i1         told      99.00
        i2         summed    1.25
        i3         summed    2.50
        """,
    )

    build(context, *ORDERS)

    assert text(
        context, "select record_id, revenue_usd from silver.paid_order order by record_id"
    ) == ["empty 0.00", "summed 3.75", "told 10.00"]


def test_a_key_that_two_sources_use_gets_its_returns_once():
    context = empty_context()
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd
        shop    1          ann          2026-01-01  paid    10.00
        web     1          bob          2026-01-01  paid    10.00
        """,
    )
    given(context, "silver.returns", "record_id order_id event_time amount_usd\nr 1 2026-01-02 4")

    build(context, *ORDERS)

    assert text(
        context, "select customer_id, net_revenue_usd from silver.customer_order order by all"
    ) == ["ann 6.00", "bob 10.00"]


@pytest.mark.parametrize(
    ("ordered_at", "days"),
    [
        ("2026-01-15T12:00:00", 0),
        ("2026-01-14T12:00:01", 0),  # yesterday by the calendar, not yet a day ago
        ("2026-01-14T12:00:00", 1),
        ("2025-12-16T12:00:00", 30),
        ("2025-12-16T12:00:00.000001", 29),
    ],
)
def test_days_are_whole_days_of_24_hours(ordered_at, days):
    context = empty_context()
    given(
        context,
        "silver.orders",
        f"customer_id source record_id status event_time\nann shop o paid {ordered_at}",
    )

    build(context, *ORDERS)

    assert text(
        context,
        "select days_since_first_order, days_since_last_order from silver.customer_order",
    ) == [f"{days} {days}"]


def test_money_is_summed_exactly():
    context = empty_context()
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status amount_usd\n"
        + "\n".join(f"shop {n} ann 2026-01-01 paid 0.10" for n in range(30)),
    )

    build(context, *ORDERS)

    assert text(context, "select total_revenue_usd from silver.customer_order") == ["3.00"]
