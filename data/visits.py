"""The clickstream: visits on people's own devices, on shared tablets and on the stores' kiosks."""

from dataclasses import dataclass

import numpy as np

from c360.data import mess, names
from c360.data.drawing import (
    NOBODY,
    Draw,
    Flags,
    Ints,
    between,
    by_time,
    chance,
    choose,
    falling,
    ragged,
    rows_of,
    share_of,
    weighted,
)
from c360.data.habits import column
from c360.data.identifiers import MOST_DEVICES
from c360.data.people import People
from c360.data.population import Population
from c360.data.presets import Targets
from c360.data.times import NOW, at_hours

_RECENT_DAYS, _OLDER_FROM, _OLDER_DAYS = 43, 47, 400
"""Ages of recent and older visits, clear of the 45 days that the scores count."""
_PAGES_PER_VISIT, _MOST_PAGES = 4, 25
_SECONDS_PER_PAGE = 45
_SPARE_SECONDS = 1_476
"""Between the newest click and `AS_OF`."""


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits, one element each."""

    visitor: Ints
    device: Ints
    start: Ints
    pages: Ints
    login: Ints
    """Page from which on the card is known, from 0; `_MOST_PAGES` where nobody logs in."""


def clickstream_feed(rng: np.random.Generator, population: Population) -> Draw:
    """Return the rows of `clickstream`, by time, a few of them twice."""
    people, ids = population.people, population.ids
    visits = draw_visits(rng, population)
    visit, page = ragged(visits.pages)
    time = _times(rng, visits, visit, population.targets)
    event_type = np.where(page == 0, 0, weighted(rng, len(page), list(names.EVENT_TYPES.values())))
    product = weighted(rng, len(page), falling(names.PRODUCTS))
    visitor = visits.visitor[visit]
    card = ids.card[np.minimum(visitor, people.customers - 1)]
    draw: Draw = {
        "person": visitor,
        "session": visit,
        "device": visits.device[visit],
        "card": np.where(page >= visits.login[visit], card, NOBODY),
        "event_time": time,
        "event_type": event_type,
        "product": np.where(np.isin(event_type, (1, 3)), product, NOBODY),
    }
    draw = by_time(draw, "event_time")
    rows = np.arange(len(time))
    deliveries = np.ones(len(rows), dtype=np.int64)
    deliveries[choose(rng, rows, mess.DUPLICATE_CLICK)] = 2
    row, delivery = ragged(deliveries)
    return {**rows_of(draw, row), "is_again": delivery > 0}


def draw_visits(rng: np.random.Generator, population: Population) -> Visits:
    """Return who visits when, on which device, and whether they log in."""
    people, preset = population.people, population.preset
    habit = people.habit
    low, high = (column("recent_visits", part).astype(np.int64)[habit] for part in (0, 1))
    recent = rng.binomial(between(rng, low, high), preset.browsing)
    older = rng.poisson(column("older_visits")[habit] * preset.browsing)
    stranger = people.customers + people.guests + np.arange(people.visitors)
    strange = np.repeat(stranger, 1 + chance(rng, people.visitors, 0.3).astype(np.int64))
    kiosk = _kiosk_visitors(rng, people)
    visitor = np.concatenate([ragged(recent)[0], ragged(older)[0], strange, kiosk])
    parts = [int(recent.sum()), int(older.sum()), len(strange), len(kiosk)]
    is_older = np.repeat([False, True, False, False], parts)
    is_kiosk = np.repeat([False, False, False, True], parts)
    age = np.where(
        is_older,
        _OLDER_FROM
        + ((_OLDER_DAYS - _OLDER_FROM) * rng.random(len(visitor)) ** 1.5).astype(np.int64),
        rng.integers(0, _RECENT_DAYS + 1, len(visitor)),
    )
    pages = np.minimum(rng.geometric(1 / _PAGES_PER_VISIT, len(visitor)), _MOST_PAGES)
    return Visits(
        visitor=visitor,
        device=_devices(rng, population, visitor, is_kiosk),
        start=at_hours(rng, age, 2 * _SPARE_SECONDS),
        pages=pages,
        login=_logins(rng, population, visitor, pages, is_kiosk),
    )


def _kiosk_visitors(rng: np.random.Generator, people: People) -> Ints:
    active = people.active
    number = share_of(people.customers, mess.KIOSK_VISIT) if len(active) else 0
    return rng.choice(active, number) if number else active[:0]


def _devices(
    rng: np.random.Generator, population: Population, visitor: Ints, is_kiosk: Flags
) -> Ints:
    people, ids = population.people, population.ids
    number = len(visitor)
    # Only among people who still visit: nobody else's device may wake a dormant customer.
    share = 0.0 if population.preset.is_resolvable else mess.BORROWED_DEVICE
    borrower = choose(rng, np.flatnonzero(np.isin(visitor, people.active)), share)
    owner = visitor.copy()
    owner[borrower] = rng.permutation(people.active)[: len(borrower)]
    place = (ids.devices[owner] * rng.random(number) ** 1.6).astype(np.int64)
    own = owner * MOST_DEVICES + place
    tablet = ids.tablet[np.minimum(visitor, people.customers - 1)]
    on_tablet = (tablet >= 0) & (visitor < people.customers) & chance(rng, number, mess.ON_TABLET)
    kiosk = ids.first_kiosk + rng.integers(0, ids.kiosks, number)
    return np.where(is_kiosk, kiosk, np.where(on_tablet, tablet, own))


def _logins(
    rng: np.random.Generator,
    population: Population,
    visitor: Ints,
    pages: Ints,
    is_kiosk: Flags,
) -> Ints:
    people, ids = population.people, population.ids
    number = len(visitor)
    is_customer = visitor < people.customers
    has_card = is_customer & (ids.card[np.minimum(visitor, people.customers - 1)] >= 0)
    logs_in = has_card & (rng.random(number) < np.where(is_kiosk, mess.KIOSK_LOGIN, mess.LOGIN))
    later = between(rng, np.minimum(pages, 2) - 1, pages - 1)
    first = np.where(chance(rng, number, mess.LOGIN_LATER), later, 0)
    return np.where(logs_in, first, _MOST_PAGES)


def _times(rng: np.random.Generator, visits: Visits, visit: Ints, targets: Targets | None) -> Ints:
    """Return the time of every page; no visit lasts beyond the newest click allowed."""
    gap = 3 + rng.exponential(_SECONDS_PER_PAGE, len(visit)).astype(np.int64)
    since_first = np.cumsum(gap)
    first = np.cumsum(visits.pages) - visits.pages
    last = first + visits.pages - 1
    offset = since_first - since_first[first][visit]
    latest = NOW - _SPARE_SECONDS
    end = visits.start + offset[last]
    start = (
        visits.start
        - np.maximum(end - latest, 0)
        - (end > latest) * rng.integers(1, 3600, len(end))
    )
    if targets and len(end):
        latest = NOW - targets.newest_click_seconds
        end = start + offset[last]
        newest = int(np.argmax(end))
        start[newest] += latest - end[newest]
    times: Ints = start[visit] + offset
    return times
