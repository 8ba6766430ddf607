"""The table of all checks in docs/checks.md: what stands between its marks is made anew."""

import re
from collections.abc import Iterator
from pathlib import Path

from reference_rows import cell

from c360.check_rules import Checks
from c360.config import Gates, Settings
from c360.config_file import read_settings
from c360.reports.catalogue import CheckText, families
from c360.reports.quality_check import Measure, threshold_text
from c360.reports.thresholds import INFORMING, NEEDS_HISTORY, threshold_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "checks.md"
BLOCK = re.compile(r"(<!-- checks -->\n).*?(<!-- end of checks -->)", flags=re.DOTALL)
OF_ITS_OWN = {
    "{consumer}_age_hours": "at most its `freshness_hours`",
    "segment_shift": "at most 0.1, once there is a check before",
}


def checks_page() -> str:
    """Return docs/checks.md with its table made anew."""
    table = "\n".join(_lines())
    return BLOCK.sub(
        lambda found: f"{found[1]}\n{table}\n\n{found[2]}", PAGE.read_text(encoding="utf-8")
    )


def _lines() -> Iterator[str]:
    plain = read_settings(ROOT / "data" / "turanmart" / "c360.yaml")
    settings = plain.model_copy(update={"checks": Checks(), "gates": Gates()})
    for family in families():
        if family.checks:
            yield f"### {family.title}: {family.question}\n"
            yield "| check | a breach is | threshold | what the figure means |\n|---|---|---|---|"
            for name, text in family.checks.items():
                told = _threshold(name, text, settings)
                meaning = cell(text.meaning).replace("{title}", "{consumer}")
                yield f"| `{name}` | {told} | {meaning} |"
            yield ""


def _threshold(name: str, text: CheckText, settings: Settings) -> str:
    """Return the cells of a check's severity and threshold."""
    threshold = threshold_of(Measure(name, None, key=name), settings)
    passing = threshold_text(threshold)
    if name in OF_ITS_OWN:
        passing = OF_ITS_OWN[name]
    elif name in NEEDS_HISTORY:
        passing = "within the band of its history"
    elif name in INFORMING or threshold is None:
        return "- | informs"
    return f"{text.severity} | {passing}"
