"""What a run changes: places of records, customers and their ids, as intervals of runs."""

from c360.identity.scope import is_increment
from c360.step import Context, read_sql, run_model
from c360.warehouse import build_table, create_tables, export, has_rows, has_scratch


def build_members(context: Context) -> None:
    """Write identity.member: end the places that this run changes, and add the new ones.

    A record whose keyring, customer, namespace and evidence are as before keeps its `from_run`.
    """
    con = context.con
    run = {"run": context.run}
    if not has_scratch(con, "run_changed_keyring"):
        con.execute("create or replace temp view placed_record as from identity.record").fetchall()
        con.execute(
            "create or replace temp view placed_cluster as from identity.cluster"
        ).fetchall()
        select = read_sql("identity", "identity.member_now")
        build_table(con, "identity.member", select, run)
        return
    if not any(has_rows(con, f"temp.run_changed_{each}") for each in ("keyring", "record")):
        return
    changed = (
        "keyring in (select keyring from temp.run_changed_keyring) or (source, record_id) in"
        " (select (source, record_id) from temp.run_changed_record)"
    )
    con.execute(
        f"update identity.member set to_run = $run where to_run is null and ({changed})", run
    ).fetchall()
    con.execute(
        f"create or replace temp table placed_record as from identity.record where {changed}"
    ).fetchall()
    con.execute(
        "create or replace temp table placed_cluster as from identity.cluster"
        " where keyring in (select keyring from temp.placed_record)"
    ).fetchall()
    run_model("identity", "temp.member_now", context, run)
    con.execute("insert into identity.member from temp.member_now").fetchall()


def build_customers(context: Context) -> None:
    """Write identity.customer: end the rows that this run changes, and add the new ones."""
    con = context.con
    _tell_customers(context)
    _keep_told(context)
    run_model(
        "identity",
        "temp.customer_now",
        context,
        {"mastering": context.settings.mastering_sources()},
    )
    run = {"run": context.run}
    con.execute(
        "create or replace temp table same_customer as select customer_id from temp.customer_now"
        " semi join (from identity.customer where to_run is null and redirects_to is null)"
        " using (customer_id, records, sources, identifiers, is_identified, first_seen, last_seen)"
    ).fetchall()
    con.execute(
        "update identity.customer set to_run = $run where to_run is null and redirects_to is null"
        " and customer_id in (select customer_id from temp.told_customer)"
        " and customer_id not in (select customer_id from temp.same_customer)",
        run,
    ).fetchall()
    con.execute(
        "insert into identity.customer select *, null, $run, null from temp.customer_now"
        " anti join temp.same_customer using (customer_id) order by customer_id",
        run,
    ).fetchall()
    run_model("identity", "temp.redirect_now", context, {})
    con.execute(
        "update identity.customer set to_run = $run where to_run is null"
        " and customer_id in (select customer_id from temp.redirect_now)",
        run,
    ).fetchall()
    con.execute(
        "insert into identity.customer select customer_id, 0, 0, 0, false, null, null,"
        " redirects_to, $run, null from temp.redirect_now",
        run,
    ).fetchall()


def _tell_customers(context: Context) -> None:
    """Write temp.told_…: the customers that the run may have changed, and their keyrings."""
    con = context.con
    if is_increment(con):
        con.execute(
            "create or replace temp table told_customer as"
            " select customer_id from identity.cluster"
            " where keyring in (select keyring from temp.run_affected)"
            " union select customer_id from identity.member where keyring in"
            " (select keyring from temp.run_affected) and (to_run is null or to_run = $run)",
            {"run": context.run},
        ).fetchall()
        condition = "customer_id in (select customer_id from temp.told_customer)"
    else:
        con.execute(
            "create or replace temp table told_customer as"
            " select customer_id from identity.customer where to_run is null"
        ).fetchall()
        condition = "true"
    con.execute(
        f"create or replace temp table told_cluster as from identity.cluster where {condition}"
    ).fetchall()
    con.execute(
        "create or replace temp view told_lone as select source, record_id, customer_id"
        " from identity.member where to_run is null and resolved_by = 'none'"
        f" and {condition}"
    ).fetchall()


def _keep_told(context: Context) -> None:
    """Add to identity.retold_customer whom this run looked at; forget what a build has taken up."""
    con = context.con
    con.execute(
        "delete from identity.retold_customer where run <"
        " (select max(run) from ops.run where command = 'build')"
    ).fetchall()
    told = "select customer_id from temp.told_customer" if is_increment(con) else "select null"
    con.execute(
        f"insert into identity.retold_customer select $run, customer_id from ({told}) as told"
        " (customer_id)",
        {"run": context.run},
    ).fetchall()


def build_changes(context: Context) -> None:
    """Add to identity.change what this run did to the graph."""
    con = context.con
    run = {"run": context.run}
    if has_scratch(con, "run_changed_keyring"):
        run_model("identity", "temp.moved", context, run)
    else:
        # The first run: every record is new.
        create_tables(
            con,
            {"temp.moved": "customer_old varchar, customer_new varchar, records bigint"},
        )
    _find_evidence(context)
    run_model("identity", "temp.change_now", context, run)
    con.execute("insert into identity.change from temp.change_now").fetchall()


def _find_evidence(context: Context) -> None:
    """Write temp.between_two: what joined or parted the customers that exchanged records."""
    con = context.con
    exchange = "customer_old is not null and customer_new is not null"
    if not con.execute(f"select 1 from temp.moved where {exchange} limit 1").fetchall():
        create_tables(
            con,
            {"temp.between_two": "customer_old varchar, customer_new varchar, evidence varchar"},
        )
        return
    run_model("identity", "temp.exchanged_keyring", context, {"run": context.run})
    con.execute(
        "create or replace temp table exchanged_carried as from identity.carried"
        " where keyring in (select keyring from temp.exchanged_keyring)"
    ).fetchall()
    contacts = [
        name
        for name, each in context.settings.identifiers.items()
        if each.strength == "contact" and not each.hash
    ]
    run_model("identity", "temp.between_two", context, {"plain_contacts": contacts})


def export_held(context: Context) -> None:
    """Write what a run would have published to data/held: places, customers and changes."""
    for table, condition in {
        "member": "to_run is null",
        "customer": "to_run is null",
        "change": f"run = {context.run:d}",
    }.items():
        export(
            context.con,
            f"select * from identity.{table} where {condition} order by all",
            context.workspace.held(f"{table}.parquet"),
        )


def export_members(context: Context) -> None:
    """Write data/silver/customer_identity.parquet and .csv: one row per record."""
    con = context.con
    con.execute(
        "create or replace temp table exported as select source, record_id, customer_id,"
        " resolved_by, evidence, confidence, from_run as run"
        " from identity.member where to_run is null order by source, record_id"
    ).fetchall()
    for suffix in ("parquet", "csv"):
        path = context.workspace.silver(f"customer_identity.{suffix}")
        export(con, "select * from temp.exported", path)
    con.execute("drop table temp.exported").fetchall()
