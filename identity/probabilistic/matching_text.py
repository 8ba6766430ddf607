"""A matched list for people and programs: a table, JSON, and a CSV for spreadsheets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import get_args

import duckdb

from c360.identity.explain_evidence import printable
from c360.identity.probabilistic.matching import Matched, match_list
from c360.identity.probabilistic.matching_verdict import Candidate, MatchedRow, Verdict
from c360.outcome import Outcome
from c360.runs import reading
from c360.warehouse import export, fill_table
from c360.workspace import Workspace

MOST_ROWS = 20
"""Rows that are told one by one."""

_WIDEST = 24
"""Characters of a row's name that are told."""

_SURE = 0.9995
"""From here on a probability would be rounded to 100 %, which it is not."""

_HEAD = ("id", "verdict", "customer", "probable", "because")
_COLUMNS = {
    "row": "integer",
    "id": "varchar",
    "verdict": "varchar",
    "reason": "varchar",
    "place": "integer",
    "customer_id": "varchar",
    "match_probability": "double",
    "match_weight": "double",
    "evidence": "varchar",
}


def match_file(
    workspace: Workspace, file: Path, *, match_above: float | None = None, csv: Path | None = None
) -> Outcome:
    """Match a list with the customers of a workspace, and write nothing there.

    Args:
        workspace: Where customers have been resolved.
        file: CSV, JSON lines or Parquet, its columns named as what customers have.
        match_above: Least match probability of a match; None: that of the configuration.
        csv: Write all rows and their candidates there.

    Raises:
        MissingStepError: nothing has been resolved.
        C360Error: the list cannot be read.
    """
    with reading(workspace) as context:
        matched = match_list(context, file, match_above)
        if csv is not None:
            write_matched(context.con, matched, csv)
    return Outcome(matched_text(matched, csv), matched_figures(matched), matched.notes)


def matched_text(matched: Matched, csv: Path | None) -> str:
    """Return the first rows as a table, and how many there are of each verdict."""
    lines = [_HEAD, *(line for row in matched.rows[:MOST_ROWS] for line in _lines(row))]
    *widths, _ = (max(map(len, column)) for column in zip(*lines, strict=True))
    table = [
        "  ".join(
            [*(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=False)), line[-1]]
        )
        for line in lines
    ]
    left = len(matched.rows) - MOST_ROWS
    if left > 0:
        table.append(f"and {left:,} more; --csv FILE lists them all")
    counted = [f"{count:,} {verdict}" for verdict, count in count_verdicts(matched).items()]
    rows = "1 row" if len(matched.rows) == 1 else f"{len(matched.rows):,} rows"
    table += ["", f"{rows}: {', '.join(counted)}"]
    if csv:
        table.append(f"All of them: {csv}")
    return "\n".join(line.rstrip() for line in table)


def matched_figures(matched: Matched) -> dict[str, object]:
    """Return all of it for programs."""
    return {
        "counts": count_verdicts(matched),
        "model": matched.model,
        "match_above": matched.match_above,
        "review_above": matched.review_above,
        "rows": [
            {
                "row": row.number,
                "id": row.name,
                "verdict": row.verdict,
                "reason": row.reason,
                "candidates": [
                    {
                        "customer_id": each.customer_id,
                        "match_probability": each.match_probability,
                        "match_weight": each.match_weight,
                        "evidence": list(each.evidence),
                        "guards": list(each.guards),
                    }
                    for each in row.candidates
                ],
            }
            for row in matched.rows
        ],
    }


def write_matched(con: duckdb.DuckDBPyConnection, matched: Matched, csv: Path) -> None:
    """Write one line per row and candidate; a row without any has one line."""
    fill_table(con, "temp.match_export", _COLUMNS, list(_cells(matched.rows)))
    export(con, "from temp.match_export order by row, place", csv)


def count_verdicts(matched: Matched) -> dict[Verdict, int]:
    """Return how many rows there are of each verdict."""
    counted = Counter(row.verdict for row in matched.rows)
    return {verdict: counted[verdict] for verdict in get_args(Verdict)}


def _lines(row: MatchedRow) -> Iterator[tuple[str, ...]]:
    name = printable(row.name)
    name = name if len(name) <= _WIDEST else name[: _WIDEST - 1] + "…"
    if row.verdict == "no match":
        yield name, row.verdict, "", "", row.reason
        return
    for place, each in enumerate(row.candidates):
        first = (name, row.verdict) if place == 0 else ("", "")
        reason = row.reason if place == 0 and len(row.candidates) > 1 else ""
        because = "; ".join(filter(None, (reason, _because(each))))
        yield *first, each.customer_id, _percent(each.match_probability), because


def _because(candidate: Candidate) -> str:
    return "; ".join([*candidate.guards, ", ".join(candidate.evidence)])


def _percent(match_probability: float | None) -> str:
    if match_probability is None:
        return ""
    return "over 99.9 %" if match_probability >= _SURE else f"{100 * match_probability:.1f} %"


def _cells(rows: Sequence[MatchedRow]) -> Iterable[tuple[object, ...]]:
    for row in rows:
        head = (row.number, row.name, row.verdict, row.reason)
        if not row.candidates:
            yield *head, None, None, None, None, None
        for place, each in enumerate(row.candidates, start=1):
            figures = each.match_probability, each.match_weight
            yield *head, place, each.customer_id, *figures, _because(each)
