"""How long consents hold, and what an unsubscription withdraws."""

from c360.section import Section


class ConsentRules(Section):
    """How consents are read."""
