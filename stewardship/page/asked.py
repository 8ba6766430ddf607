"""What a steward wants to see of the queue: a query that is kept from item to item."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args
from urllib.parse import parse_qs, urlencode

from c360.stewardship.page.items import Filter, Kind, State

KINDS: tuple[str, ...] = get_args(Kind)
STATES: dict[str, tuple[str, ...]] = {
    "to do": ("open", "assigned"),
    **{state: (state,) for state in get_args(State)},
    "all": get_args(State),
}
"""What may be asked for, and the states that it means."""

NOBODY = "nobody"
MINE = "mine"
_OF = "of:"


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter of the list; `whose` is `mine`, `nobody`, `of:<name>`, or None for anybody."""

    kind: str | None = None
    state: str = "to do"
    whose: str | None = None

    def filter(self, steward: str) -> Filter:
        """Return what is asked for, when a steward asks."""
        whose = self.whose and {MINE: steward, NOBODY: ""}.get(
            self.whose, self.whose.removeprefix(_OF)
        )
        return Filter(self.kind, STATES[self.state], whose)

    def query(self, **more: object) -> str:
        """Return the filter as the query of an address, without what is as it mostly is."""
        told: dict[str, object] = {"kind": self.kind, "state": self.state, "whose": self.whose}
        told |= {"state": None} if self.state == "to do" else {}
        return urlencode(
            {name: value for name, value in (told | more).items() if value is not None}
        )

    @property
    def href(self) -> str:
        """The address of the list with this filter."""
        query = self.query()
        return f"/?{query}" if query else "/"


def read_asked(query: Mapping[str, str]) -> Asked:
    """Return the filter of a query; what it does not know it does not filter by."""
    kind, state, whose = (query.get(name) for name in ("kind", "state", "whose"))
    return Asked(
        kind if kind in KINDS else None,
        state if state in STATES else "to do",
        whose if whose in (MINE, NOBODY) or (whose or "").startswith(_OF) else None,
    )


def list_after(query: Mapping[str, str]) -> list[str]:
    """Return the decision that the address says was recorded last, if it says so."""
    return [query["after"]] if "after" in query else []


def assigned_to(name: str) -> str:
    """Return the filter for the items of a steward."""
    return f"{_OF}{name}"


def parsed(query: str) -> dict[str, str]:
    """Return the parts of a query, of each name the last value."""
    return {name: values[-1] for name, values in parse_qs(query).items()}
