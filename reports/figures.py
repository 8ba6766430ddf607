"""The figures that the quality report shows, read from the warehouse."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from c360.config import DECISION
from c360.reports.graph import Graph, read_graph
from c360.reports.lateness import Lateness, read_lateness
from c360.reports.query import query
from c360.reports.relations import Relation, read_relations
from c360.reports.row_flags import RowFlag, read_row_flags
from c360.reports.stewardship import Stewardship, read_stewardship
from c360.rules import Band
from c360.step import Context

SHOWN = 12
"""Rows of a list in the report; more are told by their number."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """A metric of gold.kpi_summary. `unit` is count, usd, share (0 to 1) or points."""

    metric: str
    value: Decimal
    unit: str
    definition: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of the profiles. Scores are means, 0 to 100; `marketing_share` is in [0, 1]."""

    segment: str
    customers: int
    total_revenue_usd: Decimal
    net_revenue_usd: Decimal
    customer_value_score: Decimal
    churn_risk_score: Decimal
    urgent: int
    marketing_share: float


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """A source: what came of its rows, and how old the newest is (None: no row tells a time)."""

    source: str
    owner: str
    rows: int
    newest: datetime | None
    lag_hours: Decimal | None
    band: Band
    batches: int
    rows_read: int
    rows_landed: int
    rows_rejected: int

    @property
    def lag_pair(self) -> tuple[str, Decimal | None]:
        """The source and the age of its newest row."""
        return self.source, self.lag_hours


@dataclass(frozen=True, slots=True)
class ClusterSize:
    """How many customers have a number of records, in words."""

    records: str
    identified: int
    anonymous: int


@dataclass(frozen=True, slots=True)
class ResolvedBy:
    """How many records a namespace resolved."""

    namespace: str
    records: int


@dataclass(frozen=True, slots=True)
class IdentifierStatus:
    """How many values of a namespace have each status, and how many joins those joined made."""

    namespace: str
    identifiers: int
    joined: int
    joins: int
    alone: int
    shared: int
    refused: int
    generic: int
    junk: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """A value that joins nobody, and why; `digest` stands for it.

    A shared or refused one could not bring two customers together, of so many whose records carry
    it; a generic one has no customers.
    """

    namespace: str
    digest: str
    status: str
    records: int
    customer_l: str
    customer_r: str
    reason: str
    customers: int


@dataclass(frozen=True, slots=True)
class RejectReason:
    """How many rows of a source were rejected for a reason, and the first of them."""

    source: str
    reason: str
    rows: int
    first_row: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the report shows beside the checks.

    `disputed` counts all the values, shown or not, that could not bring two customers together.
    `stewardship` is None where no review queue has been made, `row_flags` where the build is of a
    version that flags no rows.
    """

    kpis: tuple[Kpi, ...]
    segments: tuple[Segment, ...]
    sources: tuple[SourceFigures, ...]
    cluster_sizes: tuple[ClusterSize, ...]
    resolved_by: tuple[ResolvedBy, ...]
    identifier_statuses: tuple[IdentifierStatus, ...]
    disputes: tuple[Dispute, ...]
    disputed: int
    graph: Graph
    stewardship: Stewardship | None
    reject_reasons: tuple[RejectReason, ...]
    lateness: tuple[Lateness, ...]
    relations: tuple[Relation, ...]
    row_flags: tuple[RowFlag, ...] | None

    def kpi(self, metric: str) -> Decimal:
        """Return the value of a metric; KeyError where kpi_summary lacks it."""
        return {kpi.metric: kpi.value for kpi in self.kpis}[metric]


def read_figures(context: Context) -> Figures:
    """Read the figures of the last build. The marts must keep their contract."""
    con = context.con
    namespaces = list(context.settings.identifiers)
    disputes = query(con, "dispute", shown=SHOWN)
    return Figures(
        kpis=tuple(
            Kpi(*row)
            for row in con.execute(
                "select metric, value, unit, definition from gold.kpi_summary order by metric"
            ).fetchall()
        ),
        segments=tuple(Segment(*row) for row in query(con, "segment")),
        sources=_sources(context),
        cluster_sizes=tuple(ClusterSize(*row[1:]) for row in query(con, "cluster_size")),
        resolved_by=tuple(
            ResolvedBy(*row)
            for row in query(con, "resolved_by", namespaces=[DECISION, *namespaces])
        ),
        identifier_statuses=tuple(
            IdentifierStatus(*row) for row in query(con, "identifier_status", namespaces=namespaces)
        ),
        disputes=tuple(Dispute(*row[:-1]) for row in disputes),
        disputed=disputes[0][-1] if disputes else 0,
        graph=read_graph(context),
        stewardship=read_stewardship(context),
        reject_reasons=tuple(
            RejectReason(*row) for row in query(con, "reject_reason", shown=SHOWN)
        ),
        lateness=read_lateness(context),
        relations=read_relations(context),
        row_flags=read_row_flags(context),
    )


def _sources(context: Context) -> tuple[SourceFigures, ...]:
    settings = context.settings
    names = list(settings.sources)
    loads = {row[0]: row[1:5] for row in query(context.con, "source_load", sources=names)}
    return tuple(
        SourceFigures(
            source,
            settings.sources[source].owner,
            rows,
            newest,
            lag,
            settings.checks.freshness_hours.get(source, settings.checks.default_freshness_hours),
            *loads[source],
        )
        for source, rows, newest, lag in query(
            context.con, "source_freshness", sources=names, as_of=context.as_of
        )
    )
