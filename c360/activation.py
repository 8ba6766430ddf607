"""Whom each activation may reach: the consents that it needs, and who is left out by rule."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from c360.consent import Purpose
from c360.section import Section

CANDIDATES = "candidates"
"""The audience that always exists."""
EXCLUDED = "excluded"
"""No audience has this name: gold.activation_excluded holds who is left out of one."""

_CLOCKS = {"now", "get_current_timestamp", "transaction_timestamp"}
"""Functions of DuckDB that sqlglot does not know for clocks."""
_WANDERS = "names the clock or chance; the moment of the build is as_of"


def _channel(value: str) -> str:
    channel = value.strip().lower()
    if not channel:
        msg = "must name a channel of contact, such as email"
        raise ValueError(msg)
    return channel


def _condition(value: str) -> str:
    """Refuse what is no condition over the columns of one customer."""
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    clock = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.Localtimestamp)
    kinds = {
        "reads other rows": (exp.Query, exp.AggFunc, exp.Window),
        _WANDERS: (*clock, exp.Rand, exp.Uuid),
        "names a parameter": (exp.Parameter, exp.Placeholder),
    }
    try:
        trees = sqlglot.parse(value, dialect="duckdb")
    except SqlglotError as error:
        msg = f"{value!r} is not SQL: {str(error).splitlines()[0]}"
        raise ValueError(msg) from error
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, exp.Condition):
        msg = f"{value!r} is no condition, such as open_complaints > 0"
        raise ValueError(msg)
    found = [why for why, kind in kinds.items() if tree.find(*kind) is not None]
    if {function.name.lower() for function in tree.find_all(exp.Anonymous)} & _CLOCKS:
        found.append(_WANDERS)
    if found:
        msg = f"{value!r} {found[0]}"
        raise ValueError(msg)
    return value


Channel = Annotated[str, AfterValidator(_channel)]
"""A channel of contact, as the sources write it; case does not matter."""
Condition = Annotated[str, AfterValidator(_condition)]
"""DuckDB SQL over the columns of gold.customer_360 and silver.customer_contact_pressure."""
RuleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Activation(Section):
    """An audience that is handed to a channel."""

    requires: tuple[Purpose, ...] = Field(
        min_length=1, description="purposes to which consent must be in force"
    )
    channels: tuple[Channel, ...] = Field(
        default=(),
        description="channels of contact, first choice first; without them the preferred one",
    )
    where: Condition | None = Field(
        default=None, description="SQL condition of who is meant; without it, everybody"
    )
    suppress: dict[RuleName, Condition] = Field(
        default_factory=dict,
        description="rule: SQL condition that leaves a customer out; so does one that is null",
    )

    def conditions(self) -> dict[str, str]:
        """Return every condition by its key in the configuration."""
        rules = {f"suppress.{name}": condition for name, condition in self.suppress.items()}
        return rules if self.where is None else {"where": self.where, **rules}


ALWAYS = Activation(requires=("marketing", "personalization"))
"""What `candidates` is where the configuration does not say more of it."""


def audiences(configured: Mapping[str, Activation]) -> dict[str, Activation]:
    """Return every audience by name: `candidates`, then those of the configuration."""
    return {CANDIDATES: ALWAYS, **configured}


def audience_problems(configured: Mapping[str, Activation]) -> list[str]:
    """Say which audiences cannot be."""
    problems = []
    if EXCLUDED in configured:
        problems.append(f"activation.{EXCLUDED}: those left out are called so; take another name")
    candidates = configured.get(CANDIDATES, ALWAYS)
    problems += [
        f"activation.{CANDIDATES}.requires: must name {purpose!r}; for less, name another audience"
        for purpose in ALWAYS.requires
        if purpose not in candidates.requires
    ]
    return problems
