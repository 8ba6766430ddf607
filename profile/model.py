"""A model of the profile folder: one SELECT that makes one table."""

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from c360.profile.parameters import profile_parameters
from c360.profile.windows import name_windows
from c360.step import Context, Step, build_model
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
        """Write the table or view."""
        if self.kind == "view":
            build_view(context.con, self.table, self.sql)
            return
        build_model(context.con, self.table, self.sql, profile_parameters(context))
        name_windows(context, self.table)


def customer_model(table: str, *reads: str) -> Step:
    """Return the step of a model whose rows belong to one customer each."""
    return _step(table, reads, "customer")


def whole_model(table: str, *reads: str) -> Step:
    """Return the step of a model that is always made whole."""
    return _step(table, reads, "whole")


def view_model(table: str, *reads: str) -> Step:
    """Return the step of a view; it can have no parameters."""
    return _step(table, reads, "view")


def _step(table: str, reads: tuple[str, ...], kind: Kind) -> Step:
    return Step(table, reads, Model(table, reads, kind))
