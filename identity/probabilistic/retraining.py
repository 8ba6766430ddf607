"""`c360 train`: a model of what is resolved now, in place of the last one."""

from collections.abc import Callable, Iterable
from datetime import datetime

from c360.errors import C360Error, MissingStepError
from c360.identity.probabilistic.fields import uncompared_attributes
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.identity.probabilistic.model import Model, TrainedLevel, levels_of, read_model
from c360.identity.probabilistic.proposals import number_customers, required_fields, train
from c360.identity.probabilistic.values import build_values
from c360.identity.records import install_macros
from c360.outcome import Outcome
from c360.runs import run_steps, writing
from c360.step import Context, Step
from c360.warehouse import has_table
from c360.workspace import Workspace


def train_anew(
    workspace: Workspace,
    as_of: datetime | None = None,
    *,
    after: Callable[[Context], object] | None = None,
) -> Outcome:
    """Train a model on the customers as they are resolved; the next resolution compares by it.

    `after` is done in the same run: what has to go with the model that is replaced.

    Raises:
        MissingStepError: nothing has been resolved.
        C360Error: the probabilistic comparison is not enabled, or has nothing to compare.
    """
    with writing(workspace, "train", as_of) as context:
        _require(context)
        make_proposal_tables(context.con)
        reads = ("identity.record", "identity.member", "identity.value", "identity.carried")
        run_steps(context, "Training", [Step("identity.model_level", reads, _train)])
        model = _trained(context)
        if after is not None:
            after(context)
        uncompared = uncompared_attributes(context.settings)
    levels = list(levels_of(model))
    figures = {
        "model": model.model_id,
        "records": model.content["records"],
        "prior": model.content["prior"],
        "rounds": _rounds(model),
        "not_compared": uncompared,
        "levels": [
            {
                "comparison": each.comparison,
                "level": each.words,
                "m": each.m,
                "u": each.u,
                "weight": round(each.weight, 4),
            }
            for each in levels
        ],
    }
    return Outcome("\n".join(_lines(model, levels, uncompared)), figures)


def _require(context: Context) -> None:
    if not context.settings.probabilistic.enabled:
        msg = (
            f"{context.workspace.config}: there is no model to train, because nothing is compared;"
            " set `probabilistic: {enabled: true}`"
        )
        raise C360Error(msg)
    if not has_table(context.con, "identity.member"):
        raise MissingStepError("no customers have been resolved", "c360 resolve")


def _train(context: Context) -> None:
    install_macros(context)
    fields = required_fields(context)
    build_values(context, fields)
    number_customers(context)
    train(context, fields)


def _trained(context: Context) -> Model:
    rows = context.con.execute(
        "select distinct model from identity.model_level where run = $run", {"run": context.run}
    ).fetchall()
    return read_model(context.workspace, rows[0][0])


def _rounds(model: Model) -> list[str]:
    return list(model.content["rounds"])


def _lines(model: Model, levels: Iterable[TrainedLevel], uncompared: list[str]) -> list[str]:
    rows = [("comparison", "outcome", "matches", "others", "weight")]
    last = ""
    for each in levels:
        name = each.comparison if each.comparison != last else ""
        last = each.comparison
        rows.append((name, each.words, f"{each.m:.4f}", f"{each.u:.6f}", f"{each.weight:+.1f}"))
    comparison, outcome, *_ = (max(map(len, column)) for column in zip(*rows, strict=True))
    table = [
        f"{name:<{comparison}}  {words:<{outcome}}  {m:>7}  {u:>8}  {weight:>6}"
        for name, words, m, u, weight in rows
    ]
    rounds = "; ".join(_rounds(model)) or "none: no two records share enough to learn from"
    records = model.content["records"]
    lines = [
        f"Trained {model.model_id} on {records:,} records",
        f"Any two customers are one person: 1 in {1 / model.content['prior']:,.0f}"
        f" (weight {model.prior_weight:+.1f})",
        f"Learned matches from those who share: {rounds}",
        "",
        *table,
        "",
    ]
    if uncompared:
        lines.append(
            f"Not compared: {', '.join(uncompared)}; give them a type in `probabilistic: fields:`"
        )
    return [*lines, "The next `c360 resolve` compares all customers anew."]
