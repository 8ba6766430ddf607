"""From known customers to activated ones: who is left at each step, who is lost, what came back."""

from dataclasses import dataclass

from c360.config import Settings
from c360.reports.query import query
from c360.step import Context, read_sql
from c360.warehouse import build_table, has_table


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """How many known customers are left at a step, and how many were lost on the way to it.

    `unknown` are profiles of whom no mastering source knows.
    """

    label: str
    known: int
    unknown: int
    lost: int


@dataclass(frozen=True, slots=True)
class Dropout:
    """How many known customers are lost at a step for a reason; of which segments most of them."""

    stage: str
    reason: str
    customers: int
    segments: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of those who are activated now came so far."""

    label: str
    customers: int


@dataclass(frozen=True, slots=True)
class ConsentFunnel:
    """The funnel. `outcomes` is empty where nothing was fed back from any campaign."""

    stages: tuple[FunnelStage, ...]
    dropouts: tuple[Dropout, ...]
    outcomes: tuple[Outcome, ...]


def read_consent_funnel(context: Context) -> ConsentFunnel:
    """Read the funnel; people are reached by identifiers of strength contact, match keys aside."""
    build_table(
        context.con,
        "temp.reachable_customer",
        read_sql("reports", "ops.reachable_customer"),
        {"contact_tiers": contact_tiers(context.settings)},
    )
    rows = query(context.con, "consent_funnel")
    before = [rows[0][2], *(known for _, _, known, _ in rows)]
    stages = tuple(
        FunnelStage(label, known, unknown, lost=earlier - known)
        for (_, label, known, unknown), earlier in zip(rows, before, strict=False)
    )
    dropouts = query(context.con, "consent_dropout")
    return ConsentFunnel(
        stages=stages,
        dropouts=tuple(
            Dropout(stages[stage - 1].label, reason, customers, segments or "")
            for stage, reason, customers, segments in dropouts
        ),
        outcomes=_outcomes(context),
    )


def contact_tiers(settings: Settings) -> list[int]:
    """Return the tiers of the identifiers by which a person can be reached."""
    return [
        tier
        for tier, identifier in enumerate(settings.identifiers.values(), start=1)
        if identifier.strength == "contact" and not identifier.all_of
    ]


def _outcomes(context: Context) -> tuple[Outcome, ...]:
    if not has_table(context.con, "gold.engagement"):
        return ()
    rows = query(context.con, "activation_outcome")
    outcomes = tuple(Outcome(label, customers) for _, label, customers in rows)
    return outcomes if any(outcome.customers for outcome in outcomes[1:]) else ()
