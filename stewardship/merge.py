"""Two customers made one: what the decision names, and what it overrides."""

from dataclasses import dataclass

from c360.errors import C360Error, DecisionError
from c360.identity.explain_customer_text import FEW
from c360.identity.explain_evidence import printable
from c360.identity.explain_pair import Conflict, explain_pair
from c360.identity.explain_reference import find_subject
from c360.step import Context
from c360.stewardship.checking import find_contradictions
from c360.stewardship.customer_graph import read_customer
from c360.stewardship.log import Draft, Side
from c360.stewardship.side_by_side import Field, describe, fields_figures, fields_text, side_by_side
from c360.stewardship.sides import Question, name_sides
from c360.stewardship.unmerge import revenue_of


@dataclass(frozen=True, slots=True)
class Merge:
    """Two customers that are to be one; `conflicts` are the guards that this overrides."""

    customer_id_l: str
    customer_id_r: str
    notes: tuple[str, ...]
    conflicts: tuple[Conflict, ...]
    fields: tuple[Field, ...]
    draft: Draft


def find_merge(context: Context, references: tuple[str, str], reason: str, by: str) -> Merge:
    """Return what it takes to make one of two customers.

    Args:
        context: Of a workspace where customers have been resolved.
        references: Each a customer id, source:record_id or namespace:value.
        reason: Why they are one.
        by: Who says so.

    Raises:
        C360Error: a reference leads to no customer, or both lead to one.
        DecisionError: a keep_apart in force keeps them apart.
    """
    left, right = (read_customer(context, reference) for reference in references)
    one, other = left.customer_id, right.customer_id
    if one == other:
        msg = f"{references[0]} and {references[1]} are one customer already: {one}"
        raise C360Error(msg)
    subject_l, subject_r = (find_subject(context, each, None) for each in (one, other))
    pair = explain_pair(context, subject_l, subject_r, None)
    (sides,) = name_sides(context, [Question("merge", one, other, context.run)])
    draft = Draft(
        "merge",
        sides.left,
        sides.right,
        "apart",
        reason,
        by,
        impact_usd=revenue_of(context.con, [one, other]),
    )
    wrong = find_contradictions(context, [draft], [f"the merge of {one} and {other}"])
    if wrong:
        raise DecisionError([f"the merge of {one} and {other} {wrong[0]}"])
    return Merge(
        one,
        other,
        tuple(each.note for each in (left, right) if each.note is not None),
        pair.conflicts,
        side_by_side(
            context.settings,
            *(describe(context, [*each.records.values()], each.links) for each in (left, right)),
        ),
        draft,
    )


def merge_text(merge: Merge) -> str:
    """Return the merge as paragraphs, each with a head that is not indented."""
    one, other = merge.customer_id_l, merge.customer_id_r
    sides = ((one, merge.draft.left), (other, merge.draft.right))
    paragraphs = [
        [f"Customers {one} and {other} in one", *(f"  {note}" for note in merge.notes)],
        ["The decision names", *(f"  of {c}: {_named(side)}" for c, side in sides)],
        [
            "Guards that it overrides",
            *(f"  {c.guard}: {c.count:,} values, at most {c.most:,}" for c in merge.conflicts),
        ],
        ["Side by side", *fields_text(merge.fields, one, other)],
    ]
    heads = paragraphs[:1]
    rest = [lines for lines in paragraphs[1:] if len(lines) > 1]
    return "\n\n".join("\n".join(lines) for lines in [*heads, *rest])


def _named(side: Side) -> str:
    names = ", ".join(map(printable, side.records[:FEW]))
    more = len(side.records) - FEW
    return f"{names} and {more:,} more" if more > 0 else names


def merge_figures(merge: Merge) -> dict[str, object]:
    """Return the merge for programs."""
    return {
        "customer_id_l": merge.customer_id_l,
        "customer_id_r": merge.customer_id_r,
        "records_l": list(merge.draft.left.records),
        "records_r": list(merge.draft.right.records),
        "overrides": [
            {"guard": c.guard, "values": c.count, "at_most": c.most} for c in merge.conflicts
        ],
        "fields": fields_figures(merge.fields),
        "revenue_usd": merge.draft.impact_usd,
    }
