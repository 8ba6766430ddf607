"""The flow guards itself: steps read what they say they read, and what was written before."""

from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from c360.profile.model import Model
from c360.steps import BRONZE, STEPS

ROOT = Path(__file__).resolve().parents[1]
EVERY_COMMAND_WRITES = {"ops.run"}
STEP_OF_TABLE = {step.table: step for step in STEPS}
WRITTEN = [table for step in STEPS for table in (step.table, *step.also)]
MANY_STATEMENTS = {"macros.sql", "comparison_macros.sql"}


MODELS = {step.table: step.build.sql for step in STEPS if isinstance(step.build, Model)}


SQL_FILES = sorted(f for f in ROOT.glob("*/sql/**/*.sql") if f.name not in MANY_STATEMENTS)


def tables_read_by(sql: str) -> set[str]:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    named = {cte.alias for cte in tree.find_all(exp.CTE)}
    tables = {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}
    return {table for table in tables if not table.startswith("temp.")} - named


@pytest.mark.parametrize("table", MODELS)
def test_a_step_reads_exactly_what_its_sql_reads(table):
    assert tables_read_by(MODELS[table]) == set(STEP_OF_TABLE[table].reads)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.table)
def test_a_step_reads_only_what_was_written_before(step):
    before = {BRONZE} if step.table == BRONZE else set(WRITTEN[: WRITTEN.index(step.table)])

    assert set(step.reads) <= before | EVERY_COMMAND_WRITES


def test_every_table_is_written_once():
    assert len(WRITTEN) == len(set(WRITTEN))


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_model_is_one_select_that_says_its_grain(path):
    text = path.read_text(encoding="utf-8")

    assert len(sqlglot.parse(text, dialect="duckdb")) == 1
    assert text.startswith("-- One row")
    assert "\n-- Grain: (" in text
    assert not text.rstrip().endswith(";")
