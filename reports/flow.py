"""Where each step of the flow stands in the drawing of the report."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from c360.step import Step

BOX_WIDTH, BOX_HEIGHT = 172, 26
ROW, COLUMN = 34, 262
TOP = 34
CROWD = 4
"""So many tables of a schema that read the same are drawn as one box."""


@dataclass(frozen=True, slots=True)
class Box:
    """One or more tables of a schema; `x` and `y` are the upper left corner."""

    schema: str
    tables: tuple[str, ...]
    x: int
    y: int

    @property
    def label(self) -> str:
        """What stands in the box."""
        first = self.tables[0].partition(".")[2].replace("*", "every source")
        return first if len(self.tables) == 1 else f"{first}, {len(self.tables) - 1} more"


@dataclass(frozen=True, slots=True)
class Flow:
    """The drawing: boxes in columns, one column per schema, and the curves between them."""

    width: int
    height: int
    columns: tuple[tuple[str, int], ...]
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]


def flow_of(steps: Sequence[Step]) -> Flow:
    """Lay out the steps: schemas from left to right in the order of the flow."""
    schemas = list(dict.fromkeys(_schema(step.table) for step in steps))
    groups = {
        schema: _groups([s for s in steps if _schema(s.table) == schema]) for schema in schemas
    }
    boxes: list[Box] = []
    home: dict[str, Box] = {}
    for column, schema in enumerate(schemas):
        for row, group in enumerate(groups[schema]):
            tables = tuple(step.table for step in group)
            box = Box(schema, tables, column * COLUMN, TOP + row * ROW)
            boxes.append(box)
            home |= {table: box for step in group for table in (step.table, *step.also)}
    links = {
        (home[source], home[step.table]): None
        for step in steps
        for source in step.reads
        if source in home and home[source] != home[step.table]
    }
    return Flow(
        width=(len(schemas) - 1) * COLUMN + BOX_WIDTH + 40,
        height=TOP + max(map(len, groups.values()), default=0) * ROW,
        columns=tuple((schema, column * COLUMN) for column, schema in enumerate(schemas)),
        boxes=tuple(boxes),
        curves=tuple(_curve(source, target) for source, target in links),
    )


def _groups(steps: list[Step]) -> list[list[Step]]:
    """Return the steps of a schema in boxes: neighbours that read the same are one, if many."""
    groups = []
    for _, same in groupby(steps, key=lambda step: step.reads):
        group = list(same)
        groups += [group] if len(group) >= CROWD else [[step] for step in group]
    return groups


def _curve(source: Box, target: Box) -> str:
    """Return the SVG path between two boxes; inside a column it bends round on the right."""
    start, start_y = source.x + BOX_WIDTH, source.y + BOX_HEIGHT // 2
    end, end_y = target.x, target.y + BOX_HEIGHT // 2
    if source.x == target.x:
        bend = min(20 + abs(end_y - start_y) // 8, 60)
        return (
            f"M{start},{start_y} C{start + bend},{start_y} {start + bend},{end_y} {start},{end_y}"
        )
    middle = (COLUMN - BOX_WIDTH) // 2
    return f"M{start},{start_y} C{start + middle},{start_y} {end - middle},{end_y} {end},{end_y}"


def _schema(table: str) -> str:
    return table.partition(".")[0]
