"""A model of the profile folder: one SELECT that makes one table."""

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from c360.profile.increment import compare_whole, is_kept, make_whole, update_customers
from c360.profile.scope import tell_made
from c360.step import Context, Step
from c360.warehouse import build_view

Kind = Literal["customer", "whole", "view"]
"""`customer`: the rows of a customer follow, of the tables read that have a customer_id, from that
customer's alone. `whole`: any row may follow from any other. `view`: nothing is stored."""


_GRAIN = re.compile(r"^-- Grain: \((.*)\)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Model:
    """Build the table `<schema>.<name>` from `profile/sql/<schema>/<name>.sql`."""

    table: str
    reads: tuple[str, ...]
    kind: Kind
    spreads: bool = False
    """A whole model that customer models read: what changes in it touches customers."""

    @property
    def sql(self) -> str:
        """The text of the SELECT."""
        schema, _, name = self.table.partition(".")
        return (files("c360.profile") / "sql" / schema / f"{name}.sql").read_text(encoding="utf-8")

    @property
    def grain(self) -> tuple[str, ...]:
        """The columns that tell the rows apart, from the head of the SELECT."""
        return tuple(column.strip() for column in _GRAIN.findall(self.sql)[0].split(","))

    def __call__(self, context: Context) -> None:
        """Write the table or view: what has changed of it, where that is known."""
        if self.kind == "view":
            build_view(context.con, self.table, self.sql)
            tell_made(context, self.table, "view")
        elif self.kind == "customer" and is_kept(context, self.table, self.sql, self.reads):
            update_customers(context, self.table, self.sql, self.reads)
        elif self.spreads:
            compare_whole(context, self.table, self.sql)
        else:
            make_whole(context, self.table, self.sql)


def customer_model(table: str, *reads: str) -> Step:
    """Return the step of a model whose rows belong to one customer each."""
    return Step(table, reads, Model(table, reads, "customer"))


def whole_model(table: str, *reads: str, spreads: bool = False) -> Step:
    """Return the step of a model that is always made whole.

    `spreads`: customer models read it, so that the customers of rows that change are touched.
    """
    return Step(table, reads, Model(table, reads, "whole", spreads))


def view_model(table: str, *reads: str) -> Step:
    """Return the step of a view; it can have no parameters."""
    return Step(table, reads, Model(table, reads, "view"))
