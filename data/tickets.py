"""Support tickets: who called the service, about what, and how it ended."""

import numpy as np

from c360.data import mess, names
from c360.data.drawing import NOBODY, Draw, Flags, Ints, by_time, chance, choose, share_of, weighted
from c360.data.habits import column
from c360.data.population import Population
from c360.data.times import NOW, at_hours, seasonal_ages

_SPARE_SECONDS = 2 * 3600
_OLDEST_DAYS = 400
_USUAL_HOURS, _SPREAD = 20.0, 1.0
"""Median time to the resolution, and the spread of its logarithm."""
RESOLVED, CLOSED, OPEN, IN_PROGRESS = range(len(names.TICKET_STATUSES))
_COMPLAINT = list(names.TICKET_CATEGORIES).index("complaint")
_DELIVERY = list(names.TICKET_CATEGORIES).index("delivery")
_HIGH = list(names.PRIORITIES).index("high")
_CSAT_WEIGHTS = (0.08, 0.10, 0.20, 0.34, 0.28)
_COMPLAINT_CSAT_WEIGHTS = (0.30, 0.32, 0.22, 0.12, 0.04)


def support_tickets_feed(
    rng: np.random.Generator, population: Population, allows_marketing: Flags
) -> Draw:
    """Return the rows of `support_tickets`, by time.

    The only open complaints are those of champions who agreed to marketing: the people to whom
    nobody should send an offer now.
    """
    people = population.people
    upset = choose(
        rng, np.flatnonzero(people.is_habit("champion") & allows_marketing), mess.OPEN_COMPLAINT
    )
    if not len(upset):
        upset = np.flatnonzero(people.is_habit("champion") & allows_marketing)[:1]
    person = np.concatenate([_callers(rng, population), upset])
    number = len(person)
    is_upset = np.arange(number) >= number - len(upset)
    oldest = np.clip(people.since[person], 1, _OLDEST_DAYS)
    age = seasonal_ages(rng, np.zeros(number, np.int64), oldest)
    age[is_upset] = rng.integers(2, 12, len(upset))
    opened = at_hours(rng, age, _SPARE_SECONDS)
    category = weighted(rng, number, list(names.TICKET_CATEGORIES.values()))
    hours = _USUAL_HOURS * np.exp(rng.normal(0, _SPREAD, number)) * (1 + (category == _COMPLAINT))
    resolved = opened + (hours * 3600).astype(np.int64)
    is_open = is_upset | (resolved > NOW - 3600)
    category = np.where(is_open & (category == _COMPLAINT), _DELIVERY, category)
    priority = weighted(rng, number, list(names.PRIORITIES.values()))
    status = np.where(
        is_open, OPEN + weighted(rng, number, (0.6, 0.4)), weighted(rng, number, (0.6, 0.4))
    )
    answers = ~is_open & chance(rng, number, 0.7)
    csat = 1 + np.where(
        category == _COMPLAINT,
        weighted(rng, number, _COMPLAINT_CSAT_WEIGHTS),
        weighted(rng, number, _CSAT_WEIGHTS),
    )
    draw: Draw = {
        "person": person,
        "opened_at": opened,
        "resolved_at": np.where(is_open, 0, resolved),
        "is_open": is_open,
        "status": np.where(is_upset, OPEN, status),
        "priority": np.where(is_upset, _HIGH, priority),
        "category": np.where(is_upset, _COMPLAINT, category),
        "csat": np.where(answers, csat, NOBODY),
        **_evidence(rng, population, person),
    }
    return by_time(draw, "opened_at")


def _callers(rng: np.random.Generator, population: Population) -> Ints:
    people, ids, masters = population.people, population.ids, population.masters
    preset = population.preset
    weights = column("tickets")[people.habit]
    if preset.is_resolvable:
        reachable = (ids.contact >= 0) | masters.has_own_email | masters.has_own_phone
        weights = weights * reachable[: people.customers]
    number = share_of(people.customers, preset.tickets) if weights.any() else 0
    return (
        rng.choice(people.customers, number, p=weights / weights.sum()) if number else np.arange(0)
    )


def _evidence(rng: np.random.Generator, population: Population, person: Ints) -> Draw:
    """Return how the caller made themselves known: by login, by mail or by telephone."""
    ids, masters = population.ids, population.masters
    is_resolvable = population.preset.is_resolvable
    number = len(person)
    has_contact = ids.contact[person] >= 0
    way = weighted(rng, number, list(mess.TICKET_BY.values()))
    by_mail, by_phone = (way == list(mess.TICKET_BY).index(each) for each in ("email", "phone"))
    if is_resolvable:
        by_mail &= masters.has_own_email[person]
        by_phone &= masters.has_own_phone[person]
    is_nameless = ~by_mail & ~by_phone & ~has_contact
    by_mail |= is_nameless & (masters.has_own_email[person] | np.bool_(not is_resolvable))
    by_phone |= is_nameless & ~by_mail
    by_contact = has_contact & (
        ~(by_mail | by_phone) | chance(rng, number, mess.TICKET_WITH_CONTACT)
    )
    contact = np.where(
        (ids.second_contact[person] >= 0) & chance(rng, number, 0.4),
        ids.second_contact[person],
        ids.contact[person],
    )
    return {
        "contact": np.where(by_contact, contact, NOBODY),
        "email": np.where(by_mail, ids.email[person], NOBODY),
        "phone": np.where(by_phone, ids.phone[person], NOBODY),
    }
