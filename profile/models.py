"""Every model of silver and gold that is a SELECT, in the order in which they are made."""

from c360.profile.model import customer_model, whole_model
from c360.step import Step

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
)
"""Who the customers are."""

CONSENT: tuple[Step, ...] = (
    customer_model(
        "silver.customer_consent",
        "silver.consents",
        "identity.member",
        "identity.carried",
        "identity.verdict",
        "identity.cluster",
    ),
)
"""What they agreed to."""

SALES: tuple[Step, ...] = (
    customer_model("silver.paid_order", "silver.orders", "silver.order_items", "silver.returns"),
    customer_model("silver.customer_order", "silver.paid_order"),
)
"""What they bought."""

BEHAVIOUR: tuple[Step, ...] = (
    customer_model("silver.customer_behaviour", "silver.web_events", "silver.sessions"),
)
"""What they looked at."""

CONTACT: tuple[Step, ...] = (
    customer_model("silver.customer_service", "silver.tickets"),
    customer_model("silver.customer_campaign", "silver.campaign_events"),
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
        "silver.customer_metric",
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

MARTS: tuple[Step, ...] = (whole_model("gold.segment_summary", "gold.customer_360"),)
"""What analysts ask for."""

ACTIVATION: tuple[Step, ...] = (
    customer_model("gold.activation_candidates", "gold.customer_360"),
    customer_model("gold.activation_excluded", "gold.customer_360", "silver.customer_consent"),
    customer_model("gold.serving_profile", "gold.customer_360"),
)
"""Who may be contacted, and what applications read."""

FIGURES: tuple[Step, ...] = (
    whole_model(
        "gold.kpi_summary",
        "silver.customers",
        "silver.loyalty_accounts",
        "silver.paid_order",
        "silver.returns",
        "gold.customer_360",
        "gold.activation_candidates",
        "gold.anonymous_visitor",
    ),
)
"""The figures of it all."""

MODELS: tuple[Step, ...] = (
    *CUSTOMER,
    *CONSENT,
    *SALES,
    *BEHAVIOUR,
    *CONTACT,
    *PROFILE,
    *MARTS,
    *ACTIVATION,
    *FIGURES,
)
"""All of them."""
