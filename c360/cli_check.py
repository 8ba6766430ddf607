"""The command `c360 check`."""

from pathlib import Path
from typing import Annotated

import typer

from c360.options import HERE, AsJson, AsOf, Folder, print_outcome
from c360.outcome import Outcome
from c360.workspace import Workspace

WarnOnly = Annotated[
    bool,
    typer.Option("--warn-only", help="Checks that fail only warn: publish, and exit with 0."),
]


def check(
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    failing: Annotated[
        str | None,
        typer.Option(
            help="Check nothing: write the rows that broke this check last time, masked, to --csv."
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="With --failing. Default: reports/failing_CHECK.csv."),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Write the checks as JUnit XML as well, for CI.")
    ] = None,
    warn_only: WarnOnly = False,
    as_json: AsJson = False,
) -> None:
    """Check the marts against the thresholds of c360.yaml; exit 3 where a check fails."""
    from c360 import pipeline

    place = Workspace(workspace)
    if failing is not None:
        path = csv or place.report_file(f"failing_{failing}.csv")
        print_outcome(_write_failing(place, failing, path), as_json=as_json)
        return
    if csv is not None:
        msg = "--csv goes with --failing"
        raise typer.BadParameter(msg)
    outcome, failed = pipeline.check(place, as_of, junit=junit, warns_only=warn_only)
    print_outcome(outcome, as_json=as_json)
    if failed and not warn_only:
        raise pipeline.failed_error(failed, "`c360 report`")


def _write_failing(workspace: Workspace, metric: str, path: Path) -> Outcome:
    """Write all rows that broke a check of the last `c360 check`, masked."""
    from c360.reports.failing_rows import export_failing
    from c360.runs import reading

    with reading(workspace) as context:
        count = export_failing(context, metric, path)
    rows = "failing row" if count == 1 else "failing rows"
    text = f"{count:,} {rows} of {metric} in {path}"
    held = workspace.held(f"failing_{metric}.csv")
    notes = (f"the last build was held; the rows that it would publish: {held}",)
    figures = {"metric": metric, "rows": count, "csv": str(path)}
    return Outcome(text, figures, notes if held.exists() else ())
