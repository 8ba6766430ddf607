"""What stewardship costs: `python bench/stewardship.py --customers 100000`.

Prints Markdown: the items by kind, the queue as a share of a full run, and what it takes to apply
decisions (half of them merges, half keep_aparts) and to resolve after them, against a full run on
the same warehouse. Ends with 1 where the incremental run differs from the full one.
"""

import argparse
import csv
import json
import sys
import tempfile
from pathlib import Path

from bench.measuring import Line, Measured, print_table, run_c360, run_resolve, run_script, twin
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

QUEUE = "stewardship.review_item"
WAYS = ("keep_apart", "merge")


def main() -> None:
    """Make the sample, or take one that is resolved and built, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--decisions", type=int, default=10_000)
    parser.add_argument("--workspace", type=Path, help="resolved and built; it is only copied")
    parser.add_argument("--scratch", type=Path, help="folder for temporary files")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
        scratch = Path(folder)
        sample = Workspace(arguments.workspace or scratch / "sample")
        if arguments.workspace is None:
            words = ("--customers", str(arguments.customers), "--format", "parquet")
            run_c360(sample, "generate", *words)
            run_c360(sample, "resolve")
            run_c360(sample, "build")
        if differing := _measure(sample, scratch, arguments.decisions):
            sys.exit(f"incremental is not full: {differing}")


def _measure(sample: Workspace, scratch: Path, decisions: int) -> dict[str, float]:
    before = twin(sample, scratch / "before")
    full = run_resolve(before, "--full")
    queue = _step(before, QUEUE)
    _print_items(before)
    export = run_c360(before, "review", "export")
    filled = _decide(before, decisions)
    applied = run_c360(before, "review", "apply", str(filled))
    again = twin(before, scratch / "again")
    obeyed = run_resolve(before)
    fully = run_resolve(again, "--full")
    both = Measured(
        applied.seconds + obeyed.command.seconds,
        max(applied.peak_bytes, obeyed.command.peak_bytes),
        {},
    )
    print_table(
        f"{decisions:,} decisions",
        [
            Line("resolve --full", [full.command]),
            Line("making the queue", [queue], "resolve --full"),
            Line("review export", [export], "resolve --full"),
            Line("review apply", [applied], "resolve --full"),
            Line("resolve after it", [obeyed.command], "resolve --full"),
            Line("both", [both], "resolve --full"),
            Line("resolve --full after it", [fully.command], "resolve --full"),
        ],
    )
    found = run_script("increments.py", "differ", before.root, again.root).figures
    differing = {table: n for table, n in found.items() if n and table != "seconds"}
    sys.stdout.write(f"\nRows that differ: {differing or 'none'}\n")
    return differing


def _step(workspace: Workspace, step: str) -> Measured:
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        seconds, peak = con.execute(
            "select seconds, peak_bytes from ops.step where step = $step order by run desc limit 1",
            {"step": step},
        ).fetchall()[0]
    return Measured(seconds, peak, {})


def _print_items(workspace: Workspace) -> None:
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        rows = con.execute(
            "select kind, count(*), round(avg(uncertainty), 2) from stewardship.review_item"
            " group by kind order by kind"
        ).fetchall()
    sys.stdout.write("\n| kind | items | uncertainty, mean |\n|---|---:|---:|\n")
    for kind, items, uncertainty in rows:
        sys.stdout.write(f"| {kind} | {items:,} | {uncertainty} |\n")


def _decide(workspace: Workspace, decisions: int) -> Path:
    """Fill in the first rows of the exported queue, each customer in one of them only."""
    path = workspace.stewardship("queue.csv")
    filled = path.with_name("filled.csv")
    taken: set[str] = set()
    decided = 0
    with (
        path.open(encoding="utf-8-sig", newline="") as source,
        filled.open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.DictReader(source)
        writer = csv.DictWriter(target, rows.fieldnames or ())
        writer.writeheader()
        for row in rows:
            pair = {row["customer_id_l"], row["customer_id_r"]}
            if decided == decisions or "" in pair or pair & taken:
                continue
            taken |= pair
            row |= {"decision": WAYS[decided % 2], "reason": "a bench", "decided_by": "bench"}
            writer.writerow(row)
            decided += 1
    sys.stdout.write(f"\n{json.dumps({'decided': decided})}\n")
    return filled


if __name__ == "__main__":
    main()
