"""Amounts become dollars at the rate of their time, or stay out of silver until there is one."""

from dataclasses import replace

import pytest
from profile_tables import empty_context, given, settings_with, text

from c360.profile.entity import build_entity
from c360.profile.models import MONEY
from c360.step import Context

ORDERS = {
    "entity": "orders",
    "identifiers": {"card": "card"},
    "select": {"status": "'paid'", "amount": "amount", "tax": "tax", "currency": "currency"},
}
ITEMS = {"entity": "order_items", "select": {"order_id": "order_id", "amount": "amount"}}
RETURNS = {
    "entity": "returns",
    "select": {"order_id": "order_id", "amount": "amount", "currency": "currency"},
}
RATES = """
    source  record_id  event_time           currency  usd
    bank    1          2026-01-01           EUR       1.10
    bank    2          2026-01-05T12:00:00  EUR       1.20
    bank    3          2026-01-01           KZT       0.00195
    bank    4          2026-01-01           BAD       0
    other   1          2026-01-01           EUR       9
    """


def shop(orders: str, **more: tuple[dict[str, object], str]) -> Context:
    """Return a context with rates, in which orders and more entities are built from their feeds."""
    feeds = {"orders": (ORDERS, orders), **more}
    context = empty_context()
    context = replace(context, settings=settings_with({n: dict(s) for n, (s, _) in feeds.items()}))
    given(context, "silver.exchange_rates", RATES)
    for step in MONEY:
        step.build(context)
    for name, (_, rows) in feeds.items():
        head = rows.split("\n")[1].split()
        columns = ", ".join(f'"{column}" varchar' for column in head)
        context.con.execute(f"create table bronze.{name}__current ({columns})").fetchall()
        quoted = " ".join(f'"{column}"' for column in head)
        given(context, f"bronze.{name}__current", "\n".join([quoted, *rows.split("\n")[2:]]))
        build_entity(feeds[name][0]["entity"])(context)  # type: ignore[arg-type]
    return context


@pytest.mark.parametrize(
    ("currency", "at", "amount", "usd"),
    [
        ("USD", "2026-01-01", "10.00", "10.00"),
        ("-", "2026-01-01", "10.00", "10.00"),
        ("usd", "2026-01-01", "10.00", "10.00"),
        ("EUR", "2026-01-01", "10.00", "11.00"),
        ("eur", "2026-01-05T11:59:59", "10.00", "11.00"),
        ("EUR", "2026-01-05T12:00:00", "10.00", "12.00"),
        ("KZT", "2026-01-02", "1000000.00", "1950.00"),
        ("EUR", "2026-01-02", "0.05", "0.06"),  # .055: half a cent is rounded up
        ("EUR", "2026-01-02", "-0.05", "-0.06"),
    ],
)
def test_an_amount_is_converted_at_the_rate_of_its_time(currency, at, amount, usd):
    context = shop(f"\n id at currency amount tax\n o1 {at} {currency} {amount} -\n")

    assert text(context, "select amount, amount_usd, tax_usd from silver.orders") == [
        f"{amount} {usd} -"
    ]
    assert text(context, "from silver.held_row") == []


@pytest.mark.parametrize(
    ("currency", "at"),
    [
        ("XXX", "2026-01-02"),
        ("BAD", "2026-01-02"),  # a rate of nothing is none
        ("EUR", "2025-12-31T23:59:59"),  # before the first rate
    ],
)
def test_an_amount_in_a_currency_without_a_rate_is_quarantined(currency, at):
    context = shop(f"\n id at currency amount tax\n o1 {at} {currency} 10.00 1.00\n")

    assert text(context, "from silver.orders") == []
    assert text(
        context, "select entity, source, record_id, flag, treatment from silver.held_row"
    ) == ["orders orders o1 unknown_currency quarantined"]


def test_a_row_without_any_amount_needs_no_rate():
    context = shop("\n id at currency amount tax\n o1 2026-01-02 XXX - -\n")

    assert text(context, "select record_id, amount_usd from silver.orders") == ["o1 -"]


def test_lines_and_returns_are_in_the_currency_of_their_order_and_have_its_customer():
    items = """
        id  at          order_id  amount
        1   2026-01-06  o1        5.00
        2   2026-01-06  o2        5.00
        3   2026-01-06  gone      5.00
        """
    returns = """
        id  at          order_id  currency  amount
        1   2026-01-06  o1        -         5.00
        2   2026-01-06  o1        USD       5.00
        3   2026-01-06  gone      -         5.00
        """
    context = shop(
        """
        id  at          currency  amount  tax
        o1  2026-01-01  EUR       10.00   -
        o2  2026-01-01  XXX       10.00   -
        """,
        items=(ITEMS, items),
        returns=(RETURNS, returns),
    )
    given(context, "identity.member", "source record_id customer_id\norders o1 ann")
    for entity in ("orders", "order_items", "returns"):
        build_entity(entity)(context)

    told = "select record_id, customer_id, amount_usd from"
    assert text(context, f"{told} silver.order_items order by 1") == [
        "1 ann 5.50",
        "2 - -",
        "3 - -",
    ]
    assert text(context, f"{told} silver.returns order by 1") == [
        "1 ann 5.50",
        "2 ann 5.00",
        "3 - -",
    ]


def test_a_source_that_tells_dollars_is_not_converted():
    context = shop("\n id at currency amount tax\n o1 2026-01-02 EUR 10.00 -\n")
    selected = {"status": "'paid'", "amount": "amount", "amount_usd": "tax", "currency": "currency"}
    context = replace(context, settings=settings_with({"orders": ORDERS | {"select": selected}}))
    context.con.execute("update bronze.orders__current set tax = '7.77'").fetchall()

    build_entity("orders")(context)

    assert text(context, "select amount, amount_usd from silver.orders") == ["10.00 7.77"]
