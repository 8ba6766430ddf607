"""When things happen: season, day of the week and hour, always before `AS_OF`."""

from datetime import timedelta

import numpy as np

from c360.data.drawing import Ints, weighted
from c360.data.presets import AS_OF

NOW = int(AS_OF.timestamp())
"""Times are seconds since 1970 UTC."""
DAY = 86_400
_TODAY = NOW - NOW % DAY

HORIZON = 730
"""Days of orders."""

_MONTHS = (0.86, 0.84, 1.06, 0.95, 0.97, 0.94, 0.90, 1.02, 1.04, 1.00, 1.22, 1.32)
_WEEKDAYS = (0.92, 0.90, 0.94, 0.98, 1.12, 1.20, 0.98)
_YEARLY_GROWTH = 1.25
# Shops open at 9 and the web sleeps from midnight on, at UTC+5.
_HOURS_UTC = (2, 2, 3, 4, 5, 7, 8, 8, 8, 7, 7, 7, 8, 9, 9, 8, 6, 4, 2, 1, 0.5, 0.5, 0.5, 1)


def _weight_of(age: int) -> float:
    day = AS_OF - timedelta(days=age)
    growth: float = _YEARLY_GROWTH ** (-age / 365)
    return _MONTHS[day.month - 1] * _WEEKDAYS[day.weekday()] * growth


_CUMULATED = np.cumsum([_weight_of(age) for age in range(HORIZON + 1)])


def seasonal_ages(rng: np.random.Generator, youngest: Ints, oldest: Ints) -> Ints:
    """Return ages in days from `youngest` to `oldest`, both inclusive, as busy days are busy."""
    low = np.where(youngest > 0, _CUMULATED[np.maximum(youngest - 1, 0)], 0.0)
    high = _CUMULATED[oldest]
    mark = low + rng.random(len(youngest)) * (high - low)
    found = np.searchsorted(_CUMULATED, mark, side="right").astype(np.int64)
    ages: Ints = np.minimum(np.maximum(found, youngest), oldest)
    return ages


def at_hours(rng: np.random.Generator, ages: Ints, spare_seconds: int) -> Ints:
    """Return moments on the days of the given ages, at least `spare_seconds` before `AS_OF`."""
    second = weighted(rng, len(ages), _HOURS_UTC) * 3600 + rng.integers(0, 3600, len(ages))
    latest = NOW - _TODAY - spare_seconds
    moments: Ints = _TODAY - ages * DAY + np.where(ages == 0, second * latest // DAY, second)
    return moments
