"""How large a sample is and how its people behave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

FileFormat = Literal["csv", "parquet"]

AS_OF = datetime(2026, 1, 15, 12, tzinfo=UTC)
"""The replay clock of data/turanmart/c360.yaml: everything happens before it."""

DEFAULT_SEED = 20260115


@dataclass(frozen=True, slots=True)
class Targets:
    """Totals that a sample is calibrated to: those published for the TuranMart case study."""

    paid_orders: int
    gross_revenue_usd: Decimal
    newest_order_seconds: int
    """Age of the newest order at `AS_OF`."""
    newest_click_seconds: int
    marketing_consents: int
    """Customers whose marketing consent is in force."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of sample. Rates are per customer."""

    customers: int
    file_format: FileFormat
    habits: Mapping[str, float]
    """Share of the customers that have each of data/habits.py."""
    browsing: float
    """Share of the habits' visits that take place."""
    tickets: float
    messages: float
    """Campaign messages."""
    guests: float
    """People who only ever buy as guests."""
    visitors: float
    """People who only look around."""
    is_resolvable: bool = False
    """Every record but anonymous visits holds evidence that leads to its person."""
    targets: Targets | None = None
    """Applied when the sample has as many customers as the preset."""


PRESETS: Mapping[str, Preset] = {
    "demo": Preset(
        customers=120,
        file_format="csv",
        habits={
            "champion": 18,
            "loyal": 30,
            "newcomer": 12,
            "occasional": 24,
            "fading": 14,
            "slipping": 5,
            "lapsed": 3,
            "prospect": 14,
        },
        browsing=1.0,
        tickets=0.6,
        messages=4.0,
        guests=0.0,
        visitors=0.3,
        is_resolvable=True,
        targets=Targets(
            paid_orders=424,
            gross_revenue_usd=Decimal("28142.12"),
            newest_order_seconds=18_468,  # 5.13 hours
            newest_click_seconds=1_476,  # 0.41 hours
            marketing_consents=97,
        ),
    ),
    "shop": Preset(
        customers=20_000,
        file_format="parquet",
        habits={
            "champion": 3,
            "loyal": 9,
            "newcomer": 9,
            "occasional": 32,
            "fading": 14,
            "slipping": 1.5,
            "lapsed": 1.5,
            "prospect": 30,
        },
        browsing=0.14,
        tickets=0.3,
        messages=0.6,
        guests=0.05,
        visitors=0.2,
    ),
}
