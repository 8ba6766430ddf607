"""The commands as a user calls them: what they print, write, and exit with."""

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer
from typer.testing import CliRunner, Result

from c360 import cli, pipeline
from c360.errors import C360Error, ConfigurationError, FeedError, GateError, MissingStepError
from c360.outcome import Outcome
from c360.step import Step
from c360.workspace import Workspace

ROOT = Path(__file__).resolve().parents[1]
COMPLETE_JOURNEY = ROOT.parent / "shared" / "data" / "completejourney"
COMMANDS = sorted(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PUBLISHED = {
    "customers": "120",
    "paid_orders": "424",
    "gross_revenue_usd": "28142.12",
    "profile_coverage_rate": "1.0000",
    "marketing_consent_rate": "0.8083",
    "urgent_retention_customers": "3",
}
"""The operating figures published for the TuranMart case study."""


def c360(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


def exports(workspace: Path) -> dict[str, bytes]:
    files = [f for f in (workspace / "data").rglob("*") if f.is_file()]
    return {str(f.relative_to(workspace)): f.read_bytes() for f in files}


def csv_of(path: Path) -> list[tuple[str, ...]]:
    return (
        duckdb.connect()
        .execute("from read_csv($f, all_varchar = true)", {"f": str(path)})
        .fetchall()
    )


def rows_of(query: str) -> list[tuple[Any, ...]]:
    return duckdb.connect().execute(query).fetchall()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    workspace = tmp_path_factory.mktemp("demo") / "turanmart"
    return workspace, c360("demo", "-w", workspace)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_itself_and_stands_in_the_readme(command):
    shown = c360(command, "--help")

    assert shown.exit_code == 0
    assert re.search(r"\w+ .*\.", shown.output)
    assert f"`c360 {command}`" in README


def test_the_demo_computes_the_published_figures(demo):
    workspace, result = demo

    assert result.exit_code == 0
    kpis = {metric: value for metric, value, *_ in csv_of(workspace / "data/gold/kpi_summary.csv")}
    checks = {
        metric: (value, status)
        for metric, value, _, status, *_ in csv_of(
            workspace / "reports/customer360_quality_report.csv"
        )
    }
    assert {metric: kpis[metric] for metric in PUBLISHED} == PUBLISHED
    assert checks["duplicate_profile_count"] == ("0.0000", "pass")
    assert checks["critical_null_rate"] == ("0.0000", "pass")
    assert checks["orders_freshness_lag_hours"] == ("5.1300", "pass")
    assert checks["clickstream_freshness_lag_hours"] == ("0.4100", "pass")
    assert checks["marketing_consent_rate"] == ("0.8083", "info")


def test_the_demo_says_where_its_outputs_went(demo):
    workspace, result = demo

    assert f"Generated source data in {workspace / 'data/raw'}" in result.output
    assert f"Built Customer 360 outputs in {workspace / 'data/gold'}" in result.output
    assert "Wrote validation report to" in result.output
    assert "28,142.12" in result.output


def test_every_known_customer_has_one_profile(demo):
    workspace, _ = demo

    profiles = [row[0] for row in csv_of(workspace / "data/gold/customer_360.csv")]
    assert len(profiles) == len(set(profiles)) == 120


def test_candidates_and_excluded_are_all_customers(demo):
    gold = demo[0] / "data" / "gold"

    candidates = {row[0] for row in csv_of(gold / "activation_candidates.csv")}
    excluded = {row[0] for row in csv_of(gold / "activation_excluded.csv")}
    assert not candidates & excluded
    assert candidates | excluded == {row[0] for row in csv_of(gold / "customer_360.csv")}


def test_a_second_demo_changes_no_byte_of_the_exports(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")
    before = exports(workspace)

    assert c360("demo", "-w", workspace).exit_code == 0

    assert exports(workspace) == before


def test_a_late_order_moves_revenue_and_recency(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")
    profile = (
        "select customer_id, loyalty_id, order_count, total_revenue_usd"
        f" from '{workspace / 'data/gold/customer_360.parquet'}' where loyalty_id is not null"
    )
    customer_id, card, orders, revenue = rows_of(f"{profile} order by all")[0]
    feed = workspace / "data/raw/orders.late.csv"
    head = (workspace / "data/raw/orders.csv").read_text().splitlines()[0].split(",")
    late = {
        "order_id": "LATE",
        "loyalty_id": card,
        "ordered_at": "2025-03-01T10:00:00Z",
        "status": "paid",
        "amount_usd": "10.01",
    }
    feed.write_text(
        ",".join(head) + "\n" + ",".join(late.get(column, "") for column in head) + "\n"
    )

    assert c360("run", "-w", workspace).exit_code == 0

    after = rows_of(f"{profile} and customer_id = '{customer_id}'")[0]
    assert after == (customer_id, card, orders + 1, revenue + Decimal("10.01"))


def test_the_quickstart_asks_questions_that_have_answers(demo, tmp_path, monkeypatch):
    shutil.copytree(demo[0], tmp_path / "turanmart")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
    calls = re.findall(r"^c360 (.*-w turanmart)$", page, flags=re.MULTILINE)

    assert len(calls) == 7
    for call in calls[:4]:  # those after them land and build, as other tests do
        assert c360(*call.split()).exit_code == 0, call


def test_a_failed_check_exits_with_3_and_names_it(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")

    ran = c360("check", "-w", workspace, "--as-of", "2026-06-01")

    assert isinstance(ran.exception, GateError)
    assert "orders_freshness_lag_hours" in str(ran.exception)
    assert GateError.exit_code == 3


def test_json_is_for_programs(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")

    figures = json.loads(c360("run", "-w", workspace, "--json").stdout)

    assert figures["kpis"]["paid_orders"] == 424
    assert set(figures["landing"].values()) == {0}
    assert figures["failed"] == []


def test_the_flow_is_listed_with_what_each_step_reads():
    listed = json.loads(c360("steps", "--json").stdout)["steps"]

    assert [step["table"] for step in listed] == [step.table for step in pipeline.STEPS]


def test_the_result_can_be_compared_with_the_truth(demo):
    workspace, _ = demo

    figures = json.loads(
        c360("evaluate", workspace / "data/raw/truth.csv", "-w", workspace, "--json").stdout
    )

    assert figures["pairwise_precision"] == 1.0
    assert figures["persons"] >= 120


@pytest.mark.parametrize(
    ("command", "before", "message"),
    [
        ("run", [], "run `c360 init` first"),
        ("build", [["generate", "--preset", "demo"]], "run `c360 resolve` first"),
        ("check", [["generate", "--preset", "demo"], ["resolve"]], "run `c360 build` first"),
        (
            "report",
            [["generate", "--preset", "demo"], ["resolve"], ["build"]],
            "run `c360 check` first",
        ),
    ],
)
def test_a_command_that_comes_too_early_names_the_one_to_run(tmp_path, command, before, message):
    for words in before:
        assert c360(*words, "-w", tmp_path).exit_code == 0

    result = c360(command, "-w", tmp_path)

    assert isinstance(result.exception, MissingStepError)
    assert message in str(result.exception)


def test_resolve_before_generate_names_the_command_that_makes_the_feeds(tmp_path):
    shutil.copy(ROOT / "data/turanmart/c360.yaml", tmp_path)

    result = c360("resolve", "-w", tmp_path)

    assert isinstance(result.exception, FeedError)
    assert len(result.exception.problems) == 8
    assert "c360 generate" in str(result.exception)
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"c360.yaml", "openlineage.jsonl"}


def test_init_leaves_an_existing_configuration_alone(tmp_path):
    assert c360("init", "-w", tmp_path).exit_code == 0
    before = (tmp_path / "c360.yaml").read_bytes()

    result = c360("init", "-w", tmp_path)

    assert isinstance(result.exception, C360Error)
    assert (tmp_path / "c360.yaml").read_bytes() == before


@pytest.mark.parametrize(
    "words", [["generate"], ["generate", "--preset", "demo", "--customers", "5"], ["resolv"]]
)
def test_wrong_usage_exits_with_2(tmp_path, words):
    assert c360(*words, *(["-w", tmp_path] if words[0] == "generate" else [])).exit_code == 2


def test_an_error_is_one_message_and_its_exit_code(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["c360", "run", "-w", str(tmp_path)])

    with pytest.raises(SystemExit) as stopped:
        cli.main()

    assert stopped.value.code == 1
    assert capsys.readouterr().err.startswith("error: there is no")


def test_a_run_that_breaks_leaves_the_last_published_state(demo, tmp_path, monkeypatch):
    workspace = Workspace(shutil.copytree(demo[0], tmp_path / "turanmart"))
    tables = "select run, command from ops.run order by run"
    before = duckdb.connect(str(workspace.warehouse)).execute(tables).fetchall()

    def breaks(_: object) -> None:
        msg = "power cut"
        raise RuntimeError(msg)

    broken = tuple(
        Step(step.table, step.reads, breaks if step.table == "gold.kpi_summary" else step.build)
        for step in pipeline.STEPS
    )
    monkeypatch.setattr(pipeline, "STEPS", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        pipeline.build(workspace)

    with duckdb.connect(str(workspace.warehouse)) as con:
        assert con.execute(tables).fetchall() == before
        assert con.execute("select count(*) from gold.customer_360").fetchall() == [(120,)]


def test_outcomes_follow_one_another():
    both = Outcome("a", {"x": 1}, ("n",)).then(Outcome("b", {"y": 2}, ("n", "m")))

    assert both == Outcome("a\nb", {"x": 1, "y": 2}, ("n", "m"))


@pytest.mark.slow
@pytest.mark.skipif(
    not COMPLETE_JOURNEY.is_dir(), reason="the real feeds are not beside the checkout"
)
def test_complete_journey_is_mapped_without_code_and_adds_up_to_the_cent(tmp_path):
    """Every tenth household: test_profile_real_data adds up all of them."""
    text = (ROOT / "data/completejourney/c360.yaml").read_text(encoding="utf-8")
    (tmp_path / "c360.yaml").write_text(
        text.replace("../../../shared/data/completejourney", str(tmp_path))
    )
    for feed in COMPLETE_JOURNEY.glob("*.parquet"):
        columns = [name for name, *_ in rows_of(f"describe from '{feed}'")]
        some = "where household_id::int % 10 = 0" if "household_id" in columns else ""
        rows_of(f"copy (from '{feed}' {some}) to '{tmp_path / feed.name}'")

    assert c360("run", "-w", tmp_path).exit_code == 0

    kpis = {metric: value for metric, value, *_ in csv_of(tmp_path / "data/gold/kpi_summary.csv")}
    households, baskets, revenue = rows_of(
        "select count(distinct household_id), count(distinct basket_id),"
        f" sum(sales_value::decimal(18, 2)) from '{tmp_path}/transactions.parquet'"
    )[0]
    assert kpis["customers"] == str(households)
    assert kpis["paid_orders"] == str(baskets)
    assert kpis["gross_revenue_usd"] == str(revenue)


def test_help_lists_every_command():
    shown = c360("--help").output

    assert all(command in shown for command in COMMANDS)


@pytest.mark.parametrize("name", ["c360.yaml", "data/raw/orders.csv"])
def test_the_sample_never_overwrites_files_of_others(tmp_path, name):
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text("name: my_shop")

    result = c360("demo", "-w", tmp_path)

    assert isinstance(result.exception, C360Error)
    assert "name another --workspace" in str(result.exception)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == [Path(name).name]


def test_marts_older_than_the_customers_are_not_checked(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")
    assert c360("resolve", "-w", workspace).exit_code == 0

    result = c360("check", "-w", workspace)

    assert isinstance(result.exception, MissingStepError)
    assert "run `c360 build` first" in str(result.exception)


def test_a_report_is_not_written_of_marts_that_were_not_checked(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")
    assert c360("build", "-w", workspace).exit_code == 0

    result = c360("report", "-w", workspace)

    assert isinstance(result.exception, MissingStepError)
    assert "run `c360 check` first" in str(result.exception)


def test_a_short_hash_key_is_refused(demo, tmp_path):
    workspace = shutil.copytree(demo[0], tmp_path / "turanmart")
    (workspace / ".c360.key").write_text("a")

    result = c360("resolve", "-w", workspace)

    assert isinstance(result.exception, ConfigurationError)


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (RuntimeError("Query interrupted"), 130, "what was published last stays"),
        (PermissionError(13, "Permission denied", "gold"), 1, "gold: Permission denied"),
    ],
)
def test_what_the_system_refuses_is_told_in_one_line(monkeypatch, capsys, raised, code, told):
    def refuses() -> None:
        raise raised

    monkeypatch.setattr(cli, "app", refuses)

    with pytest.raises(SystemExit) as stopped:
        cli.main()

    assert stopped.value.code == code
    assert told in capsys.readouterr().err
