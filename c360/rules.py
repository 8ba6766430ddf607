"""The thresholds of scores, segments and checks, with their defaults."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from c360.mart_rules import MartRules
from c360.rule_packs import (
    BasketRules,
    BehaviourRules,
    ChannelRules,
    ClvRules,
    TierRules,
    TransactionRules,
)
from c360.section import Section
from c360.visit_packs import (
    DeviceRules,
    EngagementRules,
    EventTypeRules,
    IntentRules,
    JourneyRules,
    ReferrerRules,
    SessionRules,
)

Score = Annotated[int, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
Days = Annotated[int, Field(ge=1)]


class Rules(Section):
    """Windows and cut-offs of the gold scores. A cut-off is inclusive unless it says otherwise."""

    behaviour_days: Days = Field(
        default=45, description="window of click_events_45d and sessions_45d"
    )
    service_days: Days = Field(default=120, description="window of support_tickets_120d")

    order_statuses: tuple[str, ...] = Field(
        default=("paid", "pending", "failed", "cancelled", "refunded"),
        description="known words for the state of an order; others are flagged, and no revenue",
    )

    value_recent_days: Days = Field(
        default=30, description="last order this young: full recency points"
    )
    value_fading_days: Days = Field(
        default=90, description="last order this young: some recency points"
    )
    value_frequent_orders: int = Field(
        default=5, ge=1, description="orders for full frequency points"
    )
    value_repeat_orders: int = Field(
        default=2, ge=1, description="orders for some frequency points"
    )
    value_high_usd: Decimal = Field(
        default=Decimal(400), description="net revenue for full money points"
    )
    value_medium_usd: Decimal = Field(
        default=Decimal(150), description="net revenue for some money points"
    )

    churn_late_days: Days = Field(
        default=60, description="more days than this without an order raise the risk"
    )
    churn_lapsed_days: Days = Field(
        default=120, description="more days than this without an order raise it most"
    )
    churn_few_clicks: int = Field(
        default=3, ge=0, description="at most this many clicks in the window: disengaged"
    )
    churn_many_tickets: int = Field(
        default=2, ge=1, description="tickets in the window that raise the risk"
    )
    churn_low_open_rate: Share = Field(
        default=0.2, description="open rate below which mail is ignored"
    )

    segment_champion_value: Score = Field(default=70, description="value score of a champion")
    segment_loyal_value: Score = Field(default=45, description="value score of a loyal customer")
    segment_at_risk_churn: Score = Field(
        default=60, description="churn risk from which value is at risk"
    )
    segment_new_days: Days = Field(default=45, description="first order this young: new")

    transaction: TransactionRules = TransactionRules()
    basket: BasketRules = BasketRules()
    channel: ChannelRules = ChannelRules()
    tier: TierRules = TierRules()
    clv: ClvRules = ClvRules()
    session: SessionRules = SessionRules()
    event_types: EventTypeRules = EventTypeRules()
    device: DeviceRules = DeviceRules()
    referrer: ReferrerRules = ReferrerRules()
    intent: IntentRules = IntentRules()
    engagement: EngagementRules = EngagementRules()
    journey: JourneyRules = JourneyRules()
    behaviour: BehaviourRules = BehaviourRules()
    mart: MartRules = MartRules()

    priority_urgent_value: Score = Field(default=60, description="value score of an urgent case")
    priority_urgent_churn: Score = Field(default=60, description="churn risk of an urgent case")
    priority_high_churn: Score = Field(
        default=60, description="churn risk of a high case, whatever the value"
    )
    priority_medium_churn: Score = Field(default=35, description="churn risk of a medium case")


class Band(Section):
    """From `warn` on the check warns, from `fail` on it fails."""

    warn: float = Field(description="from this value on the check warns")
    fail: float = Field(description="from this value on it fails; not below `warn`")

    @model_validator(mode="after")
    def _fail_is_not_before_warn(self) -> Self:
        if self.fail < self.warn:
            msg = f"fail ({self.fail:g}) must not be below warn ({self.warn:g})"
            raise ValueError(msg)
        return self
