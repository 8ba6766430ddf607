"""The page of one review item: both sides, what is at issue, what would happen, the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.responses import Response

from c360.config import Settings
from c360.stewardship.page.asked import Asked, list_after, read_asked
from c360.stewardship.page.choices import QUESTIONS, choices_of
from c360.stewardship.page.details import Details, read_conflicting, read_decisions, read_details
from c360.stewardship.page.forecast import (
    Party,
    counted,
    foresee_apart,
    foresee_cut,
    foresee_merge,
    foresee_whole,
)
from c360.stewardship.page.items import Item, read_item, read_neighbours
from c360.stewardship.page.likeness import read_likeness
from c360.stewardship.page.pictures import MOST_RECORDS
from c360.stewardship.page.site import Visit

_HALVES = {"l": "larger half", "r": "smaller half"}


@dataclass(frozen=True, slots=True)
class Head:
    """How a side is called at the head of its column."""

    name: str
    note: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What happens if; `decision` is what a rehearsal of it is asked for."""

    title: str
    decision: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A customer whose graph is drawn at `href`; None: it is too large to wait for."""

    customer_id: str
    records: int
    href: str | None


def show_item(visit: Visit) -> Response:
    """Answer with the page of an item."""
    return answer_item(visit, visit.part("item_id"))


def answer_item(
    visit: Visit,
    item_id: str,
    status: int = 200,
    *,
    problem: str | None = None,
    kept: Mapping[str, str] | None = None,
) -> Response:
    """Answer with the page of an item, and what could not be recorded of what was typed."""
    query = visit.asked()
    asked = read_asked(query)
    with visit.site.door.reading() as context:
        item = read_item(context.con, item_id)
        if item is None:
            return no_item(visit, item_id)
        details = read_details(context, item)
        conflicting = (
            read_conflicting(context.con, item, details) if item.kind == "decision_conflict" else []
        )
        likeness = read_likeness(context.con, item)
        neighbours = read_neighbours(context.con, asked.filter(visit.steward), item)
        after = read_decisions(context.con, decision_ids=list_after(query))
        settings = context.settings
    return visit.show(
        "item.html.j2",
        status,
        item=item,
        version=item.version,
        query=asked.query(),
        previous=neighbours.previous,
        next=neighbours.next,
        sides=_heads(item, details),
        pairs=details.pairs,
        likeness=likeness,
        values=details.values,
        forecasts=_forecasts(item, details, settings),
        has_plans=visit.site.plans.has_any and details.standing is None,
        pictures=_pictures(item, details),
        decisions=details.decisions,
        standing=details.standing,
        conflicting=conflicting,
        question=QUESTIONS[item.kind],
        choices=choices_of(item, has_disputed=any(v.is_disputed for v in details.values)),
        problem=problem,
        typed=kept or {},
        after=after[0] if after else None,
    )


def no_item(visit: Visit, item_id: str) -> Response:
    """Answer that there is no such item."""
    return visit.show(
        "message.html.j2",
        404,
        heading="There is no such item",
        text=f"The queue has no item {item_id}. Items of another warehouse have other ids.",
        back=Asked().href,
    )


def _heads(item: Item, details: Details) -> list[Head]:
    if item.customer_id_r is None:
        return [Head(half, counted(details.halves.get(side, 0))) for side, half in _HALVES.items()]
    return [Head(party.customer_id, counted(party.records)) for party in _parties(item, details)]


def _parties(item: Item, details: Details) -> list[Party]:
    """Return the customers; one of a pair that died since the queue was made has no records."""
    if item.customer_id_r is None:
        return [Party(item.customer_id_l, sum(details.halves.values()))]
    return [details.parties.get(each, Party(each, 0)) for each in item.customers]


def _forecasts(item: Item, details: Details, settings: Settings) -> list[Forecast]:
    if item.state == "obsolete" or item.kind == "decision_conflict":
        return []
    if item.customer_id_r is None:
        sizes = [details.halves.get(side, 0) for side in _HALVES]
        return [
            Forecast("Merge", "merge", tuple(foresee_whole(sum(sizes)))),
            Forecast("Keep apart", "keep_apart", tuple(foresee_cut(*sizes))),
        ]
    left, right = _parties(item, details)
    disputed = [value.name for value in details.values if value.is_disputed]
    return [
        Forecast("Merge", "merge", tuple(foresee_merge(left, right, details.pairs, settings))),
        Forecast("Keep apart", "keep_apart", tuple(foresee_apart(left, right, disputed))),
    ]


def _pictures(item: Item, details: Details) -> list[Picture]:
    return [
        Picture(
            party.customer_id,
            party.records,
            f"/customers/{quote(party.customer_id, safe='')}/picture.svg?run={item.last_run}"
            if party.records <= MOST_RECORDS
            else None,
        )
        for party in _parties(item, details)
        if party.records
    ]
