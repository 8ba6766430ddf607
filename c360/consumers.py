"""Who relies on the marts: which tables they read, and how old these may be."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from c360.section import Section

GoldTable = Annotated[str, Field(pattern=r"^gold\.[a-z][a-z0-9_]*$")]
"""A mart by its name in the warehouse, such as `gold.customer_360`."""


class Consumer(Section):
    """Somebody who relies on marts."""

    title: str = Field(default="", description="what people call it; else its name")
    reads: tuple[GoldTable, ...] = Field(
        default=(), description="marts that it reads, such as gold.customer_360"
    )
    freshness_hours: float = Field(
        default=24, gt=0, description="how old the marts may be for it; older warns"
    )
    owner: str = Field(default="", description="who answers for it")


BUILT_IN: Mapping[str, Consumer] = {
    "website": Consumer(
        title="Website and app",
        reads=("gold.view_personalization",),
        freshness_hours=0.25,
        owner="web-team",
    ),
    "support": Consumer(
        title="Support desk",
        reads=("gold.view_support",),
        freshness_hours=0.5,
        owner="service-team",
    ),
    "retention": Consumer(
        title="Retention team",
        reads=("gold.view_retention",),
        freshness_hours=1,
        owner="crm-team",
    ),
    "marketing": Consumer(
        title="Marketing",
        reads=("gold.view_marketing", "gold.activation_candidates"),
        freshness_hours=24,
        owner="marketing-team",
    ),
}
"""The consumers of every retailer; the ages are those that the contracts of their views promise."""


def consumers(
    configured: Mapping[str, Consumer | None], audiences: tuple[str, ...] = ()
) -> dict[str, Consumer]:
    """Return every consumer by name: the built-in ones, then those of the configuration.

    What the configuration says of a built-in one replaces that part of it; null takes it out.
    `audiences` are the tables of activation, which marketing reads unless it names its own.
    """
    known: dict[str, Consumer] = dict(BUILT_IN)
    own = known["marketing"]
    reads = tuple(dict.fromkeys((*own.reads, *audiences)))
    known["marketing"] = own.model_copy(update={"reads": reads})
    for name, told in configured.items():
        if told is None:
            known.pop(name, None)
        else:
            said = {key: getattr(told, key) for key in told.model_fields_set}
            known[name] = known.get(name, Consumer(title=name)).model_copy(update=said)
    return known


def consumer_problems(configured: Mapping[str, Consumer | None]) -> list[str]:
    """Say which consumers read nothing, so that nothing could be said about them."""
    return [
        f"consumers.{name}.reads: name the marts that it reads, such as gold.customer_360"
        for name, consumer in consumers(configured).items()
        if not consumer.reads
    ] + [
        f"consumers.{name}: no such consumer to take out (built in: {', '.join(BUILT_IN)})"
        for name, consumer in configured.items()
        if consumer is None and name not in BUILT_IN
    ]
