"""The Retail 360 sample: the feeds of a retail platform, each one SELECT over row numbers."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import duckdb

from c360.data.presets import AS_OF, DEFAULT_SEED, FileFormat
from c360.data.retail_presets import RETAIL_PRESETS, RetailPreset
from c360.data.retail_words import WORDS
from c360.errors import C360Error

FEEDS: Mapping[str, str] = {
    "customers": "customers",
    "customer_transactions": "transactions",
    "customer_transaction_items": "transactions",
    "customer_behavioral_events": "sessions",
    "customer_session_data": "sessions",
    "customer_engagement_events": "engagements",
    "customer_preference_data": "preferences",
    "customer_service_interactions": "tickets",
    "customer_service_tickets": "tickets",
    "external_customer_profiles": "profiles",
    "external_customer_sentiment": "sentiments",
    "marketing_campaigns": "campaigns",
    "consent_events": "customers",
    "exchange_rates": "days",
    "products": "products",
    "stores": "stores",
}
"""Feed: what of the preset's sizes it is made of, one by one."""

TRUTH = "truth"
_ONCE = frozenset({"marketing_campaigns", "exchange_rates", "products", "stores", TRUTH})
"""Feeds of which nothing is delivered twice."""
_MACROS = ("macro_draw", "macro_person", "macro_sale", "macro_service", "macro_visit")
_TOLD: Mapping[FileFormat, str] = {"csv": "told_as_text", "parquet": "told_typed"}
_OPTIONS: Mapping[FileFormat, str] = {
    "csv": "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%SZ'",
    "parquet": "format parquet, compression zstd, compression_level 1, row_group_size 122880",
}
_PART = 250_000
"""Most numbers that one file is made of."""
_SIDE_BY_SIDE = 4
"""Most files that are made at a time: each takes some 150 MB."""
_FEWEST = 100
"""Customers below which some feeds would be empty."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a feed: the numbers from `first` up to `last`, without it."""

    feed: str
    name: str
    first: int
    last: int


def generate_retail(
    folder: Path,
    *,
    preset: str,
    customers: int | None = None,
    seed: int = DEFAULT_SEED,
    file_format: FileFormat | None = None,
) -> tuple[Path, ...]:
    """Write the feeds of a sample, and `truth`, into a folder: whole or not at all.

    The same arguments give the same bytes with the same release of DuckDB. Everything grows with
    `customers`. A feed's older files are removed, whatever their format.

    Raises:
        C360Error: the seed is negative, or there are too few customers.
    """
    chosen = RETAIL_PRESETS[preset]
    sizes = chosen.sizes(chosen.activity["customers"] if customers is None else customers)
    if seed < 0 or sizes["customers"] < _FEWEST:
        msg = (
            f"a sample needs a seed from 0 on (found {seed})"
            f" and at least {_FEWEST} customers (found {sizes['customers']})"
        )
        raise C360Error(msg)
    suffix = file_format or chosen.file_format
    variables = _variables(chosen, sizes, seed)
    parts = [part for feed in (*FEEDS, TRUTH) for part in _parts(feed, sizes, chosen.mess)]
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / ".draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        with (
            _writer(suffix) as con,
            ThreadPoolExecutor(min(os.cpu_count() or 1, _SIDE_BY_SIDE)) as pool,
        ):
            written = list(
                pool.map(lambda part: _write(con, draft, part, variables, suffix), _by_size(parts))
            )
        return _replace(folder, written)
    finally:
        shutil.rmtree(draft)


def _variables(preset: RetailPreset, sizes: Mapping[str, int], seed: int) -> dict[str, int]:
    """Return the numbers that the SQL reads; `opened` and `closed` are seconds since 1970."""
    span = preset.days * 86400
    closed = int(AS_OF.timestamp())
    return {
        **sizes,
        "people": sizes["customers"] * 100 // 103,
        "seed": seed,
        "mess": preset.mess,
        "opened": closed - span,
        "closed": closed,
        "span": span,
    }


def _parts(feed: str, sizes: Mapping[str, int], mess: int) -> Iterator[Part]:
    """Cut a feed into files of at most `_PART` numbers."""
    total = sizes[FEEDS.get(feed, "customers")]
    if feed not in _ONCE:
        total += total * mess // 100_000
    count = -(-total // _PART)
    for place in range(count):
        name = feed if count == 1 else f"{feed}.{place:03}"
        yield Part(feed, name, total * place // count, total * (place + 1) // count)


def _by_size(parts: Sequence[Part]) -> list[Part]:
    """Put the largest first, so that no long one is left at the end."""
    return sorted(parts, key=lambda part: part.first - part.last)


def _writer(suffix: FileFormat) -> duckdb.DuckDBPyConnection:
    # One thread a file: the rows of a file and its bytes must not depend on the machine.
    con = duckdb.connect(config={"threads": 1})
    for macros in (*_MACROS, _TOLD[suffix]):
        for statement in filter(str.strip, _sql(macros).split(";\n")):
            con.execute(statement).fetchall()
    return con


def _write(
    con: duckdb.DuckDBPyConnection,
    draft: Path,
    part: Part,
    variables: Mapping[str, int],
    suffix: FileFormat,
) -> Path:
    target = draft / f"{part.name}.{suffix}"
    path = str(target).replace("'", "''")
    with con.cursor() as session:
        session.execute("set TimeZone = 'UTC'").fetchall()
        for name, value in {**variables, "first": part.first, "last": part.last}.items():
            session.execute(f"set variable {name} = cast({value} as bigint)").fetchall()
        for name, words in WORDS.items():
            session.execute(f"set variable {name} = $words", {"words": list(words)}).fetchall()
        session.execute(f"copy ({_sql(part.feed)}) to '{path}' ({_OPTIONS[suffix]})").fetchall()
    return target


def _replace(folder: Path, written: Sequence[Path]) -> tuple[Path, ...]:
    for feed in (*FEEDS, TRUTH):
        for old in folder.glob(f"{feed}.*"):
            old.unlink()
    return tuple(sorted(path.replace(folder / path.name) for path in written))


def _sql(name: str) -> str:
    return (files("c360.data") / "retail360" / "sql" / f"{name}.sql").read_text(encoding="utf-8")
