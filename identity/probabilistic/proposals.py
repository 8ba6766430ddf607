"""The step that compares customers: what it looks at in this run, and what it proposes."""

from collections.abc import Sequence
from itertools import chain

import duckdb

from c360.errors import C360Error
from c360.identity.probabilistic.blocking import build_candidates, ladders_of
from c360.identity.probabilistic.fields import CompareField, compared_fields
from c360.identity.probabilistic.layout import KEPT_ABOVE, PROPOSAL_TABLES, make_proposal_tables
from c360.identity.probabilistic.model import (
    Model,
    levels_of,
    read_model,
    read_term_frequencies,
    save_model,
)
from c360.identity.probabilistic.portrait import build_portraits
from c360.identity.probabilistic.scoring import score_candidates
from c360.identity.probabilistic.training import signature, train_model
from c360.identity.probabilistic.values import build_training_values, build_values
from c360.step import Context, read_sql, run_model
from c360.warehouse import has_rows


def build_proposals(context: Context) -> None:
    """Write identity.proposal, proposal_weight, compared_value, compared_customer, blocking_rule.

    Compares the customers that are new or have changed with all others, and those of blocks that
    have become small enough or too large; proposals between others are kept. The result is that of
    comparing all of them under the same model. Trains a model where there is none for the fields.
    """
    con = context.con
    make_proposal_tables(con)
    if not context.settings.probabilistic.enabled:
        _forget(con)
        return
    fields = required_fields(context)
    build_values(context, fields)
    number_customers(context)
    model = current_model(context, fields)
    if model is None and not _can_learn(con):
        _forget(con)
        return
    model = model or train(context, fields)
    read_term_frequencies(con, context.workspace, model.model_id)
    settings = context.settings.probabilistic
    ladders = build_candidates(
        con,
        "temp.customer_value",
        fields,
        ladders_of(fields, settings.blocking),
        settings.max_pairs,
    )
    run_model("identity", "temp.fingerprint", context, {"under": f"{model.model_id} {ladders}"})
    is_full = context.is_full or not has_rows(con, "identity.compared_customer")
    run_model("identity", "temp.to_compare", context, {"is_full": is_full})
    run_model("identity", f"temp.{'' if is_full else 'touched_'}candidate", context, {})
    if not is_full:
        con.execute(
            "create or replace temp table candidate as from temp.touched_candidate"
        ).fetchall()
    _portray_candidates(con, fields)
    score_candidates(con, model, fields, KEPT_ABOVE)
    _write(context, model)


def required_fields(context: Context) -> tuple[CompareField, ...]:
    """Return the compared fields.

    Raises:
        C360Error: nothing of a person can be compared, or a blocking rule asks for what is not.
    """
    fields = compared_fields(context.settings)
    if all(field.is_namespace for field in fields):
        msg = (
            f"{context.workspace.config}: probabilistic is enabled, and no attribute of a source"
            " can be compared; name some first_name, last_name, date_of_birth, postcode, city or"
            " street, or give yours a type in `probabilistic: fields:`"
        )
        raise C360Error(msg)
    names = [field.name for field in fields]
    asked = dict.fromkeys(chain(*context.settings.probabilistic.blocking))
    if strange := [name for name in asked if name not in names]:
        msg = (
            f"{context.workspace.config}: probabilistic.blocking: {', '.join(strange)}: not"
            f" compared (compared: {', '.join(names)}); give it a type in `probabilistic: fields:`"
        )
        raise C360Error(msg)
    return fields


def number_customers(context: Context) -> None:
    """Write temp.numbered (customer_id, owner), and temp.customer_value as temp.compared_now."""
    con = context.con
    con.execute(
        "create or replace temp table numbered as select customer_id,"
        " cast(row_number() over (order by customer_id) as integer) as owner"
        " from (select distinct customer_id from temp.compared_now)"
    ).fetchall()
    con.execute(
        "create or replace temp table customer_value as"
        " select owner, field, value, place from temp.compared_now join temp.numbered"
        " using (customer_id)"
    ).fetchall()


def current_model(context: Context, fields: Sequence[CompareField]) -> Model | None:
    """Return the model that was trained last, or None where it compares other fields or none is."""
    rows = context.con.execute(
        "select model from identity.model_level order by run desc, model limit 1"
    ).fetchall()
    if not rows:
        return None
    model = read_model(context.workspace, rows[0][0])
    return model if model.fields == signature(fields) else None


def train(context: Context, fields: Sequence[CompareField]) -> Model:
    """Train a model, keep it in the workspace, and write its levels to identity.model_level.

    Reads temp.record_value, temp.contact_value and temp.customer_value.

    Raises:
        C360Error: less than two records describe a person.
    """
    con = context.con
    if not _can_learn(con):
        msg = "less than two records describe a person: there is nothing that a model could learn"
        raise C360Error(msg)
    build_training_values(context)
    model = train_model(context, fields)
    save_model(con, context.workspace, model)
    con.execute(
        "delete from identity.model_level where model = $model", {"model": model.model_id}
    ).fetchall()
    con.executemany(
        "insert into identity.model_level values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                model.model_id,
                context.run,
                level.comparison,
                level.place,
                level.words,
                level.m,
                level.u,
                round(level.weight, 4),
            )
            for level in levels_of(model)
        ],
    )
    return model


def _can_learn(con: duckdb.DuckDBPyConnection) -> bool:
    """Say whether two records or more describe a person."""
    records = (
        "select distinct source, record_id from temp.record_value"
        " semi join identity.record using (source, record_id)"
    )
    return len(con.execute(f"{records} limit 2").fetchall()) > 1


def _portray_candidates(con: duckdb.DuckDBPyConnection, fields: Sequence[CompareField]) -> None:
    """Write temp.portrait of the customers that are compared in this run."""
    owners = (
        "owner in (select owner_l from temp.candidate union select owner_r from temp.candidate)"
    )
    build_portraits(con, "temp.customer_value", owners, fields)


def _write(context: Context, model: Model) -> None:
    con = context.con
    run_model("identity", "temp.kept_customer", context, {})
    for table in ("proposal", "proposal_weight"):
        con.execute(
            f"delete from identity.{table}"
            " where customer_id_l not in (select customer_id from temp.kept_customer)"
            " or customer_id_r not in (select customer_id from temp.kept_customer)"
        ).fetchall()
        select = read_sql("identity", f"temp.new_{table}")
        parameters = {"model": model.model_id} if table == "proposal" else {}
        con.execute(f"insert into identity.{table} {select}", parameters).fetchall()
    for table, select in (
        ("compared_value", "from temp.compared_now order by customer_id, field, place"),
        ("compared_customer", "from temp.fingerprint order by customer_id"),
        ("block", "select rule, key, owners, is_used from temp.block order by rule, key"),
        ("blocking_rule", "from temp.counted_rule order by place"),
        ("large_block", "from temp.big_block order by place, owners desc, shown"),
    ):
        con.execute(f"delete from identity.{table}").fetchall()
        con.execute(f"insert into identity.{table} {select}").fetchall()


def _forget(con: duckdb.DuckDBPyConnection) -> None:
    """Empty the tables of what is no longer asked for; what models said stays."""
    for table in PROPOSAL_TABLES:
        if table != "identity.model_level" and has_rows(con, table):
            con.execute(f"delete from {table}").fetchall()
