"""Running things in processes of their own, and what they took as a Markdown table."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from c360.warehouse import open_warehouse
from c360.workspace import Workspace

GIB = 1024**3
BENCH = Path(__file__).parent

Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and peak resident memory of one thing, and the figures that it printed."""

    seconds: float
    peak_bytes: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Resolved:
    """What `c360 resolve` took: the whole command, its identity steps, and each of them."""

    command: Measured
    identity: Measured
    steps: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what was measured, in each of its runs.

    `rival` names the line that it is held against; None where it stands for itself.
    """

    name: str
    runs: Sequence[Measured]
    rival: str | None = None

    @property
    def seconds(self) -> float:
        """The median of the runs."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        """The highest of the runs."""
        return max(run.peak_bytes for run in self.runs)


def run_script(name: str, *words: object) -> Measured:
    """Run a script of this folder, which prints a JSON object with its `seconds`, and measure it.

    The seconds are those that the script counts from its start of work, its imports done.
    """
    text, process = _run([str(BENCH / name), *map(str, words)])
    figures: Figures = json.loads(text)
    return Measured(figures["seconds"], process.peak_bytes, figures)


def run_c360(workspace: Workspace, *words: str) -> Measured:
    """Run `c360 <words>` in a workspace and measure the process."""
    return _run(["-m", "c360", *words, "-w", str(workspace.root)])[1]


def run_resolve(workspace: Workspace, *options: str) -> Resolved:
    """Run `c360 resolve` and measure it."""
    process = run_c360(workspace, "resolve", *options)
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        rows = con.execute(
            "select step, seconds, peak_bytes from ops.step"
            " where step like 'identity.%' and run = (select max(run) from ops.run)"
        ).fetchall()
    steps = {step: Measured(seconds, peak, {}) for step, seconds, peak in rows}
    identity = together(list(steps.values()))
    # A step resets the peak that the system keeps for the process: the highest of all counts.
    peak_bytes = max(process.peak_bytes, identity.peak_bytes)
    return Resolved(Measured(process.seconds, peak_bytes, {}), identity, steps)


def together(runs: Sequence[Measured]) -> Measured:
    """Return what runs took that came one after another."""
    return Measured(sum(run.seconds for run in runs), max(run.peak_bytes for run in runs), {})


def twin(workspace: Workspace, root: Path, *, memory_limit: str | None = None) -> Workspace:
    """Return a copy of a workspace: files that are never changed in place are linked, not copied.

    What lies in `root` is removed. Without `memory_limit`, it keeps that of the original.
    """
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    shutil.copytree(workspace.root / "data", root / "data", copy_function=os.link)
    copy = Workspace(root)
    shutil.copy2(workspace.warehouse, copy.warehouse)
    if workspace.key_file.exists():
        shutil.copy2(workspace.key_file, copy.key_file)
    limit = f"\nmemory_limit: {memory_limit}\n" if memory_limit else ""
    copy.config.write_text(workspace.config.read_text(encoding="utf-8") + limit, encoding="utf-8")
    return copy


def print_table(title: str, lines: Sequence[Line]) -> None:
    """Print lines in Markdown, with their ratios to those that they are held against."""
    named = {line.name: line for line in lines}
    sys.stdout.write(
        f"\n### {title}\n\n| what | seconds | peak memory | against | time | memory |\n"
        "|---|---:|---:|---|---:|---:|\n"
    )
    for line in lines:
        cells = [line.name, f"{line.seconds:.2f}", f"{line.peak_bytes / GIB:.2f} GiB", "", "", ""]
        if line.rival is not None:
            rival = named[line.rival]
            time_ratio = line.seconds / rival.seconds
            memory_ratio = line.peak_bytes / rival.peak_bytes
            cells[3:] = [rival.name, f"{time_ratio:.3f}", f"{memory_ratio:.3f}"]
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
    sys.stdout.flush()


def _run(words: Sequence[str]) -> tuple[str, Measured]:
    """Run Python and return what it printed and what it took; a failure ends the bench.

    Linux counts to a process what its parent held when it was made: this one must stay small.
    """
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *words], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    with process.stdout as pipe:
        text = pipe.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        sys.exit(f"{' '.join(words)} failed with {process.returncode}")
    return text, Measured(time.perf_counter() - started, usage.ru_maxrss * 1024, {})
