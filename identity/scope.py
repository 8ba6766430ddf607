"""What a run resolves: everything, or what changes can have reached.

Values that the last run found to be junk, generic or shared link nobody: a change cannot pass
through them, unless it makes them link. Therefore:

1.  `temp.run_asked`: values of touched keyrings are counted anew.
2.  `temp.affected`: touched keyrings, carriers of values whose power to link has changed, and all
    that the last run joined to any of them, or refused to join: a contested component is one.
3.  `temp.scoped_…`: besides, everybody who carries a shared value that an affected keyring
    carries, as the last run joined them, so that it can be asked again: may all be one person?
4.  If such a value is shared no longer, those who carry it are affected too: back to 2.

Why this equals a full run is told in docs/adr/0005-increments.md.
"""

import duckdb

from c360.step import Context, run_model
from c360.warehouse import create_tables, has_scratch


def is_increment(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the records of this run were read as changes to those of the last one."""
    return has_scratch(con, "run_touched_identifier")


def scope_everything(con: duckdb.DuckDBPyConnection) -> None:
    """Let temp.scoped_… be all there is."""
    for view, select in {
        "scoped_keyring": "select *, true as is_affected from identity.keyring",
        "scoped_carried": "select keyring, identifier from identity.carried",
        "scoped_value": "select identifier, namespace, is_junk from identity.value",
    }.items():
        con.execute(f"create or replace temp view {view} as {select}").fetchall()
    if not has_scratch(con, "run_touched_keyring"):
        create_tables(con, {"temp.run_touched_keyring": "keyring uuid"})


def scope_asked(context: Context) -> None:
    """Let temp.scoped_… be the keyrings that carry a touched identifier, with all they carry."""
    con = context.con
    create_tables(con, {"temp.run_freed": "identifier uuid"})
    con.execute(
        "create or replace temp table scoped_keyring as"
        " select *, true as is_affected from identity.keyring where keyring in ("
        " select keyring from identity.carried"
        " where identifier in (select identifier from temp.run_touched_identifier))"
    ).fetchall()
    _scope_values(context)


def scope_affected(context: Context) -> None:
    """Write temp.affected, temp.affected_identifier and temp.scoped_… from temp.run_asked."""
    _close(context, "changed", "affected")
    run_model("identity", "temp.affected_identifier", context, {})
    _close(context, "disputed", "halo")
    run_model("identity", "temp.scoped_keyring", context, {})
    _scope_values(context)


def free_shared(context: Context) -> bool:
    """Add to temp.run_freed the shared values that link now; say whether there were any."""
    con = context.con
    run_model("identity", "temp.freed", context, {})
    con.execute("insert into temp.run_freed from temp.freed").fetchall()
    return bool(con.execute("select 1 from temp.freed limit 1").fetchall())


def _close(context: Context, seed: str, closed: str) -> None:
    """Write temp.<closed>: the keyrings of the model `seed`, with all that hangs on them."""
    run_model("identity", f"temp.{seed}", context, {})
    context.con.execute(f"create or replace temp view seed as from temp.{seed}").fetchall()
    run_model("identity", "temp.closure", context, {})
    context.con.execute(f"create or replace temp table {closed} as from temp.closure").fetchall()


def _scope_values(context: Context) -> None:
    context.con.execute(
        "create or replace temp table scoped_carried as select keyring, identifier"
        " from identity.carried semi join temp.scoped_keyring using (keyring)"
    ).fetchall()
    run_model("identity", "temp.scoped_value", context, {})
