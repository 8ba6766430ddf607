"""The commands of contracts: each parses, calls one function, prints."""

from pathlib import Path
from typing import Annotated

import typer

from c360.options import HERE, AsJson, Folder, print_outcome
from c360.workspace import Workspace

contract = typer.Typer(
    no_args_is_help=True,
    help="Judge, show, compare and export what sources and marts promise.",
)


@contract.command("lint")
def contract_lint(workspace: Folder = HERE, *, as_json: AsJson = False) -> None:
    """Say everything that is wrong with the contracts; exit 3 where something is."""
    from c360.reports import contract_text

    outcome, problems = contract_text.lint(Workspace(workspace))
    print_outcome(outcome, as_json=as_json)
    contract_text.raise_problems(problems)


@contract.command("show")
def contract_show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A source or a mart.")],
    workspace: Folder = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """Show a contract, in the Open Data Contract Standard."""
    from c360.reports import contract_text

    print_outcome(contract_text.show(Workspace(workspace), name), as_json=as_json)


@contract.command("diff")
def contract_diff(
    name: Annotated[
        str | None, typer.Argument(metavar="[MART]", help="Only this mart.", show_default=False)
    ] = None,
    workspace: Folder = HERE,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what the next build would change for readers of the marts, and whether it breaks them.

    What marts promise is compared with what they promised when published last. Exit 3 where readers
    would break and the version is not raised, as the next build would.
    """
    from c360.reports import contract_text

    outcome, remedy = contract_text.diff(Workspace(workspace), name)
    print_outcome(outcome, as_json=as_json)
    contract_text.raise_unraised(remedy)


@contract.command("export")
def contract_export(
    workspace: Folder = HERE,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Default: contracts, in the workspace.", show_default=False
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write every contract as YAML of the Open Data Contract Standard."""
    from c360.reports import contract_text

    print_outcome(contract_text.export(Workspace(workspace), out), as_json=as_json)
