"""What is wrong with the contracts of a workspace, all at once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from c360.config import Settings
from c360.consumers import consumers
from c360.errors import FeedError
from c360.profile.activation import activation_tables
from c360.profile.contract_change import Promise
from c360.profile.contracts import Contract
from c360.profile.odcs import logical_type
from c360.profile.publication import built_problems
from c360.reports.catalogue import contract as relied_on
from c360.source import Source
from c360.sources.contract import collapse_problems, missing_columns, needed_columns
from c360.sources.feed import find_feeds
from c360.sources.header import read_header
from c360.sources.mapping import expression_problems
from c360.workspace import Workspace

CONSENTS = ("marketing_consent", "personalization_consent")
"""What every row that applications look up must say."""

Columns = Mapping[str, Mapping[str, str]]
"""Columns with their types, by the source or the mart that has them."""


def source_problems(workspace: Workspace, settings: Settings, landed: Columns) -> Iterator[str]:
    """Yield what is wrong with the contracts of the sources.

    Columns are looked for in what has landed, else in the headers of CSV feeds.
    """
    if problems := expression_problems(settings):
        yield from problems
        return
    for name, source in settings.sources.items():
        for part in ("owner", "grain"):
            if not getattr(source, part).strip():
                yield f"sources.{name}.{part}: is blank"
        yield from collapse_problems(name, source)
        needed = needed_columns(source)
        if columns := landed.get(name):
            yield from missing_columns(f"sources.{name}: what has landed", name, needed, [*columns])
        else:
            yield from _missing_in_feeds(workspace, name, source)


def _missing_in_feeds(workspace: Workspace, name: str, source: Source) -> Iterator[str]:
    try:
        for feed in find_feeds(name, source, workspace.root):
            if feed.format == "csv":
                columns = read_header(feed).columns
                yield from missing_columns(feed.label, name, needed_columns(source), columns)
    except FeedError as error:
        yield from error.problems


def mart_problems(
    settings: Settings,
    contracts: Mapping[str, Contract],
    built: Columns,
    published: Mapping[str, Promise],
) -> Iterator[str]:
    """Yield what is wrong with the contracts of the marts; `built` has those of the warehouse.

    What is promised since it was `published` last cannot be in the warehouse before the next build.
    """
    for mart, told in settings.contracts.items():
        if mart not in contracts and told.version is None:
            yield f"contracts.{mart}: no such mart (known: {', '.join(contracts)})"
    for contract in contracts.values():
        yield from _contract_problems(contract)
        if contract.mart in built:
            kept = _as_published(contract, published.get(contract.mart))
            for problem in built_problems(kept, built[contract.mart]):
                yield f"{problem}; run `c360 build`"
    for metric, table, column in relied_on(settings.rules):
        mart = table.removeprefix("gold.")
        if mart not in contracts or column not in _names(contracts[mart]):
            yield f"{table}: its contract lacks {column}, which readers rely on ({metric})"
    yield from _consumer_problems(settings, contracts)


def _as_published(contract: Contract, published: Promise | None) -> Contract:
    """Return a contract with those columns alone that were published so, if anything was."""
    if published is None:
        return contract
    types = {name: column["type"] for name, column in published["columns"].items()}
    kept = [each for each in contract.columns if types.get(each.name) == each.type]
    return replace(contract, columns=tuple(kept))


def _names(contract: Contract) -> list[str]:
    return [column.name for column in contract.columns]


def _contract_problems(contract: Contract) -> Iterator[str]:
    mart, names = f"gold.{contract.mart}", _names(contract)
    for part in ("owner", "grain"):
        if not getattr(contract, part).strip():
            yield f"{mart}: its contract has no {part}"
    if not contract.key:
        yield f"{mart}: its contract has no key"
    for column in contract.key:
        if column not in names:
            yield f"{mart}: its key {column} is no column (it has {', '.join(names)})"
    for each in contract.columns:
        if logical_type(each.type) is None:
            yield f"{mart}.{each.name}: {each.type!r} is no type"
    if contract.is_served:
        for consent in CONSENTS:
            if consent not in names:
                yield f"{mart}: applications read it, and it lacks {consent}"


def _consumer_problems(settings: Settings, contracts: Mapping[str, Contract]) -> Iterator[str]:
    audiences = tuple(f"gold.{mart}" for mart in activation_tables(settings))
    for name, consumer in consumers(settings.consumers, audiences).items():
        for table in consumer.reads:
            contract = contracts.get(table.removeprefix("gold."))
            if contract is None:
                yield f"consumers.{name}.reads: no such mart {table}"
            elif consumer.freshness_hours < contract.freshness_hours:
                yield (
                    f"consumers.{name}: wants {table} at most {consumer.freshness_hours:g} h old,"
                    f" and its contract promises {contract.freshness_hours:g} h; agree on one, in"
                    f" consumers.{name}.freshness_hours or contracts.{contract.mart}"
                )
