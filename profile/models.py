"""Every model of silver and gold that is a SELECT, in the order in which they are made."""

from c360.profile.configured import configured_model, with_consent_rules
from c360.profile.marts import ACTIVATION, FIGURES, MARTS, STAR
from c360.profile.model import customer_model, view_model, whole_model
from c360.step import Step

MONEY: tuple[Step, ...] = (whole_model("silver.rate_day", "silver.exchange_rates"),)
"""What currencies are worth; it is made before the entities that have amounts."""

CUSTOMER: tuple[Step, ...] = (
    customer_model("silver.golden_attribute", "silver.customer_attribute"),
    customer_model(
        "silver.customer_profile_base",
        "identity.customer",
        "identity.cluster",
        "identity.keyring",
        "identity.link",
        "silver.customers",
        "silver.loyalty_accounts",
        "silver.golden_attribute",
    ),
    customer_model(
        "silver.identity_quality",
        "identity.link",
        "identity.cluster",
        "silver.customer_attribute",
        "silver.customer_profile_base",
    ),
)
"""Who the customers are."""

CONSENT: tuple[Step, ...] = (
    configured_model(
        "silver.consent_event",
        "silver.consents",
        "silver.campaign_events",
        "identity.member",
        configure=with_consent_rules,
    ),
    whole_model(
        "silver.shared_withdrawal",
        "silver.consent_event",
        "identity.carried",
        "identity.verdict",
        "identity.cluster",
        spreads=True,
    ),
    customer_model(
        "silver.consent_subject",
        "silver.consent_event",
        "silver.shared_withdrawal",
        "identity.link",
    ),
    customer_model(
        "silver.consent_answer",
        "silver.consent_event",
        "silver.shared_withdrawal",
        "silver.consent_subject",
    ),
    customer_model("silver.customer_consent", "silver.consent_answer"),
    customer_model("silver.customer_channel_consent", "silver.consent_answer"),
)
"""What they agreed to."""

SALES: tuple[Step, ...] = (
    customer_model("silver.paid_order", "silver.orders", "silver.order_items", "silver.returns"),
    customer_model("silver.refund", "silver.orders", "silver.order_items"),
    customer_model(
        "silver.order_line",
        "silver.orders",
        "silver.order_items",
        "silver.paid_order",
        "silver.products",
    ),
    customer_model(
        "silver.customer_transaction",
        "silver.orders",
        "silver.paid_order",
        "silver.order_line",
    ),
    customer_model(
        "silver.customer_order",
        "silver.customer_transaction",
        "silver.order_line",
        "silver.refund",
    ),
)
"""What they bought."""

BEHAVIOUR: tuple[Step, ...] = (
    customer_model("silver.web_visit", "silver.web_events"),
    customer_model("silver.bot_session", "silver.web_visit"),
    customer_model("silver.customer_session", "silver.web_visit", "silver.sessions"),
    customer_model("silver.customer_behaviour", "silver.customer_session", "silver.web_events"),
)
"""What they looked at."""

CONTACT: tuple[Step, ...] = (
    customer_model("silver.customer_service", "silver.tickets", "silver.ticket_interactions"),
    view_model("silver.message", "silver.campaign_events"),
    customer_model("silver.customer_campaign", "silver.message"),
    customer_model("silver.attributed_order", "silver.paid_order", "silver.message"),
)
"""What they asked, and what they were sent."""

PROFILE: tuple[Step, ...] = (
    customer_model(
        "silver.customer_metric",
        "silver.customer_profile_base",
        "silver.customer_order",
        "silver.customer_behaviour",
        "silver.customer_campaign",
        "silver.customer_service",
    ),
    customer_model("gold.score_reason", "silver.customer_metric"),
    customer_model(
        "gold.customer_360",
        "silver.customer_profile_base",
        "silver.identity_quality",
        "silver.customer_metric",
        "silver.customer_order",
        "silver.customer_behaviour",
        "silver.customer_service",
        "silver.customer_consent",
        "gold.score_reason",
    ),
    customer_model(
        "gold.anonymous_visitor",
        "identity.customer",
        "silver.customer_behaviour",
        "silver.customer_order",
    ),
)
"""One row per customer."""

MODELS: tuple[Step, ...] = (
    *MONEY,
    *CUSTOMER,
    *CONSENT,
    *SALES,
    *BEHAVIOUR,
    *CONTACT,
    *PROFILE,
    *MARTS,
    *STAR,
    *ACTIVATION,
    *FIGURES,
)
"""All of them."""
