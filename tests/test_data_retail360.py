"""The Retail 360 sample: the tables of the reference, made by SQL, and a configuration for them."""

import hashlib
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from c360 import pipeline
from c360.config_file import read_settings
from c360.data import retail_generator
from c360.data.presets import AS_OF, DEFAULT_SEED
from c360.data.retail_generator import FEEDS, TRUTH, generate_retail
from c360.data.retail_presets import RETAIL_PRESETS
from c360.data.sample import generate_people, generate_preset
from c360.errors import C360Error
from c360.sources.mapping import columns_of, expressions
from c360.workspace import Workspace

SETTINGS = read_settings(Path(__file__).parents[1] / "data" / "retail360" / "c360.yaml")

REFERENCE = {
    "customers": """CUSTOMER_ID FIRST_NAME LAST_NAME EMAIL_ADDRESS PHONE_NUMBER DATE_OF_BIRTH GENDER
        ADDRESS_LINE_1 CITY STATE_CODE ZIP_CODE COUNTRY_CODE CUSTOMER_SEGMENT LOYALTY_TIER
        LOYALTY_POINTS REGISTRATION_DATE LAST_LOGIN_DATE CUSTOMER_STATUS PREFERRED_CHANNEL
        PREFERRED_STORE""",
    "customer_transactions": """TRANSACTION_ID CUSTOMER_ID CHANNEL TRANSACTION_DATE TRANSACTION_TYPE
        TOTAL_AMOUNT TAX_AMOUNT SHIPPING_AMOUNT CURRENCY_CODE PAYMENT_METHOD CARD_TYPE STORE_ID
        ONLINE_ORDER_ID LOYALTY_POINTS_EARNED LOYALTY_POINTS_REDEEMED DISCOUNT_AMOUNT PROMOTION_CODE
        COUPON_CODE TRANSACTION_STATUS CASHIER_ID TERMINAL_ID RECEIPT_NUMBER REFUND_REASON""",
    "customer_transaction_items": """ITEM_ID TRANSACTION_ID PRODUCT_ID PRODUCT_NAME CATEGORY
        SUBCATEGORY BRAND SKU QUANTITY UNIT_PRICE TOTAL_PRICE DISCOUNT_PERCENTAGE DISCOUNT_AMOUNT
        ITEM_RATING ITEM_STATUS SIZE COLOR WEIGHT""",
    "customer_behavioral_events": """EVENT_ID CUSTOMER_ID SESSION_ID EVENT_TYPE EVENT_DATE PAGE_URL
        PAGE_TITLE PRODUCT_ID CATEGORY_VIEWED SEARCH_QUERY TIME_ON_PAGE SCROLL_DEPTH DEVICE_TYPE
        BROWSER OPERATING_SYSTEM LOCATION_COUNTRY LOCATION_CITY REFERRER_URL""",
    "customer_session_data": """SESSION_ID CUSTOMER_ID SESSION_START SESSION_END SESSION_DURATION
        PAGE_VIEWS BOUNCE_RATE CONVERSION_EVENT CONVERSION_VALUE TRAFFIC_SOURCE CAMPAIGN_ID""",
    "customer_engagement_events": """ENGAGEMENT_ID CUSTOMER_ID ENGAGEMENT_TYPE ENGAGEMENT_DATE
        CAMPAIGN_ID CAMPAIGN_NAME MESSAGE_SUBJECT MESSAGE_CONTENT ENGAGEMENT_ACTION
        ENGAGEMENT_STATUS DEVICE_TYPE LOCATION_COUNTRY TIME_TO_OPEN TIME_TO_CLICK
        CONVERSION_RESULT""",
    "customer_preference_data": """PREFERENCE_ID CUSTOMER_ID PREFERENCE_TYPE PREFERENCE_VALUE
        PREFERENCE_STRENGTH PREFERENCE_SOURCE PREFERENCE_DATE PREFERENCE_STATUS""",
    "customer_service_interactions": """INTERACTION_ID CUSTOMER_ID TICKET_ID INTERACTION_TYPE
        INTERACTION_DATE INTERACTION_CHANNEL AGENT_ID INTERACTION_SUBJECT INTERACTION_DESCRIPTION
        INTERACTION_OUTCOME RESOLUTION_TIME SATISFACTION_SCORE SENTIMENT_SCORE PRIORITY_LEVEL
        CATEGORY SUBCATEGORY FOLLOW_UP_REQUIRED ESCALATION_LEVEL""",
    "customer_service_tickets": """TICKET_ID CUSTOMER_ID TICKET_STATUS TICKET_PRIORITY CREATION_DATE
        RESOLUTION_DATE FIRST_RESPONSE_TIME TOTAL_RESOLUTION_TIME ASSIGNED_AGENT_ID TICKET_SOURCE
        TICKET_CATEGORY CUSTOMER_SATISFACTION""",
    "external_customer_profiles": """PROFILE_ID CUSTOMER_ID DATA_SOURCE PROFILE_TYPE PROFILE_DATE
        AGE_RANGE GENDER EDUCATION_LEVEL OCCUPATION INCOME_RANGE INTERESTS LIFESTYLE_FACTORS
        SOCIAL_MEDIA_ACTIVITY INFLUENCE_SCORE DATA_QUALITY_SCORE LAST_UPDATED""",
    "external_customer_sentiment": """SENTIMENT_ID CUSTOMER_ID DATA_SOURCE SENTIMENT_DATE
        SENTIMENT_TYPE SENTIMENT_SCORE SENTIMENT_MAGNITUDE MENTION_COUNT POSITIVE_MENTIONS
        NEGATIVE_MENTIONS NEUTRAL_MENTIONS KEYWORDS CONTEXT""",
    "marketing_campaigns": """CAMPAIGN_ID CAMPAIGN_NAME CAMPAIGN_TYPE START_DATE END_DATE BUDGET
        SPENT_AMOUNT TARGET_AUDIENCE CAMPAIGN_STATUS CREATED_BY""",
}
"""The columns of the reference's tables."""


