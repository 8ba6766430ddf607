"""A list of people against the customers: each row a match, possible, or no match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from c360.errors import C360Error, MissingStepError
from c360.identity.probabilistic.blocking import ladders_of
from c360.identity.probabilistic.fields import CompareField, compared_fields
from c360.identity.probabilistic.matching_candidates import build_match_candidates
from c360.identity.probabilistic.matching_evidence import build_evidence, build_guards
from c360.identity.probabilistic.matching_list import read_list
from c360.identity.probabilistic.matching_verdict import MatchedRow, judge_rows
from c360.identity.probabilistic.model import Model, read_term_frequencies
from c360.identity.probabilistic.portrait import build_portraits
from c360.identity.probabilistic.proposals import current_model
from c360.identity.probabilistic.scoring import score_candidates
from c360.step import Context
from c360.warehouse import has_rows, has_table

EXPECTED_SHARE = 0.5
"""How probable it is, before anything is compared, that a row is one of the customers. The model's
own prior is about two customers whom rules have left apart: few of these are one person."""

MATCH_ABOVE = 0.95
"""Least match probability of a match where neither the configuration nor the user says another."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A matched list.

    `model` is None where identifiers alone were looked at; `notes` say why, and what else to know.
    """

    rows: tuple[MatchedRow, ...]
    model: str | None
    match_above: float
    review_above: float
    notes: tuple[str, ...]


def match_list(context: Context, file: Path, match_above: float | None = None) -> Matched:
    """Match a list with the customers of the warehouse; writes temporary tables only.

    An identifier that points at one customer, and no guard against it, is a match. Else the row is
    compared under the current model: a match is a customer from `match_above` on, if no second one
    reaches `review_above` and no guard stands against it.

    Raises:
        MissingStepError: nothing has been resolved.
        C360Error: the list cannot be read, or the thresholds are not in order.
    """
    con, settings = context.con, context.settings.probabilistic
    if not has_table(con, "identity.verdict"):
        raise MissingStepError("no customers have been resolved", "c360 resolve")
    above = _threshold(context, match_above)
    fields = compared_fields(context.settings)
    model, why_not = _model(context, fields)
    read_list(con, context.settings, file)
    build_evidence(context, fields)
    notes = [] if why_not is None else [why_not]
    con.execute(
        "create or replace temp table match_score (number integer, customer_id varchar,"
        " match_weight double, match_probability double)"
    ).fetchall()
    refused = frozenset[int]() if model is None else _compare(context, fields, model)
    con.execute(
        "create or replace temp table match_pair as"
        " select number, customer_id from temp.match_pointer"
        " union select number, customer_id from temp.match_score"
    ).fetchall()
    build_guards(context)
    rows = tuple(judge_rows(con, above, is_compared=model is not None))
    return Matched(
        rows,
        None if model is None else model.model_id,
        above,
        settings.review_above,
        (*notes, *_too_many(rows, refused)),
    )


def _threshold(context: Context, match_above: float | None) -> float:
    settings = context.settings.probabilistic
    if match_above is None:
        return max(settings.accept_above or MATCH_ABOVE, settings.review_above)
    if match_above < settings.review_above:
        msg = (
            f"--match-above {match_above:g} is below review_above of {context.workspace.config}"
            f" ({settings.review_above:g}); what is possible would be a match: name a higher one"
        )
        raise C360Error(msg)
    return match_above


def _model(context: Context, fields: Sequence[CompareField]) -> tuple[Model | None, str | None]:
    """Return the model to compare by, or why there is none."""
    only = "only identifiers were looked at: "
    if not context.settings.probabilistic.enabled:
        return None, f"{only}`probabilistic` is not enabled in {context.workspace.config}"
    if not has_table(context.con, "identity.compared_customer") or not has_rows(
        context.con, "identity.compared_customer"
    ):
        return None, f"{only}no customers have been compared yet; run `c360 resolve`"
    model = current_model(context, fields)
    if model is None:
        return None, f"{only}the model is of another configuration or version; run `c360 resolve`"
    return model, None


def _compare(context: Context, fields: Sequence[CompareField], model: Model) -> frozenset[int]:
    """Write temp.match_score (number, customer_id, weight, probability) and temp.scored_weight.

    Returns the rows that share something with too many. A row is owner -number, so that it is never
    a customer's. Those that an identifier leads to are compared too, whatever they share.
    """
    con, settings = context.con, context.settings.probabilistic
    refused = build_match_candidates(context, fields, ladders_of(fields, settings.blocking))
    con.execute(
        "create or replace temp table candidate as"
        " select -number as owner_l, owner as owner_r from temp.match_candidate"
        " union select -pointer.number, customer.owner from temp.match_pointer as pointer"
        " join temp.match_customer as customer using (customer_id)"
        " semi join temp.match_value using (number)"
    ).fetchall()
    con.execute(
        "create or replace temp table match_owner_value as"
        " select -number as owner, field, value, 1 as place from temp.match_value"
        " union all select customer.owner, compared.field, compared.value, compared.place"
        " from identity.compared_value as compared"
        " join temp.match_customer as customer using (customer_id)"
        " semi join temp.candidate on candidate.owner_r = customer.owner"
    ).fetchall()
    build_portraits(con, "temp.match_owner_value", "true", fields)
    read_term_frequencies(con, context.workspace, model.model_id)
    score_candidates(con, _expecting(context, model), fields, settings.review_above)
    con.execute(
        "create or replace temp table match_score as select -scored.owner_l as number,"
        " customer.customer_id, scored.match_weight, scored.match_probability"
        " from temp.scored join temp.match_customer as customer on customer.owner = scored.owner_r"
    ).fetchall()
    return refused


def _expecting(context: Context, model: Model) -> Model:
    """Return the model with the prior of a list: a row may be any one of the customers."""
    rows = context.con.execute("select count(*) from temp.match_customer").fetchall()
    prior = EXPECTED_SHARE / rows[0][0]
    return replace(model, content={**model.content, "prior": prior})


def _too_many(rows: Iterable[MatchedRow], refused: frozenset[int]) -> list[str]:
    """Say how many rows may have found nobody because they share too little with too many."""
    count = sum(row.verdict == "no match" and row.number in refused for row in rows)
    if not count:
        return []
    told = "1 row without a match shares" if count == 1 else f"{count:,} rows without a match share"
    return [f"{told} something with so many customers that not all of these were compared"]
