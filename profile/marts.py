"""The models of the marts: what analysts, channels and applications read."""

from c360.profile.activation import audience_check, audience_views
from c360.profile.model import customer_model, view_model, whole_model
from c360.profile.segment_changes import build_segment_changes
from c360.profile.serving_view import serving_view
from c360.step import Step

MARTS: tuple[Step, ...] = (
    customer_model(
        "gold.customer_behaviour", "silver.customer_metric", "silver.customer_behaviour"
    ),
    view_model("gold.session", "silver.customer_session"),
    view_model("gold.engagement", "silver.customer_profile_base", "silver.customer_campaign"),
    customer_model("gold.service", "silver.customer_profile_base", "silver.customer_service"),
    customer_model(
        "gold.loyalty",
        "silver.customer_profile_base",
        "silver.customers",
        "silver.loyalty_accounts",
        "silver.customer_order",
    ),
    customer_model("gold.preferences", "silver.customer_profile_base", "silver.preferences"),
    customer_model(
        "gold.payment_mix", "silver.customer_profile_base", "silver.customer_transaction"
    ),
    whole_model(
        "gold.household",
        "silver.customer_profile_base",
        "silver.golden_attribute",
        "identity.verdict",
        "identity.value",
        "identity.carried",
        "identity.disowned",
        "identity.cluster",
    ),
    view_model(
        "gold.journey_touchpoint",
        "silver.customer_session",
        "silver.customer_transaction",
        "silver.returns",
        "silver.refund",
        "silver.message",
        "silver.tickets",
        "silver.ticket_interactions",
        "silver.consents",
        "silver.external_sentiment",
    ),
    view_model(
        "gold.customer_timeline",
        "silver.customer_profile_base",
        "gold.journey_touchpoint",
        "identity.change",
        "ops.run",
    ),
    Step("gold.segment_change", ("gold.customer_360",), build_segment_changes),
    whole_model("gold.segment_membership", "gold.segment_change", "gold.customer_360"),
    whole_model("gold.segment_summary", "gold.customer_360"),
    whole_model("gold.rfm", "gold.customer_360"),
    whole_model("gold.cohort_retention", "silver.customer_profile_base", "silver.paid_order"),
    whole_model(
        "gold.campaign_performance",
        "silver.campaigns",
        "silver.message",
        "silver.customer_session",
        "silver.attributed_order",
    ),
)
"""What analysts ask for."""

STAR: tuple[Step, ...] = (
    view_model("gold.dim_customer", "identity.customer", "gold.customer_360"),
    whole_model("gold.dim_product", "silver.products", "silver.order_items"),
    whole_model("gold.dim_store", "silver.stores", "silver.customer_transaction"),
    view_model("gold.dim_campaign", "gold.campaign_performance"),
    whole_model(
        "gold.dim_date",
        "silver.customer_transaction",
        "silver.customer_session",
        "silver.message",
        "silver.tickets",
    ),
    view_model("gold.fact_transaction", "silver.customer_transaction"),
    view_model("gold.fact_order_line", "silver.order_line"),
    view_model(
        "gold.fact_interaction", "silver.customer_session", "silver.message", "silver.tickets"
    ),
)
"""The same as a star, for tools that want facts and dimensions."""

ACTIVATION: tuple[Step, ...] = (
    customer_model("silver.customer_product", "silver.order_line"),
    customer_model("silver.customer_latest", "silver.paid_order", "silver.customer_product"),
    customer_model(
        "silver.customer_contact_pressure",
        "silver.customer_profile_base",
        "silver.campaign_events",
        "silver.customer_product",
    ),
    audience_check("gold.customer_360", "silver.customer_contact_pressure"),
    customer_model(
        "silver.audience_ruling",
        "silver.audience_check",
        "silver.customer_consent",
        "silver.customer_channel_consent",
        "gold.customer_360",
    ),
    audience_views("silver.audience_ruling", "gold.customer_360"),
    view_model("gold.activation_excluded", "silver.audience_ruling", "gold.customer_360"),
    view_model("gold.serving_profile", "gold.customer_360"),
    view_model("silver.customer_refused_channel", "silver.customer_channel_consent"),
    serving_view(
        "gold.view_personalization",
        "gold.customer_360",
        "silver.customer_behaviour",
        "silver.customer_latest",
    ),
    serving_view(
        "gold.view_support",
        "gold.customer_360",
        "silver.customer_latest",
        "silver.customer_refused_channel",
    ),
    serving_view("gold.view_retention", "gold.customer_360", "silver.customer_refused_channel"),
    serving_view(
        "gold.view_marketing",
        "gold.customer_360",
        "silver.customer_latest",
        "silver.customer_refused_channel",
    ),
)
"""Who may be contacted, and what applications read."""

FIGURES: tuple[Step, ...] = (
    whole_model(
        "silver.row_flag",
        "silver.held_row",
        "silver.unzoned_row",
        "bronze.conflicting_key",
        "silver.orders",
        "silver.order_items",
    ),
    whole_model(
        "gold.kpi_summary",
        "silver.customers",
        "silver.loyalty_accounts",
        "silver.paid_order",
        "silver.refund",
        "silver.returns",
        "silver.customer_session",
        "silver.row_flag",
        "gold.customer_360",
        "gold.activation_candidates",
        "gold.anonymous_visitor",
    ),
    whole_model(
        "silver.relation_orphan",
        "identity.customer",
        "silver.orders",
        "silver.order_items",
        "silver.returns",
        "silver.web_events",
        "silver.sessions",
        "silver.tickets",
        "silver.ticket_interactions",
        "silver.campaign_events",
        "silver.campaigns",
        "silver.preferences",
        "silver.external_profiles",
        "silver.external_sentiment",
    ),
)
"""The figures of it all."""
