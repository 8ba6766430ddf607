"""What the SQL models of this folder may name as `$parameter`."""

from datetime import timedelta

from c360.step import Context


def profile_parameters(context: Context) -> dict[str, object]:
    """Return every parameter: each setting of `rules`, and the moments that the build looks from.

    `as_of` is the moment of the build (UTC), `behaviour_since` and `service_since` are the first
    moments of the two windows.
    """
    rules = context.settings.rules
    return {
        **rules.model_dump(),
        "as_of": context.as_of,
        "behaviour_since": context.as_of - timedelta(days=rules.behaviour_days),
        "service_since": context.as_of - timedelta(days=rules.service_days),
    }
