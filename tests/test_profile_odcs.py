import json
from importlib.resources import files
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator
from open_data_contract_standard.model import OpenDataContractStandard
from profile_tables import settings_with
from shop_workspace import SHOP

from c360.config import Settings
from c360.profile.contracts import contracts, promised
from c360.profile.odcs import logical_type, mart_document
from c360.profile.odcs_source import source_document

SCHEMA = (files("open_data_contract_standard") / "schema.json").read_text(encoding="utf-8")
STANDARD = Draft201909Validator(json.loads(SCHEMA))
CRM = SHOP["sources"]["crm"] | {
    "privacy": {"email": "pii", "born": "pii"},
    "columns": {
        "email": {"required": True, "format": "email", "max_length": 20},
        "card": {"matches": "K[0-9]+"},
        "contact_id": {"values": ["C1", "C2"]},
        "born": {"between": [1900, 2020]},
    },
    "version": 3,
}
SOURCES = {
    "crm": CRM,
    "orders": SHOP["sources"]["orders"] | {"key": "order_id || '-' || card"},
    "stock": SHOP["sources"]["visits"] | {"event_time": None, "path": "in/stock.parquet"},
}


def settings():
    return Settings.model_validate(SHOP | {"sources": SOURCES})


def problems(document):
    """Return what the standard's JSON schema says against a document as it is written."""
    read = yaml.safe_load(yaml.safe_dump(document))
    OpenDataContractStandard.model_validate(read)
    return [error.message for error in STANDARD.iter_errors(read)]


def schema_of(document: Any) -> Any:
    (schema,) = document["schema"]
    return schema


def properties(document):
    schema = schema_of(document)
    return {each["name"]: each for each in schema["properties"]}


def sla_of(document: Any) -> Any:
    return document["slaProperties"]


def custom(document):
    return {each["property"]: each["value"] for each in document["customProperties"]}


@pytest.mark.parametrize("mart", contracts())
def test_the_contract_of_a_mart_keeps_the_standard(mart):
    document = mart_document(settings(), contracts()[mart], is_view=mart.startswith("view_"))

    assert problems(document) == []


@pytest.mark.parametrize("name", SOURCES)
def test_the_contract_of_a_source_keeps_the_standard(name):
    landed = {"email": "VARCHAR", "amounts": "DECIMAL(9,2)[]", "more": "STRUCT(a INTEGER)"}

    assert problems(source_document(settings(), name, {})) == []
    assert problems(source_document(settings(), name, landed)) == []


def test_what_is_not_the_standard_would_be_told():
    document = mart_document(settings(), contracts()["rfm"], is_view=False)

    assert problems(document | {"kind": "Poem"})


def test_a_mart_tells_owner_grain_key_types_and_age():
    document = mart_document(settings(), contracts()["view_support"], is_view=True)

    assert document["team"] == {"name": "service-team"}
    assert document["version"] == "1.0.0"
    assert document["slaProperties"] == [
        {
            "property": "freshness",
            "value": 0.5,
            "unit": "h",
            "element": "view_support.as_of",
            "driver": "operational",
        }
    ]
    schema = schema_of(document)
    assert (schema["physicalName"], schema["physicalType"]) == ("gold.view_support", "view")
    assert schema["dataGranularityDescription"] == "one row per identified customer"
    assert schema["quality"][0]["arguments"] == {"properties": ["customer_id"]}
    found = properties(document)
    assert found["customer_id"]["primaryKeyPosition"] == 1
    assert found["customer_id"]["unique"]
    assert found["first_name"]["classification"] == "pii"
    assert found["net_revenue_usd"]["logicalType"] == "number"
    assert found["net_revenue_usd"]["physicalType"] == "DECIMAL(18,2)"


def test_a_mart_tells_its_values_its_ranges_and_what_is_never_null():
    found = properties(mart_document(settings(), contracts()["customer_360"], is_view=False))

    rules = {rule["metric"]: rule for rule in found["segment"]["quality"]}
    assert rules["invalidValues"]["arguments"]["validValues"][0] == "champion"
    assert rules["nullValues"]["mustBe"] == 0
    assert found["churn_risk_score"]["logicalTypeOptions"] == {"minimum": 0, "maximum": 100}
    assert found["marketing_consent"]["required"]


def test_windows_have_the_names_of_the_workspace():
    contract = promised(settings_with(behaviour_days=30))["customer_360"]

    assert "sessions_30d" in properties(mart_document(settings(), contract, is_view=False))


def test_a_source_tells_its_whole_contract():
    document = source_document(settings(), "crm", {})

    assert document["team"] == {"name": "a team"}
    assert document["version"] == "3.0.0"
    assert custom(document) == {
        "entity": "customers",
        "key": "contact_id",
        "eventTime": "updated_at",
        "updatePattern": "upsert",
        "replayStrategy": "full",
        "onDrift": "evolve",
    }
    latency, freshness = sla_of(document)
    assert (latency["property"], latency["value"], latency["unit"]) == ("latency", 168.0, "h")
    assert freshness["element"] == "crm.updated_at"
    found = properties(document)
    assert found["email"]["classification"] == "pii"
    assert found["contact_id"]["primaryKey"]
    assert [rule["metric"] for rule in found["email"]["quality"]] == [
        "nullValues",
        "invalidValues",
        "invalidValues",
    ]
    assert found["contact_id"]["quality"][1]["arguments"] == {"validValues": ["C1", "C2"]}
    assert "not between 1900.0 and 2020.0" in found["born"]["quality"][0]["query"]


def test_a_source_that_has_landed_tells_the_columns_and_types_that_came():
    landed = {"contact_id": "BIGINT", "unmapped": "DATE"}

    found = properties(source_document(settings(), "crm", landed))

    assert {name: each["logicalType"] for name, each in found.items()} == {
        "contact_id": "integer",
        "unmapped": "date",
    }


def test_rows_that_may_be_replaced_are_not_said_to_be_unique():
    assert "quality" not in schema_of(source_document(settings(), "crm", {}))
    (rule,) = schema_of(source_document(settings(), "stock", {}))["quality"]
    assert rule["arguments"] == {"properties": ["visit_id"]}


@pytest.mark.parametrize(
    ("type_", "logical"),
    [
        ("VARCHAR", "string"),
        ("UBIGINT", "integer"),
        ("DECIMAL(38,9)", "number"),
        ("TIMESTAMP WITH TIME ZONE", "timestamp"),
        ("TIME", "time"),
        ("STRUCT(a INTEGER)[]", "array"),
        ("MAP(VARCHAR, INTEGER)", "object"),
        ("ENUM('a', 'b')", "string"),
        ("NUMBER(9)", None),
    ],
)
def test_every_type_has_a_word_of_the_standard(type_, logical):
    assert logical_type(type_) == logical
