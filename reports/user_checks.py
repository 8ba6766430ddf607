"""Checks of the user's own: SQL files that return the rows which should not be there."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlglot import exp

from c360.check_rules import UserCheck
from c360.config import Settings
from c360.errors import ConfigurationError
from c360.reports.catalogue import families
from c360.reports.one_select import foreign_reads, literal_sql, only_select
from c360.step import Context
from c360.warehouse import SCHEMAS
from c360.workspace import Workspace

FOLDER = "checks"
"""The folder of the workspace whose .sql files are checks."""
_AS_OF = re.compile(r"\$as_of\b")


@dataclass(frozen=True, slots=True)
class AskedCheck:
    """A check of the user's with the SELECT of its failing rows, and the tables it speaks of."""

    rules: UserCheck
    sql: str
    tables: tuple[str, ...]


def read_user_checks(context: Context) -> list[AskedCheck]:
    """Return the checks of the configuration, then those of the folder by the names of their files.

    A file is one SELECT; `$as_of` stands for the moment of the check. The comment at its head may
    say in YAML what the configuration could: `-- severity: critical`.

    Raises:
        ConfigurationError: files are missing or wrong; it names every one.
    """
    asked: list[AskedCheck] = []
    problems: list[tuple[str, str]] = []
    for told in _told(context.settings, context.workspace):
        try:
            asked.append(_asked(context, told))
        except ValueError as error:
            problems.append((str(told["file"]), f"{told['file']}: {error}"))
    problems += [("", each) for each in _double_names([check.rules.name for check in asked])]
    if problems:
        place = place_of(context.workspace, [file for file, _ in problems])
        raise ConfigurationError(place, [problem for _, problem in problems])
    return asked


def place_of(workspace: Workspace, files: Collection[str]) -> Path:
    """Return what is to be mended: the file if it is one that exists, else their folder.

    It is the configuration where any of the files is not there, or is none.
    """
    paths = {workspace.root / file for file in files}
    if not all(path.is_file() for path in paths):
        return workspace.config
    return paths.pop() if len(paths) == 1 else workspace.root / FOLDER


def _told(settings: Settings, workspace: Workspace) -> Iterator[dict[str, object]]:
    """Yield what is told of each check outside of its file."""
    named = {Path(check.file) for check in settings.checks.user}
    for check in settings.checks.user:
        yield {key: getattr(check, key) for key in check.model_fields_set}
    for path in sorted((workspace.root / FOLDER).glob("*.sql")):
        file = path.relative_to(workspace.root)
        if file not in named:
            yield {"file": file.as_posix()}


def _asked(context: Context, told: dict[str, object]) -> AskedCheck:
    """Read the file of a check.

    Raises:
        ValueError: it cannot be one.
    """
    path = context.workspace.root / str(told["file"])
    try:
        text = path.read_text(encoding="utf-8").strip().removesuffix(";")
    except (OSError, UnicodeDecodeError) as error:
        msg = "there is no such file" if not path.exists() else f"cannot be read: {error}"
        raise ValueError(msg) from error
    try:
        rules = UserCheck.model_validate({"name": path.stem, **_head(text), **told})
    except ValidationError as error:
        raise ValueError("; ".join(map(_told_wrong, error.errors()))) from error
    sql = _AS_OF.sub(literal_sql(context.as_of), text)
    tree = only_select(sql)
    if foreign := foreign_reads(sql, SCHEMAS):
        msg = (
            f"reads {', '.join(foreign)}; a check may read tables of the warehouse alone, named"
            " with their schema, such as silver.orders"
        )
        raise ValueError(msg)
    return AskedCheck(rules, sql, rules.tables or _tables_of(tree))


def _told_wrong(error: ErrorDetails) -> str:
    key = ".".join(map(str, error["loc"]))
    if error["type"] == "extra_forbidden":
        known = ", ".join(name for name in UserCheck.model_fields if name != "file")
        return f"{key}: unknown key of the comment at its head; known here: {known}"
    return f"{key}: {error['msg']}" if key else error["msg"].removeprefix("Value error, ")


def _head(text: str) -> dict[str, object]:
    """Return what the comment at the head says; nothing where it is prose."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line[2:].removeprefix(" "))
    try:
        told = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError:
        return {}
    return told if isinstance(told, dict) else {}


def _tables_of(tree: exp.Query) -> tuple[str, ...]:
    tables = {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}
    return tuple(sorted(tables))


def _double_names(names: list[str]) -> list[str]:
    built_in = {key for family in families() for key in family.checks}
    return [
        f"checks.user: {name!r} is the name of two checks; name one of them otherwise"
        for name in sorted(set(names))
        if names.count(name) > 1 or name in built_in
    ]
