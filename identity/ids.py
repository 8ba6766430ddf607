"""Customer ids: kept as long as any record lives that held them, never given to somebody else."""

import duckdb

from c360.step import Context, run_model


def name_parts(context: Context) -> None:
    """Write temp.named(part, customer_id) and temp.run_redirect(customer_id, redirects_to).

    A part is a cluster or a record alone. It keeps the oldest id of those of which it holds the
    largest part of the records; the others redirect to it. A part that keeps none gets a new id.
    """
    con = context.con
    for table in ("holding", "claim", "kept", "run_redirect"):
        run_model("identity", f"temp.{table}", context, {})
    run_model("identity", "temp.unnamed", context, {})
    _make_ids(con)
    con.execute(
        "create or replace temp table named as from temp.kept union all from temp.fresh"
    ).fetchall()


def _make_ids(con: duckdb.DuckDBPyConnection) -> None:
    """Write temp.fresh(part, customer_id): ids made of content, and made again where one is taken.

    An id is taken where any customer, living or dead, ever had it.
    """
    con.execute(
        "create or replace temp table fresh as"
        " select part, customer_id_of(digest) as customer_id from temp.unnamed"
    ).fetchall()
    again = 0
    while True:
        con.execute(
            "create or replace temp table taken as"
            " select part from temp.fresh where customer_id in ("
            " select customer_id from identity.customer)"
        ).fetchall()
        if not con.execute("select 1 from temp.taken limit 1").fetchall():
            return
        again += 1
        con.execute(
            "update temp.fresh set customer_id = customer_id_of("
            " digest(cast(unnamed.digest as varchar) || chr(31) || $again))"
            " from temp.unnamed where unnamed.part = fresh.part"
            " and fresh.part in (select part from temp.taken)",
            {"again": again},
        ).fetchall()
