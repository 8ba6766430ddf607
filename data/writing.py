"""Writing drawn feeds as files: DuckDB turns codes into text, always in the order of the rows."""

import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import get_args

import duckdb

from c360.data import mess, names
from c360.data.drawing import Draw
from c360.data.presets import FileFormat

FEEDS = (
    "customers",
    "loyalty_accounts",
    "orders",
    "returns",
    "clickstream",
    "support_tickets",
    "campaign_events",
    "consent_events",
)
TRUTH = "truth"
_OPTIONS: Mapping[FileFormat, str] = {
    "csv": "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ'",
    "parquet": "format parquet, compression zstd, row_group_size 122880",
}
_VOCABULARY = {
    "placeholder_emails": mess.PLACEHOLDER_EMAILS,
    "placeholder_phones": mess.PLACEHOLDER_PHONES,
    "first_names": names.FIRST_NAMES,
    "last_names": names.LAST_NAMES,
    "cities": names.CITIES,
    "contact_channels": names.CONTACT_CHANNELS,
    "tiers": names.TIERS,
    "channels": names.CHANNELS,
    "return_reasons": names.RETURN_REASONS,
    "event_types": names.EVENT_TYPES,
    "pages": names.PAGES,
    "ticket_statuses": names.TICKET_STATUSES,
    "priorities": names.PRIORITIES,
    "ticket_categories": names.TICKET_CATEGORIES,
    "campaigns": names.CAMPAIGNS,
    "campaign_channels": [channel for channel, _ in names.CAMPAIGNS.values()],
    "consent_channels": names.CONSENT_CHANNELS,
    "policy_versions": names.POLICY_VERSIONS,
}


def write_feeds(folder: Path, draws: Mapping[str, Draw], suffix: FileFormat) -> tuple[Path, ...]:
    """Write all feeds and the truth, whole or not at all, and return their files.

    A file of the same feed in another format is removed, so that `customers.*` finds one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        with _writer(draws) as con:
            for name in (*FEEDS, TRUTH):
                target = str(draft / f"{name}.{suffix}").replace("'", "''")
                con.execute(f"copy ({_sql(name)}) to '{target}' ({_OPTIONS[suffix]})").fetchall()
        for name in (*FEEDS, TRUTH):
            (draft / f"{name}.{suffix}").replace(folder / f"{name}.{suffix}")
            for other in set(get_args(FileFormat)) - {suffix}:
                (folder / f"{name}.{other}").unlink(missing_ok=True)
    finally:
        shutil.rmtree(draft)
    return tuple(folder / f"{name}.{suffix}" for name in (*FEEDS, TRUTH))


def _writer(draws: Mapping[str, Draw]) -> duckdb.DuckDBPyConnection:
    # One thread: the rows of a file and its bytes must not depend on the machine.
    con = duckdb.connect(config={"threads": 1})
    con.execute("set TimeZone = 'UTC'")
    con.execute("set preserve_insertion_order = true")
    for name, words in _VOCABULARY.items():
        con.execute(f"set variable {name} = $words", {"words": list(words)})
    for statement in _sql("macros").split(";\n"):
        con.execute(statement)
    for name, draw in draws.items():
        con.register(f"{name}_draw", draw)
    return con


def _sql(name: str) -> str:
    return (files("c360.data") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
