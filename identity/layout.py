"""The tables of identity by their columns, those apart that a SELECT makes."""

import duckdb

from c360.warehouse import has_table

RECORD_TABLES = {
    # A record and the set of identifiers that it carries.
    "identity.record": "source varchar, record_id varchar, keyring uuid, event_time timestamp",
    # A keyring in a source.
    "identity.sighting": "keyring uuid, source varchar, records bigint, first_seen timestamp,"
    " last_seen timestamp",
    # A guard attribute of a keyring: a person has one value of each.
    "identity.keyring_attribute": "keyring uuid, attribute varchar, value varchar",
    # An identifier that a keyring carries.
    "identity.carried": "keyring uuid, identifier uuid",
    # The value behind an identifier, hashed where the namespace says so.
    "identity.value": "identifier uuid, namespace varchar, value varchar, is_junk boolean",
}
"""What is read from the sources; a full run makes them anew."""

KEPT_TABLES = {
    # A keyring that stands for a person, and the customer that it belongs to.
    "identity.cluster": "keyring uuid, cluster uuid, customer_id varchar, is_identified boolean,"
    " resolved_by varchar, confidence decimal(3, 2), linking integer, carried integer",
    # A keyring of a component in which a value was refused.
    "identity.contested_keyring": "keyring uuid, component uuid",
    # A record's place in an interval of runs.
    "identity.member": "source varchar, record_id varchar, keyring uuid, customer_id varchar,"
    " resolved_by varchar, evidence varchar, confidence decimal(3, 2), from_run integer,"
    " to_run integer",
    # A decision that the last run obeyed.
    "identity.read_decision": "decision_id varchar, is_obeyed boolean",
    # A customer in an interval of runs; a dead one redirects.
    "identity.customer": "customer_id varchar, records bigint, sources bigint, identifiers bigint,"
    " is_identified boolean, first_seen timestamp, last_seen timestamp, redirects_to varchar,"
    " from_run integer, to_run integer",
    # A customer that a run has looked at again; null stands for all of them.
    "identity.retold_customer": "run integer, customer_id varchar",
    # A change of the graph in a run.
    "identity.change": "run integer, kind varchar, customer_id varchar, other_customer_id varchar,"
    " evidence varchar",
}
"""What a run compares itself with. `to_run` is null for what is in force."""

SCRATCH = {
    # What a keyring that is new to the warehouse carries, as the source has it.
    "temp.raw_value": "keyring uuid, identifier uuid, namespace varchar, value varchar",
    "temp.new_keyring": "keyring uuid",
}
"""What lives while records are read."""

CHANGES = {
    # A record that came, went, or carries something else.
    "temp.run_changed_record": "source varchar, record_id varchar, keyring_old uuid,"
    " keyring_new uuid",
    # A keyring of which a record came, went, or changed its time.
    "temp.run_touched_keyring": "keyring uuid",
}
"""What an increment hands on to the steps that follow."""


def make_missing(con: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that a run compares itself with; drop those of an earlier form of them."""
    if not has_table(con, "identity.rule_set"):
        for table in _tables(con):
            con.execute(f'drop table identity."{table}"').fetchall()
    for table, columns in KEPT_TABLES.items():
        con.execute(f"create table if not exists {table} ({columns})").fetchall()


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "select table_name from duckdb_tables()"
        " where database_name = 'c360' and schema_name = 'identity'"
    ).fetchall()
    return [table for (table,) in rows]
