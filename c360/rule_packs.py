"""The rule packs: thresholds by which transactions, visits and customers are classed."""

from pydantic import Field

from c360.section import Section


class SessionRules(Section):
    """What one visit is, and which visits are no person's."""

    gap_minutes: int = Field(default=30, ge=1, description="idle minutes that end a visit")
    longest_hours: int = Field(default=12, ge=1, description="longest visit; longer ones are cut")
