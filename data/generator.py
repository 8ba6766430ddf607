"""The TuranMart sample: the feeds of a fictional retailer, and who is truly who in them."""

from pathlib import Path

import numpy as np

from c360.data.campaigns import campaign_events_feed
from c360.data.consents import consent_events_feed, draw_agreements
from c360.data.drawing import Draw
from c360.data.masters import customers_feed, loyalty_accounts_feed
from c360.data.orders import draw_sales, orders_feed, returns_feed
from c360.data.population import draw_population
from c360.data.presets import DEFAULT_SEED, PRESETS, FileFormat, Preset
from c360.data.tickets import support_tickets_feed
from c360.data.visits import clickstream_feed
from c360.data.writing import write_feeds
from c360.errors import C360Error

UNCALIBRATED = "shop"
"""The preset of samples of any size."""


def generate(
    folder: Path,
    *,
    customers: int,
    seed: int = DEFAULT_SEED,
    file_format: FileFormat = "csv",
    preset: str | None = None,
) -> tuple[Path, ...]:
    """Write the feeds of a sample with so many customers, and `truth`, into a folder.

    The same arguments give the same bytes. A preset's calibration applies where `customers` is its
    own number. Nothing reads `truth` (source, record_id, person) but an evaluation.

    Raises:
        C360Error: there is no customer or no such preset, or the seed is negative.
    """
    if customers < 1:
        msg = f"a sample needs at least 1 customer (found {customers})"
        raise C360Error(msg)
    if seed < 0:
        msg = f"a seed must not be negative (found {seed})"
        raise C360Error(msg)
    if preset is not None and preset not in PRESETS:
        msg = f"there is no preset {preset!r}; known: {', '.join(PRESETS)}"
        raise C360Error(msg)
    draws = draw_feeds(customers, seed, PRESETS[preset or UNCALIBRATED])
    return write_feeds(folder, draws, file_format)


def draw_feeds(customers: int, seed: int, preset: Preset) -> dict[str, Draw]:
    """Return the columns of every feed as numbers."""
    # One stream for each part: a change of one leaves the draws of the others alone.
    of_people, of_masters, of_sales, of_visits, of_consents, of_tickets, of_campaigns = (
        np.random.Generator(np.random.PCG64(stream))
        for stream in np.random.SeedSequence(seed).spawn(7)
    )
    population = draw_population(of_people, customers, preset)
    sales = draw_sales(of_sales, population)
    agreements = draw_agreements(of_consents, population)
    return {
        "customers": customers_feed(of_masters, population.people, population.masters),
        "loyalty_accounts": loyalty_accounts_feed(
            of_masters, population.people, population.masters
        ),
        "orders": orders_feed(of_sales, population, sales),
        "returns": returns_feed(of_sales, population.people, sales),
        "clickstream": clickstream_feed(of_visits, population),
        "support_tickets": support_tickets_feed(
            of_tickets, population, agreements.allows_marketing
        ),
        "campaign_events": campaign_events_feed(of_campaigns, population),
        "consent_events": consent_events_feed(of_consents, population, agreements),
    }
