"""The picture of a customer's graph: records, what joins them, what does not, whom that touches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from c360.errors import C360Error
from c360.identity.explain_customer import Explanation
from c360.identity.explain_groups import Group, Stack, groups_of, stacks_of
from c360.identity.explain_paths import BLOCKED

TEMPLATES = Path(__file__).with_name("templates")
TOP, ROW, HEIGHT, MARGIN = 132, 66, 48, 28
"""Pixels above the first box, from box to box, of a box, and around everything."""

COLUMNS = ((28, 270), (400, 260), (760, 340), (1190, 220))
"""Left edge and width of each column; the last two are left out where nothing is in them."""

_LETTERS_PER_PIXEL = 1 / 6.2
"""How many letters of the small text fit a pixel."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a box shows: `kind` is its style, `hint` what a pointer over it tells."""

    kind: str
    title: str
    note: str
    hint: str


@dataclass(frozen=True, slots=True)
class Box:
    """A face in its place."""

    kind: str
    x: int
    y: int
    width: int
    title: str
    note: str
    hint: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A line between two boxes as an SVG path."""

    kind: str
    path: str


def write_picture(explanation: Explanation, path: Path) -> None:
    """Write the picture of a customer's graph as an SVG file.

    Raises:
        C360Error: the file cannot be written.
    """
    try:
        path.write_text(picture(explanation), encoding="utf-8", newline="\n")
    except OSError as error:
        msg = f"{path} cannot be written ({error.strerror}); name another --svg FILE"
        raise C360Error(msg) from error


def picture(explanation: Explanation) -> str:
    """Return the SVG of a customer's graph; large customers are summarised."""
    stacks = stacks_of(explanation)
    groups = groups_of(explanation, stacks)
    joined = [stack for stack in stacks if stack.is_joining]
    unused = [stack for stack in stacks if not stack.is_joining]
    others = sorted({customer for stack in unused for customer in stack.customers})
    rows = max(len(groups), len(joined), len(unused), len(others), 1)
    boxes: dict[object, Box] = {}
    boxes |= _column(0, rows, {group: _face(group) for group in groups})
    boxes |= _column(1, rows, {stack: _face(stack) for stack in joined})
    boxes |= _column(2, rows, {stack: _face(stack) for stack in unused})
    boxes |= _column(3, rows, {c: Face("other", c, "another customer", c) for c in others})
    lanes = [boxes[stack].y - (ROW - HEIGHT) // 2 for stack in joined] or [0]
    lanes.append(lanes[-1] + ROW)
    edges = [
        *(
            Edge(
                _edge_kind(stack),
                _curve(boxes[group], boxes[stack])
                if stack.is_joining
                else _way_through(boxes[group], boxes[stack], lanes if joined else ()),
            )
            for group in groups
            for stack in stacks
            if stack in group.stacks
        ),
        *(
            Edge("blocked", _curve(boxes[stack], boxes[customer]))
            for stack in unused
            for customer in stack.customers
        ),
    ]
    last = 3 if others else 2 if unused else 1
    return (
        _environment()
        .get_template("explanation.svg.j2")
        .render(
            explanation=explanation,
            records=len(explanation.records),
            boxes=boxes.values(),
            edges=sorted(edges, key=lambda edge: edge.kind != "blocked"),
            headings=_headings(last),
            width=max(sum(COLUMNS[last]) + MARGIN, 1000),
            height=TOP + rows * ROW + 84,
            box_height=HEIGHT,
            has_unused=bool(unused),
        )
    )


def _headings(last: int) -> list[tuple[int, str]]:
    titles = (
        "Records, by source",
        "Identifiers that join",
        "… that join nobody",
        "Other customers",
    )
    return [(x, titles[n]) for n, (x, _) in enumerate(COLUMNS) if n <= last]


def _column(number: int, rows: int, faces: Mapping[object, Face]) -> dict[object, Box]:
    """Place the boxes of a column one below the other, in the middle of the picture's height."""
    x, width = COLUMNS[number]
    top = TOP + (rows - len(faces)) * ROW // 2
    return {
        key: Box(
            face.kind,
            x,
            top + row * ROW,
            width,
            _fit(face.title, width),
            _fit(face.note, width),
            face.hint,
        )
        for row, (key, face) in enumerate(faces.items())
    }


def _face(entry: Group | Stack) -> Face:
    return Face(entry.kind, entry.title, entry.note, entry.hint)


def _edge_kind(stack: Stack) -> str:
    if stack.is_joining:
        return "weak" if stack.kind == "weak" else "joined"
    return "blocked" if stack.status in BLOCKED else "ignored"


def _curve(left: Box, right: Box) -> str:
    x0, y0 = left.x + left.width, left.y + HEIGHT // 2
    x1, y1 = right.x, right.y + HEIGHT // 2
    bend = (x1 - x0) // 2
    return f"M{x0} {y0} C{x0 + bend} {y0} {x1 - bend} {y1} {x1} {y1}"


def _way_through(left: Box, right: Box, lanes: Sequence[int]) -> str:
    """Return a line from records to what joins nobody, between the boxes of what joins."""
    if not lanes:
        return _curve(left, right)
    x, width = COLUMNS[1]
    y0, y1 = left.y + HEIGHT // 2, right.y + HEIGHT // 2
    lane = min(lanes, key=lambda y: (abs(y - y0) + abs(y - y1), y))
    x0, x1 = left.x + left.width, right.x
    enter, leave = (x - x0) // 2, (x1 - x - width) // 2
    return (
        f"M{x0} {y0} C{x0 + enter} {y0} {x - enter} {lane} {x} {lane} H{x + width}"
        f" C{x + width + leave} {lane} {x1 - leave} {y1} {x1} {y1}"
    )


def _fit(text: str, width: int) -> str:
    most = int((width - 24) * _LETTERS_PER_PIXEL)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
