"""Identity against its rivals, in time and memory: `python bench/identity.py --customers 20000`.

Prints Markdown tables. Each thing measured has a process of its own and runs `--repeat` times, all
of them in turn, so that a noisy machine disturbs them alike; seconds are medians, peaks the
highest. Ends with 1 where rivals disagree or an incremental run differs from a full one.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from bench.measuring import (
    Line,
    Measured,
    Resolved,
    print_table,
    run_c360,
    run_resolve,
    run_script,
    together,
    twin,
)
from c360.steps import STEPS
from c360.workspace import Workspace

RIVALS = {
    "networkx": "networkx",
    "Splink 5 clustering": "splink",
    "DuckDB and scipy, the floor": "scipy",
    "c360, no guards": "c360",
}
SMALL_GRAPH = 100_000
LINKS_PER_RECORD = 1.6
SHARES = (0.001, 0.01, 0.1)
FULL = ("--full",)


def main() -> None:
    """Measure the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--records", type=int, default=1_000_000, help="of the made-up households")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--memory-limit", default="2GB", help="of the bounded runs")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--scratch", type=Path, help="folder for temporary files")
    arguments = parser.parse_args()
    problems: list[str] = []
    for part in arguments.parts:
        with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
            problems += PARTS[part](Path(scratch), arguments)
    if problems:
        sys.exit("\n".join(problems))


def measure_rivals(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Resolve the sample with guards, and find its plain components by every rival."""
    sample = _generated(scratch / "sample", arguments.customers)
    run_c360(sample, "ingest")
    seen = scratch / "observation.parquet"
    runs: dict[str, list[Measured]] = {name: [] for name in RIVALS}
    run_c360(place := twin(sample, scratch / "twin"), "resolve")
    observations = run_script("rivals.py", "export", place.root, seen).figures["count"]
    for _ in range(arguments.repeat):
        for name, rival in RIVALS.items():
            runs[name].append(run_script("rivals.py", rival, seen))
        for limit in (None, arguments.memory_limit):
            place = twin(sample, scratch / "twin", memory_limit=limit)
            for name, run in _parts_of(run_resolve(place)).items():
                runs.setdefault(f"{name}, at {limit}" if limit else name, []).append(run)
    lines = [Line(name, each, "networkx") for name, each in runs.items()]
    print_table(f"{arguments.customers:,} customers, {observations:,.0f} observations", lines)
    counts = {run.figures["count"] for name in RIVALS for run in runs[name]}
    found = ", ".join(f"{count:,.0f}" for count in sorted(counts))
    sys.stdout.write(f"\nComponents without guards: {found}\n")
    return [] if len(counts) == 1 else [f"the rivals find different components: {found}"]


def measure_graphs(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Label a chain and a star against a random graph of their size."""
    edges = SMALL_GRAPH - 1
    paths = {kind: scratch / f"{kind}.parquet" for kind in ("random", "chain", "star")}
    for kind, path in paths.items():
        run_script("graphs.py", "make", kind, SMALL_GRAPH, edges, path)
    runs: dict[str, list[Measured]] = {kind: [] for kind in paths}
    for _ in range(arguments.repeat):
        for kind, path in paths.items():
            runs[kind].append(run_script("graphs.py", "label", path))
    lines = [Line(kind, each, "random") for kind, each in runs.items()]
    print_table(f"Labelling {SMALL_GRAPH:,} nodes, {edges:,} edges", lines)
    return []


def measure_households(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Label the components of many households, and resolve as many records with guards."""
    records, links = arguments.records, int(arguments.records * LINKS_PER_RECORD)
    graph = scratch / "graph.parquet"
    run_script("graphs.py", "make", "households", records, links, graph)
    sample = Workspace(scratch / "sample")
    run_script("graphs.py", "workspace", sample.root, records)
    run_c360(sample, "ingest")
    runs: dict[str, list[Measured]] = {"labelling, no guards": []}
    for _ in range(arguments.repeat):
        runs["labelling, no guards"].append(run_script("graphs.py", "label", graph))
        for limit in (None, arguments.memory_limit):
            place = twin(sample, scratch / "twin", memory_limit=limit)
            for name, run in _parts_of(run_resolve(place)).items():
                runs.setdefault(f"{name}, at {limit}" if limit else name, []).append(run)
    lines = [Line(name, each) for name, each in runs.items()]
    print_table(f"{records:,} records, {links:,} links", lines)
    return []


def measure_increments(scratch: Path, arguments: argparse.Namespace) -> list[str]:
    """Resolve increments of growing shares, each against a full run on a copy of the warehouse."""
    sample = _generated(scratch / "sample", arguments.customers)
    slices = scratch / "slices"
    rows = run_script("increments.py", "slice", sample.root, slices, *SHARES).figures
    raw = sample.root / "data" / "raw"
    shutil.rmtree(raw)
    shutil.copytree(slices / "0", raw)
    run_c360(sample, "resolve")
    problems: list[str] = []
    for number, share in enumerate(SHARES, start=1):
        shutil.copytree(slices / str(number), raw, dirs_exist_ok=True)
        run_c360(sample, "ingest")
        title = f"{share:.1%} new rows: {rows[str(number)]:,.0f}"
        found = _measure_increment(sample, scratch, title, arguments.repeat)
        differing = {table: count for table, count in found.items() if count}
        sys.stdout.write(f"\nRows that differ: {differing or 'none'}\n")
        if differing:
            problems.append(f"{title}: incremental is not full: {differing}")
    return problems


def _measure_increment(
    sample: Workspace, scratch: Path, title: str, repeat: int
) -> dict[str, float]:
    """Resolve what was ingested on copies, both ways; return by table how many rows differ.

    The sample goes on with the warehouse of the incremental run.
    """
    full, increment = scratch / "full", scratch / "increment"
    names = ("full", "incremental", "full, whole command", "incremental, whole command")
    runs: dict[str, list[Measured]] = {name: [] for name in names}
    for _ in range(repeat):
        fully = run_resolve(twin(sample, full), *FULL)
        partly = run_resolve(twin(sample, increment))
        taken = (fully.identity, partly.identity, fully.command, partly.command)
        for name, run in zip(names, taken, strict=True):
            runs[name].append(run)
    rival = {"incremental": "full", "incremental, whole command": "full, whole command"}
    print_table(title, [Line(name, each, rival.get(name)) for name, each in runs.items()])
    figures = run_script("increments.py", "differ", full, increment).figures
    shutil.move(Workspace(increment).warehouse, sample.warehouse)
    return {table: count for table, count in figures.items() if table != "seconds"}


PARTS = {
    "rivals": measure_rivals,
    "graphs": measure_graphs,
    "households": measure_households,
    "increments": measure_increments,
}


def _generated(root: Path, customers: int) -> Workspace:
    workspace = Workspace(root)
    run_c360(workspace, "generate", "--customers", str(customers), "--format", "parquet")
    return workspace


def _parts_of(resolved: Resolved) -> dict[str, Measured]:
    """Name the tiers alone, from the observations to the customer of each keyring, and the rest."""
    made = [(step.table, *step.also) for step in STEPS]
    seen = next(i for i, tables in enumerate(made) if "identity.keyring" in tables)
    decided = next(i for i, tables in enumerate(made) if "identity.cluster" in tables)
    tiers = [resolved.steps[table] for table, *_ in made[seen + 1 : decided + 1]]
    return {
        "c360, guarded tiers": together(tiers),
        "c360, bronze to customers": resolved.identity,
        "c360 resolve, whole command": resolved.command,
    }


if __name__ == "__main__":
    main()
