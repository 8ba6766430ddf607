"""Records become keyrings: all of them read anew, or those that changed since the last run."""

from collections.abc import Iterator
from importlib.resources import files

import duckdb

from c360.config import Settings
from c360.identity.carried import keep_values, take_values
from c360.identity.decisions import (
    make_decision_tables,
    name_identifiers,
    names_changed,
    pin_records,
    read_marks,
    rule_out,
)
from c360.identity.keyrings import identifier_sql, sighted_sql
from c360.identity.layout import CHANGES, RECORD_TABLES, SCRATCH, make_missing
from c360.identity.rule_set import batches_of, keep_rule_set, rules_are_kept
from c360.identity.secret import install_hmac, needs_key, read_key
from c360.source import Source
from c360.sources.mapping import deleted_sql, record_id_sql
from c360.sources.normalise import install_normalisation
from c360.sources.quoting import name_sql, text_sql
from c360.step import Context, read_sql, run_model
from c360.warehouse import build_view, create_tables, has_rows


def build_records(context: Context) -> None:
    """Write identity.record, what keyrings carry, and temp.run_… with what has changed.

    Reads the rows in force of every source that has identifiers: all of them where a rule has
    changed or the context asks for it, else those that were landed since the last run, or that a
    decision made or revoked since then names.
    """
    install_macros(context)
    make_missing(context.con)
    make_decision_tables(context.con)
    read_marks(context)
    if context.is_full or not rules_are_kept(context):
        _read_everything(context)
    else:
        _read_changes(context)
    name_identifiers(context)
    rule_out(context)
    build_view(context.con, "identity.observation", read_sql("identity", "identity.observation"))
    keep_rule_set(context)


def install_macros(context: Context) -> None:
    """Define the session's macros and the junk list."""
    con, settings = context.con, context.settings
    install_normalisation(con, settings)
    text = (files("c360.identity") / "sql" / "macros.sql").read_text(encoding="utf-8")
    for statement in text.split(";\n"):
        if statement.strip():
            con.execute(statement).fetchall()
    key = read_key(settings, context.workspace) if needs_key(settings) else b""
    install_hmac(con, key)
    con.execute("set variable keyring_salt = $salt", {"salt": key.hex()}).fetchall()


def _read_everything(context: Context) -> None:
    con = context.con
    create_tables(con, RECORD_TABLES | SCRATCH)
    for name, source in _carrying(context.settings):
        _sight(context, name, source, "true")
        con.execute(
            "insert into identity.record"
            " select $source, record_id, keyring, event_time from temp.sighted",
            {"source": name},
        ).fetchall()
        con.execute(
            "create or replace temp table keyring_to_name as select keyring from temp.sighted"
            " anti join identity.sighting using (keyring)"
        ).fetchall()
        take_values(context, name)
        con.execute(
            "insert into identity.sighting select keyring, $source, count(*), min(event_time),"
            " max(event_time) from temp.sighted group by keyring order by keyring",
            {"source": name},
        ).fetchall()
    run_model("identity", "identity.keyring", context, {})
    keep_values(context)
    if has_rows(con, "identity.member"):
        run_model("identity", "temp.run_changed_record", context, {})
        run_model("identity", "temp.run_touched_keyring", context, {})


def _read_changes(context: Context) -> None:
    con = context.con
    create_tables(con, SCRATCH | CHANGES)
    for name, source in _carrying(context.settings):
        batches = batches_of(con, name)
        is_named = names_changed(con, name)
        if batches.is_read and not is_named:
            continue
        rows = (
            "true" if batches.are_gone else _rows_of(name, source, batches.new, is_named=is_named)
        )
        _sight(context, name, source, rows)
        past = "" if batches.are_gone else _past_of(name, source, batches.new)
        con.execute(
            "create or replace temp table past_record as select record_id, keyring, event_time"
            f" from identity.record{past} where source = $source",
            {"source": name},
        ).fetchall()
        run_model("identity", "temp.restated_record", context, {})
        _restate(con, name)
        run_model("identity", "temp.keyring_to_name", context, {})
        take_values(context, name)
    _settle_changes(context)


