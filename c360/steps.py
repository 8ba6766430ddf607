"""The steps of the flow, listed once: each table, what it reads, and what builds it."""

from typing import get_args

from c360.entities import EntityName, entities
from c360.identity.history import build_changes, build_customers, build_members
from c360.identity.probabilistic.proposals import build_proposals
from c360.identity.records import build_records
from c360.identity.resolution import build_clusters
from c360.profile.entity import build_customer_attribute, build_entity
from c360.profile.model import Model
from c360.profile.models import MODELS, MONEY
from c360.profile.publication import publish_contracts
from c360.profile.scope import build_scope
from c360.profile.zones import build_unzoned_rows
from c360.reports.checks import build_quality_check
from c360.sources.landing import land
from c360.step import Context, Step
from c360.stewardship.queue import build_review_items, price_items

BRONZE = "bronze.*"
"""Every `bronze.<source>` and `bronze.<source>__current` of the configuration."""

CHECKED = (
    BRONZE,
    "bronze.superseded_row",
    "ops.load",
    "ops.reject",
    "ops.read_batch",
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
    "silver.held_row",
    "silver.paid_order",
    "silver.relation_orphan",
    "gold.customer_360",
    "gold.segment_summary",
    "gold.activation_candidates",
    "gold.activation_excluded",
    "gold.kpi_summary",
)
"""What the quality checks look at."""


def scope_build(context: Context) -> None:
    """Find out what a build has to make anew."""
    texts = {step.table: step.build.sql for step in MODELS if isinstance(step.build, Model)}
    build_scope(context, texts)


def _entity(name: EntityName, *, also: tuple[str, ...] = ()) -> Step:
    entity = entities()[name]
    reads = [BRONZE, "identity.member", "ops.read_batch"]
    if entity.parent is not None:
        reads.append(f"silver.{entity.parent.entity}")
    if "usd_rate" in {column.name for column in entity.columns}:
        reads.append("silver.rate_day")
    return Step(f"silver.{name}", tuple(reads), build_entity(name), also)


STEPS: tuple[Step, ...] = (
    Step(
        BRONZE,
        reads=(),
        build=land,
        also=(
            "bronze.superseded_row",
            "bronze.conflicting_key",
            "ops.load",
            "ops.incremental_load",
            "ops.reject",
            "ops.schema_change",
        ),
    ),
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
        also=("identity.retold_customer",),
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
    Step(
        "ops.build_scope",
        reads=(BRONZE, "ops.load", "identity.customer", "identity.retold_customer"),
        build=scope_build,
        also=("ops.read_batch",),
    ),
    _entity("exchange_rates", also=("silver.held_row",)),
    *MONEY,
    *(_entity(name) for name in get_args(EntityName) if name != "exchange_rates"),
    Step(
        "silver.customer_attribute",
        reads=(BRONZE, "identity.member"),
        build=build_customer_attribute,
    ),
    Step("silver.unzoned_row", reads=(BRONZE,), build=build_unzoned_rows),
    *(step for step in MODELS if step not in MONEY),
    Step(
        "stewardship.review_impact",
        reads=("stewardship.review_item", "gold.customer_360"),
        build=price_items,
    ),
    Step(
        "ops.published_contract",
        reads=tuple(step.table for step in MODELS if step.table.startswith("gold.")),
        build=publish_contracts,
    ),
    Step(
        "ops.quality_check",
        reads=CHECKED,
        build=build_quality_check,
        also=("ops.check_history", "ops.failing_row", "ops.data_quality_metric"),
    ),
)
