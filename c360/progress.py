"""Progress on stderr while a terminal is watching; nothing otherwise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from c360.logs import is_json

Report = Callable[[str], None]
"""Called with the name of what begins now."""


def silent(_: str) -> None:
    """Say nothing."""


@contextmanager
def progress(title: str, total: int) -> Iterator[Report]:
    """Show a bar of `total` steps; each call of the yielded function begins the next one."""
    if is_json():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent
        return
    columns = (
        TextColumn("{task.fields[title]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", style="dim"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, title=title, completed=-1)

        def begin(what: str) -> None:
            bar.update(task, advance=1, description=what)

        yield begin
