"""Runs as events of OpenLineage (openlineage.io, specification 2-0-2); pure: facts in, JSON out."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from c360.run_log import StepRun

SPECIFICATION = "https://openlineage.io/spec"
_EVENT = f"{SPECIFICATION}/2-0-2/OpenLineage.json#/$defs/RunEvent"
_FACETS = {
    "columnLineage": ("1-2-0", "ColumnLineageDatasetFacet"),
    "dataQualityAssertions": ("1-1-0", "DataQualityAssertionsDatasetFacet"),
    "errorMessage": ("1-0-1", "ErrorMessageRunFacet"),
    "jobType": ("2-0-4", "JobTypeJobFacet"),
    "nominalTime": ("1-0-1", "NominalTimeRunFacet"),
    "outputStatistics": ("1-0-2", "OutputStatisticsOutputDatasetFacet"),
    "parent": ("1-2-0", "ParentRunFacet"),
    "processing_engine": ("1-1-1", "ProcessingEngineRunFacet"),
    "schema": ("1-2-0", "SchemaDatasetFacet"),
}
BRONZE = "bronze.*"
"""What stands among the tables of a step for the tables of every source."""

Json = dict[str, object]
TableColumn = tuple[str, str]
"""A table and a column of it."""


@dataclass(frozen=True, slots=True)
class TableInputs:
    """What a table is made of: `fields` tells it of each column, `rows` decide which rows count."""

    fields: Mapping[str, Sequence[TableColumn]]
    rows: Sequence[TableColumn] = ()


@dataclass(frozen=True, slots=True)
class Assertion:
    """A quality check of a table, and how it ended; `severity` is None where nothing is judged."""

    name: str
    is_kept: bool
    severity: str | None
    description: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Told:
    """A run as its events tell it. Times are naive UTC; `feeds` are the paths of the sources."""

    workspace: str
    command: str
    run: int
    as_of: datetime
    started_at: datetime
    version: str
    engine: str
    feeds: Mapping[str, str]
    entities: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found in the warehouse: columns and types, lineage and assertions of its tables."""

    schemas: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    lineage: Mapping[str, TableInputs] = field(default_factory=dict)
    assertions: Mapping[str, Sequence[Assertion]] = field(default_factory=dict)


def run_id(told: Told) -> str:
    """Return the id of a run: the same for the same workspace, run and start."""
    name = f"c360:{told.workspace}:{told.run}:{told.started_at.isoformat()}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def start_event(told: Told) -> Json:
    """Return the event with which a command begins."""
    return _event(
        "START",
        told,
        told.started_at,
        job=told.command,
        own_id=run_id(told),
        facets=_run_facets(told),
    )


def end_event(told: Told, finished_at: datetime, error: str | None) -> Json:
    """Return the event with which a command ends, well or with an error."""
    facets = _run_facets(told)
    if error is not None:
        facets["errorMessage"] = _facet(
            told, "errorMessage", {"message": error, "programmingLanguage": "Python"}
        )
    kind = "COMPLETE" if error is None else "FAIL"
    return _event(kind, told, finished_at, job=told.command, own_id=run_id(told), facets=facets)


def step_events(told: Told, step: StepRun, facts: Facts) -> Iterator[Json]:
    """Yield the two events of a step, which is a job and a run of its own below the command's."""
    job = f"{told.command}.{step.table.removesuffix('.*')}"
    own_id = str(uuid.uuid5(uuid.UUID(run_id(told)), step.table))
    above = {
        "run": {"runId": run_id(told)},
        "job": {"namespace": _namespace(told), "name": told.command},
    }
    facets = {"parent": _facet(told, "parent", above)}
    yield _event("START", told, step.started_at, job=job, own_id=own_id, facets=facets)
    event = _event(
        "COMPLETE" if step.is_done else "FAIL",
        told,
        step.started_at + timedelta(seconds=step.seconds),
        job=job,
        own_id=own_id,
        facets=facets,
    )
    event["inputs"] = list(_inputs(told, step, facts))
    event["outputs"] = list(_outputs(told, step, facts)) if step.is_done else []
    yield event


