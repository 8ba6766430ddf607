"""What a review of a data product asks, answered from the configuration and the last run."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from c360.config import Settings
from c360.profile.contracts import contracts
from c360.reports.consumers_verdict import ConsumerVerdict
from c360.reports.wording import counted, words
from c360.source import Source
from c360.step import Context

if TYPE_CHECKING:
    from c360.reports.figures import Figures

Told = tuple[str, str]
"""A question and its answer; what stands between backticks is code."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A part of the workspace, what it is, and what takes its place in production."""

    here: str
    what: str
    production: str


@dataclass(frozen=True, slots=True)
class ProductReview:
    """The answers that are not said elsewhere in the report."""

    design: tuple[Told, ...]
    quality: tuple[Told, ...]
    mapping: tuple[Mapped, ...]


def read_product_review(
    context: Context, figures: "Figures | None", consumers: Sequence[ConsumerVerdict]
) -> ProductReview:
    """Fill in the review. `figures` is None where a mart lacks a column that they need."""
    return ProductReview(
        design=tuple(_design(context.settings, consumers)),
        quality=tuple(_quality(figures, consumers)),
        mapping=tuple(_mapping(context.settings)),
    )


def _design(settings: Settings, consumers: Sequence[ConsumerVerdict]) -> Iterator[Told]:
    profile = contracts()["customer_360"]
    yield (
        "Grain and key",
        f"`gold.customer_360`, {profile.grain}; key `{', '.join(profile.key)}`;"
        f" {len(profile.columns)} promised columns, version {profile.version},"
        f" owned by {profile.owner}",
    )
    yield (
        "Identity",
        "the strongest first: "
        + ", ".join(f"`{name}` ({each.strength})" for name, each in settings.identifiers.items()),
    )
    guards = [f"one {words(name)}" for name in settings.guards.one_per_person]
    guards += [
        f"at most {each.limit} `{name}`"
        for name, each in settings.identifiers.items()
        if each.limit is not None
    ]
    yield "Kept apart by", "per person: " + ", ".join(guards) if guards else "no guard"
    yield (
        "Critical fields",
        ", ".join(f"`{name}`" for name in settings.checks.critical_fields),
    )
    yield "Consent", "missing or conflicting means no, in every mart, view and export"
    for each in consumers:
        reads = ", ".join(f"`{table}`" for table in each.consumer.reads)
        yield f"Read by {each.title}", reads


def _quality(figures: "Figures | None", consumers: Sequence[ConsumerVerdict]) -> Iterator[Told]:
    for each in consumers:
        yield f"{each.title}: {each.answer.lower()}", each.reason
    if figures is None:
        return
    lags = [source for source in figures.sources if source.lag_hours is not None]
    if lags:
        oldest = max(lags, key=lambda source: (source.lag_hours or 0) / _most(source.band.fail))
        yield (
            "Nearest to its limit",
            f"`{oldest.source}`: {oldest.lag_hours} of {oldest.band.fail:g} hours",
        )
    rejected = sum(source.rows_rejected for source in figures.sources)
    yield "Rejected", f"{counted(rejected, 'row')}, kept with the reason" if rejected else "no row"


def _mapping(settings: Settings) -> Iterator[Mapped]:
    for name, source in settings.sources.items():
        yield Mapped(f"`{name}`", f"{source.update} feed of {source.owner}", _transport(source))
    yield Mapped(
        "`data/bronze`", "immutable Parquet batches", "tables of a lakehouse, one commit per batch"
    )
    yield Mapped(
        "`c360 resolve`", "guarded identity graph, incremental", "the same SQL, after each batch"
    )
    yield Mapped(
        "`c360.duckdb`", "one warehouse file, one transaction per run", "schemas of a warehouse"
    )
    yield Mapped(
        "`gold.serving_profile`, `gold.view_*`",
        "compact profiles for applications",
        "a key-value store by `customer_id`, swapped whole",
    )
    yield Mapped(
        "`gold.activation_*`",
        "who may be contacted, and why not",
        "reverse ETL that asks for the consent again before it sends",
    )
    yield Mapped(
        "`c360 check`", "gate with exit code, history of figures", "task that holds the release"
    )
    yield Mapped(
        "`ops.run`, `ops.step`", "log of runs and steps", "metrics and lineage events, with alerts"
    )
    yield Mapped(
        "Rollback", "the last published run stays; `c360 unmerge`", "the table version before"
    )


def _transport(source: Source) -> str:
    """Return how rows would come: changed ones by capture, new ones as events, all as extracts."""
    match source.update:
        case "upsert":
            return f"change data capture, keyed by `{source.key}`"
        case "append":
            return f"event topic, keyed by `{source.key}`"
        case "snapshot":
            return "scheduled extract, compared with the one before"


def _most(limit: float) -> int:
    return max(int(limit), 1)
