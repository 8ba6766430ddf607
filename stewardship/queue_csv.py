"""The review queue as a CSV file: written for a spreadsheet, and read back with what it decides."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from c360.config import Settings
from c360.errors import DecisionError
from c360.step import Context, read_sql, run_model
from c360.stewardship.answered import read_answered
from c360.stewardship.answering import Answer, Judged, judge
from c360.stewardship.cells import read_cells, write_cells
from c360.stewardship.log import record, second
from c360.warehouse import fill_table

_BEFORE = (
    "item_id",
    "kind",
    "state",
    "priority",
    "impact_usd",
    "customer_id_l",
    "customer_id_r",
    "evidence",
)
_AFTER = ("first_run", "last_run", "decision", "reason", "decided_by", "assignee")
_READ = ("item_id", "last_run", "decision", "reason", "decided_by", "assignee")
_HELD_AGAINST = ("customer_id_l", "customer_id_r")
"""Read where they are there: they tell where rows were torn, as by sorting some of the columns."""
OPEN = ("open", "assigned")
"""The states of the items that wait for an answer."""


_RUN = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Applied:
    """What a queue file did; `wrong` has one line for each row that was left out."""

    decision_ids: tuple[str, ...]
    seconded: int
    known: int
    assigned: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    item_id: str
    last_run: str
    decision: str
    reason: str
    decided_by: str
    assignee: str
    customer_l: str
    customer_r: str


def export_queue(
    context: Context,
    path: Path,
    *,
    kind: str | None = None,
    assignee: str | None = None,
    states: Sequence[str] = OPEN,
    limit: int | None = None,
) -> int:
    """Write review items as CSV, the most important first, and return how many those are.

    The columns decision, reason and decided_by are empty: they are for the steward to fill in. The
    compared fields are those that any of the items has.
    """
    con = context.con
    asked = {"kind": kind, "assignee": assignee, "states": list(states), "limit": limit}
    items = con.execute(read_sql("stewardship", "stewardship.queue_row"), asked).fetchall()
    found = _read_fields(context, [item_id for item_id, *_ in items])
    fields = [name for name in _configured(context.settings) if name in found]
    compared = [f"{name}_{side}" for name in fields for side in ("l", "r")]
    cells = (
        (
            *item[:8],
            *(cell for name in fields for cell in found[name].get(item[0], (None, None))),
            *item[8:10],
            None,
            None,
            None,
            item[10],
        )
        for item in items
    )
    write_cells(path, [*_BEFORE, *compared, *_AFTER], cells, has_byte_order_mark=True)
    return len(items)


def _read_fields(
    context: Context, item_ids: Sequence[str]
) -> Mapping[str, Mapping[str, tuple[str | None, str | None]]]:
    """Return the two values of each field by field and item."""
    found: defaultdict[str, dict[str, tuple[str | None, str | None]]] = defaultdict(dict)
    rows = context.con.execute(
        "select field, item_id, value_l, value_r from stewardship.review_field"
        " where item_id in (select unnest(cast($item_ids as varchar[])))",
        {"item_ids": list(item_ids)},
    ).fetchall()
    for name, item_id, value_l, value_r in rows:
        found[name][item_id] = (value_l, value_r)
    return found


def _configured(settings: Settings) -> Iterator[str]:
    """Yield the names that a field may have, in the order of the configuration."""
    attributes = [name for source in settings.sources.values() for name in source.attributes]
    yield from dict.fromkeys([*attributes, *settings.identifiers])


def apply_queue(context: Context, path: Path, *, is_partial: bool = False) -> Applied:
    """Record what a queue file decides and assigns; rows that say nothing new change nothing.

    An empty assignee leaves the item to whom it is assigned.

    Raises:
        DecisionError: a row cannot be taken. All of them are named, and nothing is written; with
            `is_partial` the others are.
    """
    rows = [
        _Row(line, *map(str.strip, cells)) for line, cells in read_cells(path, _READ, _HELD_AGAINST)
    ]
    wrong: dict[int, str] = {}
    decided = _judge_rows(context, rows, wrong)
    _check_assignments(context, rows, wrong)
    told = tuple(f"line {line}: {problem}" for line, problem in sorted(wrong.items()))
    if told and not is_partial:
        raise DecisionError(told, file=path)
    decision_ids = record(context, decided.drafts)
    for each in decided.confirmations:
        second(context, each.decision_id, each.decided_by, each.reason)
    assigned = _assign(context, [row for row in rows if row.line not in wrong])
    return Applied(tuple(decision_ids), len(decided.confirmations), decided.known, assigned, told)


def _judge_rows(context: Context, rows: Sequence[_Row], wrong: dict[int, str]) -> Judged:
    """Judge the rows that decide, and add what is wrong with them by line."""
    deciding: list[_Row] = []
    for row in rows:
        if row.decision and not _RUN.fullmatch(row.last_run):
            wrong[row.line] = f"last_run is {row.last_run!r}; leave it as it was exported"
        elif row.decision:
            deciding.append(row)
        elif row.reason:
            wrong[row.line] = "a reason, but no decision; decide, or leave the reason empty"
    judged = judge(
        context,
        [
            Answer(
                f"line {row.line}",
                row.item_id,
                int(row.last_run),
                row.decision.lower(),
                row.reason,
                row.decided_by,
                tuple(filter(None, (row.customer_l, row.customer_r))),
            )
            for row in deciding
        ],
    )
    wrong |= {deciding[place].line: problem for place, problem in judged.wrong.items()}
    return judged


def _check_assignments(context: Context, rows: Sequence[_Row], wrong: dict[int, str]) -> None:
    """Add what is wrong with rows that only assign, by line."""
    assigning = [row for row in rows if row.assignee]
    if not assigning:
        return
    items = read_answered(context, [row.item_id for row in assigning])
    first: dict[str, _Row] = {}
    for row in assigning:
        other = first.setdefault(row.item_id, row)
        if row.line in wrong:
            continue
        if row.item_id not in items:
            wrong[row.line] = f"there is no review item {row.item_id!r}; export the queue again"
        elif other.assignee != row.assignee:
            wrong[row.line] = (
                f"line {other.line} assigns the same item to {other.assignee!r}; leave one of them"
            )


def _assign(context: Context, rows: Sequence[_Row]) -> int:
    """Assign items, and return how many have somebody else than before."""
    con = context.con
    assignees = {row.item_id: row.assignee for row in rows if row.assignee}
    columns = {"item_id": "varchar", "assignee": "varchar"}
    fill_table(con, "temp.assignment", columns, list(assignees.items()))
    run_model("stewardship", "temp.assigned_item", context, {})
    con.execute(
        "update stewardship.review_item as item set assignee = assigned.assignee,"
        " state = assigned.state from temp.assigned_item as assigned"
        " where item.item_id = assigned.item_id"
    ).fetchall()
    return int(con.execute("select count(*) from temp.assigned_item").fetchall()[0][0])
