from dataclasses import replace

import pytest
from activation_shop import build_activation as build
from profile_tables import empty_context, given, rows, text

from c360.activation import Activation, audience_problems
from c360.errors import ConfigurationError, PrivacyError
from c360.profile.activation import activation_tables, refuse_unconsented, with_audiences

MAIL = {"requires": ["marketing"], "channels": ["email", "sms"]}


def with_audience(context, **audiences):
    """Return the context with these audiences in its configuration."""
    activation = {name: Activation.model_validate(each) for name, each in audiences.items()}
    settings = context.settings.model_copy(update={"activation": activation})
    return replace(context, settings=settings)


def agreed(context, statements):
    """Give customers who said yes (or no) to marketing: `ann email true`, - for every channel."""
    for line in statements.strip().splitlines():
        customer, channel, answer = line.split()
        given(
            context,
            "silver.consents",
            "customer_id purpose contact_channel event_time is_granted\n"
            f"{customer} marketing {channel} 2026-01-01 {answer}",
        )


def people(context, *names):
    """Give identified customers."""
    for name in names:
        given(context, "identity.customer", f"customer_id is_identified\n{name} true")


def reached(context, audience):
    """Return `customer channel` of an audience."""
    query = f"select customer_id, channel from gold.activation_{audience} order by customer_id"
    return text(context, query)


