"""How many rows of an entity name a row of another that is not there."""

from dataclasses import dataclass
from decimal import Decimal

from c360.reports.query import query
from c360.step import Context
from c360.warehouse import has_table

PARENTS = {
    "customer": "identified customer",
    "orders": "order",
    "sessions": "visit",
    "tickets": "ticket",
    "campaigns": "campaign",
}
"""What rows can belong to, in words; but for customers these are canonical entities."""

OFTEN_ANONYMOUS = ("customer_web_events", "customer_sessions")
"""Relations whose orphans are visitors that nobody knows: they inform, and are never judged."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of one parent to many children.

    Of the `children`, `orphans` name a parent that is not there and `unrelated` name none.
    `orphan_share` is of those that name one, in [0, 1]; None where none does.
    """

    relation: str
    parent: str
    child: str
    children: int
    orphans: int
    unrelated: int
    orphan_share: Decimal | None

    @property
    def parent_words(self) -> str:
        """What the rows belong to, in words."""
        return PARENTS[self.parent]


def told_of(relation: str) -> dict[str, str]:
    """Return the `child` of a relation and its `parent` in words.

    >>> told_of("orders_order_items")
    {'parent': 'order', 'child': 'order_items'}
    """
    parent = next(name for name in PARENTS if relation.startswith(f"{name}_"))
    return {"parent": PARENTS[parent], "child": relation.removeprefix(f"{parent}_")}


def read_relations(context: Context) -> tuple[Relation, ...]:
    """Return the relations whose parent some source feeds; none where no build counted them."""
    if not has_table(context.con, "silver.relation_orphan"):
        return ()
    fed = sorted({source.entity for source in context.settings.sources.values()})
    rows = query(context.con, "relation", parents=["customer", *fed])
    return tuple(Relation(*row) for row in rows)


def orphan_rows_sql(relation: Relation) -> str:
    """Return the SELECT of the rows of a relation that name a parent which is not there."""
    if relation.parent == "customer":
        key, parents = (
            "customer_id",
            "select customer_id from identity.customer"
            " where is_identified and redirects_to is null and to_run is null",
        )
    else:
        key, parents = (
            f"{relation.parent[:-1]}_id",
            f"select record_id from silver.{relation.parent}",
        )
    return (
        f"select record_id, source, {key}\nfrom silver.{relation.child}\n"
        f"where {key} not in ({parents})\norder by source, record_id"
    )
