"""`c360 lineage`: where a column comes from or leads to, and which columns nothing needs."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from c360.config import Settings
from c360.config_file import read_settings
from c360.errors import C360Error
from c360.outcome import Outcome
from c360.profile.lineage import Lineage, lineage_of
from c360.profile.lineage_gaps import meaning_of, undocumented_columns, unused_columns
from c360.profile.lineage_query import Column
from c360.profile.lineage_tree import Line, tree_of
from c360.sources.loads import landed_columns
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

LEGEND = (
    "(rows): it decides which rows count. (above): what hangs on it stands further up."
    " table.*: its rows as such, where they are counted."
)


def tell_lineage(workspace: Workspace, name: str, *, forward: bool) -> Outcome:
    """Tell what a column follows from, or (`forward`) what follows from it.

    The configuration is enough; nothing has to be landed or built.

    Raises:
        C360Error: there is no such column.
    """
    settings = read_settings(workspace.config)
    lineage = lineage_of(settings)
    column = find_column(lineage, name)
    lines = tree_of(lineage, column, forward=forward)
    meaning = meaning_of(column, settings.rules)
    shown = [_text(line) for line in lines]
    if meaning:
        shown[0] += f": {meaning}"
    if any(line.decides or line.is_above for line in lines):
        shown += ["", LEGEND]
    return Outcome(
        "\n".join(shown),
        {
            "column": str(column),
            "meaning": meaning,
            "direction": "forward" if forward else "upstream",
            "edges": _edges(lines),
        },
    )


def tell_unused(workspace: Workspace) -> Outcome:
    """List the columns of bronze and silver that no mart follows from."""
    settings = read_settings(workspace.config)
    landed = _landed(workspace)
    found = unused_columns(lineage_of(settings), settings, landed)
    lines = [f"{each.table}, {each.why}: {', '.join(each.columns)}" for each in found]
    if not landed:
        lines.append(
            "Nothing has landed: columns of feeds that c360.yaml does not name are not known."
        )
    figures = [{"table": u.table, "why": u.why, "columns": u.columns} for u in found]
    return Outcome("\n".join(lines) or "Every column leads to a mart.", {"unused": figures})


def tell_undocumented(workspace: Workspace) -> Outcome:
    """List the columns of gold whose contract does not say what they mean."""
    settings: Settings = read_settings(workspace.config)
    found = [str(each) for each in undocumented_columns(lineage_of(settings), settings.rules)]
    return Outcome(
        "\n".join(found) or "Every column of gold is described.", {"undocumented": found}
    )


def find_column(lineage: Lineage, name: str) -> Column:
    """Return the column that is written `schema.table.column`.

    Raises:
        C360Error: there is none; the message names what may have been meant.
    """
    known = {
        str(Column(t, c)).lower(): Column(t, c) for t, cs in lineage.columns.items() for c in cs
    }
    if found := known.get(name.lower()):
        return found
    table = name if name in lineage.columns else name.rpartition(".")[0]
    if table in lineage.columns:
        has = f"{table} has {', '.join(lineage.columns[table])}"
    elif close := get_close_matches(name.lower(), known, n=3, cutoff=0.5):
        has = f"did you mean {' or '.join(str(known[each]) for each in close)}?"
    else:
        has = f"there are {', '.join(lineage.columns)}"
    msg = f"{name!r} is no column, written schema.table.column; {has}"
    raise C360Error(msg)


def _text(line: Line) -> str:
    marks = ["(rows)"] if line.decides else []
    if line.is_above:
        marks.append("(above)")
    return " ".join(["  " * line.depth + str(line.column), *marks])


def _edges(lines: Sequence[Line]) -> list[dict[str, object]]:
    """Return each line with the one that it hangs on, for programs."""
    found: list[dict[str, object]] = []
    path: list[Line] = []
    for line in lines:
        path = [*path[: line.depth], line]
        if line.depth:
            above = str(path[-2].column)
            kind = "rows" if line.decides else "value"
            found.append({"of": above, "column": str(line.column), "kind": kind})
    return found


def _landed(workspace: Workspace) -> Mapping[str, Sequence[str]]:
    if not workspace.warehouse.exists():
        return {}
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        return landed_columns(con)
