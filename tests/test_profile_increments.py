"""Builds that follow one another write what a full build would write."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from profile_shop import SOURCES, build, deliver, lay_out, resolve
from thorough import examples

BEGIN = datetime(2026, 1, 31, 12)
folders = count()

moments = st.integers(-80 * 24, 3).map(lambda hours: (BEGIN + timedelta(hours=hours)).isoformat())


def cell(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", *values])


numbers = st.integers(1, 6).map(str)
cards = cell(*(f"c{n}" for n in range(1, 6)))
mails = cell(*(f"m{n}@shop.example" for n in range(1, 6)))
CELLS: dict[str, st.SearchStrategy[str]] = {
    "card": cards,
    "mail": mails,
    "status": cell("paid", "PAID ", "failed", "open", "resolved"),
    "type": cell("purchase", "refund", "return", "exchange"),
    "currency": cell("USD", "EUR", "XXX"),
    "usd": st.sampled_from(["1.1", "2"]),
    "amount": cell("10.00", "99.99", "0.01", "250.5"),
    "order_id": numbers,
    "ticket_id": numbers,
    "product_id": numbers,
    "session_id": cell("s1", "s2", "s3"),
    "gone": cell("yes", "no"),
    "category": cell("complaint", "shoes", "hats"),
    "channel": cell("web", "store", "email"),
    "preferred_channel": cell("email", "sms"),
    "payment_method": cell("card", "cash"),
    "store_id": cell("st1", "st2"),
    "event_type": cell("page_view", "cart_add", "purchase", "product_view"),
    "purpose": st.sampled_from(["marketing", "personalization"]),
    "quantity": cell("1", "-2", "3"),
    "points": cell("5", "70"),
    "csat": cell("1", "5"),
    "sentiment": cell("0.5", "-1"),
    "strength": cell("0.2", "0.9"),
    "description": cell("write to ann@shop.example", "call +1 202 555 0101 now", "fine"),
    "first_name": cell("Ann", "Bob"),
    "city": cell("Almaty", "Taraz"),
    **{
        name: cell("true", "false")
        for name in ("is_granted", "is_delivered", "is_opened", "is_clicked", "is_unsubscribed")
    },
}


def rows_of(name: str, keys: st.SearchStrategy[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
    described = SOURCES[name]
    own = [*described["select"], *described.get("identifiers", {}).values()]
    own += [
        *described.get("attributes", {}).values(),
        *(["gone"] if "deleted" in described else []),
    ]
    cells = {column: CELLS.get(column, cell("a", "b")) for column in dict.fromkeys(own)}
    row = st.fixed_dictionaries({"id": keys, "at": moments, **cells})
    return st.lists(row, min_size=1, max_size=4, unique_by=lambda each: each["id"])


@st.composite
def deliveries(draw: st.DrawFn, batch: int) -> dict[str, list[dict[str, Any]]]:
    """Draw a batch of some feeds. Rows of an append feed have a key of their own."""
    found = {}
    for name, described in SOURCES.items():
        if batch and not draw(st.booleans(), label=name):
            continue
        keys = numbers
        if described["update"] == "append":
            keys = st.integers(1, 6).map(lambda n: f"{batch}-{n}")
        found[name] = draw(rows_of(name, keys), label=name)
    return found


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[int, dict[str, list[dict[str, Any]]]]]:
    """Draw batches, each with the hours that have passed since the one before."""
    hours = st.sampled_from([0, 0, 1, 24, 24 * 40])
    return [(draw(hours), draw(deliveries(batch))) for batch in range(draw(st.integers(2, 4)))]


@settings(
    max_examples=examples(2),
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=stories())
def test_after_any_deliveries_the_tables_are_those_of_a_full_build(tmp_path: Path, story):
    workspace = lay_out(tmp_path / str(next(folders)))
    as_of = BEGIN
    for batch, (hours, feeds) in enumerate(story):
        as_of += timedelta(hours=hours)
        for name, rows in feeds.items():
            deliver(workspace.root, name, batch + 1, rows)
        resolve(workspace, as_of)
        increment = build(workspace, as_of)
        full = build(workspace, as_of, is_full=True)

        assert {t: r for t, r in increment.items() if r != full[t]} == {
            t: r for t, r in full.items() if r != increment[t]
        }
