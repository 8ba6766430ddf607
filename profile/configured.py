"""A customer model whose SELECT says what a part of the configuration says."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from c360.config import Settings
from c360.consent import consent_parameters
from c360.profile.increment import is_kept, make_whole, update_customers
from c360.profile.model import Model
from c360.step import Context, Step

Configure = Callable[[str, Settings], str]
"""Makes the SELECT of a workspace from the text of the file and the configuration."""


@dataclass(frozen=True, slots=True)
class ConfiguredModel(Model):
    """Build the table of a customer model from its SELECT as `configure` changes it.

    It is a Model, so that what guards and draws models knows it.
    """

    configure: Configure = lambda text, _: text

    def __call__(self, context: Context) -> None:
        """Write the table: what has changed of it, where that is known."""
        text = self.configure(self.sql, context.settings)
        if is_kept(context, self.table, text, self.reads):
            update_customers(context, self.table, text, self.reads)
        else:
            make_whole(context, self.table, text)


def configured_model(table: str, *reads: str, configure: Configure) -> Step:
    """Return the step of a customer model that `configure` makes the SELECT of."""
    return Step(table, reads, ConfiguredModel(table, reads, "customer", configure=configure))


def with_consent_rules(text: str, settings: Settings) -> str:
    """Write the rules of `consent` in the places of the parameters that stand for them."""
    for name, value in consent_parameters(settings.consent).items():
        text = text.replace(f"${name}", exp.convert(value).sql(dialect="duckdb"))
    return text
