import pytest
from activation_shop import build_activation as build
from profile_tables import AS_OF, empty_context, given, rows, text

from c360.profile.contracts import contracts

VIEWS = ("view_personalization", "view_support", "view_retention", "view_marketing")
LARGEST_ROW = 2048
"""Bytes of a row as JSON: what an application may fetch in one look-up."""
LONG = "0123456789" * 4
"""A key as long as they come."""


@pytest.fixture(scope="module")
def shop():
    """Ann agreed to both, Bob to marketing only and not by e-mail, Cat to nothing."""
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true\nbob true\ncat true")
    given(
        context,
        "silver.consents",
        """
        customer_id  purpose          contact_channel  event_time  is_granted
        ann          marketing        -                2026-01-01  true
        ann          personalization  -                2026-01-01  true
        bob          marketing        -                2026-01-01  true
        bob          marketing        email            2026-01-02  false
        """,
    )
    given(
        context,
        "silver.tickets",
        "customer_id event_time category status csat\ncat 2026-01-10 complaint open 2",
    )
    for number in range(12):
        buyer = "bob" if number == 0 else "ann"
        given(
            context,
            "silver.orders",
            "source record_id customer_id event_time status amount_usd\n"
            f"shop {LONG}{number:02} {buyer} 2026-01-{number + 1:02} paid 10.00",
        )
        given(
            context,
            "silver.order_items",
            "source record_id order_id product_id category amount_usd\n"
            f"shop {number} {LONG}{number:02} {LONG}{number:02} {LONG}{number % 11} 10.00",
        )
    given(
        context,
        "silver.web_events",
        "source record_id customer_id session_id event_time event_type\n"
        "web 1 cat s1 2026-01-14 page_view",
    )
    build(context)
    yield context
    context.con.close()


def test_personalization_says_nothing_of_who_did_not_agree_to_it(shop):
    assert text(
        shop,
        "select customer_id, marketing_consent, personalization_consent, segment, order_count,"
        " len(latest_products), last_event_at"
        " from gold.view_personalization order by customer_id",
    ) == ["ann True True loyal 11 10 -", "bob True False - - - -", "cat False False - - - -"]
    consents = ("customer_id", "marketing_consent", "personalization_consent")
    promised = ("profile_version", "contract_version", "freshness_promise_minutes", "as_of")
    known = ", ".join((*consents, *promised))
    details = (
        f"select count(columns(* exclude ({known}))) from gold.view_personalization"
        " where not personalization_consent"
    )
    assert set(rows(shop, details)[0]) == {0}


def test_support_shows_orders_complaints_value_and_consent_in_one_look(shop):
    assert text(
        shop,
        "select customer_id, marketing_consent, refused_channels, order_count, net_revenue_usd,"
        " open_complaints, avg_csat from gold.view_support order by customer_id",
    ) == [
        "ann True - 11 110.00 0 -",
        "bob True email 1 10.00 0 -",
        "cat False - 0 0.00 1 2.00",
    ]
    assert rows(
        shop,
        "select latest_orders::json->>'$[0].order_id', latest_orders::json->>'$[0].revenue_usd',"
        " json_array_length(latest_orders::json) from gold.view_support where customer_id = 'ann'",
    ) == [(f"{LONG}11", "10.00", 5)]


@pytest.mark.parametrize("view", ["view_retention", "view_marketing"])
def test_who_did_not_agree_to_marketing_has_no_row_for_those_who_market(shop, view):
    assert text(
        shop,
        f"select customer_id, marketing_consent, refused_channels from gold.{view}"
        " order by customer_id",
    ) == ["ann True -", "bob True email"]


def test_retention_says_how_urgent_and_why(shop):
    assert rows(
        shop,
        "select retention_priority, churn_risk_score, churn_reasons, customer_value_score"
        " from gold.view_retention where customer_id = 'bob'",
    ) == [("low", 25, "no_clicks +25", 30)]


def test_what_somebody_bought_is_told_to_marketing_only_with_consent_to_personalization(shop):
    assert text(
        shop,
        "select customer_id, len(latest_categories) from gold.view_marketing order by customer_id",
    ) == ["ann 10", "bob -"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_row_is_small(shop, view):
    (largest,) = rows(shop, f"select max(strlen(to_json(v)::varchar)) from gold.{view} as v")[0]

    assert largest <= LARGEST_ROW


@pytest.mark.parametrize("view", VIEWS)
def test_a_row_says_which_promise_it_keeps(shop, view):
    contract = contracts()[view]

    assert rows(
        shop,
        "select distinct contract_version, freshness_promise_minutes, as_of, len(profile_version)"
        f" from gold.{view}",
    ) == [(contract.version, contract.freshness_hours * 60, AS_OF, 12)]
    names = [column.name for column in contract.columns]
    assert {"marketing_consent", "personalization_consent"} <= {*names}


@pytest.mark.parametrize("view", VIEWS)
def test_a_row_has_the_version_of_what_it_says(view):
    context = empty_context()
    given(context, "identity.customer", "customer_id is_identified\nann true")
    given(
        context,
        "silver.consents",
        "customer_id purpose event_time is_granted\nann marketing 2026-01-01 true",
    )
    version = f"select profile_version from gold.{view}"
    build(context)
    first = rows(context, version)

    build(context)
    assert rows(context, version) == first

    given(
        context,
        "silver.consents",
        "customer_id purpose event_time is_granted\nann personalization 2026-01-01 true",
    )
    build(context)
    assert rows(context, version) != first
