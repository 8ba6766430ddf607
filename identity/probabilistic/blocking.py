"""Which pairs are compared: blocks of owners that share something, counted before they are paired.

A ladder names what two must share, and what more where too many share it: all of one birth date;
where these are too many, of one birth date and one name. Its share of the budget goes to its blocks
from the smallest on, because what few share says most. What is too large climbs a step; what is
still too large at the last is refused and told.
"""

from collections.abc import Sequence

import duckdb

from c360.identity.probabilistic.fields import CONTACTS, CompareField
from c360.step import read_sql
from c360.warehouse import build_table, create_tables, fill_table

Ladder = tuple[str, ...]

EVERY_PAIR = 1_500
"""Owners of which every pair is compared: a million pairs take seconds."""

NAME, INITIAL, WHOLE_NAME, WORD = "a name", "an initial", "the whole name", "a word"
EVERYTHING: Ladder = ("every pair",)
"""Parts of keys that are made of fields: any first or last name, its first letter, both names in
either order, a word of a text."""

MOST_TOLD = 10
"""Large blocks that are kept in identity.large_block."""


def ladders_of(
    fields: Sequence[CompareField], chosen: Sequence[Sequence[str]] = ()
) -> tuple[Ladder, ...]:
    """Return the ladders: the chosen ones, a single step each, or those that the types suggest."""
    if chosen:
        return tuple((" + ".join(parts),) for parts in chosen)
    by_type = {field.type: field.name for field in fields}
    is_named = bool({"first_name", "last_name"} & by_type.keys())
    texts = [field.name for field in fields if field.type in ("full_name", "free_text")]
    name = [NAME] if is_named else [WORD] if texts else []
    places = [by_type[t] for t in ("street", "postcode", "city") if t in by_type]
    found: list[Ladder] = []
    if "date_of_birth" in by_type:
        found.append((by_type["date_of_birth"], *([INITIAL] if is_named else []), *name))
    if {"first_name", "last_name"} <= by_type.keys():
        found.append((WHOLE_NAME, *(by_type[t] for t in ("postcode", "city") if t in by_type)))
    found += [
        (field.name, *name) for field in fields if field.type in CONTACTS or field.type == "exact"
    ]
    found += [(text,) for text in texts]
    if texts:
        found.append((WORD, *places[-1:]))
    if "last_name" in by_type:
        found.append((by_type["last_name"], INITIAL, *places[-2:-1]))
    found += [(place, *name) for place in places]
    return tuple(dict.fromkeys(found))


def build_candidates(
    con: duckdb.DuckDBPyConnection,
    values: str,
    fields: Sequence[CompareField],
    ladders: Sequence[Ladder],
    max_pairs: int,
) -> Sequence[Ladder]:
    """Write which pairs of owners are to be compared, within `max_pairs`; return by what ladders.

    Args:
        con: Where the values are.
        values: Table with owner (integer), field, value and place.
        fields: The compared fields.
        ladders: What two must share.
        max_pairs: The budget, shared out among the ladders evenly; the next gets what one leaves.

    Writes temp.block (place, rule, key, owners, is_used), temp.block_member (place, key, owner,
    is_used), temp.counted_rule (the rows of identity.blocking_rule) and temp.big_block.
    """
    owners = _count_owners(con, values)
    if owners <= EVERY_PAIR and owners * (owners - 1) // 2 <= max_pairs:
        ladders = (EVERYTHING,)
    write_parts(con, fields, ladders)
    create_tables(
        con,
        {
            "temp.block": "place integer, rule varchar, key uuid, owners bigint, is_used boolean",
            "temp.block_member": "place integer, key uuid, owner integer, is_used boolean",
            "temp.counted_rule": "place integer, rule varchar, pairs bigint, blocks bigint,"
            " largest_block bigint, status varchar, reason varchar",
            "temp.big_block": "place integer, rule varchar, shown varchar, owners bigint,"
            " pairs bigint, status varchar",
        },
    )
    place, left = 0, max_pairs
    for number, ladder in enumerate(ladders):
        share = left // (len(ladders) - number)
        for step in range(len(ladder)):
            place += 1
            # The steps to come say more than this one: each keeps its part of the share.
            part = share // (len(ladder) - step)
            used, is_more = _take_step(con, place, ladder, step, part)
            share -= used
            left -= used
            if not is_more:
                break
    return ladders


def _count_owners(con: duckdb.DuckDBPyConnection, values: str) -> int:
    con.execute(f"create or replace temp view valued as from {values}").fetchall()
    return int(con.execute("select count(distinct owner) from temp.valued").fetchall()[0][0])


def write_parts(
    con: duckdb.DuckDBPyConnection, fields: Sequence[CompareField], ladders: Sequence[Ladder]
) -> None:
    """Write temp.part (owner, part, value) for the ladders."""
    fill_table(
        con,
        "temp.typed_field",
        {"field": "varchar", "type": "varchar"},
        [(field.name, field.type) for field in fields],
    )
    fill_table(
        con,
        "temp.ladder_part",
        {"part": "varchar"},
        [(part,) for part in sorted({part for ladder in ladders for part in ladder})],
    )
    build_table(con, "temp.part", read_sql("identity", "temp.part"), {})


def _take_step(
    con: duckdb.DuckDBPyConnection, place: int, ladder: Ladder, step: int, share: int
) -> tuple[int, bool]:
    """Count the blocks of a step, use the smallest; return their pairs, and whether some are left.

    A later step looks only at the members of blocks that the one before left.
    """
    is_last = step == len(ladder) - 1
    if step == 0:
        con.execute(
            "create or replace temp table keyed as select owner, digest(value) as key,"
            " value as shown from temp.part where part = $part",
            {"part": ladder[0]},
        ).fetchall()
    else:
        con.execute(
            "create or replace temp table keyed as select distinct owner,"
            " digest(keyed.key || chr(31) || part.value) as key,"
            " keyed.shown || ' + ' || part.value as shown"
            " from temp.keyed semi join temp.left_block using (key)"
            " join temp.part using (owner) where part.part = $part",
            {"part": ladder[step]},
        ).fetchall()
    rule = ", ".join(ladder[: step + 1])
    parameters: dict[str, object] = {"place": place, "rule": rule, "share": share}
    build_table(con, "temp.block_now", read_sql("identity", "temp.block_now"), parameters)
    con.execute("insert into temp.block from temp.block_now").fetchall()
    con.execute(
        "create or replace temp table left_block as"
        " select key from temp.block_now where not is_used"
    ).fetchall()
    con.execute(
        "insert into temp.block_member select distinct block.place, key, owner, block.is_used"
        " from temp.keyed join temp.block_now as block using (key)"
    ).fetchall()
    parameters = {"place": place, "rule": rule, "next": None if is_last else ladder[step + 1]}
    for table in ("counted_rule", "big_block"):
        most = {"most_told": MOST_TOLD} if table == "big_block" else {}
        select = read_sql("identity", f"temp.{table}")
        con.execute(f"insert into temp.{table} {select}", parameters | most).fetchall()
    used, left = con.execute(
        "select coalesce(sum(owners * (owners - 1) // 2) filter (is_used), 0),"
        " count(*) filter (not is_used) from temp.block_now"
    ).fetchall()[0]
    return int(used), left > 0 and not is_last
