import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from c360.errors import MissingStepError
from c360.reports.checks import build_quality_check, read_checks
from c360.reports.quality_report import write_report
from c360.reports.verdict import verdict_of
from c360.step import Context, Step
from c360.workspace import Workspace
from tests.reports_warehouse import built_warehouse


def build_nothing(_: Context) -> None:
    pass


STEPS = (
    Step("bronze.*", (), build_nothing),
    Step("identity.member", ("bronze.*",), build_nothing),
    Step("gold.customer_360", ("identity.member",), build_nothing),
)
MOST_BYTES = 300_000
"""So that it can be sent by mail and opens on a phone."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        yield context


@pytest.fixture
def built(sound: Context, tmp_path: Path) -> Iterator[Context]:
    """A sound warehouse and a workspace of the test's own; what a test breaks is undone."""
    sound.con.execute("begin")
    yield replace(sound, workspace=Workspace(tmp_path))
    sound.con.execute("rollback")


def report_of(context: Context, *changes: str) -> str:
    """Change the warehouse, check it, and return the page."""
    for change in changes:
        context.con.execute(change).fetchall()
    build_quality_check(context)
    return write_report(context, STEPS).read_text(encoding="utf-8")


def text_of(context: Context, suffix: str) -> str:
    return context.workspace.report(suffix).read_text(encoding="utf-8")


def test_page_markdown_and_csv_carry_the_same_checks(built):
    page = report_of(built)
    markdown = text_of(built, "md")
    with built.workspace.report("csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    metrics = [check.metric for check in read_checks(built.con)]
    assert list(rows[0]) == ["metric", "value", "threshold", "status", "explanation"]
    assert [row["metric"] for row in rows] == metrics
    assert re.findall(r'<th scope="row"><code>(\w+)</code><p>', page) == metrics
    assert re.findall(r"^\| (\w+_\w+) \| .* \| (?:pass|info) \|", markdown, re.MULTILINE) == metrics


def test_sound_data_may_be_used(built):
    page = report_of(built)

    assert "All 45 checks passed." in page
    assert "**May this data be used? Yes.**" in text_of(built, "md")


def test_figures_are_written_for_people(built):
    page = report_of(built)

    assert "<dt>Gross revenue, USD</dt><dd>27,930.88</dd>" in page
    assert "<dt>Consent to marketing</dt><dd>80.8 %</dd>" in page


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ("update identity.customer set records = 100001", "Yes, with care"),
        ("update gold.segment_summary set customers = 1 where segment = 'loyal'", "No"),
        ("update gold.customer_360 set marketing_consent = false where false", "Yes"),
    ],
)
def test_the_gravest_check_gives_the_answer(built, change, answer):
    built.con.execute(change).fetchall()
    build_quality_check(built)

    assert verdict_of(read_checks(built.con), None).answer == answer


def test_a_failure_says_what_to_do_first(built):
    page = report_of(built, "update gold.segment_summary set customers = 1 where segment = 'loyal'")

    assert "Mend segment_customer_gap_count: run <code>c360 build</code>" in page


def test_the_page_needs_nothing_from_outside(built):
    page = report_of(built)

    assert not re.findall(r"https?://|//\w|@import|url\(|<script|<link|<img|<iframe", page)
    assert set(re.findall(r'href="(.)', page)) == {"#"}


def test_the_page_is_small(built):
    assert len(report_of(built).encode()) < MOST_BYTES


class Outline(HTMLParser):
    """The ids of a page, and the ids that it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.named: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "aria-labelledby":
                self.named |= set((value or "").split())
            if name == "href":
                self.named.add((value or "")[1:])


def test_every_chart_and_section_has_its_name(built):
    outline = Outline()
    outline.feed(report_of(built))

    assert len(outline.ids) == len(set(outline.ids))
    assert outline.named <= set(outline.ids)


def test_every_chart_is_an_image_with_a_title_and_a_description(built):
    charts = re.findall(
        r'<svg class="(?:chart|flow)"[^>]*role="img".*?</svg>', report_of(built), re.S
    )

    assert len(charts) == 10
    assert all("<title" in chart and "<desc" in chart for chart in charts)


def test_names_from_the_data_cannot_become_markup(built):
    page = report_of(
        built,
        "update gold.customer_360 set segment = '<script>|alert(1)</script>'",
        "update identity.identifier set reason = '\"><img src=x>' where status = 'shared'",
        "update gold.activation_excluded set reason = '<svg onload=x>'",
    )

    assert "<script" not in page
    assert "<img" not in page
    assert "<svg onload" not in page
    assert "&lt;script&gt;" in page
    assert "<" not in text_of(built, "md").replace("&lt;", "")
    assert r"&lt;script>\|alert(1)&lt;/script>" in text_of(built, "md")


def test_no_value_of_an_identifier_or_a_rejected_row_is_shown(built):
    page = report_of(
        built,
        "update identity.identifier set value = value || 'anna@example.com' where tier > 3",
        "update ops.reject set reason = 'amount = ''bob@example.com o''clock'' is not an amount',"
        " raw = 'carol@example.com'",
    )

    assert "example.com" not in page + text_of(built, "md") + text_of(built, "csv")
    assert "amount = … is not an amount" in page


def test_the_same_warehouse_gives_the_same_bytes(built):
    first = report_of(built), text_of(built, "md"), text_of(built, "csv")
    second = report_of(built), text_of(built, "md"), text_of(built, "csv")

    assert first == second


def test_only_run_times_of_the_page_tell_runs_apart(built):
    first = report_of(built), text_of(built, "md"), text_of(built, "csv")
    second = (
        report_of(built, "update ops.step set seconds = seconds * 3 + 7, run = run + 4"),
        text_of(built, "md"),
        text_of(built, "csv"),
    )

    timings = re.compile(r'<td class="n">[\d.]+</td></tr>')
    assert first[0] != second[0]
    assert timings.sub("", first[0]) == timings.sub("", second[0])
    assert first[1:] == second[1:]


def test_a_mart_without_a_promised_column_leaves_the_checks_to_say_so(built):
    page = report_of(built, "alter table gold.customer_360 drop column segment")

    assert "gold.customer_360.segment" in page
    assert 'id="segments"' not in page


def test_a_warehouse_without_customers_still_has_a_report(built):
    page = report_of(
        built,
        *(
            f"delete from identity.{name}"
            for name in ("member", "record", "customer", "identifier")
        ),
        *(f"delete from silver.{name}" for name in ("customers", "loyalty_accounts", "orders")),
        "delete from gold.customer_360",
        "delete from gold.segment_summary",
        "delete from gold.activation_candidates",
        "delete from gold.activation_excluded",
    )

    assert "Nobody is kept out." in page


@pytest.mark.parametrize(
    ("table", "command"), [("gold.customer_360", "c360 build"), ("ops.quality_check", "c360 check")]
)
def test_what_is_missing_names_the_command_that_makes_it(built, table, command):
    build_quality_check(built)
    built.con.execute(f"drop table {table}").fetchall()

    with pytest.raises(MissingStepError, match=command):
        write_report(built, STEPS)
