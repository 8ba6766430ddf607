"""Accuracy on data whose answers are known: `python bench/known_answers.py DATA_FOLDER`.

Each data set is staged in a temporary workspace without its truth column, resolved with the rules
of `known_answers/<name>.yaml` and evaluated; then once more without any guard, which is plain
connected components over the same identifiers. Prints a Markdown table. The rules are
deterministic and general: what somebody writes who knows the columns, not the answers.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import yaml

from c360 import pipeline
from c360.identity.evaluation import evaluate
from c360.workspace import Workspace

RULES = Path(__file__).with_suffix("")
MANY = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """A data set: how to read its feeds without the truth, and its truth.

    `$folder` in the SQL is the data folder; a feed's SELECT gives the columns that its rules name.
    """

    name: str
    feeds: Mapping[str, str]
    truth: str


def _csv(path: str) -> str:
    return f"read_csv($folder || '/{path}', all_varchar = true, header = true)"


SENZING = "senzing_truthset"
CHILDHOOD = _csv("dedupe_early_childhood/csv_example_input_with_true_ids.csv")
SURVEYS = {
    "census": "decennial_census",
    "cps": "current_population_survey",
    "acs": "american_community_survey",
    "wic": "women_infants_and_children",
}


def _survey(file: str) -> str:
    path = f"$folder || '/pseudopeople_sample/{file}_noised.parquet'"
    return (
        "(select * exclude (file_row_number), cast(file_row_number + 1 as varchar) as record_id"
        f" from read_parquet({path}, file_row_number = true))"
    )


DATA_SETS = (
    Known(
        SENZING,
        {
            each: f"select * from {_csv(f'{SENZING}/{each}.csv')}"
            for each in ("customers", "reference", "watchlist")
        },
        "select lower(DATA_SOURCE) as source, RECORD_ID as record_id, CLUSTER_ID as person"
        f" from {_csv(f'{SENZING}/actual_truthset_key.csv')}",
    ),
    Known(
        "dedupe_early_childhood",
        {
            "sites": 'select Id, Source, "Site name", Address, Zip, Phone, "Program Name",'
            f' "Email Address" from {CHILDHOOD}'
        },
        f"""select 'sites' as source, Id as record_id, "True Id" as person from {CHILDHOOD}""",
    ),
    Known(
        "pseudopeople_sample",
        {
            name: f"select * exclude (simulant_id, household_id) from {_survey(file)}"
            for name, file in SURVEYS.items()
        },
        " union all ".join(
            f"select '{name}' as source, record_id, simulant_id as person from {_survey(file)}"
            for name, file in SURVEYS.items()
        ),
    ),
    Known(
        "splink_fake",
        {"people": f"select * exclude (cluster) from {_csv('splink_fake/fake_1000.csv')}"},
        "select 'people' as source, unique_id as record_id, cluster as person"
        f" from {_csv('splink_fake/fake_1000.csv')}",
    ),
    Known(
        "febrl",
        # The number inside the record's name is the answer: the feed numbers its rows instead.
        {
            "people": "select row_number() over () as record_id, * exclude (rec_id)"
            f" from {_csv('febrl/dataset3.csv')}"
        },
        "select 'people' as source, row_number() over () as record_id,"
        f" split_part(rec_id, '-', 2) as person from {_csv('febrl/dataset3.csv')}",
    ),
)


def main() -> None:
    """Resolve every data set with and without guards and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds the data sets")
    parser.add_argument("--only", help="one data set")
    parser.add_argument("--keep", type=Path, help="where to leave the workspaces")
    arguments = parser.parse_args()
    head = ("data", "records", "persons", "guards", "pairwise P", "R", "F1", "B-cubed F1", "exact")
    _print_row(head)
    _print_row(("---", *["---:"] * 2, "---", *["---:"] * 5))
    for known in DATA_SETS:
        if arguments.only in (None, known.name):
            for guards in ("on", "off"):
                with tempfile.TemporaryDirectory() as scratch:
                    root = arguments.keep / f"{known.name}_{guards}" if arguments.keep else scratch
                    figures = measured(known, arguments.data, Path(root), guards=guards == "on")
                _print_row((known.name, *_cells(figures, guards)))


def measured(known: Known, data: Path, root: Path, *, guards: bool) -> dict[str, Any]:
    """Stage, resolve and evaluate a data set in a workspace; return the figures."""
    raw = root / "data" / "raw"
    raw.mkdir(parents=True)
    parameters = {"folder": str(data.resolve())}
    for name, select in {**known.feeds, "truth": known.truth}.items():
        duckdb.execute(f"copy ({select}) to '{raw / name}.parquet'", parameters).fetchall()
    text = (RULES / f"{known.name}.yaml").read_text(encoding="utf-8")
    tree = yaml.safe_load(text)
    workspace = Workspace(root)
    workspace.config.write_text(
        yaml.safe_dump(tree if guards else unguarded(tree), sort_keys=False)
    )
    pipeline.resolve(workspace)
    return evaluate(workspace, raw / "truth.parquet").figures


def unguarded(tree: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration without any guard: every value joins whatever carries it."""
    identifiers = {
        name: {key: value for key, value in each.items() if key != "per_person"}
        | {"strength": "contact"}
        for name, each in tree["identifiers"].items()
    }
    guards = {key: value for key, value in tree.get("guards", {}).items() if key == "block"}
    return {**tree, "identifiers": identifiers, "guards": {**guards, "generic_after": MANY}}


def _cells(figures: Mapping[str, Any], guards: str) -> tuple[str, ...]:
    names = ("pairwise_precision", "pairwise_recall", "pairwise_f1", "bcubed_f1")
    return (
        f"{figures['records']:,}",
        f"{figures['persons']:,}",
        guards,
        *(f"{figures[name]:.3f}" for name in (*names, "exact_cluster_rate")),
    )


def _print_row(cells: tuple[str, ...]) -> None:
    sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
