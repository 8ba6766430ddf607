"""The last runs as metrics in the text format of Prometheus, for its textfile collector."""

from collections.abc import Sequence

import duckdb

from c360.warehouse import has_table

_METRICS = {
    "c360_run_number": ("gauge", "Number of the last run."),
    "c360_run_finished_timestamp_seconds": ("gauge", "When a command last ended well."),
    "c360_run_seconds": ("gauge", "How long a command last took."),
    "c360_run_as_of_timestamp_seconds": ("gauge", "The moment that a command last worked for."),
    "c360_step_seconds": ("gauge", "How long a step last took."),
    "c360_step_rows": ("gauge", "Rows of a step's table when it was last made."),
    "c360_step_peak_bytes": ("gauge", "Most resident memory while a step last ran."),
    "c360_step_spill_bytes": ("gauge", "Most bytes that a step, when last run, spilled to disk."),
    "c360_customers": ("gauge", "Living customers, by whether they are identified."),
    "c360_checks": ("gauge", "Checks of the last `c360 check`, by how they ended."),
    "c360_check_hours": ("gauge", "Ages and lags of the last `c360 check`, in hours."),
    "c360_kpi": ("gauge", "Figures of gold.kpi_summary."),
}
_RUNS = """
select
  command,
  max(run) as run,
  max_by(epoch(finished_at), run) as finished,
  max_by(epoch(finished_at) - epoch(started_at), run) as seconds,
  max_by(epoch(as_of), run) as as_of
from ops.run
where finished_at is not null
group by command
order by command
"""
_STEPS = """
select step, max_by(seconds, run), max_by(rows, run), max_by(peak_bytes, run),
  max_by(spill_bytes, run)
from ops.step
group by step
order by step
"""
_CUSTOMERS = """
select if(is_identified, 'true', 'false') as is_identified, count(*)
from identity.customer
where to_run is null and redirects_to is null
group by all
order by all
"""
_KPIS = "select metric, unit, cast(value as double) from gold.kpi_summary order by metric"

_STEP_FIGURES = ("seconds", "rows", "peak_bytes", "spill_bytes")

Sample = tuple[str, dict[str, object], float | None]
"""A metric, its labels and its value; None where it is not known, and not told."""


def metrics_text(con: duckdb.DuckDBPyConnection) -> str:
    """Return the metrics of a warehouse, those of tables that there are."""
    samples = [*_run_samples(con)]
    if has_table(con, "identity.customer"):
        samples += [
            ("c360_customers", {"is_identified": identified}, count)
            for identified, count in con.execute(_CUSTOMERS).fetchall()
        ]
    if has_table(con, "ops.quality_check"):
        samples += _check_samples(con)
    if has_table(con, "gold.kpi_summary"):
        samples += [
            ("c360_kpi", {"metric": metric, "unit": unit}, value)
            for metric, unit, value in con.execute(_KPIS).fetchall()
        ]
    return as_text(samples)


def as_text(samples: Sequence[Sample]) -> str:
    r"""Return samples in the text format, version 0.0.4.

    >>> print(as_text([("c360_checks", {"status": 'a "b"'}, 2)]), end="")
    # HELP c360_checks Checks of the last `c360 check`, by how they ended.
    # TYPE c360_checks gauge
    c360_checks{status="a \"b\""} 2
    """
    lines = []
    for name, (kind, told) in _METRICS.items():
        own = [(labels, value) for metric, labels, value in samples if metric == name]
        if own:
            lines += [f"# HELP {name} {told}", f"# TYPE {name} {kind}"]
        for labels, value in own:
            if value is not None:
                shown = ",".join(f'{label}="{_escaped(of)}"' for label, of in labels.items())
                lines.append(f"{name}{{{shown}}} {value}" if shown else f"{name} {value}")
    return "".join(f"{line}\n" for line in lines)


def _run_samples(con: duckdb.DuckDBPyConnection) -> list[Sample]:
    runs = con.execute(_RUNS).fetchall()
    samples: list[Sample] = [("c360_run_number", {}, max((run for _, run, *_ in runs), default=0))]
    for command, _, finished, seconds, as_of in runs:
        told = {"command": command}
        samples += [
            ("c360_run_finished_timestamp_seconds", told, finished),
            ("c360_run_seconds", told, seconds),
            ("c360_run_as_of_timestamp_seconds", told, as_of),
        ]
    for step, *figures in con.execute(_STEPS).fetchall():
        samples += [
            (f"c360_step_{name}", {"step": step}, value)
            for name, value in zip(_STEP_FIGURES, figures, strict=True)
        ]
    return samples


def _check_samples(con: duckdb.DuckDBPyConnection) -> list[Sample]:
    described = con.execute("describe ops.quality_check").fetchall()
    if "severity" not in {name for name, *_ in described}:
        counts = "select status, '', count(*) from ops.quality_check group by all order by all"
        hours = ""
    else:
        counts = (
            "select status, coalesce(severity, ''), count(*) from ops.quality_check"
            " group by all order by all"
        )
        hours = (
            "select metric, coalesce(source, ''), status, cast(value as double)"
            " from ops.quality_check where unit = 'hours' order by metric"
        )
    samples: list[Sample] = [
        ("c360_checks", {"status": status, "severity": severity}, count)
        for status, severity, count in con.execute(counts).fetchall()
    ]
    if hours:
        samples += [
            ("c360_check_hours", {"metric": metric, "source": source, "status": status}, value)
            for metric, source, status, value in con.execute(hours).fetchall()
        ]
    return samples


def _escaped(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
