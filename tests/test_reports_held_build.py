"""What breaks a critical check is not published, and what `c360 check` has for CI and alerts."""

import json
import shutil
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from shop_workspace import Ran, c360, configure, files, lay_out, query
from sources_shop import write

NO_LARGE_ORDER = """-- meaning: Orders that are larger than any shop of ours sells.
-- remedy: Ask the till.
-- severity: critical
-- tables: [silver.orders]
select record_id, customer_id, amount_usd
from silver.orders
where amount_usd > 1000
order by record_id
"""
LARGE_ORDER = """
    order_id,card,email,ordered_at,amount
    O9,,ann@shop.example,2026-01-08,5000.00
    """
MARTS = ("gold.customer_360", "gold.kpi_summary", "gold.view_support", "ops.published_contract")
WEBHOOK = {"webhook": {"env": "C360_WEBHOOK"}}


class Listener(HTTPServer):
    """A server that keeps what is posted to it, and answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.posted: list[dict[str, Any]] = []
        self.status = 200


class Answer(BaseHTTPRequestHandler):
    """Keeps a posted event and says the server's status."""

    def do_POST(self) -> None:
        assert isinstance(self.server, Listener)
        length = int(self.headers["Content-Length"])
        self.server.posted.append(json.loads(self.rfile.read(length)))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def listening() -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def listener(listening: Listener, monkeypatch: pytest.MonkeyPatch) -> Listener:
    monkeypatch.setenv("C360_WEBHOOK", f"http://127.0.0.1:{listening.server_port}/secret")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    listening.posted.clear()
    listening.status = 200
    return listening


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = lay_out(tmp_path_factory.mktemp("held") / "shop", checks=WEBHOOK)
    (shop / "checks").mkdir()
    (shop / "checks" / "no_large_order.sql").write_text(NO_LARGE_ORDER)
    for command in ("resolve", "build", "check"):
        ran = c360(command, shop)
        assert ran.exit_code == 0, ran
    return shop


@pytest.fixture(scope="module")
def held(
    published: Path, listening: Listener, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Ran, list[dict[str, Any]]]:
    """A shop whose last build was held, what the user was told, and what the webhook was."""
    shop = Path(shutil.copytree(published, tmp_path_factory.mktemp("broken") / "shop"))
    write(shop, "orders_2.csv", LARGE_ORDER)
    assert c360("resolve", shop).exit_code == 0
    listening.posted.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("C360_WEBHOOK", f"http://127.0.0.1:{listening.server_port}/secret")
        patch.setenv("no_proxy", "127.0.0.1")
        ran = c360("build", shop)
    return shop, ran, list(listening.posted)


def outside(shop: Path) -> dict[str, bytes]:
    """Return the files that others read: everything but the warehouse and the landed feeds."""
    return {
        name: content
        for name, content in files(shop).items()
        if name.startswith(("data/gold", "data/silver/customer_profile"))
    }


def test_a_build_that_breaks_a_critical_check_is_held_with_the_reason(held):
    _, ran, _ = held

    assert ran.exit_code == 3
    assert "no_large_order is 1 (at most 0). Orders that are larger" in ran.error
    assert "What to do: ask the till." in ran.error
    assert "--warn-only" in ran.error


def test_the_rows_that_hold_a_build_can_be_seen(held):
    shop, ran, _ = held

    rows = shop / "data" / "held" / "failing_no_large_order.csv"
    assert f"Failing rows, masked: {rows}" in ran.error
    assert [line.split(",")[0] for line in rows.read_text().splitlines()] == ["record_id", "O9"]
    assert str(rows) in c360("check --failing no_large_order", shop).error


def test_after_a_held_build_what_was_published_is_checked_and_reported(held, tmp_path):
    shop = Path(shutil.copytree(held[0], tmp_path / "shop"))

    early = c360("report", shop)
    checked, reported = c360("check", shop), c360("report", shop)

    assert "run `c360 check` first" in early.error
    assert checked.exit_code in {0, 3}
    assert "was held; what is checked was published before it" in checked.error + checked.output
    assert reported.exit_code == 0
    page = (shop / "reports" / "customer360_quality_report.md").read_text()
    assert "no_large_order is 1" in page
    held_runs = "select value, status from ops.quality_check where metric = 'held_run_count'"
    assert query(shop, held_runs) == [(1, "warn")]


def test_a_run_that_is_held_still_checks_and_reports(held, tmp_path):
    shop = Path(shutil.copytree(held[0], tmp_path / "shop"))

    ran = c360("run --json", shop)

    assert ran.exit_code == 3
    assert "this build is not published" in ran.error
    figures = ran.figures()
    assert figures["held"][0].startswith("no_large_order is 1")
    assert figures["checks"]["warn"] >= 1
    assert (shop / "reports" / "customer360_quality_report.html").exists()


