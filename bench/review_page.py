"""How fast the review page answers: `python bench/review_page.py --customers 1000000`.

Resolves and builds a sample (or takes a copy of `--workspace`), sees to it that the queue has at
least `--items` open items, serves the page from a process of its own, and asks for it over HTTP as
a browser does. Prints a Markdown table of milliseconds, and ends with 1 where the 95th percentile
of the list or of an item is above the limit.
"""

import argparse
import http.client
import itertools
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.measuring import run_c360
from c360.runs import writing
from c360.stewardship.page.list_page import PER_PAGE
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

LIMIT_MILLISECONDS = 200
TABLES = ("review_item", "review_field", "review_value", "review_impact", "review_part")
SERVE = (
    "import sys; from pathlib import Path; from c360.workspace import Workspace;"
    " from c360.stewardship.page.serving import serve;"
    " serve(Workspace(Path(sys.argv[1])), port=0, user='bench')"
)


@dataclass(frozen=True, slots=True)
class Line:
    """What was asked for, how long each answer took, and whether the limit holds for it."""

    name: str
    milliseconds: Sequence[float]
    is_limited: bool = False

    @property
    def p95(self) -> float:
        """The 95th percentile."""
        return statistics.quantiles(self.milliseconds, n=20)[-1]


class Browser:
    """A connection to the page that stays open and keeps its cookie."""

    def __init__(self, port: int) -> None:
        self._http = http.client.HTTPConnection("127.0.0.1", port)
        self._cookie = ""

    def get(self, path: str) -> str:
        """Return a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Send a form, and return the answer."""
        return self._ask("POST", path, urlencode(fields))

    def _ask(self, method: str, path: str, body: str | None) -> str:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._http.request(method, path, body, headers)
        answer = self._http.getresponse()
        text = answer.read().decode()
        if answer.status >= http.client.BAD_REQUEST:
            sys.exit(f"{method} {path}: {answer.status}\n{text}")
        if cookie := answer.headers["Set-Cookie"]:
            self._cookie = cookie.partition(";")[0]
        return text


def main() -> None:
    """Lay out the queue, serve it, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--workspace", type=Path, help="take a copy of this one instead")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--decisions", type=int, default=20)
    parser.add_argument("--scratch", type=Path, help="folder for temporary files")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        workspace = Workspace(Path(scratch))
        if arguments.workspace is None:
            run_c360(workspace, "generate", "--customers", str(arguments.customers))
            run_c360(workspace, "resolve")
            run_c360(workspace, "build")
        else:
            _copy(Workspace(arguments.workspace), workspace)
        open_items = fill_queue(workspace, arguments.items)
        with served(workspace) as port:
            lines = list(measure(Browser(port), open_items, arguments))
    print_lines(len(open_items), lines)
    slow = [line.name for line in lines if line.is_limited and line.p95 > LIMIT_MILLISECONDS]
    if slow:
        sys.exit(f"above {LIMIT_MILLISECONDS} ms: {', '.join(slow)}")


def _copy(origin: Workspace, copy: Workspace) -> None:
    for path in (origin.warehouse, origin.config, origin.key_file):
        shutil.copy2(path, copy.root / path.name)
    copy.bronze.parent.mkdir()
    copy.bronze.symlink_to(origin.bronze.resolve())


def fill_queue(workspace: Workspace, most: int) -> list[str]:
    """Copy the items of the queue until there are enough, and return those that are open."""
    with writing(workspace, "fill the queue", None) as context:
        con = context.con
        there = con.execute("select count(*) from stewardship.review_item").fetchall()[0][0]
        for table in TABLES:
            con.execute(
                f"insert into stewardship.{table} select * exclude (n)"
                f" replace (item_id || '_' || n as item_id) from stewardship.{table},"
                " range(1, cast(ceil($most / $there) as bigint)) as made(n)",
                {"most": most, "there": there},
            ).fetchall()
    with open_warehouse(workspace.warehouse, read_only=True) as con:
        rows = con.execute(
            "select item_id from stewardship.review_item where state = 'open' order by item_id"
        ).fetchall()
    return [item_id for (item_id,) in rows]


@contextmanager
def served(workspace: Workspace) -> Iterator[int]:
    """Serve the page from a process of its own, and give its port."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", SERVE, str(workspace.root)], stderr=subprocess.PIPE, text=True
    )
    try:
        told = process.stderr.readline() if process.stderr else ""
        found = re.search(r":(\d+)/", told)
        yield int(found[1]) if found else sys.exit(told)
    finally:
        process.terminate()
        process.wait()


def measure(
    browser: Browser, open_items: Sequence[str], arguments: argparse.Namespace
) -> Iterator[Line]:
    """Ask for each kind of page in turn, after one that nobody counts."""
    draw = random.Random(0)  # noqa: S311 - a sample, no secret
    asked = [draw.choice(open_items) for _ in range(arguments.requests)]
    pages = range(1, 1 + arguments.requests)
    last = max(1, len(open_items) // PER_PAGE)
    browser.get(f"/items/{asked[0]}")

    def times(ask: Callable[[str], object], paths: Sequence[str]) -> list[float]:
        found: list[float] = []
        for path in paths:
            started = time.perf_counter()
            ask(path)
            found.append((time.perf_counter() - started) * 1000)
        return found

    yield Line("the list, first page", times(browser.get, ["/" for _ in asked]), is_limited=True)
    deep = [f"/?page={1 + page * 97 % last}" for page in pages]
    yield Line("the list, any page", times(browser.get, deep), is_limited=True)
    mine = ["/?kind=weak_bridge&whose=nobody" for _ in asked]
    yield Line("the list, filtered", times(browser.get, mine), is_limited=True)
    items = [f"/items/{item_id}" for item_id in asked]
    yield Line("an item", times(browser.get, items), is_limited=True)
    pictures = itertools.chain.from_iterable(
        re.findall(r'<img src="([^"]+)"', browser.get(path)) for path in items[:10]
    )
    yield Line("a picture of a graph", times(browser.get, list(pictures)))

    def decide(item_id: str) -> None:
        browser.post(f"/items/{item_id}/decide", fields[item_id])

    chosen = list(dict.fromkeys(asked))[: arguments.decisions]
    fields = {item_id: _filled(browser.get(f"/items/{item_id}")) for item_id in chosen}
    yield Line("a decision", times(decide, chosen))


def _filled(page: str) -> dict[str, str]:
    """Return the fields of the form that decides, filled in."""
    form = page[page.index("/decide") : page.index("/assign")]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    return hidden | {"decision": "keep_apart", "reason": "measured"}


def print_lines(items: int, lines: Sequence[Line]) -> None:
    """Print what the answers took as a table in Markdown."""
    sys.stdout.write(
        f"\n### The review page at {items:,} open items\n\n"
        "| what | requests | median ms | p95 ms | longest ms |\n|---|---:|---:|---:|---:|\n"
    )
    for line in lines:
        found = line.milliseconds
        sys.stdout.write(
            f"| {line.name} | {len(found)} | {statistics.median(found):.0f} | {line.p95:.0f}"
            f" | {max(found):.0f} |\n"
        )


if __name__ == "__main__":
    main()
