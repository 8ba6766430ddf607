import base64
import csv
import hashlib
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
from c360.step import Context
from c360.workspace import Workspace
from tests.report_outline import OUTLINE, outline
from tests.reports_warehouse import BREAK, STEPS, built_warehouse, check_again, reported_page

MOST_BYTES = 300_000
"""So that it can be sent by mail and opens on a phone."""
MOST_BYTES_EVER = 2_000_000


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
    assert list(rows[0])[:5] == ["metric", "value", "threshold", "status", "explanation"]
    assert [row["metric"] for row in rows] == metrics
    told = page.replace("<wbr>", "")
    assert re.findall(r"<summary><code>(\w+_\w+)</code></summary>", told) == metrics
    assert re.findall(r"^\| (\w+_\w+) \| .* \| (?:pass|info) \|", markdown, re.MULTILINE) == metrics


def test_sound_data_may_be_used(built):
    page = report_of(built)

    assert re.search(r"All \d+ checks passed\.", page)
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

    mend = "Mend <code>segment_customer_gap_count</code>: run <code>c360 build</code>"
    assert mend in page


def test_names_thresholds_and_figures_are_told_as_people_read_them(built):
    page = report_of(built)

    assert "<h1>turanmart</h1>" in page
    assert '<th scope="row">Gross revenue, USD</th>' in page
    assert "<td>warn from 0.1 %, fail from 5 %</td>" in page
    assert '\N{EN DASH}</span><span class="unseen">no threshold</span>' in page


def test_a_value_that_more_than_two_customers_share_says_how_many_there_are(built):
    page = report_of(
        built,
        "insert into identity.link select keyring, 'email_hash', 'm1', 'shared', null, 4, null,"
        " null from identity.cluster where customer_id in"
        " (select customer_id from identity.customer order by customer_id limit 10)",
    )

    assert "two of 10 customers" in page
    assert "two of 0 customers" not in page


def test_the_page_needs_nothing_from_outside(built):
    page = report_of(built)

    assert not re.findall(r"https?://|//\w|@import|url\((?!#)|<link|<img|<iframe| src=", page)
    assert set(re.findall(r'href="(.)', page)) == {"#"}


def test_the_policy_of_the_page_lets_its_own_script_run_and_nothing_else(built):
    page = report_of(built)

    (script,) = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    assert not re.findall(r"\son\w+=", page)


def test_the_page_shows_what_it_is_known_to_show(tmp_path):
    shown = outline(reported_page(tmp_path))

    assert shown == OUTLINE.read_text(encoding="utf-8"), "run `python tests/report_outline.py`"


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

    assert charts
    assert all("<title" in chart and "<desc" in chart for chart in charts)


def test_names_from_the_data_cannot_become_markup(built):
    page = report_of(
        built,
        "update gold.customer_360 set segment = '<script>|alert(1)</script>'",
        "update identity.identifier set reason = '\"><img src=x>' where status = 'shared'",
        "update gold.activation_excluded set reason = '<svg onload=x>'",
    )

    assert page.count("<script") == 1
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

    timings = re.compile(r'<section aria-labelledby="runs">.*?</section>', re.S)
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


def test_a_page_about_many_checks_and_runs_stays_small(built):
    build_quality_check(built)
    for statement in (
        "insert into ops.quality_check by name select 'drift' as family,"
        " 'own_check_' || i as metric, i as value, 'at most 0' as threshold,"
        " if(i % 4 = 0, 'fail', 'pass') as status,"
        " repeat('What it means. ', 20) as explanation, 'error' as severity, 'count' as unit,"
        " cast([] as varchar[]) as tables, ['website'] as consumers, 900 as failing_rows,"
        " repeat('select 1 ', 300) as sql, false as is_builtin from range(3000) t(i)",
        "insert into ops.check_history select run, timestamp '2025-01-01' + to_days(run),"
        " metric, run % 7, 'pass' from ops.quality_check, range(-200, 0) t(run)",
        "insert into ops.failing_row select metric, position, 'k',"
        " json_object('customer', repeat('x', 200), 'why', repeat('y', 200))"
        " from ops.quality_check, range(1, 21) t(position) where status = 'fail'",
        "insert into ops.step select run, step, 1, 1, 1, 1 from range(200) t(run),"
        " (select 'gold.t' || i as step from range(100) s(i))",
    ):
        built.con.execute(statement).fetchall()

    page = write_report(built, STEPS).read_text(encoding="utf-8")

    assert len(page.encode()) < MOST_BYTES_EVER
    assert re.search(
        r"250 of 3,\d+ checks are shown, the gravest first\. Not shown: 5\d\d fail", page
    )


