"""An unmerge as text for people and as figures for programs."""

from c360.config import DECISION
from c360.identity.explain_customer import by_source
from c360.identity.explain_customer_text import FEW_RECORDS, counted
from c360.stewardship.side_by_side import fields_figures, fields_text
from c360.stewardship.unmerge import CutValue, Half, Unmerge

_SIDES = {"l": "left", "r": "right"}


def unmerge_text(unmerge: Unmerge) -> str:
    """Return the cut as paragraphs, each with a head that is not indented."""
    left, right = unmerge.left, unmerge.right
    keeps = f"keeps the id {unmerge.customer_id}"
    names = [f"Left, {keeps}", "Right, gets an id of its own"]
    if len(left.records) == len(right.records):
        names = [f"Left, {keeps} if it has the oldest record", "Right, likewise"]
    paragraphs = [
        [
            f"Customer {unmerge.customer_id} in two",
            f"  {counted(len(left.records), 'record')} left, {len(right.records):,} right",
            *([] if unmerge.note is None else [f"  {unmerge.note}"]),
        ],
        ["The cut goes through", *map(_value, unmerge.values)],
        *([name, *_half(half)] for name, half in zip(names, (left, right), strict=True)),
        ["Side by side", *fields_text(unmerge.fields, "left", "right")],
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if len(lines) > 1)


def unmerge_figures(unmerge: Unmerge) -> dict[str, object]:
    """Return the cut for programs; values as they may be shown."""
    return {
        "customer_id": unmerge.customer_id,
        "cut": [
            {
                "namespace": each.value.namespace,
                "value": each.shown,
                "strength": each.strength,
                "records_l": each.records_l,
                "records_r": each.records_r,
                "stays_with": _SIDES.get(each.stays_with or ""),
            }
            for each in unmerge.values
        ],
        "left": _half_figures(unmerge.left),
        "right": _half_figures(unmerge.right),
        "fields": fields_figures(unmerge.fields),
        "revenue_usd": unmerge.revenue_usd,
    }


def _value(each: CutValue) -> str:
    counts = f"on {each.records_l:,} left, {each.records_r:,} right"
    name = f"{each.value.namespace} {each.shown}"
    return f"  {each.strength:<8}  {name}: {counts}; {_fate(each)}"


def _fate(value: CutValue) -> str:
    """Say what becomes of an identifier of the cut."""
    if value.strength == DECISION:
        return (
            "a merge that this contradicts and overrules; end the conflict with"
            f" `c360 review revoke {value.shown}`"
        )
    if value.stays_with is None:
        return "joins nobody from then on"
    return f"stays with the {_SIDES[value.stays_with]}"


def _half(half: Half) -> list[str]:
    records = [*half.records.values()]
    width = max(len(source) for source, _ in by_source(records))
    lines = [
        f"  {source:<{width}}  {number:>6,}  {_named(half, source)}"
        for source, number in by_source(records)
    ]
    if len(half.groups) > 1:
        sizes = " | ".join(f"{size:,}" for size in half.groups)
        lines.append(
            f"  falls into {len(half.groups):,} customers ({sizes}), because nothing else joins"
            " them; `c360 merge` joins those that are one person"
        )
    return lines


def _named(half: Half, source: str) -> str:
    """Name the first records of a source."""
    names = [
        record.name.partition(":")[2] for record in half.records.values() if record.source == source
    ]
    more = len(names) - FEW_RECORDS
    return ", ".join(names[:FEW_RECORDS]) + (f" and {more:,} more" if more > 0 else "")


def _half_figures(half: Half) -> dict[str, object]:
    return {
        "records": [*half.records],
        "sources": dict(by_source([*half.records.values()])),
        "anchors": [{"namespace": a.namespace, "value": a.shown} for a in half.anchors],
        "groups": [*half.groups],
    }
