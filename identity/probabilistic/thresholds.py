"""How right the proposals are from each match probability on: one by one, and as groups."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import duckdb
from networkx.utils import UnionFind

from c360.identity.probabilistic.layout import KEPT_ABOVE
from c360.identity.probabilistic.linkage import Claims, Edge, link_clusters
from c360.identity.probabilistic.unlinkable import unlinkable_shares
from c360.step import Context, read_sql, run_model
from c360.warehouse import fill_table, has_rows, has_table

THRESHOLDS = (0.05, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
"""Match probabilities at which the proposals are judged, beside those of the configuration."""

DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares in [0, 1]; None where there is nothing to ask of."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of both."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def figures(self) -> dict[str, float | None]:
        """Return the rates for programs."""
        f1 = self.f1
        return asdict(self) | {"f1": None if f1 is None else round(f1, DECIMALS)}


@dataclass(frozen=True, slots=True)
class ThresholdFigures:
    """What would be right and found of labelled pairs of records with the proposals from here on.

    `edges` takes each pair of customers by itself; `clusters` (and its `bcubed`) the groups of
    `link_clusters`, `components` all that hangs together. `unlinkable` is the share of compared
    customers that would not reach the threshold even against themselves; None: it is not known.
    """

    threshold: float
    proposals: int
    edges: Rates
    clusters: Rates
    bcubed: Rates
    components: Rates
    unlinkable: float | None

    def figures(self) -> dict[str, object]:
        """Return the figures for programs."""
        named = {name: getattr(self, name) for name in self.__slots__}
        return {
            name: value.figures() if isinstance(value, Rates) else value
            for name, value in named.items()
        }


def has_proposals(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the last run has proposed anything."""
    return has_table(con, "identity.proposal") and has_rows(con, "identity.proposal")


def judge_thresholds(context: Context) -> tuple[ThresholdFigures, ...]:
    """Judge the proposals of the last run from each threshold on, the lowest first.

    Reads temp.evaluation_cell: the customers as they are against the truth. Guards, decisions to
    keep apart and the promises of `one_to_one` hold in `clusters` as they do where the rule of
    `accept_above` joins; that it also leaves alone what people work on is not looked at.
    """
    probabilistic = context.settings.probabilistic
    asked = {*THRESHOLDS, probabilistic.review_above, probabilistic.accept_above}
    thresholds = sorted(each for each in asked if each is not None and each >= KEPT_ABOVE)
    con = context.con
    _write_groups(context, thresholds)
    for table in ("threshold_apart", "threshold_pair", "threshold_edge", "threshold_together"):
        run_model("identity", f"temp.{table}", context, {})
    together = {
        (linkage, threshold): (Rates(*rates[:2]), Rates(*rates[2:]))
        for linkage, threshold, *rates in con.execute(
            "from temp.threshold_together order by linkage, threshold"
        ).fetchall()
    }
    unlinkable = unlinkable_shares(context, thresholds)
    return tuple(
        ThresholdFigures(
            threshold,
            proposals,
            Rates(*rates),
            *together["average", threshold],
            together["components", threshold][0],
            unlinkable.get(threshold),
        )
        for threshold, proposals, *rates in con.execute(
            "from temp.threshold_edge order by threshold"
        ).fetchall()
    )


def _write_groups(context: Context, thresholds: Sequence[float]) -> None:
    """Write temp.threshold and temp.threshold_group: the groups by linkage and threshold."""
    con = context.con
    fill_table(con, "temp.threshold", {"threshold": "double"}, [(each,) for each in thresholds])
    edges = [
        Edge(*row)
        for row in con.execute(
            "select customer_id_l, customer_id_r, match_probability from identity.proposal"
            " order by match_probability desc, customer_id_l, customer_id_r"
        ).fetchall()
    ]
    claims, limits = _claims(context), _limits(context)
    groups: dict[tuple[str, float], Iterable[Iterable[str]]] = {}
    for each in thresholds:
        groups["average", each] = link_clusters(edges, claims, limits, join_above=each)
    for each, found in _components(edges, thresholds):
        groups["components", each] = found
    rows = [
        (linkage, threshold, min(group), customer_id)
        for (linkage, threshold), found in groups.items()
        for group in found
        for customer_id in sorted(group)
    ]
    columns = {"linkage": "varchar", "threshold": "double"}
    columns |= {"cluster": "varchar", "customer_id": "varchar"}
    fill_table(con, "temp.threshold_group", columns, rows)


def _components(
    edges: Sequence[Edge], thresholds: Sequence[float]
) -> Iterator[tuple[float, list[set[str]]]]:
    """Yield what hangs together at each threshold. The edges come the most probable first."""
    joined: UnionFind[str] = UnionFind()
    place = 0
    for threshold in sorted(thresholds, reverse=True):
        while place < len(edges) and edges[place].match_probability >= threshold:
            joined.union(edges[place].customer_id_l, edges[place].customer_id_r)
            place += 1
        yield threshold, list(joined.to_sets())


def _claims(context: Context) -> Claims:
    settings = context.settings
    held: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for customer_id, guard, value in context.con.execute(
        read_sql("identity", "temp.threshold_claim"),
        {
            "namespaces": list(_limits(context)),
            "attributes": list(settings.guards.one_per_person),
            "one_to_one": list(settings.probabilistic.one_to_one),
        },
    ).fetchall():
        held[customer_id].add((guard, value))
    return {customer_id: frozenset(each) for customer_id, each in held.items()}


def _limits(context: Context) -> dict[str, int]:
    """Return the most values of each limited namespace that one person has."""
    named = context.settings.identifiers.items()
    return {name: each.limit for name, each in named if each.limit}
