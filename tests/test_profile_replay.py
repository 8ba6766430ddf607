"""Late rows land in their place, deleted ones leave, and any past state can be built again."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from profile_shop import build_only, deliver, lay_out, resolve

from c360.runs import reading
from c360.workspace import Workspace

NOON = datetime(2026, 1, 31, 12)
ANN = {"card": "c1"}


def order(key: str, at: str, amount: str, **more: str) -> dict[str, str]:
    return {"id": key, "at": at, "amount": amount, "status": "paid", **ANN, **more}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in which every feed has a row, and Ann one order, resolved and built."""
    workspace = lay_out(tmp_path_factory.mktemp("built") / "shop")
    first: dict[str, dict[str, str]] = {
        "crm": {"id": "1", "at": "2026-01-01", "first_name": "Ann", "status": "new", **ANN},
        "cards": {"id": "1", "at": "2026-01-01", "tier": "gold", **ANN},
        "rates": {"id": "1", "at": "2026-01-01", "currency": "EUR", "usd": "2"},
        "orders": order("o1", "2026-01-10", "10.00"),
        "items": {"id": "1", "at": "2026-01-10", "order_id": "o1", "amount": "10.00"},
        "returns": {"id": "1", "at": "2026-01-12", "order_id": "o1", "amount": "1.00"},
        "products": {"id": "1", "at": "2026-01-01", "name": "hat"},
        "visits": {"id": "1", "at": "2026-01-30", "session_id": "s1", **ANN},
        "tickets": {"id": "1", "at": "2026-01-20", "status": "open", **ANN},
        "talks": {"id": "1", "at": "2026-01-20", "ticket_id": "1"},
        "mailings": {"id": "1", "at": "2026-01-20", "campaign_id": "a", **ANN},
        "consents": {"id": "1", "at": "2026-01-01", "purpose": "marketing", "is_granted": "true"},
        "wishes": {"id": "1", "at": "2026-01-01", "type": "brand", "value": "b", **ANN},
    }
    for name, row in first.items():
        deliver(workspace.root, name, 1, [row])
    go_on(workspace)
    return workspace.root


@pytest.fixture
def shop(built: Path, tmp_path: Path) -> Workspace:
    """A copy of the shop for one test."""
    return Workspace(Path(shutil.copytree(built, tmp_path / "shop")))


def go_on(workspace: Workspace, as_of: datetime = NOON) -> None:
    resolve(workspace, as_of)
    build_only(workspace, as_of, "gold.customer_360", "silver.row_flag")


def seen(workspace: Workspace, query: str) -> list[tuple[Any, ...]]:
    with reading(workspace) as context:
        return context.con.execute(query).fetchall()


ANN_360 = (
    "select order_count, cast(total_revenue_usd as double), days_since_last_order"
    " from gold.customer_360"
)


def test_an_order_that_comes_late_moves_revenue_and_recency(shop):
    assert seen(shop, ANN_360) == [(1, 10.0, 21)]

    deliver(
        shop.root,
        "orders",
        2,
        [order("o2", "2026-01-29", "5.00"), order("o0", "2025-06-01", "1.00")],
    )
    go_on(shop)

    assert seen(shop, ANN_360) == [(3, 16.0, 2)]


def test_a_row_that_says_its_key_is_no_more_takes_the_record_away(shop):
    deliver(shop.root, "orders", 2, [order("o1", "2026-01-11", "10.00", gone="yes")])
    go_on(shop)

    assert seen(shop, ANN_360) == [(0, 0.0, None)]
    assert seen(
        shop, "select count(*) from identity.member where source = 'orders' and to_run is null"
    ) == [(0,)]
    assert seen(shop, "select customer_id from silver.order_items") == [(None,)]


def test_a_deletion_that_is_older_than_the_record_does_nothing(shop):
    deliver(shop.root, "orders", 2, [order("o1", "2026-01-09", "10.00", gone="yes")])
    go_on(shop)

    assert seen(shop, ANN_360) == [(1, 10.0, 21)]


def test_a_row_of_after_the_moment_of_the_build_is_held_back_until_it_has_come(shop):
    deliver(shop.root, "orders", 2, [order("o2", "2026-02-02", "5.00")])
    go_on(shop)

    assert seen(shop, ANN_360) == [(1, 10.0, 21)]
    flags = "select record_id, flag, treatment from silver.row_flag where flag = 'future'"
    assert seen(shop, flags) == [("o2", "future", "held back")]

    go_on(shop, datetime(2026, 2, 3))

    assert seen(shop, ANN_360) == [(2, 15.0, 1)]
    assert seen(shop, flags) == []


def test_a_deletion_that_is_to_come_takes_the_row_away_when_it_has_come(shop):
    deliver(shop.root, "orders", 2, [order("o1", "2026-02-02", "10.00", gone="yes")])
    go_on(shop)
    # Who a record belongs to is told by what has landed, whatever its time.
    assert seen(shop, "select record_id, customer_id from silver.orders") == [("o1", None)]

    go_on(shop, datetime(2026, 2, 3))

    assert seen(shop, "from silver.orders") == []


def test_a_version_of_after_the_moment_of_the_build_does_not_hide_the_one_before(shop):
    deliver(shop.root, "orders", 2, [order("o1", "2026-02-02", "99.00")])
    go_on(shop)

    assert seen(shop, ANN_360) == [(1, 10.0, 21)]


def test_an_earlier_as_of_builds_the_state_of_that_time_from_bronze(shop):
    deliver(
        shop.root,
        "orders",
        2,
        [order("o1", "2026-01-25", "70.00"), order("o2", "2026-01-29", "5.00")],
    )
    go_on(shop)
    now = seen(shop, ANN_360)

    build_only(shop, datetime(2026, 1, 20), "gold.customer_360")

    assert seen(shop, ANN_360) == [(1, 10.0, 10)]
    assert seen(shop, "select reason from ops.build_scope order by run desc limit 1") == [
        ("as_of lies before that of the last build",)
    ]

    build_only(shop, NOON, "gold.customer_360")

    assert seen(shop, ANN_360) == now == [(2, 75.0, 2)]


def test_a_rate_that_comes_late_lets_the_order_out_of_quarantine(shop):
    deliver(shop.root, "orders", 2, [order("o2", "2026-01-29", "5.00", currency="KZT")])
    go_on(shop)
    assert seen(shop, ANN_360) == [(1, 10.0, 21)]

    deliver(
        shop.root, "rates", 2, [{"id": "2", "at": "2026-01-02", "currency": "KZT", "usd": "0.5"}]
    )
    go_on(shop)

    assert seen(shop, ANN_360) == [(2, 12.5, 2)]


def test_an_increment_makes_anew_only_the_customers_that_changes_touch(shop):
    deliver(
        shop.root, "crm", 2, [{"id": "2", "at": "2026-01-02", "card": "c2", "first_name": "Bob"}]
    )
    go_on(shop)

    assert seen(
        shop,
        "select how, customers from ops.made_table where table_name = 'gold.customer_360'"
        " order by run desc limit 1",
    ) == [("customers", 1)]


def test_contact_data_in_free_text_is_masked(shop):
    told = "Mail ann@shop.example or call +1 (202) 555-0101, order 12345"
    deliver(
        shop.root,
        "talks",
        2,
        [{"id": "2", "at": "2026-01-21", "ticket_id": "1", "description": told}],
    )
    go_on(shop)

    assert seen(
        shop, "select description from silver.ticket_interactions where record_id = '2'"
    ) == [("Mail [email] or call [phone], order 12345",)]
