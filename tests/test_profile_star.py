import pytest
from mart_shop import mart_shop
from profile_tables import rows, text

KEYS = [
    ("fact_transaction", "customer_id", "dim_customer"),
    ("fact_transaction", "store_id", "dim_store"),
    ("fact_transaction", "date_key", "dim_date"),
    ("fact_order_line", "customer_id", "dim_customer"),
    ("fact_order_line", "product_id", "dim_product"),
    ("fact_order_line", "date_key", "dim_date"),
    ("fact_interaction", "customer_id", "dim_customer"),
    ("fact_interaction", "campaign_id", "dim_campaign"),
    ("fact_interaction", "date_key", "dim_date"),
]


@pytest.fixture(scope="module")
def star():
    """A shop that sold a product no catalogue has, and sent messages of no planned campaign."""
    context = mart_shop()
    yield context
    context.con.close()


@pytest.mark.parametrize(("fact", "key", "dimension"), KEYS)
def test_every_key_of_a_fact_is_in_its_dimension_or_null(star, fact, key, dimension):
    pointing = f"from gold.{fact} where {key} is not null"

    assert rows(star, f"select count(*) {pointing}") != [(0,)]
    assert rows(star, f"select {key} {pointing} except select {key} from gold.{dimension}") == []


def test_what_the_lists_do_not_have_is_in_the_dimensions_too(star):
    assert text(
        star, "select product_id, is_listed, name, category from gold.dim_product order by 1"
    ) == ["p1 True Boot shoes", "p2 True Sock shoes", "p9 False - toys"]
    assert text(star, "select store_id, is_listed from gold.dim_store order by 1") == [
        "s1 True",
        "s2 True",
        "s9 False",
    ]
    assert text(star, "select campaign_id, name from gold.dim_campaign order by 1") == [
        "c1 Spring",
        "c2 -",
        "c9 -",
        "unknown -",
    ]


def test_the_facts_add_up_to_the_marts(star):
    assert text(star, "select count(*), sum(amount_usd) from gold.fact_transaction") == text(
        star,
        "select max(value) filter (where metric = 'paid_orders')::integer,"
        " max(value) filter (where metric = 'gross_revenue_usd')::decimal(18, 2)"
        " from gold.kpi_summary",
    )
    assert text(
        star,
        "select segment, sum(amount_usd) from gold.fact_transaction"
        " join gold.dim_customer using (customer_id) group by segment order by all",
    ) == ["champion 500.10", "occasional 50.00", "- 7.00"]
    assert text(
        star,
        "select category, sum(amount_usd) from gold.fact_order_line"
        " join gold.dim_product using (product_id) group by category order by 1",
    ) == ["shoes 400.00", "toys 100.10"]


def test_the_days_go_from_the_first_to_the_last_fact(star):
    assert text(
        star,
        "select min(date_key), max(date_key), count(*) from gold.dim_date",
    ) == ["2024-12-31 2026-01-10 376"]
    assert text(
        star,
        "select year, quarter, month, day_of_week, is_weekend from gold.dim_date"
        " where date_key = '2026-01-10'",
    ) == ["2026 1 1 6 True"]


def test_visits_messages_and_tickets_are_interactions(star):
    assert text(
        star,
        "select kind, customer_id, campaign_id, date_key, channel, is_successful"
        " from gold.fact_interaction where customer_id in ('bob', 'cat') order by all",
    ) == [
        "message bob c2 2024-12-31 email False",
        "message bob unknown 2024-12-31 email False",
        "ticket bob - 2026-01-10 - False",
        "visit cat c9 2026-01-09 direct False",
    ]
