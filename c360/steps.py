"""The steps of the flow, listed once: each table, what it reads, and what builds it."""

from typing import get_args

from c360.entities import EntityName
from c360.identity.history import build_changes, build_customers, build_members
from c360.identity.probabilistic.proposals import build_proposals
from c360.identity.records import build_records
from c360.identity.resolution import build_clusters
from c360.profile.conform import build_customer_attribute, build_entity
from c360.profile.models import MODELS
from c360.reports.checks import build_quality_check
from c360.sources.landing import land
from c360.step import Step
from c360.stewardship.queue import build_review_items, price_items

BRONZE = "bronze.*"
"""Every `bronze.<source>` and `bronze.<source>__current` of the configuration."""

CHECKED = (
    "ops.load",
    "identity.record",
    "identity.keyring_attribute",
    "identity.identifier",
    "identity.link",
    "identity.overridden_guard",
    "identity.member",
    "identity.customer",
    "identity.change",
    "stewardship.decision",
    "stewardship.decision_in_force",
    "stewardship.review_item",
    "stewardship.review_impact",
    *(f"silver.{name}" for name in get_args(EntityName)),
    "silver.paid_order",
    "gold.customer_360",
    "gold.segment_summary",
    "gold.activation_candidates",
)
"""What the quality checks look at."""


STEPS: tuple[Step, ...] = (
    Step(BRONZE, reads=(), build=land, also=("bronze.superseded_row", "ops.load", "ops.reject")),
    Step(
        "identity.record",
        reads=(BRONZE, "ops.load"),
        build=build_records,
        also=(
            "identity.sighting",
            "identity.keyring",
            "identity.keyring_attribute",
            "identity.carried",
            "identity.value",
            "identity.observation",
            "identity.rule_set",
            "identity.read_batch",
            "identity.read_decision",
            "identity.disowned",
            "stewardship.suppressed_value",
            "stewardship.decision",
            "stewardship.decision_in_force",
        ),
    ),
    Step(
        "identity.cluster",
        reads=(
            "identity.record",
            "identity.sighting",
            "identity.keyring",
            "identity.keyring_attribute",
            "identity.carried",
            "identity.value",
            "identity.disowned",
            "stewardship.suppressed_value",
            "stewardship.decision_in_force",
        ),
        build=build_clusters,
        also=(
            "identity.contested_keyring",
            "identity.verdict",
            "identity.overridden_guard",
            "identity.identifier",
            "identity.link",
        ),
    ),
    Step("identity.member", reads=("identity.record", "identity.cluster"), build=build_members),
    Step(
        "identity.customer",
        reads=(
            "identity.record",
            "identity.sighting",
            "identity.verdict",
            "identity.cluster",
            "identity.member",
        ),
        build=build_customers,
    ),
    Step(
        "identity.change",
        reads=(
            "identity.member",
            "identity.customer",
            "identity.carried",
            "identity.value",
            "identity.verdict",
            "identity.disowned",
        ),
        build=build_changes,
    ),
    Step(
        "identity.proposal",
        reads=(
            BRONZE,
            "identity.record",
            "identity.carried",
            "identity.value",
            "identity.verdict",
            "identity.member",
        ),
        build=build_proposals,
        also=(
            "identity.proposal_weight",
            "identity.compared_value",
            "identity.compared_customer",
            "identity.block",
            "identity.blocking_rule",
            "identity.large_block",
            "identity.model_level",
        ),
    ),
    Step(
        "stewardship.review_item",
        reads=(
            BRONZE,
            "identity.record",
            "identity.keyring",
            "identity.keyring_attribute",
            "identity.carried",
            "identity.value",
            "identity.verdict",
            "identity.disowned",
            "identity.cluster",
            "identity.member",
            "identity.customer",
            "identity.proposal",
            "identity.proposal_weight",
            "stewardship.decision",
            "stewardship.decision_in_force",
        ),
        build=build_review_items,
        also=(
            "stewardship.review_field",
            "stewardship.review_value",
            "stewardship.review_part",
            "stewardship.review_score",
        ),
    ),
    *(
        Step(f"silver.{name}", reads=(BRONZE, "identity.member"), build=build_entity(name))
        for name in get_args(EntityName)
    ),
    Step(
        "silver.customer_attribute",
        reads=(BRONZE, "identity.member"),
        build=build_customer_attribute,
    ),
    *MODELS,
    Step(
        "stewardship.review_impact",
        reads=("stewardship.review_item", "gold.customer_360"),
        build=price_items,
    ),
    Step("ops.quality_check", reads=CHECKED, build=build_quality_check),
)
