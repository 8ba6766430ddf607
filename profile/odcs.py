"""Contracts in the Open Data Contract Standard: of each mart, as plain values to write as YAML.

https://bitol-io.github.io/open-data-contract-standard. Version 3.1 is written, which tools know; no
part of a document needs a later one.
"""

import re
from collections.abc import Mapping, Sequence

from c360.config import Settings
from c360.profile.contracts import Contract, PromisedColumn

API_VERSION = "v3.1.0"

Tree = dict[str, object]

_LOGICAL = {
    "string": r"VARCHAR|UUID|ENUM\(.*\)|INTERVAL|BLOB|BIT",
    "boolean": r"BOOLEAN",
    "integer": r"U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)",
    "number": r"DECIMAL\(\d+, ?\d+\)|FLOAT|DOUBLE",
    "date": r"DATE",
    "time": r"TIME( WITH TIME ZONE)?",
    "timestamp": r"TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?",
    "array": r".*\[\d*\]",
    "object": r"JSON|STRUCT\(.*\)|MAP\(.*\)|UNION\(.*\)",
}


def logical_type(type_: str) -> str | None:
    """Return the standard's name for a DuckDB type; None: there is none.

    >>> logical_type("DECIMAL(18,2)"), logical_type("VARCHAR[]"), logical_type("MONEY")
    ('number', 'array', None)
    """
    found = (name for name, types in _LOGICAL.items() if re.fullmatch(types, type_))
    # Arrays first: STRUCT(…)[] is one.
    return "array" if type_.endswith("]") else next(found, None)


def mart_document(settings: Settings, contract: Contract, *, is_view: bool) -> Tree:
    """Return the contract of a mart."""
    table = f"gold.{contract.mart}"
    return without_nothing(
        head(settings, contract.mart, version=contract.version, owner=contract.owner)
        | {
            "description": {"purpose": contract.grain},
            "servers": [
                {
                    "server": "warehouse",
                    "type": "duckdb",
                    "database": "c360.duckdb",
                    "schema": "gold",
                }
            ],
            "schema": [
                {
                    "name": contract.mart,
                    "physicalName": table,
                    "physicalType": "view" if is_view else "table",
                    "logicalType": "object",
                    "description": contract.grain,
                    "dataGranularityDescription": contract.grain,
                    "properties": [_property(contract, column) for column in contract.columns],
                    "quality": [unique_rows(contract.key)],
                }
            ],
            "slaProperties": [_freshness(contract)],
            "customProperties": custom({"isServedToApplications": contract.is_served}),
        }
    )


def head(settings: Settings, name: str, *, version: int, owner: str) -> Tree:
    """Return what every document begins with."""
    return {
        "apiVersion": API_VERSION,
        "kind": "DataContract",
        "id": f"{settings.name}.{name}",
        "name": name,
        "version": f"{version}.0.0",
        "status": "active",
        "domain": "customer",
        "dataProduct": settings.name,
        "team": {"name": owner},
    }


def custom(values: Mapping[str, object]) -> list[Tree]:
    """Return what the standard has no word for."""
    return [
        {"property": name, "value": value} for name, value in values.items() if value is not None
    ]


def unique_rows(key: Sequence[str]) -> Tree:
    """Return the rule that no two rows have the same key."""
    return {
        "name": "unique_key",
        "description": f"no two rows have the same {', '.join(key)}",
        "dimension": "uniqueness",
        "type": "library",
        "metric": "duplicateValues",
        "arguments": {"properties": list(key)},
        "mustBe": 0,
        "severity": "error",
    }


def never_null(column: str) -> Tree:
    """Return the rule that a column is never null."""
    return {
        "name": f"{column}_is_there",
        "dimension": "completeness",
        "type": "library",
        "metric": "nullValues",
        "mustBe": 0,
        "severity": "error",
    }


def only_values(column: str, arguments: Mapping[str, object]) -> Tree:
    """Return the rule that a column has no other values, such as `{"validValues": [...]}`."""
    return {
        "name": f"{column}_is_valid",
        "dimension": "conformity",
        "type": "library",
        "metric": "invalidValues",
        "arguments": dict(arguments),
        "mustBe": 0,
        "severity": "error",
    }


def typed(type_: str) -> Tree:
    """Return the type of a column, and of what an array holds."""
    logical = logical_type(type_)
    told: Tree = {"logicalType": logical or "string", "physicalType": type_}
    if logical == "array":
        told["items"] = typed(type_[: type_.rindex("[")])
    return told


def _property(contract: Contract, column: PromisedColumn) -> Tree:
    is_key = column.name in contract.key
    quality = [never_null(column.name)] if column.required else []
    if column.values:
        quality.append(only_values(column.name, {"validValues": list(column.values)}))
    return {
        "name": column.name,
        **typed(column.type),
        "logicalTypeOptions": None
        if column.between is None
        else dict(zip(("minimum", "maximum"), column.between, strict=True)),
        "description": column.meaning,
        "required": column.required,
        "unique": contract.key == (column.name,),
        "primaryKey": is_key,
        "primaryKeyPosition": contract.key.index(column.name) + 1 if is_key else None,
        "classification": column.classification,
        "quality": quality,
    }


def _freshness(contract: Contract) -> Tree:
    dated = next((c.name for c in contract.columns if c.name == "as_of"), None)
    return {
        "property": "freshness",
        "value": contract.freshness_hours,
        "unit": "h",
        "element": f"{contract.mart}.{dated}" if dated else contract.mart,
        "driver": "operational" if contract.is_served else "analytics",
    }


def without_nothing(tree: Tree) -> Tree:
    """Return a document without what is not said: null and empty lists, at any depth."""
    return {key: _cleaned(value) for key, value in tree.items() if value not in (None, [], {})}


def _cleaned(value: object) -> object:
    if isinstance(value, dict):
        return without_nothing(value)
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    return value
