"""Why the resolved customers of a generated sample are wrong: `python bench/mistakes.py WORKSPACE`.

The workspace was made by `c360 generate --customers N` and `c360 resolve`. Wrong pairs (joined, but
of different persons) are counted by what joined them, missed pairs (one person, but of different
customers) by what kept them apart; both by whether any rule could have told. Pairs are counted by
part: the records that a customer and a person have in common.
"""

import argparse
import sys
from pathlib import Path

import duckdb

from c360.config import Settings
from c360.config_file import read_settings
from c360.identity.evaluation import evaluate_members
from c360.warehouse import build_table, open_warehouse
from c360.workspace import Workspace

SQL = Path(__file__).with_suffix("")


def main() -> None:
    """Print the tables of causes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    workspace = Workspace(parser.parse_args().workspace)
    settings = read_settings(workspace.config)
    truth = next(iter((workspace.root / "data" / "raw").glob("truth.*")))
    with open_warehouse(
        workspace.warehouse, memory_limit=settings.memory_limit, read_only=True
    ) as con:
        figures = evaluate_members(con, truth)
        _build(con, settings)
        sys.stdout.write(
            f"pairwise precision {figures['pairwise_precision']}, recall"
            f" {figures['pairwise_recall']}\n"
        )
        _print_causes(con, "Wrong pairs", "wrong_pair", ("evidence",))
        _print_causes(con, "Wrong pairs", "wrong_pair", ("joined_by", "evidence", "people"))
        _print_causes(con, "Missed pairs", "missed_pair", ("verdict",))
        _print_causes(con, "Missed pairs", "missed_pair", ("cause",))


def _build(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    named = settings.identifiers.items()
    strengths = {
        f"{strength}s": [name for name, each in named if each.strength == strength]
        for strength in ("anchor", "contact")
    }
    parameters: dict[str, dict[str, object]] = {
        "part": {},
        "part_keyring": {"mastering": settings.mastering_sources()},
        "part_value": {},
        "part_evidence": {**strengths},
        "person_name": {},
        "wrong_pair": {},
        "missed_pair": {},
    }
    for name, values in parameters.items():
        text = (SQL / f"{name}.sql").read_text(encoding="utf-8")
        build_table(con, f"temp.{name}", text, values)


def _print_causes(
    con: duckdb.DuckDBPyConnection, title: str, table: str, causes: tuple[str, ...]
) -> None:
    columns = ", ".join(causes)
    rows = con.execute(
        f"select {columns}, sum(pairs) as found, sum(pairs) / sum(sum(pairs)) over (), count(*)"
        f" from temp.{table} group by {columns} order by found desc, {columns}"
    ).fetchall()
    heads = [cause.replace("_", " ") for cause in causes]
    sys.stdout.write(f"\n| {title}: {' | '.join(heads)} | pairs | share | places |\n")
    sys.stdout.write(f"|{' --- |' * len(causes)} ---: | ---: | ---: |\n")
    for *names, pairs, share, places in rows:
        cells = (*names, f"{int(pairs):,}", f"{share:.1%}", f"{places:,}")
        sys.stdout.write(f"| {' | '.join(cells)} |\n")


if __name__ == "__main__":
    main()
