"""The flow of the data, listed once, and the commands that run its parts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import get_args

import duckdb

from c360.entities import EntityName
from c360.errors import GateError, HeldRunError, MissingStepError
from c360.identity.gates import read_gates
from c360.identity.history import (
    build_changes,
    build_customers,
    build_members,
    export_held,
    export_members,
)
from c360.identity.plan import count_guards, make_plan
from c360.identity.records import build_records
from c360.identity.resolution import build_clusters
from c360.outcome import Outcome
from c360.profile.conform import build_customer_attribute, build_entity
from c360.profile.exports import export_gold
from c360.profile.parameters import profile_parameters
from c360.profile.windows import build_windowed
from c360.reports.checks import build_quality_check, failed_checks
from c360.reports.quality_report import write_report
from c360.runs import reading, rehearsing, run_steps, writing
from c360.sources.landing import land
from c360.sources.rejects import export_rejects
from c360.step import Context, Step, sql_step
from c360.stewardship.queue import build_review_items, price_items
from c360.summary import tell_kpis, tell_landed, tell_queued, tell_resolved
from c360.warehouse import export, has_table
from c360.workspace import Workspace

BRONZE = "bronze.*"
"""Every `bronze.<source>` and `bronze.<source>__current` of the configuration."""

CHECKED = (
    "ops.load",
    "identity.record",
    "identity.keyring_attribute",
    "identity.identifier",
    "identity.link",
    "identity.overridden_guard",
    "identity.member",
    "identity.customer",
    "identity.change",
    "stewardship.decision",
    "stewardship.decision_in_force",
    "stewardship.review_item",
    "stewardship.review_impact",
    *(f"silver.{name}" for name in get_args(EntityName)),
    "silver.paid_order",
    "gold.customer_360",
    "gold.segment_summary",
    "gold.activation_candidates",
)
"""What the quality checks look at."""


def _profile(table: str, *reads: str) -> Step:
    return sql_step("profile", table, reads, profile_parameters)


def _windowed(table: str, *reads: str) -> Step:
    return Step(table, reads, build_windowed(table))


STEPS: tuple[Step, ...] = (
    Step(BRONZE, reads=(), build=land, also=("bronze.superseded_row", "ops.load", "ops.reject")),
    Step(
        "identity.record",
        reads=(BRONZE, "ops.load"),
        build=build_records,
        also=(
            "identity.sighting",
            "identity.keyring",
            "identity.keyring_attribute",
            "identity.carried",
            "identity.value",
            "identity.observation",
            "identity.rule_set",
            "identity.read_batch",
            "identity.read_decision",
            "identity.disowned",
            "stewardship.suppressed_value",
            "stewardship.decision",
            "stewardship.decision_in_force",
        ),
    ),
    Step(
        "identity.cluster",
        reads=(
            "identity.record",
            "identity.sighting",
            "identity.keyring",
            "identity.keyring_attribute",
            "identity.carried",
            "identity.value",
            "identity.disowned",
            "stewardship.suppressed_value",
            "stewardship.decision_in_force",
        ),
        build=build_clusters,
        also=(
            "identity.contested_keyring",
            "identity.verdict",
            "identity.overridden_guard",
            "identity.identifier",
            "identity.link",
        ),
    ),
    Step("identity.member", reads=("identity.record", "identity.cluster"), build=build_members),
    Step(
        "identity.customer",
        reads=(
            "identity.record",
            "identity.sighting",
            "identity.verdict",
            "identity.cluster",
            "identity.member",
        ),
        build=build_customers,
    ),
    Step(
        "identity.change",
        reads=(
            "identity.member",
            "identity.customer",
            "identity.carried",
            "identity.value",
            "identity.verdict",
            "identity.disowned",
        ),
        build=build_changes,
    ),
    Step(
        "stewardship.review_item",
        reads=(
            BRONZE,
            "identity.record",
            "identity.keyring",
            "identity.keyring_attribute",
            "identity.carried",
            "identity.value",
            "identity.verdict",
            "identity.disowned",
            "identity.cluster",
            "identity.member",
            "identity.customer",
            "stewardship.decision",
            "stewardship.decision_in_force",
        ),
        build=build_review_items,
        also=(
            "stewardship.review_field",
            "stewardship.review_value",
            "stewardship.review_part",
        ),
    ),
    *(
        Step(f"silver.{name}", reads=(BRONZE, "identity.member"), build=build_entity(name))
        for name in get_args(EntityName)
    ),
    Step(
        "silver.customer_attribute",
        reads=(BRONZE, "identity.member"),
        build=build_customer_attribute,
    ),
    _profile("silver.golden_attribute", "silver.customer_attribute"),
    _profile(
        "silver.customer_profile_base",
        "identity.customer",
        "identity.cluster",
        "identity.keyring",
        "identity.link",
        "silver.customers",
        "silver.loyalty_accounts",
        "silver.golden_attribute",
    ),
    _profile(
        "silver.customer_consent",
        "silver.consents",
        "identity.member",
        "identity.carried",
        "identity.verdict",
        "identity.cluster",
    ),
    _profile("silver.paid_order", "silver.orders", "silver.order_items", "silver.returns"),
    _profile("silver.customer_order", "silver.paid_order"),
    _profile("silver.customer_behaviour", "silver.web_events", "silver.sessions"),
    _profile("silver.customer_service", "silver.tickets"),
    _profile("silver.customer_campaign", "silver.campaign_events"),
    _profile(
        "silver.customer_metric",
        "silver.customer_profile_base",
        "silver.customer_order",
        "silver.customer_behaviour",
        "silver.customer_campaign",
        "silver.customer_service",
    ),
    _profile("gold.score_reason", "silver.customer_metric"),
    _windowed(
        "gold.customer_360",
        "silver.customer_profile_base",
        "silver.customer_metric",
        "silver.customer_consent",
        "gold.score_reason",
    ),
    _windowed(
        "gold.anonymous_visitor",
        "identity.customer",
        "silver.customer_behaviour",
        "silver.customer_order",
    ),
    _profile("gold.segment_summary", "gold.customer_360"),
    _profile("gold.activation_candidates", "gold.customer_360"),
    _profile("gold.activation_excluded", "gold.customer_360", "silver.customer_consent"),
    _profile("gold.serving_profile", "gold.customer_360"),
    _profile(
        "gold.kpi_summary",
        "silver.customers",
        "silver.loyalty_accounts",
        "silver.paid_order",
        "silver.returns",
        "gold.customer_360",
        "gold.activation_candidates",
        "gold.anonymous_visitor",
    ),
    Step(
        "stewardship.review_impact",
        reads=("stewardship.review_item", "gold.customer_360"),
        build=price_items,
    ),
    Step("ops.quality_check", reads=CHECKED, build=build_quality_check),
)


def ingest(workspace: Workspace, as_of: datetime | None = None) -> Outcome:
    """Land what is new at the sources."""
    with writing(workspace, "ingest", as_of) as context:
        run_steps(context, "Landing", _steps_of("bronze"))
        outcome = tell_landed(context)
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
    with writing(workspace, "resolve", as_of, is_full=is_full) as context:
        run_steps(context, "Resolving", _steps_of("bronze", "identity"))
        outcome = tell_landed(context).then(tell_resolved(context))
        readings = read_gates(context)
        broken = [str(reading) for reading in readings if not reading.is_kept]
        if broken and not ignores_gates:
            export_held(context)
            raise HeldRunError(broken, context.workspace.held(""))
        run_steps(context, "Queueing", _steps_of("stewardship.review_item"))
        # What is at stake is known from the marts last built; the next build tells it anew.
        price_items(context)
        if queued := tell_queued(context):
            outcome = outcome.then(queued)
    with reading(workspace, as_of) as context:
        export_rejects(context)
        export_members(context)
    return outcome


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
        run_steps(context, "Planning", _steps_of("bronze", "identity"))
        outcome = tell_landed(context).then(tell_resolved(context))
        made = make_plan(context, guards)
        export(context.con, "from temp.planned_change order by all", csv)
    text = "\n".join([*made.lines(), f"All changes: {csv}"])
    planned = Outcome(text, {"plan": made.figures(), "csv": str(csv)})
    head = Outcome("Nothing is written: this is what `c360 resolve` would do.", {})
    return head.then(outcome).then(planned), dict(made.counts)


def build(workspace: Workspace, as_of: datetime | None = None) -> Outcome:
    """Make silver and gold from the last resolved customers."""
    with writing(workspace, "build", as_of) as context:
        _require(
            context.con, "identity.customer", "no customers have been resolved", "c360 resolve"
        )
        run_steps(context, "Building", _steps_of("silver", "gold", "stewardship.review_impact"))
        figures = tell_kpis(context.con)
    with reading(workspace, as_of) as context:
        export_gold(context)
    folder = workspace.gold("")
    return Outcome(f"Built Customer 360 outputs in {folder}", {"gold": str(folder), **figures})


def check(workspace: Workspace, as_of: datetime | None = None) -> tuple[Outcome, list[str]]:
    """Check the marts; return also the names of the checks that failed."""
    with writing(workspace, "check", as_of) as context:
        _require(context.con, "gold.customer_360", "there are no gold marts", "c360 build")
        for table in ("identity.overridden_guard", "stewardship.review_impact"):
            missing = "customers were resolved by an earlier version of c360"
            _require(context.con, table, missing, "c360 resolve")
        _require_order(context.con, "resolve", "build")
        run_steps(context, "Checking", _steps_of("ops"))
        rows = context.con.execute(
            "select status, count(*) from ops.quality_check group by status order by status"
        ).fetchall()
        failed = [failure.metric for failure in failed_checks(context.con)]
    counts = dict(rows)
    text = ", ".join(
        f"{counts.get(status, 0)} {status}" for status in ("pass", "warn", "fail", "info")
    )
    return Outcome(f"Checks: {text}", {"checks": counts, "failed": failed}), failed


def report(workspace: Workspace, as_of: datetime | None = None) -> Outcome:
    """Write the quality report."""
    with reading(workspace, as_of) as context:
        _require(context.con, "ops.quality_check", "nothing has been checked", "c360 check")
        _require_order(context.con, "build", "check")
        path = write_report(context, STEPS)
    return Outcome(f"Wrote validation report to {path}", {"report": str(path)})


def run(workspace: Workspace, as_of: datetime | None = None) -> tuple[Outcome, list[str]]:
    """Do everything up to the report; return also the names of the checks that failed."""
    outcome = resolve(workspace, as_of).then(build(workspace, as_of))
    checked, failed = check(workspace, as_of)
    return outcome.then(checked).then(report(workspace, as_of)), failed


def raise_failed(failed: Sequence[str]) -> None:
    """Raise a GateError that names the failed checks, if there are any."""
    if failed:
        msg = f"checks that failed: {', '.join(failed)}; the report says why and what to do"
        raise GateError(msg)


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


def _require(con: duckdb.DuckDBPyConnection, table: str, missing: str, command: str) -> None:
    if not has_table(con, table):
        raise MissingStepError(missing, command)


def _require_order(con: duckdb.DuckDBPyConnection, earlier: str, later: str) -> None:
    """Raise a MissingStepError where a command has run again and the one after it has not."""
    last = dict(con.execute("select command, max(run) from ops.run group by command").fetchall())
    if last.get(earlier, 0) > last.get(later, 0):
        missing = f"`c360 {earlier}` has run since the last `c360 {later}`"
        raise MissingStepError(missing, f"c360 {later}")
