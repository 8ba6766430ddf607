"""The gate of a build: what breaks a critical check is not published."""

from c360.errors import HeldBuildError
from c360.reports.checks import critical_checks
from c360.reports.quality_check import QualityCheck
from c360.step import Context


def hold_or_note(context: Context, *, warns_only: bool = False) -> tuple[str, ...]:
    """Look at the critical checks of marts that are not yet published; return what fails, as notes.

    Raises:
        HeldBuildError: one fails, and not `warns_only`.
    """
    failed = [check for check in critical_checks(context) if check.status == "fail"]
    if failed and not warns_only:
        raise HeldBuildError([broken_line(check) for check in failed])
    return tuple(f"published all the same: {broken_line(check)}" for check in failed)


def broken_line(check: QualityCheck) -> str:
    """Say in one line which check fails, its figure and what to do; ids of customers at most."""
    value = "no value" if check.value is None else f"{check.value.normalize():f}"
    return f"{check.metric} is {value} ({check.threshold}). {check.explanation}"
