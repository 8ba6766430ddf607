"""What would happen to everybody: full rehearsals, in a process of their own, one at a time."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from c360.errors import C360Error

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

Plan = Callable[[str, str], str]
"""Tells as text what a decision (`merge`, `keep_apart`) on an item (its id) would do.

It is called in another process, so it must be a function of a module, or a partial of one.
"""

BROKEN_OFF = "The rehearsal broke off before it was over; the page's own output says why."

MOST_KEPT = 50
"""Plans whose text is kept to be looked at again."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan was asked for; `version` is that of the item, so that a plan is never stale."""

    item_id: str
    decision: str
    version: str


@dataclass(frozen=True, slots=True)
class Answer:
    """How far a plan is; `text` is the plan, or why there is none."""

    state: Literal["not asked", "waiting", "done", "failed"]
    text: str = ""


class Plans:
    """Rehearses what is asked for. The process is not the server's, because a rehearsal takes long.

    It also holds the warehouse's lock, which the server would lose with the next page it reads.
    """

    def __init__(self, plan: Plan | None, root: Path) -> None:
        """Take the plan, and the folder whose name no text tells."""
        self._plan = plan
        self._root = f"{root}/"
        self._turn = threading.Lock()
        self._asked: dict[Question, Future[Answer]] = {}
        self._line = ThreadPoolExecutor(1)
        self._process: SpawnProcess | None = None

    @property
    def has_any(self) -> bool:
        """Whether plans can be asked for."""
        return self._plan is not None

    def ask(self, question: Question) -> None:
        """Begin to rehearse, or wait in line, unless that has been asked before."""
        if self._plan is None:
            return
        with self._turn:
            if question in self._asked:
                return
            self._asked[question] = self._line.submit(self._rehearse, self._plan, question)
            over = [each for each, future in self._asked.items() if future.done()]
            for each in over[: max(0, len(self._asked) - MOST_KEPT)]:
                del self._asked[each]

    def look(self, question: Question) -> Answer:
        """Return how far a plan is."""
        with self._turn:
            future = self._asked.get(question)
        if future is None:
            return Answer("not asked")
        return future.result() if future.done() else Answer("waiting")

    def forget(self, question: Question) -> None:
        """Let a plan that is over be asked for again."""
        with self._turn:
            if question in self._asked and self._asked[question].done():
                del self._asked[question]

    def close(self) -> None:
        """Begin no other rehearsal, and break off the one that runs: it cleans up behind itself."""
        self._line.shutdown(wait=False, cancel_futures=True)
        with self._turn:
            if self._process is not None and self._process.pid is not None:
                os.kill(self._process.pid, signal.SIGINT)

    def _rehearse(self, plan: Plan, question: Question) -> Answer:
        """Return what a process of its own says; it gives back the memory that it took."""
        context = multiprocessing.get_context("spawn")
        answers, sender = context.Pipe(duplex=False)
        process = context.Process(
            target=_send_plan, args=(sender, plan, question.item_id, question.decision)
        )
        with self._turn:
            process.start()
            self._process = process
        sender.close()
        with answers:
            try:
                answer: Answer = answers.recv()
            except EOFError:
                answer = Answer("failed", BROKEN_OFF)
        process.join()
        with self._turn:
            self._process = None
            process.close()
        return replace(answer, text=answer.text.replace(self._root, ""))


def _send_plan(
    sender: "Connection[Answer, object]", plan: Plan, item_id: str, decision: str
) -> None:
    """Send the plan, or what the user can mend: not every error survives the way between them."""
    with sender:
        try:
            sender.send(Answer("done", plan(item_id, decision)))
        except C360Error as error:
            sender.send(Answer("failed", str(error)))