def columns_read(source):
    return set().union(*(columns_of(each) for _, each in expressions(source)))


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


@contextmanager
def feeds_of(folder):
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for name in (*FEEDS, TRUTH):
            con.execute(
                f"create table {name} as from read_csv('{folder}/{name}.csv', all_varchar = true)"
            )
        yield con


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("retail360")
    generate_retail(folder, preset="retail360")
    with feeds_of(folder) as con:
        yield con


def rows(con, query):
    return con.execute(query).fetchall()


def test_the_reference_has_182_columns_in_12_tables():
    assert len(REFERENCE) == 12
    assert sum(len(columns.split()) for columns in REFERENCE.values()) == 182


@pytest.mark.parametrize("table", REFERENCE)
def test_every_column_of_the_reference_is_read_by_its_source(table):
    assert set(REFERENCE[table].split()) <= columns_read(SETTINGS.sources[table])


@pytest.mark.parametrize("table", REFERENCE)
def test_a_feed_has_the_columns_of_the_reference_in_their_order(sample, table):
    assert [name for name, *_ in rows(sample, f"describe {table}")] == REFERENCE[table].split()


def test_the_feeds_are_the_configured_sources():
    assert set(FEEDS) == SETTINGS.sources.keys()
    assert SETTINGS.as_of == AS_OF


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_exactly_the_columns_that_the_configuration_reads(sample, name):
    found = {column for column, *_ in rows(sample, f"describe {name}")}

    assert found == columns_read(SETTINGS.sources[name])


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_the_same_seed_gives_the_same_bytes(tmp_path, file_format):
    for folder in ("once", "again"):
        generate_retail(
            tmp_path / folder, preset="retail360", customers=100, seed=7, file_format=file_format
        )

    assert digests(tmp_path / "once") == digests(tmp_path / "again")


def test_another_seed_gives_other_bytes_in_every_feed(tmp_path):
    for seed in (1, 2):
        generate_retail(tmp_path / str(seed), preset="retail360", customers=100, seed=seed)

    one, two = digests(tmp_path / "1"), digests(tmp_path / "2")
    assert [name for name in one if one[name] == two[name]] == ["truth.csv"]


