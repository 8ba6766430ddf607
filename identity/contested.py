"""The components whose union would break a guard: their values are heard one by one."""

from itertools import groupby
from operator import itemgetter

import duckdb

from c360.identity.contest import Claim, hear
from c360.step import Context, run_model


def settle_contests(context: Context) -> None:
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
    excuses = _excuses(con)
    order = _claim_order(con)
    moves: dict[int, int] = {}
    refused: list[tuple[object, ...]] = []
    for _, component in groupby(rows, key=itemgetter(0)):
        claims = [Claim(each, order[each], tuple(clusters)) for _, each, clusters in component]
        joined, refusals = hear(claims, facts, most, excuses)
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


def _excuses(con: duckdb.DuckDBPyConnection) -> dict[int, dict[int, dict[int, int]]]:
    """Return what people allowed beyond the guards, by cluster of a contested component."""
    excuses: dict[int, dict[int, dict[int, int]]] = {}
    for cluster, guard, value, stands_for in con.execute(
        "select cluster, guard, value, stands_for from temp.override"
        " join temp.move on move.node = cluster join temp.contested using (component)"
        " join temp.guard_limit using (guard)"
    ).fetchall():
        excuses.setdefault(cluster, {}).setdefault(guard, {})[value] = stands_for
    return excuses


def _claim_order(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[object, ...]]:
    """Return the order in which values are heard: most sources, latest, then the value.

    Among decisions the earlier one is heard first.
    """
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
    number = dict(
        con.execute("select decision_id, number from stewardship.decision_in_force").fetchall()
    )
    return {
        ident: (number.get(value, 0), sources, latest, value)
        for ident, sources, latest, value in rows
    }
