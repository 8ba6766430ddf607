"""The demo holds the published totals of the TuranMart case study and every kind of mess."""

from contextlib import contextmanager
from decimal import Decimal

import duckdb
import pytest

from c360.data.generator import generate
from c360.data.mess import PLACEHOLDER_EMAILS, PLACEHOLDER_PHONES
from c360.data.presets import DEFAULT_SEED
from c360.data.writing import FEEDS, TRUTH


@contextmanager
def tables_of(folder, seed):
    generate(folder, customers=120, seed=seed, preset="demo")
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'")
        for name in (*FEEDS, TRUTH):
            con.execute(f"create view {name} as from '{folder}/{name}.csv'")
        con.execute(
            "create view order_of as select orders.*, person from orders"
            " join truth on source = 'orders' and record_id = order_id"
        )
        for name, words in {"emails": PLACEHOLDER_EMAILS, "phones": PLACEHOLDER_PHONES}.items():
            con.execute(
                f"create table placeholder_{name} as select sha256(unnest($words)) as hash",
                {"words": list(words)},
            )
        yield con


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    with tables_of(tmp_path_factory.mktemp("demo"), DEFAULT_SEED) as con:
        yield con


@pytest.fixture(scope="module", params=[DEFAULT_SEED, 1, 2])
def demo_of_any_seed(request, tmp_path_factory):
    with tables_of(tmp_path_factory.mktemp("demo"), request.param) as con:
        yield con


def one(con, query):
    return con.execute(query).fetchall()[0][0]


@pytest.mark.parametrize(
    ("query", "figure"),
    [
        (
            "select count(distinct person) from truth"
            " where source in ('customers', 'loyalty_accounts')",
            120,
        ),
        ("select count(*) from orders where status = 'paid'", 424),
        (
            "select sum(cast(amount_usd as decimal(18, 2))) from orders where status = 'paid'",
            Decimal("28142.12"),
        ),
        (
            "select round(epoch(timestamptz '2026-01-15T12:00:00Z' - max(ordered_at)) / 3600, 2)"
            " from orders",
            5.13,
        ),
        (
            "select round(epoch(timestamptz '2026-01-15T12:00:00Z' - max(event_time)) / 3600, 2)"
            " from clickstream",
            0.41,
        ),
        (
            """
            with
              latest as (
                select person, status
                from consent_events
                join truth on source = 'consent_events' and record_id = consent_event_id
                where purpose = 'marketing'
                qualify rank() over (partition by person order by event_time desc) = 1
              ),
              current as (
                select person, bool_and(status = 'granted') as is_granted
                from latest
                group by person
              )
            select count(*) from current where is_granted
            """,
            97,
        ),
        # Who bought much, stays away and no longer visits.
        (
            """
            select count(*)
            from (
              select person
              from order_of
              where status = 'paid'
              group by person
              having count(*) >= 5 and sum(amount_usd) >= 400
                and max(ordered_at) < timestamptz '2026-01-15T12:00:00Z' - interval 120 day
            )
            """,
            3,
        ),
        # Everybody who buys, calls or agrees is known.
        (
            """
            select count(*)
            from truth
            where source not in ('clickstream', 'customers', 'loyalty_accounts')
              and person not in (
                select person from truth where source in ('customers', 'loyalty_accounts')
              )
            """,
            0,
        ),
    ],
)
def test_the_demo_holds_the_published_totals(demo_of_any_seed, query, figure):
    assert one(demo_of_any_seed, query) == figure


