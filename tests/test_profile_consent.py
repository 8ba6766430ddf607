from dataclasses import replace

import pytest
from profile_tables import build, empty_context, given, rows, text

from c360.consent import ConsentRules
from c360.profile.models import CONSENT

CONSENTS = [step.table for step in CONSENT]


def said(context, statements):
    """Give the statements of a text table; each is a record of its keyring."""
    (first,) = rows(context, "select count(*) from silver.consents")[0]
    for number, line in enumerate(statements.strip().splitlines(), first):
        customer, keyring, purpose, channel, day, answer = line.split()
        given(
            context,
            "silver.consents",
            "source record_id customer_id purpose contact_channel event_time is_granted\n"
            f"web {number} {customer} {purpose} {channel} 2026-01-{day} {answer}",
        )
        given(
            context,
            "identity.member",
            "source record_id keyring customer_id resolved_by\n"
            f"web {number} {keyring} {customer} card",
        )


def carried(context, links):
    """Let keyrings carry joined identifiers: `k1 card:1 mail:2`."""
    for line in links.strip().splitlines():
        keyring, *values = line.split()
        for value in values:
            namespace, _, name = value.partition(":")
            given(
                context,
                "identity.link",
                f"keyring namespace value status\n{keyring} {namespace} {name} joined",
            )


def in_force(context):
    """Return `customer purpose answer reason` of every consent."""
    return text(
        context,
        "select customer_id, purpose, if(is_granted, 'yes', 'no'), reason"
        " from silver.customer_consent order by all",
    )


def in_force_by_channel(context):
    """Return `purpose channel answer reason` of every consent that names a channel."""
    return text(
        context,
        "select purpose, contact_channel, if(is_granted, 'yes', 'no'), reason"
        " from silver.customer_channel_consent order by all",
    )


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

    build(context, *CONSENTS)

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

    build(context, *CONSENTS)

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

    build(context, *CONSENTS)

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

    build(context, *CONSENTS)

    assert (
        text(
            context,
            "select customer_id, is_granted from silver.customer_consent"
            " where customer_id <> 'nobody' order by customer_id",
        )
        == in_force
    )


def test_an_answer_is_told_with_the_text_and_the_place_of_the_statement_that_decided_it():
    context = empty_context()
    given(
        context,
        "silver.consents",
        """
        source  record_id  customer_id  purpose    event_time  is_granted  policy_version  channel
        web     1          ann          marketing  2026-01-01  true        v1              site
        shop    2          ann          marketing  2026-01-02  true        v2              till
        """,
    )

    build(context, *CONSENTS)

    assert text(
        context,
        "select decided_at::date, policy_version, channel, source from silver.customer_consent",
    ) == ["2026-01-02 v2 till shop"]


MERGED = """
    ann k1 marketing - 01 false
    ann k2 marketing - 02 true
"""
"""One customer said no with one keyring and later yes with another."""


@pytest.mark.parametrize(
    ("links", "answer"),
    [
        # Nothing that they carry is the same: it may have been two people, so the no stands.
        ("k1 card:1\nk2 mail:2", "no withdrawn"),
        ("k1 card:1\nk2 card:1 mail:2", "yes granted"),
        # What stewards decided brings customers together, not their answers.
        ("k1 card:1 decision:7\nk2 mail:2 decision:7", "no withdrawn"),
    ],
)
def test_a_later_yes_lifts_a_no_only_where_both_carry_a_joined_identifier(links, answer):
    context = empty_context()
    said(context, MERGED)
    carried(context, links)

    build(context, *CONSENTS)

    assert in_force(context) == [f"ann marketing {answer}"]


def test_a_value_that_is_shared_does_not_make_two_statements_those_of_one_person():
    context = empty_context()
    said(context, MERGED)
    given(
        context,
        "identity.link",
        "keyring namespace value status\nk1 mail 2 shared\nk2 mail 2 shared",
    )

    build(context, *CONSENTS)

    assert in_force(context) == ["ann marketing no withdrawn"]


def test_statements_are_of_one_subject_over_a_third_that_said_yes():
    context = empty_context()
    said(
        context,
        """
        ann k1 marketing       - 01 true
        ann k1 marketing       - 03 false
        ann k2 personalization - 02 true
        ann k3 marketing       - 04 true
        """,
    )
    carried(context, "k1 card:1\nk2 card:1 mail:2\nk3 mail:2")

    build(context, *CONSENTS)

    assert in_force(context) == ["ann marketing yes granted", "ann personalization yes granted"]


def test_a_withdrawal_never_joins_two_subjects():
    context = empty_context()
    said(
        context,
        """
        ann k1 marketing - 02 false
        ann k2 marketing - 01 false
        ann k3 marketing - 03 true
        """,
    )
    carried(context, "k1 card:1\nk2 card:1 mail:2\nk3 mail:2")

    build(context, *CONSENTS)

    assert in_force(context) == ["ann marketing no withdrawn"]


def test_a_subject_holds_as_many_keyrings_as_there_are():
    context = empty_context()
    chain = range(10, 30)
    said(context, "\n".join(f"ann k{n} marketing - 01 true" for n in chain))
    said(context, "ann k10 marketing - 02 false\nann k29 marketing - 03 true")
    carried(context, "\n".join(f"k{n} mail:{n} mail:{n + 1}" for n in chain))

    build(context, *CONSENTS)

    assert rows(context, "select distinct subject from silver.consent_subject") == [("k10",)]
    assert in_force(context) == ["ann marketing yes granted"]


