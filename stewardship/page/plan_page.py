"""The page of a rehearsal: asked for by a form, looked at until it is over."""

from starlette.responses import Response

from c360.stewardship.page.asked import read_asked
from c360.stewardship.page.item_page import no_item
from c360.stewardship.page.items import Item, read_item
from c360.stewardship.page.plans import Question
from c360.stewardship.page.site import Visit, go_to, words

DECISIONS = ("merge", "keep_apart")
"""What can be rehearsed."""

REFRESH_SECONDS = 3


def ask_plan(visit: Visit) -> Response:
    """Begin a rehearsal and go to the page that waits for it."""
    item = _item(visit)
    if isinstance(item, Response):
        return item
    question = _question(visit, item, visit.form.get("decision", ""))
    if visit.form.get("again"):
        visit.site.plans.forget(question)
    visit.site.plans.ask(question)
    return go_to(_href(visit, question))


def show_plan(visit: Visit) -> Response:
    """Answer with a rehearsal, or how far it is."""
    item = _item(visit)
    if isinstance(item, Response):
        return item
    question = _question(visit, item, visit.asked().get("decision", ""))
    answer = visit.site.plans.look(question)
    return visit.show(
        "plan.html.j2",
        item=item,
        decision=question.decision,
        title=words(question.decision),
        answer=answer,
        seconds=REFRESH_SECONDS,
        href=_href(visit, question),
        query=read_asked(visit.asked()).query(),
    )


def _item(visit: Visit) -> Item | Response:
    item_id = visit.part("item_id")
    with visit.site.door.reading() as context:
        item = read_item(context.con, item_id)
    return no_item(visit, item_id) if item is None else item


def _question(visit: Visit, item: Item, decision: str) -> Question:
    known = decision if decision in DECISIONS else DECISIONS[0]
    return Question(item.item_id, known, item.version)


def _href(visit: Visit, question: Question) -> str:
    query = read_asked(visit.asked()).query(decision=question.decision)
    return f"/items/{question.item_id}/plan?{query}"
