import json
import re
from itertools import pairwise

import pytest

from c360.config import Settings
from c360.config_file import read_settings
from c360.entities import entities
from c360.errors import C360Error
from c360.profile.lineage import lineage_of
from c360.profile.lineage_gaps import (
    UNMAPPED,
    UNREAD,
    meaning_of,
    undocumented_columns,
    unused_columns,
)
from c360.profile.lineage_query import Column, add_table, inputs_of, no_tables
from c360.profile.lineage_text import find_column, tell_lineage, tell_undocumented, tell_unused
from c360.profile.lineage_tree import tree_of
from c360.profile.models import MODELS
from c360.rules import Rules
from c360.workspace import Workspace
from tests.profile_tables import settings_with
from tests.reports_warehouse import CONFIG


def told(sql, column="x"):
    """Return what a column's value is made of and, after a bar, what decides which rows count."""
    schema = no_tables()
    add_table(schema, "silver.a", ["k", "v", "w"])
    add_table(schema, "silver.b", ["k", "z"])
    found = inputs_of(sql, schema)[column]
    values, rows = (" ".join(sorted(map(str, kind))) for kind in (found.values, found.rows))
    return f"{values} | {rows}".replace("silver.", "").strip()


@pytest.mark.parametrize(
    ("sql", "inputs"),
    [
        ("select v as x from silver.a", "a.v |"),
        ("select v + w as x from silver.a", "a.v a.w |"),
        ("select v as x from silver.a where w = 1", "a.v | a.w"),
        ("select max(v) as x from silver.a group by k having min(w) > 1", "a.v | a.k a.w"),
        ("select max(v) filter (where w = 1) as x from silver.a", "a.v a.w |"),
        ("select v as x from silver.a qualify row_number() over (order by w) = 1", "a.v | a.w"),
        (
            "with c as (select v as y, w from silver.a) select y as x from c where w = 1",
            "a.v | a.w",
        ),
        ("select v as x from silver.a union all select z from silver.b", "a.v b.z |"),
        ("select z as x from silver.a join silver.b using (k)", "b.z | a.k b.k"),
        ("select z as x from silver.a left join silver.b using (k)", "b.z | a.k b.k"),
        ("select v as x from silver.a left join silver.b using (k)", "a.v |"),  # changes no v
        ("select v as x from silver.a join silver.b using (k)", "a.v | a.k b.k"),
        (
            "select (select max(z) from silver.b where b.k = a.k) as x from silver.a",
            "b.z | a.k b.k",
        ),
        ("select v as x from silver.a where k in (select k from silver.b)", "a.v | a.k b.k"),
        ("select list_transform([v], lambda each: each + 1) as x from silver.a", "a.v |"),
        ("select count(*) as x from silver.a where w = 1", "a.* | a.w"),
        ("select 1 as x from silver.a", "|"),
        ("select y.anything as x from silver.unknown as y", "unknown.anything |"),
        (
            "select u.x from silver.a unpivot (x for n in (v, w)) as u",
            "a.v a.w |",
        ),
    ],
)
def test_a_column_follows_from_what_its_value_is_made_of_and_what_decides_about_rows(sql, inputs):
    assert told(sql) == inputs


def test_of_a_long_table_only_the_attribute_that_is_asked_for_counts():
    sql = "select max(v.value) filter (where attribute = 'city') as x from silver.long as v"

    assert told(sql) == "long.value[city] |"


SHOP = {
    "till": {
        "entity": "orders",
        "identifiers": {"card": "card_no"},
        "select": {"status": "State", "amount_usd": "cast(total as decimal(18, 2)) / 100"},
    },
    "crm": {
        "entity": "customers",
        "identifiers": {"card": "card_no"},
        "attributes": {"first_name": "fn", "city": "town"},
        "select": {"status": "st"},
    },
    "sheet": {
        "entity": "returns",
        "key": "bon",
        "event_time": "day",
        "collapse": {"day": "max(day)", "amount": "sum(paid)"},
        "select": {"order_id": "bon", "amount_usd": "amount"},
    },
}


@pytest.fixture(scope="module")
def shop() -> Settings:
    return settings_with(SHOP)


@pytest.fixture(scope="module")
def lineage(shop):
    return lineage_of(shop)


def column(name: str) -> Column:
    table, _, rest = name.rpartition(".")
    return Column(table, rest)


def test_silver_follows_from_the_columns_that_the_configuration_names(lineage):
    assert column("bronze.till.total") in lineage.of(column("silver.orders.amount_usd")).values


def test_columns_of_feeds_are_spelled_as_there(lineage):
    assert column("bronze.till.State") in lineage.of(column("silver.orders.status")).values


def test_collapsed_rows_are_followed_to_the_rows_of_the_feed(lineage):
    upstream = lineage.upstream([column("silver.returns.amount_usd")])

    assert column("bronze.sheet.paid") in upstream


def test_each_attribute_of_a_person_is_followed_by_itself(lineage):
    upstream = lineage.upstream([column("gold.customer_360.first_name")])

    assert column("bronze.crm.fn") in upstream
    assert column("silver.customer_attribute.value[first_name]") in upstream
    assert column("silver.customer_attribute.value[city]") not in upstream


