"""Consents: given, withdrawn, given again, missing, or contradicting themselves."""

from dataclasses import dataclass

import numpy as np

from c360.data import mess, names
from c360.data.drawing import NOBODY, Draw, Flags, Ints, by_time, chance, quota, ragged, share_of
from c360.data.population import Population
from c360.data.times import DAY, NOW

MARKETING, PERSONALIZATION = range(2)
_SPARE_SECONDS = 2 * 3600
_POLICY_CHANGED = NOW - 340 * DAY

GRANTED, WITHDRAWN, NONE = 1, 0, NOBODY
_HISTORIES = np.array(
    [
        (GRANTED, NONE, NONE),
        (GRANTED, WITHDRAWN, GRANTED),
        (GRANTED, WITHDRAWN, NONE),
        (WITHDRAWN, NONE, NONE),
        (NONE, NONE, NONE),
        (GRANTED, WITHDRAWN, NONE),
    ]
)
_LENGTHS = (_HISTORIES != NONE).sum(axis=1)
_AGAIN = 1
"""The history of a yes after a no. It is said with the identifiers of the first time: of a yes that
shares none with a no, nobody knows whether it comes from the same person."""
_TIE = 5
"""The history whose two changes bear the same time: nobody can say which one holds."""
_YES = (0.85, 0.15)
"""Shares of the first histories among those whose consent is in force."""
_NO = (0.50, 0.20, 0.24, 0.06)


@dataclass(frozen=True, slots=True)
class Agreements:
    """By customer, which history of `_HISTORIES` the consent to each purpose has."""

    marketing: Ints
    personalization: Ints

    @property
    def allows_marketing(self) -> Flags:
        """Say whose consent to marketing is in force."""
        return self.marketing < len(_YES)


def draw_agreements(rng: np.random.Generator, population: Population) -> Agreements:
    """Return the histories of the consents of all customers."""
    customers, targets = population.people.customers, population.targets
    marketing = targets.marketing_consents if targets else share_of(customers, mess.MARKETING_YES)
    personalization = share_of(customers, mess.PERSONALIZATION_YES)
    return Agreements(
        marketing=_histories(rng, customers, marketing),
        personalization=_histories(rng, customers, personalization),
    )


def _histories(rng: np.random.Generator, customers: int, agreed: int) -> Ints:
    yes = quota(rng, agreed, _YES)
    no = len(_YES) + quota(rng, customers - agreed, _NO)
    return rng.permutation(np.concatenate([yes, no]))


def consent_events_feed(
    rng: np.random.Generator, population: Population, agreements: Agreements
) -> Draw:
    """Return the rows of `consent_events`, by time."""
    people = population.people
    histories = np.concatenate([agreements.marketing, agreements.personalization])
    owner, place = ragged(_LENGTHS[histories])
    person = owner % people.customers
    purpose = owner // people.customers
    history = histories[owner]
    part = (place + 0.1 + 0.8 * rng.random(len(place))) / _LENGTHS[history]
    age = people.since[person] * DAY * (1 - part)
    time = NOW - _SPARE_SECONDS - age.astype(np.int64)
    follows_tie = np.flatnonzero((history == _TIE) & (place == 1))
    time[follows_tie] = time[follows_tie - 1]
    status = _HISTORIES[history, place]

    guest = people.customers + np.flatnonzero(chance(rng, people.guests, mess.GUEST_CONSENT))
    guest_time = NOW - _SPARE_SECONDS - rng.integers(0, 700 * DAY, len(guest))
    first = np.arange(len(person)) - np.where(history == _AGAIN, place, 0)
    shown = np.concatenate([first, len(person) + np.arange(len(guest))])
    person = np.concatenate([person, guest])
    time = np.concatenate([time, guest_time])
    draw: Draw = {
        "person": person,
        "purpose": np.concatenate([purpose, np.full(len(guest), MARKETING)]),
        "is_granted": np.concatenate([status, np.full(len(guest), GRANTED)]) == GRANTED,
        "channel": rng.integers(0, len(names.CONSENT_CHANNELS), len(person)),
        "policy": (time > _POLICY_CHANGED).astype(np.int64),
        "event_time": time,
        **{name: value[shown] for name, value in _evidence(rng, population, person).items()},
    }
    return by_time(draw, "event_time")


def _evidence(rng: np.random.Generator, population: Population, person: Ints) -> Draw:
    """Return one identifier for each change, sometimes two."""
    ids, masters = population.ids, population.masters
    number = len(person)
    card, contact = ids.card[person], ids.contact[person]
    has_card, has_contact = card >= 0, contact >= 0
    is_mail = chance(rng, number, mess.CONSENT_BY_EMAIL)
    if population.preset.is_resolvable:
        is_mail &= masters.has_own_email[person]
    is_mail |= ~has_card & ~has_contact
    by_card = has_card & ~is_mail & (chance(rng, number, mess.CONSENT_BY_CARD) | ~has_contact)
    by_contact = has_contact & ~is_mail & (~by_card | chance(rng, number, 0.15))
    return {
        "card": np.where(by_card, card, NOBODY),
        "contact": np.where(by_contact, contact, NOBODY),
        "email": np.where(is_mail, ids.email[person], NOBODY),
    }
