"""A model without labels: chance from random pairs (u), matches by expectation maximisation (m)."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import duckdb

from c360.identity.probabilistic.blocking import build_candidates, ladders_of
from c360.identity.probabilistic.bounds import bounded
from c360.identity.probabilistic.comparisons import RAREST, Comparison, comparisons_of
from c360.identity.probabilistic.fields import CONTACTS, CompareField
from c360.identity.probabilistic.model import (
    Model,
    digest_frequencies,
    make_model,
    rounded,
    splink_settings,
)
from c360.identity.probabilistic.portrait import build_portraits, name_fields
from c360.identity.probabilistic.prior import estimate_prior
from c360.identity.probabilistic.session import Session, comparing
from c360.identity.probabilistic.unseen import Trained
from c360.step import Context, read_sql
from c360.warehouse import build_table

if TYPE_CHECKING:
    from splink import Linker

SEED = 20260115
"""Of the samples. Any number does; another one gives another model."""

RANDOM_PAIRS = 1_000_000
"""Random pairs from which chance is learned: enough to see what happens once in ten thousand."""

MATCHING_PAIRS = 1_000_000
"""Pairs at most from which one round of expectation maximisation learns."""

SAMPLED_PAIRS = 300_000
"""Candidates at most from which the prior is estimated."""

ITERATIONS = (6, 3, 1)
"""Iterations of a round that are tried in turn where the usual 25 lead out of the numbers."""

FEW_RECORDS = 20_000
"""Records at most among which matches are looked for to tell chance: of so many pairs as more make,
matches are too small a part to matter."""

LEAST_DUPLICATES = 0.005
"""Matches that are expected per customer at least. Where rules have found nearly all, what they
left is too little for an estimate, which then says that nobody can match, whatever agrees."""


def train_model(context: Context, fields: Sequence[CompareField]) -> Model:
    """Learn from the records, and estimate the prior of the customers as they are resolved.

    Reads temp.training_value and temp.customer_value (owner, field, value, place). Writes
    temp.term_frequency (field, value, frequency).

    Records teach, because customers after resolution are the ones that are hard to match, which
    would teach that matches hardly agree.
    """
    con = context.con
    comparisons = comparisons_of(fields)
    max_pairs = context.settings.probabilistic.max_pairs
    ladders = ladders_of(fields, context.settings.probabilistic.blocking)
    build_portraits(con, "temp.training_value", "true", fields)
    _count_terms(con, fields)
    records = _owners(con, "temp.training_value")
    known = _known_share(con, records)
    with comparing(con) as session:
        session.take("portrait", "from temp.portrait order by unique_id")
        session.take("term_frequency", "from temp.term_frequency")
        learned, rounds = _learn(session, comparisons, fields, known)
        among_records = known
        trained = bounded(learned, known)
        if records <= FEW_RECORDS:
            build_candidates(con, "temp.training_value", fields, ladders, max_pairs)
            # Each time chance, without the matches in it, is rarer, and so more pairs are matches.
            for _ in range(3):
                among_records = _estimate(
                    session, con, comparisons, trained, owners=records, start=among_records
                )
                trained = bounded(learned, among_records)
        build_portraits(con, "temp.customer_value", "true", fields)
        session.take("portrait", "from temp.portrait order by unique_id")
        customers = _owners(con, "temp.customer_value")
        build_candidates(con, "temp.customer_value", fields, ladders, max_pairs)
        found = _estimate(session, con, comparisons, trained, owners=customers, start=among_records)
        # A share of 2 n / n² of all pairs: as many matches as customers.
        prior = max(found, min(LEAST_DUPLICATES * 2 / max(customers, 1), 0.5))
    content = _content(comparisons, fields, trained, prior=prior, rounds=rounds, records=records)
    return make_model(content | {"term_frequencies": digest_frequencies(con)})


def signature(fields: Sequence[CompareField]) -> list[list[object]]:
    """Return what a model is for: other fields, or other comparisons of them, need another one."""
    comparisons = repr(comparisons_of(fields)).encode()
    told = [[f.name, f.type, f.is_namespace, f.has_term_frequency] for f in fields]
    return [*told, [hashlib.sha256(comparisons).hexdigest()]]


def _learn(
    session: Session,
    comparisons: tuple[Comparison, ...],
    fields: Sequence[CompareField],
    known: float,
) -> tuple[Trained, list[str]]:
    """Return m and u of each level, untrained ones at Splink's defaults, and the rounds of EM."""
    settings = splink_settings(comparisons, {}, prior=known, rarest=RAREST, is_told=False)
    linker = session.linker("portrait", settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    rounds = []
    for names in _rounds(fields, comparisons):
        rule = " and ".join(f"l.value_{name} = r.value_{name}" for name in names)
        if _is_shared(session, rule):
            linker = _take_round(session, linker, rule)
            rounds.append(" + ".join(names))
    found = linker.misc.save_model_to_json()
    learned = {
        (comparison["output_column_name"], level["label_for_charts"]): (
            _number(level.get("m_probability")),
            _number(level.get("u_probability")),
        )
        for comparison in found["comparisons"]
        for level in comparison["comparison_levels"]
        if not level.get("is_null_level")
    }
    return learned, rounds


def _take_round(session: Session, linker: "Linker", rule: str) -> "Linker":
    """Return a linker that has learned from a round.

    Where matches and others part without a doubt, the likelihood of what never comes with a match
    goes to zero with each iteration, and Splink ends when no number is that small.
    """
    before = linker.misc.save_model_to_json()
    for iterations in ITERATIONS:
        try:
            with session.one_thread():
                linker.training.estimate_parameters_using_expectation_maximisation(
                    rule, max_pairs=MATCHING_PAIRS
                )
        except ValueError:
            linker = session.linker("portrait", before | {"max_iterations": iterations})
        else:
            break
    return linker


def _is_shared(session: Session, rule: str) -> bool:
    """Say whether a round has pairs. Where it has none Splink forgets what the round compares."""
    pairs = f"from portrait as l join portrait as r on {rule} where l.unique_id < r.unique_id"
    return bool(session.own.execute(f"select 1 {pairs} limit 1").fetchall())


def _rounds(
    fields: Sequence[CompareField], comparisons: Sequence[Comparison]
) -> Iterator[tuple[str, ...]]:
    """Yield what two must share to be looked at for matches: each teaches of all but itself."""
    first, last = name_fields(fields)
    shared: list[tuple[str, ...]] = []
    if first is not None and last is not None:
        shared.append((first, last))
    elif last is not None:
        shared.append((last,))
    shared += [
        (field.name,)
        for field in fields
        if field.type in ("date_of_birth", "street", "full_name", "exact", "free_text", *CONTACTS)
    ]
    for names in shared:
        if any(set(names).isdisjoint(comparison.fields) for comparison in comparisons):
            yield names


def _number(value: object) -> float:
    """Return a probability of Splink; 0 of a level that it has never seen, as it says in words."""
    return float(value) if isinstance(value, int | float) else 0.0


def _estimate(
    session: Session,
    con: duckdb.DuckDBPyConnection,
    comparisons: tuple[Comparison, ...],
    trained: Trained,
    *,
    owners: int,
    start: float,
) -> float:
    """Return the prior of the session's portraits, from a sample of their pairs."""
    build_table(con, "temp.candidate", read_sql("identity", "temp.candidate"), {})
    candidates = con.execute("select count(*) from temp.candidate").fetchall()[0][0]
    every = max(1, -(-candidates // SAMPLED_PAIRS))
    session.take(
        "candidate",
        "select owner_l as join_key_l, owner_r as join_key_r, '0' as match_key from temp.candidate"
        f" where (owner_l * 31 + owner_r) % {every} = 0 order by owner_l, owner_r",
    )
    settings = splink_settings(comparisons, trained, prior=0.5, rarest=RAREST, is_told=False)
    linker = session.linker("portrait", settings)
    register_term_frequencies(session, linker, comparisons)
    linker.table_management.register_blocked_pairs_for_predict(session.table("candidate"))
    predicted = linker.inference.predict()
    weights = session.own.execute(
        "select round(match_weight, 2) as weight, count(*) from"
        f" {predicted.physical_name} group by weight order by weight"
    ).fetchall()
    session.own.execute(f"drop table if exists {predicted.physical_name}").fetchall()
    counted = [(float(weight), float(pairs * every)) for weight, pairs in weights]
    return estimate_prior(counted, owners * (owners - 1) / 2, start)


def register_term_frequencies(
    session: Session, linker: "Linker", comparisons: Sequence[Comparison]
) -> None:
    """Give a linker the term frequencies of the session's table of them."""
    named = {level.frequency_of for comparison in comparisons for level in comparison.levels}
    for field in sorted(filter(None, named)):
        table = f"frequency_of_{field}"
        session.own.execute(
            f"create or replace table {table} as select value as value_{field},"
            f" frequency as tf_value_{field} from term_frequency where field = $field",
            {"field": field},
        ).fetchall()
        linker.table_management.register_term_frequency_lookup(
            session.table(table), f"value_{field}"
        )


def _count_terms(con: duckdb.DuckDBPyConnection, fields: Sequence[CompareField]) -> None:
    """Write temp.term_frequency: of the records that have a field, the share with each value."""
    build_table(
        con,
        "temp.term_frequency",
        read_sql("identity", "temp.term_frequency"),
        {"fields": [field.name for field in fields if field.has_term_frequency]},
    )


def _owners(con: duckdb.DuckDBPyConnection, values: str) -> int:
    return int(con.execute(f"select count(distinct owner) from {values}").fetchall()[0][0])


def _known_share(con: duckdb.DuckDBPyConnection, records: int) -> float:
    """Return the share of pairs of records that deterministic rules have joined."""
    rows = con.execute(read_sql("identity", "temp.joined_pairs")).fetchall()
    pairs = records * (records - 1) / 2
    return float(min(max(rows[0][0] / pairs if pairs else 0.0, 1e-9), 0.5))


def _content(
    comparisons: Sequence[Comparison],
    fields: Sequence[CompareField],
    trained: Trained,
    *,
    prior: float,
    rounds: Sequence[str],
    records: int,
) -> dict[str, object]:
    return {
        "fields": signature(fields),
        "prior": rounded(prior),
        "records": records,
        "rounds": list(rounds),
        "seed": SEED,
        "comparisons": [
            {
                "name": comparison.name,
                "levels": [
                    {
                        "words": level.words,
                        "m": trained[comparison.name, level.words][0],
                        "u": trained[comparison.name, level.words][1],
                    }
                    for level in comparison.levels
                ],
            }
            for comparison in comparisons
        ],
    }
