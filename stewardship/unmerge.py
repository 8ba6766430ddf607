"""A customer taken apart: where it is cut, who is on either side, and what keeps them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import duckdb

from c360.config import DECISION, Settings
from c360.errors import C360Error
from c360.identity.explain_evidence import Record, Value
from c360.step import Context
from c360.stewardship.customer_graph import (
    Customer,
    anchors_of,
    bundle,
    holding_of,
    read_customer,
    read_ends,
    strength_of,
)
from c360.stewardship.cut import Cut, Holding, Part, cut_between, propose_cut
from c360.stewardship.log import Draft, Side
from c360.stewardship.remains import groups, keeper
from c360.stewardship.side_by_side import Described, Field, describe, side_by_side
from c360.warehouse import has_table


@dataclass(frozen=True, slots=True)
class CutValue:
    """An identifier that the cut goes through, and how many records of each side carry it.

    It stays with the side whose parts it holds together. An anchor that holds none stays where a
    master record carries it, if that is one side only. None: it joins nobody from now on.
    """

    value: Value
    strength: str
    records_l: int
    records_r: int
    stays_with: Literal["l", "r"] | None

    @property
    def shown(self) -> str:
        """What may be printed of the value; of what people joined, the decision."""
        return self.value.value if self.strength == DECISION else self.value.shown


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a cut: its records by key, its anchors, and its groups that nothing joins."""

    records: Mapping[str, Record]
    anchors: tuple[Value, ...]
    groups: tuple[int, ...]

    @property
    def keyrings(self) -> set[str]:
        """The keyrings of the records."""
        return {record.keyring for record in self.records.values()}


@dataclass(frozen=True, slots=True)
class Unmerge:
    """A customer and where it is cut. The left half has at least as many records."""

    customer_id: str
    note: str | None
    values: tuple[CutValue, ...]
    left: Half
    right: Half
    fields: tuple[Field, ...]
    revenue_usd: Decimal | None

    def draft(self, reason: str, decided_by: str) -> Draft:
        """Return the decision that keeps the halves apart.

        A side is named by its records, the anchors that it alone carries, and the identifiers of
        the cut that stay with it: they go on holding it together.
        """
        return Draft(
            "keep_apart",
            self._side(self.left, self.right, "l"),
            self._side(self.right, self.left, "r"),
            "together",
            reason,
            decided_by,
            impact_usd=self.revenue_usd,
        )

    def _side(self, own: Half, other: Half, side: str) -> Side:
        named = {*own.anchors} - {*other.anchors}
        named |= {each.value for each in self.values if each.stays_with == side}
        identifiers = sorted(f"{value.namespace}:{value.value}" for value in named)
        return Side(tuple(own.records), tuple(identifiers))


def find_cut(context: Context, reference: str, ends: Sequence[str]) -> Unmerge:
    """Return where a customer is cut: between two ends, or with none where it holds least.

    Args:
        context: Of a workspace where customers have been resolved.
        reference: A customer id, source:record_id or namespace:value.
        ends: Two records or values of the customer, or nothing.

    Raises:
        C360Error: a reference leads to no customer, the ends cannot be cut apart or are apart, or
            there is nothing to propose.
    """
    settings = context.settings
    customer = read_customer(context, reference)
    found = read_ends(context, customer, ends)
    bundles = bundle(customer, found)
    holding = holding_of(settings, customer, bundles)
    if found:
        cut = cut_between(holding, *([name for name in bundles if name in end] for end in found))
        nothing = f"nothing joins {' and '.join(ends)} in {customer.customer_id}; they are apart"
    else:
        cut = propose_cut(holding, anchors_of(settings, customer))
        nothing = (
            f"{customer.customer_id} has no two parts with anchors of their own, and no single"
            " identifier holds it together; say who is who: --between RECORD --and RECORD"
        )
    if cut is None:
        raise C360Error(nothing)
    return _told(context, customer, bundles, holding, cut)


def _told(
    context: Context,
    customer: Customer,
    bundles: Mapping[str, list[str]],
    holding: Holding,
    cut: Cut,
) -> Unmerge:
    values = [_cut_value(context.settings, bundles, holding, cut, value) for value in cut.values]
    anchors = anchors_of(context.settings, customer)

    def half(parts: Sequence[Part], side: str) -> Half:
        own = {name for part in parts for name in part}
        keys = sorted(key for name in own for key in bundles[name])
        kept = [each.value for each in values if each.stays_with == side]
        return Half(
            {key: customer.records[key] for key in keys},
            tuple(anchor for anchor in anchors if not own.isdisjoint(holding.graph[anchor])),
            groups(holding, cut, parts, kept),
        )

    def described(half: Half) -> Described:
        links = [link for link in customer.links if link.keyring in half.keyrings]
        return describe(context, [*half.records.values()], links)

    left, right = half(cut.left, "l"), half(cut.right, "r")
    return Unmerge(
        customer.customer_id,
        customer.note,
        tuple(values),
        left,
        right,
        side_by_side(context.settings, described(left), described(right)),
        revenue_of(context.con, [customer.customer_id]),
    )


def _cut_value(
    settings: Settings,
    bundles: Mapping[str, list[str]],
    holding: Holding,
    cut: Cut,
    value: Value,
) -> CutValue:
    carriers = frozenset(holding.graph[value])
    keys_l, keys_r = (
        [key for part in side for name in part & carriers for key in bundles[name]]
        for side in (cut.left, cut.right)
    )
    strength = strength_of(settings, value)
    stays_with = None if strength == DECISION else keeper(holding, cut, value)
    if strength == "anchor" and stays_with is None:
        mastering = settings.mastering_sources()
        is_left, is_right = (
            any(key.partition(":")[0] in mastering for key in keys) for keys in (keys_l, keys_r)
        )
        stays_with = None if is_left == is_right else "l" if is_left else "r"
    return CutValue(value, strength, len(keys_l), len(keys_r), stays_with)


def revenue_of(con: duckdb.DuckDBPyConnection, customer_ids: Sequence[str]) -> Decimal | None:
    """Return what customers brought by the marts last built; None where none of them is there."""
    if not has_table(con, "gold.customer_360"):
        return None
    found: Decimal | None = con.execute(
        "select cast(sum(net_revenue_usd) as decimal(18, 2)) from gold.customer_360"
        " where customer_id in (select unnest(cast($customer_ids as varchar[])))",
        {"customer_ids": list(customer_ids)},
    ).fetchall()[0][0]
    return found
