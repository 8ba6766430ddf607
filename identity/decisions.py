"""What people have decided, as the resolver obeys it; stewardship writes it.

A merge is an identifier that the named records carry, before all others. A keep_apart is a guard:
its two sides are values of which a customer holds one. A not_shared rules observations out. So
decisions change what records carry, and reach as far as any other change.
"""

import duckdb

from c360.step import Context, read_sql, run_model
from c360.warehouse import build_view, has_rows

_TABLES = {
    # A value that may not be used: its person has asked to be forgotten, or a steward said so.
    "stewardship.suppressed_value": "namespace varchar, value varchar, reason varchar",
    # What somebody decided, confirmed or revoked. Rows are only ever added.
    "stewardship.decision": "number integer, decision_id varchar, kind varchar, refers_to varchar,"
    " item_id varchar, records_l varchar[], records_r varchar[], identifiers_l varchar[],"
    " identifiers_r varchar[], value varchar, valid_from timestamp, engine varchar,"
    " impact_usd decimal(18, 2), needs_second boolean, reason varchar, decided_by varchar,"
    " decided_at timestamp, provenance varchar, run integer",
}


def make_decision_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Make stewardship.suppressed_value, decision and decision_in_force where they are missing."""
    for table, columns in _TABLES.items():
        con.execute(f"create table if not exists {table} ({columns})").fetchall()
    view = "stewardship.decision_in_force"
    build_view(con, view, read_sql("identity", view))


def suppressed_values(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the values that may not be used, as text in one order."""
    rows = con.execute("from stewardship.suppressed_value order by all").fetchall()
    return [str(row) for row in rows]


def read_suppressed(context: Context) -> None:
    """Write temp.suppressed(identifier, reason)."""
    run_model("identity", "temp.suppressed", context, {})


def read_marks(context: Context) -> None:
    """Write temp.named_record, temp.mark and temp.changed_decision.

    A mark is what a decision in force puts on a record that it names. Changed are the decisions
    that are in force and were not in the last run, or the other way round.
    """
    for table in ("named_record", "mark", "changed_decision"):
        run_model("identity", f"temp.{table}", context, {})


def pin_records(con: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Write temp.pin(record_id, pin): the marks of a source's records; say whether it has any.

    Records that carry the same but are marked differently are different keyrings.
    """
    con.execute(
        "create or replace temp table pin as select record_id, string_agg(kind || ' ' ||"
        " decision_id || ' ' || side, chr(31) order by decision_id) as pin"
        " from temp.mark where source = $source group by record_id",
        {"source": source},
    ).fetchall()
    return has_rows(con, "temp.pin")


def names_changed(con: duckdb.DuckDBPyConnection, source: str) -> bool:
    """Say whether a decision that has changed names a record of the source."""
    return bool(
        con.execute(
            "select 1 from temp.named_record semi join temp.changed_decision using (decision_id)"
            " where source = $source limit 1",
            {"source": source},
        ).fetchall()
    )


def name_identifiers(context: Context) -> None:
    """Write temp.run_named_identifier: the identifiers that decisions name, in force or changed."""
    run_model("identity", "temp.run_named_identifier", context, {})


def rule_out(context: Context) -> None:
    """Write identity.disowned: the observations that decisions in force rule out."""
    run_model("identity", "identity.disowned", context, {})
