"""The two sources that master people, CRM contacts and loyalty cards, and what they leave out."""

from dataclasses import dataclass, replace

import numpy as np

from c360.data import mess, names
from c360.data.drawing import NOBODY, Draw, Flags, Floats, Ints, chance, choose, rows_of, weighted
from c360.data.habits import code_of
from c360.data.identifiers import Identifiers
from c360.data.people import People
from c360.data.times import DAY, NOW

NOTHING_SINCE = 4 * 3600
"""Seconds before `AS_OF` in which no master record changed."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one of the sources."""

    person: Ints
    contact: Ints
    card: Ints
    email: Ints
    phone: Ints
    knows_birth: Flags
    has_typo: Flags


@dataclass(frozen=True, slots=True)
class Masters:
    """The master rows, and whose e-mail and telephone are written in them and nobody else's."""

    contacts: Rows
    cards: Rows
    has_own_email: Flags
    has_own_phone: Flags


def draw_masters(
    rng: np.random.Generator, people: People, ids: Identifiers, *, is_resolvable: bool
) -> Masters:
    """Return the master rows.

    With `is_resolvable`, all rows of a person hold evidence that they are one person, and no two
    people could be taken for one.
    """
    contacts, cards = _contacts(rng, ids), _cards(rng, ids)
    if is_resolvable:
        contacts, cards = _mended(contacts, cards, ids)
    contacts, cards = _blurred(rng, people, contacts), _blurred(rng, people, cards)
    return Masters(
        contacts,
        cards,
        has_own_email=_known(ids.email, people.shares_email, contacts, cards, "email"),
        has_own_phone=_known(ids.phone, _shares_phone(people, ids), contacts, cards, "phone"),
    )


def _contacts(rng: np.random.Generator, ids: Identifiers) -> Rows:
    first, second = np.flatnonzero(ids.contact >= 0), np.flatnonzero(ids.second_contact >= 0)
    shown = np.concatenate(
        [
            chance(rng, len(first), 1 - mess.CONTACT_WITHOUT_CARD),
            ~np.isin(second, choose(rng, second, mess.SECOND_CONTACT_WITHOUT_CARD)),
        ]
    )
    person = np.concatenate([first, second])
    return Rows(
        person=person,
        contact=np.concatenate([ids.contact[first], ids.second_contact[second]]),
        card=np.where(shown, ids.card[person], NOBODY),
        email=np.concatenate([ids.email[first], ids.second_email[second]]),
        phone=ids.phone[person],
        knows_birth=chance(rng, len(person), 1 - mess.MISSING_BIRTH_CRM),
        has_typo=np.isin(np.arange(len(person)), _typos(rng, len(first), len(person))),
    )


def _typos(rng: np.random.Generator, first: int, end: int) -> Ints:
    return choose(rng, np.arange(first, end), mess.NAME_TYPO)


def _cards(rng: np.random.Generator, ids: Identifiers) -> Rows:
    person = np.flatnonzero(ids.card >= 0)
    return Rows(
        person=person,
        contact=np.full(len(person), NOBODY),
        card=ids.card[person],
        email=ids.email[person],
        phone=ids.phone[person],
        knows_birth=chance(rng, len(person), 1 - mess.MISSING_BIRTH_CARD),
        has_typo=np.zeros(len(person), dtype=np.bool_),
    )


def _mended(contacts: Rows, cards: Rows, ids: Identifiers) -> tuple[Rows, Rows]:
    """Give a card number, or else name and birth date, to the rows that could not be recognised."""
    has_card = ids.card[contacts.person] >= 0
    is_clear = contacts.knows_birth & ~contacts.has_typo
    return (
        replace(
            contacts,
            card=np.where(has_card & ~is_clear, ids.card[contacts.person], contacts.card),
            knows_birth=contacts.knows_birth | ~has_card,
            has_typo=contacts.has_typo & has_card,
        ),
        replace(cards, knows_birth=np.ones(len(cards.person), dtype=np.bool_)),
    )


