"""The figures by threshold as a table: in text, and kept in the warehouse for the report."""

from collections.abc import Sequence

from c360.config import Settings
from c360.identity.probabilistic.thresholds import Rates, ThresholdFigures
from c360.step import Context
from c360.warehouse import fill_table

COLUMNS = {
    "run": "integer",
    "model": "varchar",
    "records": "bigint",
    "threshold": "double",
    "proposals": "bigint",
    "edge_precision": "double",
    "edge_recall": "double",
    "cluster_precision": "double",
    "cluster_recall": "double",
    "component_precision": "double",
    "component_recall": "double",
    "unlinkable": "double",
}
"""Of identity.evaluated_threshold. `run` is the one that was judged, `records` were labelled."""

_RATES = f"{'prec.':<6} {'recall':<6} {'F1':<6}"
_HEAD = (
    f"{'':16}   {'edges':<20}   {'clusters':<20}   {'components':<20}   {'un-':>8}",
    f"{'from':<6} {'proposals':>9}   {_RATES}   {_RATES}   {_RATES}   linkable",
)


def as_lines(judged: Sequence[ThresholdFigures], settings: Settings) -> list[str]:
    """Return the table for people."""
    marks = {settings.probabilistic.review_above: "review_above"}
    if settings.probabilistic.accept_above is not None:
        marks[settings.probabilistic.accept_above] = "accept_above"
    return [
        "",
        "Proposals by threshold of their match probability, pairwise:",
        *_HEAD,
        *(_line(each, marks.get(each.threshold, "")) for each in judged),
        "edges: the proposals from there on one by one; clusters: the groups that accept_above",
        "would join; components: all that hangs together. Unlinkable: of the compared customers,",
        "those who would not reach the threshold even against themselves.",
    ]


def _line(each: ThresholdFigures, mark: str) -> str:
    rates = (_cells(rates) for rates in (each.edges, each.clusters, each.components))
    unlinkable = "-" if each.unlinkable is None else f"{each.unlinkable:.4f}"
    line = f"{each.threshold:<6g} {each.proposals:>9,}   {'   '.join(rates)}   {unlinkable:>8}"
    return f"{line}  {mark}".rstrip()


def _cells(rates: Rates) -> str:
    cells = (
        "-" if each is None else f"{each:.4f}" for each in (rates.precision, rates.recall, rates.f1)
    )
    return "{:<6} {:<6} {:<6}".format(*cells)


def keep_thresholds(context: Context, judged: Sequence[ThresholdFigures], records: int) -> None:
    """Write identity.evaluated_threshold in place of what was kept before. Grain: (threshold)."""
    model, run = context.con.execute(
        "select (select max(model) from identity.proposal),"
        " (select max(run) from ops.run where command = 'resolve')"
    ).fetchall()[0]
    fill_table(
        context.con,
        "identity.evaluated_threshold",
        COLUMNS,
        [
            (
                run,
                model,
                records,
                each.threshold,
                each.proposals,
                each.edges.precision,
                each.edges.recall,
                each.clusters.precision,
                each.clusters.recall,
                each.components.precision,
                each.components.recall,
                each.unlinkable,
            )
            for each in judged
        ],
    )