def test_forward_leads_from_a_feed_to_the_marts(lineage):
    lines = tree_of(lineage, column("bronze.till.total"), forward=True)

    assert column("gold.customer_360.total_revenue_usd") in {line.column for line in lines}


def test_a_tree_shows_what_hangs_on_a_column_once(lineage):
    lines = tree_of(lineage, column("gold.customer_360.segment"))

    followed = [line.column for line, below in pairwise(lines) if below.depth > line.depth]
    assert len(followed) == len(set(followed))


def test_a_tree_leaves_out_what_no_source_fills(lineage):
    lines = tree_of(lineage, column("gold.customer_360.churn_risk_score"))

    assert not [line for line in lines if lineage.is_unfed(line.column)]


def test_windows_of_the_configuration_are_in_the_names_of_columns():
    lineage = lineage_of(settings_with(SHOP, behaviour_days=10))

    assert "sessions_10d" in lineage.columns["gold.customer_360"]


def test_every_column_of_every_model_follows_from_columns_that_are_there(lineage):
    made = {*lineage.inputs}
    lost = {
        str(each)
        for columns in lineage.inputs.values()
        for inputs in columns.values()
        for each in inputs.all
        if each.table in made
        and each.name not in lineage.inputs[each.table]
        and "[" not in each.name  # an attribute that no source has
    }

    assert lost == set()


def test_every_table_that_a_model_reads_is_known(lineage):
    known = {*lineage.inputs, *(table for step in MODELS for table in (step.table, *step.also))}
    read = {
        table for step in MODELS for table in step.reads if table.startswith(("silver", "gold"))
    }

    assert {f"silver.{name}" for name in entities()} <= known
    assert read - known <= {"silver.held_row", "silver.unzoned_row"}  # written beside the entities


def unused(settings, landed=None):
    """Return the unused columns of each table by the reason."""
    found = unused_columns(lineage_of(settings), settings, landed or {})
    return {(each.table, each.why): each.columns for each in found}


def test_a_landed_column_that_the_configuration_does_not_name_is_unused(shop):
    found = unused(shop, {"till": ("id", "at", "card_no", "STATE", "total", "printer")})

    assert found["bronze.till", UNMAPPED] == ("printer",)


def test_a_column_that_no_mart_is_made_of_is_unused_in_bronze_and_silver():
    till = SHOP["till"] | {"select": SHOP["till"]["select"] | {"terminal_id": "terminal"}}
    found = unused(settings_with(SHOP | {"till": till}))

    assert "terminal" in found["bronze.till", UNREAD]
    assert "terminal_id" in found["silver.orders", UNREAD]


def test_identifiers_keys_and_times_are_used(shop):
    found = unused(shop)

    assert not {"id", "at", "card_no"} & {*found.get(("bronze.till", UNREAD), ())}


def test_what_a_canonical_entity_has_and_nobody_fills_is_not_called_unused(shop):
    found = unused(shop)

    assert "cashier_id" not in found.get(("silver.orders", UNREAD), ())


def test_a_canonical_column_means_what_the_entities_say(lineage):
    assert (
        meaning_of(column("silver.orders.type"), Rules())
        == "purchase, exchange, return, refund; null: purchase"
    )


def test_what_has_a_meaning_is_documented(lineage, shop):
    silent = undocumented_columns(lineage, shop.rules)

    assert all(each.table.startswith("gold.") for each in silent)
    assert not [each for each in silent if meaning_of(each, shop.rules)]


@pytest.fixture
def place(tmp_path):
    (tmp_path / "c360.yaml").write_text(CONFIG.read_text(encoding="utf-8"), encoding="utf-8")
    return Workspace(tmp_path)


def test_the_command_needs_nothing_but_the_configuration(place):
    outcome = tell_lineage(place, "gold.customer_360.churn_risk_score", forward=False)

    assert outcome.text.startswith("gold.customer_360.churn_risk_score")
    assert re.search(r"^ +bronze\.orders\.ordered_at", outcome.text, re.MULTILINE)
    assert not [*place.root.glob("*.duckdb")]


def test_json_has_every_edge_of_the_tree(place):
    figures = tell_lineage(place, "gold.customer_360.net_revenue_usd", forward=False).figures

    edges = json.loads(json.dumps(figures["edges"]))
    assert edges[0] == {
        "of": "gold.customer_360.net_revenue_usd",
        "column": "silver.customer_metric.net_revenue_usd",
        "kind": "value",
    }
    assert any(each["column"] == "bronze.orders.amount_usd" for each in edges)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gold.customer_360.segmnt", "gold.customer_360 has customer_id, "),
        ("gold.customer_36.segment", "did you mean gold.customer_360.segment"),
        ("?", "there are "),
    ],
)
def test_a_column_that_is_not_there_names_what_may_be_meant(lineage, name, message):
    with pytest.raises(C360Error, match=re.escape(message)):
        find_column(lineage, name)


def test_before_anything_has_landed_the_columns_of_feeds_are_not_known(place):
    assert "Nothing has landed" in tell_unused(place).text


def test_undocumented_columns_are_listed_with_their_tables(place):
    found = tell_undocumented(place).figures["undocumented"]

    assert found == [
        str(c) for c in undocumented_columns(lineage_of(read_settings(CONFIG)), Rules())
    ]