def _blurred(rng: np.random.Generator, people: People, rows: Rows) -> Rows:
    """Empty some cells and write placeholders into others."""
    email, phone = rows.email.copy(), rows.phone.copy()
    hidden = people.shares_email[rows.person] & (rows.email != rows.person)
    email[hidden & chance(rng, len(email), mess.UNREGISTERED_HOUSEHOLD_EMAIL)] = NOBODY
    every = np.arange(len(email))
    email[choose(rng, every, mess.MISSING_EMAIL)] = NOBODY
    phone[choose(rng, every, mess.MISSING_PHONE)] = NOBODY
    junk_email = choose(rng, every, mess.PLACEHOLDER_EMAIL)
    junk_phone = choose(rng, every, mess.PLACEHOLDER_PHONE)
    email[junk_email] = draw_placeholders(rng, len(junk_email), len(mess.PLACEHOLDER_EMAILS))
    phone[junk_phone] = draw_placeholders(rng, len(junk_phone), len(mess.PLACEHOLDER_PHONES))
    return replace(rows, email=email, phone=phone)


def draw_placeholders(rng: np.random.Generator, number: int, listed: int) -> Ints:
    """Return codes of placeholders: below `NOBODY`, counting down through the list."""
    return NOBODY - 1 - rng.integers(0, listed, number)


def _shares_phone(people: People, ids: Identifiers) -> Flags:
    shares = people.shares_phone.copy()
    shares[ids.recycled] = True
    return shares


def _known(codes: Ints, shared: Flags, contacts: Rows, cards: Rows, cell: str) -> Flags:
    known = np.zeros(len(codes), dtype=np.bool_)
    for rows in (contacts, cards):
        written: Ints = getattr(rows, cell)
        known[rows.person[written == codes[rows.person]]] = True
    known[: len(shared)] &= ~shared
    return known


def customers_feed(rng: np.random.Generator, people: People, masters: Masters) -> Draw:
    """Return the rows of `customers`, by contact number."""
    rows = masters.contacts
    person, number = rows.person, len(rows.person)
    is_second = np.arange(number) >= len(np.unique(person))
    created = _moments(rng, people.since[person] * np.where(is_second, rng.random(number), 1.0))
    draw: Draw = {
        **_personal(people, rows),
        "city": people.city[person],
        "postcode": people.postcode[person],
        "preferred_channel": weighted(rng, number, (0.55, 0.22, 0.15, 0.08)),
        "is_active": chance(rng, number, 0.97),
        "created_at": created,
        "updated_at": _later(rng, created),
    }
    return rows_of(draw, np.argsort(rows.contact))


def loyalty_accounts_feed(rng: np.random.Generator, people: People, masters: Masters) -> Draw:
    """Return the rows of `loyalty_accounts`, by card number."""
    rows = masters.cards
    person, number = rows.person, len(rows.person)
    joined = _moments(rng, people.since[person])
    tier = np.minimum(weighted(rng, number, (0.75, 0.2, 0.05)), len(names.TIERS) - 1)
    tier = np.where(people.habit[person] == code_of("champion"), np.maximum(tier, 1), tier)
    draw: Draw = {
        **_personal(people, rows),
        "tier": tier,
        "points": rng.integers(0, 400, number) * (1 + 2 * tier),
        "is_active": chance(rng, number, 0.97),
        "joined_at": joined,
        "updated_at": _later(rng, joined),
    }
    return rows_of(draw, np.argsort(rows.card))


def _personal(people: People, rows: Rows) -> Draw:
    person = rows.person
    return {
        "person": person,
        "contact": rows.contact,
        "card": rows.card,
        "first_name": people.first_name[person],
        "last_name": people.last_name[person],
        "is_female": people.is_female[person],
        "has_typo": rows.has_typo,
        "birth_day": NOW // DAY - people.birth_age[person],
        "knows_birth": rows.knows_birth,
        "email": rows.email,
        "phone": rows.phone,
    }


def _moments(rng: np.random.Generator, ages: Floats | Ints) -> Ints:
    return NOW - NOTHING_SINCE - (ages * DAY).astype(np.int64) - rng.integers(0, DAY, len(ages))


def _later(rng: np.random.Generator, moments: Ints) -> Ints:
    spare = NOW - NOTHING_SINCE - moments
    return moments + np.where(
        chance(rng, len(moments), 0.5), (spare * rng.random(len(moments))).astype(np.int64), 0
    )