def test_the_rows_do_not_depend_on_the_files_that_they_are_cut_into(tmp_path, monkeypatch):
    wanted = {"preset": "retail360", "customers": 400, "file_format": "parquet"}
    generate_retail(tmp_path / "whole", **wanted)
    monkeypatch.setattr(retail_generator, "_PART", 1000)

    generate_retail(tmp_path / "cut", **wanted)

    with duckdb.connect() as con:
        for name in FEEDS:
            whole, cut = (
                rows(con, f"select cast(f as varchar) from read_parquet('{files}') as f")
                for files in (tmp_path / "whole" / f"{name}.*", tmp_path / "cut" / f"{name}.*")
            )
            assert cut == whole, name
    assert len(list((tmp_path / "cut").iterdir())) > len(FEEDS) + 1


def test_older_files_of_a_feed_are_removed(tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(retail_generator, "_PART", 400)
        generate_retail(tmp_path, preset="retail360", customers=100, file_format="parquet")

    paths = generate_retail(tmp_path, preset="retail360", customers=100)

    assert sorted(tmp_path.iterdir()) == sorted(paths)


def test_a_day_of_the_reference_has_its_volumes():
    sizes = RETAIL_PRESETS["retail-day"].sizes(2_000_000)

    assert sizes["transactions"] == 5_000_000
    assert sizes["engagements"] == 10_000_000
    assert sizes["profiles"] == 1_000_000


def test_a_day_has_10_events_and_3_items_a_transaction_in_proportion(tmp_path):
    generate_retail(tmp_path, preset="retail-day", customers=5_000)

    with duckdb.connect() as con:

        def count(name):
            return rows(con, f"select count(*) from read_parquet('{tmp_path}/{name}.*')")[0][0]

        transactions = count("customer_transactions")
        assert transactions == pytest.approx(12_500, rel=0.01)
        assert count("customer_transaction_items") / transactions == pytest.approx(3, rel=0.05)
        assert count("customer_behavioral_events") / transactions == pytest.approx(10, rel=0.1)
        assert count("customer_service_interactions") == pytest.approx(250, rel=0.01)


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("customers", "LOYALTY_TIER", "BRONZE SILVER GOLD PLATINUM"),
        ("customers", "CUSTOMER_SEGMENT", "PREMIUM STANDARD BASIC"),
        ("customers", "CUSTOMER_STATUS", "ACTIVE INACTIVE PENDING_REVIEW"),
        ("customer_transactions", "CHANNEL", "POS ECOMMERCE MOBILE SOCIAL"),
        ("customer_transactions", "TRANSACTION_TYPE", "PURCHASE RETURN REFUND EXCHANGE"),
        (
            "customer_transactions",
            "TRANSACTION_STATUS",
            "COMPLETED FAILED CANCELLED PENDING ON_HOLD",
        ),
        ("customer_transactions", "PAYMENT_METHOD", "CASH CARD MOBILE CRYPTO WALLET"),
        ("customer_transactions", "CARD_TYPE", "VISA MASTERCARD AMEX DISCOVER"),
        ("customer_transactions", "CURRENCY_CODE", "USD EUR GBP KZT XXX"),
        ("customer_transaction_items", "ITEM_STATUS", "SOLD RETURNED EXCHANGED LOST"),
        (
            "customer_behavioral_events",
            "EVENT_TYPE",
            "PAGE_VIEW CLICK SCROLL SEARCH CART_ADD HOVER",
        ),
        ("customer_behavioral_events", "DEVICE_TYPE", "DESKTOP MOBILE TABLET SMART_TV"),
        ("customer_engagement_events", "ENGAGEMENT_TYPE", "EMAIL SMS PUSH SOCIAL IN_APP"),
        (
            "customer_engagement_events",
            "ENGAGEMENT_ACTION",
            "SENT DELIVERED OPENED CLICKED UNSUBSCRIBED FORWARDED",
        ),
        ("customer_engagement_events", "ENGAGEMENT_STATUS", "SUCCESS FAILED BOUNCED"),
        ("customer_preference_data", "PREFERENCE_TYPE", "COMMUNICATION PRODUCT BRAND CATEGORY"),
        ("customer_preference_data", "PREFERENCE_SOURCE", "EXPLICIT IMPLICIT INFERRED"),
        ("customer_preference_data", "PREFERENCE_STATUS", "ACTIVE INACTIVE OVERRIDDEN"),
        (
            "customer_service_interactions",
            "INTERACTION_TYPE",
            "EMAIL PHONE CHAT SOCIAL IN_PERSON",
        ),
        ("customer_service_interactions", "PRIORITY_LEVEL", "LOW MEDIUM HIGH URGENT"),
        ("customer_service_interactions", "CATEGORY", "BILLING TECHNICAL PRODUCT GENERAL"),
        (
            "customer_service_tickets",
            "TICKET_STATUS",
            "OPEN IN_PROGRESS RESOLVED CLOSED ESCALATED",
        ),
        ("external_customer_profiles", "DATA_SOURCE", "FACEBOOK TWITTER LINKEDIN ENRICHMENT"),
        ("external_customer_profiles", "PROFILE_TYPE", "SOCIAL DEMOGRAPHIC PSYCHOGRAPHIC"),
        ("external_customer_profiles", "AGE_RANGE", "18-24 25-34 35-44 45-54 55+"),
        ("external_customer_sentiment", "SENTIMENT_TYPE", "BRAND PRODUCT SERVICE COMPETITOR"),
    ],
)
def test_a_list_of_values_is_that_of_the_reference_and_one_stranger(sample, table, column, words):
    found = rows(sample, f"select distinct {column} from {table} where {column} is not null")

    assert {word for (word,) in found} == set(words.split())


