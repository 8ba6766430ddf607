from datetime import timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import settings as at_most
from hypothesis import strategies as st
from profile_tables import AS_OF, build, empty_context, given, rows, text


def test_who_said_yes_to_both_is_a_candidate_and_everybody_else_is_excluded_with_the_reason():
    context = empty_context()
    given(
        context,
        "identity.customer",
        """
        customer_id  is_identified
        ann          true
        bob          true
        cat          true
        dan          true
        eve          true
        visitor      false
        """,
    )
    given(
        context,
        "silver.consents",
        """
        customer_id  purpose          event_time  is_granted
        ann          marketing        2026-01-01  true
        ann          personalization  2026-01-01  true
        bob          marketing        2026-01-01  true
        bob          marketing        2026-01-02  false
        bob          personalization  2026-01-01  true
        cat          marketing        2026-01-01  true
        cat          marketing        2026-01-01  false
        cat          personalization  2026-01-01  false
        dan          marketing        2026-01-01  true
        dan          personalization  2026-01-01  -
        visitor      marketing        2026-01-01  true
        visitor      personalization  2026-01-01  true
        """,
    )

    build(context)

    assert text(context, "select customer_id from gold.activation_candidates") == ["ann"]
    assert rows(
        context, "select customer_id, reason from gold.activation_excluded order by customer_id"
    ) == [
        ("bob", "marketing_consent_withdrawn"),
        ("cat", "conflicting_marketing_consent, personalization_consent_withdrawn"),
        ("dan", "no_personalization_consent"),
        ("eve", "no_marketing_consent, no_personalization_consent"),
    ]


def test_the_reason_to_activate_names_segment_risk_and_priority():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true")
    given(
        context,
        "silver.consents",
        """
        customer_id  purpose          event_time  is_granted
        ann          marketing        2026-01-01  true
        ann          personalization  2026-01-01  true
        """,
    )
    given(
        context, "silver.customers", "customer_id event_time preferred_channel\nann 2026-01-01 sms"
    )

    build(context)

    assert rows(
        context,
        "select channel, segment, customer_value_score, churn_risk_score, retention_priority,"
        " reason from gold.activation_candidates",
    ) == [
        (
            "sms",
            "prospect",
            0,
            65,
            "high",
            "segment prospect, churn risk 65 of 100, retention priority high",
        )
    ]


answers = st.lists(
    st.tuples(
        st.sampled_from(["ann", "bob", "cat", None]),
        st.sampled_from(["marketing", "personalization", "MARKETING ", "profiling", None]),
        st.integers(-2, 2),
        st.sampled_from([True, True, False, None]),
    ),
    max_size=30,
)


def consents(history, customer_id, purpose):
    """Say by the rule's own words whether consent is in force: the independent oracle."""
    said = [
        (day, is_granted)
        for customer, about, day, is_granted in history
        if customer == customer_id and about and about.strip().lower() == purpose and day <= 0
    ]
    latest = max((day for day, _ in said), default=None)
    at_last = [is_granted for day, is_granted in said if day == latest]
    return bool(at_last) and all(at_last)


PEOPLE = ("ann", "bob", "cat")


@pytest.fixture(scope="module")
def people():
    """Three customers without any consent, all tables built."""
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true\ncat true")
    build(context)
    yield context
    context.con.close()


@at_most(max_examples=40, deadline=None)
@for_all(history=answers)
def test_nobody_is_activated_without_both_consents_and_nobody_is_lost(people, history):
    context = people
    context.con.execute("delete from silver.consents").fetchall()
    for customer_id, purpose, day, is_granted in history:
        context.con.execute(
            "insert into silver.consents (customer_id, purpose, event_time, is_granted)"
            " values (?, ?, ?, ?)",
            [customer_id, purpose, AS_OF + timedelta(days=day), is_granted],
        ).fetchall()

    build(
        context,
        "silver.customer_consent",
        "gold.customer_360",
        "gold.activation_candidates",
        "gold.activation_excluded",
    )

    candidates = set(text(context, "select customer_id from gold.activation_candidates"))
    excluded = set(text(context, "select customer_id from gold.activation_excluded"))
    assert candidates | excluded == set(PEOPLE)
    assert not candidates & excluded
    assert candidates == {
        name
        for name in PEOPLE
        if consents(history, name, "marketing") and consents(history, name, "personalization")
    }
    assert rows(context, "from gold.activation_excluded where reason = ''") == []
