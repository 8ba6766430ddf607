"""What the identity tables were made with: the rules, and the batches that were read."""

import hashlib
import hmac
import json
from dataclasses import dataclass

import duckdb

from c360.identity.decisions import suppressed_values
from c360.identity.secret import needs_key, read_key
from c360.step import Context
from c360.warehouse import has_table

FORM = 2
"""Raised when the same rules and records would give other tables than before."""


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches of a source: `new` since the last run; some read before `are_gone` now."""

    new: frozenset[str]
    are_gone: bool

    @property
    def is_read(self) -> bool:
        """Whether the last run has read all that is in force."""
        return not self.new and not self.are_gone


def rules_are_kept(context: Context) -> bool:
    """Say whether the identity tables were made by the rules that hold now."""
    if not has_table(context.con, "identity.rule_set"):
        return False
    kept = context.con.execute("select fingerprint from identity.rule_set").fetchall()
    return kept == [(_fingerprint(context),)]


def keep_rule_set(context: Context) -> None:
    """Write identity.rule_set (one row), read_batch and read_decision (what is in force)."""
    con = context.con
    con.execute(
        "create or replace table identity.rule_set as select $fingerprint as fingerprint",
        {"fingerprint": _fingerprint(context)},
    ).fetchall()
    con.execute(
        "create or replace table identity.read_batch as select source, batch_id from ops.load"
        " where retired_in_run is null"
    ).fetchall()
    con.execute(
        "create or replace table identity.read_decision as select decision_id, true as is_obeyed"
        " from stewardship.decision_in_force"
    ).fetchall()


def batches_of(con: duckdb.DuckDBPyConnection, source: str) -> Batches:
    """Compare a source's batches in force with those that the last run has read."""
    in_force = _batch_ids(con, "ops.load", "source = $source and retired_in_run is null", source)
    read = _batch_ids(con, "identity.read_batch", "source = $source", source)
    return Batches(in_force - read, are_gone=not read <= in_force)


def _batch_ids(
    con: duckdb.DuckDBPyConnection, table: str, condition: str, source: str
) -> frozenset[str]:
    rows = con.execute(
        f"select batch_id from {table} where {condition}", {"source": source}
    ).fetchall()
    return frozenset(batch_id for (batch_id,) in rows)


def _fingerprint(context: Context) -> str:
    """Return the digest of all that decides who is who, beside the records themselves."""
    settings = context.settings
    key = read_key(settings, context.workspace) if needs_key(settings) else b""
    told = {
        "form": FORM,
        # A list: the order is the priority.
        "identifiers": [
            [name, each.model_dump(mode="json")] for name, each in settings.identifiers.items()
        ],
        "suppressed": suppressed_values(context.con),
        "guards": settings.guards.model_dump(mode="json"),
        "mastering": settings.mastering_sources(),
        "sources": {
            name: source.model_dump(
                mode="json",
                include={"key", "event_time", "identifiers", "attributes", "collapse", "update"},
            )
            for name, source in settings.sources.items()
        },
        "key": hmac.new(key, b"the key of the hashes", hashlib.sha256).hexdigest(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
