"""Opening the warehouse to read, many times a minute: what `c360.runs.reading` does, but quicker.

A new DuckDB and a parsed c360.yaml take longer than all queries of a page; both are kept here, and
only the file of the warehouse is opened and closed.
"""

import duckdb

from c360.config import Settings
from c360.config_file import read_settings
from c360.errors import C360Error
from c360.step import Context
from c360.workspace import Workspace


class DoorClosedError(Exception):
    """The warehouse cannot be opened just now; the message says why."""


def told(workspace: Workspace, error: C360Error) -> str:
    """Return an error for people who do not know the folders of the server."""
    return str(error).replace(f"{workspace.root}/", "")


class Glance:
    """A DuckDB that holds no file, but while it is open; one opening at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._con = duckdb.connect(
            config={"autoinstall_known_extensions": False, "temp_directory": ""}
        )
        self._settings: tuple[bytes, Settings] | None = None

    def open(self) -> Context:
        """Return the last published run, read only; its connection is for cursors alone.

        Raises:
            DoorClosedError: the warehouse is in use, missing, or its configuration is wrong.
        """
        path = self._workspace.warehouse
        settings = self._read_settings()
        if not path.exists():
            msg = f"there is no {path.name}; run `c360 resolve` first"
            raise DoorClosedError(msg)
        file = str(path).replace("'", "''")
        try:
            self._con.execute(f"attach '{file}' as c360 (read_only)").fetchall()
        except duckdb.IOException as error:
            msg = f"{path.name} is in use by another program, or cannot be read"
            raise DoorClosedError(msg) from error
        select = "select max(run), max(as_of) from c360.ops.run"
        run, as_of = self._con.execute(select).fetchall()[0]
        return Context(self._con, settings, self._workspace, as_of, run)

    def close(self) -> None:
        """Let the file go; all cursors are closed before."""
        self._con.execute("detach c360").fetchall()

    def _read_settings(self) -> Settings:
        """Return the settings, parsed again where c360.yaml has changed."""
        path = self._workspace.config
        text = path.read_bytes() if path.is_file() else b""
        if self._settings is None or self._settings[0] != text:
            try:
                self._settings = text, read_settings(path)
            except C360Error as error:
                raise DoorClosedError(told(self._workspace, error)) from error
        return self._settings[1]
