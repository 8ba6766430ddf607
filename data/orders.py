"""Orders and returns: who bought when, for how much, and what the shop noted of the buyer."""

from dataclasses import dataclass

import numpy as np

from c360.data import mess, names
from c360.data.calibration import amounts_of_total, counts_of_total
from c360.data.drawing import (
    NOBODY,
    Draw,
    Ints,
    between,
    by_time,
    chance,
    choose,
    ragged,
    rows_of,
    share_of,
    weighted,
)
from c360.data.habits import column
from c360.data.masters import draw_placeholders
from c360.data.people import People
from c360.data.population import Population
from c360.data.times import DAY, HORIZON, NOW, at_hours, seasonal_ages

PAID, CANCELLED, PENDING = range(3)
WEB, STORE, APP = range(len(names.CHANNELS))
_SPARE_SECONDS = 6 * 3600
"""Between the drawn orders and `AS_OF`: room for the newest one of a calibrated sample."""
_SPREAD = 0.45
"""Of the logarithm of the amounts."""
_GUEST_BASKET = (5.0, 40.0, 250.0)
_LATE_DAYS = (12, 28)
"""Age of late orders: within the thirty days that the contract of the feed allows."""


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders in the order of their time."""

    buyer: Ints
    status: Ints
    time: Ints
    cents: Ints
    channel: Ints


def draw_sales(rng: np.random.Generator, population: Population) -> Sales:
    """Return what everybody ordered."""
    people, targets = population.people, population.targets
    low, high = (column("orders", part).astype(np.int64)[people.habit] for part in (0, 1))
    counts = between(rng, low, high)
    if targets:
        counts = counts_of_total(rng, counts, low, high, targets.paid_orders)
    guest = people.customers + np.arange(people.guests)
    guest_counts = 1 + chance(rng, people.guests, 0.25).astype(np.int64)
    paid_owner, place = ragged(counts)
    paid_age = _paid_ages(rng, people, paid_owner, place)
    guest_owner = np.repeat(guest, guest_counts)
    guest_age = seasonal_ages(
        rng, np.zeros(len(guest_owner), np.int64), np.full(len(guest_owner), HORIZON - 1)
    )
    lost_owner = _others(rng, people, len(paid_owner), mess.CANCELLED)
    lost_age = seasonal_ages(rng, people.last_order[lost_owner], people.since[lost_owner])
    open_owner = _others(rng, people, len(paid_owner), mess.PENDING)
    open_age = rng.integers(0, 5, len(open_owner))

    buyer = np.concatenate([paid_owner, guest_owner, lost_owner, open_owner])
    status = np.repeat(
        np.array([PAID, PAID, CANCELLED, PENDING]),
        [len(paid_owner), len(guest_owner), len(lost_owner), len(open_owner)],
    )
    age = np.concatenate([paid_age, guest_age, lost_age, open_age])
    time = at_hours(rng, age, _SPARE_SECONDS)
    cents = _amounts(rng, people, buyer)
    channel = np.where(buyer < people.customers, _channels(rng, people, buyer), WEB)
    if targets:
        time[_newest(time, status)] = NOW - targets.newest_order_seconds
        is_free = (status == PAID) & ~people.is_habit("slipping", "lapsed")[buyer]
        is_paid = status == PAID
        total = int(targets.gross_revenue_usd * 100)
        cents[is_paid] = amounts_of_total(cents[is_paid], is_free[is_paid], total)
    order = np.argsort(time, kind="stable")
    return Sales(buyer[order], status[order], time[order], cents[order], channel[order])


def _paid_ages(rng: np.random.Generator, people: People, owner: Ints, place: Ints) -> Ints:
    """Return the age of each paid order; the first of each customer is the newest."""
    newest, oldest = people.last_order[owner], people.since[owner]
    ages: Ints = np.where(place == 0, newest, seasonal_ages(rng, newest, oldest))
    return ages


def _others(rng: np.random.Generator, people: People, paid: int, share: float) -> Ints:
    """Return active customers for orders that came to nothing."""
    active = people.active
    number = share_of(paid, share) if len(active) else 0
    return active[rng.integers(0, len(active), number)] if number else active[:0]


def _amounts(rng: np.random.Generator, people: People, buyer: Ints) -> Ints:
    is_guest = buyer >= people.customers
    habit = people.habit[np.where(is_guest, 0, buyer)]
    low, usual, high = (
        np.where(is_guest, _GUEST_BASKET[part], column("basket_usd", part)[habit])
        for part in range(3)
    )
    usd = usual * np.exp(rng.normal(0, _SPREAD, len(buyer)))
    cents: Ints = np.rint(np.clip(usd, low, high) * 100).astype(np.int64)
    return cents


def _channels(rng: np.random.Generator, people: People, buyer: Ints) -> Ints:
    preferred = people.channel[np.minimum(buyer, people.customers - 1)]
    drawn = weighted(rng, len(buyer), names.CHANNEL_WEIGHTS)
    return np.where(chance(rng, len(buyer), 0.7), preferred, drawn)


def _newest(time: Ints, status: Ints) -> int:
    return int(np.argmax(np.where(status == PAID, time, 0)))


def orders_feed(rng: np.random.Generator, population: Population, sales: Sales) -> Draw:
    """Return the rows of `orders`, by time, the late ones at the end."""
    people = population.people
    number = len(sales.buyer)
    home = people.city[np.minimum(sales.buyer, people.customers - 1)]
    store = home * names.STORES_PER_CITY + rng.integers(0, names.STORES_PER_CITY, number)
    draw: Draw = {
        "person": sales.buyer,
        "number": np.arange(number),
        "ordered_at": sales.time,
        "status": sales.status,
        "cents": sales.cents,
        "channel": sales.channel,
        "store": np.where(sales.channel == STORE, store, NOBODY),
        **_evidence(rng, population, sales),
    }
    low, high = _LATE_DAYS
    age = (NOW - sales.time) // DAY
    late = choose(
        rng, np.flatnonzero((sales.status == PAID) & (age >= low) & (age <= high)), mess.LATE_ORDER
    )
    if not len(late):
        late = np.flatnonzero((sales.status == PAID) & (age >= low))[-1:]
    is_late = np.isin(np.arange(number), late)
    arrival = np.argsort(is_late, kind="stable")
    return rows_of(draw, arrival)


def _evidence(rng: np.random.Generator, population: Population, sales: Sales) -> Draw:
    """Return what each order says of its buyer: a card, a login, or an address left as a guest."""
    people, ids, masters = population.people, population.ids, population.masters
    is_resolvable = population.preset.is_resolvable
    buyer, number = sales.buyer, len(sales.buyer)
    card, contact = ids.card[buyer], ids.contact[buyer]
    has_card, has_contact = card >= 0, contact >= 0
    is_store = sales.channel == STORE
    is_guest = ~is_store & chance(rng, number, mess.GUEST_CHECKOUT)
    if is_resolvable:
        is_guest &= masters.has_own_email[buyer]
    is_guest |= buyer >= people.customers
    shows_card = has_card & ~is_guest & chance(rng, number, mess.CARD_SHOWN)
    shows_card &= is_store | ~has_contact | chance(rng, number, mess.CARD_AT_LOGIN)
    logs_in = (
        has_contact
        & ~is_guest
        & (~is_store | (~has_card & chance(rng, number, mess.CONTACT_AT_TILL)))
    )
    is_nameless = ~shows_card & ~logs_in & ~is_guest
    if is_resolvable:
        shows_card |= is_nameless & has_card
        logs_in |= is_nameless & ~has_card
        is_nameless &= False
    gives_phone = is_nameless | (is_guest & chance(rng, number, mess.GUEST_GIVES_PHONE))
    if is_resolvable:
        gives_phone &= masters.has_own_phone[buyer]
    uses_second = (ids.second_contact[buyer] >= 0) & chance(rng, number, 0.5)
    gives_second = uses_second & ~np.bool_(is_resolvable)
    phone = np.where(gives_phone, ids.phone[buyer], NOBODY)
    junk = choose(rng, np.flatnonzero(logs_in), mess.PLACEHOLDER_ORDER_PHONE)
    phone[junk] = draw_placeholders(rng, len(junk), len(mess.PLACEHOLDER_PHONES))
    email = np.where(gives_second, ids.second_email[buyer], ids.email[buyer])
    return {
        "card": np.where(shows_card, card, NOBODY),
        "contact": np.where(
            logs_in, np.where(uses_second, ids.second_contact[buyer], contact), NOBODY
        ),
        "email": np.where(is_guest, email, NOBODY),
        "phone": phone,
    }


def returns_feed(rng: np.random.Generator, people: People, sales: Sales) -> Draw:
    """Return the rows of `returns`, by time: part of a paid order, two to twenty days later."""
    is_known = sales.buyer < people.customers
    habit = people.habit[np.where(is_known, sales.buyer, 0)]
    share = np.where(is_known, column("returns")[habit], 0.04)
    back = sales.time + rng.integers(2 * DAY, 20 * DAY, len(share))
    happens = (rng.random(len(share)) < share) & (sales.status == PAID) & (back < NOW - 3600)
    number = np.flatnonzero(happens)
    part = np.where(
        chance(rng, len(number), mess.FULL_RETURN), 1.0, rng.uniform(0.3, 0.9, len(number))
    )
    draw: Draw = {
        "order": number,
        "returned_at": back[number],
        "cents": np.rint(sales.cents[number] * part).astype(np.int64),
        "reason": rng.integers(0, len(names.RETURN_REASONS), len(number)),
    }
    return by_time(draw, "returned_at")
