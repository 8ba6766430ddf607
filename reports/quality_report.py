"""The quality report: one page for people, and the same checks as Markdown and CSV."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from c360.errors import MissingStepError
from c360.reports.catalogue import families
from c360.reports.check_table import read_check_table
from c360.reports.checks import read_checks
from c360.reports.concern import consumers_of
from c360.reports.consent_funnel import read_consent_funnel
from c360.reports.consumers_verdict import age_promises, consumer_verdicts
from c360.reports.figures import SHOWN, Figures, read_figures
from c360.reports.flow import flow_of
from c360.reports.headline import headlines
from c360.reports.lineage import read_origins
from c360.reports.probabilistic import NOT_COMPARED, read_probable
from c360.reports.product_review import read_product_review
from c360.reports.quality_check import QualityCheck
from c360.reports.rendering import dense, environment, script
from c360.reports.run_log import read_run_log
from c360.reports.source_contracts import read_contracts
from c360.reports.source_quality import read_source_quality
from c360.reports.stewardship import NOT_QUEUED
from c360.reports.suspicious import read_suspicious
from c360.reports.verdict import verdict_of, worst
from c360.reports.what_changed import read_changes
from c360.step import Context, Step
from c360.warehouse import export, has_table


def write_report(context: Context, steps: Sequence[Step]) -> Path:
    """Write the report as HTML, Markdown and CSV, and return the path of the HTML.

    Reads ops.quality_check and the marts. The same warehouse gives the same bytes; only the run
    times in the HTML change with a run. Where a mart lacks a promised column, the report has the
    checks alone, which say so.

    Raises:
        MissingStepError: nothing has been built or checked.
    """
    if not has_table(context.con, "gold.customer_360"):
        raise MissingStepError("there are no gold marts to report on", "c360 build")
    if not has_table(context.con, "ops.quality_check"):
        raise MissingStepError("nothing has been checked", "c360 check")
    checks = read_checks(context.con)
    is_broken = any(check.family == "schema" and check.status == "fail" for check in checks)
    figures = None if is_broken else read_figures(context)
    content = _content(context, checks, figures)
    export(context.con, _csv(context), context.workspace.report("csv"))
    _write(
        context.workspace.report("md"),
        environment("md").get_template("report.md.j2").render(content),
    )
    page = (
        environment("html")
        .get_template("report.html.j2")
        .render(content | _only_on_the_page(context, checks, figures, steps))
    )
    _write(context.workspace.report("html"), dense(page))
    return context.workspace.report("html")


def _csv(context: Context) -> str:
    """Return the SELECT of the CSV edition; an earlier version knew no severities."""
    columns = "metric, value, threshold, status, explanation"
    there = {name for name, *_ in context.con.execute("describe ops.quality_check").fetchall()}
    if {"severity", "consumers"} <= there:
        columns += ", severity, array_to_string(consumers, ', ') as consumers"
    return f"select {columns} from ops.quality_check order by rowid"


def _content(
    context: Context, checks: Sequence[QualityCheck], figures: Figures | None
) -> dict[str, object]:
    """Return what both editions for people show."""
    grouped = [(family, [c for c in checks if c.family == family.name]) for family in families()]
    compares = context.settings.probabilistic.enabled
    changes = read_changes(context, checks)
    relied_on = consumers_of(context.settings)
    return {
        "name": context.settings.name,
        "as_of": context.as_of,
        "verdict": verdict_of(checks, figures),
        "consumers": consumer_verdicts(checks, relied_on),
        "promises_of_age": age_promises(checks, relied_on),
        "changes": changes,
        "families": [(family, own, worst(own)) for family, own in grouped if own],
        "checks_total": len(checks),
        "figures": figures,
        "shown": SHOWN,
        "not_queued": NOT_QUEUED,
        "compares": compares,
        "probable": read_probable(context) if figures and compares else None,
        "not_compared": NOT_COMPARED,
        "headlines": headlines(figures.kpis, changes) if figures else [],
    }


def _only_on_the_page(
    context: Context,
    checks: Sequence[QualityCheck],
    figures: Figures | None,
    steps: Sequence[Step],
) -> dict[str, object]:
    relied_on = consumers_of(context.settings)
    own_script, digest = script()
    return {
        "table": read_check_table(context.con, checks),
        "funnel": read_consent_funnel(context) if figures else None,
        "suspicious": read_suspicious(context, figures.graph) if figures else (),
        "contracts": read_contracts(context),
        "quality": read_source_quality(context.con),
        "review": read_product_review(context, figures, consumer_verdicts(checks, relied_on)),
        "flow": flow_of(steps),
        "steps": steps,
        "log": read_run_log(context.con, steps),
        "origins": read_origins(context),
        "contents": list(_contents(figures, compares=context.settings.probabilistic.enabled)),
        "script": own_script,
        "script_digest": digest,
    }


def _contents(figures: Figures | None, *, compares: bool) -> Iterator[tuple[str, str]]:
    yield from (("changes", "Changes"), ("checks", "Checks"))
    if figures:
        yield from (("freshness", "Freshness"), ("consent", "Consent"), ("segments", "Segments"))
        yield from (("identity", "Identity"), ("stewardship", "Stewardship"))
        if compares:
            yield "probable", "Probable matches"
        yield from (("sources", "Sources"), ("figures", "Figures"))
    yield from (("flow", "Lineage"), ("runs", "Run times"), ("review", "Review"))
    yield "terms", "Terms"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
