"""What the answers to review items name: records and anchors, because customer ids may change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from c360.step import Context, run_model
from c360.stewardship.log import Engine, Kind, Side
from c360.warehouse import fill_table

_QUESTION = {
    "question": "integer",
    "kind": "varchar",
    "customer_l": "varchar",
    "customer_r": "varchar",
    "run": "integer",
    "item_id": "varchar",
    "namespace": "varchar",
    "value": "varchar",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Two customers as they were after `run`, and what is answered about them.

    `customer_r` is None for the halves of one customer, which are the parts of the review item.
    `value` is the `namespace:value` of a not_shared, which belongs to `customer_l`.
    """

    kind: Kind
    customer_l: str
    customer_r: str | None
    run: int
    item_id: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Sides:
    """What the answer names. A side without records is gone: it had some in that run.

    `valid_from` is when the left side was first seen with the value, `impact_usd` what the review
    item says is at stake; both are None where there is no such thing.
    """

    left: Side
    right: Side
    engine: Engine
    valid_from: datetime | None
    impact_usd: Decimal | None


def name_sides(context: Context, questions: Sequence[Question]) -> list[Sides]:
    """Return the sides of each question, in order.

    A merge names per side the records of sources that master people; where there are none, those
    that carry an anchor or a contact; where there are none, all. A keep_apart names all three, and
    the anchors that only this side carries. A not_shared names the records that carry the value.
    """
    if not questions:
        return []
    con = context.con
    fill_table(
        con,
        "temp.question",
        _QUESTION,
        [
            (place, q.kind, q.customer_l, q.customer_r, q.run, q.item_id, *_parts(q.value))
            for place, q in enumerate(questions)
        ],
    )
    settings = context.settings
    parameters = {
        "mastering": settings.mastering_sources(),
        "anchors": [n for n, each in settings.identifiers.items() if each.strength == "anchor"],
    }
    for table in ("seen_record", "named_by_side", "named_anchor", "named_side"):
        run_model("stewardship", f"temp.{table}", context, parameters)
    rows = con.execute(
        "select records_l, records_r, identifiers_l, identifiers_r, is_united, valid_from,"
        " impact_usd from temp.named_side order by question"
    ).fetchall()
    return [
        Sides(
            Side(tuple(records_l), tuple(identifiers_l)),
            Side(tuple(records_r), tuple(identifiers_r)),
            "together" if is_united else "apart",
            *rest,
        )
        for records_l, records_r, identifiers_l, identifiers_r, is_united, *rest in rows
    ]


def _parts(value: str | None) -> tuple[str | None, str | None]:
    """Split `namespace:value` at its first colon."""
    namespace, colon, rest = (value or "").partition(":")
    return (namespace, rest) if colon else (None, None)
