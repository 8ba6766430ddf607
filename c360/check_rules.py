"""The thresholds and severities of the quality checks, and the checks of the user's own."""

from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from c360.promises import ColumnPromise
from c360.rules import Band, Share
from c360.section import Section

Severity = Literal["warn", "error", "critical"]
"""What a breach means: `warn` warns, `error` fails, `critical` fails and holds the build back."""
CheckName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class UserCheck(Section):
    """A check of the user's own: a SELECT of the rows that should not be there."""

    name: CheckName = Field(description="name of the check in every report")
    file: str = Field(description="SQL file in the workspace: one SELECT of the failing rows")
    severity: Severity = Field(
        default="error", description="`warn`, `error` or `critical` (a build is held back)"
    )
    at_most: Decimal = Field(
        default=Decimal(0), ge=0, description="rows, or share of rows, that are tolerated"
    )
    unit: Literal["count", "share"] = Field(
        default="count", description="whether rows are counted, or their share of `of`"
    )
    of: str | None = Field(
        default=None, description="table that the share is of, such as silver.orders"
    )
    tables: tuple[str, ...] = Field(
        default=(), description="tables it speaks of; else those that the SELECT reads"
    )
    consumers: tuple[str, ...] | None = Field(
        default=None, description="whom a breach concerns; else who reads what is made of `tables`"
    )
    meaning: str = Field(default="", description="what the figure means, one sentence")
    remedy: str = Field(default="", description="what to do about failing rows, one sentence")

    @model_validator(mode="after")
    def _a_share_is_of_something(self) -> Self:
        if (self.unit == "share") != (self.of is not None):
            msg = "`unit: share` goes with `of`, the table that the share is of"
            raise ValueError(msg)
        return self


class DriftRules(Section):
    """How far a figure may be from what it was in earlier checks."""

    runs: int = Field(default=20, ge=5, description="earlier checks that are looked at")
    at_least: int = Field(
        default=5, ge=2, description="earlier checks without which nothing is judged"
    )
    deviations: float = Field(
        default=3.5,
        gt=0,
        description="half width of the band, in robust standard deviations (1.4826 times the median"
        " distance from the median)",
    )
    tolerance: Share = Field(
        default=0.25, description="half width at least, as a share of the median"
    )
    share_tolerance: Share = Field(
        default=0.02, description="half width at least, of a figure that is itself a share"
    )


class Webhook(Section):
    """Whom to tell when a check fails or a run is held."""

    env: str = Field(description="environment variable that holds the http(s) URL")
    seconds: float = Field(default=3, gt=0, le=30, description="how long to wait for an answer")


class Checks(Section):
    """Thresholds of the quality checks."""

    min_profile_coverage: Share = Field(
        default=1.0, description="share of known customers found in gold"
    )
    max_duplicate_profiles: int = Field(
        default=0, ge=0, description="customers with more than one profile"
    )
    max_critical_null_rate: Share = Field(default=0.0, description="share of empty critical fields")
    critical_fields: tuple[str, ...] = Field(
        default=(
            "customer_id",
            "marketing_consent",
            "personalization_consent",
            "customer_value_score",
            "churn_risk_score",
            "segment",
            "retention_priority",
        ),
        description="columns of customer_360 that must never be empty",
    )
    freshness_hours: dict[str, Band] = Field(
        default_factory=dict, description="source: age of its newest row in hours"
    )
    default_freshness_hours: Band = Field(
        default=Band(warn=168, fail=720), description="for sources without a band of their own"
    )
    processing_lag_hours: dict[str, Band] = Field(
        default_factory=dict,
        description="source: hours from the newest row of a landing to the landing; without a"
        " band it informs",
    )
    reject_share: Band = Field(
        default=Band(warn=0.001, fail=0.05), description="share of a source's rows rejected"
    )
    invalid_share: Band = Field(
        default=Band(warn=0.01, fail=0.5),
        description="share of an entity's rows with a cell that cannot be right",
    )
    valid: dict[str, ColumnPromise] = Field(
        default_factory=dict,
        description="entity.column: what its cells may hold, in place of what is built in",
    )
    max_orphan_share: Band = Field(
        default=Band(warn=0.05, fail=1),
        description="share of an entity's rows that name a row which is not there",
    )
    max_cluster_records: int = Field(
        default=100_000,
        ge=1,
        description="records of one customer above which the identity check warns",
    )
    drift: DriftRules = DriftRules()
    max_segment_shift: Share = Field(
        default=0.1,
        description="share of the profiles in another segment than in the check before (total"
        " variation distance) above which it warns",
    )
    severity: dict[str, Severity] = Field(
        default_factory=dict, description="check: its severity, in place of what is built in"
    )
    user: tuple[UserCheck, ...] = Field(
        default=(), description="checks of your own, beside the .sql files of the folder checks/"
    )
    webhook: Webhook | None = Field(
        default=None,
        description="whom to tell when a check fails or a run is held; without, nobody",
    )


def check_problems(checks: Checks, sources: Collection[str]) -> list[str]:
    """Say which bands are those of no source."""
    return [
        f"checks.{key}.{name}: no such source (known: {', '.join(sources)})"
        for key, bands in (
            ("freshness_hours", checks.freshness_hours),
            ("processing_lag_hours", checks.processing_lag_hours),
        )
        for name in bands
        if name not in sources
    ]
