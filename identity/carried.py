"""What keyrings carry: taken as the sources have it, then judged, hashed and kept."""

import duckdb

from c360.config import DECISION
from c360.step import Context, read_sql


def take_values(context: Context, name: str) -> None:
    """Add what temp.keyring_to_name carry, as temp.sighted has it of a source, marks included."""
    con = context.con
    columns = [
        (column, type_)
        for column, type_, *_ in con.execute("describe temp.sighted").fetchall()
        if column.startswith(("id:", "at:"))
    ]
    values = "".join(f', any_value("{column}") as "{column}"' for column, _ in columns)
    con.execute(
        f"create or replace temp table named_keyring as select keyring{values} from temp.sighted"
        " where keyring in (select keyring from temp.keyring_to_name) group by keyring"
    ).fetchall()
    con.execute("insert into temp.new_keyring select keyring from temp.named_keyring").fetchall()
    for column, type_ in columns:
        kind, _, carried = column.partition(":")
        value = f'unnest("{column}")' if type_.endswith("[]") else f'"{column}"'
        named = (
            f'select keyring, {value} as value from temp.named_keyring where "{column}" is not null'
        )
        if kind == "at":
            con.execute(
                "insert into identity.keyring_attribute"
                f" select keyring, $carried, value from ({named})",
                {"carried": carried},
            ).fetchall()
        else:
            con.execute(
                "insert into temp.raw_value select keyring, digest(concat_ws(chr(31), $carried,"
                " case when $is_hashed then getvariable('keyring_salt') end, value)),"
                f" $carried, value from ({named})",
                {"carried": carried, "is_hashed": context.settings.identifiers[carried].hash},
            ).fetchall()
    _take_marks(con, name)


def _take_marks(con: duckdb.DuckDBPyConnection, name: str) -> None:
    con.execute(
        "create or replace temp table marked as"
        " select distinct sighted.keyring, mark.kind, mark.decision_id, mark.side"
        " from temp.mark join temp.sighted using (record_id)"
        " semi join temp.keyring_to_name using (keyring) where mark.source = $source",
        {"source": name},
    ).fetchall()
    con.execute(
        "insert into identity.keyring_attribute select keyring, kind || ' ' || decision_id, side"
        " from temp.marked where kind <> 'merge'"
    ).fetchall()
    con.execute(
        "insert into temp.raw_value select keyring, digest($decision || chr(31) || decision_id),"
        " $decision, decision_id from temp.marked where kind = 'merge'",
        {"decision": DECISION},
    ).fetchall()


def keep_values(context: Context) -> None:
    """Write the raw values to identity.carried and, judged and hashed, to identity.value."""
    con, settings = context.con, context.settings
    # In order, so that what a keyring carries lies together when one customer is explained.
    con.execute(
        "insert into identity.carried select keyring, identifier from temp.raw_value"
        " order by keyring, identifier"
    ).fetchall()
    select = read_sql("identity", "identity.new_value")
    con.execute(
        f"insert into identity.value {select}",
        {"hashed": [name for name, each in settings.identifiers.items() if each.hash]},
    ).fetchall()
