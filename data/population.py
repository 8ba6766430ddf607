"""The people of a sample with everything that their records are drawn from."""

from dataclasses import dataclass

import numpy as np

from c360.data.identifiers import Identifiers, draw_identifiers
from c360.data.masters import Masters, draw_masters
from c360.data.people import People, draw_people
from c360.data.presets import Preset, Targets


@dataclass(frozen=True, slots=True)
class Population:
    """Who there is, how they can be recognised, and what the sample shall be like."""

    people: People
    ids: Identifiers
    masters: Masters
    preset: Preset
    targets: Targets | None
    """Only where the sample is calibrated."""


def draw_population(rng: np.random.Generator, customers: int, preset: Preset) -> Population:
    """Return the population of a sample of so many customers."""
    people = draw_people(rng, customers, preset)
    ids = draw_identifiers(rng, people)
    masters = draw_masters(rng, people, ids, is_resolvable=preset.is_resolvable)
    targets = preset.targets if customers == preset.customers else None
    return Population(people, ids, masters, preset, targets)
