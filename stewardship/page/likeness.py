"""How alike the two of an item are by the probabilistic comparison, drawn as bars of weights."""

from dataclasses import dataclass

import duckdb

from c360.identity.explain_evidence import printable
from c360.step import read_sql
from c360.stewardship.page.items import Item
from c360.warehouse import has_table

_HALF = 80.0
"""Units of a drawing on either side of its middle; the longest bar has them all."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What a comparison adds to the match weight, in bits, and its bar: where it begins, how long.

    The bars lie in a drawing of 160 units, for one person to the right of its middle.
    """

    words: str
    weight: float
    start: float
    length: float

    @property
    def told(self) -> str:
        """The weight with its sign."""
        return f"{self.weight:+.1f}"


@dataclass(frozen=True, slots=True)
class Likeness:
    """The score under which an item was last proposed; no weights where that was an earlier run."""

    model: str
    match_weight: float
    match_probability: float
    weights: tuple[Weight, ...]


def read_likeness(con: duckdb.DuckDBPyConnection, item: Item) -> Likeness | None:
    """Return how alike the two of an item are, None where they were never proposed."""
    if not has_table(con, "stewardship.review_score"):
        return None
    scores = con.execute(
        "select model, match_weight, match_probability from stewardship.review_score"
        " where item_id = $item_id",
        {"item_id": item.item_id},
    ).fetchall()
    if not scores:
        return None
    ((model, weight, probability),) = scores
    return Likeness(model, weight, probability, _read_weights(con, item))


def _read_weights(con: duckdb.DuckDBPyConnection, item: Item) -> tuple[Weight, ...]:
    rows = con.execute(
        read_sql("stewardship", "stewardship.page_weight"),
        {"customer_id_l": item.customer_id_l, "customer_id_r": item.customer_id_r},
    ).fetchall()
    most = max((abs(weight) for _, weight in rows), default=0.0) or 1.0
    return tuple(_drawn(printable(words), weight, weight / most) for words, weight in rows)


def _drawn(words: str, weight: float, share: float) -> Weight:
    """Return a weight with its bar; `share` is its part of the greatest, from -1 to 1."""
    return Weight(
        words, weight, round(_HALF + _HALF * min(share, 0.0), 1), round(_HALF * abs(share), 1)
    )
