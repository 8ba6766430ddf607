"""The commands of the probabilistic comparison: each parses, calls one function, prints."""

from pathlib import Path
from typing import Annotated

import typer

from c360.options import HERE, AsJson, AsOf, Folder, print_outcome
from c360.workspace import Workspace


def match(
    file: Annotated[
        Path,
        typer.Argument(help="CSV, JSON lines or Parquet; columns named as what customers have."),
    ],
    workspace: Folder = HERE,
    match_above: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, help="Least probability of a match. Default: accept_above, else 0.95."
        ),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a line per row and candidate there."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Look a list of people up: each is a match, possible (and who), or no match; writes nothing.

    Columns are named as attributes (first_name, date_of_birth, city) and identifiers (email,
    loyalty_id) of c360.yaml; `id` names the rows. An unknown column is refused, and what would be
    understood is listed.
    """
    from c360.identity.probabilistic.matching_text import match_file

    outcome = match_file(Workspace(workspace), file, match_above=match_above, csv=csv)
    print_outcome(outcome, as_json=as_json)


def train(workspace: Folder = HERE, as_of: AsOf = None, *, as_json: AsJson = False) -> None:
    """Train the model of the probabilistic comparison anew on what is resolved, and show it.

    The same data train the same model. The next `c360 resolve` compares all customers by it.
    """
    from c360.identity.probabilistic.retraining import train_anew
    from c360.stewardship.accepting import revoke_outdated

    outcome = train_anew(Workspace(workspace), as_of, after=revoke_outdated)
    print_outcome(outcome, as_json=as_json)
