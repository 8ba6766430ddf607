"""The guarded tiers: strongest namespace first, every value joins what the guards allow."""

from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import duckdb

from c360.config import Identifier, Settings
from c360.identity.components import label_components
from c360.identity.contest import Claim, hear
from c360.step import Context, run_model
from c360.warehouse import fill_table

IDENTIFIED = "identified"
"""The guard of traces: at most one identified customer."""

CONFIDENCE = {"anchor": Decimal("1.00"), "contact": Decimal("0.95"), "trace": Decimal("0.80")}
"""How sure a record's place is, by the strongest identifier that holds it there: a label for people
to sort by, not a probability."""


def resolve_tiers(context: Context) -> None:
    """Write identity.cluster (keyring → customer) and identity.identifier (what became of values).

    A cluster is named by its smallest keyring. Keyrings that share no usable value are not in it.
    """
    con, settings = context.con, context.settings
    parameters = _parameters(settings)
    _set_tiers(con, settings)
    for table in ("usable_identifier", "node", "edge", "node_fact"):
        run_model("identity", f"temp.{table}", context, parameters)
    con.execute(
        "create or replace temp table cluster_of as select node, node as cluster from temp.node"
    )
    con.execute(
        "create or replace temp table verdict (identifier uuid, status varchar, guard varchar,"
        " n bigint, most bigint, cluster_l bigint, cluster_r bigint)"
    )
    for namespace, identifier in settings.identifiers.items():
        _resolve_tier(context, namespace, identifier)
    for table in (
        "temp.settled_identifier",
        "temp.standing",
        "identity.cluster",
        "identity.identifier",
    ):
        run_model("identity", table, context, parameters)


def _resolve_tier(context: Context, namespace: str, identifier: Identifier) -> None:
    con = context.con
    _set_limits(con, context.settings, identifier)
    for table in ("touch", "touched_fact", "offence"):
        run_model("identity", f"temp.{table}", context, {"namespace": namespace})
    con.execute(
        "insert into temp.verdict"
        " select identifier, 'shared', guard, n, most, cluster_l, cluster_r from temp.offence"
    ).fetchall()
    con.execute(
        "create or replace temp table eligible as"
        " select identifier, cluster, min(cluster) over (partition by identifier) as hub"
        " from temp.touch anti join temp.offence using (identifier)"
    ).fetchall()
    con.execute(
        "create or replace temp table claim_edge as"
        " select distinct cluster as l, hub as r from temp.eligible where cluster <> hub"
    ).fetchall()
    label_components(con, "temp.claim_edge", "move")
    _settle_contests(con)
    con.execute(
        "create or replace temp table cluster_of as"
        " select cluster_of.node, coalesce(move.component, cluster_of.cluster) as cluster"
        " from temp.cluster_of left join temp.move on move.node = cluster_of.cluster"
    ).fetchall()


def _settle_contests(con: duckdb.DuckDBPyConnection) -> None:
    """Hear the components whose union would break a guard, and correct temp.move accordingly."""
    con.execute(
        "create or replace temp table contested as select distinct component from ("
        " select move.component, guard from temp.move"
        " join temp.touched_fact on touched_fact.cluster = move.node"
        " join temp.guard_limit using (guard)"
        " group by move.component, guard having count(distinct value) > any_value(most))"
    ).fetchall()
    most = dict(con.execute("select guard, most from temp.guard_limit order by rank").fetchall())
    rows = con.execute(
        "select component, identifier, list(cluster order by cluster) from temp.eligible"
        " join temp.move on move.node = eligible.cluster"
        " join temp.contested using (component) group by component, identifier order by component"
    ).fetchall()
    if not rows:
        return
    facts = _facts(con)
    order = _claim_order(con)
    moves: dict[int, int] = {}
    refused: list[tuple[object, ...]] = []
    for _, component in groupby(rows, key=itemgetter(0)):
        claims = [Claim(each, order[each], tuple(clusters)) for _, each, clusters in component]
        joined, refusals = hear(claims, facts, most)
        moves |= joined
        refused += [
            (r.identifier, r.guard, r.count, most[r.guard], r.cluster_l, r.cluster_r)
            for r in refusals
        ]
    if refused:
        con.executemany("insert into temp.verdict values (?, 'refused', ?, ?, ?, ?, ?)", refused)
    con.execute("delete from temp.move where component in (from temp.contested)").fetchall()
    con.execute(
        "insert into temp.move select unnest($nodes), unnest($components)",
        {"nodes": list(moves), "components": list(moves.values())},
    ).fetchall()


def _facts(con: duckdb.DuckDBPyConnection) -> dict[int, dict[str, frozenset[UUID]]]:
    """Return what the guards count in each cluster of a contested component."""
    facts: dict[int, dict[str, frozenset[UUID]]] = {}
    for cluster, guard, values in con.execute(
        "select cluster, guard, list(value) from temp.touched_fact"
        " join temp.move on move.node = touched_fact.cluster"
        " join temp.contested using (component) join temp.guard_limit using (guard)"
        " group by cluster, guard"
    ).fetchall():
        facts.setdefault(cluster, {})[guard] = frozenset(values)
    return facts


def _claim_order(con: duckdb.DuckDBPyConnection) -> dict[UUID, tuple[object, ...]]:
    """Return the order in which values are heard: most sources, latest, then the value."""
    rows = con.execute(
        "with contested_value as ("
        "  select distinct identifier from temp.eligible"
        "  join temp.move on move.node = eligible.cluster join temp.contested using (component))"
        " select identifier, -count(distinct source), -epoch_us(max(sighting.last_seen)),"
        "  any_value(observation.value)"
        " from contested_value join identity.observation using (identifier)"
        " join identity.sighting using (keyring) group by identifier"
    ).fetchall()
    return {identifier: tuple(order) for identifier, *order in rows}


def _set_tiers(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Write temp.tier(namespace, tier, is_identifying, confidence): the strongest is tier 1."""
    fill_table(
        con,
        "temp.tier",
        {
            "namespace": "varchar",
            "tier": "bigint",
            "is_identifying": "boolean",
            "confidence": "decimal(3, 2)",
        },
        [
            (name, tier, each.strength != "trace", CONFIDENCE[each.strength])
            for tier, (name, each) in enumerate(settings.identifiers.items(), start=1)
        ],
    )


def _set_limits(con: duckdb.DuckDBPyConnection, settings: Settings, tier: Identifier) -> None:
    """Write temp.guard_limit(guard, most, rank): the guards that hold in a tier."""
    limits = {name: each.limit for name, each in settings.identifiers.items() if each.limit}
    limits |= dict.fromkeys(settings.guards.one_per_person, 1)
    if tier.strength == "trace":
        limits[IDENTIFIED] = 1
    fill_table(
        con,
        "temp.guard_limit",
        {"guard": "varchar", "most": "bigint", "rank": "bigint"},
        [(guard, most, rank) for rank, (guard, most) in enumerate(limits.items())],
    )


def _parameters(settings: Settings) -> dict[str, object]:
    names = settings.identifiers
    identifying = [name for name, each in names.items() if each.strength != "trace"]
    return {
        "generic_after": settings.guards.generic_after,
        "visits": [name for name, each in names.items() if each.visit],
        "limited": [name for name, each in names.items() if each.limit],
        "identifying": identifying,
        "counted": [name for name, each in names.items() if each.limit or name in identifying],
        "mastering": settings.mastering_sources(),
    }
