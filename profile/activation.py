"""Activation: the audiences of the configuration as SQL, and the last look at their consents."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import sqlglot
from sqlglot import exp

from c360.activation import CANDIDATES, EXCLUDED, Activation, audiences
from c360.config import Settings
from c360.errors import ConfigurationError, PrivacyError
from c360.profile.configured import ConfiguredModel
from c360.profile.model import Model
from c360.sources.quoting import text_sql
from c360.step import Context, Step
from c360.warehouse import build_view

_LOOKED_AT = "gold.customer_360 join silver.customer_contact_pressure using (customer_id)"


@dataclass(frozen=True, slots=True)
class AudienceCheck(ConfiguredModel):
    """Build silver.audience_check; it is a model, so that what guards and draws models knows it."""

    def __call__(self, context: Context) -> None:
        """Write what the conditions of every audience say of every profile.

        Raises:
            ConfigurationError: a condition cannot be asked, or fails on a customer.
        """
        try:
            ConfiguredModel.__call__(self, context)
        except duckdb.Error as error:
            if problems := list(_condition_problems(context)):
                raise ConfigurationError(context.workspace.config, problems) from error
            raise


@dataclass(frozen=True, slots=True)
class AudienceViews(Model):
    """Build gold.activation_candidates, and such a view for each audience of the configuration."""

    def __call__(self, context: Context) -> None:
        """Write the views, drop those of audiences that are no more, look at the consents again.

        Raises:
            PrivacyError: an audience holds somebody without a consent that it needs.
        """
        con, names = context.con, audiences(context.settings.activation)
        _drop_views(con, {activation_table(name) for name in (*names, EXCLUDED)})
        for name in names:
            of_audience = self.sql.replace(text_sql(CANDIDATES), text_sql(name))
            build_view(con, f"gold.{activation_table(name)}", of_audience)
        refuse_unconsented(context)


def audience_check(*reads: str) -> Step:
    """Return the step of silver.audience_check."""
    table = "silver.audience_check"
    return Step(table, reads, AudienceCheck(table, reads, "customer", configure=with_audiences))


def audience_views(*reads: str) -> Step:
    """Return the step of gold.activation_candidates and the other audiences."""
    table = f"gold.{activation_table(CANDIDATES)}"
    return Step(table, reads, AudienceViews(table, reads, "view"))


def activation_table(audience: str) -> str:
    """Return the mart of an audience, without its schema."""
    return f"activation_{audience}"


def activation_tables(settings: Settings) -> list[str]:
    """Return the marts of all audiences, `candidates` first; each has the grain customer_id."""
    return [activation_table(name) for name in audiences(settings.activation)]


def with_audiences(text: str, settings: Settings) -> str:
    """Return the SELECT of one audience as that of all of them."""
    template = sqlglot.parse_one(text, into=exp.Select, dialect="duckdb")
    parts = [
        template.copy().select(*_columns(name, audience), append=False)
        for name, audience in audiences(settings.activation).items()
    ]
    whole = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False)
    return whole.sql(dialect="duckdb", pretty=True)


def refuse_unconsented(context: Context) -> None:
    """Raise a PrivacyError where an audience holds somebody without a consent that it needs."""
    broken = [
        f"{count:,} of {audience!r} without consent to {purpose}"
        for audience, needs in audiences(context.settings.activation).items()
        for purpose in needs.requires
        if (count := _unconsented(context.con, audience, purpose))
    ]
    if broken:
        msg = (
            f"customers would be activated against their will: {'; '.join(broken)}."
            " Nothing is published; look at silver.consent_event and silver.customer_consent"
        )
        raise PrivacyError(msg)


def _unconsented(con: duckdb.DuckDBPyConnection, audience: str, purpose: str) -> int:
    query = f"""
        select count(*)
        from gold.{activation_table(audience)} as activated
        left join silver.customer_consent as general
          on general.customer_id = activated.customer_id and general.purpose = $purpose
        left join silver.customer_channel_consent as by_channel
          on by_channel.customer_id = activated.customer_id and by_channel.purpose = $purpose
          and by_channel.contact_channel = activated.channel
        where not coalesce(by_channel.is_granted, general.is_granted, false)
    """
    return int(con.execute(query, {"purpose": purpose}).fetchall()[0][0])


def _columns(name: str, audience: Activation) -> list[exp.Expr]:
    chosen = "true" if audience.where is None else f"({audience.where}) is true"
    rules = [
        f"case when ({condition}) is not false then {text_sql(rule)} end"
        for rule, condition in audience.suppress.items()
    ]
    columns = {
        "audience": text_sql(name),
        "customer_id": "customer_id",
        "purposes": _list(audience.requires),
        "channels": _list(audience.channels),
        "is_chosen": chosen,
        "suppressed_by": f"concat_ws(', ', {', '.join(rules)})" if rules else "''",
    }
    return [
        exp.alias_(sqlglot.parse_one(sql, dialect="duckdb"), column)
        for column, sql in columns.items()
    ]


def _list(values: tuple[str, ...]) -> str:
    return f"cast([{', '.join(text_sql(value) for value in values)}] as varchar[])"


def _condition_problems(context: Context) -> Iterator[str]:
    """Yield each condition that DuckDB cannot ask, with its key and the columns there are."""
    con = context.con
    columns = [name for name, *_ in con.execute(f"describe from {_LOOKED_AT}").fetchall()]
    for audience, needs in context.settings.activation.items():
        for key, condition in needs.conditions().items():
            try:
                con.execute(f"select count(*) from {_LOOKED_AT} where {condition}").fetchall()
            except duckdb.BinderException as error:
                tree = sqlglot.parse_one(condition, dialect="duckdb")
                asked = {column.name for column in tree.find_all(exp.Column)}
                unknown = sorted(asked - {*columns})
                reason = (
                    f"no column {', '.join(unknown)} (there are {', '.join(columns)})"
                    if unknown
                    else str(error).splitlines()[0]
                )
                yield f"activation.{audience}.{key}: {condition!r}: {reason}"
            except duckdb.Error as error:
                yield f"activation.{audience}.{key}: {condition!r}: {str(error).splitlines()[0]}"


def _drop_views(con: duckdb.DuckDBPyConnection, kept: set[str]) -> None:
    found = con.execute(
        "select view_name from duckdb_views() where database_name = 'c360'"
        " and schema_name = 'gold' and starts_with(view_name, 'activation_')"
    ).fetchall()
    for (name,) in found:
        if name not in kept:
            con.execute(f"drop view gold.{name}").fetchall()