@pytest.mark.parametrize(("keyring", "answer"), [("ka", "yes granted"), ("kb", "no withdrawn")])
def test_a_shared_no_is_lifted_by_a_later_yes_that_carries_the_value(keyring, answer):
    context = empty_context()
    given(
        context,
        "silver.consents",
        """
        source  record_id  customer_id  purpose    event_time  is_granted
        web     n          nobody       marketing  2026-01-02  false
        """,
    )
    given(
        context,
        "identity.member",
        "source record_id keyring customer_id resolved_by\nweb n k2 nobody none",
    )
    said(context, f"ann {keyring} marketing - 03 true")
    given(context, "identity.carried", "keyring identifier\nk2 i1\nka i1\nkc i1")
    given(context, "identity.verdict", "identifier status\ni1 shared")
    given(context, "identity.cluster", "keyring customer_id\nka ann\nkb ann\nkc cat")

    build(context, *CONSENTS)

    assert in_force(context) == [
        f"ann marketing {answer}",
        "cat marketing no withdrawn",
        "nobody marketing no withdrawn",
    ]


@pytest.mark.parametrize(
    ("expires_at", "expires_after", "answer"),
    [
        ("-", {}, "yes granted"),
        ("2026-01-15T12:00:01", {}, "yes granted"),
        ("2026-01-15T12:00:00", {}, "no expired"),
        ("-", {"Marketing": "15d"}, "yes granted"),
        ("-", {"marketing": "14d"}, "no expired"),
        ("-", {"personalization": "1d", "profiling": "1d"}, "yes granted"),
        # Whichever comes first.
        ("2026-01-02", {"marketing": "90d"}, "no expired"),
        ("2027-01-02", {"marketing": "1d"}, "no expired"),
    ],
)
def test_a_yes_that_has_expired_is_a_no(expires_at, expires_after, answer):
    context = empty_context()
    rules = ConsentRules(expires_after=expires_after)
    settings = context.settings.model_copy(update={"consent": rules})
    context = replace(context, settings=settings)
    given(
        context,
        "silver.consents",
        "customer_id purpose event_time is_granted expires_at\n"
        f"ann marketing 2026-01-01 true {expires_at}",
    )

    build(context, *CONSENTS)

    assert in_force(context) == [f"ann marketing {answer}"]


def test_of_two_yes_at_the_same_instant_the_shorter_one_counts():
    context = empty_context()
    given(
        context,
        "silver.consents",
        """
        source  record_id  customer_id  purpose    event_time  is_granted  expires_at
        web     1          ann          marketing  2026-01-01  true        2026-01-10
        web     2          ann          marketing  2026-01-01  true        2026-02-10
        """,
    )

    build(context, *CONSENTS)

    assert in_force(context) == ["ann marketing no expired"]


@pytest.mark.parametrize(
    ("statements", "by_channel"),
    [
        # Who is asked of every channel is not told apart by channel.
        ("ann k marketing - 01 true", []),
        ("ann k marketing Email 01 true", ["marketing email yes granted"]),
        (
            "ann k marketing - 01 true\nann k marketing email 02 false",
            ["marketing email no withdrawn"],
        ),
        # Yes to every channel, said later, is also a yes to this one.
        (
            "ann k marketing email 01 false\nann k marketing - 02 true",
            ["marketing email yes granted"],
        ),
        # A no to every channel is a no to each.
        (
            "ann k marketing - 01 false\nann k marketing email 02 true",
            ["marketing email no withdrawn"],
        ),
        (
            "ann k marketing email 01 true\nann k marketing email 01 false",
            ["marketing email no conflicting"],
        ),
        # Of two subjects the stricter.
        (
            "ann k1 marketing email 01 false\nann k2 marketing email 02 true",
            ["marketing email no withdrawn"],
        ),
        (
            "ann k1 marketing - 01 true\nann k2 marketing email 02 true\n"
            "ann k2 marketing sms 02 false",
            ["marketing email yes granted", "marketing sms no withdrawn"],
        ),
    ],
)
def test_a_channel_has_an_answer_of_its_own_where_one_was_given(statements, by_channel):
    context = empty_context()
    said(context, statements)

    build(context, *CONSENTS)

    assert in_force_by_channel(context) == by_channel


@pytest.mark.parametrize(
    ("event", "by_channel"),
    [
        ("email true -", ["marketing email no withdrawn"]),
        ("SMS - unsubscribed", ["marketing sms no withdrawn"]),
        ("email false opened", []),
    ],
)
def test_an_unsubscription_withdraws_marketing_for_the_channel_of_the_message(event, by_channel):
    context = empty_context()
    said(context, "ann k marketing - 01 true")
    given(
        context,
        "silver.campaign_events",
        "source record_id customer_id event_time channel is_unsubscribed action\n"
        f"mail 1 ann 2026-01-02 {event}",
    )

    build(context, *CONSENTS)

    assert in_force_by_channel(context) == by_channel
    assert in_force(context) == ["ann marketing yes granted"]


def test_an_unsubscription_that_names_no_channel_withdraws_every_channel():
    context = empty_context()
    said(context, "ann k marketing - 01 true")
    given(
        context,
        "silver.campaign_events",
        "source record_id customer_id event_time is_unsubscribed\nmail 1 ann 2026-01-02 true",
    )

    build(context, *CONSENTS)

    assert in_force(context) == ["ann marketing no withdrawn"]


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ({"expires_after": {"marketing": "2 years"}}, "no number of days"),
        ({"expires_after": {"marketing": 0}}, "greater than or equal to 1"),
        ({"unsubscribe_withdraws": " "}, "must name a purpose"),
    ],
)
def test_rules_of_consent_that_say_nothing_are_refused(section, problem):
    with pytest.raises(ValueError, match=problem):
        ConsentRules.model_validate(section)
