"""The way to the warehouse: opened for requests, never held between them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace

from c360.errors import C360Error
from c360.runs import reading, writing
from c360.step import Context
from c360.stewardship.page.glance import DoorClosedError, Glance, told
from c360.workspace import Workspace

COMMAND = "review page"
"""What ops.run calls the runs that the page writes."""

LONGEST_SHARED = 1.0
"""Seconds after which an opening takes no more readers, so that other programs get their turn."""


@dataclass(slots=True)
class _Opening:
    """The warehouse, open for the readers that are in it."""

    context: Context
    since: float
    readers: int = 0


class Door:
    """Lets many requests read at once, and one write alone.

    Readers share one opening: a file that one of them closes would lose the locks of them all,
    because locks belong to the process (fcntl(2)).
    """

    def __init__(self, workspace: Workspace, published: Callable[[Context], object]) -> None:
        """Open nothing yet; `published` is called, reading, after each request that wrote."""
        self._workspace = workspace
        self._published = published
        self._glance = Glance(workspace)
        self._turn = threading.Condition()
        self._opening: _Opening | None = None
        self._is_writing = False

    @contextmanager
    def reading(self) -> Iterator[Context]:
        """Give a request the last published run, read only.

        Raises:
            DoorClosedError: the warehouse is in use, missing, or its configuration is wrong.
        """
        opening = self._enter()
        try:
            with opening.context.con.cursor() as con:
                con.execute("use c360").fetchall()
                yield replace(opening.context, con=con)
        finally:
            self._leave(opening)

    @contextmanager
    def writing(self) -> Iterator[Context]:
        """Give a request one transaction: all that is done inside, or nothing.

        Raises:
            DoorClosedError: as for `reading`.
        """
        with self._turn:
            self._turn.wait_for(lambda: self._opening is None and not self._is_writing)
            self._is_writing = True
        try:
            with ExitStack() as closing:
                try:
                    context = closing.enter_context(writing(self._workspace, COMMAND, None))
                except C360Error as error:
                    raise DoorClosedError(told(self._workspace, error)) from error
                yield context
            # Another program may be quicker; what is published then is told after the next one.
            with suppress(C360Error), reading(self._workspace) as context:
                self._published(context)
        finally:
            with self._turn:
                self._is_writing = False
                self._turn.notify_all()

    def _enter(self) -> _Opening:
        with self._turn:
            self._turn.wait_for(self._has_room)
            if self._opening is None:
                self._opening = _Opening(self._glance.open(), time.monotonic())
            self._opening.readers += 1
            return self._opening

    def _has_room(self) -> bool:
        opening = self._opening
        is_young = opening is None or time.monotonic() - opening.since < LONGEST_SHARED
        return is_young and not self._is_writing

    def _leave(self, opening: _Opening) -> None:
        with self._turn:
            opening.readers -= 1
            if opening.readers == 0:
                self._opening = None
                self._glance.close()
                self._turn.notify_all()
