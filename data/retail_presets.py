"""How large a Retail 360 sample is."""

from collections.abc import Mapping
from dataclasses import dataclass

from c360.data.presets import FileFormat


@dataclass(frozen=True, slots=True)
class RetailPreset:
    """A kind of Retail 360 sample.

    `activity` has the rows that grow with the customers, `catalogue` those that do not. A session
    has 8 events, a transaction 3 items, and a ticket 5/3 interactions on average.
    """

    file_format: FileFormat
    days: int
    """Days before `AS_OF` over which sales, visits and messages are spread."""
    mess: int
    """Rows in 100,000 that are odd, of each kind of oddity."""
    activity: Mapping[str, int]
    catalogue: Mapping[str, int]

    def sizes(self, customers: int) -> dict[str, int]:
        """Return the rows of everything for so many customers."""
        usual = self.activity["customers"]
        grown = {name: max(1, rows * customers // usual) for name, rows in self.activity.items()}
        return {**grown, **self.catalogue, "days": self.days + 31}


RETAIL_PRESETS: Mapping[str, RetailPreset] = {
    "retail360": RetailPreset(
        file_format="csv",
        days=365,
        mess=400,
        activity={
            "customers": 1_000,
            "transactions": 10_000,
            "sessions": 7_200,
            "engagements": 12_000,
            "tickets": 600,
            "preferences": 2_000,
            "profiles": 500,
            "sentiments": 1_000,
        },
        catalogue={"campaigns": 40, "products": 480, "stores": 40},
    ),
    "retail-day": RetailPreset(
        file_format="parquet",
        days=1,
        mess=2,
        activity={
            "customers": 2_000_000,
            "transactions": 5_000_000,
            "sessions": 6_000_000,
            "engagements": 10_000_000,
            "tickets": 60_000,
            "preferences": 4_000_000,
            "profiles": 1_000_000,
            "sentiments": 1_000_000,
        },
        catalogue={"campaigns": 200, "products": 48_000, "stores": 2_000},
    ),
}