def test_rows_that_break_a_check_are_one_click_away_and_cannot_become_markup(built):
    build_quality_check(built)
    for statement in (
        "update ops.quality_check set status = 'fail', failing_rows = 41, sql = 'select <1>'"
        " where metric = 'duplicate_profile_count'",
        "insert into ops.failing_row values ('duplicate_profile_count', 1, 'k',"
        ' \'{"customer<b>": "<script>alert(1)</script>"}\')',
    ):
        built.con.execute(statement).fetchall()

    page = write_report(built, STEPS).read_text(encoding="utf-8")

    assert "<summary>41 failing rows, here 1</summary>" in page
    assert '<th scope="col">customer&lt;b&gt;</th>' in page
    assert "<td>&lt;script&gt;alert(1)&lt;/script&gt;</td>" in page
    assert "select &lt;1&gt;" in page


def test_names_of_sources_files_and_columns_cannot_become_markup(built):
    hostile = "<img src=x onerror=alert(1)>"
    for statement in (
        "create table if not exists ops.schema_change (run integer, source varchar,"
        " column_name varchar, change varchar, before varchar, after varchar, handling varchar)",
        f"insert into ops.schema_change values (2, 'orders', '{hostile}', 'added', null,"
        f" '{hostile}', 'evolve')",
        f"update ops.load set file = '{hostile}.csv'",
        f"update ops.reject set file = '{hostile}.csv', reason = '{hostile}'",
        f"update gold.customer_360 set segment = '{hostile}'",
        f"update ops.run set command = '{hostile}'",
    ):
        built.con.execute(statement).fetchall()

    page = report_of(built)

    assert "<img" not in page + text_of(built, "md").replace("&lt;img", "")
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_the_verdict_of_each_consumer_stands_at_the_top(built):
    page = report_of(built, BREAK)

    top = page[: page.index('<nav class="contents"')]
    assert re.findall(r"<h3>(.*?)</h3>", top) == [
        "Website and app", "Support desk", "Retention team", "Marketing",
    ]  # fmt: skip


def test_a_review_of_the_data_product_finds_its_four_sections(built):
    page = report_of(built)

    for title in (
        "Profile design",
        "Quality and freshness review",
        "Production mapping",
        "One prioritised improvement",
    ):
        assert f">{title}</h3>" in page


def test_what_changed_since_the_check_before_is_told(built):
    check_again(built, 3)
    later = check_again(
        built,
        6,
        BREAK,
        "update gold.kpi_summary set value = value + 7 where metric = 'anonymous_visitors'",
    )

    page = write_report(later, STEPS).read_text(encoding="utf-8")

    changes = re.findall(r'<section aria-labelledby="changes">.*?</section>', page, re.S)[0]
    assert "Since the check before, run 3" in changes
    assert "<code>segment_customer_gap_count</code>" in changes.replace("<wbr>", "")
    assert '<td class="n">40</td><td class="n">47</td>' in changes


def test_a_warehouse_of_an_earlier_version_still_has_a_report(built):
    build_quality_check(built)
    for statement in (
        "create or replace table ops.quality_check as select family, metric, value, threshold,"
        " status, explanation from ops.quality_check",
        "drop table ops.check_history",
        "drop table ops.failing_row",
        "alter table ops.step drop column spill_bytes",
    ):
        built.con.execute(statement).fetchall()

    page = write_report(built, STEPS).read_text(encoding="utf-8")

    assert re.search(r"All \d+ checks passed\.", page)
    assert "This is the first check of this workspace." in page