MESS = {
    "second contact of a person": """
        select person from truth group by person having count(*) > 1""",
    "one telephone for two birth dates": """
        select PHONE_NUMBER from customers group by 1 having count(distinct DATE_OF_BIRTH) > 1""",
    "household at one address": """
        select ADDRESS_LINE_1, ZIP_CODE, LAST_NAME from customers
        group by all having count(distinct DATE_OF_BIRTH) > 1""",
    "placeholder e-mail": "from customers where EMAIL_ADDRESS = 'none@none.com'",
    "customer delivered twice with another tier": """
        select CUSTOMER_ID from customers group by 1 having count(distinct LOYALTY_TIER) = 2""",
    "transaction delivered twice with another status": """
        select TRANSACTION_ID from customer_transactions
        group by 1 having count(distinct TRANSACTION_STATUS) = 2""",
    "event delivered twice": """
        select EVENT_ID from customer_behavioral_events group by 1 having count(*) = 2""",
    "anonymous event": "from customer_behavioral_events where CUSTOMER_ID is null",
    "event without a session": "from customer_behavioral_events where SESSION_ID is null",
    "visit that goes on as another's": """
        select SESSION_ID from customer_behavioral_events
        where SESSION_ID is not null
        group by 1 having count(distinct CUSTOMER_ID) = 2""",
    "signing in later": """
        select SESSION_ID from customer_behavioral_events
        group by 1 having count(CUSTOMER_ID) between 1 and count(*) - 1""",
    "bot": "from customer_behavioral_events where BROWSER = 'Googlebot'",
    "unknown currency": "from customer_transactions where CURRENCY_CODE = 'XXX'",
    "three decimals": r"""
        from customer_transactions where regexp_matches(TOTAL_AMOUNT, '\.[0-9]{3}$')""",
    "amount that is none": "from customer_transactions where TOTAL_AMOUNT = 'n/a'",
    "time that is none": "from customer_transactions where TRANSACTION_DATE = '0000-00-00'",
    "another time zone": "from customer_transactions where TRANSACTION_DATE like '%+05:00'",
    "sale yet to come": """
        from customer_transactions
        where try_cast(TRANSACTION_DATE as timestamptz) > timestamptz '2026-01-15T12:00:00Z'""",
    "event yet to come": """
        from customer_behavioral_events
        where try_cast(EVENT_DATE as timestamptz) > timestamptz '2026-01-15T12:00:00Z'""",
    "negative refund": """
        from customer_transactions where TRANSACTION_TYPE = 'REFUND' and TOTAL_AMOUNT like '-%'""",
    "positive return": """
        from customer_transactions
        where TRANSACTION_TYPE = 'RETURN' and TOTAL_AMOUNT not like '-%'""",
    "order of nobody": "from customer_transactions where CUSTOMER_ID is null",
    "order of somebody unknown": """
        from customer_transactions where CUSTOMER_ID not in (select CUSTOMER_ID from customers)""",
    "line without its transaction": """
        from customer_transaction_items
        where TRANSACTION_ID not in (select TRANSACTION_ID from customer_transactions)""",
    "contact without its ticket": """
        from customer_service_interactions
        where TICKET_ID not in (select TICKET_ID from customer_service_tickets)""",
    "message of an unknown campaign": """
        from customer_engagement_events
        where CAMPAIGN_ID not in (select CAMPAIGN_ID from marketing_campaigns)""",
    "negative quantity": "from customer_transaction_items where QUANTITY like '-%'",
    "quantity in words": "from customer_transaction_items where QUANTITY = 'one'",
    "score off the scale": "from customer_behavioral_events where SCROLL_DEPTH = '9.99'",
    "e-mail address in a search": """
        from customer_behavioral_events where SEARCH_QUERY like '%@%'""",
    "telephone in a description": """
        from customer_service_interactions where INTERACTION_DESCRIPTION like '%call +%'""",
    "unsubscription": """
        from customer_engagement_events where ENGAGEMENT_ACTION = 'UNSUBSCRIBED'""",
    "consent withdrawn": "from consent_events where CONSENT_STATUS = 'WITHDRAWN'",
    "two words about one consent at one moment": """
        select CUSTOMER_ID, PURPOSE, CONSENT_DATE from consent_events
        group by all having count(distinct CONSENT_STATUS) = 2""",
    "campaign that is planned": "from marketing_campaigns where CAMPAIGN_STATUS = 'PLANNED'",
}


