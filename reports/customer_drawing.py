"""Where the records and the identifiers of a customer stand in the drawing of its graph.

The drawing of `c360 explain` is for whoever may see records; this one names none of their values.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from c360.identity.explain_customer import Explanation
from c360.identity.explain_groups import Group, Stack, groups_of, stacks_of
from c360.reports.wording import counted

ROWS = 8
"""Boxes of a column; what remains is told by its number."""
ROW, HEIGHT, TOP = 46, 36, 26
COLUMNS = (0, 262, 524)
WIDTH = 196
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
    """The drawing. `summary` says in words what it shows, `left_out` how many boxes it has not."""

    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    left_out: int
    summary: str


def draw_customer(explanation: Explanation) -> CustomerDrawing:
    """Lay out records by source, what joins them, and what joins nobody, from left to right."""
    stacks = stacks_of(explanation)
    groups = groups_of(explanation, stacks)
    joined = [stack for stack in stacks if stack.is_joining]
    unused = [stack for stack in stacks if not stack.is_joining]
    shown: tuple[Sequence[Group | Stack], ...] = (groups[:ROWS], joined[:ROWS], unused[:ROWS])
    rows = max(*(len(column) for column in shown), 1)
    boxes: dict[Group | Stack, Box] = {}
    for x, column in zip(COLUMNS, shown, strict=True):
        top = TOP + (rows - len(column)) * ROW // 2
        for place, entry in enumerate(column):
            boxes[entry] = _box(entry, x, top + place * ROW)
    edges = [
        Edge("joined" if stack.is_joining else "unused", _line(boxes[group], boxes[stack]))
        for group in groups[:ROWS]
        for stack in (*joined[:ROWS], *unused[:ROWS])
        if stack in group.stacks
    ]
    return CustomerDrawing(
        height=TOP + rows * ROW,
        boxes=tuple(boxes.values()),
        edges=tuple(edges),
        left_out=len(groups) + len(stacks) - len(boxes),
        summary=_summary(len(explanation.records), joined, unused),
    )


def _box(entry: Group | Stack, x: int, y: int) -> Box:
    if isinstance(entry, Group):
        source, _, records = entry.title.partition(" · ")
        return Box("record", x, y, _fit(source.replace("_", " ")), records)
    kind = entry.kind if entry.kind in ("joined", "bridge", "weak") else "unused"
    note = entry.note.partition(":")[0] if kind == "unused" else entry.note
    note = note.removesuffix(" to the rest")
    return Box(kind, x, y, _fit(_named(entry)), _fit(note))


def _named(stack: Stack) -> str:
    """Return the namespace of a value with a digest that stands for it."""
    if len(stack.values) > 1:
        return stack.title.replace("_", " ")
    (value,) = stack.values
    digest = hashlib.sha256(value.value.encode()).hexdigest()[:8]
    return f"{value.namespace.replace('_', ' ')} {digest}"


def _line(left: Box, right: Box) -> str:
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
