"""Events of runs: those of the specification (openlineage.io, 2-0-2), in the order of a run."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from run_workspace import events, run, told
from shop_workspace import SHOP, configure

from c360 import telling
from c360.config import Settings
from c360.errors import FeedError, HeldRunError
from c360.openlineage import (
    Assertion,
    Facts,
    TableInputs,
    Told,
    run_id,
    start_event,
    step_events,
)
from c360.profile.lineage_inputs import column_inputs
from c360.run_log import StepRun

NOON = datetime(2026, 1, 15, 12)
SETTINGS = Settings.model_validate(SHOP)
ONE = {"gold.customer_360": "select 'a' as customer_id, 1 as orders"}
FIELDS = {
    "columnLineage": {"fields"},
    "dataQualityAssertions": {"assertions"},
    "errorMessage": {"message", "programmingLanguage"},
    "jobType": {"processingType", "integration"},
    "nominalTime": {"nominalStartTime"},
    "outputStatistics": {"rowCount"},
    "parent": {"run", "job"},
    "processing_engine": {"version"},
    "schema": {"fields"},
}
"""What the specification requires of each facet, beside `_producer` and `_schemaURL`."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def a_run(**changes: Any) -> Told:
    values: dict[str, Any] = {
        "workspace": "shop",
        "command": "build",
        "run": 7,
        "as_of": NOON,
        "started_at": NOON,
        "version": "1.0",
        "engine": "2.0",
        "feeds": {"crm": "raw/crm.csv", "till": "raw/till.csv"},
        "entities": {"crm": "customers", "till": "orders"},
    }
    return Told(**(values | changes))


def a_step(table: str, *reads: str, is_done: bool = True) -> StepRun:
    return StepRun(table, reads, (), NOON, 1.5, 3, 1000, 0, is_done)


def last_event(step: StepRun, facts: Facts | None = None) -> dict[str, Any]:
    *_, event = step_events(a_run(), step, facts or Facts())
    return event


