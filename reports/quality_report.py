"""The quality report: one page for people, and the same checks as Markdown and CSV."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from c360.errors import MissingStepError
from c360.reports import wording
from c360.reports.catalogue import families
from c360.reports.checks import read_checks
from c360.reports.figures import SHOWN, Figures, read_figures, read_step_times
from c360.reports.flow import flow_of
from c360.reports.lineage import read_origins
from c360.reports.probabilistic import NOT_COMPARED, read_probable
from c360.reports.quality_check import QualityCheck
from c360.reports.stewardship import NOT_QUEUED
from c360.reports.verdict import verdict_of, worst
from c360.step import Context, Step
from c360.warehouse import export, has_table

TEMPLATES = Path(__file__).with_name("templates")
HEADLINES = (
    ("customers", "Customers"),
    ("paid_orders", "Paid orders"),
    ("gross_revenue_usd", "Gross revenue, USD"),
    ("net_revenue_usd", "Net revenue, USD"),
    ("profile_coverage_rate", "Profile coverage"),
    ("marketing_consent_rate", "Consent to marketing"),
    ("urgent_retention_customers", "Urgent retention cases"),
    ("anonymous_visitors", "Anonymous visitors"),
)
"""The figures at the top: metrics of gold.kpi_summary."""


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
    timings = {
        "flow": flow_of(steps),
        "times": read_step_times(context.con),
        "steps": steps,
        "origins": read_origins(context),
    }
    export(
        context.con,
        "select metric, value, threshold, status, explanation"
        " from ops.quality_check order by rowid",
        context.workspace.report("csv"),
    )
    _write(
        context.workspace.report("md"),
        _environment("md").get_template("report.md.j2").render(content),
    )
    page = _environment("html").get_template("report.html.j2").render(content | timings)
    _write(context.workspace.report("html"), page)
    return context.workspace.report("html")


def _content(
    context: Context, checks: Sequence[QualityCheck], figures: Figures | None
) -> dict[str, object]:
    grouped = [(family, [c for c in checks if c.family == family.name]) for family in families()]
    compares = context.settings.probabilistic.enabled
    units = {kpi.metric: kpi for kpi in figures.kpis} if figures else {}
    return {
        "name": wording.words(context.settings.name),
        "as_of": context.as_of,
        "verdict": verdict_of(checks, figures),
        "families": [(family, own, worst(own)) for family, own in grouped if own],
        "figures": figures,
        "shown": SHOWN,
        "not_queued": NOT_QUEUED,
        "compares": compares,
        "probable": read_probable(context) if figures and compares else None,
        "not_compared": NOT_COMPARED,
        "headlines": [
            (label, wording.figure(units[metric].value, units[metric].unit))
            for metric, label in HEADLINES
            if metric in units
        ],
    }


def _environment(kind: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind == "html",  # noqa: S701 - Markdown cells go through `cell` instead
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "count": wording.count,
        "money": wording.money,
        "amount": wording.amount,
        "bits": _bits,
        "counted": wording.counted,
        "decision_words": wording.decision_words,
        "share": wording.share,
        "hours": wording.hours,
        "moment": wording.moment,
        "span": wording.span,
        "stamp": wording.stamp,
        "words": wording.words,
        "check_value": wording.check_value,
        "figure": wording.figure,
        "gate_figure": wording.gate_figure,
        "cell": _cell,
        "coded": _coded,
        "utc": _utc,
    }
    return environment


def _cell(text: str) -> str:
    """Return text that is safe in a cell of a Markdown table."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return " ".join(escaped.split())


def _bits(weight: float) -> str:
    """Return a weight with its sign.

    >>> _bits(7.12), _bits(-0.04)
    ('+7.1', '-0.0')
    """
    return f"{weight:+.1f}"


def _coded(text: str) -> Markup:
    """Return text as HTML in which what stands between backticks is code."""
    parts = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


def _utc(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8", newline="\n")
    draft.replace(path)