def left_out(context, audience):
    """Return who is not in an audience, and why."""
    return dict(
        rows(
            context,
            "select customer_id, reason from gold.activation_excluded"
            f" where audience = '{audience}' order by customer_id",
        )
    )


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
        fay          true
        visitor      false
        """,
    )
    given(
        context,
        "silver.consents",
        """
        customer_id  purpose          event_time  is_granted  expires_at
        ann          marketing        2026-01-01  true        -
        ann          personalization  2026-01-01  true        -
        bob          marketing        2026-01-01  true        -
        bob          marketing        2026-01-02  false       -
        bob          personalization  2026-01-01  true        -
        cat          marketing        2026-01-01  true        -
        cat          marketing        2026-01-01  false       -
        cat          personalization  2026-01-01  false       -
        dan          marketing        2026-01-01  true        -
        dan          personalization  2026-01-01  -           -
        fay          marketing        2026-01-01  true        2026-01-10
        fay          personalization  2026-01-01  true        -
        visitor      marketing        2026-01-01  true        -
        visitor      personalization  2026-01-01  true        -
        """,
    )

    build(context)

    assert text(context, "select customer_id from gold.activation_candidates") == ["ann"]
    assert left_out(context, "candidates") == {
        "bob": "marketing_consent_withdrawn",
        "cat": "conflicting_marketing_consent, personalization_consent_withdrawn",
        "dan": "no_personalization_consent",
        "eve": "no_marketing_consent, no_personalization_consent",
        "fay": "marketing_consent_expired",
    }


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


@pytest.mark.parametrize(
    ("statements", "preferred", "channel", "reason"),
    [
        ("ann - true", "-", "email", None),
        ("ann - true", "SMS", "sms", None),
        # A preferred channel that the audience does not use.
        ("ann - true", "mail", "email", None),
        ("ann - true\nann email false", "email", "sms", None),
        ("ann - true\nann email false\nann sms false", "sms", None, "no_permitted_channel"),
        # A yes to one channel alone is enough to be reached by it.
        ("ann sms true", "email", "sms", None),
        ("ann - false\nann sms true", "sms", None, "marketing_consent_withdrawn"),
        ("ann push true", "sms", None, "no_marketing_consent"),
    ],
)
def test_an_audience_takes_the_preferred_channel_of_those_that_the_customer_permits(
    statements, preferred, channel, reason
):
    context = with_audience(empty_context(), news=MAIL)
    people(context, "ann")
    agreed(context, statements)
    given(
        context,
        "silver.customers",
        f"customer_id event_time preferred_channel\nann 2026-01-01 {preferred}",
    )

    build(context)

    assert reached(context, "news") == ([] if channel is None else [f"ann {channel}"])
    assert left_out(context, "news").get("ann") == reason


@pytest.mark.parametrize(
    ("statements", "channel", "refused"),
    [
        ("ann - true", "sms", None),
        ("ann - true\nann email false", "sms", "email"),
        ("ann - true\nann sms false", None, "sms"),
    ],
)
def test_without_channels_of_its_own_an_audience_respects_a_no_to_the_preferred_one(
    statements, channel, refused
):
    context = with_audience(empty_context(), all_mail={"requires": ["marketing"]})
    people(context, "ann")
    agreed(context, statements)
    given(
        context, "silver.customers", "customer_id event_time preferred_channel\nann 2026-01-01 sms"
    )

    build(context)

    found = rows(context, "select channel, refused_channels from gold.activation_all_mail")
    assert found == ([] if channel is None else [(channel, refused)])
    assert left_out(context, "all_mail") == (
        {"ann": "no_permitted_channel"} if channel is None else {}
    )


SUPPRESS = {
    "open_complaint": "open_complaints > 0",
    "owns_p1": "list_contains(recent_products, 'P1')",
    "owns_shoes": "list_contains(recent_categories, 'shoes')",
    "often_contacted": "messages_7d >= 3",
}


def test_a_complaint_a_recent_purchase_and_many_messages_keep_a_customer_out_by_name():
    context = with_audience(empty_context(), offer={**MAIL, "suppress": SUPPRESS})
    names = ("ann", "bob", "cat", "dan", "eve", "fay")
    people(context, *names)
    agreed(context, "\n".join(f"{name} - true" for name in names))
    given(
        context,
        "silver.tickets",
        "customer_id event_time category status\nbob 2026-01-10 complaint open",
    )
    given(
        context,
        "silver.orders",
        """
        source  record_id  customer_id  event_time  status  amount_usd
        shop    o1         cat          2026-01-10  paid    10
        shop    o2         dan          2025-12-10  paid    10
        shop    o3         fay          2026-01-10  paid    10
        """,
    )
    given(
        context,
        "silver.order_items",
        """
        source  record_id  order_id  product_id  category  amount_usd  status
        shop    i1         o1        P1          shoes     10          sold
        shop    i2         o2        P1          shoes     10          sold
        shop    i3         o3        P1          shoes     10          returned
        """,
    )
    given(
        context,
        "silver.campaign_events",
        """
        source  record_id  customer_id  event_time           channel
        mail    1          ann          2026-01-10           email
        mail    2          ann          2026-01-11           email
        mail    3          ann          2026-01-08T11:59:59  email
        mail    4          eve          2026-01-10           email
        mail    5          eve          2026-01-11           email
        mail    6          eve          2026-01-08T12:00:00  email
        """,
    )

    build(context)

    # Dan bought it long ago, Fay gave it back, and Ann's third message is more than seven days old.
    assert reached(context, "offer") == ["ann email", "dan email", "fay email"]
    assert left_out(context, "offer") == {
        "bob": "open_complaint",
        "cat": "owns_p1, owns_shoes",
        "eve": "often_contacted",
    }
    assert text(
        context,
        "select customer_id, messages_7d, messages_30d, last_message_at::date, recent_products"
        " from silver.customer_contact_pressure where messages_30d > 0 order by 1",
    ) == ["ann 2 3 2026-01-11 []", "eve 3 3 2026-01-11 []"]


def test_a_rule_of_which_nobody_can_tell_keeps_out_and_a_condition_lets_nobody_in():
    context = with_audience(
        empty_context(),
        lapsed={
            **MAIL,
            "where": "days_since_last_order > 10",
            "suppress": {"unhappy": "avg_csat < 3"},
        },
    )
    people(context, "ann")
    agreed(context, "ann - true")

    build(context)

    assert reached(context, "lapsed") == []
    assert left_out(context, "lapsed") == {"ann": "outside_audience, unhappy"}


def test_every_reason_is_told_at_once():
    context = with_audience(
        empty_context(),
        offer={**MAIL, "where": "order_count > 0", "suppress": {"poor": "net_revenue_usd < 1"}},
    )
    people(context, "ann")

    build(context)

    assert left_out(context, "offer") == {"ann": "no_marketing_consent, outside_audience, poor"}


def test_candidates_and_excluded_are_all_profiles_in_every_audience():
    context = with_audience(
        empty_context(),
        news=MAIL,
        few={"requires": ["marketing"], "where": "customer_id < 'b'"},
        candidates={
            "requires": ["marketing", "personalization"],
            "suppress": {"open_complaint": "open_complaints > 0"},
        },
    )
    people(context, "ann", "bob", "cat")
    agreed(context, "ann - true\nbob - true\ncat email true")

    build(context)

    assert activation_tables(context.settings) == [
        "activation_candidates",
        "activation_news",
        "activation_few",
    ]
    for mart in activation_tables(context.settings):
        audience = mart.removeprefix("activation_")
        inside = set(text(context, f"select customer_id from gold.{mart}"))
        outside = left_out(context, audience)
        assert inside | outside.keys() == {"ann", "bob", "cat"}
        assert not inside & outside.keys()
        assert all(outside.values())


def test_the_mart_of_an_audience_that_is_no_more_is_dropped():
    context = with_audience(empty_context(), news=MAIL)
    build(context)

    build(with_audience(context, offers=MAIL))

    marts = text(
        context,
        "select table_name from information_schema.tables"
        " where table_name like 'activation_%' order by table_name",
    )
    assert marts == ["activation_candidates", "activation_excluded", "activation_offers"]


def test_a_build_that_would_activate_somebody_without_consent_is_refused():
    context = empty_context()
    people(context, "ann")
    build(context)
    assert refuse_unconsented(context) is None
    context.con.execute("drop view gold.activation_candidates").fetchall()
    context.con.execute(
        "create table gold.activation_candidates as select 'ann' as customer_id, 'sms' as channel"
    ).fetchall()

    with pytest.raises(PrivacyError, match="1 of 'candidates' without consent to marketing") as met:
        refuse_unconsented(context)

    assert met.value.exit_code == 4


def test_a_channel_that_was_refused_is_a_missing_consent():
    context = with_audience(empty_context(), news=MAIL)
    people(context, "ann")
    agreed(context, "ann - true\nann email false")
    build(context)
    context.con.execute("drop view gold.activation_news").fetchall()
    context.con.execute(
        "create table gold.activation_news as select 'ann' as customer_id, 'email' as channel"
    ).fetchall()

    with pytest.raises(PrivacyError, match="'news' without consent to marketing"):
        refuse_unconsented(context)


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("open_complaint > 0", r"activation\.news\.where: .* no column open_complaint \(there are"),
        ("nonsense(order_count)", r"activation\.news\.where: .*nonsense"),
        ("cast(customer_id as integer) > 1", r"activation\.news\.where: .*Could not convert"),
    ],
)
def test_a_condition_that_cannot_be_asked_is_told_by_its_key(condition, problem):
    context = with_audience(empty_context(), news={**MAIL, "where": condition})
    people(context, "ann")

    with pytest.raises(ConfigurationError, match=problem):
        build(context)


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("order_count >", "is not SQL"),
        ("select 1", "is no condition"),
        ("true; drop table gold.customer_360", "is no condition"),
        ("customer_id in (select customer_id from silver.orders)", "reads other rows"),
        ("count(*) > 1", "reads other rows"),
        ("last_order_at > now() - interval 1 day", "names the clock"),
        ("random() > 0.5", "names the clock or chance"),
        ("last_order_at > current_date", "names the clock"),
        ("order_count > $most", "names a parameter"),
    ],
)
def test_a_condition_is_sql_over_one_customer(condition, problem):
    with pytest.raises(ValueError, match=problem):
        Activation(requires=("marketing",), suppress={"rule": condition})


def test_an_audience_needs_a_consent():
    with pytest.raises(ValueError, match="at least 1 item"):
        Activation(requires=())


def test_no_audience_takes_the_place_of_those_left_out_or_weakens_the_candidates():
    weak = Activation(requires=("marketing",))

    problems = audience_problems({"excluded": weak, "candidates": weak})

    assert [problem.split(":")[0] for problem in problems] == [
        "activation.excluded",
        "activation.candidates.requires",
    ]
    assert audience_problems({"news": weak}) == []


def test_an_audience_is_a_select_like_that_of_the_candidates():
    context = with_audience(empty_context(), news={**MAIL, "suppress": {"rich": "clv_usd > 9"}})

    sql = with_audiences("select 'x' as audience from gold.customer_360", context.settings)

    assert " ".join(sql.split("UNION ALL")[1].split()) == (
        "SELECT 'news' AS audience, customer_id AS customer_id,"
        " CAST(['marketing'] AS TEXT[]) AS purposes, CAST(['email', 'sms'] AS TEXT[]) AS channels,"
        " TRUE AS is_chosen,"
        " CONCAT_WS(', ', CASE WHEN NOT ( clv_usd > 9 ) IS FALSE THEN 'rich' END) AS suppressed_by"
        " FROM gold.customer_360"
    )
