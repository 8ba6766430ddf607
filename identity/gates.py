"""The bands outside which a run is not published."""

from dataclasses import dataclass

import duckdb

from c360.step import Context, read_sql


@dataclass(frozen=True, slots=True)
class GateReading:
    """What a gate measured in a run. `most` is what the configuration allows."""

    gate: str
    value: float
    most: float

    @property
    def is_kept(self) -> bool:
        """Whether the run may be published as far as this gate goes."""
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.gate}: {self.value:,.4g}, at most {self.most:,.4g}"


def read_gates(context: Context) -> list[GateReading]:
    """Measure the run against every gate of the configuration, before it is published.

    On the first run nothing is changed, only the size of customers counts.
    """
    limits = context.settings.gates.model_dump(exclude_none=True)
    measured = _measure(context.con, context.run)
    return [GateReading(gate, measured[gate], most) for gate, most in limits.items()]


def _measure(con: duckdb.DuckDBPyConnection, run: int) -> dict[str, float]:
    cursor = con.execute(read_sql("identity", "identity.gate"), {"run": run})
    names = [column[0] for column in cursor.description or ()]
    return dict(zip(names, cursor.fetchall()[0], strict=True))
