"""Which customers the rows of a list are compared with: those that share a block with them."""

from collections.abc import Sequence

import duckdb

from c360.identity.probabilistic.blocking import EVERY_PAIR, INITIAL, Ladder, write_parts
from c360.identity.probabilistic.fields import CompareField
from c360.step import Context, run_model
from c360.warehouse import create_tables

MOST_CANDIDATES = 1_000
"""Customers that one row is compared with, the smallest blocks first."""


def build_match_candidates(
    context: Context, fields: Sequence[CompareField], ladders: Sequence[Ladder]
) -> frozenset[int]:
    """Write temp.match_candidate (number, owner), and return the rows that had too large a block.

    Reads temp.listed, temp.match_value and identity.compared_value. Owners are the customers of
    temp.match_customer (customer_id, owner). A row climbs the same ladders as customers do, and
    each is given a share of what the row may be compared with; what is left goes to the next.
    """
    con = context.con
    con.execute(
        "create or replace temp table match_customer as select customer_id,"
        " cast(row_number() over (order by customer_id) as integer) as owner"
        " from identity.compared_customer"
    ).fetchall()
    create_tables(con, {"temp.match_candidate": "number integer, owner integer"})
    customers, rows = _count(con, "temp.match_customer"), _count(con, "temp.listed")
    most = max(1, min(MOST_CANDIDATES, context.settings.probabilistic.max_pairs // max(rows, 1)))
    if customers <= min(most, EVERY_PAIR):
        con.execute(
            "insert into temp.match_candidate select asked.number, customer.owner"
            " from (select distinct number from temp.match_value) as asked"
            " cross join temp.match_customer as customer"
        ).fetchall()
        return frozenset()
    con.execute(
        "create or replace temp table match_budget as"
        " select number, cast($most as bigint) as candidates from temp.listed",
        {"most": most},
    ).fetchall()
    _write_shared_parts(context, fields, ladders)
    con.execute("create or replace temp table match_refused (number integer)").fetchall()
    for place, ladder in enumerate(ladders):
        _climb(context, ladder, len(ladders) - place)
    con.execute(
        "create or replace temp table match_candidate as"
        " select distinct number, owner from temp.match_candidate"
    ).fetchall()
    refused = con.execute("select distinct number from temp.match_refused").fetchall()
    return frozenset(number for (number,) in refused)


def _write_shared_parts(
    context: Context, fields: Sequence[CompareField], ladders: Sequence[Ladder]
) -> None:
    """Write temp.asked_part (number, part, value), and temp.near_part (owner, part, value)."""
    con = context.con
    con.execute(
        "create or replace temp view valued as"
        " select number as owner, field, value, 1 as place from temp.match_value"
    ).fetchall()
    write_parts(con, fields, ladders)
    con.execute(
        "create or replace temp table asked_part as"
        " select distinct owner as number, part, value from temp.part"
    ).fetchall()
    before = sorted({ladder[0] for ladder in ladders if INITIAL in ladder[1:]})
    run_model("identity", "temp.match_near", context, {"before_initial": before})
    con.execute("create or replace temp view valued as from temp.match_near").fetchall()
    write_parts(con, fields, ladders)
    con.execute(
        "create or replace temp table near_part as select distinct owner, part, value"
        " from temp.part semi join temp.asked_part using (part, value)"
    ).fetchall()


def _climb(context: Context, ladder: Ladder, ladders: int) -> None:
    """Add the candidates of a ladder; those of a block that is too large climb the next step."""
    con = context.con
    for step, part in enumerate(ladder):
        _key(con, part, is_first=step == 0)
        run_model("identity", "temp.match_block", context, {"ladders": ladders})
        con.execute(
            "insert into temp.match_candidate select block.number, keyed.owner"
            " from temp.match_block as block join temp.match_keyed as keyed using (key)"
            " where block.is_used"
        ).fetchall()
        con.execute(
            "update temp.match_budget set candidates = candidates - used.customers from ("
            " select number, sum(customers) as customers from temp.match_block where is_used"
            " group by number) as used where used.number = match_budget.number"
        ).fetchall()
        con.execute(
            "create or replace temp table match_left as"
            " select number, key from temp.match_block where not is_used"
        ).fetchall()
        if not _count(con, "temp.match_left"):
            return
    con.execute("insert into temp.match_refused select number from temp.match_left").fetchall()


def _key(con: duckdb.DuckDBPyConnection, part: str, *, is_first: bool) -> None:
    """Write temp.match_asked (number, key) and temp.match_keyed (owner, key) of a step."""
    for table, parts, owner in (
        ("match_asked", "asked_part", "number"),
        ("match_keyed", "near_part", "owner"),
    ):
        if is_first:
            select = f"select {owner}, digest(value) as key from temp.{parts} where part = $part"
        else:
            of_row = "number, key" if owner == "number" else "key"
            select = (
                f"select distinct {owner}, digest(past.key || chr(31) || told.value) as key"
                f" from temp.{table} as past semi join temp.match_left using ({of_row})"
                f" join temp.{parts} as told using ({owner}) where told.part = $part"
            )
        con.execute(f"create or replace temp table {table} as {select}", {"part": part}).fetchall()


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"select count(*) from {table}").fetchall()[0][0])
