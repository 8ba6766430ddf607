"""The guarded tiers: strongest namespace first, every value joins what the guards allow."""

from decimal import Decimal

import duckdb

from c360.config import DECISION, Settings
from c360.identity.components import label_components
from c360.identity.contested import settle_contests
from c360.step import Context, read_sql, run_model
from c360.warehouse import create_tables, fill_table, has_rows

IDENTIFIED = "identified"
"""The guard of traces: at most one identified customer."""

CONFIDENCE = {"anchor": Decimal("1.00"), "contact": Decimal("0.95"), "trace": Decimal("0.80")}
"""How sure a record's place is, by the strongest identifier that holds it there: a label for people
to sort by, not a probability."""

_CERTAIN = Decimal("1.00")
"""The confidence in what people joined."""


def set_tiers(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write temp.tier (the strongest is tier 1) and temp.guard (the first asked is guard 1).

    Tier 0 is what people joined; a guard that is decided is one of theirs.
    """
    names = settings.identifiers
    fill_table(
        con,
        "temp.tier",
        {
            "namespace": "varchar",
            "tier": "integer",
            "is_identifying": "boolean",
            "is_limited": "boolean",
            "ttl_days": "integer",
            "confidence": "decimal(3, 2)",
        },
        [
            (DECISION, 0, False, False, None, _CERTAIN),
            *(
                (
                    name,
                    tier,
                    each.strength != "trace",
                    each.limit is not None,
                    each.ttl_days,
                    CONFIDENCE[each.strength],
                )
                for tier, (name, each) in enumerate(names.items(), start=1)
            ),
        ],
    )
    limits = {name: each.limit for name, each in names.items() if each.limit}
    limits |= dict.fromkeys(settings.guards.one_per_person, 1) | {IDENTIFIED: 1}
    fill_table(
        con,
        "temp.guard",
        {"guard": "integer", "name": "varchar", "most": "integer", "is_decided": "boolean"},
        [(guard, name, most, False) for guard, (name, most) in enumerate(limits.items(), start=1)],
    )
    con.execute(
        "insert into temp.guard select $limits + row_number() over (order by decision_id),"
        " 'keep_apart ' || decision_id, 1, true from stewardship.decision_in_force"
        " where kind = 'keep_apart'",
        {"limits": len(limits)},
    ).fetchall()


def resolve_tiers(context: Context) -> None:
    """Write temp.cluster_of(node, cluster) and temp.ruling: the values that link nobody, and why.

    Reads temp.coded and temp.seen. A cluster is named by its smallest node; a node that was never
    joined is not in temp.cluster_of. temp.open_edge and temp.open_fact are the graph that the next
    tier sees: clusters stand for what was joined in them.
    """
    con, settings = context.con, context.settings
    con.execute(
        f"create or replace temp view edge as {read_sql('identity', 'temp.edge')}"
    ).fetchall()
    con.execute(
        "create or replace temp table open_edge as"
        " select node as cluster, ident, tier from temp.edge"
    ).fetchall()
    run_model("identity", "temp.open_fact", context, {})
    create_tables(
        con,
        {
            "temp.cluster_of": "node integer, cluster integer",
            "temp.ruling": "ident integer, status varchar, guard integer, n bigint,"
            " cluster_l integer, cluster_r integer",
            "temp.override": "cluster integer, guard integer, value bigint, stands_for bigint",
        },
    )
    _resolve_tier(context, 0, is_trace=False)
    run_model("identity", "temp.override", context, {})
    is_told = False
    for tier, identifier in enumerate(settings.identifiers.values(), start=1):
        if identifier.strength == "trace" and not is_told:
            _tell_identified(context)
            is_told = True
        _resolve_tier(context, tier, is_trace=identifier.strength == "trace")


def _tell_identified(context: Context) -> None:
    """Let the guard of traces count the identified clusters: earlier tiers do not ask for it."""
    run_model(
        "identity",
        "temp.identified_fact",
        context,
        {"identified": IDENTIFIED, "mastering": context.settings.mastering_sources()},
    )
    context.con.execute("insert into temp.open_fact from temp.identified_fact").fetchall()


def _resolve_tier(context: Context, tier: int, *, is_trace: bool) -> None:
    con = context.con
    con.execute(
        "create or replace temp table guard_limit as select guard, most from temp.guard"
        " where is_decided or ($tier > 0 and ($is_trace or name <> $identified))",
        {"tier": tier, "is_trace": is_trace, "identified": IDENTIFIED},
    ).fetchall()
    run_model("identity", "temp.touch", context, {"tier": tier})
    if not has_rows(con, "temp.touch"):
        return
    run_model("identity", "temp.offence", context, {})
    con.execute(
        "insert into temp.ruling select ident, 'shared', guard, n, cluster_l, cluster_r"
        " from temp.offence"
    ).fetchall()
    con.execute(
        "create or replace temp table eligible as"
        " select ident, cluster, min(cluster) over (partition by ident) as hub"
        " from temp.touch anti join temp.offence using (ident)"
    ).fetchall()
    con.execute(
        "create or replace temp table claim_edge as"
        " select distinct cluster as l, hub as r from temp.eligible where cluster <> hub"
    ).fetchall()
    if has_rows(con, "temp.claim_edge"):
        label_components(con, "temp.claim_edge", "move")
        settle_contests(context)
        _contract(con, tier)


def _contract(con: duckdb.DuckDBPyConnection, tier: int) -> None:
    """Let clusters stand for what was joined in them: the graph that later tiers see."""
    con.execute("delete from temp.move where node = component").fetchall()
    con.execute(
        "create or replace temp table cluster_of as"
        " select cluster_of.node, coalesce(move.component, cluster_of.cluster) as cluster"
        " from temp.cluster_of left join temp.move on move.node = cluster_of.cluster"
        " union all select node, component from temp.move anti join temp.cluster_of using (node)"
    ).fetchall()
    con.execute(
        "create or replace temp table open_edge as"
        " select distinct coalesce(move.component, cluster) as cluster, ident, tier"
        " from temp.open_edge left join temp.move on move.node = cluster where tier > $tier",
        {"tier": tier},
    ).fetchall()
    con.execute(
        "create or replace temp table open_fact as"
        " select distinct coalesce(move.component, cluster) as cluster, guard, value"
        " from temp.open_fact left join temp.move on move.node = cluster"
    ).fetchall()
    con.execute(
        "create or replace temp table override as"
        " select distinct coalesce(move.component, cluster) as cluster, guard, value, stands_for"
        " from temp.override left join temp.move on move.node = cluster"
    ).fetchall()
