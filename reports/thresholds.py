"""By what each check is judged: its threshold and its severity, from the configuration."""

import re
from collections.abc import Mapping
from decimal import Decimal

from c360.check_rules import Severity
from c360.config import Settings
from c360.reports.catalogue import CheckText, families
from c360.reports.quality_check import AtLeast, AtMost, Measure, Threshold
from c360.reports.relations import OFTEN_ANONYMOUS

NEEDS_HISTORY = (
    "{source}_volume",
    "profile_count",
    "marketing_withdrawal_share",
    "segment_shift",
)
"""Checks that inform until there are earlier ones to compare with."""
INFORMING = (
    "marketing_consent_rate",
    "personalization_consent_rate",
    "unasked_marketing_share",
    "open_review_item_count",
    "{segment}_segment_share",
    *NEEDS_HISTORY,
)
"""Checks that no threshold judges unless their measure brings one."""


def threshold_of(measure: Measure, settings: Settings) -> Threshold:
    """Return the threshold of a measure.

    Whatever the configuration does not name counts mistakes, of which there must be none.
    """
    if measure.band is not None:
        return measure.band
    key, subject = measure.key or measure.metric, measure.subject
    if key in INFORMING:
        return None
    checks, most_changed = settings.checks, settings.gates.max_share_of_ids_changed
    thresholds: dict[str, Threshold] = {
        "profile_coverage_rate": AtLeast(Decimal(str(checks.min_profile_coverage))),
        "duplicate_profile_count": AtMost(Decimal(checks.max_duplicate_profiles)),
        "critical_null_rate": AtMost(Decimal(str(checks.max_critical_null_rate))),
        "{source}_freshness_lag_hours": checks.freshness_hours.get(
            subject, checks.default_freshness_hours
        ),
        "{source}_processing_lag_hours": checks.processing_lag_hours.get(subject),
        "{entity}_invalid_share": checks.invalid_share,
        "largest_customer_record_count": AtMost(Decimal(checks.max_cluster_records)),
        "identity_change_share": (
            None if most_changed is None else AtMost(Decimal(str(most_changed)))
        ),
        "{source}_reject_share": checks.reject_share,
        "{relation}_orphan_share": None if subject in OFTEN_ANONYMOUS else checks.max_orphan_share,
    }
    return thresholds.get(key, AtMost(Decimal(0)))


def severity_of(metric: str, key: str, text: CheckText, settings: Settings) -> Severity:
    """Return what a breach means: as the configuration says of the check, or of all of its kind."""
    said = settings.checks.severity
    return said.get(metric) or said.get(key) or text.severity


def critical_keys(settings: Settings, own: Mapping[str, Severity]) -> set[str]:
    """Return the names of the catalogue that have a critical check, and those of the user's own."""
    said = settings.checks.severity
    critical = {name for name, severity in said.items() if severity == "critical"}
    keys = {key: text for family in families() for key, text in family.checks.items()}
    return {
        key
        for key, text in keys.items()
        if said.get(key, text.severity) == "critical"
        or any(re.fullmatch(pattern_of(key), name) for name in critical)
    } | {name for name, severity in own.items() if said.get(name, severity) == "critical"}


def pattern_of(key: str) -> str:
    """Return the regular expression of the checks that a name of the catalogue stands for."""
    return re.sub(r"\\{[a-z]+\\}", ".+", re.escape(key))


def severity_problems(settings: Settings, own: frozenset[str]) -> list[str]:
    """Say which keys of `checks.severity` name no check; `own` are checks of the user's."""
    keys = [key for family in families() for key in family.checks]
    return [
        f"checks.severity.{name}: no such check (`c360 check --json` lists them)"
        for name in settings.checks.severity
        if name not in own
        and name not in keys
        and not any(re.fullmatch(pattern_of(key), name) for key in keys)
    ]
