"""What people can be recognised by: cards, CRM contacts, addresses, telephones, devices."""

from dataclasses import dataclass

import numpy as np

from c360.data import mess
from c360.data.drawing import NOBODY, Ints, chance, choose, quota, share_of
from c360.data.habits import column
from c360.data.people import People


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Codes of identifiers by person; the SQL turns codes into ids and hashes.

    The arrays of cards, contacts, e-mail addresses and telephones hold one element per customer and
    guest, `NOBODY` where there is none; that of devices one per person, that of tablets one per
    customer.
    """

    card: Ints
    contact: Ints
    second_contact: Ints
    email: Ints
    second_email: Ints
    """Equal to `email` where there is no second one."""
    phone: Ints
    recycled: Ints
    """Customers whose telephone was another's, and those others."""
    devices: Ints
    """How many each person has: device k of person p has the code `p * MOST_DEVICES + k`."""
    tablet: Ints
    """Code of the household's device, by customer."""
    first_kiosk: int
    kiosks: int


MOST_DEVICES = max(mess.DEVICES)


def draw_identifiers(rng: np.random.Generator, people: People) -> Identifiers:
    """Return the identifiers of all people."""
    customers, named = people.customers, people.customers + people.guests
    has_card = rng.random(customers) < column("card")[people.habit]
    has_contact = ~has_card | chance(rng, customers, mess.CARD_HOLDER_IN_CRM)
    numbers = rng.permutation(2 * customers)
    second = choose(rng, np.flatnonzero(has_contact), mess.SECOND_CONTACT)

    email, phone = np.arange(named), np.arange(named)
    email[:customers] = np.where(people.shares_email, people.head, email[:customers])
    phone[:customers] = np.where(people.shares_phone, people.head, phone[:customers])
    relative = choose(rng, np.arange(customers, named), mess.GUEST_WITH_CUSTOMERS_EMAIL)
    email[relative] = email[rng.integers(0, customers, len(relative))]
    second_email = email.copy()
    moved = choose(rng, second, mess.SECOND_CONTACT_NEW_EMAIL)
    second_email[moved] = named + moved
    new_owner, old_owner = _draw_recycled(rng, people)
    phone[new_owner] = phone[old_owner]

    first_tablet = people.size * MOST_DEVICES
    first_kiosk = first_tablet + customers
    return Identifiers(
        card=_padded(np.where(has_card, rng.permutation(customers), NOBODY), named),
        contact=_padded(np.where(has_contact, numbers[:customers], NOBODY), named),
        second_contact=_padded(_only(second, numbers[customers:], customers), named),
        email=email,
        second_email=second_email,
        phone=phone,
        recycled=np.concatenate([new_owner, old_owner]),
        devices=1 + quota(rng, people.size, list(mess.DEVICES.values())),
        tablet=np.where(people.shares_tablet, first_tablet + people.household, NOBODY),
        first_kiosk=first_kiosk,
        kiosks=max(1, customers // mess.CUSTOMERS_PER_KIOSK),
    )


def _draw_recycled(rng: np.random.Generator, people: People) -> tuple[Ints, Ints]:
    """Return customers and the strangers whose telephone numbers they were given."""
    singles = np.flatnonzero(~people.shares_phone)
    pairs = min(share_of(people.customers, mess.RECYCLED_PHONE), len(singles) // 2)
    drawn = rng.permutation(singles)[: 2 * pairs]
    return drawn[:pairs], drawn[pairs:]


def _only(persons: Ints, codes: Ints, size: int) -> Ints:
    kept = np.full(size, NOBODY)
    kept[persons] = codes[persons]
    return kept


def _padded(codes: Ints, size: int) -> Ints:
    return np.concatenate([codes, np.full(size - len(codes), NOBODY)])
