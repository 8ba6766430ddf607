"""A view that applications read: its rows say which contract they keep, and for how long."""

import re
from dataclasses import dataclass

from c360.profile.contracts import promised
from c360.profile.model import Model
from c360.profile.scope import tell_made
from c360.step import Context, Step
from c360.warehouse import build_view

_VERSION = re.compile(r"\b\d+ as contract_version\b")
_MINUTES = re.compile(r"\b\d+ as freshness_promise_minutes\b")


@dataclass(frozen=True, slots=True)
class ServingView(Model):
    """Build a view from its SELECT, with the figures of its contract in the places of the shipped.

    It is a Model, so that what guards and draws models knows it.
    """

    def __call__(self, context: Context) -> None:
        """Write the view."""
        contract = promised(context.settings)[self.table.partition(".")[2]]
        text = _VERSION.sub(f"{contract.version} as contract_version", self.sql)
        minutes = round(contract.freshness_hours * 60)
        text = _MINUTES.sub(f"{minutes} as freshness_promise_minutes", text)
        build_view(context.con, self.table, text)
        tell_made(context, self.table, "view")


def serving_view(table: str, *reads: str) -> Step:
    """Return the step of a view that says its contract."""
    return Step(table, reads, ServingView(table, reads, "view"))
