"""The gate of a build: what breaks a critical check is not published."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from c360.errors import HeldBuildError
from c360.reports.checks import critical_checks
from c360.reports.failing_rows import export_rows
from c360.reports.quality_check import QualityCheck
from c360.reports.query import columns_of
from c360.step import Context

FAILING = "failing_{metric}.csv"
"""The file in data/held of the rows that hold a build."""


def hold_or_note(context: Context, *, warns_only: bool = False) -> tuple[str, ...]:
    """Look at the critical checks of marts that are not yet published; return what fails, as notes.

    The failing rows of a build that is held go to data/held, masked, and stay until the next build.

    Raises:
        HeldBuildError: one fails, and not `warns_only`.
    """
    for old in context.workspace.held("").glob(FAILING.format(metric="*")):
        old.unlink()
    failed = [check for check in critical_checks(context) if check.status == "fail"]
    if failed and not warns_only:
        raise HeldBuildError([broken_line(check) for check in failed], _keep_rows(context, failed))
    return tuple(f"published all the same: {broken_line(check)}" for check in failed)


def _keep_rows(context: Context, failed: Sequence[QualityCheck]) -> list[Path]:
    files = []
    for check in failed:
        if check.sql is not None:
            path = context.workspace.held(FAILING.format(metric=check.metric))
            export_rows(context, check.sql, path)
            files.append(path)
    return files


def broken_line(check: QualityCheck) -> str:
    """Say in one line which check fails, its figure and what to do; ids of customers at most."""
    value = "no value" if check.value is None else f"{check.value.normalize():f}"
    return f"{check.metric} is {value} ({check.threshold}). {check.explanation}"


def build_notes(context: Context) -> tuple[str, ...]:
    """Say what a check of the published marts cannot tell: a later build that was held, or ages."""
    return tuple(_notes(context))


def _notes(context: Context) -> Iterator[str]:
    held, published = context.con.execute(
        "select max(run) filter (where command = 'build (held)'),"
        " max(run) filter (where command = 'build') from ops.run"
    ).fetchall()[0]
    if held and held > (published or 0):
        yield (
            f"build {held} was held; what is checked was published before it, and customers"
            " resolved since then may be missing from it"
        )
    if "as_of" in columns_of(context.con, "gold.customer_360"):
        built = context.con.execute("select max(as_of) from gold.customer_360").fetchall()[0][0]
        if built is not None and built > context.as_of:
            yield (
                f"this check is of {context.as_of}, before the marts were built as of {built}:"
                " ages cannot be measured"
            )
