"""Building no more of a shop than activation and the views of consumers need."""

from profile_tables import build

from c360.profile.models import ACTIVATION, MODELS
from c360.step import Context


def needed_by(tables: set[str]) -> set[str]:
    """Return the models that these models are made of, and themselves."""
    found = set(tables)
    for step in reversed(MODELS):
        if step.table in found:
            found |= set(step.reads)
    return found & {step.table for step in MODELS}


NEEDED = sorted(needed_by({step.table for step in ACTIVATION}))


def build_activation(context: Context) -> None:
    """Build the models of ACTIVATION and all that they read."""
    build(context, *NEEDED)
