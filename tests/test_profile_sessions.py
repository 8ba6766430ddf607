from datetime import datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings as at_most
from hypothesis import strategies as st
from profile_tables import build, empty_context, given, rows, text
from thorough import examples

SESSIONS = (
    "silver.web_visit",
    "silver.bot_session",
    "silver.customer_session",
    "silver.customer_behaviour",
)
PARTS = "select session_key, events, duration_seconds from silver.customer_session order by all"


@pytest.fixture
def context():
    context = empty_context()
    yield context
    context.con.close()


def test_longer_idle_than_the_gap_ends_a_visit(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time
        web     ann          s           2026-01-01T10:00:00
        web     ann          s           2026-01-01T10:30:00
        web     ann          s           2026-01-01T11:00:00.000001
        web     ann          s           2026-01-01T11:00:01
        """,
    )

    build(context, *SESSIONS)

    assert text(context, PARTS) == ["ann/s/1 2 1800", "ann/s/2 2 0"]


def test_a_visit_longer_than_the_longest_is_cut_even_if_it_never_pauses(context):
    begin = datetime(2026, 1, 1)
    given(
        context,
        "silver.web_events",
        "source customer_id session_id event_time\n"
        + "\n".join(
            f"web {who} s {(begin + timedelta(minutes=30 * step)).isoformat()}"
            for who, steps in (("ann", 25), ("bob", 26), ("cat", 49))
            for step in range(steps)
        ),
    )

    build(context, *SESSIONS)

    assert text(context, PARTS) == [
        "ann/s/1 25 43200",  # twelve hours, and no more
        "bob/s/1 25 43200",
        "bob/s/2 1 0",
        "cat/s/1 25 43200",
        "cat/s/2 24 41400",
    ]


def test_the_gap_and_the_longest_visit_are_settings():
    context = empty_context(session={"gap_minutes": 60, "longest_hours": 1})
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time
        web     ann          s           2026-01-01T10:00:00
        web     ann          s           2026-01-01T11:00:00
        web     ann          s           2026-01-01T12:00:00
        """,
    )

    build(context, *SESSIONS)

    assert text(context, PARTS) == ["ann/s/1 2 3600", "ann/s/2 1 0"]
    context.con.close()


def test_events_without_a_session_are_parted_by_customer_and_those_of_nobody_by_source(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time
        web     ann          -           2026-01-01T10:00:00
        app     ann          -           2026-01-01T10:10:00
        web     ann          -           2026-01-01T12:00:00
        web     bob          -           2026-01-01T10:00:00
        web     -            -           2026-01-01T10:00:00
        web     -            -           2026-01-01T10:20:00
        app     -            -           2026-01-01T10:00:00
        web     -            s           2026-01-01T10:00:00
        """,
    )

    build(context, *SESSIONS)

    assert text(
        context,
        "select session_key, source, events, session_number from silver.customer_session"
        " order by all",
    ) == [
        "/s/1 web 1 -",
        "@app@2026-01-01 10:00:00 app 1 -",
        "@web@2026-01-01 10:00:00 web 2 -",
        "ann@@2026-01-01 10:00:00 app 2 1",
        "ann@@2026-01-01 12:00:00 web 1 2",
        "bob@@2026-01-01 10:00:00 web 1 1",
    ]


def test_a_session_id_that_two_customers_share_is_a_visit_of_each(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time
        kiosk   ann          s           2026-01-01T10:00:00
        kiosk   bob          s           2026-01-01T10:01:00
        """,
    )

    build(context, *SESSIONS)

    assert text(context, "select session_key from silver.customer_session order by all") == [
        "ann/s/1",
        "bob/s/1",
    ]


