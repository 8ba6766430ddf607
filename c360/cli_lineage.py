"""The command that says what the columns are made of: it parses, calls one function, prints."""

from typing import Annotated

import typer

from c360.options import HERE, AsJson, Folder, print_outcome
from c360.workspace import Workspace


def lineage(
    column: Annotated[
        str | None,
        typer.Argument(metavar="COLUMN", help="gold.customer_360.segment, bronze.orders.status, …"),
    ] = None,
    workspace: Folder = HERE,
    *,
    forward: Annotated[
        bool, typer.Option("--forward", help="What is made of the column, up to the marts.")
    ] = False,
    unused: Annotated[
        bool, typer.Option("--unused", help="Columns of bronze and silver that no mart is made of.")
    ] = False,
    undocumented: Annotated[
        bool, typer.Option("--undocumented", help="Columns of gold that nobody has described.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what a column is made of, back to the columns of the feeds.

    It reads the SQL of the models and c360.yaml; nothing has to be landed or built.
    """
    from c360.profile import lineage_text

    place = Workspace(workspace)
    if sum((column is not None, unused, undocumented)) != 1:
        msg = "name one of COLUMN, --unused and --undocumented"
        raise typer.BadParameter(msg)
    if forward and column is None:
        msg = "--forward goes with COLUMN"
        raise typer.BadParameter(msg)
    if column is not None:
        outcome = lineage_text.tell_lineage(place, column, forward=forward)
    elif unused:
        outcome = lineage_text.tell_unused(place)
    else:
        outcome = lineage_text.tell_undocumented(place)
    print_outcome(outcome, as_json=as_json)
