"""How much memory a step takes at most, where the system tells (Linux)."""

from pathlib import Path

_RESET = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"
"""See proc(5): writing 5 sets the peak of the resident set to its present size."""


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
