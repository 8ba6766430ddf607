"""What runs tell of themselves beside their events: ops.step, the log on stderr, metrics."""

import json
import re
import time
from pathlib import Path

import pytest
from run_workspace import run
from shop_workspace import configure, query

from c360 import cli
from c360.logs import begin_log
from c360.memory import watching_spill
from c360.prometheus import as_text
from c360.runs import rehearsing, run_steps
from c360.step import Step
from c360.warehouse import build_table, open_warehouse
from c360.workspace import Workspace

ONE = {"gold.customer_360": "select 'a' as customer_id, 1 as orders"}
SAMPLE = re.compile(
    r'(?P<name>[a-z_0-9]+)(\{([a-z_]+="([^"\\]|\\["\\n])*")(,[a-z_]+="([^"\\]|\\["\\n])*")*\})?'
    r" -?\d+(\.\d+)?(e[+-]?\d+)?"
)
"""A line of the text format of Prometheus that holds a value."""


@pytest.fixture(autouse=True)
def _log_as_it_was():
    yield
    begin_log("plain")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ran")
    run(folder, ONE | {"silver.orders": "select range as order_id from range(7)"})
    return folder


def test_each_step_is_kept_with_its_rows_its_time_and_its_memory(ran):
    rows = query(
        ran,
        "select run, step, rows, seconds > 0, peak_bytes is null or peak_bytes > 0, spill_bytes"
        " from ops.step order by step",
    )

    assert rows == [
        (1, "gold.customer_360", 1, True, True, 0),
        (1, "silver.orders", 7, True, True, 0),
    ]


def test_a_warehouse_of_an_earlier_version_gets_the_column_of_spills(ran, tmp_path):
    configure(tmp_path)
    with open_warehouse(tmp_path / "c360.duckdb") as con:
        con.execute("alter table ops.step drop column spill_bytes").fetchall()
        con.execute("insert into ops.step values (1, 'gold.old', 0.5, 1, null)").fetchall()

    run(tmp_path, ONE)

    spills = query(tmp_path, "select step, spill_bytes from ops.step order by step")
    assert spills == [("gold.customer_360", 0), ("gold.old", None)]


def test_a_spill_is_the_most_that_lay_in_the_folder_since_the_last_look(tmp_path):
    folder = tmp_path / "c360.duckdb.tmp"

    with watching_spill(folder) as spill_bytes:
        assert spill_bytes() == 0
        folder.mkdir()
        (folder / "block").write_bytes(b"x" * 100)
        assert spill_bytes() == 100
        (folder / "block").unlink()
        assert spill_bytes() == 0


def test_what_a_query_spills_is_seen_though_it_is_gone_at_its_end(tmp_path):
    with open_warehouse(tmp_path / "c360.duckdb", memory_limit="40MB") as con:
        con.execute("set threads = 1").fetchall()
        with watching_spill(tmp_path / "c360.duckdb.tmp") as spill_bytes:
            con.execute(
                "create temp table large as select md5(cast(range as varchar)) as text"
                " from range(1000000) order by text"
            ).fetchall()
            assert spill_bytes() > 1_000_000


def test_a_rehearsal_tells_nobody(ran):
    before = {path: path.read_bytes() for path in (ran / "logs").iterdir()}

    with rehearsing(Workspace(ran), "build", None) as context:
        run_steps(
            context,
            "Making",
            [Step("gold.x", (), lambda c: build_table(c.con, "gold.x", "select 1", {}))],
        )

    assert {path: path.read_bytes() for path in (ran / "logs").iterdir()} == before


def test_metrics_are_in_the_text_format_of_prometheus(ran):
    text = (ran / "logs" / "c360.prom").read_text()

    lines = text.splitlines()
    assert [
        line for line in lines if not line.startswith("# ") and not SAMPLE.fullmatch(line)
    ] == []
    told = {found["name"] for line in lines if (found := SAMPLE.fullmatch(line))}
    announced = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert told == announced
    assert 'c360_step_rows{step="silver.orders"} 7' in lines
    assert "c360_run_number 1" in lines


def test_metrics_count_checks_by_how_they_ended(tmp_path):
    checks = """
        select metric, status, severity, unit, source, value, '' as threshold, '' as explanation
        from (values
          ('rows', 'pass', 'error', 'count', null, 5.0),
          ('crm_freshness_lag_hours', 'warn', 'warn', 'hours', 'crm', 30.5),
          ('rate', 'info', null, 'share', null, 0.5)
        ) as given(metric, status, severity, unit, source, value)
    """

    run(tmp_path, {"ops.quality_check": checks}, command="check")

    lines = (tmp_path / "logs" / "c360.prom").read_text().splitlines()
    assert 'c360_checks{status="pass",severity="error"} 1' in lines
    assert 'c360_checks{status="info",severity=""} 1' in lines
    hours = 'c360_check_hours{metric="crm_freshness_lag_hours",source="crm",status="warn"} 30.5'
    assert hours in lines


def test_labels_of_metrics_cannot_break_out():
    text = as_text([("c360_kpi", {"metric": 'a"} 1\nevil 1\\'}, 1.0)])

    assert all(line.startswith("# ") or SAMPLE.fullmatch(line) for line in text.splitlines())


def test_the_metrics_of_a_failed_run_are_those_of_the_last_good_one(tmp_path):
    def stop(_: object) -> None:
        msg = "stop"
        raise ValueError(msg)

    run(tmp_path, ONE)
    before = (tmp_path / "logs" / "c360.prom").read_text()

    with pytest.raises(ValueError, match="stop"):
        run(tmp_path, {"gold.customer_360": "from range(9)"}, inside=stop)

    assert (tmp_path / "logs" / "c360.prom").read_text() == before


def test_the_log_in_json_tells_runs_and_steps(tmp_path, capsys):
    begin_log("json")

    run(tmp_path, ONE)

    first, step, last = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert (first["message"], first["command"], first["run"]) == ("run started", "build", 1)
    assert (step["step"], step["rows"]) == ("gold.customer_360", 1)
    assert step.keys() >= {"timestamp", "level", "seconds", "peak_bytes", "spill_bytes"}
    assert (last["message"], last["level"]) == ("run finished", "info")


def test_an_error_is_a_line_of_json_too(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["c360", "--log", "json", "build", "-w", str(tmp_path)])

    with pytest.raises(SystemExit):
        cli.main()

    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["level"], told["exit_code"]) == ("error", 1)
    assert "run `c360 init` first" in told["message"]


def test_a_plain_log_says_nothing_of_runs(tmp_path, capsys):
    begin_log("plain")

    run(tmp_path, ONE)

    assert capsys.readouterr().err == ""


def test_telling_costs_a_run_little(ran, tmp_path):
    configure(tmp_path, telemetry={"openlineage": None, "prometheus": None})
    run(tmp_path, ONE)

    def seconds(folder: Path) -> float:
        started = time.process_time()
        run(folder, ONE)
        return time.process_time() - started

    told = min(seconds(ran) for _ in range(3))
    silent = min(seconds(tmp_path) for _ in range(3))
    assert told < silent + 0.25