MESS = {
    "two contacts": """
        select person from truth where source = 'customers' group by person having count(*) > 1""",
    "second contact without the card of the first": """
        select person
        from customers join truth on source = 'customers' and record_id = contact_id
        where person in (select person from truth where source = 'loyalty_accounts')
        group by person having count(*) > count(loyalty_id)""",
    "second contact with another e-mail": """
        select person
        from customers join truth on source = 'customers' and record_id = contact_id
        group by person having count(distinct email_hash) > 1""",
    "second device": """
        select person
        from clickstream join truth on source = 'clickstream' and record_id = event_id
        group by person having count(distinct device_hash) > 1""",
    "household telephone": """
        select phone_hash from loyalty_accounts
        where phone_hash not in (from placeholder_phones)
        group by phone_hash having count(distinct date_of_birth) > 1""",
    "household e-mail": """
        select email_hash from (
          select email_hash, date_of_birth from loyalty_accounts
          union all select email_hash, date_of_birth from customers)
        where email_hash not in (from placeholder_emails)
        group by email_hash having count(distinct date_of_birth) > 1""",
    "kiosk": """
        select device_hash from clickstream
        group by device_hash having count(distinct loyalty_id) >= 8""",
    "placeholder e-mail": """
        from customers where email_hash in (from placeholder_emails)""",
    "placeholder telephone": """
        from customers where phone_hash in (from placeholder_phones)""",
    "placeholder telephone of an order": """
        from orders where phone_hash in (from placeholder_phones)""",
    "missing birth date": "from customers where date_of_birth is null",
    "anonymous visit on a known device": """
        select device_hash from clickstream group by device_hash
        having count(loyalty_id) between 1 and count(*) - 1""",
    "visitor who stays unknown": """
        select person from truth where source = 'clickstream' and person not in (
          select person from truth where source in ('customers', 'loyalty_accounts'))""",
    "order of a guest": """
        from orders where loyalty_id is null and contact_id is null and email_hash is not null""",
    "cancelled order": "from orders where status = 'cancelled'",
    "pending order": "from orders where status = 'pending'",
    "return of a part": """
        from returns join orders using (order_id) where returns.amount_usd < orders.amount_usd""",
    "consent given again": """
        select person, purpose
        from consent_events join truth on source = 'consent_events' and record_id = consent_event_id
        group by person, purpose having count(*) filter (status = 'granted') = 2""",
    "missing consent": """
        select person from truth where source = 'loyalty_accounts' and person not in (
          select person
          from consent_events
          join truth on source = 'consent_events' and record_id = consent_event_id
          where purpose = 'marketing')""",
    "contradicting consents": """
        select person, purpose, event_time
        from consent_events join truth on source = 'consent_events' and record_id = consent_event_id
        group by person, purpose, event_time having count(distinct status) = 2""",
    "row delivered twice": """
        select event_id from clickstream
        group by event_id having count(*) = 2""",
    "open complaint of a good customer who agreed to marketing": """
        select person
        from support_tickets
        join truth on source = 'support_tickets' and record_id = ticket_id
        join order_of using (person)
        where category = 'complaint' and support_tickets.status = 'open'
          and order_of.status = 'paid'
        group by person having count(distinct order_id) >= 5""",
}


@pytest.mark.parametrize("kind", MESS)
def test_the_demo_shows_every_kind_of_mess(demo, kind):
    assert one(demo, f"select count(*) from ({MESS[kind]})") > 0


def test_a_paid_order_arrives_late_at_the_end_of_the_file(demo):
    rows = demo.execute("select ordered_at::varchar, status from orders").fetchall()

    *earlier, (time, status) = rows
    assert status == "paid"
    assert time < max(other for other, _ in earlier)
    assert one(demo, "select max(event_time)::varchar from clickstream") > time


def test_a_row_delivered_twice_is_the_same_row(demo):
    assert one(demo, "select count(*) from clickstream") > one(
        demo, "select count(distinct event_id) from clickstream"
    )
    assert one(demo, "select count(*) from (select distinct * from clickstream)") == one(
        demo, "select count(distinct event_id) from clickstream"
    )


def test_every_order_of_the_demo_leads_to_a_known_person(demo_of_any_seed):
    nameless = """
        select order_id from orders
        where loyalty_id is null and contact_id is null
          and email_hash not in (
            select email_hash from customers where email_hash is not null
            union all
            select email_hash from loyalty_accounts where email_hash is not null
          )
    """
    assert demo_of_any_seed.execute(nameless).fetchall() == []
