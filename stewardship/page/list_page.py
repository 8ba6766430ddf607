"""The list of review items: counted by what they can be filtered by, the most valuable first."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from c360.stewardship.page.asked import (
    KINDS,
    MINE,
    NOBODY,
    STATES,
    Asked,
    assigned_to,
    list_after,
    read_asked,
)
from c360.stewardship.page.details import read_decisions
from c360.stewardship.page.items import Group, read_groups, read_items, read_names
from c360.stewardship.page.site import Visit, words

PER_PAGE = 25

_MOST_NAMES = 12
"""Stewards that have a filter of their own, those with most items."""

_NUMBER = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that can be chosen, and how many items it would show."""

    title: str
    href: str
    count: int
    is_chosen: bool


def show_list(visit: Visit) -> Response:
    """Answer with a page of the list."""
    query = visit.asked()
    asked = read_asked(query)
    wanted = asked.filter(visit.steward)
    with visit.site.door.reading() as context:
        groups = read_groups(context.con)
        total = sum(group.items for group in groups if wanted.lets_through(group))
        last_page = max(1, -(-total // PER_PAGE))
        page = min(_number(query.get("page", "1")), last_page)
        items = read_items(context.con, wanted, most=PER_PAGE, skipped=(page - 1) * PER_PAGE)
        names = read_names(context.con, items, context.settings.identifiers)
        after = read_decisions(context.con, decision_ids=list_after(query))
    return visit.show(
        "list.html.j2",
        heading=f"{words(asked.kind)} {_states_text(asked)}" if asked.kind else _states_text(asked),
        total=total,
        asked_for=_whose_text(asked),
        is_to_do=asked == Asked(),
        query=asked.query(),
        items=items,
        names=names,
        states=_choices(visit, asked, groups, _by_state(asked)),
        kinds=_choices(visit, asked, groups, _by_kind(asked, groups)),
        assignees=_choices(visit, asked, groups, _by_assignee(asked, groups, visit.steward)),
        page=page,
        last_page=last_page,
        previous_page=f"/?{asked.query(page=page - 1)}" if page > 1 else None,
        next_page=f"/?{asked.query(page=page + 1)}" if page < last_page else None,
        after=after[0] if after else None,
    )


def _choices(
    visit: Visit, asked: Asked, groups: Sequence[Group], named: Iterable[tuple[str, Asked]]
) -> list[Choice]:
    """Return the filters with how many items each would show."""
    choices: list[Choice] = []
    for title, other in named:
        wanted = other.filter(visit.steward)
        count = sum(group.items for group in groups if wanted.lets_through(group))
        choices.append(Choice(title, other.href, count, is_chosen=other == asked))
    return choices


def _by_state(asked: Asked) -> list[tuple[str, Asked]]:
    return [(state, replace(asked, state=state)) for state in STATES]


def _by_kind(asked: Asked, groups: Sequence[Group]) -> list[tuple[str, Asked]]:
    there = {group.kind for group in groups} | {asked.kind}
    kinds = [(words(kind), replace(asked, kind=kind)) for kind in KINDS if kind in there]
    return [("any", replace(asked, kind=None)), *kinds]


def _by_assignee(asked: Asked, groups: Sequence[Group], steward: str) -> list[tuple[str, Asked]]:
    held: Counter[str] = Counter()
    for group in groups:
        if group.assignee and group.assignee != steward:
            held[group.assignee] += group.items
    others = sorted(held, key=lambda name: (-held[name], name))[:_MOST_NAMES]
    return [
        ("anybody", replace(asked, whose=None)),
        ("mine", replace(asked, whose=MINE)),
        ("nobody", replace(asked, whose=NOBODY)),
        *((name, replace(asked, whose=assigned_to(name))) for name in others),
    ]


def _states_text(asked: Asked) -> str:
    return {"to do": "to decide", "all": "of every state"}.get(asked.state, asked.state)


def _whose_text(asked: Asked) -> str:
    if asked.whose is None:
        return ""
    told = {MINE: "assigned to you", NOBODY: "assigned to nobody"}
    return told.get(asked.whose, f"assigned to {asked.whose.partition(':')[2]}")


def _number(text: str) -> int:
    """Return the number of a page; the first for anything that is none."""
    return max(1, int(text)) if _NUMBER.fullmatch(text) else 1
