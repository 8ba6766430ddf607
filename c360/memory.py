"""How much memory a step takes at most, and how much of its work it spills to disk."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_RESET = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"
"""See proc(5): writing 5 sets the peak of the resident set to its present size."""

LOOK_EVERY = 0.1
"""Seconds between two looks at the temporary folder: a spill that matters lasts longer."""


def reset_peak() -> None:
    """Begin to measure the peak of the resident memory anew."""
    if _RESET.exists():
        _RESET.write_text(_RESET_PEAK)


def peak_bytes() -> int | None:
    """Return the peak of the resident memory since the last reset; None where nobody tells."""
    if not _STATUS.exists():
        return None
    lines = _STATUS.read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), None)


@contextmanager
def watching_spill(folder: Path) -> Iterator[Callable[[], int]]:
    """Watch the folder that DuckDB spills to; the yielded function tells and forgets the largest.

    DuckDB takes its temporary files away as soon as a query is done, and no figure that both 1.5
    and 2 have remembers them; so they are looked at while it works.
    """
    largest = 0
    is_over = threading.Event()

    def look() -> None:
        nonlocal largest
        while not is_over.wait(LOOK_EVERY):
            largest = max(largest, _bytes_in(folder))

    def tell() -> int:
        nonlocal largest
        told, largest = max(largest, _bytes_in(folder)), 0
        return told

    watcher = threading.Thread(target=look, name="spill", daemon=True)
    watcher.start()
    try:
        yield tell
    finally:
        is_over.set()
        watcher.join()


def _bytes_in(folder: Path) -> int:
    """Return the bytes of a folder's files; files may vanish meanwhile."""
    found = 0
    try:
        for path in folder.iterdir():
            found += path.stat().st_size
    except FileNotFoundError:
        return found
    return found
