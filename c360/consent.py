"""How long consents hold, and what an unsubscription withdraws."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from c360.section import Section

_DAYS = re.compile(r"^\s*(\d+)\s*d\s*$")


def _purpose(value: str) -> str:
    purpose = value.strip().lower()
    if not purpose:
        msg = "must name a purpose, such as marketing"
        raise ValueError(msg)
    return purpose


def _days(value: object) -> object:
    if not isinstance(value, str):
        return value
    match = _DAYS.match(value)
    if match is None:
        msg = f"{value!r} is no number of days; write them as 730d"
        raise ValueError(msg)
    return int(match[1])


Purpose = Annotated[str, AfterValidator(_purpose)]
"""What a consent is for, as the sources write it; case does not matter."""
Days = Annotated[int, BeforeValidator(_days), Field(ge=1)]
"""A span of whole days, such as `730d`."""


class ConsentRules(Section):
    """How consents are read."""

    unsubscribe_withdraws: Purpose = Field(
        default="marketing",
        description="purpose that who unsubscribes withdraws, for the channel of that message",
    )
    expires_after: dict[Purpose, Days] = Field(
        default_factory=dict, description="purpose: a yes holds for this long, as 730d"
    )


def consent_parameters(rules: ConsentRules) -> dict[str, object]:
    """Return what SQL may name as `$parameter` of these rules."""
    return {
        "consent_unsubscribe_withdraws": rules.unsubscribe_withdraws,
        "consent_expires_after": rules.expires_after,
    }