def test_a_held_build_is_told_as_json(held, tmp_path):
    shop = Path(shutil.copytree(held[0], tmp_path / "shop"))

    ran = c360("build --json", shop)

    assert ran.exit_code == 3
    assert [line.partition(" ")[0] for line in ran.figures()["held"]] == ["no_large_order"]


def test_what_was_published_last_stays_byte_for_byte(held, published):
    shop, _, _ = held

    assert outside(shop) == outside(published)
    for mart in MARTS:
        assert query(shop, f"from {mart} order by all") == query(
            published, f"from {mart} order by all"
        )


def test_a_held_build_is_logged_and_told(held, published):
    shop, _, posted = held

    runs = query(shop, "select command, broken from ops.held_run join ops.run using (run)")
    assert [command for command, _ in runs] == ["build (held)"]
    assert runs[0][1].startswith("no_large_order is 1 (at most 0)")
    assert posted == [
        {
            "workspace": "shop",
            "event": "build_held",
            "failed": [{"gate": "no_large_order is 1 (at most 0)"}],
            "more": 0,
        }
    ]


def test_with_warn_only_it_is_published_and_told(held, tmp_path, listener):
    shop = Path(shutil.copytree(held[0], tmp_path / "shop"))

    built = c360("build --warn-only", shop)
    checked = c360("check --warn-only", shop)

    assert (built.exit_code, checked.exit_code) == (0, 0)
    assert "published all the same: no_large_order" in built.error
    assert query(shop, "select count(*) from gold.fact_transaction") == [(5,)]
    assert "1 fail" in checked.output
    assert "checks that failed: no_large_order" in checked.error
    assert not list((shop / "data" / "held").glob("failing_*.csv"))
    assert [event["event"] for event in listener.posted] == ["check_failed"]
    assert listener.posted[0]["failed"] == [
        {"metric": "no_large_order", "severity": "critical", "value": 1.0, "threshold": "at most 0"}
    ]


@pytest.fixture
def shop(published: Path, tmp_path: Path) -> Path:
    """A published shop in which a check of severity `error` fails."""
    shop = Path(shutil.copytree(published, tmp_path / "shop"))
    sql = NO_LARGE_ORDER.replace("1000", "10").replace("critical", "error")
    (shop / "checks" / "no_large_order.sql").write_text(sql)
    return shop


def test_a_failed_check_exits_with_3_and_ci_can_read_it(shop, listener):
    listener.status = 500
    ran = c360("check --junit", shop, shop / "out" / "junit.xml")

    assert ran.exit_code == 3
    assert "no_large_order; `c360 report` says why" in ran.error
    root = ET.parse(shop / "out" / "junit.xml").getroot()  # noqa: S314 - our own
    failures = {case.get("name"): case.find("failure") for case in root.iter("testcase")}
    failed = failures.pop("no_large_order")
    assert failed is not None
    assert failed.get("type") == "error"
    assert set(failures.values()) == {None}
    suites = root.findall("testsuite")
    assert sum(int(suite.get("tests", 0)) for suite in suites) == len(failures) + 1
    assert listener.posted


def test_a_check_that_warns_by_its_severity_exits_with_0(shop):
    configure(shop, checks={"severity": {"no_large_order": "warn"}})

    ran = c360("check --json", shop)

    assert ran.exit_code == 0
    figures = ran.figures()
    assert figures["failed"] == []
    (own,) = [each for each in figures["details"] if each["metric"] == "no_large_order"]
    assert (own["status"], own["severity"], own["failing_rows"]) == ("warn", "warn", 3)
    assert own["consumers"] == ["marketing", "retention", "support", "website"]


def test_the_failing_rows_of_a_check_can_be_had(shop):
    c360("check", shop)

    ran = c360("check --failing no_large_order", shop)

    assert ran.exit_code == 0
    lines = (shop / "reports" / "failing_no_large_order.csv").read_text().splitlines()
    assert lines[0] == "record_id,customer_id,amount_usd"
    assert [line.split(",")[0] for line in lines[1:]] == ["O2", "O3", "O4"]


@pytest.mark.parametrize(
    ("metric", "said"),
    [("no_large_ordr", "did you mean no_large_order"), ("profile_count", "no rows break it")],
)
def test_a_check_without_failing_rows_says_so(published, metric, said):
    ran = c360(f"check --failing {metric}", published)

    assert ran.exit_code == 1
    assert said in ran.error
