"""Which commands a command needs before it: what they make, and in which order they ran last."""

import duckdb

from c360.errors import MissingStepError
from c360.warehouse import has_table

OLDER = "customers were resolved by an earlier version of c360"


def require_resolved(con: duckdb.DuckDBPyConnection) -> None:
    """Raise a MissingStepError where `build` has no customers to make marts of."""
    _require(con, "identity.customer", "no customers have been resolved", "c360 resolve")
    _require(con, "identity.retold_customer", OLDER, "c360 resolve")


def require_built(con: duckdb.DuckDBPyConnection) -> None:
    """Raise a MissingStepError where `check` has no marts, or older ones than the customers."""
    _require(con, "gold.customer_360", "there are no gold marts", "c360 build")
    for table in ("identity.overridden_guard", "stewardship.review_impact"):
        _require(con, table, OLDER, "c360 resolve")
    _require_order(con, "resolve", "build")


def require_checked(con: duckdb.DuckDBPyConnection) -> None:
    """Raise a MissingStepError where `report` has no checks, or older ones than the marts."""
    _require(con, "ops.quality_check", "nothing has been checked", "c360 check")
    _require_order(con, "build", "check")


def is_published(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether there are marts, and a build has followed the last customers, held or not."""
    last = _last_runs(con)
    return has_table(con, "gold.customer_360") and last.get("resolve", 0) < last["build"]


def _require(con: duckdb.DuckDBPyConnection, table: str, missing: str, command: str) -> None:
    if not has_table(con, table):
        raise MissingStepError(missing, command)


def _require_order(con: duckdb.DuckDBPyConnection, earlier: str, later: str) -> None:
    """Raise a MissingStepError where a command has run again and the one after it has not."""
    last = _last_runs(con)
    if last.get(earlier, 0) > last.get(later, 0):
        missing = f"`c360 {earlier}` has run since the last `c360 {later}`"
        raise MissingStepError(missing, f"c360 {later}")


def _last_runs(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return the last run of each command.

    A build that was held is over: what was published before is to be checked, and told anew.
    """
    last: dict[str, int] = dict(
        con.execute("select command, max(run) from ops.run group by command").fetchall()
    )
    last["build"] = max(last.get("build", 0), last.get("build (held)", 0))
    return last
