"""The commands that look inside customers: each parses, calls one function, prints."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from c360.options import HERE, AsJson, Folder, print_outcome
from c360.workspace import Workspace

if TYPE_CHECKING:
    from c360.outcome import Outcome

explain = typer.Typer(
    no_args_is_help=True,
    help=(
        "Say why records are one customer, and why others are not.\n\n"
        "Whatever is asked about may be named by its customer id, as source:record_id"
        " (orders:O17) or as namespace:value (email:ann@shop.example). Hashed values are found by"
        " what the user writes, and shown by their first characters only."
    ),
)

AsOfRun = Annotated[
    int | None,
    typer.Option(help="Show who belonged together after this run; identifiers are told as now."),
]


@explain.command("customer")
def explain_customer(
    reference: Annotated[
        str, typer.Argument(metavar="ID", help="Customer id, source:record_id or namespace:value.")
    ],
    workspace: Folder = HERE,
    as_of_run: AsOfRun = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the customer's graph there.")
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Name every record and identifier, not the first few.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a customer's records, what joins them, what hangs on one value, and what was refused.

    An id that was merged away explains the customer it became.
    """
    from c360.identity.explanation import explain_one

    outcome = explain_one(
        Workspace(workspace), reference, as_of_run=as_of_run, svg=svg, everything=everything
    )
    _print_explained(outcome, as_json=as_json)


@explain.command("pair")
def explain_pair(
    left: Annotated[
        str, typer.Argument(metavar="A", help="Customer id, source:record_id or namespace:value.")
    ],
    right: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
    workspace: Folder = HERE,
    as_of_run: AsOfRun = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show the evidence that joins two records, or the guard or missing link that keeps them apart.

    For example: c360 explain pair orders:O17 crm:C7
    """
    from c360.identity.explanation import explain_two

    outcome = explain_two(Workspace(workspace), left, right, as_of_run=as_of_run)
    _print_explained(outcome, as_json=as_json)


def _print_explained(outcome: "Outcome", *, as_json: bool) -> None:
    """Print the heads, which are not indented, in bold where stdout is a terminal."""
    if as_json:
        print_outcome(outcome, as_json=True)
    else:
        for line in outcome.text.splitlines():
            typer.secho(line, bold=not line.startswith(" "))


def evaluate(
    truth: Annotated[
        Path | None,
        typer.Argument(
            help="CSV or Parquet: source, record_id, person. Without it the decisions tell."
        ),
    ] = None,
    workspace: Folder = HERE,
    *,
    bootstrap: Annotated[
        int, typer.Option(min=0, help="Replicates for 95 % intervals, such as 1000; 0: none.")
    ] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same intervals.")] = 0,
    as_of_run: Annotated[
        int | None, typer.Option(min=1, help="Judge the customers as this run left them.")
    ] = None,
    precision: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Wanted of accept_above, by decisions. Default: 0.95."),
    ] = None,
    review_precision: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Wanted of review_above, by decisions. Default: 0.5."),
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the figures of the proposals for the report.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Compare customers and proposals with a known truth, or proposals with what stewards decided.

    With TRUTH, which may label a part of the records: pairwise, B-cubed and exact figures, the
    worst customers and how to look at them, and the proposals by threshold. Without: the precision
    of the proposals by match weight, and from where on they are right often enough.
    """
    place = Workspace(workspace)
    if truth is None:
        if bootstrap or seed or as_of_run or keep:
            msg = "--bootstrap, --seed, --as-of-run and --keep go with TRUTH"
            raise typer.BadParameter(msg)
        from c360.stewardship import evaluating

        outcome = evaluating.evaluate_decisions(place, precision, review_precision)
    else:
        if precision is not None or review_precision is not None:
            msg = "--precision and --review-precision go without TRUTH"
            raise typer.BadParameter(msg)
        from c360.identity import evaluation

        outcome = evaluation.evaluate(
            place, truth, as_of_run=as_of_run, bootstrap=bootstrap, seed=seed, keeps=keep
        )
    print_outcome(outcome, as_json=as_json)
