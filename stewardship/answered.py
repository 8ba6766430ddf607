"""What an answer is held against: the review item as it is, and what was decided about it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from c360.identity.explain_evidence import printable
from c360.step import Context, run_model
from c360.warehouse import fill_table


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision about a review item that nobody revoked."""

    records_l: frozenset[str]
    decision_id: str
    kind: str
    value: str | None
    decided_by: str
    is_in_force: bool

    def __str__(self) -> str:
        awaits = "" if self.is_in_force else ", which awaits its second"
        return f"{self.kind} {self.decision_id} of {printable(self.decided_by)}{awaits}"


@dataclass(frozen=True, slots=True)
class Answered:
    """A review item; `customer_r` is None where it is about the halves of `customer_l`.

    `disputed` has the `namespace:value` of those that link nobody.
    """

    item_id: str
    disputed: tuple[str, ...]
    standing: tuple[Standing, ...]
    customer_l: str
    customer_r: str | None
    last_run: int
    changed_run: int


def read_answered(context: Context, item_ids: Iterable[str]) -> dict[str, Answered]:
    """Return the review items that there are, by their ids."""
    con = context.con
    asked = [(item_id,) for item_id in sorted(set(item_ids))]
    fill_table(con, "temp.asked_item", {"item_id": "varchar"}, asked)
    for table in ("standing_decision", "standing_answer", "answered_item"):
        run_model("stewardship", f"temp.{table}", context, {})
    standing = _read_standing(con)
    rows = con.execute(
        "select item_id, disputed, customer_id_l, customer_id_r, last_run, changed_run from"
        " temp.answered_item order by item_id"
    ).fetchall()
    return {
        item_id: Answered(item_id, tuple(disputed), tuple(standing[item_id]), *rest)
        for item_id, disputed, *rest in rows
    }


def _read_standing(con: duckdb.DuckDBPyConnection) -> defaultdict[str, list[Standing]]:
    rows = con.execute(
        "select item_id, records_l, decision_id, kind, value, decided_by, is_in_force from"
        " temp.standing_answer order by number"
    ).fetchall()
    found: defaultdict[str, list[Standing]] = defaultdict(list)
    for item_id, records_l, *rest in rows:
        found[item_id].append(Standing(frozenset(records_l), *rest))
    return found
