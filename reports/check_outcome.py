"""What `c360 check` has to say, for people, for programs and for CI."""

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from c360.config import Settings
from c360.outcome import Outcome
from c360.reports.quality_check import QualityCheck, Status
from c360.webhook import event_of, post

_STATUSES: tuple[Status, ...] = ("pass", "warn", "fail", "info")
_NAMED = 5
"""Checks that a note names; the rest are counted."""
_TOLD = (
    "family",
    "metric",
    "value",
    "threshold",
    "status",
    "severity",
    "unit",
    "source",
    "tables",
    "consumers",
    "failing_rows",
    "explanation",
)


def tell_checks(checks: Sequence[QualityCheck], *, warns_only: bool = False) -> Outcome:
    """Count the checks by status, and tell programs each of them.

    Notes name those that warn, and where `warns_only` those that fail, which else end the command.
    """
    counts = Counter(check.status for check in checks)
    failed = [check.metric for check in checks if check.status == "fail"]
    figures: dict[str, object] = {
        "checks": {status: counts[status] for status in sorted(counts)},
        "failed": failed,
        "details": [_told(check) for check in checks],
    }
    text = ", ".join(f"{counts[status]} {status}" for status in _STATUSES)
    warned = [check.metric for check in checks if check.status == "warn"]
    notes = [f"checks that failed: {', '.join(failed)}"] if failed and warns_only else []
    if warned:
        rest = len(warned) - _NAMED
        more = f" and {rest:,} more" if rest > 0 else ""
        notes.append(f"checks that warn: {', '.join(warned[:_NAMED])}{more}")
    return Outcome(f"Checks: {text}", figures, tuple(notes))


def _told(check: QualityCheck) -> dict[str, object]:
    every = asdict(check)
    every["value"] = None if check.value is None else float(check.value)
    return {name: every[name] for name in _TOLD}


def post_failed(settings: Settings, checks: Sequence[QualityCheck]) -> None:
    """Tell the webhook which checks failed, if any: figures, and no explanation."""
    told = [_told(each) for each in checks if each.status == "fail"]
    names = ("metric", "severity", "value", "threshold")
    failed = [{name: each[name] for name in names} for each in told]
    if failed:
        post(settings.checks.webhook, event_of(settings, "check_failed", failed))


def write_junit(checks: Sequence[QualityCheck], path: Path) -> None:
    """Write the checks as JUnit XML: a suite a family, a case a check.

    What fails is a failure, what informs is skipped, and a warning passes with its words as output.
    """
    root = ET.Element("testsuites", name="c360")
    for family in dict.fromkeys(check.family for check in checks):
        own = [check for check in checks if check.family == family]
        counts = Counter(check.status for check in own)
        suite = ET.SubElement(
            root,
            "testsuite",
            name=family,
            tests=str(len(own)),
            failures=str(counts["fail"]),
            errors="0",
            skipped=str(counts["info"]),
        )
        for check in own:
            _add_case(suite, check)
    ET.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _add_case(suite: ET.Element, check: QualityCheck) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=f"c360.{check.family}", name=check.metric, time="0"
    )
    value = "no value" if check.value is None else f"{check.value.normalize():f}"
    said = f"{check.metric} is {value} ({check.threshold})"
    match check.status:
        case "fail":
            failure = ET.SubElement(case, "failure", type=check.severity or "error", message=said)
            failure.text = check.explanation
        case "info":
            ET.SubElement(case, "skipped", message=f"informs: {said}")
        case "warn":
            ET.SubElement(case, "system-out").text = f"warning: {said}. {check.explanation}"
        case "pass":
            pass
