"""What the SQL models of this folder may name as `$parameter`."""

from datetime import timedelta

from c360.section import Section
from c360.step import Context


def profile_parameters(context: Context) -> dict[str, object]:
    """Return every parameter: each setting of `rules`, and the moments that the build looks from.

    A setting of a rule pack is called by both names: `rules.clv.recent_days` is `$clv_recent_days`.
    `as_of` is the moment of the build (UTC); what ends in `_since` is the first moment of a window
    that ends there.
    """
    rules = context.settings.rules
    return {
        **_settings(rules),
        "as_of": context.as_of,
        "behaviour_since": context.as_of - timedelta(days=rules.behaviour_days),
        "service_since": context.as_of - timedelta(days=rules.service_days),
        "week_since": context.as_of - timedelta(days=7),
        "month_since": context.as_of - timedelta(days=30),
        "recent_purchase_since": context.as_of - timedelta(days=rules.mart.recent_purchase_days),
    }


def _settings(section: Section) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in type(section).model_fields:
        value = getattr(section, name)
        if isinstance(value, Section):
            found |= {f"{name}_{inner}": each for inner, each in _settings(value).items()}
        else:
            found[name] = list(value) if isinstance(value, tuple | list) else value
    return found
