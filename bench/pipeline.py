"""Time, memory and accuracy of the whole way: `python bench/pipeline.py --customers 1000000`.

Runs `c360 generate` and `c360 run` in processes of their own, prints each step of `ops.step`, and
sets the accuracy of the guarded rules beside that of plain connected components over the same
observations.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from c360.config_file import read_settings
from c360.identity.components import label_components
from c360.identity.evaluation import evaluate_members
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall time and peak resident memory of one process."""

    seconds: float
    peak_bytes: int


def measured(*words: str) -> Measured:
    """Run `c360 <words>` and measure it; a failing command ends the bench."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "c360", *words])  # noqa: S603 - our own program
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(os.waitstatus_to_exitcode(status))
    return Measured(time.perf_counter() - started, usage.ru_maxrss * 1024)


def main() -> None:
    """Generate, run, and print what it took and how right it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--workspace", type=Path, help="default: a temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(arguments.workspace or Path(scratch))
        folder = str(workspace.root)
        made = measured("generate", "-w", folder, "--customers", str(arguments.customers))
        ran = measured("run", "-w", folder)
        _print_row("generate", made.seconds, made.peak_bytes)
        # The steps reset the peak that the system keeps for the process: the highest of all counts.
        peak_bytes = max(ran.peak_bytes, *_print_steps(workspace))
        _print_row("run, whole", ran.seconds, peak_bytes)
        _print_accuracy(workspace)


def _print_steps(workspace: Workspace) -> list[int]:
    """Print what each step took and return their peaks of memory."""
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        rows = con.execute(
            "select step, seconds, peak_bytes, rows from ops.step order by run, rowid"
        ).fetchall()
    for step, seconds, peak_bytes, count in rows:
        _print_row(f"  {step}", seconds, peak_bytes, count)
    return [peak_bytes or 0 for _, _, peak_bytes, _ in rows]


def _print_row(name: str, seconds: float, peak_bytes: int | None, rows: int | None = None) -> None:
    memory = "" if peak_bytes is None else f"{peak_bytes / GIB:6.1f} GiB"
    count = "" if rows is None else f"{rows:14,} rows"
    sys.stdout.write(f"{name:<34}{seconds:8.1f} s  {memory}{count}\n")


def _print_accuracy(workspace: Workspace) -> None:
    raw = workspace.root / "data" / "raw"
    truth = next(iter(raw.glob("truth.*")))
    limit = read_settings(workspace.config).memory_limit
    with open_warehouse(workspace.warehouse, memory_limit=limit, read_only=True) as con:
        guarded = evaluate_members(con, truth)
        con.execute(
            "create temp table carrier as select keyring, identifier,"
            " row_number() over (order by keyring) as l from identity.observation"
        ).fetchall()
        con.execute(
            "create temp table carried_edge as select min(l) over (partition by keyring) as l,"
            " min(l) over (partition by identifier) as r from carrier"
        ).fetchall()
        label_components(con, "carried_edge", "plain")
        con.execute(
            "create temp table plain_member as select record.source, record.record_id,"
            " cast(coalesce(plain.component, -hash(record.record_id)) as varchar) as customer_id,"
            " null as to_run from identity.record left join ("
            "  select keyring, min(l) as node from carrier group by keyring) using (keyring)"
            " left join plain using (node)"
        ).fetchall()
        plain = evaluate_members(con, truth, members="plain_member")
    for name, figures in (("guarded tiers", guarded), ("plain connected components", plain)):
        sys.stdout.write(
            f"{name:<34}precision {figures['pairwise_precision']:.4f}"
            f"  recall {figures['pairwise_recall']:.4f}  B-cubed F1 {figures['bcubed_f1']:.4f}\n"
        )


if __name__ == "__main__":
    main()
