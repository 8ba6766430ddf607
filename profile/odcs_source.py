"""The contract of a source in the Open Data Contract Standard."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath

from c360.config import Settings
from c360.profile.odcs import (
    Tree,
    custom,
    head,
    never_null,
    only_values,
    typed,
    unique_rows,
    without_nothing,
)
from c360.promises import ColumnPromise
from c360.source import Source
from c360.sources.contract import needed_columns
from c360.sources.feed import FORMATS
from c360.sources.mapping import columns_of, expression_sql, is_column
from c360.sources.quoting import name_sql

UNTYPED = "VARCHAR"
"""What a column is taken for that has not landed."""
_EMAIL = r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"


def source_document(
    settings: Settings, name: str, landed: Mapping[str, str], checked: Sequence[Tree] = ()
) -> Tree:
    """Return the contract of a source; `checked` are further quality rules of its rows.

    `landed` are the columns of its batches with their types; of a source that has not landed, those
    are told that the configuration names.
    """
    source = settings.sources[name]
    named = dict.fromkeys(needed_columns(source), UNTYPED)
    columns = dict(landed) or named
    return without_nothing(
        head(settings, name, version=source.version, owner=source.owner)
        | {
            "description": {"purpose": source.grain},
            "servers": [
                {
                    "server": "feed",
                    "type": "local",
                    "path": source.path,
                    "format": source.format or _format(source.path),
                }
            ],
            "schema": [
                {
                    "name": name,
                    "physicalName": f"bronze.{name}",
                    "physicalType": "file",
                    "logicalType": "object",
                    "description": source.grain,
                    "dataGranularityDescription": source.grain,
                    "properties": [
                        _property(name, source, column, type_) for column, type_ in columns.items()
                    ],
                    "quality": [*_unique(source), *checked],
                }
            ],
            "slaProperties": _sla(settings, name, source),
            "customProperties": custom(
                {
                    "entity": source.entity,
                    "key": source.key,
                    "eventTime": source.event_time,
                    "updatePattern": source.update,
                    "replayStrategy": source.replay,
                    "onDrift": source.on_drift,
                }
            ),
        }
    )


def _format(path: str) -> str:
    """Return the format that a path tells of; where it does not, all that are read."""
    suffixes = PurePath(path.removesuffix(".gz")).suffix
    return FORMATS.get(suffixes, "csv, jsonl or parquet")


def _property(name: str, source: Source, column: str, type_: str) -> Tree:
    folded = {each.lower(): promise for each, promise in source.columns.items()}
    promise = folded.get(column.lower(), ColumnPromise())
    privacy = {each.lower(): kind for each, kind in source.privacy.items()}
    keys = {each.lower() for each in columns_of(source.key)}
    is_key = column.lower() in keys
    is_dated = source.event_time is not None and column.lower() == source.event_time.lower()
    required = promise.required or (is_key and is_column(source.key)) or is_dated
    return {
        "name": column,
        **typed(type_),
        "required": required,
        "unique": is_column(source.key) and is_key and source.update == "snapshot",
        "primaryKey": is_key,
        "primaryKeyPosition": 1 if is_key and is_column(source.key) else None,
        "classification": privacy.get(column.lower(), "internal"),
        "quality": [
            *([never_null(column)] if required else []),
            *_promised(name, column, promise),
        ],
    }


def _promised(name: str, column: str, promise: ColumnPromise) -> list[Tree]:
    rules: list[Tree] = []
    if promise.values:
        rules.append(only_values(column, {"validValues": list(promise.values)}))
    if promise.matches is not None:
        rules.append(only_values(column, {"pattern": f"^(?:{promise.matches})$"}))
    if promise.format == "email":
        rules.append(only_values(column, {"pattern": _EMAIL}))
    if promise.max_length is not None:
        rules.append(only_values(column, {"pattern": f"^.{{0,{promise.max_length}}}$"}))
    if promise.between is not None:
        least, most = promise.between
        number = f"try_cast({name_sql(column)} as double)"
        rules.append(
            {
                "name": f"{column}_is_in_range",
                "dimension": "conformity",
                "type": "sql",
                "query": f"select count(*) from bronze.{name}"
                f" where {number} not between {least!r} and {most!r}",
                "mustBe": 0,
                "severity": "error",
            }
        )
    return rules


def _unique(source: Source) -> list[Tree]:
    """Return the rule of the key, where the feed itself keeps it: later rows may replace others."""
    if source.update == "upsert" or source.collapse:
        return []
    if is_column(source.key):
        return [unique_rows((source.key,))]
    return [unique_rows((expression_sql(source.key),))]


def _sla(settings: Settings, name: str, source: Source) -> list[Tree]:
    event_time = source.event_time or ""
    element = f"{name}.{event_time}" if is_column(event_time) else name
    band = settings.checks.freshness_hours.get(name, settings.checks.default_freshness_hours)
    lateness: Tree = {
        "property": "latency",
        "value": source.lateness / timedelta(hours=1),
        "unit": "h",
        "element": element,
        "description": "how much later than it happened a row may come",
    }
    freshness: Tree = {
        "property": "freshness",
        "value": band.fail,
        "unit": "h",
        "element": element,
        "description": "how old the newest row may be",
    }
    return [lateness, *([] if source.event_time is None else [freshness])]