def _event(
    kind: str, told: Told, moment: datetime, *, job: str, own_id: str, facets: Mapping[str, Json]
) -> Json:
    job_type = {
        "processingType": "BATCH",
        "integration": "C360",
        "jobType": "COMMAND" if job == told.command else "STEP",
    }
    return {
        "eventType": kind,
        "eventTime": _time(moment),
        "producer": _producer(told),
        "schemaURL": _EVENT,
        "run": {"runId": own_id, "facets": facets},
        "job": {
            "namespace": _namespace(told),
            "name": job,
            "facets": {"jobType": _facet(told, "jobType", job_type)},
        },
        "inputs": [],
        "outputs": [],
    }


def _run_facets(told: Told) -> dict[str, Json]:
    return {
        "nominalTime": _facet(told, "nominalTime", {"nominalStartTime": _time(told.as_of)}),
        "processing_engine": _facet(
            told, "processing_engine", {"name": "DuckDB", "version": told.engine}
        ),
    }


def _inputs(told: Told, step: StepRun, facts: Facts) -> Iterator[Json]:
    if step.table == BRONZE:
        for path in told.feeds.values():
            yield {"namespace": "file", "name": path}
    for table in step.reads:
        for name in _tables(told, table, step):
            yield _dataset(told, name)
    if "ops.quality_check" in (step.table, *step.also) and step.is_done:
        for table, assertions in facts.assertions.items():
            dataset = _dataset(told, table)
            checks = {"assertions": [_assertion(each) for each in assertions]}
            name = "dataQualityAssertions"
            dataset["inputFacets"] = {name: _facet(told, name, checks)}
            yield dataset


def _outputs(told: Told, step: StepRun, facts: Facts) -> Iterator[Json]:
    for table in (step.table, *step.also):
        for name in _tables(told, table, step):
            dataset = _dataset(told, name)
            facets: dict[str, Json] = {}
            if columns := facts.schemas.get(name):
                named = [{"name": column, "type": type_} for column, type_ in columns]
                facets["schema"] = _facet(told, "schema", {"fields": named})
            if inputs := facts.lineage.get(name):
                fields = _column_lineage(told, inputs)
                facets["columnLineage"] = _facet(told, "columnLineage", fields)
            dataset["facets"] = facets
            if table == step.table and table != BRONZE:
                rows = _facet(told, "outputStatistics", {"rowCount": step.rows})
                dataset["outputFacets"] = {"outputStatistics": rows}
            yield dataset


def _tables(told: Told, table: str, step: StepRun) -> list[str]:
    """Return the tables that a name stands for: of an entity, those of the sources that feed it."""
    if table != BRONZE:
        return [table]
    schema, _, name = step.table.partition(".")
    fed = [source for source, entity in told.entities.items() if entity == name]
    is_entity = schema == "silver" and name in told.entities.values()
    return [f"bronze.{source}" for source in (fed if is_entity else told.feeds)]


def _column_lineage(told: Told, inputs: TableInputs) -> Json:
    return {
        "fields": {
            column: {"inputFields": [_input_field(told, each, "DIRECT") for each in of]}
            for column, of in inputs.fields.items()
        },
        "dataset": [_input_field(told, each, "INDIRECT") for each in inputs.rows],
    }


def _input_field(told: Told, of: TableColumn, kind: str) -> Json:
    table, column = of
    return {**_dataset(told, table), "field": column, "transformations": [{"type": kind}]}


def _assertion(check: Assertion) -> Json:
    told: Json = {
        "assertion": check.name,
        "name": check.name,
        "success": check.is_kept,
        "description": check.description,
        "expected": check.expected,
        "actual": check.actual,
    }
    return told if check.severity is None else told | {"severity": check.severity}


def _dataset(told: Told, table: str) -> Json:
    return {"namespace": _namespace(told), "name": table}


def _namespace(told: Told) -> str:
    return f"c360://{told.workspace}"


def _facet(told: Told, name: str, fields: Mapping[str, object]) -> Json:
    version, type_ = _FACETS[name]
    url = f"{SPECIFICATION}/facets/{version}/{type_}.json#/$defs/{type_}"
    return {"_producer": _producer(told), "_schemaURL": url, **fields}


def _producer(told: Told) -> str:
    return f"urn:c360:{told.version}"


def _time(moment: datetime) -> str:
    return f"{moment.isoformat(timespec='milliseconds')}Z"