def test_what_the_source_measured_enriches_the_first_part_and_events_count_and_time_it(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time           event_type
        web     ann          s           2026-01-01T10:00:00  page_view
        web     ann          s           2026-01-01T10:01:00  page_view
        web     ann          s           2026-01-01T12:00:00  page_view
        """,
    )
    context.con.execute(
        "insert into silver.sessions by name"
        " select 'ga' as source, 'ann' as customer_id, 's' as record_id,"
        " timestamp '2026-01-01 09:59:00' as event_time, 999 as duration_seconds, 9 as page_views,"
        " 0.81 as bounce_rate, true as is_converted, 'Google' as traffic_source,"
        " 'c1' as campaign_id"
    ).fetchall()

    build(context, *SESSIONS)

    assert text(
        context,
        "select session_key, source, duration_seconds, page_views, bounce_rate, session_class,"
        " conversions, channel_type, campaign_id from silver.customer_session order by 1",
    ) == [
        "ann/s/1 web 60 2 0.81 bounce 1 search c1",
        "ann/s/2 web 0 1 1.00 bounce 0 direct -",
    ]


@pytest.mark.parametrize(("bounce_rate", "session_class"), [("0.80", "short"), ("0.81", "bounce")])
def test_a_visit_without_events_stands_for_itself(context, bounce_rate, session_class):
    given(
        context,
        "silver.sessions",
        f"""
        source  customer_id  record_id  event_time           page_views  bounce_rate    is_converted
        ga      ann          s1         2026-01-01T10:05:00  4           {bounce_rate}  -
        ga      ann          s2         2026-01-02T10:00:00  -           -              true
        """,
    )
    context.con.execute(
        "update silver.sessions set started_at = '2026-01-01 10:00:00', ended_at = event_time"
        " where record_id = 's1'"
    ).fetchall()

    build(context, *SESSIONS)

    assert text(
        context,
        "select session_key, started_at, duration_seconds, page_views, bounce_rate, session_class,"
        " conversions, journey_stage, device_class, channel_type, session_number,"
        " is_returning_visitor from silver.customer_session order by 1",
    ) == [
        f"ann/s1/1 2026-01-01 10:00:00 300 4 {bounce_rate} {session_class}"
        " 0 awareness unknown direct 1 False",
        "ann/s2/1 2026-01-02 10:00:00 0 0 0.00 quick 1 conversion unknown direct 2 True",
    ]


def test_event_types_are_known_by_many_names_and_one_event_may_be_several_things(context):
    given(
        context,
        "silver.web_events",
        "source customer_id session_id event_time event_type\n"
        + "\n".join(
            f"web ann s 2026-01-01 {event_type}"
            for event_type in (
                *("PAGE_VIEW", "page-view", "pageView", "product_view", "view_item"),
                *("add_to_cart", "CART_ADD", "addToWishlist", "search", "click", "scroll"),
                *("checkout", "purchase", "heartbeat", "-"),
            )
        ),
    )

    build(context, *SESSIONS)

    assert text(
        context,
        "select events, page_views, product_views, cart_adds, wishlist_adds, searches,"
        " interactions, conversions from silver.customer_session",
    ) == ["15 4 2 2 1 1 6 1"]


def test_the_channel_is_that_of_the_first_event(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time           referrer
        web     ann          s1          2026-01-01T10:00:00  facebook
        web     ann          s1          2026-01-01T10:01:00  google
        web     ann          s2          2026-01-02T10:00:00  -
        web     ann          s2          2026-01-02T10:00:00  google
        web     ann          s2          2026-01-02T10:00:00  shop.example
        web     ann          s3          2026-01-03T10:00:00  -
        web     ann          s3          2026-01-03T10:01:00  shop.example
        """,
    )

    build(context, *SESSIONS)

    assert text(
        context, "select channel_type from silver.customer_session order by session_key"
    ) == [
        "social",
        "search",  # of those at the same moment one that says more
        "direct",
    ]


AGENTS = [
    ("Mozilla/5.0_(compatible;Googlebot/2.1)", "-", "-", True),
    ("HeadlessChrome/120", "-", "-", True),
    ("-", "curl/8.0", "-", True),
    ("-", "-", "BOT", True),
    ("Mozilla/5.0_(Linux;Android_9;CUBOT_X19)", "-", "-", False),  # a telephone
    ("CUBOT_Googlebot", "-", "-", True),
    ("Mozilla/5.0", "Chrome", "desktop", False),
    ("-", "-", "-", False),
]


@pytest.mark.parametrize(("user_agent", "browser", "device_type", "is_bot"), AGENTS)
def test_a_machine_is_told_by_what_it_calls_itself(
    context, user_agent, browser, device_type, is_bot
):
    given(
        context,
        "silver.web_events",
        f"""
        source  customer_id  session_id  event_time  user_agent    browser    device_type
        web     ann          s           2026-01-01  {user_agent}  {browser}  {device_type}
        web     ann          s           2026-01-01  -             -          -
        """,
    )

    build(context, *SESSIONS)

    assert text(context, "select session_key, events, reason from silver.bot_session") == (
        ["ann/s/1 2 agent"] if is_bot else []
    )
    assert rows(context, "select count(*) from silver.customer_session") == [(int(not is_bot),)]