@pytest.mark.parametrize("kind", MESS)
def test_the_sample_shows_every_kind_of_mess(sample, kind):
    assert rows(sample, f"select count(*) from ({MESS[kind]})")[0][0] > 0


def test_two_in_five_events_are_anonymous(sample):
    [(share,)] = rows(
        sample, "select 1 - count(CUSTOMER_ID) / count(*) from customer_behavioral_events"
    )

    assert share == pytest.approx(0.4, abs=0.05)


def test_an_amount_is_the_sum_of_the_lines_less_discount_with_tax_and_shipping(sample):
    wrong = rows(
        sample,
        """
        with line as (
          select TRANSACTION_ID, sum(cast(TOTAL_PRICE as decimal(18, 2))) as goods
          from (select distinct on (ITEM_ID) * from customer_transaction_items)
          group by TRANSACTION_ID
        )
        select count(*)
        from customer_transactions
        join line using (TRANSACTION_ID)
        where try_cast(TOTAL_AMOUNT as decimal(18, 2)) is not null
          and TRANSACTION_TYPE = 'PURCHASE'
          and abs(
            cast(TOTAL_AMOUNT as decimal(18, 2)) - goods + cast(DISCOUNT_AMOUNT as decimal(18, 2))
            - cast(TAX_AMOUNT as decimal(18, 2)) - cast(SHIPPING_AMOUNT as decimal(18, 2))
          ) > 0.01
        """,
    )
    # Only where a line went to a transaction that is nowhere.
    [(orphans,)] = rows(sample, f"select count(*) from ({MESS['line without its transaction']})")
    assert wrong[0][0] <= orphans


def test_what_comes_back_names_the_receipt_of_an_earlier_sale_of_the_same_customer(sample):
    [(returned, found)] = rows(
        sample,
        """
        select count(distinct back.TRANSACTION_ID), count(distinct sale.TRANSACTION_ID)
        from customer_transactions as back
        left join customer_transactions as sale
          on sale.RECEIPT_NUMBER = back.RECEIPT_NUMBER
          and sale.TRANSACTION_TYPE in ('PURCHASE', 'EXCHANGE')
          and sale.CUSTOMER_ID is not distinct from back.CUSTOMER_ID
          and sale.TRANSACTION_ID < back.TRANSACTION_ID
        where back.TRANSACTION_TYPE in ('RETURN', 'REFUND')
        """,
    )

    assert returned > 300
    assert found / returned > 0.98  # the rest is mess: an unknown customer on one side


