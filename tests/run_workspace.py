"""Runs of steps that stand in the test, and what they tell: `run` them, read their `events`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shop_workspace import configure

from c360.runs import run_steps, writing
from c360.step import Context, Step
from c360.warehouse import build_table
from c360.workspace import Workspace

Made = dict[str, str]
"""Tables by name, each as the SELECT that makes it."""


def run(
    folder: Path,
    made: Made,
    *,
    command: str = "build",
    reads: tuple[str, ...] = (),
    inside: Callable[[Context], object] | None = None,
    **more: Any,
) -> None:
    """Run a command whose steps make these tables; `inside` is done after them."""
    if not (folder / "c360.yaml").exists():
        configure(folder)
    with writing(Workspace(folder), command, None, **more) as context:
        run_steps(context, "Making", [Step(t, reads, _building(t, s)) for t, s in made.items()])
        if inside is not None:
            inside(context)


def _building(table: str, select: str) -> Callable[[Context], object]:
    return lambda context: build_table(context.con, table, select, {})


def events(folder: Path) -> list[dict[str, Any]]:
    """Return the events that runs have told."""
    lines = (folder / "logs" / "openlineage.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def told(folder: Path) -> list[tuple[str, str]]:
    """Return kind and job of each event."""
    return [(event["eventType"], event["job"]["name"]) for event in events(folder)]
