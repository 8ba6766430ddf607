"""What the rule of `accept_above` decides unseen, in decisions that die with the model."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from networkx.utils import UnionFind

from c360.config import Settings
from c360.identity.decisions import make_decision_tables
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.identity.probabilistic.linkage import Edge, link_clusters
from c360.step import Context, read_sql, run_model
from c360.stewardship.checking import find_contradictions
from c360.stewardship.layout import make_queue_tables
from c360.stewardship.log import Draft, record, revoke_by_rule
from c360.stewardship.namespaces import install_macros, set_namespaces
from c360.stewardship.probable import find_proposals
from c360.stewardship.sides import Question, name_sides

RULE = "rule:probabilistic"
"""Who decides. The provenance of the decisions is `rule:probabilistic@<model>`."""


@dataclass(frozen=True, slots=True)
class _Accepted:
    """A proposal that may be accepted; `customer_id_l` is the smaller id."""

    customer_id_l: str
    customer_id_r: str
    model: str
    match_weight: float
    item_id: str
    evidence: str


def accept_proposals(context: Context) -> int:
    """Merge what is proposed from `accept_above` on, and return how many decisions that makes.

    To be called in the run that made the proposals and the queue. Own decisions that have lost
    their ground are revoked first (`revoke_outdated`).

    Left to people is what they have spoken of or work on (a keep_apart in force or awaiting its
    second, a not_shared, a defer, a merge that somebody took back, an assigned item), what stands
    against a guard or the promise of a source of `one_to_one`, customers that decisions not yet
    obeyed may change, and customers that the rule has made: as a group they were judged once, and
    the more a customer has of everything, the more it is like others. A rule is never one of two
    people: with `two_person_above` it leaves what is worth more, and what is not priced yet.

    Who is joined is for `link_clusters` to say. A group is joined by its heaviest proposals that
    hold it together, each a decision of its own; a second call adds nothing.
    """
    revoke_outdated(context)
    above = context.settings.probabilistic.accept_above
    if above is None or _why_off(context.settings) is not None:
        return 0
    _find_acceptable(context, above)
    groups = _groups(context, above)
    chosen = _holding_together(_read_accepted(context), groups)
    if not chosen:
        return 0
    drafts = list(_drafts(context, chosen, above))
    names = [str(draft.item_id) for draft in drafts]
    wrong = find_contradictions(context, drafts, names)
    kept = [draft for place, draft in enumerate(drafts) if place not in wrong]
    return len(record(context, kept))


def revoke_outdated(context: Context) -> int:
    """Take back own decisions that have lost their ground, and return how many.

    That is: nothing is accepted any more; the model was replaced; the score that was accepted is
    below the present `accept_above`; a keep_apart forbids it; or one of the two was a customer
    that a merge had made which is revoked since. The next resolution obeys the revocations, so a
    command that trains a model does well to call this.
    """
    con = context.con
    make_decision_tables(con)
    make_queue_tables(con)
    make_proposal_tables(con)
    probabilistic = context.settings.probabilistic
    asked = {
        "rule": RULE,
        "off": _why_off(context.settings),
        "model": _model(context),
        "accept_above": probabilistic.accept_above,
    }
    revoked = 0
    while True:
        whys: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for decision_id, provenance, why in con.execute(
            read_sql("stewardship", "stewardship.outdated_acceptance"), asked
        ).fetchall():
            whys[provenance][decision_id] = why
        if not whys:
            return revoked
        # Each round may take the ground from decisions that were made on top of these.
        for provenance, reasons in whys.items():
            revoked += len(revoke_by_rule(context, provenance, reasons))


def _why_off(settings: Settings) -> str | None:
    """Say why nothing is accepted; None where something may be."""
    if not settings.probabilistic.enabled:
        return "probabilistic.enabled is off"
    if settings.probabilistic.accept_above is None:
        return "probabilistic.accept_above is not set"
    return None


def _model(context: Context) -> str | None:
    """Return the model that was trained last; None where nothing tells."""
    rows = context.con.execute(
        "select model from identity.model_level order by run desc, model limit 1"
    ).fetchall()
    rows = rows or context.con.execute("select max(model) from identity.proposal").fetchall()
    return rows[0][0] if rows else None


def _find_acceptable(context: Context, above: float) -> None:
    """Write temp.acceptable and what it takes to say who is joined."""
    install_macros(context.con, context.settings)
    set_namespaces(context.con, context.settings)
    run_model("stewardship", "temp.separated", context, {})
    find_proposals(context)
    parameters: dict[str, object] = {
        "accept_above": above,
        "two_person_above": context.settings.stewardship.two_person_above,
    }
    for table in (
        "standing_decision",
        "barred",
        "unsettled",
        "rule_made",
        "acceptable",
        "joinable",
        "accept_edge",
        "accept_claim",
    ):
        run_model("stewardship", f"temp.{table}", context, parameters)


def _groups(context: Context, above: float) -> list[frozenset[str]]:
    """Return the groups of customers to join."""
    con = context.con
    # A pair that may not be joined still speaks for the group that it lies in.
    below = math.nextafter(above, 0)
    edges = [
        Edge(left, right, probability if is_allowed else min(probability, below))
        for left, right, probability, is_allowed in con.execute(
            "select customer_id_l, customer_id_r, match_probability, is_allowed"
            " from temp.accept_edge order by customer_id_l, customer_id_r"
        ).fetchall()
    ]
    claims: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for customer_id, guard, value in con.execute(
        "select customer_id, guard, value from temp.accept_claim order by all"
    ).fetchall():
        claims[customer_id].add((guard, value))
    limits = {
        str(place): most
        for place, most in con.execute(
            "select place, most from temp.customer_guard order by place"
        ).fetchall()
    }
    held = {customer_id: frozenset(each) for customer_id, each in claims.items()}
    return link_clusters(edges, held, limits, join_above=above)


def _read_accepted(context: Context) -> list[_Accepted]:
    rows = context.con.execute(
        "select customer_id_l, customer_id_r, model, match_weight, item_id, evidence"
        " from temp.acceptable where is_allowed"
        " order by match_weight desc, customer_id_l, customer_id_r"
    ).fetchall()
    return [_Accepted(*row) for row in rows]


def _holding_together(
    accepted: Sequence[_Accepted], groups: Iterable[frozenset[str]]
) -> list[_Accepted]:
    """Return the proposals, heaviest first, that make one of each group: a spanning tree of it."""
    group_of = {customer: place for place, group in enumerate(groups) for customer in group}
    joined: UnionFind[str] = UnionFind()
    chosen: list[_Accepted] = []
    for each in accepted:
        left, right = each.customer_id_l, each.customer_id_r
        group = group_of.get(left)
        if group is not None and group == group_of.get(right) and joined[left] != joined[right]:
            joined.union(left, right)
            chosen.append(each)
    return chosen


def _drafts(context: Context, chosen: Sequence[_Accepted], above: float) -> Iterable[Draft]:
    """Yield the decisions in the order of the customers."""
    ordered = sorted(chosen, key=lambda each: (each.customer_id_l, each.customer_id_r))
    sides = name_sides(
        context,
        [
            Question("merge", each.customer_id_l, each.customer_id_r, context.run, each.item_id)
            for each in ordered
        ],
    )
    for each, named in zip(ordered, sides, strict=True):
        yield Draft(
            "merge",
            named.left,
            named.right,
            "apart",
            f"{each.evidence}; accepted from {above:g} on",
            RULE,
            item_id=each.item_id,
            impact_usd=named.impact_usd,
            provenance=f"{RULE}@{each.model}",
        )
