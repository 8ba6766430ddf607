"""Fixtures that show their rows in the test."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from identity_rows import Resolved, resolve_rows, settings_for

from c360.step import Context
from c360.warehouse import open_warehouse
from tests.reports_warehouse import built_warehouse

# A deadline would judge how busy the machine is: an example of 5 ms may wait for 200 ms.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Callable[..., Resolved]]:
    """Resolve visible rows: `given(identifiers, rows, guards=…, attributes=…)`."""
    with open_warehouse(tmp_path / "c360.duckdb") as con:

        def resolved(
            identifiers: dict[str, Any], rows: Sequence[dict[str, Any]], **more: Any
        ) -> Resolved:
            return resolve_rows(con, tmp_path, settings_for(identifiers, **more), rows)

        yield resolved


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The hand-made warehouse of the report, on which every check passes."""
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        yield context


@pytest.fixture
def built(sound: Context) -> Iterator[Context]:
    """That warehouse; what a test does to it is undone."""
    sound.con.execute("begin")
    yield sound
    sound.con.execute("rollback")
