"""Who the people of a sample are: names, birth dates, homes, habits and households."""

from dataclasses import dataclass

import numpy as np

from c360.data import mess, names
from c360.data.drawing import (
    NOBODY,
    Flags,
    Ints,
    between,
    chance,
    choose,
    falling,
    quota,
    ragged,
    share_of,
    weighted,
)
from c360.data.habits import HABIT_NAMES, codes_of_active, column
from c360.data.presets import Preset

_MEAN_AGE, _AGE_SPREAD, _YOUNGEST, _OLDEST = 38, 13, 18, 88


@dataclass(frozen=True, slots=True)
class People:
    """Everyone, by number: first the customers, then those who only buy as guests, then visitors.

    The arrays have one element per customer; guests and visitors have no names and no habits.
    """

    customers: int
    guests: int
    visitors: int
    habit: Ints
    is_female: Flags
    first_name: Ints
    last_name: Ints
    birth_age: Ints
    """Days."""
    city: Ints
    postcode: Ints
    channel: Ints
    """The preferred one."""
    last_order: Ints
    """Age in days of the newest paid order, where there is any."""
    since: Ints
    """Age in days of the first contact with the shop, at least `last_order`."""
    household: Ints
    head: Ints
    """The member of the household whose telephone and e-mail address the others use."""
    shares_phone: Flags
    shares_email: Flags
    shares_tablet: Flags

    @property
    def size(self) -> int:
        """How many people there are in all."""
        return self.customers + self.guests + self.visitors

    def is_habit(self, *habits: str) -> Flags:
        """Say which customers have one of the habits."""
        return np.isin(self.habit, [HABIT_NAMES.index(habit) for habit in habits])

    @property
    def active(self) -> Ints:
        """The customers who still visit."""
        return np.flatnonzero(np.isin(self.habit, codes_of_active()))


def draw_people(rng: np.random.Generator, customers: int, preset: Preset) -> People:
    """Return the people of a sample."""
    habit = quota(rng, customers, [preset.habits[name] for name in HABIT_NAMES])
    female = chance(rng, customers, 0.52)
    male_name = weighted(rng, customers, falling(len(names.MALE_NAMES)))
    female_name = weighted(rng, customers, falling(len(names.FEMALE_NAMES)))
    years = np.clip(rng.normal(_MEAN_AGE, _AGE_SPREAD, customers), _YOUNGEST, _OLDEST)
    last_order = between(rng, _days("last_order", 0)[habit], _days("last_order", 1)[habit])
    room = _days("first_order")[habit] - last_order
    city = weighted(rng, customers, list(names.CITIES.values()))
    last_name = weighted(rng, customers, names.LAST_NAME_WEIGHTS)
    postcode = rng.integers(0, 90, customers)

    active = np.isin(habit, codes_of_active())
    # A relative's visits on a shared tablet would wake a dormant customer.
    candidates = np.flatnonzero(active) if preset.is_resolvable else np.arange(customers)
    member, household, head, shares = _draw_households(rng, customers, candidates)
    follows = member[chance(rng, len(member), 1 - mess.OTHER_SURNAME)]
    last_name[follows] = last_name[head[follows]]
    city[member], postcode[member] = city[head[member]], postcode[head[member]]

    return People(
        customers=customers,
        guests=share_of(customers, preset.guests),
        visitors=share_of(customers, preset.visitors),
        habit=habit,
        is_female=female,
        first_name=np.where(female, len(names.MALE_NAMES) + female_name, male_name),
        last_name=last_name,
        birth_age=(years * 365.25).astype(np.int64) + rng.integers(0, 366, customers),
        city=city,
        postcode=postcode,
        channel=weighted(rng, customers, names.CHANNEL_WEIGHTS),
        last_order=last_order,
        since=last_order + (room * (0.4 + 0.6 * rng.random(customers))).astype(np.int64),
        household=household,
        head=head,
        shares_phone=shares[:, 0],
        shares_email=shares[:, 1],
        shares_tablet=shares[:, 2],
    )


def _days(field: str, part: int = 0) -> Ints:
    return column(field, part).astype(np.int64)


def _draw_households(
    rng: np.random.Generator, customers: int, candidates: Ints
) -> tuple[Ints, Ints, Ints, Flags]:
    """Return the members, and for every customer the household, its head and what it shares.

    Who lives in none heads themselves and shares nothing; a household holds at least two people.
    """
    people = rng.permutation(choose(rng, candidates, mess.IN_HOUSEHOLD))
    sizes = np.array(list(mess.HOUSEHOLD_SIZES))
    drawn = sizes[weighted(rng, len(people), list(mess.HOUSEHOLD_SIZES.values()))]
    drawn = drawn[np.cumsum(drawn) <= len(people)]
    owner, _ = ragged(drawn)
    member = people[: len(owner)]

    household = np.full(customers, NOBODY)
    household[member] = owner
    head = np.arange(customers)
    head[member] = member[(np.cumsum(drawn) - drawn)[owner]]
    pattern = np.array(list(mess.HOUSEHOLD_SHARES))
    kind = quota(rng, len(drawn), list(mess.HOUSEHOLD_SHARES.values()))
    shares = np.zeros((customers, 3), dtype=np.bool_)
    shares[member] = pattern[kind[owner]]
    return member, household, head, shares
