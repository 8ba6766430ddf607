"""The configuration of what runs tell other programs about themselves."""

from pathlib import Path

from pydantic import Field

from c360.section import Section


class Telemetry(Section):
    """Files that tell schedulers and monitoring what the runs did."""

    openlineage: Path | None = Field(
        default=Path("logs/openlineage.jsonl"),
        description="file of OpenLineage events, one a line, from the folder of `c360.yaml`;"
        " null: none",
    )
    column_lineage: bool = Field(
        default=False,
        description="column lineage in the events of every `build`, which takes it a second or two;"
        " `run` and `demo` have it anyway",
    )
    prometheus: Path | None = Field(
        default=Path("logs/c360.prom"),
        description="text file for Prometheus, made anew by each command of the flow; null: none",
    )