def facets(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every facet of an event with its name."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name in ("facets", "inputFacets", "outputFacets"):
                yield from inner.items()
            yield from facets(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from facets(inner)


def breaches(event: dict[str, Any]) -> list[str]:
    """Return what an event lacks of what the specification requires."""
    required = ("eventTime", "producer", "schemaURL", "run", "job")
    found = [key for key in required if key not in event]
    if not event["schemaURL"].endswith("/2-0-2/OpenLineage.json#/$defs/RunEvent"):
        found.append("schemaURL")
    if not TIME.fullmatch(event["eventTime"]):
        found.append("eventTime")
    found += [] if uuid.UUID(event["run"]["runId"]) else ["runId"]
    named = (event["job"], *event["inputs"], *event["outputs"])
    found += ["name" for each in named if not (each["namespace"] and each["name"])]
    for name, facet in facets(event):
        lacking = (FIELDS[name] | {"_producer", "_schemaURL"}) - facet.keys()
        found += [f"{name}.{key}" for key in lacking]
    return found


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ran")
    run(folder, ONE)
    return folder


def test_a_run_begins_has_its_steps_and_ends(ran):
    assert told(ran) == [
        ("START", "build"),
        ("START", "build.gold.customer_360"),
        ("COMPLETE", "build.gold.customer_360"),
        ("COMPLETE", "build"),
    ]


def test_every_event_is_one_of_the_specification(tmp_path):
    with pytest.raises(FeedError):
        run(tmp_path, ONE, inside=fail)

    assert [breaches(event) for event in events(tmp_path) if breaches(event)] == []


def fail(_: object) -> None:
    raise FeedError(["crm: the file is gone"])


def crash(_: object) -> None:
    msg = "ann@shop.example is no number"
    raise ValueError(msg)


def test_a_run_that_fails_says_why(tmp_path):
    with pytest.raises(FeedError):
        run(tmp_path, ONE, inside=fail)

    *_, last = events(tmp_path)
    assert last["eventType"] == "FAIL"
    assert "crm: the file is gone" in last["run"]["facets"]["errorMessage"]["message"]


def test_a_run_that_is_held_has_failed(tmp_path):
    def hold(_: object) -> None:
        raise HeldRunError(["max_merged: 7, at most 5"], tmp_path / "held")

    with pytest.raises(HeldRunError):
        run(tmp_path, ONE, command="resolve", inside=hold)

    *_, last = events(tmp_path)
    assert (last["eventType"], last["job"]["name"]) == ("FAIL", "resolve")
    assert "max_merged" in last["run"]["facets"]["errorMessage"]["message"]


def test_what_an_error_quotes_of_the_data_is_not_kept(tmp_path):
    with pytest.raises(ValueError, match="no number"):
        run(tmp_path, ONE, inside=crash)

    *_, last = events(tmp_path)
    assert last["run"]["facets"]["errorMessage"]["message"] == "ValueError"
    assert "ann@" not in (tmp_path / "logs" / "openlineage.jsonl").read_text()


def test_the_step_that_fails_is_named(tmp_path):
    with pytest.raises(duckdb.Error):
        run(tmp_path, ONE | {"gold.broken": "select error('ann@shop.example')"})

    assert told(tmp_path)[3:] == [
        ("START", "build.gold.broken"),
        ("FAIL", "build.gold.broken"),
        ("FAIL", "build"),
    ]


def test_a_run_has_one_id_and_its_steps_have_it_as_parent(ran):
    first, step, _, last = events(ran)

    assert first["run"]["runId"] == last["run"]["runId"]
    assert step["run"]["facets"]["parent"]["run"]["runId"] == first["run"]["runId"]
    assert step["run"]["runId"] != first["run"]["runId"]


def test_ids_follow_from_workspace_run_and_start():
    assert run_id(a_run()) == run_id(a_run(version="2.0"))
    others = [a_run(workspace="b"), a_run(run=8), a_run(started_at=datetime(2026, 1, 16))]
    assert len({run_id(each) for each in (a_run(), *others)}) == 4


def test_a_table_is_told_with_its_columns_and_rows(ran):
    (table,) = events(ran)[2]["outputs"]

    assert table["name"] == "gold.customer_360"
    assert [(each["name"], each["type"]) for each in table["facets"]["schema"]["fields"]] == [
        ("customer_id", "VARCHAR"),
        ("orders", "INTEGER"),
    ]
    assert table["outputFacets"]["outputStatistics"]["rowCount"] == 1


def test_an_entity_is_made_of_the_sources_that_feed_it():
    inputs = last_event(a_step("silver.orders", "bronze.*", "identity.member"))["inputs"]

    assert [each["name"] for each in inputs] == ["bronze.till", "identity.member"]


def test_landing_reads_files_and_makes_the_tables_of_all_sources():
    event = last_event(a_step("bronze.*"))

    assert [(each["namespace"], each["name"]) for each in event["inputs"]] == [
        ("file", "raw/crm.csv"),
        ("file", "raw/till.csv"),
    ]
    assert [each["name"] for each in event["outputs"]] == ["bronze.crm", "bronze.till"]


def test_a_step_that_fails_has_made_nothing():
    event = last_event(a_step("gold.mart", is_done=False))

    assert (event["eventType"], event["outputs"]) == ("FAIL", [])


def test_columns_are_told_with_what_they_are_made_of_and_what_chose_the_rows():
    inputs = TableInputs({"revenue": [("silver.orders", "amount_usd")]}, [("silver.orders", "at")])
    event = last_event(a_step("gold.mart"), Facts(lineage={"gold.mart": inputs}))

    facet = event["outputs"][0]["facets"]["columnLineage"]
    assert facet["fields"]["revenue"]["inputFields"] == [
        {
            "namespace": "c360://shop",
            "name": "silver.orders",
            "field": "amount_usd",
            "transformations": [{"type": "DIRECT"}],
        }
    ]
    (chosen,) = facet["dataset"]
    assert (chosen["field"], chosen["transformations"]) == ("at", [{"type": "INDIRECT"}])


def test_the_lineage_of_every_mart_ends_in_columns_of_tables():
    lineage = column_inputs(SETTINGS)

    of = lineage["gold.customer_360"].fields["net_revenue_usd"]
    assert ("silver.customer_metric", "net_revenue_usd") in of
    names = [c for each in lineage.values() for of in each.fields.values() for _, c in of]
    assert [name for name in names if "[" in name or name == "*"] == []


def test_checks_are_assertions_about_the_tables_they_speak_of():
    check = Assertion("late_share", False, "error", "rows that came late", "0.05", "0.2")
    event = last_event(
        a_step("ops.quality_check", "gold.mart"), Facts(assertions={"gold.mart": [check]})
    )

    *_, dataset = event["inputs"]
    (assertion,) = dataset["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert dataset["name"] == "gold.mart"
    assert (assertion["assertion"], assertion["success"]) == ("late_share", False)
    assert (assertion["expected"], assertion["actual"]) == ("0.05", "0.2")


@pytest.mark.parametrize(
    ("columns", "table", "severity"),
    [
        ("", "gold.customer_360", None),  # as earlier versions left it
        (", 'error' as severity, ['silver.orders'] as tables", "silver.orders", "error"),
    ],
)
def test_the_checks_of_a_run_are_told(tmp_path, columns, table, severity):
    select = (
        "select 'Volume' as family, 'rows' as metric, 1.5 as value, 'at least 2' as threshold,"
        f" 'fail' as status, 'too few' as explanation{columns}"
    )

    run(tmp_path, {"ops.quality_check": select}, command="check")

    (dataset,) = events(tmp_path)[2]["inputs"]
    (assertion,) = dataset["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert dataset["name"] == table
    assert (assertion["success"], assertion.get("severity")) == (False, severity)


def test_a_start_knows_the_moment_that_the_run_works_for():
    facet = start_event(a_run())["run"]["facets"]["nominalTime"]  # type: ignore[index,call-overload]

    assert facet["nominalStartTime"] == "2026-01-15T12:00:00.000Z"


def test_a_run_ends_well_where_its_events_cannot_be_written(tmp_path, caplog):
    (tmp_path / "logs").write_text("a file stands where the folder should be")

    run(tmp_path, ONE)

    assert {record.levelname for record in caplog.records} == {"WARNING"}
    assert "could not tell" in caplog.text


def test_nothing_is_written_where_the_configuration_wants_nothing(tmp_path):
    configure(tmp_path, telemetry={"openlineage": None, "prometheus": None})

    run(tmp_path, ONE)

    assert not (tmp_path / "logs").exists()


def test_a_file_that_has_grown_large_makes_way_for_a_new_one(tmp_path, monkeypatch):
    run(tmp_path, ONE)
    path = tmp_path / "logs" / "openlineage.jsonl"
    before = path.read_text()
    monkeypatch.setattr(telling, "MOST_BYTES", len(before) - 1)

    run(tmp_path, {})

    assert path.with_name("openlineage.jsonl.1").read_text() == before
    assert told(tmp_path) == [("START", "build"), ("COMPLETE", "build")]
