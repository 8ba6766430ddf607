"""Checks of the user's own: what a file may be, and what its mistakes are told as."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from c360.check_rules import Checks, UserCheck
from c360.errors import ConfigurationError
from c360.reports.checks import quality_checks
from c360.reports.one_select import foreign_reads, only_select
from c360.reports.quality_check import QualityCheck
from c360.reports.user_checks import read_user_checks
from c360.step import Context
from c360.workspace import Workspace
from tests.reports_warehouse import built_warehouse

YOUNG = "select record_id, amount_usd from silver.orders where event_time > $as_of - interval 1 day"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        yield context


@pytest.fixture
def built(sound: Context, tmp_path: Path) -> Context:
    return replace(sound, workspace=Workspace(tmp_path))


def asking(context: Context, files: dict[str, str], *told: UserCheck) -> Context:
    """Put files into the folder of checks, and checks into the configuration."""
    folder = context.workspace.root / "checks"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    checks = Checks(user=told)
    return replace(context, settings=context.settings.model_copy(update={"checks": checks}))


def own_check(context: Context, name: str) -> QualityCheck:
    (check,) = quality_checks(context, {name})
    return check


def test_a_file_is_a_check_of_its_name(built):
    context = asking(built, {"young_order.sql": f"-- Orders of the last day.\n{YOUNG};\n"})

    check = own_check(context, "young_order")

    assert (check.family, check.status, check.severity, check.value) == ("user", "fail", "error", 4)
    assert (check.tables, check.is_builtin, check.failing_rows) == (["silver.orders"], False, 4)
    assert "timestamp '2026-01-15 12:00:00'" in (check.sql or "")


def test_the_head_of_a_file_says_what_the_configuration_could(built):
    head = "-- severity: warn\n-- unit: share\n-- of: silver.orders\n-- at_most: 0.009\n"
    context = asking(built, {"young_order.sql": head + YOUNG})

    check = own_check(context, "young_order")

    assert (str(check.value), check.threshold) == ("0.0095", "at most 0.009")  # 4 of 424
    assert (check.status, check.severity, check.unit) == ("warn", "warn", "share")


def test_the_configuration_stands_above_the_head(built):
    told = UserCheck(
        name="newest", file="checks/young.sql", at_most=Decimal(4), consumers=("support",)
    )
    context = asking(built, {"young.sql": "-- at_most: 1\n-- name: oldest\n" + YOUNG}, told)

    check = own_check(context, "newest")

    assert (check.status, check.consumers) == ("pass", ["support"])
    assert [asked.rules.name for asked in read_user_checks(context)] == ["newest"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("drop table gold.customer_360", "must be one SELECT"),
        ("select 1; select 2", "holds 2 statements: it must be one SELECT"),
        ("", "is empty: it must be one SELECT"),
        ("copy (select 1) to 'out.csv'", "must be one SELECT"),
        ("insert into silver.orders select 1", "must be one SELECT"),
        ("attach 'other.duckdb'", "must be one SELECT"),
        ("-- nothing", "is empty: it must be one SELECT"),
        ("selec 1", "is not SQL"),
        ("-- severity: fatal\nselect 1", "severity: Input should be"),
        ("-- unit: share\nselect 1", "`unit: share` goes with `of`"),
        ("-- threshold: 1\nselect 1", "threshold: unknown key of the comment at its head; known"),
        ("select * from read_csv('/etc/passwd')", "reads read_csv(); a check may read tables"),
        ("from '/etc/passwd.csv'", "reads /etc/passwd.csv; a check"),
        ("select (select content from read_text('key') limit 1)", "reads read_text();"),
        ("select * from silver.orders, lateral (from glob(customer_id))", "reads glob();"),
        ("from query('from ops.run')", "reads query();"),
        ("from orders", "reads orders; a check"),
        ('with "a.csv" as (select 1) from (from "a.csv")', "reads a.csv; a check"),
    ],
)
def test_what_is_no_check_is_refused_by_its_file(built, text, problem):
    context = asking(built, {"wrong.sql": text, "also_wrong.sql": "delete from ops.run"})

    with pytest.raises(ConfigurationError) as error:
        read_user_checks(context)

    assert any(
        each.startswith("checks/wrong.sql:") and problem in each for each in error.value.problems
    )
    assert any(each.startswith("checks/also_wrong.sql:") for each in error.value.problems)


def test_a_file_that_is_not_there_and_a_name_that_is_taken_are_told(built):
    context = asking(
        built,
        {"profile_count.sql": "select 1 as one"},
        UserCheck(name="gone", file="checks/gone.sql"),
    )

    with pytest.raises(ConfigurationError) as error:
        read_user_checks(context)

    gone, taken = error.value.problems
    assert gone == "checks/gone.sql: there is no such file"
    assert "'profile_count' is the name of two checks" in taken


def test_a_select_that_does_not_run_is_told_by_its_file(built):
    built.con.execute("begin")
    context = asking(built, {"wrong.sql": "select no_such_column from silver.orders"})

    with pytest.raises(ConfigurationError) as error:
        list(quality_checks(context, {"wrong"}))

    assert error.value.path == context.workspace.root / "checks" / "wrong.sql"
    (problem,) = error.value.problems
    assert re.match(r"checks/wrong\.sql: Binder Error: .*no_such_column.* Candidate", problem)
    built.con.execute("rollback")


def test_what_duckdb_quotes_of_a_row_is_not_told(built):
    built.con.execute("begin")
    sql = "select cast(email as integer) from (values ('ann@shop.example')) as t(email)"
    context = asking(built, {"wrong.sql": sql})

    with pytest.raises(ConfigurationError, match="Conversion Error") as error:
        list(quality_checks(context, {"wrong"}))

    assert "ann@" not in str(error.value)
    built.con.execute("rollback")


def test_a_severity_of_no_check_is_told(built):
    checks = Checks.model_validate(
        {"severity": {"orders_late_rows": "error", "{source}_volume": "error", "nonsense": "warn"}}
    )
    context = replace(built, settings=built.settings.model_copy(update={"checks": checks}))

    with pytest.raises(ConfigurationError) as error:
        list(quality_checks(context, {"profile_count"}))

    assert [each.partition(":")[0] for each in error.value.problems] == ["checks.severity.nonsense"]


def test_a_consumer_that_is_not_there_is_told(built):
    context = asking(built, {"young.sql": f"-- consumers: [support, nobody]\n{YOUNG}"})

    with pytest.raises(ConfigurationError, match=r"checks/young\.sql: consumers: .*'nobody'"):
        own_check(context, "young")


def test_an_explanation_names_no_address(built):
    context = asking(built, {"mail.sql": "select 'ann@shop.example' as email, 1 as one"})

    explanation = own_check(context, "mail").explanation

    assert "Concerns: ***." in explanation
    assert "ann@" not in explanation


def test_one_select_may_have_many_parts():
    sql = "with a as (select 1 as x) select x from a, range(2) union all select 2 order by 1"
    only_select(sql)

    assert foreign_reads(sql, ()) == []
