import pytest
from profile_tables import build, empty_context, given, text

BEHAVIOUR = ("silver.web_visit", "silver.customer_session", "silver.customer_behaviour")


def test_the_window_includes_its_first_and_last_moment():
    context = empty_context(behaviour_days=10)
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time
        web     ann          early       2026-01-05T11:59:59
        web     ann          first       2026-01-05T12:00:00
        web     ann          last        2026-01-15T12:00:00
        web     -            nobody      2026-01-10
        """,
    )

    build(context, *BEHAVIOUR)

    assert text(
        context,
        "select customer_id, click_events, sessions, total_sessions from silver.customer_behaviour",
    ) == ["ann 2 2 3"]


@pytest.mark.parametrize("session_id", ["s1", "-"])
def test_of_a_visit_that_began_before_the_window_the_clicks_within_it_count(session_id):
    context = empty_context(behaviour_days=10)
    given(
        context,
        "silver.web_events",
        f"""
        source  customer_id  session_id    event_time
        web     ann          {session_id}  2026-01-05T11:50:00
        web     ann          {session_id}  2026-01-05T12:00:00
        web     ann          {session_id}  2026-01-05T12:10:00
        web     ann          {session_id}  2026-01-05T13:00:00
        web     ann          other         2026-01-05T12:05:00
        web     bob          {session_id}  2026-01-05T12:00:00
        """,
    )

    build(context, *BEHAVIOUR)

    assert text(
        context,
        "select customer_id, click_events, sessions from silver.customer_behaviour order by all",
    ) == ["ann 4 3", "bob 1 1"]


def test_who_was_not_there_within_the_window_has_no_clicks_in_it():
    context = empty_context(behaviour_days=10)
    given(
        context,
        "silver.web_events",
        "source customer_id session_id event_time\nweb ann s1 2025-01-01",
    )

    build(context, *BEHAVIOUR)

    assert text(
        context,
        "select click_events, sessions, last_event_at, total_sessions"
        " from silver.customer_behaviour",
    ) == ["0 0 - 1"]


def test_a_visit_counts_once_whether_events_or_sessions_or_both_tell_of_it():
    context = empty_context()
    given(
        context,
        "silver.web_events",
        """
        source  customer_id  session_id  event_time
        web     ann          s1          2026-01-10
        app     ann          s1          2026-01-10
        web     ann          s2          2026-01-11
        web     ann          -           2026-01-12
        """,
    )
    given(
        context,
        "silver.sessions",
        """
        source  customer_id  record_id  event_time
        ga      ann          s2         2026-01-11
        ga      ann          s3         2026-01-13
        adobe   ann          s3         2026-01-13
        """,
    )

    build(context, *BEHAVIOUR)

    assert text(
        context,
        "select click_events, sessions, last_event_at::date from silver.customer_behaviour",
    ) == ["4 4 2026-01-13"]


def test_tickets_count_within_the_window_and_open_complaints_always():
    context = empty_context(service_days=10)
    given(
        context,
        "silver.tickets",
        """
        customer_id  event_time           category   status       resolved_at
        ann          2026-01-05T12:00:00  billing    closed       2026-01-06
        ann          2026-01-05T11:59:59  complaint  open         -
        ann          2025-01-01           complaint  in_progress  -
        ann          2025-01-01           complaint  -            -
        ann          2025-01-01           complaint  resolved     -
        ann          2025-01-01           complaint  open         2025-01-02
        ann          2025-01-01           delivery   open         -
        """,
    )

    build(context, "silver.customer_service")

    assert text(
        context, "select support_tickets, open_complaints from silver.customer_service"
    ) == ["1 3"]


def test_averages_of_service_leave_out_what_is_not_known():
    context = empty_context()
    given(
        context,
        "silver.tickets",
        """
        customer_id  event_time  resolved_at          csat
        ann          2026-01-01  2026-01-01T03:00:00  4.0
        ann          2026-01-01  2026-01-01T04:30:00  5.0
        ann          2026-01-01  -                    -
        ann          2026-01-01  2025-12-31           -
        ann          2026-01-01  2026-02-01           -
        bob          2026-01-01  -                    -
        """,
    )

    build(context, "silver.customer_service")

    assert text(
        context,
        "select customer_id, avg_csat, avg_resolution_hours from silver.customer_service"
        " order by 1",
    ) == ["ann 4.50 3.75", "bob - -"]


def test_rates_are_shares_of_what_was_delivered():
    context = empty_context()
    given(
        context,
        "silver.campaign_events",
        """
        customer_id  event_time           is_delivered  is_opened  is_clicked
        ann          2026-01-01           true          true       true
        ann          2026-01-01           true          true       -
        ann          2026-01-01           true          false      false
        ann          2026-01-01           false         true       true
        bob          2026-01-01           false         false      false
        """,
    )

    build(context, "silver.message", "silver.customer_campaign")

    assert text(
        context,
        "select customer_id, messages, delivered_messages, open_rate, click_rate"
        " from silver.customer_campaign order by customer_id",
    ) == ["ann 4 3 0.6667 0.3333", "bob 1 0 - -"]
