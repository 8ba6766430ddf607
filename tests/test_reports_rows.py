"""What the report says of late rows, of orphans and of rows with a flag."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from c360.config import Settings
from c360.reports.checks import build_quality_check, read_checks
from c360.reports.lateness import read_lateness
from c360.reports.quality_report import write_report
from c360.reports.relations import read_relations
from c360.reports.row_flags import read_row_flags
from c360.step import Context
from c360.workspace import Workspace
from tests.reports_warehouse import built_warehouse


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("rows")) as context:
        yield context


@pytest.fixture
def built(sound: Context, tmp_path: Path) -> Iterator[Context]:
    """A sound warehouse and a workspace of the test's own; what a test breaks is undone."""
    sound.con.execute("begin")
    yield replace(sound, workspace=Workspace(tmp_path))
    sound.con.execute("rollback")


LATE_BATCH = """
insert into ops.load by name
select * replace (2 as run, 'b2' as batch_id, 10 as rows_read, 10 as rows_landed,
  timestamp '2026-01-15 14:00' as landed_at, timestamp '2026-01-15 11:30' as newest_event_time,
  4 as late_rows, 1 as later_than_promised, 90000 as longest_lag_seconds)
from ops.load where source = 'orders'
"""
FLAGS = """
create table silver.row_flag as
select * from (values
  ('orders', 'orders', 'O1', timestamp '2026-01-03', 'unknown_currency', 'quarantined'),
  ('orders', 'orders', 'O2', timestamp '2026-01-02', 'unknown_currency', 'quarantined'),
  ('orders', 'orders', 'O2', timestamp '2026-01-02', 'something_new', 'kept'))
  t(entity, source, record_id, event_time, flag, treatment)
"""


def checked(context, *changes):
    """Change the warehouse, check it, and return the checks by metric."""
    for change in changes:
        context.con.execute(change).fetchall()
    build_quality_check(context)
    return {check.metric: check for check in read_checks(context.con)}


def page(context, *changes):
    checked(context, *changes)
    return write_report(context, ()).read_text(encoding="utf-8")


def test_late_rows_are_told_of_what_came_last_and_of_all(built):
    built.con.execute(LATE_BATCH).fetchall()

    orders = next(each for each in read_lateness(built) if each.source == "orders")

    assert orders.promised == timedelta(days=30)
    assert (orders.last_rows, orders.last_late_rows, orders.late_rows) == (10, 4, 4)
    assert (orders.last_later_than_promised, orders.later_than_promised) == (1, 1)
    assert (orders.longest_lag_hours, orders.processing_lag_hours) == (25, Decimal("2.5"))


def test_rows_later_than_promised_warn(built):
    check = checked(built, LATE_BATCH)["orders_late_rows"]

    assert (check.value, check.status) == (1, "warn")
    assert "4 of the last 10 were late at all." in check.explanation
    assert "commerce-team" in check.explanation


def test_once_later_files_are_in_time_the_check_passes_again(built):
    check = checked(
        built,
        LATE_BATCH,
        "insert into ops.load by name select * replace (3 as run, 'b3' as batch_id, 0 as late_rows,"
        " 0 as later_than_promised) from ops.load where batch_id = 'b2'",
    )["orders_late_rows"]

    assert check.status == "pass"
    assert next(e for e in read_lateness(built) if e.source == "orders").later_than_promised == 1


def test_a_batch_that_was_retired_is_late_no_more(built):
    checks = checked(built, LATE_BATCH, "update ops.load set retired_in_run = 3 where run = 2")

    assert checks["orders_late_rows"].value == 0


def test_a_source_whose_rows_cannot_be_late_is_not_judged(built):
    checks = checked(built, "update ops.load set late_rows = null where source = 'orders'")

    assert "orders_late_rows" not in checks


def test_a_warehouse_of_an_earlier_version_has_no_lateness_and_no_relations(built):
    checks = checked(
        built, "alter table ops.load drop column late_rows", "drop table silver.relation_orphan"
    )

    assert not [metric for metric in checks if metric.endswith(("_late_rows", "_orphan_share"))]


@pytest.mark.parametrize(
    ("orphans", "status"), [(4, "pass"), (5, "warn"), (99, "warn"), (100, "fail")]
)
def test_orphans_warn_from_the_share_of_the_configuration(built, orphans, status):
    check = checked(
        built,
        f"update silver.relation_orphan set children = 110, unrelated = 10, orphans = {orphans}"
        " where relation = 'orders_returns'",
    )["orders_returns_orphan_share"]

    assert (check.value, check.status) == (Decimal(orphans) / 100, status)
    assert "`returns` whose order is not there" in check.explanation


def test_visitors_whom_nobody_knows_are_never_judged(built):
    check = checked(built)["customer_web_events_orphan_share"]

    assert (check.value, check.status) == (Decimal("0.2"), "info")


def test_a_relation_to_an_entity_that_no_source_feeds_is_left_out(built):
    assert "sessions_web_events" not in {each.relation for each in read_relations(built)}


def test_a_source_that_is_called_like_a_relation_keeps_its_words(built):
    sources = built.settings.sources
    settings = Settings.model_validate(
        built.settings.model_dump() | {"sources": {**sources, "customer_orders": sources["orders"]}}
    )

    checks = checked(replace(built, settings=settings))

    assert checks["customer_orders_orphan_share"].status == "pass"


def test_flagged_rows_are_counted_by_flag_source_and_treatment(built):
    built.con.execute(FLAGS).fetchall()

    found = read_row_flags(built)

    assert found is not None
    assert [(e.flag, e.source, e.treatment, e.rows) for e in found] == [
        ("something_new", "orders", "kept", 1),
        ("unknown_currency", "orders", "quarantined", 2),
    ]
    assert found[0].meaning == ""
    assert found[1].meaning.startswith("No rate is known for its currency")


def test_the_page_shows_late_rows_relations_and_flags(built):
    shown = page(built, LATE_BATCH, FLAGS)

    assert all(f'id="{section}"' in shown for section in ("late", "relations", "flags"))
    assert "25.00 h" in shown
    assert "unknown currency<span" in shown


def test_where_nothing_is_flagged_the_page_says_so(built):
    assert "No row of the last build is odd." in page(built, FLAGS, "delete from silver.row_flag")


def test_without_a_table_of_flags_the_page_has_no_such_section(built):
    assert 'id="flags"' not in page(built)
