"""Each rule pack on its boundary table: the value that is still below, and the one above."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from profile_tables import AS_OF, build, empty_context, rows, text

from c360.step import Context

METRIC = (
    "silver.golden_attribute",
    "silver.customer_profile_base",
    "silver.paid_order",
    "silver.refund",
    "silver.order_line",
    "silver.customer_transaction",
    "silver.customer_order",
    "silver.web_visit",
    "silver.bot_session",
    "silver.customer_session",
    "silver.customer_behaviour",
    "silver.customer_service",
    "silver.message",
    "silver.customer_campaign",
    "silver.customer_metric",
)
TRANSACTIONS = ("silver.paid_order", "silver.order_line", "silver.customer_transaction")


def each(table: Sequence[tuple[object, ...]]) -> pytest.MarkDecorator:
    """Run a test for each case of a table, with its number."""
    return pytest.mark.parametrize(("number", "case"), [*enumerate(table)], ids=map(str, table))


def insert(context: Context, table: str, **cells: object) -> None:
    """Insert one row."""
    context.con.execute(
        f"insert into {table} ({', '.join(cells)}) values ({', '.join('?' for _ in cells)})",
        [*cells.values()],
    ).fetchall()


def answers(context: Context, query: str) -> dict[str, str]:
    """Return what a query says of each case: its first column is the number of the case."""
    return dict(rows(context, query))


VALUE = [
    ("0", "low_value small"),
    ("50.00", "low_value small"),
    ("50.01", "low_value medium"),
    ("100.00", "low_value medium"),
    ("100.01", "medium_value medium"),
    ("200.00", "medium_value medium"),
    ("200.01", "medium_value large"),
    ("500.00", "medium_value large"),
    ("500.01", "high_value large"),
    (None, "unknown small"),
]
CHANNEL = [
    ("Online", None, "online"),
    ("ONLINE STORE", "S1", "online"),
    ("E-Commerce", None, "online"),
    ("ECOMMERCE", None, "online"),
    ("mobile phone", None, "mobile"),
    ("App", "S1", "mobile"),
    ("Flagship Store", None, "in_store"),
    ("POS", None, "in_store"),
    ("call centre", "S1", "in_store"),  # a store was named
    ("call centre", None, "phone"),
    ("PHONE", None, "phone"),
    ("social", None, "other"),
    ("social", "S1", "in_store"),
    ("", None, "other"),
    (None, None, "unknown"),
    (None, "S1", "in_store"),
]


@pytest.fixture(scope="module")
def transactions():
    """One paid order per case, each of a customer of its own."""
    context = empty_context()
    for number, (amount, _) in enumerate(VALUE):
        insert(
            context,
            "silver.orders",
            source="value",
            record_id=number,
            customer_id=f"v{number}",
            status="paid",
            amount_usd=amount,
        )
    for number, (channel, store_id, _) in enumerate(CHANNEL):
        insert(
            context,
            "silver.orders",
            source="channel",
            record_id=number,
            status="paid",
            channel=channel,
            store_id=store_id,
        )
    context.con.execute("update silver.orders set event_time = '2026-01-01'").fetchall()
    build(context, *TRANSACTIONS)
    yield context
    context.con.close()


@each(VALUE)
def test_a_transaction_is_classed_by_its_amount(transactions, number, case):
    found = answers(
        transactions,
        "select record_id, value_class || ' ' || basket_size from silver.customer_transaction"
        " where source = 'value'",
    )

    assert found[str(number)] == case[-1]


@each(CHANNEL)
def test_a_channel_is_told_by_words_and_by_the_store(transactions, number, case):
    found = answers(
        transactions,
        "select record_id, channel_class from silver.customer_transaction where source = 'channel'",
    )

    assert found[str(number)] == case[-1]


@pytest.mark.parametrize(
    ("moment", "features"),
    [
        ("2026-01-01T00:00:00", "1 1 4 0"),
        ("2025-12-31T23:59:59", "4 12 3 23"),
        ("2026-03-29T23:00:00", "1 3 7 23"),
        ("2026-04-06T01:00:00", "2 4 1 1"),
    ],
)
def test_temporal_features_are_of_utc_and_a_week_begins_on_monday(moment, features):
    context = empty_context()
    insert(context, "silver.orders", source="s", record_id="o", event_time=moment, status="paid")
    insert(context, "silver.web_events", source="s", customer_id="ann", event_time=moment)

    build(context, *TRANSACTIONS, "silver.web_visit", "silver.customer_session")

    for table, day in (
        ("silver.customer_transaction", "transaction_date"),
        ("silver.customer_session", "session_date"),
    ):
        assert text(context, f"select quarter, month, day_of_week, hour from {table}") == [features]
        assert text(context, f"select {day} from {table}") == [moment[:10]]
    context.con.close()


TIER = [
    ("10000.01", 51, "vip"),
    ("10000.00", 51, "gold"),
    ("10000.01", 50, "gold"),
    ("5000.01", 26, "gold"),
    ("5000.00", 26, "silver"),
    ("99999.00", 25, "silver"),
    ("2000.01", 11, "silver"),
    ("2000.00", 11, "bronze"),
    ("99999.00", 10, "bronze"),
    ("500.01", 1, "bronze"),
    ("500.00", 99, "new"),
    ("0.00", 0, "new"),
]
CLV = [  # 100.00 spent; days since the last purchase, purchases, lifetime value
    (30, 51, "180.00"),
    (31, 51, "150.00"),
    (90, 51, "150.00"),
    (91, 51, "120.00"),
    (180, 51, "120.00"),
    (181, 51, "75.00"),
    (0, 50, "144.00"),
    (0, 21, "144.00"),
    (0, 20, "120.00"),
    (0, 6, "120.00"),
    (0, 5, "84.00"),
    (0, 1, "84.00"),
]


@pytest.fixture(scope="module")
def metrics():
    """One customer per case of TIER and CLV, and one who never bought."""
    context = empty_context()
    build(context, *METRIC)
    cases = [
        *((f"t{n}", spent, orders, 0) for n, (spent, orders, _) in enumerate(TIER)),
        *((f"c{n}", "100.00", orders, days) for n, (days, orders, _) in enumerate(CLV)),
        ("rounded", "0.03", 1, 0),
    ]
    for customer_id, spent, orders, days in cases:
        insert(context, "silver.customer_profile_base", customer_id=customer_id)
        insert(
            context,
            "silver.customer_order",
            customer_id=customer_id,
            order_count=orders,
            total_revenue_usd=Decimal(spent),
            last_order_at=AS_OF - timedelta(days=days),
        )
    insert(context, "silver.customer_profile_base", customer_id="nothing")
    build(context, "silver.customer_metric")
    yield context
    context.con.close()


@each(TIER)
def test_a_tier_needs_both_money_and_purchases(metrics, number, case):
    found = answers(metrics, "select customer_id, tier from silver.customer_metric")

    assert found[f"t{number}"] == case[-1]


@each(CLV)
def test_the_lifetime_value_is_spend_times_recency_times_frequency(metrics, number, case):
    found = answers(metrics, "select customer_id, clv_usd::varchar from silver.customer_metric")

    assert found[f"c{number}"] == case[-1]


def test_the_lifetime_value_is_rounded_to_the_cent_and_of_nothing_is_nothing(metrics):
    found = answers(metrics, "select customer_id, clv_usd::varchar from silver.customer_metric")

    assert found["rounded"] == "0.03"  # 0.03 * 1.2 * 0.7 = 0.0252
    assert found["nothing"] == "0.00"


VISIT = [  # seconds, page views, other cells of the visit, and what it is called
    (0, 1, {}, "bounce general_browse discovery"),
    (0, 2, {}, "quick general_browse discovery"),
    (60, 2, {}, "quick general_browse discovery"),
    (61, 2, {}, "short general_browse discovery"),
    (120, 2, {}, "short general_browse discovery"),
    (121, 2, {}, "short general_browse awareness"),
    (300, 4, {}, "short general_browse awareness"),
    (301, 3, {}, "short general_browse awareness"),
    (301, 4, {}, "active general_browse awareness"),
    (1800, 11, {}, "active general_browse awareness"),
    (1801, 10, {}, "active general_browse awareness"),
    (1801, 11, {}, "engaged general_browse awareness"),
    (0, 2, {"searches": 3}, "quick general_browse evaluation"),
    (0, 2, {"searches": 4}, "quick search_intent evaluation"),
    (0, 2, {"category_views": 1}, "quick general_browse evaluation"),
    (0, 2, {"product_views": 5, "searches": 4}, "quick search_intent consideration"),
    (0, 2, {"product_views": 6, "searches": 4}, "quick browse_intent consideration"),
    (0, 2, {"wishlist_adds": 1, "product_views": 6}, "quick interest_intent consideration"),
    (0, 2, {"cart_adds": 1, "wishlist_adds": 1}, "quick purchase_intent consideration"),
    (0, 2, {"checkouts": 1}, "quick general_browse conversion"),
    (0, 2, {"purchases": 1}, "quick general_browse conversion"),
]
SCORE = [  # seconds, page views, interactions, purchases, engagement score
    (0, 0, 0, 0, "0.00"),
    (300, 0, 0, 0, "1.00"),
    (100, 0, 0, 0, "0.33"),
    (3000, 0, 0, 0, "10.00"),
    (3001, 0, 0, 0, "10.00"),
    (0, 50, 0, 0, "10.00"),
    (0, 51, 0, 0, "10.00"),
    (0, 0, 100, 0, "10.00"),
    (0, 0, 101, 0, "10.00"),
    (3000, 50, 100, 0, "30.00"),
    (0, 49, 0, 1, "29.80"),
    (0, 1, 100, 1, "30.20"),
    (3000, 50, 0, 1, "40.00"),
    (3000, 50, 100, 1, "50.00"),
    (3000, 50, 100, 2, "50.00"),
]
NOTHING = dict.fromkeys(
    (
        *("page_views", "product_views", "category_views", "searches", "cart_adds"),
        *("wishlist_adds", "checkouts", "purchases", "interactions"),
    ),
    0,
)


@pytest.fixture(scope="module")
def visits():
    """One visit per case of VISIT and SCORE."""
    context = empty_context()
    build(context, "silver.web_visit")
    cases = [
        *((f"v{n}", s, {"page_views": p, **more}) for n, (s, p, more, _) in enumerate(VISIT)),
        *(
            (f"s{n}", s, {"page_views": p, "interactions": i, "purchases": b})
            for n, (s, p, i, b, _) in enumerate(SCORE)
        ),
    ]
    for key, seconds, cells in cases:
        insert(
            context,
            "silver.web_visit",
            session_key=key,
            customer_id=key,
            part=1,
            started_at=AS_OF,
            ended_at=AS_OF + timedelta(seconds=seconds),
            duration_seconds=seconds,
            **(NOTHING | cells),
        )
    build(context, "silver.customer_session")
    yield context
    context.con.close()


@each(VISIT)
def test_a_visit_is_classed_by_time_pages_and_what_was_done(visits, number, case):
    found = answers(
        visits,
        "select session_key, session_class || ' ' || intent || ' ' || journey_stage"
        " from silver.customer_session",
    )

    assert found[f"v{number}"] == case[-1]


@each(SCORE)
def test_the_engagement_score_is_capped_by_part_and_as_a_whole(visits, number, case):
    query = "select session_key, engagement_score::varchar from silver.customer_session"

    assert answers(visits, query)[f"s{number}"] == case[-1]


def test_a_high_engagement_is_above_30_points(visits):
    found = rows(
        visits,
        "select engagement_score > 30, is_high_engagement, count(*) > 0"
        " from silver.customer_session group by all order by 1",
    )

    assert found == [(False, False, True), (True, True, True)]


def test_a_session_is_efficient_per_minute_and_per_page_and_nothing_per_nothing_is_nothing(visits):
    query = (
        "select pages_per_minute, conversion_rate from silver.customer_session where session_key ="
    )

    assert text(visits, f"{query} 'v3'") == ["1.97 0.0000"]
    assert text(visits, f"{query} 'v20'") == ["0.00 0.5000"]
    assert text(visits, f"{query} 's0'") == ["0.00 0.0000"]


IPAD = "Mozilla/5.0 (iPad; CPU OS 16_3 like Mac OS X) Mobile/15E148"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 16_3 like Mac OS X) Mobile/15E148"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
DEVICE = [
    ("DESKTOP", None, "desktop"),
    ("Mobile", None, "mobile"),
    ("TABLET", None, "tablet"),
    (None, IPAD, "tablet"),  # it calls itself mobile as well
    ("tablet", "Mozilla/5.0 (Linux; Android 13; SM-X200)", "tablet"),
    (None, "Mozilla/5.0 (Linux; Android 13; SM-S901B)", "mobile"),
    (None, IPHONE, "mobile"),
    (None, WINDOWS, "desktop"),
    ("desktop", IPAD, "desktop"),  # what the source says goes before what the browser says
    ("smart tv", IPHONE, "mobile"),
    ("smart tv", None, "unknown"),
    (None, None, "unknown"),
]
REFERRER = [
    (None, "direct"),
    ("", "direct"),
    ("https://www.Google.com/search?q=tea", "search"),
    ("https://m.facebook.com/", "social"),
    ("email", "email"),
    ("https://www.google.com/search?q=email", "search"),
    ("https://partner.example/", "other"),
]


@pytest.fixture(scope="module")
def events():
    """One event per case of DEVICE and REFERRER, each of a customer of its own."""
    context = empty_context()
    for number, (device_type, user_agent, _) in enumerate(DEVICE):
        insert(
            context,
            "silver.web_events",
            customer_id=f"d{number}",
            device_type=device_type,
            user_agent=user_agent,
        )
    for number, (referrer, _) in enumerate(REFERRER):
        insert(context, "silver.web_events", customer_id=f"r{number}", referrer=referrer)
    context.con.execute("update silver.web_events set source = 'web', event_time = '2026-01-01'")
    build(context, "silver.web_visit", "silver.customer_session")
    yield context
    context.con.close()


@each(DEVICE)
def test_a_device_is_told_by_words_and_tablets_are_found(events, number, case):
    found = answers(
        events, "select customer_id, device_class || is_mobile_user from silver.customer_session"
    )

    assert found[f"d{number}"] == f"{case[-1]}{str(case[-1] == 'mobile').lower()}"


@each(REFERRER)
def test_a_visit_came_by_the_page_that_led_to_it(events, number, case):
    found = answers(events, "select customer_id, channel_type from silver.customer_session")

    assert found[f"r{number}"] == case[-1]


@pytest.mark.parametrize(
    ("last_session_at", "total_sessions", "total_conversions", "flags"),
    [
        (AS_OF - timedelta(days=7), 20, 0, "7 True False False"),
        (AS_OF - timedelta(days=8) + timedelta(microseconds=1), 21, 1, "7 True True True"),
        (AS_OF - timedelta(days=8), 0, 2, "8 False False True"),
        (None, 0, 0, "- False False False"),
    ],
)
def test_a_user_is_active_frequent_and_a_converter(
    last_session_at, total_sessions, total_conversions, flags
):
    context = empty_context()
    build(context, *METRIC)
    insert(context, "silver.customer_profile_base", customer_id="ann")
    insert(
        context,
        "silver.customer_behaviour",
        customer_id="ann",
        last_session_at=last_session_at,
        total_sessions=total_sessions,
        total_conversions=total_conversions,
    )

    build(context, "silver.customer_metric")

    assert text(
        context,
        "select behavioural_recency_days, is_active_user, is_frequent_user, is_converter_user"
        " from silver.customer_metric",
    ) == [flags]
    context.con.close()


def test_every_threshold_and_word_is_a_setting():
    context = empty_context(
        transaction={"high_value_usd": 1, "medium_value_usd": 0},
        basket={"large_usd": 1},
        channel={"online_words": ["Kiosk"]},
        tier={"vip_usd": 1, "vip_orders": 0},
        clv={"recent_factor": "2", "rare_factor": "3"},
        event_types={"purchases": ["Bought!"], "page_views": ["screen"]},
        device={"tablet_words": ["Slate"], "mobile_words": [], "desktop_words": []},
        referrer={"social_words": ["friends"]},
        session={"person_words": [], "bot_words": ["Cubot"]},
        engagement={"points_per_conversion": 7},
        intent={"product_views": 0},
    )
    insert(context, "identity.customer", customer_id="ann", is_identified=True)
    insert(
        context,
        "silver.orders",
        source="shop",
        record_id="o1",
        customer_id="ann",
        event_time=AS_OF,
        status="paid",
        channel="KIOSK 7",
        amount_usd="1.01",
    )
    for event_type, agent in (("BOUGHT", None), ("screen", None), ("screen", "CUBOT")):
        insert(
            context,
            "silver.web_events",
            source="web",
            customer_id="ann" if agent is None else "eve",
            session_id="s",
            event_time=AS_OF,
            event_type=event_type,
            device_type="slate",
            user_agent=agent,
            referrer="friends.example",
        )

    build(context, *METRIC)

    assert text(
        context, "select value_class, basket_size, channel_class from silver.customer_transaction"
    ) == ["high_value large online"]
    assert text(context, "select tier, clv_usd from silver.customer_metric") == ["vip 6.06"]
    assert text(
        context,
        "select customer_id, conversions, page_views, device_class, channel_type,"
        " engagement_score from silver.customer_session",
    ) == ["ann 1 1 tablet social 7.20"]
    assert text(context, "select customer_id, reason from silver.bot_session") == ["eve agent"]
    context.con.close()
