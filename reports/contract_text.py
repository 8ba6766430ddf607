"""`c360 contract`: the contracts of a workspace judged, shown, compared and written."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import yaml

from c360.config import Settings
from c360.config_file import read_settings
from c360.errors import C360Error, ConfigurationError, GateError, MissingStepError
from c360.outcome import Outcome
from c360.profile.contract_change import Promise
from c360.profile.contracts import contracts as shipped
from c360.profile.contracts import promised
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.profile.odcs import Tree, mart_document
from c360.profile.odcs_source import source_document
from c360.profile.publication import (
    built_columns,
    contract_changes,
    published_promises,
    raise_versions,
    unraised,
)
from c360.reports.contract_lint import Columns, mart_problems, source_problems
from c360.reports.contract_quality import canonical_rules
from c360.runs import reading
from c360.sources.drift import known_columns
from c360.warehouse import has_table, open_warehouse
from c360.workspace import Workspace

_VIEWS = frozenset(
    step.table.removeprefix("gold.")
    for step in MODELS
    if isinstance(step.build, Model) and step.build.kind == "view"
)


def lint(workspace: Workspace) -> tuple[Outcome, int]:
    """Say everything that is wrong with the contracts; return also how many problems these are."""
    try:
        settings = read_settings(workspace.config)
    except ConfigurationError as error:
        return _told([f"{error.path}: {problem}" for problem in error.problems], "")
    landed, built, published = _columns(workspace, settings)
    contracts = promised(settings)
    problems = [
        *source_problems(workspace, settings, landed),
        *mart_problems(settings, contracts, built, published),
    ]
    whole = f"The contracts of {len(settings.sources)} sources and {len(contracts)} marts are whole"
    return _told(problems, whole)


def _told(problems: list[str], whole: str) -> tuple[Outcome, int]:
    return Outcome("\n".join(problems) or whole, {"problems": problems}), len(problems)


def raise_problems(problems: int) -> None:
    """Raise a GateError where `lint` has found problems."""
    if problems:
        msg = (
            f"{problems} problems with the contracts"
            if problems > 1
            else "1 problem with the contracts"
        )
        raise GateError(msg)


def show(workspace: Workspace, name: str) -> Outcome:
    """Show the contract of a source or a mart.

    Raises:
        C360Error: there is no such contract.
    """
    settings = read_settings(workspace.config)
    document = _document(settings, _columns(workspace, settings)[0], name)
    return Outcome(_yaml(document).rstrip(), document)


def export(workspace: Workspace, out: Path | None) -> Outcome:
    """Write the contract of every source and mart to a folder."""
    settings = read_settings(workspace.config)
    landed, *_ = _columns(workspace, settings)
    folder = out or workspace.root / "contracts"
    files = {
        folder / kind / f"{name}.odcs.yaml": _document(settings, landed, f"{kind}.{name}")
        for kind, names in (("sources", settings.sources), ("gold", promised(settings)))
        for name in names
    }
    for path, document in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_yaml(document), encoding="utf-8")
    figures: dict[str, object] = {"folder": str(folder), "contracts": [str(path) for path in files]}
    return Outcome(f"Wrote {len(files)} contracts to {folder}", figures)


def diff(workspace: Workspace, name: str | None) -> tuple[Outcome, str]:
    """Compare what the marts promise with what was published last in the warehouse.

    Return also the remedy where a breaking change stands without a raised version; else "".
    """
    with reading(workspace) as context:
        if not has_table(context.con, "ops.published_contract"):
            raise MissingStepError("nothing was published", "c360 build")
        published = published_promises(context.con)
    settings = context.settings
    promises = promised(settings)
    if name is not None:
        mart = name.removeprefix("gold.")
        _require_known(mart, {**published, **promises})
        published = {mart: published[mart]} if mart in published else {}
        promises = {mart: promises[mart]} if mart in promises else {}
    changes = contract_changes(promises, published)
    new = sorted(promises.keys() - published.keys())
    lines = [f"gold.{mart}: new, version {promises[mart].version}" for mart in new]
    for mart, found in changes.items():
        was = published[mart]["version"]
        now = (
            f"it is {promises[mart].version} now"
            if mart in promises
            else "there is no such mart now"
        )
        lines.append(f"gold.{mart}: version {was} was published, {now}")
        lines += [f"  {'breaking' if c.is_breaking else 'compatible':<11} {c.words}" for c in found]
    breaking = unraised(settings, promises, published)
    figures = {
        "new": new,
        "changes": [
            {"mart": c.mart, "change": c.words, "is_breaking": c.is_breaking}
            for found in changes.values()
            for c in found
        ],
        "unraised": sorted({change.mart for change in breaking}),
    }
    text = "\n".join(lines) or "Every mart promises what was published last"
    return Outcome(text, figures), raise_versions(breaking, published) if breaking else ""


def raise_unraised(remedy: str) -> None:
    """Raise a GateError where `diff` has found a remedy to be needed."""
    if remedy:
        msg = f"readers would break, and the version is not raised. {remedy}"
        raise GateError(msg)


def _columns(
    workspace: Workspace, settings: Settings
) -> tuple[Columns, Columns, dict[str, Promise]]:
    """Return the columns of what has landed, by source, and of what is built and published."""
    if not workspace.warehouse.exists():
        return {}, {}, {}
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        if not has_table(con, "ops.load"):
            return {}, {}, {}
        landed = {name: known_columns(con, name).columns for name in settings.sources}
        return landed, built_columns(con), published_promises(con)


def _document(settings: Settings, landed: Columns, name: str) -> Tree:
    kind, _, rest = name.partition(".")
    own = rest or name
    promises = promised(settings)
    _require_known(own, {**settings.sources, **promises})
    if own in settings.sources and kind != "gold":
        rules = canonical_rules(settings, own)
        return source_document(settings, own, landed.get(own, {}), rules)
    is_view = own in _VIEWS or own not in shipped()
    return mart_document(settings, promises[own], is_view=is_view)


def _require_known(name: str, known: Mapping[str, object]) -> None:
    if name not in known:
        close = get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        msg = f"there is no contract {name!r}{hint} (known: {', '.join(known)})"
        raise C360Error(msg)


def _yaml(document: Tree) -> str:
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
