"""Whom each activation may reach: the consents that it needs, and who is left out by rule."""

from c360.section import Section


class Activation(Section):
    """An audience that is handed to a channel."""
