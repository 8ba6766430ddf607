"""What a row of a list is, by the customers that it may be: a match, possible, or no match."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import duckdb

Verdict = Literal["match", "possible", "no match"]

MOST_SHOWN = 5
"""Candidates that are told of a row."""

NOTICEABLE = 0.05
"""Bits from which on a comparison is told."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer that a row may be.

    `evidence` is what points at it, and what each comparison adds in bits; `guards` is what stands
    against it. Without a comparison there is neither probability nor weight.
    """

    customer_id: str
    match_probability: float | None = None
    match_weight: float | None = None
    evidence: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    points: bool = False


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """A row of the list by its number and name, and what it is; the best candidate first."""

    number: int
    name: str
    verdict: Verdict
    reason: str
    candidates: tuple[Candidate, ...]


def judge(
    candidates: Sequence[Candidate], match_above: float
) -> tuple[Verdict, str, tuple[Candidate, ...]]:
    """Say what a row is by the customers it may be: those that are pointed at or likely.

    Returns the verdict, what is in doubt, and the candidates that it is about, the best first.
    """
    ordered = tuple(sorted(candidates, key=_rank))
    if not ordered:
        return "no match", "", ()
    likely = [each for each in ordered if each.match_probability is not None]
    meant = [each for each in ordered if each.points]
    if not meant and len(likely) == 1 and (likely[0].match_probability or 0) >= match_above:
        meant = likely
    if len(meant) == 1 and not meant[0].guards:
        return "match", "", (meant[0],)
    return "possible", _doubt(meant, likely), ordered


def _doubt(meant: Sequence[Candidate], likely: Sequence[Candidate]) -> str:
    if len(meant) == 1:
        return "; ".join(meant[0].guards)
    if meant:
        return f"points at {len(meant)} customers"
    return f"{len(likely)} customers are likely" if len(likely) > 1 else ""


def _rank(candidate: Candidate) -> tuple[bool, float, str]:
    return not candidate.points, -(candidate.match_probability or 0), candidate.customer_id


def judge_rows(
    con: duckdb.DuckDBPyConnection, match_above: float, *, is_compared: bool
) -> Iterator[MatchedRow]:
    """Yield the rows of temp.listed with their verdicts, by number.

    Reads temp.match_pointer, match_guard and match_score, and with `is_compared` what comparisons
    add from temp.scored_weight.
    """
    found = _candidates(con, is_compared=is_compared)
    for number, name, has_evidence in con.execute(
        "select number, name, number in (select number from temp.match_identifier)"
        " or ($is_compared and number in (select number from temp.match_value))"
        " from temp.listed order by number",
        {"is_compared": is_compared},
    ).fetchall():
        verdict, reason, candidates = judge(found.get(number, ()), match_above)
        told = reason if has_evidence else "nothing to compare"
        yield MatchedRow(number, name, verdict, told, candidates[:MOST_SHOWN])


def _candidates(
    con: duckdb.DuckDBPyConnection, *, is_compared: bool
) -> Mapping[int, Sequence[Candidate]]:
    """Return the customers that each row may be."""
    found: defaultdict[int, dict[str, Candidate]] = defaultdict(dict)
    for number, customer_id, points, evidence in con.execute(
        "select number, customer_id, bool_or(says = 'points'), list(case says"
        " when 'points' then namespace when 'shared' then namespace || ' is shared'"
        " else namespace || ' alone does not say who someone is' end order by place)"
        " from temp.match_pointer join temp.match_namespace using (place)"
        " group by number, customer_id order by number, customer_id"
    ).fetchall():
        found[number][customer_id] = Candidate(
            customer_id, evidence=tuple(evidence), points=bool(points)
        )
    weights = _weights(con) if is_compared else {}
    for number, customer_id, weight, probability in con.execute(
        "select number, customer_id, match_weight, match_probability from temp.match_score"
        " order by number, customer_id"
    ).fetchall():
        known = found[number].get(customer_id, Candidate(customer_id))
        found[number][customer_id] = replace(
            known,
            match_weight=weight,
            match_probability=probability,
            evidence=known.evidence + weights.get((number, customer_id), ()),
        )
    for number, customer_id, guards in con.execute(
        "select number, customer_id, list(words order by place) from temp.match_guard"
        " group by number, customer_id order by number, customer_id"
    ).fetchall():
        found[number][customer_id] = replace(found[number][customer_id], guards=tuple(guards))
    return {number: list(each.values()) for number, each in found.items()}


def _weights(con: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], tuple[str, ...]]:
    """Return what each comparison adds to a pair, the heaviest first, and the prior at the end."""
    rows = con.execute(
        "select -told.owner_l, customer.customer_id, told.words, told.weight"
        " from temp.scored_weight as told"
        " join temp.match_customer as customer on customer.owner = told.owner_r"
        " where told.place = 0 or abs(told.weight) >= $noticeable"
        " order by told.owner_l, told.owner_r, told.place = 0, abs(told.weight) desc, told.place",
        {"noticeable": NOTICEABLE},
    ).fetchall()
    told: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for number, customer_id, words, weight in rows:
        told[number, customer_id].append(f"{words} {weight:+.1f}")
    return {pair: tuple(words) for pair, words in told.items()}
