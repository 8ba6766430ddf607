"""Scores of pairs under a model, with what each comparison adds, in words."""

from collections.abc import Sequence

import duckdb

from c360.identity.probabilistic.comparisons import RAREST, Comparison, comparisons_of
from c360.identity.probabilistic.fields import CompareField
from c360.identity.probabilistic.model import Model, levels_of, splink_settings
from c360.identity.probabilistic.session import Session, comparing
from c360.identity.probabilistic.training import register_term_frequencies
from c360.warehouse import create_tables, fill_table, has_rows

NOTABLE = 1.5
"""Bits that a term frequency adds or takes before a value is called rare or common."""

DECIMALS = 4
"""Of weights, in bits, and of what is told of them."""

_SCORED = {
    "temp.scored": "owner_l integer, owner_r integer, match_weight double,"
    " match_probability double",
    "temp.scored_weight": "owner_l integer, owner_r integer, place integer, comparison varchar,"
    " words varchar, weight double",
}


def score_candidates(
    con: duckdb.DuckDBPyConnection, model: Model, fields: Sequence[CompareField], kept_above: float
) -> None:
    """Write temp.scored and temp.scored_weight: the candidates that reach a match probability.

    Reads temp.portrait, temp.candidate (owner_l, owner_r) and temp.term_frequency. Weights are in
    bits; those of a pair add up to its match weight, place 0 is the prior.
    """
    create_tables(con, _SCORED)
    if not has_rows(con, "temp.candidate"):
        return
    comparisons = comparisons_of(fields)
    trained = {(level.comparison, level.words): (level.m, level.u) for level in levels_of(model)}
    settings = splink_settings(
        comparisons, trained, prior=float(model.content["prior"]), rarest=RAREST, is_told=True
    )
    with comparing(con) as session:
        session.take("portrait", "from temp.portrait")
        session.take("term_frequency", "from temp.term_frequency")
        session.take(
            "candidate",
            "select owner_l as join_key_l, owner_r as join_key_r, '0' as match_key"
            " from temp.candidate",
        )
        linker = session.linker("portrait", settings)
        register_term_frequencies(session, linker, comparisons)
        linker.table_management.register_blocked_pairs_for_predict(session.table("candidate"))
        predicted = linker.inference.predict(threshold_match_probability=kept_above)
        session.give(
            "scored",
            "select unique_id_l as owner_l, unique_id_r as owner_r,"
            f" round(match_weight, {DECIMALS}) as match_weight,"
            f" round(match_probability, {2 * DECIMALS}) as match_probability"
            f" from {predicted.physical_name}",
        )
        _fill_levels(session, model)
        session.give("scored_weight", _weights_sql(predicted.physical_name, comparisons, model))


def _fill_levels(session: Session, model: Model) -> None:
    fill_table(
        session.own,
        "level",
        {"comparison": "varchar", "gamma": "integer", "words": "varchar"},
        [(level.comparison, level.place, level.words) for level in levels_of(model)],
    )


def _weights_sql(predicted: str, comparisons: Sequence[Comparison], model: Model) -> str:
    """Return the SELECT of what each comparison adds to the pairs that were scored."""
    parts = []
    for place, comparison in enumerate(comparisons, start=1):
        name = comparison.name
        is_adjusted = any(level.frequency_of for level in comparison.levels)
        adjusted = f"mw_tf_adj_{name}" if is_adjusted else "0.0"
        parts.append(
            f"select unique_id_l, unique_id_r, {place} as place, '{name}' as comparison,"
            f" gamma_{name} as gamma, mw_{name} as weight, {adjusted} as adjusted from {predicted}"
            f" where gamma_{name} >= 0"
        )
    return f"""
select
  unique_id_l as owner_l,
  unique_id_r as owner_r,
  place,
  comparison,
  case
    when adjusted >= {NOTABLE} then regexp_replace(words, '^same ', 'same rare ')
    when adjusted <= -{NOTABLE} then regexp_replace(words, '^same ', 'same common ')
    else words
  end as words,
  round(weight + adjusted, {DECIMALS}) as weight
from ({" union all ".join(parts)})
join level using (comparison, gamma)
union all
select unique_id_l, unique_id_r, 0, 'prior', 'prior', {round(model.prior_weight, DECIMALS)}
from {predicted}"""
