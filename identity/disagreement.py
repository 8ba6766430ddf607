"""Where the customers and a known truth disagree most, and how to look at it."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import itemgetter

import duckdb

from c360.step import read_sql

NAMED = 5
"""How many customers of a split person are named."""


@dataclass(frozen=True, slots=True)
class OverMerged:
    """A customer with records of several persons."""

    customer_id: str
    records: int
    persons: int
    wrong_pairs: int

    @property
    def look(self) -> str:
        """The command that shows what joined them."""
        return f"c360 explain customer {shlex.quote(self.customer_id)}"


@dataclass(frozen=True, slots=True)
class Split:
    """A person whose records lie with several customers, and one record of each of the largest two.

    `largest` names some of the customers, those with most of the records first.
    """

    person: str
    records: int
    customers: int
    missed_pairs: int
    largest: tuple[str, ...]
    record_l: str
    record_r: str

    @property
    def look(self) -> str:
        """The command that shows what kept them apart."""
        return f"c360 explain pair {shlex.quote(self.record_l)} {shlex.quote(self.record_r)}"


def over_merged(con: duckdb.DuckDBPyConnection, examples: int) -> list[OverMerged]:
    """Return the customers with most pairs of different persons. Reads temp.evaluation_cell."""
    rows = con.execute(
        read_sql("identity", "identity.evaluation_over_merged"), {"examples": examples}
    ).fetchall()
    return [OverMerged(*row) for row in rows]


def split(con: duckdb.DuckDBPyConnection, examples: int) -> list[Split]:
    """Return the persons with most missed pairs. Reads temp.evaluation_cell, judged and truth."""
    rows = con.execute(
        read_sql("identity", "identity.evaluation_split"), {"examples": examples}
    ).fetchall()
    found = []
    for (person, records, customers, missed_pairs), group in groupby(
        rows, key=itemgetter(0, 1, 2, 3)
    ):
        parts = [
            (customer_id, f"{source}:{record_id}") for *_, customer_id, source, record_id in group
        ]
        largest = tuple(customer_id for customer_id, _ in parts[:NAMED])
        pair = sorted(record for _, record in parts[:2])
        found.append(Split(person, records, customers, missed_pairs, largest, pair[0], pair[1]))
    return found


def as_figures(found: Sequence[OverMerged] | Sequence[Split]) -> list[dict[str, object]]:
    """Return the examples for programs, each with the command that shows it."""
    return [{**asdict(each), "look": each.look} for each in found]


def as_lines(merged: Sequence[OverMerged], parted: Sequence[Split]) -> list[str]:
    """Return the examples for people."""
    lines = []
    if merged:
        lines += ["", "Over-merged, those with most wrong pairs:"]
    for each in merged:
        lines += [
            f"  {each.customer_id}: {each.records:,} records of {each.persons:,} persons,"
            f" {each.wrong_pairs:,} wrong pairs",
            f"    {each.look}",
        ]
    if parted:
        lines += ["", "Split, those with most missed pairs:"]
    for person in parted:
        lines += [
            f"  {person.person}: {person.records:,} records with {person.customers:,} customers"
            f" ({', '.join(person.largest)}), {person.missed_pairs:,} missed pairs",
            f"    {person.look}",
        ]
    return lines
