"""How well two partitions of records agree: pairwise, B-cubed and exact figures, with intervals."""

import warnings
from collections.abc import Sequence

import duckdb
import numpy as np
import numpy.typing as npt

from c360.step import read_sql
from c360.warehouse import build_table

Vector = npt.NDArray[np.float64]
Interval = tuple[float, float]
CONFIDENCE = 0.95
DECIMALS = 6


def build_kinds(con: duckdb.DuckDBPyConnection) -> None:
    """Write temp.evaluation_cell and temp.evaluation_kind.

    Reads temp.judged (source, record_id, customer_id) and temp.truth (source, record_id, person).
    """
    for name in ("evaluation_cell", "evaluation_kind"):
        build_table(con, f"temp.{name}", read_sql("identity", f"identity.{name}"), {})


def read_kinds(con: duckdb.DuckDBPyConnection) -> tuple[npt.NDArray[np.int64], Vector]:
    """Return how many persons are of each kind, and what one of them adds to each sum."""
    rows = con.execute("from temp.evaluation_kind").fetchall()
    persons = np.array([row[0] for row in rows], dtype=np.int64)
    return persons, np.array([row[1:] for row in rows], dtype=np.float64)


def rates(sums: Vector, persons: float) -> dict[str, Vector]:
    """Return each figure from the sums over persons, in the last axis as evaluation_kind has them.

    Pairwise: of the pairs found, how many are right (precision), and of the true ones, how many are
    found (recall). B-cubed (Bagga and Baldwin 1998): the same asked of each record and averaged.
    A figure that has nothing to be asked of is nan.
    """
    records, right, found, true, precision, recall, exact = np.moveaxis(sums, -1, 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        bcubed_precision, bcubed_recall = precision / records, recall / records
        return {
            "pairwise_precision": right / found,
            "pairwise_recall": right / true,
            "pairwise_f1": 2 * right / (found + true),
            "bcubed_precision": bcubed_precision,
            "bcubed_recall": bcubed_recall,
            "bcubed_f1": 2 * bcubed_precision * bcubed_recall / (bcubed_precision + bcubed_recall),
            "exact_cluster_rate": exact / persons,
        }


def estimates(persons: npt.NDArray[np.int64], kinds: Vector) -> dict[str, float | None]:
    """Return each figure over all persons; None where it has nothing to be asked of."""
    found = rates(persons.astype(np.float64) @ kinds, float(persons.sum()))
    return {name: _rounded(float(value)) for name, value in found.items()}


def intervals(
    persons: npt.NDArray[np.int64], kinds: Vector, *, replicates: int, seed: int
) -> dict[str, Interval | None]:
    """Return the 95 % percentile bootstrap interval of each figure, resampling persons.

    Each figure is a ratio of sums over true persons, found pairs counted half at each end, so that
    one resampling of persons serves precision and recall alike: Binette, Baek, Engineer, Jones,
    Dasylva and Reiter (2024), "How to Evaluate Entity Resolution Systems", arXiv:2404.05622.
    To draw how many persons of each kind a sample has is to draw the persons one by one.
    """
    generator = np.random.default_rng(seed)
    total = int(persons.sum())
    share = persons / total
    sums = np.array([generator.multinomial(total, share) @ kinds for _ in range(replicates)])
    tail = 50 * (1 - CONFIDENCE)
    return {
        name: _interval(values, (tail, 100 - tail)) for name, values in rates(sums, total).items()
    }


def _interval(values: Vector, percentiles: Sequence[float]) -> Interval | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all replicates may be nan
        low, high = (_rounded(float(v)) for v in np.nanpercentile(values, percentiles))
    return None if low is None or high is None else (low, high)


def _rounded(value: float) -> float | None:
    return None if np.isnan(value) else round(value, DECIMALS)