def test_a_visit_that_converts_ends_when_its_customer_orders(sample):
    [(converted, ordered)] = rows(
        sample,
        """
        select count(*), count(sale.TRANSACTION_ID)
        from (select distinct on (SESSION_ID) * from customer_session_data) as visit
        left join (select distinct on (TRANSACTION_ID) * from customer_transactions) as sale
          on sale.CUSTOMER_ID = visit.CUSTOMER_ID
          and try_cast(sale.TRANSACTION_DATE as timestamptz)
            = cast(visit.SESSION_END as timestamptz)
        where CONVERSION_EVENT = 'true'
        """,
    )

    assert converted > 300
    assert ordered / converted > 0.97


def test_a_visit_has_the_pages_of_its_events(sample):
    [(visits, alike)] = rows(
        sample,
        """
        with counted as (
          select SESSION_ID, count(*) filter (EVENT_TYPE = 'PAGE_VIEW') as pages
          from (select distinct on (EVENT_ID) * from customer_behavioral_events)
          group by SESSION_ID
        )
        select count(*), count(*) filter (pages = cast(PAGE_VIEWS as bigint))
        from (select distinct on (SESSION_ID) * from customer_session_data)
        join counted using (SESSION_ID)
        """,
    )

    assert alike / visits > 0.94  # the rest is mess: strange types, steps without a session


def test_people_have_more_than_one_contact_now_and_then(sample):
    [(contacts, persons)] = rows(sample, "select count(*), count(distinct person) from truth")

    assert contacts == 1_000
    assert contacts / persons == pytest.approx(1.03, abs=0.002)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("workspace"))
    generate_preset(workspace, "retail360", customers=300)
    pipeline.resolve(workspace)
    pipeline.build(workspace)
    with duckdb.connect(str(workspace.warehouse), read_only=True) as con:
        yield con


@pytest.mark.parametrize("name", FEEDS)
def test_every_canonical_column_that_is_fed_has_values(built, name):
    source = SETTINGS.sources[name]
    counts = ", ".join(f"count({column})" for column in source.select)
    [values] = rows(built, f"select {counts} from silver.{source.entity} where source = '{name}'")

    assert [c for c, filled in zip(source.select, values, strict=True) if not filled] == []


def test_every_attribute_of_a_contact_reaches_silver(built):
    found = rows(built, "select distinct attribute from silver.customer_attribute")

    assert {name for (name,) in found} == set(SETTINGS.sources["customers"].attributes)


def test_every_preset_brings_its_own_configuration(tmp_path):
    workspace = Workspace(tmp_path)

    outcome = generate_preset(workspace, "retail360", customers=100)

    assert workspace.config.read_text(encoding="utf-8").count("name: retail360\n") == 1
    assert outcome.figures["generated_customers"] == 100
    generate_preset(workspace, "retail-day", customers=100)


def test_one_sample_does_not_overwrite_another(tmp_path):
    workspace = Workspace(tmp_path)
    generate_people(workspace, 100)

    with pytest.raises(C360Error, match="is not the sample's"):
        generate_preset(workspace, "retail360", customers=100)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"customers": 99}, r"at least 100 customers \(found 99\)"),
        ({"seed": -1}, r"seed from 0 on \(found -1\)"),
    ],
)
def test_a_sample_that_cannot_be_is_refused(tmp_path, wrong, message):
    with pytest.raises(C360Error, match=message):
        generate_retail(tmp_path, preset="retail360", **wrong)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "customers", "message"),
    [
        ("huge", None, "known: demo, shop, retail360, retail-day"),
        ("demo", 500, "has a size of its own"),
    ],
)
def test_a_preset_that_cannot_be_is_refused(tmp_path, name, customers, message):
    with pytest.raises(C360Error, match=message):
        generate_preset(Workspace(tmp_path), name, customers=customers, seed=DEFAULT_SEED)
