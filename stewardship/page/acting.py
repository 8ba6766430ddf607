"""What a steward does to an item: decides, takes it, confirms, revokes, all as they saw it."""

from collections.abc import Callable

from starlette.responses import Response

from c360.errors import C360Error, DecisionError
from c360.step import Context
from c360.stewardship.answering import Answer, judge
from c360.stewardship.log import record, revoke, second
from c360.stewardship.page.asked import read_asked
from c360.stewardship.page.details import Decided, read_decisions
from c360.stewardship.page.item_page import answer_item, no_item
from c360.stewardship.page.items import Item, read_item, read_neighbours
from c360.stewardship.page.site import Visit, go_to
from c360.stewardship.page.visiting import typed

LONGEST_REASON = 2_000
"""Characters of a reason."""

Act = Callable[[Context, Item], str]
"""Writes, and returns the id of the decision that it made; "" for one that makes none."""


class _NoItemError(Exception):
    """There is no such item."""


class _ChangedError(Exception):
    """The item is not as the steward saw it; `item` is what it is now."""

    def __init__(self, item: Item, last: Decided | None) -> None:
        self.item, self.last = item, last
        super().__init__(item.item_id)


def decide(visit: Visit) -> Response:
    """Record a decision and go on to the next item that is left."""

    def act(context: Context, item: Item) -> str:
        answer = Answer(
            "this form",
            item.item_id,
            item.last_run,
            visit.form.get("decision", ""),
            _reason(visit),
            visit.steward,
        )
        judged = judge(context, [answer])
        if judged.wrong:
            raise DecisionError([*judged.wrong.values()])
        if not judged.drafts:
            raise DecisionError(["that has been decided already"])
        return record(context, judged.drafts)[-1]

    return _done(visit, act, "decide", goes_on=True)


def assign(visit: Visit) -> Response:
    """Take an item, or give it back."""

    def act(context: Context, item: Item) -> str:
        mine = visit.form.get("to") == "me"
        context.con.execute(
            "update stewardship.review_item set assignee = $assignee, state = case"
            " when state in ('open', 'assigned') then $state else state end"
            " where item_id = $item_id",
            {
                "assignee": visit.steward if mine else None,
                "state": "assigned" if mine else "open",
                "item_id": item.item_id,
            },
        ).fetchall()
        return ""

    return _done(visit, act, "assign", goes_on=False)


def confirm(visit: Visit) -> Response:
    """Be the second who agrees with the decision on an item."""

    def act(context: Context, item: Item) -> str:
        return second(context, str(item.decision_id), visit.steward, _reason(visit))

    return _done(visit, act, "second", goes_on=True)


def take_back(visit: Visit) -> Response:
    """Revoke a decision."""

    def act(context: Context, item: Item) -> str:
        return revoke(context, visit.form.get("decision_id", ""), _reason(visit), visit.steward)

    return _done(visit, act, "revoke", goes_on=False)


def _done(visit: Visit, act: Act, form: str, *, goes_on: bool) -> Response:
    """Act on an item in one transaction, or say why not and keep what was typed."""
    item_id = visit.part("item_id")
    asked = read_asked(visit.asked())
    try:
        with visit.site.door.writing() as context:
            item = read_item(context.con, item_id)
            if item is None:
                raise _NoItemError
            if item.version != visit.form.get("version"):
                raise _ChangedError(item, _last(context, item))
            decision_id = act(context, item)
            neighbours = read_neighbours(context.con, asked.filter(visit.steward), item)
    except _NoItemError:
        return no_item(visit, item_id)
    except _ChangedError as changed:
        return _conflict(visit, changed)
    except C360Error as error:
        kept = {**visit.form, "form": form}
        return answer_item(visit, item_id, 422, problem=str(error), kept=kept)
    follows = (neighbours.next or neighbours.first) if goes_on else item_id
    path = f"/items/{follows}" if follows else "/"
    query = asked.query(after=decision_id or None)
    return go_to(f"{path}?{query}" if query else path)


def _reason(visit: Visit) -> str:
    reason = visit.form.get("reason", "").replace("\r\n", "\n").strip()
    if not reason:
        raise DecisionError(["no reason; say why in a few words"])
    if len(reason) > LONGEST_REASON:
        raise DecisionError(
            [f"the reason has {len(reason):,} characters; {LONGEST_REASON:,} are enough"]
        )
    return reason


def _last(context: Context, item: Item) -> Decided | None:
    decisions = read_decisions(context.con, item_id=item.item_id)
    return decisions[-1] if decisions else None


def _conflict(visit: Visit, changed: _ChangedError) -> Response:
    """Answer that somebody was quicker, who and with what."""
    item, query = changed.item, read_asked(visit.asked()).query()
    return visit.show(
        "conflict.html.j2",
        409,
        item=item,
        last=changed.last,
        seen_run=visit.form.get("version", "").partition(".")[0],
        typed=typed(visit.form),
        href=f"/items/{item.item_id}" + (f"?{query}" if query else ""),
    )
