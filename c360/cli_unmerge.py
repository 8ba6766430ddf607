"""The commands that take a customer apart, and that make one of two."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from c360.options import HERE, AsJson, AsOf, Folder, print_outcome
from c360.workspace import Workspace

if TYPE_CHECKING:
    from c360.stewardship.proposal import Find

Reference = "Customer id, source:record_id or namespace:value."
Plan = Annotated[
    bool, typer.Option("--plan", help="Show it and what `c360 resolve` makes of it; write nothing.")
]
Why = Annotated[str | None, typer.Option(help="The reason, for those who come after.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who decides.")]


def unmerge(
    customer: Annotated[str, typer.Argument(help=Reference)],
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    between: Annotated[
        str | None, typer.Option(metavar="A", help="With --and: a record or value of one person.")
    ] = None,
    and_: Annotated[
        str | None, typer.Option("--and", metavar="B", help="A record or value of the other.")
    ] = None,
    plan: Plan = False,
    why: Why = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a customer apart that is two people: show the cut, and keep both sides apart for good.

    Without --between and --and it cuts where the customer hangs together least.
    """
    from c360.stewardship.proposal import unmerge_of

    if (between is None) != (and_ is None):
        msg = "--between and --and go together"
        raise typer.BadParameter(msg)
    ends = [] if between is None or and_ is None else [between, and_]
    reason, name = _decided(why, by, plan=plan)
    _carry_out(
        "unmerge",
        Workspace(workspace),
        as_of,
        unmerge_of(customer, ends, reason, name),
        plan=plan,
        as_json=as_json,
    )


def merge(
    left: Annotated[str, typer.Argument(metavar="A", help=Reference)],
    right: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
    workspace: Folder = HERE,
    as_of: AsOf = None,
    *,
    plan: Plan = False,
    why: Why = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Make one of two customers for good, whatever guards say; a keep_apart is not overridden."""
    from c360.stewardship.proposal import merge_of

    reason, name = _decided(why, by, plan=plan)
    _carry_out(
        "merge",
        Workspace(workspace),
        as_of,
        merge_of((left, right), reason, name),
        plan=plan,
        as_json=as_json,
    )


def _decided(why: str | None, by: str | None, *, plan: bool) -> tuple[str, str]:
    """Return the reason and the name, which a decision needs and a plan does not."""
    if not plan and not ((why or "").strip() and (by or "").strip()):
        msg = "say --why and --by, which are kept with the decision; or look first with --plan"
        raise typer.BadParameter(msg)
    return why or "a plan", by or "nobody"


def _carry_out(
    command: str,
    workspace: Workspace,
    as_of: datetime | None,
    find: "Find",
    *,
    plan: bool,
    as_json: bool,
) -> None:
    from c360 import pipeline
    from c360.outcome import Outcome
    from c360.stewardship.proposal import decide, propose, rehearse

    if not plan:
        print_outcome(decide(workspace, command, as_of, find), as_json=as_json)
        return
    told = propose(workspace, find)
    csv: Path = workspace.report_file(f"{command}_plan.csv")
    planned, _ = pipeline.plan(
        workspace, as_of, csv=csv, before=lambda context: rehearse(context, find)
    )
    print_outcome(told.then(Outcome("")).then(planned), as_json=as_json)
