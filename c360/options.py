"""What commands share: their options, and how they print a result."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from c360.errors import HeldRunError
from c360.logs import is_json, log
from c360.outcome import Outcome

Folder = Annotated[
    Path,
    typer.Option("--workspace", "-w", help="Folder with c360.yaml and all that is made from it."),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        help="Replay clock, UTC: the only now. Default: as_of of c360.yaml, else the clock."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")]
HERE = Path()


def print_outcome(outcome: Outcome, *, as_json: bool = False) -> None:
    """Print a result on stdout, as text or JSON, and its notes on stderr."""
    for note in outcome.notes:
        if is_json():
            log.warning(note)
        else:
            typer.secho(f"note: {note}", fg=typer.colors.YELLOW, err=True)
    typer.echo(json.dumps(outcome.figures, indent=2, default=str) if as_json else outcome.text)


@contextmanager
def held_as_json(*, as_json: bool) -> Iterator[None]:
    """Print with --json why a run is held: programs read it on stdout, people in the error."""
    try:
        yield
    except HeldRunError as held:
        if as_json:
            typer.echo(json.dumps({"held": list(held.broken)}, indent=2))
        raise
