"""One decision from the command line: shown, tried out or recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from c360.errors import C360Error, MissingStepError
from c360.outcome import Outcome
from c360.runs import reading
from c360.step import Context, read_sql, run_model
from c360.stewardship.log import Draft, record
from c360.stewardship.merge import find_merge, merge_figures, merge_text
from c360.stewardship.reviewing import deciding
from c360.stewardship.unmerge import find_cut
from c360.stewardship.unmerge_text import unmerge_figures, unmerge_text
from c360.warehouse import has_table
from c360.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that may be made, and what is told of it."""

    told: Outcome
    draft: Draft


Find = Callable[[Context], Proposal]
"""Looks at the customers of a context; raises a C360Error where there is nothing to decide."""


def unmerge_of(customer: str, ends: Sequence[str], why: str, by: str) -> Find:
    """Return what proposes to keep two halves of a customer apart, between two ends or none."""

    def find(context: Context) -> Proposal:
        unmerge = find_cut(context, customer, ends)
        told = Outcome(unmerge_text(unmerge), unmerge_figures(unmerge))
        return Proposal(told, unmerge.draft(why, by))

    return find


def merge_of(references: tuple[str, str], why: str, by: str) -> Find:
    """Return what proposes to make two customers one."""

    def find(context: Context) -> Proposal:
        merge = find_merge(context, references, why, by)
        return Proposal(Outcome(merge_text(merge), merge_figures(merge)), merge.draft)

    return find


def propose(workspace: Workspace, find: Find) -> Outcome:
    """Tell of a decision, and write nothing.

    Raises:
        MissingStepError: nothing has been resolved, or an earlier decision has not been obeyed.
        C360Error: there is nothing to decide.
    """
    with reading(workspace) as context:
        return _checked(context, find).told


def rehearse(context: Context, find: Find) -> None:
    """Record a decision in a context that is taken back, in force even if it needs a second."""
    _record(context, replace(_checked(context, find).draft, impact_usd=None))


def decide(workspace: Workspace, command: str, as_of: datetime | None, find: Find) -> Outcome:
    """Record a decision, write the file of decisions, and tell of both.

    Raises:
        MissingStepError: nothing has been resolved, or an earlier decision has not been obeyed.
        C360Error: there is nothing to decide.
    """
    with deciding(workspace, command, as_of) as context:
        proposal = _checked(context, find)
        decision_id = _record(context, proposal.draft)
        kind, needs_second = context.con.execute(
            "select kind, needs_second from stewardship.decision where decision_id = $decision_id",
            {"decision_id": decision_id},
        ).fetchall()[0]
    path = workspace.stewardship("decisions.csv")
    awaited = f" once somebody confirms it: `c360 review second {decision_id}`"
    follows = f"`c360 resolve` obeys it{awaited if needs_second else ''}"
    text = f"Recorded {kind} {decision_id}; {follows}\nAll decisions: {path}"
    figures = {"decision_id": decision_id, "needs_second": needs_second, "decisions": str(path)}
    return proposal.told.then(Outcome("")).then(Outcome(text, figures))


def _record(context: Context, draft: Draft) -> str:
    (decision_id,) = record(context, [draft])
    return decision_id


def _checked(context: Context, find: Find) -> Proposal:
    """Return the proposal, unless a decision that says the same is still to be obeyed."""
    con = context.con
    if not has_table(con, "identity.disowned"):
        missing = "no customers have been resolved, or only by an earlier version of c360"
        raise MissingStepError(missing, "c360 resolve")
    proposal = find(context)
    draft = proposal.draft
    run_model("stewardship", "temp.standing_decision", context, {})
    pending = con.execute(
        read_sql("stewardship", "stewardship.pending_decision"),
        {
            "kind": draft.kind,
            "records_l": list(draft.left.records),
            "records_r": list(draft.right.records),
        },
    ).fetchall()
    for decision_id, is_in_force in pending:
        if is_in_force:
            missing = f"{draft.kind} {decision_id} speaks of both sides, and no run has obeyed it"
            raise MissingStepError(missing, "c360 resolve")
        msg = (
            f"{draft.kind} {decision_id} speaks of both sides, and awaits its second;"
            f" confirm it with `c360 review second {decision_id}`"
        )
        raise C360Error(msg)
    return proposal
