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
    return junk_words() | _digests()


@cache
def junk_digits() -> frozenset[str]:
    """Return the listed values that are made of digits only, as nobody's telephone number is."""
    return frozenset(value for value in junk_words() if value.isdecimal())


def install_junk(con: duckdb.DuckDBPyConnection, block: tuple[str, ...]) -> None:
    """Define the session's table `junk(value)` and macros `is_blocked(text)`, `is_junk(text)`.

    The variables `junk_words` and `junk_digests` hold the same values.
    """
    con.execute(
        "create or replace temp table junk as select unnest($values) as value",
        {"values": sorted(junk_values())},
    ).fetchall()
    con.execute("set variable junk_words = $words", {"words": sorted(junk_words())}).fetchall()
    con.execute("set variable junk_digests = $words", {"words": sorted(_digests())}).fetchall()
    pattern = "|".join(f"(?:{each})" for each in block)
    con.execute(
        "set variable junk_pattern = cast($pattern as varchar)", {"pattern": pattern or None}
    )
    con.execute(
        "create or replace temp macro is_blocked(value) as"
        " coalesce(regexp_matches(value, getvariable('junk_pattern'), 'i'), false)"
    )
    con.execute(
        "create or replace temp macro is_junk(value) as"
        " lower(value) in (select junk.value from temp.junk) or is_blocked(value)"
    )


@cache
def junk_words() -> frozenset[str]:
    """Return the listed values, and one digit over and over."""
    text = (files("c360.sources") / "junk.txt").read_text(encoding="utf-8")
    listed = {line.strip() for line in text.splitlines() if line and not line.startswith("# ")}
    zeros = {"0" * n for n in range(1, _LONGEST_PHONE + 1)}
    others = {d * n for d in "123456789" for n in range(_SHORTEST_PHONE, _LONGEST_PHONE + 1)}
    return frozenset(listed | zeros | others)


@cache
def _digests() -> frozenset[str]:
    words = junk_words()
    return frozenset(
        hashlib.new(name, word.encode(), usedforsecurity=False).hexdigest()
        for word in words | {"", " "} | {word.upper() for word in words}
        for name in ("md5", "sha1", "sha256")
    )
