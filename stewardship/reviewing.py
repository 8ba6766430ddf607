"""The commands of a review: each is one run on the workspace, and says what came of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from c360.errors import DecisionError, MissingStepError
from c360.identity.decisions import make_decision_tables
from c360.outcome import Outcome
from c360.runs import reading, writing
from c360.step import Context
from c360.stewardship.answering import Answer, judge
from c360.stewardship.decision_file import export_decisions, import_decisions
from c360.stewardship.layout import make_queue_tables
from c360.stewardship.log import record, revoke, second
from c360.stewardship.queue_csv import OPEN, apply_queue, export_queue
from c360.stewardship.status import tell_status
from c360.warehouse import has_table
from c360.workspace import Workspace

OBEY = "Run `c360 resolve` to obey."


@contextmanager
def deciding(workspace: Workspace, command: str, as_of: datetime | None) -> Iterator[Context]:
    """Give a command that decides its context, and write decisions.csv once it is published."""
    with writing(workspace, command, as_of) as context:
        make_decision_tables(context.con)
        make_queue_tables(context.con)
        yield context
    with reading(workspace, as_of) as context:
        export_decisions(context)


def export_review(
    workspace: Workspace,
    path: Path | None = None,
    *,
    kind: str | None = None,
    assignee: str | None = None,
    states: Sequence[str] = OPEN,
    limit: int | None = None,
) -> Outcome:
    """Write the queue to a file, data/stewardship/queue.csv unless another is named."""
    target = path or workspace.stewardship("queue.csv")
    with reading(workspace) as context:
        _require_queue(context)
        items = export_queue(
            context, target, kind=kind, assignee=assignee, states=states, limit=limit
        )
    text = (
        f"Wrote {items:,} review items to {target}. Fill in decision, reason and decided_by, then:"
        f" c360 review apply {target}"
    )
    return Outcome(text, {"items": items, "file": str(target)})


def apply_review(
    workspace: Workspace, path: Path, as_of: datetime | None = None, *, is_partial: bool = False
) -> tuple[Outcome, tuple[str, ...]]:
    """Record what a queue file decides; return also what is wrong with the rows left out."""
    with deciding(workspace, "review apply", as_of) as context:
        _require_customers(context)
        applied = apply_queue(context, path, is_partial=is_partial)
        waiting = _waiting(context, applied.decision_ids)
    recorded = len(applied.decision_ids)
    seconded = f", confirmed {applied.seconded:,}" if applied.seconded else ""
    text = f"Recorded {recorded:,} decisions{seconded}"
    if waiting:
        text += f" ({waiting:,} await a second)"
    text += f", {applied.known:,} known before; assigned {applied.assigned:,} items."
    if recorded > waiting or applied.seconded:
        text += f" {OBEY}"
    figures: dict[str, object] = {
        "recorded": recorded,
        "awaiting_second": waiting,
        "seconded": applied.seconded,
        "known": applied.known,
        "assigned": applied.assigned,
        "left_out": list(applied.wrong),
        "file": str(workspace.stewardship("decisions.csv")),
    }
    return Outcome(text, figures), applied.wrong


def revoke_decision(
    workspace: Workspace, decision_id: str, why: str, by: str, as_of: datetime | None = None
) -> Outcome:
    """Take a decision back."""
    with deciding(workspace, "review revoke", as_of) as context:
        revocation = revoke(context, decision_id, why, by)
    figures: dict[str, object] = {"decision_id": revocation, "refers_to": decision_id}
    return Outcome(f"Revoked {decision_id} ({revocation}). {OBEY}", figures)


def second_decision(
    workspace: Workspace, decision_id: str, why: str, by: str, as_of: datetime | None = None
) -> Outcome:
    """Confirm a decision that needs two people."""
    with deciding(workspace, "review second", as_of) as context:
        confirmation = second(context, decision_id, by, why)
    figures: dict[str, object] = {"decision_id": confirmation, "refers_to": decision_id}
    return Outcome(f"Confirmed {decision_id} ({confirmation}). {OBEY}", figures)


def import_review(workspace: Workspace, path: Path, as_of: datetime | None = None) -> Outcome:
    """Add the decisions of a file to the log."""
    with deciding(workspace, "review import", as_of) as context:
        added = import_decisions(context, path)
    text = f"Added {added:,} rows to the log of decisions."
    return Outcome(f"{text} {OBEY}" if added else text, {"added": added})


def tell_review(workspace: Workspace, *, everything: bool = False) -> Outcome:
    """Say what is open, decided and waiting."""
    with reading(workspace) as context:
        _require_queue(context)
        return tell_status(context, everything=everything)


def _waiting(context: Context, decision_ids: Sequence[str]) -> int:
    rows = context.con.execute(
        "select count(*) from stewardship.decision where needs_second"
        " and decision_id in (select unnest(cast($decision_ids as varchar[])))",
        {"decision_ids": list(decision_ids)},
    ).fetchall()
    return int(rows[0][0])


def _require_customers(context: Context) -> None:
    if not has_table(context.con, "identity.verdict"):
        missing = "no customers have been resolved"
        raise MissingStepError(missing, "c360 resolve")


def _require_queue(context: Context) -> None:
    if not has_table(context.con, "stewardship.review_item"):
        missing = "the review queue has not been made"
        raise MissingStepError(missing, "c360 resolve")


def try_answer(context: Context, item_id: str, decision: str) -> None:
    """Record an answer in a context that is taken back, in force even if it needs a second.

    Raises:
        DecisionError: the answer cannot be taken.
    """
    make_decision_tables(context.con)
    make_queue_tables(context.con)
    seen = context.con.execute(
        "select last_run from stewardship.review_item where item_id = $item_id",
        {"item_id": item_id},
    ).fetchall()
    last_run = seen[0][0] if seen else 0
    judged = judge(context, [Answer("this", item_id, last_run, decision, "a plan", "nobody")])
    if judged.wrong:
        raise DecisionError(list(judged.wrong.values()))
    record(context, [replace(draft, impact_usd=None) for draft in judged.drafts])
