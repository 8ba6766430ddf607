from collections.abc import Iterator
from dataclasses import replace

import pytest

from c360.profile.lineage_gaps import UNMAPPED
from c360.profile.lineage_query import Column
from c360.reports.checks import build_quality_check
from c360.reports.lineage import Origins, read_origins
from c360.reports.quality_report import write_report
from c360.step import Context
from c360.workspace import Workspace
from tests.reports_warehouse import built_warehouse


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("lineage")) as context:
        yield context


@pytest.fixture(scope="module")
def origins(built: Context) -> Origins:
    return read_origins(built)


def test_each_mart_says_which_sources_it_is_made_of(origins):
    made = {mart.table: mart.of_source for mart in origins.marts}
    sources = dict(zip(origins.sources, made["gold.anonymous_visitor"], strict=True))

    assert sources["orders"]
    assert sources["clickstream"]
    assert not sources["consent_events"]


def test_the_critical_fields_are_told_column_by_column_but_for_keys(origins, built):
    critical = built.settings.checks.critical_fields

    assert [origin.column.name for origin in origins.columns] == [
        name for name in critical if name != "customer_id"
    ]


def test_what_stands_in_an_earlier_tree_is_only_named(origins):
    churn = next(each for each in origins.columns if each.column.name == "churn_risk_score")

    assert all(line.is_above for line in churn.lines)
    assert Column("gold.score_reason", "points") in {line.column for line in churn.lines}


def test_columns_that_landed_and_nobody_named_are_listed(origins):
    lost = {each.table: each.columns for each in origins.unused if each.why == UNMAPPED}

    assert lost["bronze.orders"] == ("imported_by",)


def test_the_page_has_the_marts_the_columns_and_the_gaps(built, tmp_path):
    context = replace(built, workspace=Workspace(tmp_path))
    build_quality_check(context)

    page = write_report(context, ()).read_text(encoding="utf-8")

    assert "<code>customer_360</code>" in page
    assert "bronze.orders.amount_usd" in page
    assert "imported_by" in page
    assert "<h3>Undocumented columns</h3>" in page
