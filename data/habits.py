"""How people shop: the ranges that orders, visits and answers to campaigns are drawn from."""

from dataclasses import dataclass, fields

import numpy as np

from c360.data.drawing import Floats, Ints


@dataclass(frozen=True, slots=True)
class Habit:
    """A way of shopping. Ranges are inclusive; ages are days before `AS_OF`."""

    name: str
    orders: tuple[int, int]
    """Paid orders."""
    last_order: tuple[int, int]
    """Age of the newest paid order."""
    first_order: int
    """Greatest age of any order."""
    basket_usd: tuple[float, float, float]
    """Smallest, usual and greatest amount of an order."""
    recent_visits: tuple[int, int]
    """Visits of the last six weeks."""
    older_visits: float
    """Mean number of the visits before."""
    card: float
    """Share that holds a loyalty card."""
    opens: float
    """Share of delivered messages that are opened."""
    tickets: float
    """Weight in drawing who calls the service."""
    returns: float
    """Share of paid orders of which something comes back."""

    @property
    def is_dormant(self) -> bool:
        """Say whether the person no longer visits at all."""
        return self.recent_visits[1] == 0


# Only `lapsed` people are both valuable and silent by these ranges, so their number is the number
# of urgent retention cases: the others that spend as much have bought within two months, and
# whoever has been away as long has bought too little.
HABITS = (
    Habit("champion", (5, 11), (1, 28), 729, (12, 66, 420), (3, 8), 6, 1.0, 0.55, 1.2, 0.06),
    Habit("loyal", (3, 6), (3, 58), 729, (10, 62, 420), (2, 5), 4, 1.0, 0.45, 1.0, 0.06),
    Habit("newcomer", (1, 2), (1, 25), 41, (8, 55, 300), (1, 4), 0, 0.7, 0.50, 0.9, 0.05),
    Habit("occasional", (1, 3), (31, 110), 729, (6, 48, 150), (0, 2), 2, 0.7, 0.30, 0.9, 0.06),
    Habit("fading", (2, 4), (95, 320), 729, (8, 50, 160), (0, 1), 2, 0.75, 0.20, 1.1, 0.06),
    Habit("slipping", (5, 6), (125, 300), 729, (32, 40, 58), (0, 0), 3, 1.0, 0.12, 1.4, 0.0),
    Habit("lapsed", (7, 9), (130, 260), 729, (85, 110, 260), (0, 0), 4, 1.0, 0.08, 1.6, 0.0),
    Habit("prospect", (0, 0), (31, 110), 729, (8, 45, 160), (0, 3), 2, 0.55, 0.25, 0.5, 0.0),
)
HABIT_NAMES = tuple(habit.name for habit in HABITS)


def code_of(name: str) -> int:
    """Return the code by which arrays name a habit."""
    return HABIT_NAMES.index(name)


def codes_of_active() -> Ints:
    """Return the codes of the habits of people who still visit."""
    return np.array([code for code, habit in enumerate(HABITS) if not habit.is_dormant])


def column(name: str, part: int = 0) -> Floats:
    """Return a field of all habits, in the order of their codes; of a range the given part."""
    if name not in {field.name for field in fields(Habit)}:
        msg = f"no field {name!r}"
        raise KeyError(msg)
    values = [getattr(habit, name) for habit in HABITS]
    return np.array([v[part] if isinstance(v, tuple) else v for v in values], dtype=np.float64)
