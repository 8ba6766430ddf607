"""The file of decisions, data/stewardship/decisions.csv: it mirrors the log and can live in git."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from pydantic import ValidationError

from c360.errors import DecisionError
from c360.step import Context
from c360.stewardship.cells import read_cells, write_cells
from c360.stewardship.decision import COLUMNS, Decision, append, cells_of, read_log
from c360.stewardship.decision_row import DecisionRow
from c360.stewardship.log import is_same_person


def export_decisions(context: Context) -> Path:
    """Write the log to data/stewardship/decisions.csv, whole or not at all, and return its path.

    Lists are JSON arrays. The same log gives the same bytes.
    """
    path = context.workspace.stewardship("decisions.csv")
    rows = ([_cell(value) for value in cells_of(each)] for each in read_log(context.con))
    write_cells(path, COLUMNS, rows)
    return path


def import_decisions(context: Context, path: Path) -> int:
    """Add the decisions of a file that the log does not have, and return how many those are.

    They keep their order and their ids, and their numbers where the log is not further yet.

    Raises:
        DecisionError: a row is no decision, refers to none, or says something else than the row of
            the log that has its id. All such rows are named, and nothing is added.
    """
    con = context.con
    log = {decision.decision_id: decision for decision in read_log(con)}
    numbers = [decision.number for decision in log.values()]
    revoked = {decision.refers_to for decision in log.values() if decision.kind == "revoke"}
    last = max(numbers, default=0)
    new: list[Decision] = []
    lines: dict[str, int] = {}
    problems: list[str] = []
    for line, found in _parsed(path):
        if isinstance(found, str):
            problems.append(f"line {line}: {found}")
            continue
        decision_id = found.decision_id
        wrong = _repeated(found, lines, log) or _misreferred(found, log, revoked)
        if wrong:
            problems.append(f"line {line}: {wrong}")
        elif decision_id not in log:
            last = max(last + 1, found.number)
            log[decision_id] = replace(found, number=last)
            new.append(log[decision_id])
            if found.kind == "revoke":
                revoked.add(found.refers_to)
        lines.setdefault(decision_id, line)
    if problems:
        raise DecisionError(problems, file=path)
    append(con, new)
    return len(new)


def _parsed(path: Path) -> Iterator[tuple[int, Decision | str]]:
    """Yield the line of each row and the decision that it is, or what is wrong with it."""
    for line, cells in read_cells(path, COLUMNS):
        try:
            row = DecisionRow.model_validate(dict(zip(COLUMNS, cells, strict=True)))
        except ValidationError as error:
            yield (
                line,
                "; ".join(
                    ": ".join(
                        [*map(str, each["loc"][:1]), each["msg"].removeprefix("Value error, ")]
                    )
                    for each in error.errors()
                ),
            )
        else:
            yield line, Decision(**{name: getattr(row, name) for name in COLUMNS})


def _repeated(found: Decision, lines: dict[str, int], log: dict[str, Decision]) -> str | None:
    """Say why a row cannot stand beside one that has its id."""
    decision_id = found.decision_id
    if decision_id in lines:
        return f"{decision_id} stands in line {lines[decision_id]} already; leave one of them"
    known = log.get(decision_id)
    if known is None:
        return None
    differing = [
        name
        for name in COLUMNS
        if name != "number" and getattr(known, name) != getattr(found, name)
    ]
    if not differing:
        return None
    return (
        f"{decision_id} is in the log with another {', '.join(differing)}; a decision is never"
        " changed: restore the row, and revoke the decision if it was wrong"
    )


def _misreferred(found: Decision, log: dict[str, Decision], revoked: set[str | None]) -> str | None:
    """Say what is wrong with what a second or a revoke speaks of."""
    if found.refers_to is None or found.decision_id in log:
        return None
    about = log.get(found.refers_to)
    if about is None:
        return f"refers to {found.refers_to}, which neither the log has nor a line above"
    if about.refers_to is not None:
        return f"refers to {found.refers_to}, which is itself a {about.kind}"
    if found.kind == "revoke" and found.refers_to in revoked:
        return f"revokes {found.refers_to}, which is revoked already"
    if found.kind == "second" and is_same_person(found.decided_by, about.decided_by):
        return f"{found.decided_by} confirms a decision of their own; a second is somebody else"
    return None


def _cell(value: object) -> object:
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, Decimal) else value
