"""The command line: each command parses, calls one function, prints."""

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from c360.cli_check import WarnOnly, check
from c360.cli_contract import contract
from c360.cli_explain import evaluate, explain
from c360.cli_lineage import lineage
from c360.cli_match import match, train
from c360.cli_review import review
from c360.cli_unmerge import merge, unmerge
from c360.errors import C360Error
from c360.logs import Form, begin_log, is_json, log
from c360.options import HERE, AsJson, AsOf, Folder, held_as_json, print_outcome
from c360.workspace import Workspace

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "One governed profile per customer. Begin with `c360 demo`, or with `c360 init` for data of"
        " your own and then `c360 run`.\n\n"
        "Exit codes: 0 well; 1 you can mend it, the message says how; 2 wrong usage; 3 a quality or"
        " contract gate failed; 4 a consent or privacy rule would be broken."
    ),
)

DUCKDB_INTERRUPTED = "Query interrupted"
INTERRUPTED = 130
"""What shells know an interrupted program by: 128 and the number of SIGINT."""


@app.callback()
def begin(
    log_form: Annotated[
        Form,
        typer.Option(
            "--log",
            help="What stands on stderr: notes for people, or runs and steps as JSON lines.",
        ),
    ] = "plain",
) -> None:
    """Begin the log."""
    begin_log(log_form)


@app.command(rich_help_panel="Start here")
def demo(workspace: Folder = Path("turanmart"), *, as_json: AsJson = False) -> None:
    """Make the TuranMart sample and run everything on it, from feeds to report."""
    from c360 import pipeline
    from c360.data.sample import generate_preset
    from c360.summary import operating_figures

    place = Workspace(workspace)
    outcome = generate_preset(place, "demo")
    done, error = pipeline.run(place)
    print_outcome(outcome.then(done).then(operating_figures(place)), as_json=as_json)
    if error is not None:
        raise error


@app.command(rich_help_panel="Start here")
def init(workspace: Folder = HERE) -> None:
    """Lay out a workspace with a commented c360.yaml to fill in."""
    from c360.data.sample import lay_out

    print_outcome(lay_out(Workspace(workspace)))


