"""Values that identify nobody: the built-in list, its hashes, and the configured patterns."""

import hashlib
from functools import cache
from importlib.resources import files

import duckdb

_SHORTEST_PHONE, _LONGEST_PHONE = 7, 15
"""Digits of a telephone number (ITU-T E.164)."""


@cache
def junk_values() -> frozenset[str]:
    """Return the listed values and their hex digests (MD5, SHA-1, SHA-256)."""
    text = (files("c360.identity") / "junk.txt").read_text(encoding="utf-8")
    plain = {line.strip() for line in text.splitlines() if line and not line.startswith("# ")}
    plain |= {"0" * n for n in range(1, _LONGEST_PHONE + 1)}
    plain |= {d * n for d in "123456789" for n in range(_SHORTEST_PHONE, _LONGEST_PHONE + 1)}
    return frozenset(
        plain
        | {
            hashlib.new(name, value.encode(), usedforsecurity=False).hexdigest()
            for value in plain | {"", " "} | {value.upper() for value in plain}
            for name in ("md5", "sha1", "sha256")
        }
    )


def install_junk(con: duckdb.DuckDBPyConnection, block: tuple[str, ...]) -> None:
    """Define the session's table `junk(value)` and macro `is_blocked(text)` of the patterns."""
    con.execute(
        "create or replace temp table junk as select unnest($values) as value",
        {"values": sorted(junk_values())},
    ).fetchall()
    pattern = "|".join(f"(?:{each})" for each in block)
    con.execute("set variable junk_pattern = $pattern", {"pattern": pattern or None})
    con.execute(
        "create or replace temp macro is_blocked(value) as"
        " coalesce(regexp_matches(value, getvariable('junk_pattern'), 'i'), false)"
    )
