import pytest
from mart_shop import mart_shop
from profile_tables import text


@pytest.fixture(scope="module")
def shop():
    """The shop of all marts, with a customer of every kind."""
    context = mart_shop()
    yield context
    context.con.close()


def test_the_journey_has_every_contact_in_one_order(shop):
    assert text(
        shop,
        "select touchpoint_number, touchpoint_at::date, kind, channel, detail, amount_usd"
        " from gold.journey_touchpoint where customer_id = 'ann' order by 1",
    ) == [
        "1 2026-01-01 consent - marketing granted -",
        "2 2026-01-01 consent - personalization granted -",
        "3 2026-01-01 order in_store medium_value 400.00",
        "4 2026-01-10 message email delivered -",
        "5 2026-01-10 order unknown medium_value 100.10",
        "6 2026-01-10 visit direct bounce -",
        "7 2026-01-11 return - too_small -100.10",
        "8 2026-01-11 return - - -5.00",
    ]
    assert text(
        shop,
        "select distinct kind from gold.journey_touchpoint where customer_id <> 'ann' order by 1",
    ) == ["consent", "interaction", "message", "order", "refund", "sentiment", "ticket", "visit"]


def test_the_timeline_is_the_journey_in_words_with_merges_and_splits(shop):
    assert text(
        shop,
        "select line, happened_at::date, words, amount_usd from gold.customer_timeline"
        " where customer_id = 'bob' and happened_at > '2025-01-01' order by line",
    ) == [
        "4 2026-01-01 answered on consent (marketing granted) -",
        "5 2026-01-10 opened a ticket (complaint) -",
        "6 2026-01-11 spoke with the service (phone) -",
        "7 2026-01-12 was parted from cat -",
    ]
    assert text(
        shop,
        "select customer_id, words from gold.customer_timeline"
        " where happened_at = '2026-01-12' order by 1",
    ) == [
        "ann turned out to be one person with anna",
        "bob was parted from cat",
        "cat was parted from bob",
    ]


def test_only_identified_customers_have_a_row_of_behaviour_and_everyone_has_visits(shop):
    assert text(
        shop,
        "select customer_id, click_events_45d, sessions_45d, total_sessions, is_active_user"
        " from gold.customer_behaviour order by customer_id",
    ) == ["ann 1 1 1 True", "cat 0 1 1 True"]
    assert text(shop, "select customer_id from gold.session order by 1") == [
        "ann",
        "cat",
        "visitor",
    ]
