"""Runs that follow one another on real feeds, runs that are killed, and the past they leave."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shop_workspace import (
    ANN_IS_CY,
    SHOP,
    c360,
    configure,
    customer_of,
    differences,
    files,
    last_changes,
    lay_out,
    people,
    query,
    resolve,
    twin,
)
from sources_shop import write

from c360 import cli
from c360.runs import rehearsing, writing
from c360.workspace import Workspace


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = lay_out(tmp_path_factory.mktemp("runs") / "shop")
    write(
        shop,
        "visits_2.csv",
        """
        visit_id,email,device,seen_at
        V6,fay@shop.example,laptop,2026-01-06
        V7,,laptop,2026-01-07
        """,
    )
    resolve(shop)
    return shop


@pytest.fixture
def shop(resolved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(resolved, tmp_path / "shop"))


def order(shop: Path, *cells: str) -> None:
    head = "order_id,card,email,ordered_at,amount"
    write(shop, f"orders_{cells[0][:2]}.csv", "\n".join([head, *cells, ""]))


def nothing_new(_: Path) -> None:
    pass


def a_new_file(shop: Path) -> None:
    order(shop, "O5,K2,,2026-01-08,1.00", "O6,,gil@shop.example,2026-01-08,1.00")


def an_upserted_row(shop: Path) -> None:
    write(shop, "crm_2.csv", ANN_IS_CY)


def an_upserted_row_that_parts(shop: Path) -> None:
    head = "contact_id,card,email,born,updated_at"
    write(shop, "crm_2.csv", f"{head}\nC2,K9,bob@shop.example,,2026-01-07\n")


def a_deleted_file_of_a_snapshot(shop: Path) -> None:
    (shop / "data" / "raw" / "visits_2.csv").unlink()


def a_deleted_file_of_a_log(shop: Path) -> None:
    order(shop, "O5,,gil@shop.example,2026-01-08,1.00")
    (shop / "data" / "raw" / "orders.csv").unlink()


def a_record_gone_from_a_snapshot(shop: Path) -> None:
    path = shop / "data" / "raw" / "visits.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("V1,")))


def landed_before(shop: Path) -> None:
    a_new_file(shop)
    assert c360("ingest", shop).exit_code == 0
    an_upserted_row(shop)
    assert c360("ingest", shop).exit_code == 0


def a_value_that_turns_generic(shop: Path) -> None:
    emails = [f"O5{n},K2,{name}@x.example,2026-01-08,1" for n, name in enumerate("abcdefg")]
    order(shop, *emails)


def a_crowd_at_the_tablet(shop: Path) -> None:
    visits = [f"W{n},{name}@crowd.example,tablet,2026-01-08" for n, name in enumerate("abcd")]
    write(shop, "visits_3.csv", "\n".join(["visit_id,email,device,seen_at", *visits, ""]))


def the_crowd_has_left(shop: Path) -> None:
    (shop / "data" / "raw" / "visits_3.csv").unlink()


def an_old_row_that_comes_late(shop: Path) -> None:
    head = "contact_id,card,email,born,updated_at"
    write(shop, "crm_2.csv", f"{head}\nC2,K1,bob@shop.example,,2025-01-07\n")


INCREMENTS: list[tuple[Callable[[Path], None], dict[str, int]]] = [
    (nothing_new, {}),
    (a_new_file, {"new": 1}),
    (an_upserted_row, {"merged": 1}),
    (an_upserted_row_that_parts, {"split": 1}),
    (a_deleted_file_of_a_snapshot, {"retired": 1}),
    (a_deleted_file_of_a_log, {"new": 1}),
    (a_record_gone_from_a_snapshot, {"split": 1}),
    (landed_before, {"new": 1, "merged": 1}),
    (a_value_that_turns_generic, {"new": 7, "split": 1}),
    (an_old_row_that_comes_late, {}),
]


@pytest.mark.parametrize(
    ("change", "expected"), INCREMENTS, ids=[change.__name__ for change, _ in INCREMENTS]
)
def test_an_increment_writes_the_tables_of_a_full_run(shop, change, expected):
    change(shop)
    full = twin(shop)

    resolve(shop)
    resolve(full, "--full")

    assert differences(shop, full) == {}
    assert last_changes(shop) == expected


def test_increments_in_a_row_write_the_tables_of_full_runs(shop):
    full = twin(shop)
    for change in (a_crowd_at_the_tablet, an_upserted_row, the_crowd_has_left):
        for each in (shop, full):
            change(each)

        resolve(shop)
        resolve(full, "--full")

        assert differences(shop, full) == {}
    # The tablet was generic in between: V2 was nobody's.
    assert people(shop) >= {"C1 C3 O1 O3 V1 V2"}
    assert query(shop, "select count(*) from identity.member where record_id = 'V2'") == [(3,)]


def test_a_source_that_leaves_takes_its_records_and_no_ids(shop):
    ann = customer_of(shop, "O1")
    configure(shop, sources={name: SHOP["sources"][name] for name in ("crm", "orders")})

    resolve(shop)

    assert people(shop) == {"C1 O1", "C2 O2", "C3 O3", "O4"}
    assert customer_of(shop, "O1") == ann
    assert last_changes(shop) == {"retired": 2}  # Eve and Fay, of whom only visits were known


def test_a_source_that_comes_joins_those_that_are_known(shop):
    places = "select record_id, customer_id from identity.member where to_run is null"
    before = dict(query(shop, places))
    desk = SHOP["sources"]["orders"] | {"path": "data/raw/desk.csv", "key": "order_id"}
    configure(shop, sources=SHOP["sources"] | {"desk": desk})
    write(
        shop,
        "desk.csv",
        """
        order_id,card,email,ordered_at,amount
        D1,K2,cy@shop.example,2026-01-08,1.00
        D2,,gil@shop.example,2026-01-08,1.00
        """,
    )

    resolve(shop)

    assert people(shop) >= {"C2 C3 D1 O2 O3 V3 V4", "D2"}
    assert last_changes(shop) == {"merged": 1, "new": 1}
    now = dict(query(shop, places))
    assert now["D1"] in {before["C2"], before["C3"]}
    assert all(now[record] in {before[record], now["D1"]} for record in before)


@pytest.mark.parametrize(
    "sections",
    [
        {"guards": {"generic_after": 1}},
        {"identifiers": {name: SHOP["identifiers"][name] for name in ("email", "card", "device")}},
    ],
    ids=["generic_after", "order of tiers"],
)
def test_a_changed_rule_is_applied_to_all_and_keeps_the_ids(shop, sections):
    ids = "select distinct customer_id from identity.member where to_run is null"
    before = set(query(shop, ids))
    configure(shop, **sections)
    full = twin(shop)

    resolve(shop)
    resolve(full, "--full")

    assert differences(shop, full) == {}
    assert before <= set(query(shop, ids))


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with a pending merge of many, so that a run takes a while."""
    shop = lay_out(tmp_path_factory.mktemp("busy") / "shop")
    head = "order_id,card,email,ordered_at,amount"
    orders = [f"A{n},,p{n}@shop.example,2026-01-02,1.00" for n in range(2000)]
    write(shop, "orders_A.csv", "\n".join([head, *orders]))
    resolve(shop)
    write(shop, "crm_2.csv", ANN_IS_CY)
    orders = [f"B{n},L{n // 2},p{n}@shop.example,2026-01-02,1.00" for n in range(2000)]
    write(shop, "orders_B.csv", "\n".join([head, *orders]))
    return shop


