"""What the checks come to: may the data be used, which promises hold, what to mend first."""

from collections.abc import Sequence
from dataclasses import dataclass

from c360.reports.figures import Figures
from c360.reports.quality_check import STATUSES, QualityCheck, Status, gravest_first
from c360.reports.wording import counted

PROMISES = (
    ("One usable profile per customer", ("coverage", "uniqueness", "nulls", "validity")),
    ("Fresh enough to act on", ("freshness", "lateness", "consumers")),
    ("Consent known and respected", ("consent",)),
    ("Nobody joined who cannot be one person", ("identity", "stewardship")),
    (
        "Nothing lost, and the money adds up",
        ("loading", "relations", "reconciliation", "consistency"),
    ),
    ("Columns that others rely on are there", ("schema",)),
    ("Like the days before", ("drift",)),
    ("What you asked for holds", ("user",)),
)
"""What the report answers at its top: a promise, and the families of checks that prove it."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise, and how many of the checks that prove it pass (those that only inform aside)."""

    title: str
    status: Status
    passed: int
    judged: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to: may this data be used?"""

    status: Status
    answer: str
    sentence: str
    promises: tuple[Promise, ...]
    concerns: tuple[QualityCheck, ...]
    improvement: str


def verdict_of(checks: Sequence[QualityCheck], figures: Figures | None) -> Verdict:
    """Sum up the checks. `figures` is None where a mart lacks a column that they need."""
    failed = [check for check in checks if check.status == "fail"]
    warned = [check for check in checks if check.status == "warn"]
    judged = sum(check.status != "info" for check in checks)
    status: Status
    if failed:
        status, answer = "fail", "No"
        sentence = (
            f"{counted(len(failed), 'check')} of {judged} failed. Mend what"
            f" {'it names' if len(failed) == 1 else 'they name'} before anybody uses the data."
        )
    elif warned:
        status, answer = "warn", "Yes, with care"
        sentence = (
            f"No check failed; {counted(len(warned), 'check')} of {judged} warned. Read what"
            f" {'it says' if len(warned) == 1 else 'they say'} first."
        )
    else:
        status, answer = "pass", "Yes"
        sentence = f"All {judged} checks passed."
    concerns = gravest_first([*failed, *warned])
    promises = (_promise(title, families, checks) for title, families in PROMISES)
    return Verdict(
        status=status,
        answer=answer,
        sentence=sentence,
        promises=tuple(promise for promise in promises if promise.judged),
        concerns=tuple(concerns),
        improvement=_improvement(concerns, figures),
    )


def worst(checks: Sequence[QualityCheck]) -> Status:
    """Return the most severe status; `info` where there is nothing to judge."""
    found = {check.status for check in checks}
    for status in STATUSES:
        if status in found:
            return status
    return "info"


def _promise(title: str, families: Sequence[str], checks: Sequence[QualityCheck]) -> Promise:
    own = [check for check in checks if check.family in families and check.status != "info"]
    passed = sum(check.status == "pass" for check in own)
    return Promise(title, worst(own), passed, len(own))


def _improvement(concerns: Sequence[QualityCheck], figures: Figures | None) -> str:
    """Name the one thing to do next: the gravest concern, else what would tell more."""
    if concerns:
        first = concerns[0]
        return f"Mend `{first.metric}`: {first.explanation.rpartition('What to do: ')[2]}"
    work = figures.stewardship if figures else None
    if work and work.open:
        items = "1 open review item" if work.open == 1 else f"{work.open:,} open review items"
        return (
            f"Let stewards work off {items}: `c360 review export` lists them, the most important"
            " first; what they decide is obeyed by every later run."
        )
    if figures and figures.disputed:
        return (
            f"Let a steward look at the {figures.disputed:,} values that could not bring two"
            " customers together: two people share each of them, or one person was seen twice."
        )
    return (
        "Nothing stands out; keep the thresholds of `checks` in c360.yaml as tight as the business."
    )
