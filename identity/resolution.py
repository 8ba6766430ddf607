"""Who is who: the keyrings of one customer, their ids, and what became of every identifier."""

import duckdb

from c360.config import DECISION, Settings
from c360.identity.components import label_components
from c360.identity.decisions import read_suppressed
from c360.identity.ids import name_parts
from c360.identity.scope import (
    free_shared,
    is_increment,
    scope_affected,
    scope_asked,
    scope_everything,
)
from c360.identity.tiers import IDENTIFIED, resolve_tiers, set_tiers
from c360.step import Context, read_sql, run_model
from c360.warehouse import build_view, has_rows


def build_clusters(context: Context) -> None:
    """Write identity.cluster, contested_keyring, verdict, overridden_guard, identifier and link.

    Hands temp.run_changed_keyring, run_lone_record and run_redirect on to the steps that follow.
    """
    con = context.con
    set_tiers(con, context.settings)
    read_suppressed(context)
    if is_increment(con):
        _resolve_changes(context)
    else:
        scope_everything(con)
        _code(context)
        _see(context, "")
        con.execute(
            "create or replace temp view seen as"
            " select *, true as is_asked, false as stays_shared from temp.seen_now"
        ).fetchall()
        _resolve(context)
    _write(context)


def _resolve_changes(context: Context) -> None:
    con = context.con
    scope_asked(context)
    _code(context)
    _see(context, "identifier in (select identifier from temp.run_touched_identifier)")
    run_model("identity", "temp.run_asked", context, {})
    while True:
        scope_affected(context)
        _code(context)
        run_model("identity", "temp.scoped_seen", context, {})
        con.execute("create or replace temp view seen as from temp.scoped_seen").fetchall()
        _resolve(context)
        if not free_shared(context):
            return


def _code(context: Context) -> None:
    """Number the keyrings and identifiers in scope."""
    for table in ("node", "code", "coded", "ruled_out"):
        run_model("identity", f"temp.{table}", context, {})


def _see(context: Context, asked: str) -> None:
    """Write temp.seen_now: what can be said of the identifiers that `asked`, a condition, names."""
    context.con.execute(
        "create or replace temp view asked_coded as select coded.* from temp.coded"
        f" join temp.code using (ident) where {asked}"
        if asked
        else "create or replace temp view asked_coded as from temp.coded"
    ).fetchall()
    for table in ("counted", "linking", "set_aside", "seen_now"):
        run_model("identity", f"temp.{table}", context, _parameters(context.settings))


def _resolve(context: Context) -> None:
    """Write temp.placed (keyrings that stand), temp.unlinking, temp.refused_component."""
    parameters = _parameters(context.settings)
    run_model("identity", "temp.unlinked", context, parameters)
    resolve_tiers(context)
    for table in ("unlinking", "standing", "placed"):
        run_model("identity", f"temp.{table}", context, parameters)
    _join_refused(context.con)


def _parameters(settings: Settings) -> dict[str, object]:
    tiers = list(enumerate(settings.identifiers.values(), start=1))
    return {
        "generic_after": settings.guards.generic_after,
        # What people joined keeps no company, as little as a visit does.
        "visit_tiers": [0, *(tier for tier, each in tiers if each.visit)],
        "expiring_tiers": [tier for tier, each in tiers if each.ttl_days],
        "identifying_tiers": [tier for tier, each in tiers if each.strength != "trace"],
    }


def _join_refused(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace temp table refused_touch as"
        " select distinct edge.ident, coalesce(cluster_of.cluster, edge.node) as cluster"
        " from temp.edge semi join (from temp.ruling where status = 'refused') using (ident)"
        " left join temp.cluster_of using (node)"
    ).fetchall()
    con.execute(
        "create or replace temp table refused_edge as"
        " select cluster as l, min(cluster) over (partition by ident) as r from temp.refused_touch"
    ).fetchall()
    label_components(con, "temp.refused_edge", "refused_component")


def _write(context: Context) -> None:
    con = context.con
    run_model("identity", "temp.lone_record", context, {})
    name_parts(context)
    con.execute(
        "create or replace temp table run_lone_record as"
        " select source, record_id, keyring, customer_id"
        " from temp.lone_record join temp.named using (part)"
    ).fetchall()
    if is_increment(con):
        _write_changes(context)
    else:
        _write_everything(context)
    run_model("identity", "identity.overridden_guard", context, {"decision": DECISION})
    for view in ("identity.identifier", "identity.link"):
        build_view(con, view, read_sql("identity", view))


def _write_everything(context: Context) -> None:
    con = context.con
    run_model("identity", "identity.cluster_now", context, {})
    if has_rows(con, "identity.member"):
        for view, table in {"cluster_now": "cluster_now", "past_cluster": "cluster"}.items():
            con.execute(f"create temp view {view} as from identity.{table}").fetchall()
        run_model("identity", "temp.run_changed_keyring", context, {})
    _replace(con, "cluster", "cluster_now")
    run_model("identity", "temp.ruled", context, {"identified": IDENTIFIED})
    for table, now in {"contested_keyring": "contested_now", "verdict": "verdict_now"}.items():
        run_model("identity", f"identity.{now}", context, {})
        _replace(con, table, now)


def _replace(con: duckdb.DuckDBPyConnection, table: str, now: str) -> None:
    con.execute(f"drop table if exists identity.{table}").fetchall()
    con.execute(f"alter table identity.{now} rename to {table}").fetchall()


def _write_changes(context: Context) -> None:
    con = context.con
    for table in ("cluster_now", "contested_now"):
        run_model("identity", f"temp.{table}", context, {})
    con.execute(
        "create or replace temp table past_cluster as from identity.cluster"
        " where keyring in (select keyring from temp.affected)"
    ).fetchall()
    run_model("identity", "temp.run_changed_keyring", context, {})
    con.execute(
        "create or replace temp table run_affected as select keyring from temp.affected"
    ).fetchall()
    for table in ("cluster", "contested_keyring"):
        con.execute(
            f"delete from identity.{table} where keyring in (select keyring from temp.affected)"
        ).fetchall()
        now = f"temp.{table.removesuffix('_keyring')}_now"
        con.execute(f"insert into identity.{table} from {now}").fetchall()
    run_model("identity", "temp.ruled", context, {"identified": IDENTIFIED})
    run_model("identity", "temp.verdict_now", context, {})
    con.execute(
        "delete from identity.verdict where identifier in ("
        " select identifier from temp.verdict_now"
        " union select identifier from temp.run_touched_identifier)"
    ).fetchall()
    con.execute("insert into identity.verdict from temp.verdict_now").fetchall()
    # What links nobody is counted anew without anybody in scope who carries it.
    con.execute(
        "insert into identity.verdict by name select identifier, tier, status, reason,"
        " first_keyring, keyrings, records, first_seen, last_seen, links_from"
        " from temp.run_asked anti join temp.verdict_now using (identifier)"
    ).fetchall()
