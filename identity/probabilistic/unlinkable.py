"""Customers of whom so little is known that nothing could tell them from others: the unlinkable."""

from collections.abc import Sequence

from c360.identity.probabilistic.fields import compared_fields
from c360.identity.probabilistic.portrait import build_portraits
from c360.identity.probabilistic.proposals import current_model
from c360.identity.probabilistic.scoring import score_candidates
from c360.step import Context, run_model
from c360.warehouse import create_tables

LEAST = 1e-12
"""Least match probability that is looked at; what is below it reaches no threshold."""


def unlinkable_shares(context: Context, thresholds: Sequence[float]) -> dict[float, float]:
    """Return the share of compared customers that do not reach each threshold against themselves.

    Splink's notion of unlinkables. All customers of whom the same fields are known score alike, as
    term frequencies are left out; so one of each kind is scored. Reads identity.compared_value.
    Empty where nothing is compared, the fields are not those of the model, or its file is gone.
    """
    con = context.con
    fields = compared_fields(context.settings)
    model = current_model(context, fields) if _has_file(context) else None
    if model is None:
        return {}
    run_model("identity", "temp.value_pattern", context, {"fields": [f.name for f in fields]})
    con.execute(
        "create or replace temp table pattern_value as select owner, field, value, place"
        " from temp.value_pattern join identity.compared_value using (customer_id)"
    ).fetchall()
    build_portraits(con, "temp.pattern_value", "true", fields)
    con.execute(
        "create or replace temp table candidate as"
        " select owner as owner_l, owner as owner_r from temp.value_pattern"
    ).fetchall()
    create_tables(con, {"temp.term_frequency": "field varchar, value varchar, frequency double"})
    score_candidates(con, model, fields, LEAST)
    rows = con.execute(
        "select coalesce(match_probability, 0), sum(customers) from temp.value_pattern"
        " left join temp.scored on owner_l = owner group by 1 order by 1"
    ).fetchall()
    customers = sum(int(number) for _, number in rows)
    return {
        each: round(sum(int(number) for p, number in rows if p < each) / customers, 6)
        for each in thresholds
        if customers
    }


def _has_file(context: Context) -> bool:
    rows = context.con.execute(
        "select model from identity.model_level order by run desc, model limit 1"
    ).fetchall()
    return bool(rows) and context.workspace.model(f"{rows[0][0]}.json").exists()
