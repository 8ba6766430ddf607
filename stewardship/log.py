"""The log of decisions: rows are only ever added, never changed and never deleted.

Its file, data/stewardship/decisions.csv, is written and read by decision_file.py
(`export_decisions`, `import_decisions`).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NoReturn

import duckdb

from c360.errors import DecisionError
from c360.step import Context, read_sql
from c360.stewardship.decision import Decision, append, cells_of, last_number

Kind = Literal["merge", "keep_apart", "not_shared", "defer"]
"""What can be decided about two sides."""

Engine = Literal["together", "apart"]
"""What the resolver had made of the two sides."""

STEWARD = "steward"
"""The provenance of what a person decides."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that a decision speaks of: `source:record_id` and `namespace:value`, sorted.

    Identifiers are the anchors that only this side carries; a keep_apart alone names them.
    """

    records: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A decision that is not in the log yet.

    Of a not_shared, `value` (`namespace:value`) belongs to the left side from `valid_from` on; of
    others both are None. `item_id` is None where it answers no review item, `impact_usd` where no
    revenue is known. `provenance` is `steward` or `rule:<id>@<version>`.
    """

    kind: Kind
    left: Side
    right: Side
    engine: Engine
    reason: str
    decided_by: str
    item_id: str | None = None
    value: str | None = None
    valid_from: datetime | None = None
    impact_usd: Decimal | None = None
    provenance: str = STEWARD


@dataclass(frozen=True, slots=True)
class _Word:
    """What somebody says about a decision of the log."""

    kind: Literal["second", "revoke"]
    about: str
    why: str
    by: str
    provenance: str = STEWARD


def record(context: Context, drafts: Sequence[Draft]) -> list[str]:
    """Add drafts to the log, in their order, and return their decision ids.

    One at stake of more than `stewardship.two_person_above` needs a second, unless it defers. The
    review items that they answer are decided or held, once in force. Nothing is checked here.
    """
    number = last_number(context.con)
    decisions = [
        _numbered(
            Decision(
                number=number + place,
                decision_id="",
                kind=draft.kind,
                refers_to=None,
                item_id=draft.item_id,
                records_l=draft.left.records,
                records_r=draft.right.records,
                identifiers_l=draft.left.identifiers,
                identifiers_r=draft.right.identifiers,
                value=draft.value,
                valid_from=draft.valid_from,
                engine=draft.engine,
                impact_usd=draft.impact_usd,
                needs_second=_needs_second(context, draft),
                reason=draft.reason,
                decided_by=draft.decided_by,
                decided_at=context.as_of,
                provenance=draft.provenance,
                run=context.run,
            )
        )
        for place, draft in enumerate(drafts, start=1)
    ]
    append(context.con, decisions)
    return [decision.decision_id for decision in decisions]


def second(context: Context, decision_id: str, by: str, why: str) -> str:
    """Confirm a decision that needs two people, and return the id of the confirmation.

    Raises:
        DecisionError: there is no such decision, it awaits nobody, or `by` is who decided it.
    """
    decided_by, needs_second, is_confirmed = _standing(context.con, decision_id)
    if not needs_second:
        _refuse(f"{decision_id} needs no second; it is in force since {decided_by} decided it")
    if is_confirmed:
        _refuse(f"{decision_id} has its second already and is in force")
    if is_same_person(by, decided_by):
        _refuse(f"{decision_id} was decided by {by}; it needs a second by somebody else")
    return _refer(context, "second", decision_id, why, by)


def revoke(context: Context, decision_id: str, why: str, by: str) -> str:
    """Take a decision back, and return the id of the revocation; the review item is open again.

    Raises:
        DecisionError: there is no such decision, or it is revoked already.
    """
    _standing(context.con, decision_id)
    return _refer(context, "revoke", decision_id, why, by)


def revoke_by_rule(context: Context, provenance: str, reasons: Mapping[str, str]) -> list[str]:
    """Take back decisions of a rule in its own name, and return the ids of the revocations.

    `reasons` are by decision_id; `provenance` is `rule:<id>@<version>`. Nothing is checked here.
    """
    number = last_number(context.con)
    by = provenance.partition("@")[0]
    revocations = [
        _spoken(context, number + place, _Word("revoke", decision_id, why, by, provenance))
        for place, (decision_id, why) in enumerate(reasons.items(), start=1)
    ]
    append(context.con, revocations)
    return [revocation.decision_id for revocation in revocations]


def is_same_person(name: str, other: str) -> bool:
    """Say whether two names are one but for blanks around them and for case."""
    return name.strip().lower() == other.strip().lower()


def _needs_second(context: Context, draft: Draft) -> bool:
    above = context.settings.stewardship.two_person_above
    if above is None or draft.impact_usd is None or draft.kind == "defer":
        return False
    return float(draft.impact_usd) > above


def _standing(con: duckdb.DuckDBPyConnection, decision_id: str) -> tuple[str, bool, bool]:
    """Return who decided it, whether it needs a second and has one; it must not be revoked."""
    rows = con.execute(
        read_sql("stewardship", "stewardship.decision_state"), {"decision_id": decision_id}
    ).fetchall()
    if not rows:
        _refuse(
            f"there is no decision {decision_id}; `c360 review status --all` lists those in force"
        )
    kind, refers_to, decided_by, needs_second, is_confirmed, revoked_by, revoked_why = rows[0]
    if refers_to is not None:
        _refuse(f"{decision_id} is the {kind} of {refers_to}; name that one")
    if revoked_by is not None:
        _refuse(f"{decision_id} was revoked by {revoked_by} already: {revoked_why}")
    return decided_by, needs_second, is_confirmed


def _refer(
    context: Context, kind: Literal["second", "revoke"], about: str, why: str, by: str
) -> str:
    """Add a row that speaks of a decision."""
    if not why.strip() or not by.strip():
        _refuse(f"say who decides and why; a {kind} without either is worth nothing later")
    number = last_number(context.con) + 1
    row = _spoken(context, number, _Word(kind, about, why, by.strip()))
    append(context.con, [row])
    return row.decision_id


def _spoken(context: Context, number: int, word: _Word) -> Decision:
    """Return the row that says it."""
    return _numbered(
        Decision(
            number=number,
            decision_id="",
            kind=word.kind,
            refers_to=word.about,
            item_id=None,
            records_l=(),
            records_r=(),
            identifiers_l=(),
            identifiers_r=(),
            value=None,
            valid_from=None,
            engine=None,
            impact_usd=None,
            needs_second=False,
            reason=word.why,
            decided_by=word.by,
            decided_at=context.as_of,
            provenance=word.provenance,
            run=context.run,
        )
    )


def _numbered(decision: Decision) -> Decision:
    """Return the decision with its id, which its content and its number make."""
    number, _, *content = cells_of(decision)
    told = json.dumps([number, *content], default=str)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return Decision(number, f"d_{digest[:12]}", *content)


def _refuse(problem: str) -> NoReturn:
    raise DecisionError([problem])
