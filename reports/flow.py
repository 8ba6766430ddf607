"""Where each step of the flow stands in the drawing of the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import mean

from c360.step import Step

PER_ROW = 5
BOX_WIDTH, BOX_HEIGHT = 192, 26
COLUMN, ROW = 208, 46
HEAD = 26
"""What a schema's name takes above its boxes."""
CROWD = 4
"""So many tables of a schema that read the same are drawn as one box."""

_WHOLE = ("silver", "gold")


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
class Curve:
    """A line from a box to one that is built from it, both by their place in the list of boxes."""

    path: str
    source: int
    target: int


@dataclass(frozen=True, slots=True)
class Flow:
    """The drawing: boxes in rows, in bands from top to bottom by schema, and the lines between."""

    width: int
    height: int
    bands: tuple[tuple[str, int], ...]
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


Tables = tuple[str, ...]
Links = dict[Tables, set[Tables]]


def flow_of(steps: Sequence[Step]) -> Flow:
    """Lay out the steps: schemas from top to bottom in the order of the flow.

    A line that others imply is left out: what is built from a table is also built from what that
    table was built from.
    """
    groups = _groups(steps)
    links = _links(steps, groups)
    bands: list[tuple[str, int]] = []
    boxes: list[Box] = []
    y = 0
    for schema, own in _bands(groups):
        bands.append((schema, y + 16))
        y += HEAD
        for row in _rows(own, links, boxes):
            boxes += [Box(schema, group, place * COLUMN, y) for place, group in enumerate(row)]
            y += ROW
    place = {box.tables: number for number, box in enumerate(boxes)}
    return Flow(
        width=PER_ROW * COLUMN - (COLUMN - BOX_WIDTH),
        height=y,
        bands=tuple(bands),
        boxes=tuple(boxes),
        curves=tuple(
            Curve(_path(boxes[place[source]], boxes[place[target]]), place[source], place[target])
            for target, sources in _without_implied(links).items()
            for source in sorted(sources)
        ),
    )


def _groups(steps: Sequence[Step]) -> list[Tables]:
    """Return the tables in boxes: neighbours of a schema that read the same are one, if many."""
    groups: list[Tables] = []
    for _, same in groupby(steps, key=lambda step: (_schema(step.table), step.reads)):
        tables = tuple(step.table for step in same)
        groups += [tables] if len(tables) >= CROWD else [(table,) for table in tables]
    return groups


def _bands(groups: Sequence[Tables]) -> list[tuple[str, list[Tables]]]:
    """Return the boxes of each band with its schema.

    Silver and gold have one band each, though some steps of theirs take turns. Of any other schema,
    steps that stand apart have bands apart, so that lines lead down.
    """
    bands: list[tuple[str, list[Tables]]] = []
    for schema, own in groupby(groups, key=lambda group: _schema(group[0])):
        whole = next((band for name, band in bands if name == schema and name in _WHOLE), None)
        if whole is None:
            bands.append((schema, list(own)))
        else:
            whole += own
    return bands


def _links(steps: Sequence[Step], groups: Sequence[Tables]) -> Links:
    """Return the boxes that each box is built from."""
    of_table = {table: group for group in groups for table in group}
    home = {name: of_table[step.table] for step in steps for name in (step.table, *step.also)}
    links: Links = {group: set() for group in groups}
    for step in steps:
        links[home[step.table]] |= {home[name] for name in step.reads if name in home}
    return {group: sources - {group} for group, sources in links.items()}


def _rows(own: list[Tables], links: Links, placed: list[Box]) -> list[Sequence[Tables]]:
    """Return the boxes of a schema in rows: those first that need no other of the schema."""
    depth: dict[Tables, int] = {}
    for group in own:  # in the order of the flow, so what it reads has its depth
        depth[group] = 1 + max((depth[each] for each in links[group] if each in depth), default=0)
    middle = {box.tables: box.x for box in placed}
    order = sorted(own, key=lambda group: (depth[group], _middle(links[group], middle)))
    return [order[at : at + PER_ROW] for at in range(0, len(order), PER_ROW)]


def _middle(sources: set[Tables], at: Mapping[Tables, int]) -> float:
    """Return where the boxes lie that a box is built from, so that lines cross less."""
    return mean([at[source] for source in sources if source in at] or [0])


def _without_implied(links: Links) -> Links:
    """Return the links that no way over another box replaces."""
    reached: dict[Tables, set[Tables]] = {}

    def all_of(group: Tables) -> set[Tables]:
        if group not in reached:
            reached[group] = set()  # a step may read what a later one writes
            reached[group] = links[group].union(*(all_of(each) for each in links[group]))
        return reached[group]

    return {
        group: {
            source
            for source in sources
            if not any(source in all_of(other) for other in sources - {source})
        }
        for group, sources in links.items()
    }


def _path(source: Box, target: Box) -> str:
    """Return the SVG path between two boxes; in one row it bends below them."""
    start, start_y = source.x + BOX_WIDTH // 2, source.y + BOX_HEIGHT
    end, end_y = target.x + BOX_WIDTH // 2, target.y
    if source.y == target.y:
        end_y += BOX_HEIGHT
        low = start_y + 18
        return f"M{start},{start_y} C{start},{low} {end},{low} {end},{end_y}"
    bend = max(18, min(60, abs(end_y - start_y) // 2))
    return f"M{start},{start_y} C{start},{start_y + bend} {end},{end_y - bend} {end},{end_y}"


def _schema(table: str) -> str:
    return table.partition(".")[0]
