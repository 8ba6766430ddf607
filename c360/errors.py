"""What can go wrong and be mended by the user.

    C360Error                 exit 1   the message says what to do
    ├── ConfigurationError             c360.yaml is missing or wrong
    ├── FeedError                      a feed is missing, unreadable or breaks its contract
    │   └── DriftError        exit 3   a feed has other columns, and those of its source are frozen
    ├── MissingStepError               a command needs what another command makes
    ├── DecisionError                  what somebody decided cannot be put in the log
    ├── GateError             exit 3   a quality or contract gate failed
    │   └── HeldRunError               a run of `resolve` is outside the bands of `gates`
    │       ├── HeldBuildError         a build breaks a critical check
    │       └── ContractError          a contract is wrong, or what was published would break
    └── PrivacyError          exit 4   a consent or privacy rule would be broken

Anything else that is raised is a defect of the program and is shown with its traceback.
"""

from collections.abc import Sequence
from pathlib import Path


class C360Error(Exception):
    """Something the user can mend; the message says how."""

    exit_code = 1


class ConfigurationError(C360Error):
    """The configuration file is missing or wrong. `problems` holds one line per mistake."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        self.path, self.problems = path, tuple(problems)
        super().__init__(_lines(f"{path}: {_count(problems)} to mend", problems))


class FeedError(C360Error):
    """Feeds cannot be landed. `problems` holds one line per mistake, of all sources at once."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(_lines(f"{_count(problems)} with the feeds; nothing was landed", problems))


class DriftError(FeedError):
    """Feeds have other columns than their sources landed before, and may not."""

    exit_code = 3


class MissingStepError(C360Error):
    """A command needs what another command makes."""

    def __init__(self, missing: str, command: str) -> None:
        self.missing, self.command = missing, command
        super().__init__(f"{missing}; run `{command}` first")


class DecisionError(C360Error):
    """Decisions cannot be put in the log. `problems` holds one line per mistake, all of a file."""

    def __init__(self, problems: Sequence[str], *, file: Path | None = None) -> None:
        self.problems = tuple(problems)
        if file is None:
            super().__init__("\n  ".join(problems))
        else:
            head = f"{file}: {_count(problems)} to mend; nothing was decided"
            super().__init__(_lines(head, problems))


class GateError(C360Error):
    """A quality or contract gate failed."""

    exit_code = 3


class HeldRunError(GateError):
    """A run is outside the bands of the configuration: it is written, but not published."""

    def __init__(self, broken: Sequence[str], folder: Path) -> None:
        self.broken, self.folder = tuple(broken), folder
        super().__init__(
            _lines("this run is not published, the last published customers stay", broken)
            + f"\nWhat it would publish lies in {folder}. Mend the feed or the rule that did it, or"
            " raise `gates` in c360.yaml, or publish it as it is: c360 resolve --ignore-gates"
        )


class HeldBuildError(HeldRunError):
    """A build breaks critical checks, and is not published. `broken` has a line of each.

    `files` hold the rows that break them.
    """

    def __init__(self, broken: Sequence[str], files: Sequence[Path] = ()) -> None:
        self.broken, self.files = tuple(broken), tuple(files)
        GateError.__init__(
            self,
            _lines("this build is not published, the last published marts stay", broken)
            + "".join(f"\nFailing rows, masked: {file}" for file in files)
            + "\nMend what they name and run it again, or set another severity in"
            " `checks.severity` of c360.yaml, or publish it: c360 build --warn-only",
        )


class ContractError(HeldRunError):
    """Contracts are wrong or broken. `broken` holds one line per mistake; `remedy` ends it."""

    def __init__(self, head: str, broken: Sequence[str], remedy: str = "") -> None:
        self.broken, self.remedy = tuple(broken), remedy
        text = _lines(f"{head}: {_count(broken)}", broken)
        GateError.__init__(self, f"{text}\n{remedy}" if remedy else text)


class PrivacyError(C360Error):
    """A consent or privacy rule would be broken."""

    exit_code = 4


def _count(problems: Sequence[str]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _lines(head: str, problems: Sequence[str]) -> str:
    return "\n  ".join([head, *problems])
