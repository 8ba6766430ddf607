"""Campaign messages: to whom they went, and whether they were opened and clicked."""

import numpy as np

from c360.data import mess, names
from c360.data.drawing import NOBODY, Draw, chance
from c360.data.habits import column
from c360.data.population import Population
from c360.data.times import DAY, NOW

_DELIVERED, _CLICKED = 0.96, 0.25
"""Share of the messages that arrive, and of the opened ones that are clicked."""


def campaign_events_feed(rng: np.random.Generator, population: Population) -> Draw:
    """Return the rows of `campaign_events`, campaign by campaign."""
    people, ids, masters = population.people, population.ids, population.masters
    customers = people.customers
    has_contact = ids.contact[:customers] >= 0
    has_email = masters.has_own_email[:customers]
    persons, campaigns = [], []
    for code, (channel, age) in enumerate(names.CAMPAIGNS.values()):
        reachable = has_contact | has_email if channel == "email" else has_contact
        knows = reachable & (people.since > age)
        known = max(int(knows.sum()), 1)
        share = min(1.0, population.preset.messages * customers / len(names.CAMPAIGNS) / known)
        chosen = np.flatnonzero(knows & chance(rng, customers, share))
        persons.append(rng.permutation(chosen))
        campaigns.append(np.full(len(chosen), code))
    person, campaign = np.concatenate(persons), np.concatenate(campaigns)
    number = len(person)
    is_email = np.array([c == "email" for c, _ in names.CAMPAIGNS.values()])[campaign]
    is_sms = np.array([c == "sms" for c, _ in names.CAMPAIGNS.values()])[campaign]
    by_email = is_email & has_email[person]
    by_contact = ~by_email | (
        has_contact[person] & chance(rng, number, 1 - mess.MESSAGE_BY_EMAIL_ONLY)
    )
    sent = NOW - np.array([age for _, age in names.CAMPAIGNS.values()])[campaign] * DAY
    delivered = chance(rng, number, _DELIVERED)
    # A text message is not tracked before its link is clicked: it counts as opened then.
    opens = np.where(is_sms, 0.4, 1.0) * column("opens")[people.habit[person]]
    opened = delivered & (rng.random(number) < opens)
    clicked = opened & (is_sms | chance(rng, number, _CLICKED))
    return {
        "person": person,
        "number": np.arange(number),
        "campaign": campaign,
        "contact": np.where(by_contact, ids.contact[person], NOBODY),
        "email": np.where(by_email, ids.email[person], NOBODY),
        "sent_at": sent - 5 * 3600 + np.arange(number) * 3 % 7200,
        "delivered": delivered,
        "opened": opened,
        "clicked": clicked,
    }
