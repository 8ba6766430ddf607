from collections import Counter
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given as for_all
from hypothesis import settings as at_most
from hypothesis import strategies as st
from profile_tables import build, empty_context, given, rows, text
from thorough import examples

TRANSACTIONS = ("silver.paid_order", "silver.order_line", "silver.customer_transaction")
FLAGS = (
    "select record_id, is_first_purchase::int, is_recent_customer::int,"
    " is_high_value_customer::int, is_frequent_customer::int, is_home_store::int,"
    " category_affinity from silver.customer_transaction order by event_time, source, record_id"
)


@pytest.fixture
def context():
    context = empty_context()
    yield context
    context.con.close()


def test_what_is_told_of_a_customer_follows_from_earlier_purchases_alone(context):
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time           status  amount_usd  store_id
        shop    o1         ann          2026-01-01           paid    9000.00     S1
        shop    o2         ann          2026-01-31           paid    1.00        S1
        shop    o3         ann          2026-03-02T00:00:01  paid    1.00        S2
        shop    o4         ann          2026-03-02T00:00:01  paid    1.00        -
        shop    p1         -            2026-01-01           paid    1.00        S1
        shop    p2         -            2026-01-01           paid    1.00        S1
        """,
    )

    build(context, *TRANSACTIONS)

    assert text(context, FLAGS) == [
        "o1 1 0 0 0 0 0.000",
        "p1 0 0 0 0 0 0.000",  # of nobody nothing is known
        "p2 0 0 0 0 0 0.000",
        "o2 0 1 1 0 1 0.000",  # 9,000.00 * 1.2 * 0.7 = 7,560.00
        "o3 0 1 1 0 0 0.000",  # 30 days and a second are whole 30 days
        "o4 0 1 1 0 0 0.000",
    ]


@pytest.mark.parametrize(
    ("spent", "days", "is_high"),
    [
        ("5952.38", 30, False),  # * 1.2 * 0.7 = 5,000.00
        ("5952.39", 30, True),  # 5,000.01
        ("7142.86", 31, False),  # * 1.0 * 0.7 = 5,000.00
        ("7142.87", 31, True),
    ],
)
def test_a_high_value_customer_had_more_than_5000_of_lifetime_value_before(
    context, spent, days, is_high
):
    given(
        context,
        "silver.orders",
        f"""
        source  record_id  customer_id  event_time                       status  amount_usd
        shop    o1         ann          2026-01-01                       paid    {spent}
        shop    o2         ann          {datetime(2026, 1, 1) + timedelta(days):%Y-%m-%d}  paid  1
        """,
    )

    build(context, *TRANSACTIONS)

    assert rows(
        context,
        "select is_high_value_customer, is_recent_customer from silver.customer_transaction"
        " where record_id = 'o2'",
    ) == [(is_high, days == 30)]


def test_a_frequent_customer_had_more_than_20_purchases_before(context):
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status\n"
        + "\n".join(f"shop o{n:02} ann 2026-01-01 paid" for n in range(1, 23)),
    )

    build(context, *TRANSACTIONS)

    assert text(
        context,
        "select record_id from silver.customer_transaction where is_frequent_customer",
    ) == ["o22"]


def test_affinity_is_the_share_of_the_categories_bought_before_that_are_bought_again(context):
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status\n"
        + "\n".join(f"shop o{n} ann 2026-01-0{n} paid" for n in range(1, 6)),
    )
    given(
        context,
        "silver.order_items",
        """
        source  record_id  customer_id  order_id  category
        shop    i1         ann          o1        tea
        shop    i2         ann          o2        tea
        shop    i3         ann          o2        tea
        shop    i4         ann          o2        jam
        shop    i5         ann          o2        rice
        shop    i6         ann          o3        jam
        shop    i7         ann          o3        salt
        shop    i8         ann          o4        -
        shop    i9         ann          o5        salt
        shop    j1         ann          o5        tea
        shop    j2         ann          o5        nuts
        """,
    )

    build(context, *TRANSACTIONS)

    assert text(
        context,
        "select record_id, category_affinity from silver.customer_transaction order by record_id",
    ) == [
        "o1 0.000",  # nothing was bought before
        "o2 1.000",
        "o3 0.333",
        "o4 0.000",  # nothing with a category
        "o5 0.500",
    ]


def test_a_transaction_keeps_how_it_was_paid_and_what_it_was_worth(context):
    context.con.execute(
        "insert into silver.orders by name"
        " select 'shop' as source, 'o1' as record_id, 'paid' as status, 10.00 as amount_usd,"
        " 1.50 as discount_usd, 'EUR' as currency, 'card' as payment_method, 'visa' as card_type,"
        " 3 as points_earned, 1 as points_redeemed, 'P1' as promotion_code, 'C1' as coupon_code"
    ).fetchall()
    given(context, "silver.returns", "record_id order_id amount_usd\nr1 o1 4.00")

    build(context, *TRANSACTIONS)

    assert text(
        context,
        "select amount_usd, returned_usd, discount_usd, currency, payment_method, card_type,"
        " points_earned, points_redeemed, promotion_code, coupon_code"
        " from silver.customer_transaction",
    ) == ["10.00 4.00 1.50 EUR card visa 3 1 P1 C1"]


purchases = st.lists(
    st.fixed_dictionaries(
        {
            "customer_id": st.sampled_from(["ann", "bob"]),
            "day": st.integers(0, 40),
            "usd": st.integers(0, 9000),
            "store_id": st.sampled_from([None, "S1", "S2", "S3"]),
            "categories": st.sets(st.sampled_from("abcd")),
        }
    ),
    max_size=10,
)


@at_most(max_examples=examples(5), deadline=None)
@for_all(orders=purchases, later=purchases)
def test_the_flags_are_those_that_a_shop_could_have_written_down_at_the_time(built, orders, later):
    """The oracle walks through the orders one by one, and never sees a later one."""
    context = emptied(built)
    everything = [*orders, *({**order, "day": order["day"] + 50} for order in later)]
    insert(context, everything)

    build(context, *TRANSACTIONS)

    assert rows(
        context,
        "select record_id, is_first_purchase, is_recent_customer, is_high_value_customer,"
        " is_home_store, category_affinity from silver.customer_transaction order by record_id",
    ) == sorted(written_down(everything))
    insert(emptied(context), orders)
    with_later = set(rows(context, FLAGS))
    build(context, *TRANSACTIONS)
    assert set(rows(context, FLAGS)) <= with_later


@pytest.fixture(scope="module")
def built():
    context = empty_context()
    yield context
    context.con.close()


def emptied(context):
    for table in ("orders", "order_items"):
        context.con.execute(f"delete from silver.{table}").fetchall()
    return context


def insert(context, orders):
    keyed = [(f"o{number:03}", order) for number, order in enumerate(orders)]
    given(
        context,
        "silver.orders",
        "source record_id customer_id event_time status amount_usd store_id\n"
        + "\n".join(
            f"shop {key} {order['customer_id']} {day(order):%Y-%m-%d} paid {order['usd']}"
            f" {order['store_id'] or '-'}"
            for key, order in keyed
        ),
    )
    given(
        context,
        "silver.order_items",
        "source record_id customer_id order_id category\n"
        + "\n".join(
            f"shop {key}-{category} {order['customer_id']} {key} {category}"
            for key, order in keyed
            for category in order["categories"]
        ),
    )


def day(order):
    return datetime(2025, 1, 1) + timedelta(order["day"])


def written_down(orders):
    keyed = sorted(enumerate(orders), key=lambda each: (each[1]["day"], each[0]))
    past = {"ann": [], "bob": []}
    for number, order in keyed:
        before = past[order["customer_id"]]
        known = set().union(*(each["categories"] for each in before))
        affinity = Decimal(len(order["categories"] & known)) / max(len(known), 1)
        visits = Counter(each["store_id"] for each in before if each["store_id"])
        last = {each["store_id"]: place for place, each in enumerate(before)}
        home = max(visits, key=lambda store: (visits[store], last[store]), default=None)
        days = order["day"] - before[-1]["day"] if before else None
        recency = Decimal("1.2") if days is not None and days <= 30 else Decimal(1)
        frequency = Decimal("1.0") if len(before) > 5 else Decimal("0.7")
        worth = sum(each["usd"] for each in before) * recency * frequency
        yield (
            f"o{number:03}",
            not before,
            days is not None and days <= 30,
            worth > 5000,
            home is not None and home == order["store_id"],
            affinity.quantize(Decimal("0.001"), ROUND_HALF_UP),
        )
        before.append(order)
