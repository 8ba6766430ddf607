"""The log of the command line on stderr: notes for people, or JSON lines for programs."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

log = logging.getLogger("c360")
"""INFO tells runs and steps, WARNING what people should know, ERROR why a command ended."""
Form = Literal["plain", "json"]
_FIGURES = (
    "command",
    "run",
    "step",
    "seconds",
    "rows",
    "peak_bytes",
    "spill_bytes",
    "error",
    "exit_code",
)


class _JsonLines(logging.Formatter):
    """One object a line: timestamp, level, message, and whichever figures a record has."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        told = {
            "timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
        }
        told |= {name: getattr(record, name) for name in _FIGURES if hasattr(record, name)}
        return json.dumps(told, default=str)


def begin_log(form: Form) -> None:
    """Write the log to stderr: in plain form warnings only, as JSON lines also runs and steps."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else logging.Formatter("note: %(message)s"))
    log.handlers = [handler]
    log.setLevel(logging.INFO if form == "json" else logging.WARNING)


def is_json() -> bool:
    """Say whether the log is made of JSON lines, so that nothing else may stand on stderr."""
    return any(isinstance(handler.formatter, _JsonLines) for handler in log.handlers)
