"""The commands that run parts of the flow; its steps are STEPS of c360/steps.py."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from c360.config import Settings
from c360.errors import GateError, HeldRunError
from c360.identity.gates import read_gates
from c360.identity.history import export_held, export_members
from c360.identity.plan import count_guards, make_plan
from c360.openlineage import TableInputs
from c360.order import is_published, require_built, require_checked, require_resolved
from c360.outcome import Outcome
from c360.profile.exports import export_gold
from c360.profile.lineage_inputs import column_inputs
from c360.profile.plan import tell_plan
from c360.reports.check_outcome import post_failed, tell_checks, write_junit
from c360.reports.checks import read_checks
from c360.reports.held_build import build_notes, hold_or_note
from c360.reports.quality_report import write_report
from c360.reports.what_changed import record_figures
from c360.runs import reading, rehearsing, run_steps, writing
from c360.sources.drift import tell_drift
from c360.sources.rejects import export_rejects
from c360.step import Context, Step
from c360.steps import STEPS
from c360.stewardship.accepting import accept_proposals, revoke_outdated
from c360.stewardship.decision_file import export_decisions
from c360.stewardship.queue import price_items
from c360.summary import tell_decided, tell_kpis, tell_landed, tell_queued, tell_resolved
from c360.telling import ReadLineage
from c360.warehouse import export
from c360.webhook import telling_held
from c360.workspace import Workspace

RESOLVING = (
    "identity.record",
    "identity.cluster",
    "identity.member",
    "identity.customer",
    "identity.change",
)
"""The steps that decide who is who; what else identity does follows once their gates are passed."""

BUILDING = (
    "ops.build_scope",
    "silver",
    "gold",
    "stewardship.review_impact",
    "ops.published_contract",
)
"""The steps and schemas that a build makes."""

MOST_ROUNDS = 5
"""Resolutions that one command adds because a rule decides: what it takes back may leave others to
be accepted. What is left after these waits for the next command."""


def ingest(workspace: Workspace, as_of: datetime | None = None) -> Outcome:
    """Land what is new at the sources."""
    with writing(workspace, "ingest", as_of) as context:
        run_steps(context, "Landing", _steps_of("bronze"))
        outcome = _tell_landing(context)
    with reading(workspace, as_of) as context:
        export_rejects(context)
    return outcome


def resolve(
    workspace: Workspace,
    as_of: datetime | None = None,
    *,
    is_full: bool = False,
    ignores_gates: bool = False,
) -> Outcome:
    """Land what is new at the sources and decide which records are one customer.

    Raises:
        GateError: the run is outside the bands of `gates`; it lies in data/held, and what was
            published last stays.
    """
    outcome, decided = _resolve_once(workspace, as_of, is_full=is_full, ignores_gates=ignores_gates)
    for _ in range(MOST_ROUNDS):
        if not decided:
            break
        # What a rule has accepted is a decision like any other: the next resolution obeys it.
        again, decided = _resolve_once(workspace, as_of, is_full=False, ignores_gates=ignores_gates)
        outcome = outcome.then(again)
    with reading(workspace, as_of) as context:
        export_rejects(context)
        export_members(context)
    return outcome


def _resolve_once(
    workspace: Workspace, as_of: datetime | None, *, is_full: bool, ignores_gates: bool
) -> tuple[Outcome, int]:
    """Resolve in one run; return also how many decisions a rule has made or taken back in it."""
    with (
        telling_held(workspace, "resolve"),
        writing(workspace, "resolve", as_of, is_full=is_full) as context,
    ):
        run_steps(context, "Resolving", _steps_of("bronze", *RESOLVING))
        outcome = _tell_landing(context).then(tell_resolved(context))
        readings = read_gates(context)
        broken = [str(reading) for reading in readings if not reading.is_kept]
        if broken and not ignores_gates:
            export_held(context)
            raise HeldRunError(broken, context.workspace.held(""))
        run_steps(context, "Comparing", _steps_of("identity.proposal"))
        run_steps(context, "Queueing", _steps_of("stewardship.review_item"))
        # What is at stake is known from the marts last built; the next build tells it anew.
        price_items(context)
        revoked, accepted = revoke_outdated(context), accept_proposals(context)
        for told in (tell_queued(context), tell_decided(accepted, revoked)):
            if told:
                outcome = outcome.then(told)
    if accepted or revoked:
        with reading(workspace, as_of) as context:
            export_decisions(context)
    return outcome, accepted + revoked


def plan(
    workspace: Workspace,
    as_of: datetime | None = None,
    *,
    csv: Path,
    is_full: bool = False,
    before: Callable[[Context], object] | None = None,
) -> tuple[Outcome, dict[str, int]]:
    """Say what `resolve` would do, and write only `csv`; return also the number of each change.

    `before` is done first, and taken back like the rest: a decision whose effect is to be seen.
    """
    with rehearsing(workspace, "resolve", as_of, is_full=is_full) as context:
        if before is not None:
            before(context)
        guards = count_guards(context.con)
        run_steps(context, "Planning", _steps_of("bronze", *RESOLVING))
        outcome = _tell_landing(context).then(tell_resolved(context))
        made = make_plan(context, guards)
        export(context.con, "from temp.planned_change order by all", csv)
    text = "\n".join([*made.lines(), f"All changes: {csv}"])
    planned = Outcome(text, {"plan": made.figures(), "csv": str(csv)})
    head = Outcome("Nothing is written: this is what `c360 resolve` would do.", {})
    return head.then(outcome).then(planned), dict(made.counts)


def _lineage_if_asked(settings: Settings) -> Mapping[str, TableInputs]:
    """Return the lineage of the columns where `telemetry` wants it of every build."""
    return column_inputs(settings) if settings.telemetry.column_lineage else {}


def build(
    workspace: Workspace,
    as_of: datetime | None = None,
    *,
    is_full: bool = False,
    warns_only: bool = False,
    read_lineage: ReadLineage = _lineage_if_asked,
) -> Outcome:
    """Make silver and gold from the last resolved customers: what has changed since then.

    `read_lineage` gives the lineage of columns for the events that other programs read.

    Raises:
        ContractError: a mart lacks what is promised of it, or would break its readers.
        HeldBuildError: a critical check fails, and not `warns_only`; what was published last stays.
    """
    with (
        telling_held(workspace, "build"),
        writing(workspace, "build", as_of, is_full=is_full, read_lineage=read_lineage) as context,
    ):
        require_resolved(context.con)
        run_steps(context, "Building", _steps_of(*BUILDING))
        notes = hold_or_note(context, warns_only=warns_only)
        figures = tell_kpis(context.con)
    with reading(workspace, as_of) as context:
        export_gold(context, is_full=is_full)
    folder = workspace.gold("")
    text = f"Built Customer 360 outputs in {folder}"
    return Outcome(text, {"gold": str(folder), **figures}, notes)


def plan_build(
    workspace: Workspace, as_of: datetime | None = None, *, is_full: bool = False
) -> Outcome:
    """Say what `build` would make anew, and write nothing."""
    with rehearsing(workspace, "build", as_of, is_full=is_full) as context:
        require_resolved(context.con)
        run_steps(context, "Planning", _steps_of(*BUILDING))
        lines, figures = tell_plan(context)
    head = "Nothing is written: this is what `c360 build` would do."
    return Outcome("\n".join([head, *lines]), {"plan": figures})


def _tell_landing(context: Context) -> Outcome:
    landed, drift = tell_landed(context), tell_drift(context)
    return landed if drift is None else landed.then(drift)


def check(
    workspace: Workspace,
    as_of: datetime | None = None,
    *,
    junit: Path | None = None,
    warns_only: bool = False,
) -> tuple[Outcome, list[str]]:
    """Check the marts; return also the names of the checks that failed, which `warns_only` notes.

    They go to `junit` as JUnit XML, and those that failed to the webhook.
    """
    with writing(workspace, "check", as_of) as context:
        require_built(context.con)
        run_steps(context, "Checking", _steps_of("ops.quality_check"))
        record_figures(context)
        checks = read_checks(context.con)
        notes = build_notes(context)
    if junit is not None:
        write_junit(checks, junit)
    post_failed(context.settings, checks)
    outcome = tell_checks(checks, warns_only=warns_only)
    failed = [each.metric for each in checks if each.status == "fail"]
    return replace(outcome, notes=(*notes, *outcome.notes)), failed


def report(workspace: Workspace, as_of: datetime | None = None) -> Outcome:
    """Write the quality report."""
    with reading(workspace, as_of) as context:
        require_checked(context.con)
        path = write_report(context, STEPS)
    return Outcome(f"Wrote validation report to {path}", {"report": str(path)})


def run(
    workspace: Workspace, as_of: datetime | None = None, *, warns_only: bool = False
) -> tuple[Outcome, GateError | None]:
    """Do everything up to the report; return also what it ends with: a run held, failed checks.

    Where a run is held, what was published before is checked and reported.

    Raises:
        HeldRunError: a run is held, and nothing was published before.
    """
    outcome, held = Outcome(""), None
    try:
        outcome = resolve(workspace, as_of)
        # The report reads the lineage of the columns anyway.
        built = build(workspace, as_of, warns_only=warns_only, read_lineage=column_inputs)
        outcome = outcome.then(built)
    except HeldRunError as error:
        with reading(workspace) as context:
            if not is_published(context.con):
                raise
        held = error
        text = "Held: what follows is of what was published before."
        told = Outcome(text, {"held": list(error.broken)})
        outcome = outcome.then(told) if outcome.text else told
    checked, failed = check(workspace, as_of, warns_only=warns_only)
    outcome = outcome.then(checked).then(report(workspace, as_of))
    if held is not None or warns_only:
        return outcome, held
    return outcome, failed_error(failed, "the report") if failed else None


def failed_error(failed: Sequence[str], teller: str) -> GateError:
    """Return the error that names the failed checks and who says more of them."""
    return GateError(f"checks that failed: {', '.join(failed)}; {teller} says why and what to do")


def raise_above(counts: Mapping[str, int], limits: Mapping[str, int]) -> None:
    """Raise a GateError where a plan makes more changes of a kind than its limit."""
    above = [
        f"{kind}: {counts[kind]:,}, at most {most:,}"
        for kind, most in limits.items()
        if counts[kind] > most
    ]
    if above:
        msg = f"the plan is above its limits: {'; '.join(above)}"
        raise GateError(msg)


def steps() -> Outcome:
    """List the steps of the flow."""
    width = max(len(step.table) for step in STEPS)
    text = "\n".join(
        f"{table:<{width}}  <-  {', '.join(step.reads) or 'the feeds'}"
        for step in STEPS
        for table in (step.table, *step.also)
    )
    figures = [{"table": s.table, "also": s.also, "reads": s.reads} for s in STEPS]
    return Outcome(text, {"steps": figures})


def _steps_of(*names: str) -> list[Step]:
    """Return the steps of these schemas and tables."""
    return [s for s in STEPS if {s.table, s.table.partition(".")[0]} & set(names)]
