"""The guarded tiers: strongest namespace first, every value joins what the guards allow."""

from decimal import Decimal
from itertools import groupby
from operator import itemgetter

import duckdb

from c360.config import Settings
from c360.identity.components import label_components
from c360.identity.contest import Claim, hear
from c360.identity.decisions import obey_pairs
from c360.step import Context, read_sql, run_model
from c360.warehouse import create_tables, fill_table, has_rows

IDENTIFIED = "identified"
"""The guard of traces: at most one identified customer."""

CONFIDENCE = {"anchor": Decimal("1.00"), "contact": Decimal("0.95"), "trace": Decimal("0.80")}
"""How sure a record's place is, by the strongest identifier that holds it there: a label for people
to sort by, not a probability."""


_DECIDED = (0, 0, "")
"""The place of what a steward joined among the values of a contested component: all are decided."""


def set_tiers(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write temp.tier (the strongest is tier 1) and temp.guard (the first asked is guard 1)."""
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
            (
                name,
                tier,
                each.strength != "trace",
                each.limit is not None,
                each.ttl_days,
                CONFIDENCE[each.strength],
            )
            for tier, (name, each) in enumerate(names.items(), start=1)
        ],
    )
    limits = {name: each.limit for name, each in names.items() if each.limit}
    limits |= dict.fromkeys(settings.guards.one_per_person, 1) | {IDENTIFIED: 1}
    fill_table(
        con,
        "temp.guard",
        {"guard": "integer", "name": "varchar", "most": "integer"},
        [(guard, name, most) for guard, (name, most) in enumerate(limits.items(), start=1)],
    )


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
        },
    )
    obey_pairs(context)
    _resolve_tier(context, 0, is_trace=False)
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
        " where $is_trace or name <> $identified",
        {"is_trace": is_trace, "identified": IDENTIFIED},
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
        _settle_contests(context)
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


def _settle_contests(context: Context) -> None:
    """Hear the components whose union would break a guard, and correct temp.move accordingly."""
    con = context.con
    run_model("identity", "temp.contested", context, {})
    rows = con.execute(
        "select component, ident, list(cluster order by cluster) from temp.eligible"
        " join temp.move on move.node = eligible.cluster"
        " join temp.contested using (component) group by component, ident order by component"
    ).fetchall()
    if not rows:
        return
    most = dict(con.execute("select guard, most from temp.guard_limit order by guard").fetchall())
    facts = _facts(con)
    order = _claim_order(con)
    moves: dict[int, int] = {}
    refused: list[tuple[object, ...]] = []
    for _, component in groupby(rows, key=itemgetter(0)):
        claims = [
            Claim(each, order.get(each, _DECIDED), tuple(clusters))
            for _, each, clusters in component
        ]
        joined, refusals = hear(claims, facts, most)
        moves |= joined
        refused += [(r.ident, r.guard, r.count, r.cluster_l, r.cluster_r) for r in refusals]
    if refused:
        con.executemany("insert into temp.ruling values (?, 'refused', ?, ?, ?, ?)", refused)
    con.execute("delete from temp.move where component in (from temp.contested)").fetchall()
    con.execute(
        "insert into temp.move select unnest($nodes), unnest($components)",
        {"nodes": list(moves), "components": list(moves.values())},
    ).fetchall()


def _facts(con: duckdb.DuckDBPyConnection) -> dict[int, dict[int, frozenset[int]]]:
    """Return what the guards count in each cluster of a contested component."""
    facts: dict[int, dict[int, frozenset[int]]] = {}
    for cluster, guard, values in con.execute(
        "select cluster, guard, list(coalesce(value, cluster)) from temp.open_fact"
        " join temp.move on move.node = cluster"
        " join temp.contested using (component) join temp.guard_limit using (guard)"
        " group by cluster, guard"
    ).fetchall():
        facts.setdefault(cluster, {})[guard] = frozenset(values)
    return facts


def _claim_order(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[object, ...]]:
    """Return the order in which values are heard: most sources, latest, then the value."""
    rows = con.execute(
        "with contested_value as ("
        "  select distinct ident from temp.eligible"
        "  join temp.move on move.node = eligible.cluster join temp.contested using (component))"
        " select ident, -count(distinct sighting.source), -epoch_us(max(sighting.last_seen)),"
        "  any_value(value.value)"
        " from contested_value join temp.edge using (ident) join temp.node using (node)"
        " join identity.sighting using (keyring) join temp.code using (ident)"
        " join identity.value using (identifier) group by ident"
    ).fetchall()
    return {ident: tuple(order) for ident, *order in rows}
