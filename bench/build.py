"""Full and incremental builds of a retail day: `python bench/build.py --customers 200000`.

Makes the rows of one day (2,000,000 customers, or fewer in proportion), resolves them, and sets

- `c360 build` beside the bare SQL: the same SELECTs of the models, run one after the other in one
  DuckDB process over the same silver entities, without log, scope or files;
- a build after 1 % new web events beside a full one, of which every table is compared.

Prints time and peak memory of each, the slowest steps, and what is owed and missed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from bench.measuring import GIB, Measured, run_c360
from c360.config_file import read_settings
from c360.entities import entities
from c360.memory import peak_bytes, reset_peak
from c360.profile.configured import ConfiguredModel
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.profile.parameters import profile_parameters
from c360.step import Context, parameters_of
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

OWED_RATIO, OWED_SHARE, OWED_BYTES = 1.5, 0.1, 8 * GIB
MEMORY_LIMIT = "6GiB"
"""What DuckDB may use on both sides, which leaves something of what is owed to everything else."""

NEW_SHARE = 100
"""One in so many web events comes again, with a new key, in the increment."""

GIVEN = (*(f"silver.{name}" for name in entities()), "silver.customer_attribute")
"""What both sides begin with."""


def main() -> None:
    """Make the day, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--workspace", type=Path, help="default: a temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(arguments.workspace or Path(scratch))
        if not workspace.warehouse.exists():
            _tell("generate", _generate(workspace, arguments.customers))
            _limit_memory(workspace)
            _tell("resolve", run_c360(workspace, "resolve"))
        full = _built(workspace, "--full")
        _tell("build, full", full)
        models = _print_steps(workspace)
        bare = _run_bare(workspace)
        _tell("the bare SQL of the models", bare)
        sys.stdout.write(f"models of the full build / bare SQL: {models / bare.seconds:.2f}\n")
        _add_events(workspace)
        _tell("resolve after 1 % new events", run_c360(workspace, "resolve"))
        increment = _built(workspace)
        _tell("build after 1 % new events", increment)
        _print_steps(workspace)
        changed = _digests(workspace)
        again = _built(workspace, "--full")
        _tell("build of the same, full", again)
        others = [t for t, digest in _digests(workspace).items() if digest != changed[t]]
        share = increment.seconds / again.seconds
        sys.stdout.write(
            f"increment / full: {share:.3f}; tables that differ: {', '.join(others) or 'none'}\n"
        )
        for owed, is_met in {
            f"models at most {OWED_RATIO} x the bare SQL": models <= OWED_RATIO * bare.seconds,
            f"peak at most {OWED_BYTES / GIB:.0f} GiB": again.peak_bytes <= OWED_BYTES,
            f"an increment at most {OWED_SHARE} of a full build": share <= OWED_SHARE,
            "an increment writes what a full build writes": not others,
        }.items():
            if not is_met:
                sys.stderr.write(f"missed: {owed}\n")


def _generate(workspace: Workspace, customers: int) -> Measured:
    return run_c360(workspace, "generate", "--preset", "retail-day", "--customers", str(customers))


def _limit_memory(workspace: Workspace) -> None:
    text = workspace.config.read_text(encoding="utf-8")
    workspace.config.write_text(f"{text}memory_limit: {MEMORY_LIMIT}\n", encoding="utf-8")


def _built(workspace: Workspace, *options: str) -> Measured:
    process = run_c360(workspace, "build", *options)
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        # A step resets the peak that the system keeps for the process: the highest of all counts.
        (peak,), *_ = con.execute(
            "select max(peak_bytes) from ops.step where run = (select max(run) from ops.run)"
        ).fetchall()
    return Measured(process.seconds, max(peak or 0, process.peak_bytes), {})


def _print_steps(workspace: Workspace) -> float:
    """Print the slowest steps of the last build; return the seconds of all models."""
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        steps = con.execute(
            "select step, seconds, peak_bytes from ops.step"
            " where run = (select max(run) from ops.run where command = 'build')"
        ).fetchall()
    for step, seconds, peak in sorted(steps, key=lambda row: -row[1])[:12]:
        sys.stdout.write(f"    {step:<32} {seconds:7.1f} s {(peak or 0) / GIB:5.1f} GiB\n")
    tables = {step.table for step in MODELS}
    return float(sum(seconds for step, seconds, _ in steps if step in tables))


def _run_bare(workspace: Workspace) -> Measured:
    """Run the SELECTs of the models over the silver entities of a warehouse."""
    settings = read_settings(workspace.config)
    with tempfile.TemporaryDirectory(dir=workspace.root) as scratch, duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'").fetchall()
        con.execute(f"set temp_directory = '{scratch}/spill'").fetchall()
        con.execute(f"set memory_limit = '{MEMORY_LIMIT}'").fetchall()
        con.execute(f"set file_search_path = '{workspace.root.resolve()}'").fetchall()
        con.execute(f"attach '{workspace.warehouse}' as c360 (read_only)").fetchall()
        as_of, run = con.execute("select max(as_of), max(run) from c360.ops.run").fetchall()[0]
        con.execute(f"attach '{scratch}/bare.duckdb' as bare").fetchall()
        con.execute("use bare").fetchall()
        made = {step.table for step in MODELS}
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'c360'"
            " union all select schema_name, view_name from duckdb_views()"
            " where database_name = 'c360' and not internal"
        ).fetchall():
            con.execute(f"create schema if not exists bare.{schema}").fetchall()
            if f"{schema}.{table}" not in made:
                con.execute(
                    f'create view bare.{schema}."{table}" as from c360.{schema}."{table}"'
                ).fetchall()
        context = Context(con, settings, workspace, as_of, run)
        reset_peak()
        started = time.perf_counter()
        for step in MODELS:
            _make_bare(context, step.table, step.build)
        return Measured(time.perf_counter() - started, peak_bytes() or 0, {})


def _make_bare(context: Context, table: str, model: object) -> None:
    if not isinstance(model, Model):
        context.con.execute(f"create table {table} as from c360.{table}").fetchall()
        return
    text = model.sql
    if isinstance(model, ConfiguredModel):
        text = model.configure(text, context.settings)
    kind = "view" if model.kind == "view" else "table"
    parameters = profile_parameters(context)
    named = {name: parameters[name] for name in parameters_of(text)}
    context.con.execute(f"create {kind} {table} as\n{text}", named).fetchall()


def _add_events(workspace: Workspace) -> None:
    """Deliver one in NEW_SHARE of the web events again, under new keys and in new visits."""
    raw = workspace.root / "data" / "raw"
    feed = "customer_behavioral_events"
    target = raw / f"{feed}.more.parquet"
    with duckdb.connect() as con:
        con.execute(
            f"copy (select * replace (EVENT_ID || 'x' as EVENT_ID, SESSION_ID || 'x' as SESSION_ID)"
            f" from read_parquet('{raw}/{feed}.*') where hash(SESSION_ID) % {NEW_SHARE} = 0)"
            f" to '{target}'"
        ).fetchall()


def _digests(workspace: Workspace) -> dict[str, object]:
    """Return a digest of the rows of every table of silver and gold, whatever their order."""
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        tables = con.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'c360' and schema_name in ('silver', 'gold') order by 1"
        ).fetchall()
        return {
            table: con.execute(
                f"select count(*), sum(hash(t)::hugeint) from {table} as t"
            ).fetchall()
            for (table,) in tables
        }


def _tell(what: str, measured: Measured) -> None:
    sys.stdout.write(f"{what:<36} {measured.seconds:8.1f} s {measured.peak_bytes / GIB:6.1f} GiB\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