@app.command(rich_help_panel="Start here")
def generate(
    workspace: Folder = HERE,
    preset: Annotated[
        str | None,
        typer.Option(
            help="A sample: `demo` (TuranMart, 120 customers), `retail360` (a retail platform, "
            "1,000 customers) or `retail-day` (its rows of one day, 2,000,000 customers)."
        ),
    ] = None,
    customers: Annotated[
        int | None,
        typer.Option(
            min=100,
            help="People to invent: a TuranMart of any size, or with --preset retail360 or "
            "retail-day all of it in proportion.",
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Same seed, same bytes.")] = None,
    file_format: Annotated[
        Literal["csv", "parquet"] | None,
        typer.Option(
            "--format",
            help="Default: csv up to 10,000 customers and for retail360, else parquet.",
        ),
    ] = None,
) -> None:
    """Invent the feeds of a fictional retailer, TuranMart or Retail 360, with their usual mess.

    Writes them to data/raw, and c360.yaml where there is none.
    """
    from c360.data.sample import generate_people, generate_preset

    place = Workspace(workspace)
    if preset is not None:
        outcome = generate_preset(
            place, preset, customers=customers, seed=seed, file_format=file_format
        )
    elif customers is not None:
        outcome = generate_people(place, customers, seed=seed, file_format=file_format)
    else:
        msg = "name --preset demo, another preset, or --customers N"
        raise typer.BadParameter(msg)
    print_outcome(outcome)


@app.command(rich_help_panel="The flow")
def ingest(workspace: Folder = HERE, as_of: AsOf = None, *, as_json: AsJson = False) -> None:
    """Land what is new at the sources in bronze; bad rows go to the rejects."""
    from c360 import pipeline

    print_outcome(pipeline.ingest(Workspace(workspace), as_of), as_json=as_json)


@app.command(rich_help_panel="The flow")
def resolve(
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Look at every record, not only at what has changed.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only say what would change, and list it in --csv.")
    ] = False,
    csv: Annotated[
        Path | None, typer.Option(help="With --plan. Default: reports/resolve_plan.csv.")
    ] = None,
    fail_above: Annotated[
        str | None,
        typer.Option(help="With --plan: exit 3 above these, such as merged=100,split=50."),
    ] = None,
    ignore_gates: Annotated[
        bool, typer.Option("--ignore-gates", help="Publish even outside the bands of `gates`.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Land what is new, then decide which records are one customer.

    A run after the first looks only at what changes can reach; its tables are those of --full.
    """
    from c360 import pipeline

    place = Workspace(workspace)
    if not plan:
        if csv is not None or fail_above is not None:
            msg = "--csv and --fail-above go with --plan"
            raise typer.BadParameter(msg)
        with held_as_json(as_json=as_json):
            outcome = pipeline.resolve(place, as_of, is_full=full, ignores_gates=ignore_gates)
        print_outcome(outcome, as_json=as_json)
        return
    if ignore_gates:
        msg = "--ignore-gates publishes, and --plan does not"
        raise typer.BadParameter(msg)
    limits = _limits(fail_above or "")
    outcome, counts = pipeline.plan(
        place, as_of, csv=csv or place.report_file("resolve_plan.csv"), is_full=full
    )
    print_outcome(outcome, as_json=as_json)
    pipeline.raise_above(counts, limits)


def _limits(text: str) -> dict[str, int]:
    """Parse `merged=100,split=50`."""
    from c360.identity.plan import KINDS

    limits = {}
    for part in filter(None, text.split(",")):
        kind, _, most = (word.strip() for word in part.partition("="))
        if kind not in KINDS or not most.isdecimal():
            msg = f"{part!r} is not one of {', '.join(KINDS)} with a number, such as merged=100"
            raise typer.BadParameter(msg)
        limits[kind] = int(most)
    return limits


@app.command(rich_help_panel="The flow")
def build(
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    full: Annotated[
        bool, typer.Option("--full", help="Make every row, not only what has changed.")
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only say what would be made anew, and why.")
    ] = False,
    warn_only: WarnOnly = False,
    as_json: AsJson = False,
) -> None:
    """Make silver and gold from the last resolved customers.

    A build after the first makes only what changes can reach; its tables are those of --full. An
    earlier --as-of replays the past: of each record the version of that time, who is who as of now.
    """
    from c360 import pipeline

    place = Workspace(workspace)
    if plan:
        outcome = pipeline.plan_build(place, as_of, is_full=full)
    else:
        with held_as_json(as_json=as_json):
            outcome = pipeline.build(place, as_of, is_full=full, warns_only=warn_only)
    print_outcome(outcome, as_json=as_json)


app.command(rich_help_panel="The flow")(check)


@app.command(rich_help_panel="The flow")
def report(workspace: Folder = HERE, as_of: AsOf = None, *, as_json: AsJson = False) -> None:
    """Write the quality report as HTML, Markdown and CSV."""
    from c360 import pipeline

    print_outcome(pipeline.report(Workspace(workspace), as_of), as_json=as_json)


@app.command(rich_help_panel="The flow")
def run(
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    warn_only: WarnOnly = False,
    as_json: AsJson = False,
) -> None:
    """Do everything: land, resolve, build, check and report; exit 3 where a check fails."""
    from c360 import pipeline

    with held_as_json(as_json=as_json):
        outcome, error = pipeline.run(Workspace(workspace), as_of, warns_only=warn_only)
    print_outcome(outcome, as_json=as_json)
    if error is not None:
        raise error


@app.command(rich_help_panel="Look inside")
def steps(*, as_json: AsJson = False) -> None:
    """List the steps of the flow: each table and what it reads."""
    from c360 import pipeline

    print_outcome(pipeline.steps(), as_json=as_json)


app.add_typer(explain, name="explain", rich_help_panel="Look inside")
app.command(rich_help_panel="Look inside")(lineage)
app.add_typer(contract, name="contract", rich_help_panel="Look inside")
app.command(rich_help_panel="Look inside")(evaluate)
app.command(rich_help_panel="Look inside")(match)
app.command(rich_help_panel="Look inside")(train)
app.add_typer(review, name="review", rich_help_panel="Decide")
app.command(rich_help_panel="Decide")(unmerge)
app.command(rich_help_panel="Decide")(merge)


def main() -> None:
    """Run the command line; an error that the user can mend is a red message and its exit code."""
    try:
        app()
    except C360Error as error:
        _fail(str(error), error.exit_code)
    except OSError as error:
        _fail(f"{error.filename}: {error.strerror}; mend that, or name another --workspace", 1)
    except RuntimeError as error:
        if str(error) != DUCKDB_INTERRUPTED:
            raise
        _fail("interrupted; what was published last stays", INTERRUPTED)


def _fail(message: str, exit_code: int) -> NoReturn:
    if is_json():
        log.error(message, extra={"exit_code": exit_code})
    else:
        typer.secho(f"error: {message}", fg=typer.colors.RED, err=True)
    sys.exit(exit_code)
