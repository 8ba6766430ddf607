"""Where the records and the identifiers of a customer stand in the drawing of its graph.

The drawing of `c360 explain` is for whoever may see records; this one names none of their values.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from c360.identity.explain_customer import Explanation
from c360.identity.explain_groups import Group, Stack, groups_of, stacks_of
from c360.reports.wording import counted, words

ROWS = 8
"""Boxes of a column; the last stands for all that remains."""
ROW, HEIGHT, TOP = 46, 36, 26
WIDTH, STEP = 196, 262
"""Of a box, and from a column to the next."""
LETTERS = 27
"""Letters that fit a box."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box: `kind` is record, joined, bridge, weak or unused."""

    kind: str
    x: int
    y: int
    title: str
    note: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes: joined or unused."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class CustomerDrawing:
    """The drawing. `columns` are the left edge and the title of each; `summary` says it in words.

    What joins nobody stands left of the records, so that no line passes a box.
    """

    height: int
    columns: tuple[tuple[int, str], ...]
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    is_folded: bool
    summary: str


def draw_customer(explanation: Explanation) -> CustomerDrawing:
    """Lay out what joins nobody, the records by source, and what joins them, from left to right."""
    stacks = stacks_of(explanation)
    groups = groups_of(explanation, stacks, most=ROWS - 1)
    joined = [stack for stack in stacks if stack.is_joining]
    unused = [stack for stack in stacks if not stack.is_joining]
    columns: list[tuple[str, list[Sequence[Group | Stack]]]] = [
        ("Records", [[group] for group in groups]),
        ("Joined by", _folded(joined)),
    ]
    if unused:
        columns.insert(0, ("Joins nobody", _folded(unused)))
    rows = max(*(len(entries) for _, entries in columns), 1)
    boxes: dict[Group | Stack, Box] = {}
    for place, (_, entries) in enumerate(columns):
        top = TOP + (rows - len(entries)) * ROW // 2
        for row, held in enumerate(entries):
            box = _box(held, place * STEP, top + row * ROW)
            boxes |= dict.fromkeys(held, box)
    lines = dict.fromkeys(
        (boxes[group], boxes[stack], "joined" if stack.is_joining else "unused")
        for group in groups
        for stack in stacks
        if stack in group.stacks
    )
    return CustomerDrawing(
        height=TOP + rows * ROW,
        columns=tuple((place * STEP, title) for place, (title, _) in enumerate(columns)),
        boxes=tuple(dict.fromkeys(boxes.values())),
        edges=tuple(Edge(kind, _line(one, other)) for one, other, kind in lines),
        is_folded=any(box.title.startswith("+") for box in boxes.values()),
        summary=_summary(len(explanation.records), joined, unused),
    )


def _folded(stacks: Sequence[Stack]) -> list[Sequence[Group | Stack]]:
    """Return what each box of a column stands for."""
    most = ROWS if len(stacks) <= ROWS else ROWS - 1
    alone: list[Sequence[Group | Stack]] = [[stack] for stack in stacks[:most]]
    return [*alone, stacks[most:]] if stacks[most:] else alone


def _box(held: Sequence[Group | Stack], x: int, y: int) -> Box:
    if len(held) > 1:
        values = {value for stack in held if isinstance(stack, Stack) for value in stack.values}
        namespaces = ", ".join(sorted({words(value.namespace) for value in values}))
        is_joining = all(isinstance(stack, Stack) and stack.is_joining for stack in held)
        title = f"+ {counted(len(values), 'more value')}"
        return Box("joined" if is_joining else "unused", x, y, title, _fit(namespaces))
    (entry,) = held
    if isinstance(entry, Group):
        source, _, records = entry.title.partition(" · ")
        return Box("record", x, y, _fit(words(source)), records or _fit(words(entry.note)))
    kind = entry.kind if entry.kind in ("joined", "bridge", "weak") else "unused"
    note = entry.note.partition(":")[0] if kind == "unused" else entry.note
    note = note.removesuffix(" to the rest")
    return Box(kind, x, y, _fit(_named(entry)), _fit(note))


def _named(stack: Stack) -> str:
    """Return the namespace of a value with a digest that stands for it."""
    if len(stack.values) > 1:
        return words(stack.title)
    (value,) = stack.values
    digest = hashlib.sha256(value.value.encode()).hexdigest()[:8]
    return f"{words(value.namespace)} {digest}"


def _line(one: Box, other: Box) -> str:
    left, right = sorted((one, other), key=lambda box: box.x)
    x0, y0 = left.x + WIDTH, left.y + HEIGHT // 2
    x1, y1 = right.x, right.y + HEIGHT // 2
    bend = (x1 - x0) // 2
    return f"M{x0} {y0}C{x0 + bend} {y0} {x1 - bend} {y1} {x1} {y1}"


def _summary(records: int, joined: Sequence[Stack], unused: Sequence[Stack]) -> str:
    joins = sum(len(stack.values) for stack in joined)
    rest = sum(len(stack.values) for stack in unused)
    weak = sum(stack.kind == "weak" for stack in joined)
    told = [counted(records, "record"), counted(joins, "joining value")]
    if weak:
        told.append(f"{counted(weak, 'weak link')} among these")
    if rest:
        told.append(f"{counted(rest, 'value')} joining nobody")
    return ", ".join(told)


def _fit(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"