def _past_of(name: str, source: Source, batches: frozenset[str]) -> str:
    """Return the join that leaves, of the records of a source, those that may be others now."""
    if source.deleted is None or not batches:
        return " semi join temp.sighted using (record_id)"
    key, current = record_id_sql(source), name_sql(f"{name}__current")
    gone = f"select {key} as record_id from bronze.{name_sql(name)} where {_listed(batches)}"
    gone += f" and {deleted_sql(source)} except select {key} from bronze.{current}"
    return f" semi join (select record_id from temp.sighted union all ({gone})) using (record_id)"


def _listed(batches: frozenset[str]) -> str:
    return f"_batch_id in ({', '.join(map(text_sql, sorted(batches)))})"


def _sight(context: Context, name: str, source: Source, rows: str) -> None:
    """Write temp.sighted: the records of those rows of a source, with what they carry."""
    is_pinned = pin_records(context.con, name)
    sighted = sighted_sql(context.settings, name, source, rows, is_pinned=is_pinned)
    context.con.execute(f"create or replace temp table sighted as {sighted}").fetchall()


def _restate(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Put temp.restated_record in force for a source, and remember what it touches."""
    con.execute(
        "delete from identity.record where source = $source"
        " and record_id in (select record_id from temp.restated_record)",
        {"source": name},
    ).fetchall()
    con.execute(
        "insert into identity.record select $source, record_id, keyring_new, event_time"
        " from temp.restated_record where keyring_new is not null",
        {"source": name},
    ).fetchall()
    con.execute(
        "insert into temp.run_changed_record select $source, record_id, keyring_old, keyring_new"
        " from temp.restated_record where keyring_old is distinct from keyring_new",
        {"source": name},
    ).fetchall()
    con.execute(
        "insert into temp.run_touched_keyring select distinct keyring from ("
        " select unnest([keyring_old, keyring_new]) as keyring from temp.restated_record)"
        " where keyring is not null"
    ).fetchall()


def _settle_changes(context: Context) -> None:
    """Bring the tables of keyrings and values up to date with the records."""
    con = context.con
    name_identifiers(context)
    con.execute(
        "insert into temp.run_touched_keyring select distinct keyring from identity.carried"
        " where identifier in (select identifier from temp.run_named_identifier"
        " where decision_id in (select decision_id from temp.changed_decision))"
    ).fetchall()
    touched = "keyring in (select keyring from temp.run_touched_keyring)"
    con.execute(
        "create or replace temp table run_touched_identifier as"
        f" select identifier from identity.carried where {touched}"
        " union select identifier from temp.raw_value"
    ).fetchall()
    for table in ("sighting", "keyring"):
        con.execute(f"delete from identity.{table} where {touched}").fetchall()
        select = read_sql("identity", f"identity.touched_{table}")
        con.execute(f"insert into identity.{table} {select}").fetchall()
    run_model("identity", "temp.gone_keyring", context, {})
    for table in ("carried", "keyring_attribute") if has_rows(con, "temp.gone_keyring") else ():
        con.execute(
            f"delete from identity.{table} where keyring in (select keyring from temp.gone_keyring)"
        ).fetchall()
    keep_values(context)
    con.execute(
        "delete from identity.value where identifier in ("
        " select identifier from temp.run_touched_identifier"
        " except select identifier from identity.carried"
        " semi join temp.run_touched_identifier using (identifier))"
    ).fetchall()


def _carrying(settings: Settings) -> Iterator[tuple[str, Source]]:
    """Yield the sources that carry identifiers."""
    for name, source in settings.sources.items():
        if identifier_sql(settings, source):
            yield name, source


def _rows_of(name: str, source: Source, batches: frozenset[str], *, is_named: bool) -> str:
    """Return the condition for the rows in force of those keys that some batches bring.

    `is_named`: and of the records that changed decisions name.
    """
    key = record_id_sql(source)
    found = []
    if batches:
        listed = _listed(batches)
        found.append(
            f"{key} in (select {key} from bronze.{name_sql(name)} where {listed})"
            if source.collapse
            else listed
        )
    if is_named:
        found.append(
            f"{key} in (select record_id from temp.named_record"
            f" semi join temp.changed_decision using (decision_id) where source = {text_sql(name)})"
        )
    return f"({' or '.join(found)})"
