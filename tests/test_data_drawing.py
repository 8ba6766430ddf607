import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from c360.data.calibration import amounts_of_total, counts_of_total
from c360.data.drawing import choose, quota, ragged, share_of
from c360.data.times import DAY, NOW, at_hours, seasonal_ages


def stream():
    return np.random.Generator(np.random.PCG64(1))


@given(st.integers(0, 300), st.lists(st.floats(0.01, 1), min_size=1, max_size=6))
def test_a_quota_is_off_by_less_than_one(number, shares):
    drawn = quota(stream(), number, shares)

    counts = np.bincount(drawn, minlength=len(shares))
    assert len(drawn) == number
    assert np.all(np.abs(counts - np.array(shares) / sum(shares) * number) < 1)


@pytest.mark.parametrize(
    ("number", "share", "part"),
    [
        (1000, 0.25, 250),
        (120, 0.001, 1),  # a share of a hundred or more is never nobody
        (99, 0.001, 0),
        (120, 0.0, 0),
    ],
)
def test_a_share_is_rounded(number, share, part):
    assert share_of(number, share) == part


def test_nobody_is_chosen_twice():
    chosen = choose(stream(), np.arange(50), 0.5)

    assert len(np.unique(chosen)) == len(chosen) == 25


def test_ragged_lists_know_their_owners():
    owner, place = ragged(np.array([2, 0, 1]))

    assert owner.tolist() == [0, 0, 2]
    assert place.tolist() == [0, 1, 0]


def test_counts_are_moved_within_their_ranges_to_a_total():
    low, high = np.array([1, 1, 1]), np.array([3, 1, 9])

    counts = counts_of_total(stream(), np.array([2, 1, 2]), low, high, 12)

    assert counts.sum() == 12
    assert np.all((low <= counts) & (counts <= high))


def test_a_total_beyond_the_ranges_is_refused():
    with pytest.raises(ValueError, match="13 is not between 3 and 12"):
        counts_of_total(stream(), np.ones(3, int), np.ones(3, int), np.full(3, 4), 13)


@given(st.lists(st.integers(500, 40_000), min_size=2, max_size=50), st.integers(100_000, 900_000))
def test_amounts_are_scaled_to_a_total_to_the_cent(cents, total):
    is_free = np.arange(len(cents)) > 0

    scaled = amounts_of_total(np.array(cents), is_free, total)

    assert scaled.sum() == total
    assert scaled[0] == cents[0]


def test_moments_of_today_are_before_now():
    moments = at_hours(stream(), np.zeros(1000, dtype=np.int64), 3600)

    assert moments.max() <= NOW - 3600
    assert moments.min() >= NOW - NOW % DAY


def test_seasonal_ages_keep_their_range():
    ages = seasonal_ages(stream(), np.full(1000, 3), np.full(1000, 90))

    assert (ages.min(), ages.max()) == (3, 90)
