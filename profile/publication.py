"""Publishing the promises of the marts: a build may not break the last ones unseen."""

import json
from collections.abc import Mapping

import duckdb
import yaml

from c360.config import Settings
from c360.errors import ContractError
from c360.profile.contract_change import (
    ContractChange,
    Promise,
    canonical,
    changes_between,
    promise_of,
)
from c360.profile.contracts import Contract, promised
from c360.step import Context
from c360.warehouse import has_table

_TABLE = """
create table if not exists ops.published_contract (
  mart varchar not null,
  version integer not null,
  run integer not null,
  contract varchar not null
)
"""


def publish_contracts(context: Context) -> None:
    """Write ops.published_contract: what each mart promises since `run`, as JSON.

    Raises:
        ContractError: a mart lacks what its contract promises, or breaks what was published last
            and its version is not raised.
    """
    con, settings = context.con, context.settings
    con.execute(_TABLE).fetchall()
    contracts, published = promised(settings), published_promises(con)
    built = built_columns(con)
    if broken := [
        problem
        for mart, contract in contracts.items()
        for problem in built_problems(contract, built.get(mart, {}))
    ]:
        raise ContractError(
            "nothing is published: the marts are not what their contracts promise", broken
        )
    refuse_breaking(settings, contracts, published)
    for mart in published.keys() - contracts.keys():
        _forget(con, mart)
    for mart, contract in contracts.items():
        promise = promise_of(contract)
        if published.get(mart) == promise:
            continue
        _forget(con, mart)
        con.execute(
            "insert into ops.published_contract values ($mart, $version, $run, $contract)",
            {
                "mart": mart,
                "version": contract.version,
                "run": context.run,
                "contract": canonical(promise),
            },
        ).fetchall()


def _forget(con: duckdb.DuckDBPyConnection, mart: str) -> None:
    con.execute("delete from ops.published_contract where mart = $mart", {"mart": mart}).fetchall()


def published_promises(con: duckdb.DuckDBPyConnection) -> dict[str, Promise]:
    """Return what each mart promised when it was published last, by mart."""
    if not has_table(con, "ops.published_contract"):
        return {}
    rows = con.execute("select mart, contract from ops.published_contract order by mart").fetchall()
    return {mart: json.loads(contract) for mart, contract in rows}


def built_columns(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Return the columns of every mart there is, with their types."""
    rows = con.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
        " where database_name = 'c360' and schema_name = 'gold' order by table_name, column_index"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for mart, column, type_ in rows:
        found.setdefault(mart, {})[column] = type_
    return found


def built_problems(contract: Contract, built: Mapping[str, str]) -> list[str]:
    """Say what a mart lacks, by its columns with their types, of what its contract promises."""
    table = f"gold.{contract.mart}"
    return [
        f"{table}: there is no column {column.name} ({column.type})"
        if column.name not in built
        else f"{table}: column {column.name} is {built[column.name]} and not {column.type}"
        for column in contract.columns
        if built.get(column.name) != column.type
    ]


def contract_changes(
    contracts: dict[str, Contract], published: dict[str, Promise]
) -> dict[str, list[ContractChange]]:
    """Return what is another with what was published, by mart; marts that are as they were not."""
    found = {}
    for mart, old in published.items():
        contract = contracts.get(mart)
        new = None if contract is None else promise_of(contract)
        if changes := changes_between(mart, old, new):
            found[mart] = changes
    return found


def unraised(
    settings: Settings,
    contracts: dict[str, Contract],
    published: dict[str, Promise],
) -> list[ContractChange]:
    """Return the breaking changes of marts whose version is not raised.

    Of a mart that is gone, the version stands in the configuration alone.
    """
    return [
        change
        for mart, changes in contract_changes(contracts, published).items()
        for change in changes
        if change.is_breaking
        and _version(settings, contracts, mart) <= int(published[mart]["version"])
    ]


def _version(settings: Settings, contracts: dict[str, Contract], mart: str) -> int:
    if mart in contracts:
        return contracts[mart].version
    told = settings.contracts.get(mart)
    return (told.version or 0) if told is not None else 0


def refuse_breaking(
    settings: Settings, contracts: dict[str, Contract], published: dict[str, Promise]
) -> None:
    """Raise a ContractError where a breaking change stands without a raised version."""
    if breaking := unraised(settings, contracts, published):
        raise ContractError(
            "nothing is published: what was published last would break for its readers",
            [f"gold.{change.mart}: {change.words}" for change in breaking],
            raise_versions(breaking, published),
        )


def raise_versions(breaking: list[ContractChange], published: dict[str, Promise]) -> str:
    """Return what c360.yaml needs for these changes to be published, as a remedy."""
    raised = {
        change.mart: {"version": int(published[change.mart]["version"]) + 1} for change in breaking
    }
    text = yaml.safe_dump({"contracts": raised}, default_flow_style=None).rstrip()
    return (
        "Keep the promise, or tell its readers (`c360 contract diff`) and raise the version in"
        f" c360.yaml:\n{text}"
    )
