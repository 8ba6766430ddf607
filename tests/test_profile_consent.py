import pytest
from profile_tables import build, empty_context, given, text


@pytest.mark.parametrize(
    ("answers", "in_force"),
    [
        (["2026-01-01 true"], "true 2026-01-01 granted"),
        (["2026-01-01 true", "2026-01-02 false"], "false 2026-01-02 withdrawn"),
        (["2026-01-02 true", "2026-01-01 false"], "true 2026-01-02 granted"),
        # The same instant: a customer merged of two records may have said both.
        (["2026-01-01 true", "2026-01-01 false"], "false 2026-01-01 conflicting"),
        (["2026-01-01 true", "2026-01-01 -"], "false 2026-01-01 conflicting"),
        (["2026-01-01 true", "2026-01-01 true"], "true 2026-01-01 granted"),
        (["2026-01-01 true", "2026-01-01 false", "2026-01-02 true"], "true 2026-01-02 granted"),
        (["2026-01-01 true", "2026-01-02 -"], "false 2026-01-02 unanswered"),
        (["2026-01-01 false", "2026-01-01 -"], "false 2026-01-01 withdrawn"),
        # What is said after the moment of the build is not known yet.
        (["2026-01-01 true", "2026-01-15T12:00:01 false"], "true 2026-01-01 granted"),
        (["2026-01-01 true", "2026-01-15T12:00:00 false"], "false 2026-01-15 withdrawn"),
    ],
)
def test_the_latest_answer_is_in_force_and_doubt_is_a_no(answers, in_force):
    context = empty_context()
    for answer in answers:
        given(
            context,
            "silver.consents",
            f"customer_id purpose event_time is_granted\nann marketing {answer}",
        )

    build(context, "silver.customer_consent")

    granted, day, reason = in_force.split()
    assert text(
        context,
        "select lower(is_granted::varchar), decided_at::date, reason from silver.customer_consent",
    ) == [f"{granted} {day} {reason}"]


def test_purposes_are_asked_apart_and_their_spelling_does_not_matter():
    context = empty_context()
    given(
        context,
        "silver.consents",
        """
        customer_id  purpose          event_time  is_granted
        ann          Marketing        2026-01-01  true
        ann          marketing        2026-01-02  false
        ann          personalization  2026-01-01  true
        """,
    )

    build(context, "silver.customer_consent")

    assert text(
        context, "select purpose, reason from silver.customer_consent order by purpose"
    ) == ["marketing withdrawn", "personalization granted"]


def test_an_answer_of_nobody_or_about_nothing_is_left_out():
    context = empty_context()
    given(
        context,
        "silver.consents",
        """
        customer_id  purpose    event_time  is_granted
        -            marketing  2026-01-01  true
        ann          -          2026-01-01  true
        ann          marketing  -           true
        """,
    )

    build(context, "silver.customer_consent")

    assert text(context, "from silver.customer_consent") == []


def test_a_customer_who_was_never_asked_has_not_consented():
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true")

    build(context)

    assert text(
        context, "select marketing_consent, personalization_consent from gold.customer_360"
    ) == ["False False"]


@pytest.mark.parametrize(
    ("answer", "resolved_by", "in_force"),
    [
        ("false", "none", ["ann False", "bob False"]),
        # A yes by a shared value gives nobody's consent.
        ("true", "none", ["ann True"]),
        # Who says no with a card of his own speaks for himself.
        ("false", "card", ["ann True"]),
    ],
)
def test_a_no_by_a_shared_value_alone_is_a_no_of_all_who_share_it(answer, resolved_by, in_force):
    context = empty_context()
    given(
        context,
        "silver.consents",
        f"""
        source  record_id  customer_id  purpose    event_time  is_granted
        web     1          ann          marketing  2026-01-01  true
        web     2          nobody       marketing  2026-01-02  {answer}
        """,
    )
    given(
        context,
        "identity.member",
        f"source record_id keyring customer_id resolved_by\nweb 2 k2 nobody {resolved_by}",
    )
    given(
        context,
        "identity.carried",
        "keyring identifier\nk2 i1\nka i1\nkb i1",
    )
    given(context, "identity.verdict", "identifier status\ni1 shared")
    given(context, "identity.cluster", "keyring customer_id\nka ann\nkb bob")

    build(context, "silver.customer_consent")

    assert (
        text(
            context,
            "select customer_id, is_granted from silver.customer_consent"
            " where customer_id <> 'nobody' order by customer_id",
        )
        == in_force
    )
