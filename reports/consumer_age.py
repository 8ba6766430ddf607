"""How old the marts are for each consumer."""

from decimal import Decimal

from c360.reports.concern import consumers_of
from c360.reports.quality_check import AtMost, Measure
from c360.reports.query import columns_of
from c360.step import Context


def measure_consumers(context: Context) -> list[Measure]:
    """Measure the hours from the build to this check, by the limit of each consumer."""
    age, hindrance = _age_hours(context), ""
    if age is None:
        hindrance = "gold.customer_360 does not say when it was made."
    elif age < 0:
        hindrance = f"It cannot be measured: as_of lies {-age:f} hours before the build."
        age = None
    return [
        Measure(
            f"{name}_age_hours",
            age,
            subject=name,
            key="{consumer}_age_hours",
            band=AtMost(Decimal(str(consumer.freshness_hours))),
            hindrance=hindrance,
        )
        for name, consumer in consumers_of(context.settings).items()
    ]


def _age_hours(context: Context) -> Decimal | None:
    if "as_of" not in columns_of(context.con, "gold.customer_360"):
        return None
    age = context.con.execute(
        "select cast(date_diff('second', max(as_of), $as_of) / 3600 as decimal(18, 4))"
        " from gold.customer_360",
        {"as_of": context.as_of},
    ).fetchall()[0][0]
    # Without a profile nothing is old.
    return Decimal(0) if age is None else Decimal(age)
