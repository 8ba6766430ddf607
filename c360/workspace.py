"""The folder that a retailer's data lives in: where each file of it lies."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace by its root folder."""

    root: Path

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.root / "c360.yaml"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file."""
        return self.root / "c360.duckdb"

    @property
    def key_file(self) -> Path:
        """The key of the HMAC over raw identifiers, where the configuration names no other."""
        return self.root / ".c360.key"

    @property
    def bronze(self) -> Path:
        """The folder of all landed batches."""
        return self.root / "data" / "bronze"

    def batch(self, source: str, batch_id: str) -> Path:
        """The Parquet file of a landed batch."""
        return self.bronze / source / f"{batch_id}.parquet"

    def rejects(self, source: str) -> Path:
        """The rows of a source that could not be landed."""
        return self.root / "data" / "rejects" / f"{source}.csv"

    def silver(self, file_name: str) -> Path:
        """An export of a silver table."""
        return self.root / "data" / "silver" / file_name

    def stewardship(self, file_name: str) -> Path:
        """A file that people decide in, or that holds what they decided."""
        return self.root / "data" / "stewardship" / file_name

    def model(self, file_name: str) -> Path:
        """A file of a trained model."""
        return self.root / "data" / "model" / file_name

    def held(self, file_name: str) -> Path:
        """A table of a run that was not published."""
        return self.root / "data" / "held" / file_name

    def gold(self, file_name: str) -> Path:
        """An export of a gold mart."""
        return self.root / "data" / "gold" / file_name

    def report_file(self, file_name: str) -> Path:
        """A file beside the quality report."""
        return self.root / "reports" / file_name

    def report(self, suffix: str) -> Path:
        """The quality report as `html`, `md` or `csv`."""
        return self.root / "reports" / f"customer360_quality_report.{suffix}"