UNTIL = """
import os, signal, sys
from dataclasses import replace
from c360 import cli, pipeline

def die(_):
    os.kill(os.getpid(), signal.SIGKILL)

table = sys.argv.pop(1)
pipeline.STEPS = tuple(replace(s, build=die) if s.table == table else s for s in pipeline.STEPS)
cli.main()
"""
"""Runs a command that is killed where it would make a table."""


def started(shop: Path, *program: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *(program or ("-m", "c360")), "resolve", "-w", str(shop)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_a_run_killed_at_any_point_is_completed_by_the_next(busy, tmp_path):
    undisturbed = Path(shutil.copytree(busy, tmp_path / "undisturbed"))
    begun = time.monotonic()
    assert started(undisturbed).wait() == 0
    normal = time.monotonic() - begun
    shop = Path(shutil.copytree(busy, tmp_path / "shop"))

    for table in ("identity.record", "identity.member", "stewardship.review_item"):
        assert started(shop, "-c", UNTIL, table).wait() == -signal.SIGKILL
        assert differences(shop, busy) == {}
    # Between steps, at the commit and after it: where, is for the machine to say.
    for share in (0.7, 0.9):
        run = started(shop)
        try:
            run.wait(timeout=normal * share)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
        assert differences(shop, busy) == {} or differences(shop, undisturbed) == {}

    resolve(shop)

    assert differences(shop, undisturbed) == {}
    exports = [files(each / "data" / "silver") for each in (shop, undisturbed)]
    assert exports[0] == exports[1]


def test_a_held_run_exits_with_3_and_one_message(shop, capsys, monkeypatch):
    configure(shop, gates={"max_merged": 0})
    an_upserted_row(shop)
    monkeypatch.setattr("sys.argv", ["c360", "resolve", "-w", str(shop)])

    with pytest.raises(SystemExit) as stopped:
        cli.main()

    assert stopped.value.code == 3
    assert capsys.readouterr().err.startswith("error: this run is not published")


def test_figures_are_of_the_customers_in_force(shop):
    an_upserted_row(shop)

    figures = resolve(shop, "--json").figures()["resolution"]

    assert figures == {"customers": 5, "identified": 5, "records": 14}


def test_a_failed_command_leaves_no_batch(shop):
    before = files(shop / "data")
    a_new_file(shop)
    landed = files(shop / "data").keys() - before.keys()
    write(shop, "visits.csv", "visit_id,email\n")

    assert c360("resolve", shop).exit_code == 1

    assert files(shop / "data").keys() - before.keys() == landed


LARGE = "create table ops.large as select md5(cast(range as varchar)) as t from range(300000)"
"""More rows than DuckDB keeps in memory until the commit."""


def test_a_rehearsal_changes_no_byte_however_much_it_writes(shop):
    before = files(shop)

    with rehearsing(Workspace(shop), "resolve", None) as context:
        context.con.execute(LARGE).fetchall()

    assert files(shop) == before


def test_nobody_writes_during_a_rehearsal_but_all_can_read(shop):
    opens = "import duckdb, sys; duckdb.connect(sys.argv[1], read_only=bool(sys.argv[2]))"

    def opened(read_only: str) -> bool:
        words = [sys.executable, "-c", opens, str(shop / "c360.duckdb"), read_only]
        return subprocess.run(words, stderr=subprocess.DEVNULL, check=False).returncode == 0

    with rehearsing(Workspace(shop), "resolve", None):
        during = [opened("yes"), opened("")]

    assert during == [True, False]
    assert opened("")


def test_a_rehearsal_takes_in_what_a_killed_run_left_in_the_log(shop, tmp_path):
    left = tmp_path / "left"
    with writing(Workspace(shop), "resolve", None) as context:
        context.con.execute("create table ops.left_over as select 1 as n").fetchall()
        context.con.execute("commit").fetchall()
        shutil.copytree(shop, left)  # as a kill at this moment would leave it
        context.con.execute("begin").fetchall()
    assert (left / "c360.duckdb.wal").exists()
    before = files(left)

    with rehearsing(Workspace(left), "resolve", None) as context:
        rows = context.con.execute("from ops.left_over").fetchall()

    assert rows == [(1,)]
    assert files(left) == before


def judged(shop: Path, *words: str) -> float:
    truth = shop / "truth.csv"
    truth.write_text("source,record_id,person\ncrm,C1,ann\ncrm,C3,cy\norders,O3,cy\n")
    return float(c360("evaluate --json", shop, truth, *words).figures()["pairwise_precision"])


def test_the_past_can_be_judged_and_explained(shop):
    ann, cy = customer_of(shop, "C1"), customer_of(shop, "C3")
    an_upserted_row(shop)
    resolve(shop)

    def explained(*words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            c360("explain pair --json", shop, "crm:C1", "crm:C3", *words).output
        )
        return found

    assert judged(shop) < judged(shop, "--as-of-run", "1") == 1
    assert explained()["is_joined"]
    past = explained("--as-of-run", "1")
    assert not past["is_joined"]
    assert {past["left"]["customer_id"], past["right"]["customer_id"]} == {ann, cy}


def test_what_left_a_customer_is_shown_where_it_was(shop):
    ann = customer_of(shop, "V2")
    a_record_gone_from_a_snapshot(shop)
    resolve(shop)

    told = c360("explain customer --as-of-run 1", shop, ann).output

    assert customer_of(shop, "V2") != ann
    assert "V1, V2" in told