@pytest.mark.parametrize(
    ("events", "seconds", "is_bot"),
    [
        (100, 1, False),  # fast, but few
        (101, 101, False),  # exactly 60 a minute
        (101, 100, True),
        (101, 0, True),
    ],
)
def test_a_machine_is_told_by_more_events_than_a_person_makes(context, events, seconds, is_bot):
    context.con.execute(
        "insert into silver.web_events (source, customer_id, session_id, event_time)"
        " select 'web', 'ann', 's', timestamp '2026-01-01'"
        " + interval 1 second * (n * $seconds // ($events - 1)) from range($events) as t (n)",
        {"events": events, "seconds": seconds},
    ).fetchall()

    build(context, *SESSIONS)

    assert text(context, "select reason from silver.bot_session") == (["rate"] if is_bot else [])


def test_nothing_counts_a_machine_not_even_its_row_in_the_session_feed(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time           user_agent
        web     ann          s1          2026-01-10T10:00:00  Googlebot
        web     ann          s2          2026-01-10T11:00:00  -
        """,
    )
    given(
        context, "silver.sessions", "source customer_id record_id event_time\nga ann s1 2026-01-10"
    )

    build(context, *SESSIONS)

    assert text(context, "select session_id, session_number from silver.customer_session") == [
        "s2 1"
    ]
    assert text(
        context, "select click_events, sessions, total_sessions from silver.customer_behaviour"
    ) == ["1 1 1"]


def test_aggregates_of_a_customer_by_eye(context):
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time           event_type    device_type  referrer
        web     ann          s1          2024-01-01T10:00:00  page_view     desktop      google
        web     ann          s1          2024-01-01T10:10:00  purchase      desktop      -
        web     ann          s2          2026-01-02T10:00:00  search        mobile       -
        web     ann          s3          2026-01-03T10:00:00  page_view     -            -
        web     -            s4          2026-01-03T10:00:00  page_view     -            -
        """,
    )

    build(context, *SESSIONS)

    assert text(
        context,
        "select customer_id, click_events, sessions, total_sessions, total_page_views,"
        " total_seconds, total_conversions, average_engagement, first_session_at::date,"
        " last_session_at::date, device_diversity, intent_diversity, journey_stages, channel_types"
        " from silver.customer_behaviour",
    ) == [
        "ann 2 2 3 2 600 1 7.50 2024-01-01 2026-01-03 2 1"
        " conversion,discovery,evaluation direct,search"
    ]


moments = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob"]),
        st.sampled_from(["s", "t", None]),
        st.integers(0, 200),
    ),
    min_size=1,
    max_size=40,
)


@pytest.fixture(scope="module")
def built():
    context = empty_context(session={"gap_minutes": 20, "longest_hours": 1})
    yield context
    context.con.close()


@at_most(max_examples=examples(5), deadline=None)
@for_all(events=moments)
def test_visits_are_those_that_one_finds_by_walking_along_the_events(built, events):
    begin = datetime(2026, 1, 1)
    built.con.execute("delete from silver.web_events").fetchall()
    given(
        built,
        "silver.web_events",
        "source customer_id session_id event_time\n"
        + "\n".join(
            f"web {customer_id} {session_id or '-'}"
            f" {begin + timedelta(minutes=minute):%Y-%m-%dT%H:%M}"
            for customer_id, session_id, minute in events
        ),
    )

    build(built, *SESSIONS)

    assert rows(
        built,
        "select customer_id, session_id, started_at, ended_at, events from silver.customer_session"
        " order by all",
    ) == sorted(
        (
            (customer_id, session_id, begin + timedelta(minutes=part[0]),
             begin + timedelta(minutes=part[-1]), len(part))
            for (customer_id, session_id), minutes in grouped(events).items()
            for part in walked(sorted(minutes), gap=20, longest=60)
        ),
        key=lambda row: (row[0], row[1] is None, row[1] or "", row[2]),
    )  # fmt: skip


def grouped(events):
    found = {}
    for customer_id, session_id, minute in events:
        found.setdefault((customer_id, session_id), []).append(minute)
    return found


def walked(minutes, gap, longest):
    """Return the parts: a run without a gap is cut each `longest` minutes from its begin."""
    parts, run = [], minutes[0]
    for minute, before in zip(minutes, [None, *minutes], strict=False):
        if before is not None and minute - before > gap:
            run = minute
        piece = max(minute - run - 1, 0) // longest
        if not parts or parts[-1][0] != (run, piece):
            parts.append(((run, piece), []))
        parts[-1][1].append(minute)
    return [part for _, part in parts]
