"""The commands of stewards: each parses, calls one function, prints."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from c360.options import HERE, AsJson, AsOf, Folder, print_outcome
from c360.workspace import Workspace

review = typer.Typer(
    no_args_is_help=True,
    help=(
        "Review what the rules left in doubt, and decide it for good.\n\n"
        "1. c360 review export writes data/stewardship/queue.csv. 2. Open it in a spreadsheet and"
        " fill in `decision`, `reason` and `decided_by` (and `assignee`, who works on it):"
        " `merge` makes the two one customer; `keep_apart` never joins them, whatever links them"
        " later; `not_shared` gives the disputed value to customer_l (`not_shared_r`: to"
        " customer_r) from its first use there on; `defer` puts the item aside. 3. c360 review"
        " apply FILE. 4. c360 resolve obeys.\n\n"
        "Decisions name records and anchors, not customer ids, so they hold through re-runs and"
        " changed rules. They are never deleted: c360 review revoke takes one back."
    ),
)

DecisionId = Annotated[
    str, typer.Argument(metavar="ID", help="The decision, such as d_0123456789ab.")
]
Why = Annotated[str, typer.Option(help="The reason, for those who ask later.")]
By = Annotated[str, typer.Option(help="Who decides this.")]
ItemKind = Literal[
    "shared_value",
    "refused_link",
    "anchor_conflict",
    "weak_bridge",
    "decision_conflict",
    "probable_match",
]
ItemState = Literal["open", "assigned", "held", "decided", "obsolete"]


@review.command("export")
def review_export(
    workspace: Folder = HERE,
    kind: Annotated[ItemKind | None, typer.Option(help="Only items of this kind.")] = None,
    assignee: Annotated[str | None, typer.Option(help="Only what this person works on.")] = None,
    state: Annotated[
        ItemState | None,
        typer.Option(help="Only items in this state. Default: open and assigned."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="At most this many, the most important first.")
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Default: data/stewardship/queue.csv.")
    ] = None,
    file_format: Annotated[
        Literal["csv"], typer.Option("--format", help="How the file is written.")
    ] = "csv",
    as_json: AsJson = False,
) -> None:
    """Write the queue as CSV for a spreadsheet: one row per doubt, four columns to fill in."""
    from c360.stewardship.queue_csv import OPEN
    from c360.stewardship.reviewing import export_review

    del file_format  # CSV is all there is so far.
    outcome = export_review(
        Workspace(workspace),
        out,
        kind=kind,
        assignee=assignee,
        states=(state,) if state else OPEN,
        limit=limit,
    )
    print_outcome(outcome, as_json=as_json)


@review.command("apply")
def review_apply(
    file: Annotated[Path, typer.Argument(help="The queue file with decisions filled in.")],
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    partial: Annotated[
        bool, typer.Option("--partial", help="Apply the good lines and list the others; exit 1.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Record the decisions of a queue file: all of it, or nothing where a line cannot be taken.

    A file that was applied before changes nothing. Lines without a decision only assign.
    """
    from c360.errors import DecisionError
    from c360.stewardship.reviewing import apply_review

    outcome, wrong = apply_review(Workspace(workspace), file, as_of, is_partial=partial)
    print_outcome(outcome, as_json=as_json)
    if wrong:
        raise DecisionError(["these lines were left out:", *wrong])


@review.command("status")
def review_status(
    workspace: Folder = HERE,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="List every decision, not the last ones.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Count what is open and decided; list decisions in force, and those that await a second."""
    from c360.stewardship.reviewing import tell_review

    print_outcome(tell_review(Workspace(workspace), everything=everything), as_json=as_json)


@review.command("revoke")
def review_revoke(
    decision_id: DecisionId,
    why: Why,
    by: By,
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Take a decision back; it stays in the log, and its review item is open again."""
    from c360.stewardship.reviewing import revoke_decision

    outcome = revoke_decision(Workspace(workspace), decision_id, why, by, as_of)
    print_outcome(outcome, as_json=as_json)


@review.command("second")
def review_second(
    decision_id: DecisionId,
    why: Why,
    by: By,
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Confirm what somebody else decided, where more is at stake than one person may decide."""
    from c360.stewardship.reviewing import second_decision

    outcome = second_decision(Workspace(workspace), decision_id, why, by, as_of)
    print_outcome(outcome, as_json=as_json)


@review.command("import")
def review_import(
    file: Annotated[Path, typer.Argument(help="A decisions.csv, such as one kept in git.")],
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Add the decisions of a file that the log does not have; a new warehouse obeys them too."""
    from c360.stewardship.reviewing import import_review

    print_outcome(import_review(Workspace(workspace), file, as_of), as_json=as_json)


@review.command("serve")
def review_serve(
    workspace: Folder = HERE,
    *,
    host: Annotated[
        str, typer.Option(help="Address to listen on; one that is not loopback needs --tokens.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8360,
    user: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who you are, on this machine alone.")
    ] = None,
    tokens: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Stewards who sign in: lines of a name and a token."),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(metavar="HOST", help="Host name of a proxy before the page; may be repeated."),
    ] = None,
) -> None:
    """Serve the queue as a page to decide on, until Ctrl-C; needs the extra `serve`."""
    from c360.stewardship.page.serving import serve

    place = Workspace(workspace)
    plan = partial(rehearse_answer, place)
    serve(place, host=host, port=port, user=user, tokens=tokens, names=name or (), plan=plan)


def rehearse_answer(workspace: Workspace, item_id: str, decision: str) -> str:
    """Tell what a decision on a review item would do, as text; nothing is written."""
    from c360 import pipeline
    from c360.stewardship.reviewing import try_answer

    outcome, _ = pipeline.plan(
        workspace,
        csv=workspace.report_file("review_plan.csv"),
        before=lambda context: try_answer(context, item_id, decision),
    )
    return outcome.text
