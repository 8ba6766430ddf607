"""What the report says about the work of stewards, and what the checks make of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from c360.reports.checks import build_quality_check, read_checks
from c360.reports.quality_check import QualityCheck
from c360.reports.quality_report import write_report
from c360.reports.stewardship import Stewardship, read_stewardship
from c360.reports.wording import NOTHING
from c360.step import Context
from c360.workspace import Workspace
from tests.reports_warehouse import built_warehouse


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


def work_of(context: Context, *changes: str) -> Stewardship:
    """Change the warehouse and return the work of stewards."""
    for change in changes:
        context.con.execute(change).fetchall()
    work = read_stewardship(context)
    assert work is not None
    return work


def report_of(context: Context, *changes: str) -> tuple[str, str]:
    """Change the warehouse, check it, and return the section of the page and of the Markdown."""
    for change in changes:
        context.con.execute(change).fetchall()
    build_quality_check(context)
    page = write_report(context, ()).read_text(encoding="utf-8")
    markdown = context.workspace.report("md").read_text(encoding="utf-8")
    section = re.findall(r'<section aria-labelledby="stewardship">.*?</section>', page, re.S)[0]
    return section, markdown.partition("\n## Stewardship\n")[2]


def checks_of(context: Context, *changes: str) -> dict[str, QualityCheck]:
    for change in changes:
        context.con.execute(change).fetchall()
    build_quality_check(context)
    return {check.metric: check for check in read_checks(context.con)}


def test_the_figures_of_the_sample(built):
    work = work_of(built)

    assert (work.open, work.open_usd) == (9, Decimal(900))
    assert (work.decided, work.in_force, work.awaiting, work.revoked) == (8, 6, 1, 1)
    assert work.worked_off_usd == Decimal(240)
    assert [(each.kind, each.open, each.assigned) for each in work.items] == [
        ("shared_value", 5, 2),
        ("refused_link", 2, 0),
        ("anchor_conflict", 1, 0),
        ("weak_bridge", 1, 1),
    ]


def test_a_merge_agrees_with_together_and_a_keep_apart_with_apart(built):
    work = work_of(built)

    assert {each.kind: (each.agreeing, each.judged) for each in work.decisions} == {
        "merge": (1, 3),
        "keep_apart": (2, 3),
        "not_shared": (0, 0),
        "defer": (0, 0),
    }
    assert work.agreement == pytest.approx(3 / 6)


def test_decisions_are_told_per_day_and_person_and_those_of_rules_by_the_rule(built):
    work = work_of(built)

    assert [(str(each.day), each.kinds, each.by) for each in work.days] == [
        ("2026-01-15", (1, 1, 0, 0), "ann 1, rule:same_house@2 1"),
        ("2026-01-14", (0, 1, 1, 1), "ben 2, ann 1"),
        ("2026-01-13", (2, 1, 0, 0), "ann 2, ben 1"),
    ]
    assert [(s.name, s.decided, s.revoked, s.impact_usd) for s in work.stewards] == [
        ("ann", 4, 1, Decimal(160)),
        ("ben", 3, 0, Decimal(80)),
        ("rule:same_house@2", 1, 0, None),
    ]


@pytest.mark.parametrize(
    ("days", "ages"),
    [
        (0, (9, 0, 0, 0)),
        (1, (0, 9, 0, 0)),
        (7, (0, 9, 0, 0)),
        (8, (0, 0, 9, 0)),
        (30, (0, 0, 9, 0)),
        (31, (0, 0, 0, 9)),
        (-3, (9, 0, 0, 0)),  # a replay may speak of an earlier moment
    ],
)
def test_an_item_ages_from_the_run_that_saw_it_first(built, days, ages):
    later = replace(built, as_of=built.as_of + timedelta(days=days))

    items = work_of(later).items

    assert tuple(map(sum, zip(*(each.ages for each in items), strict=True))) == ages
    assert {each.oldest_days for each in items} == {max(days, 0)}


def test_page_and_markdown_show_the_work(built):
    page, markdown = report_of(built)

    assert "<dt>Open items</dt><dd>9</dd>" in page
    assert "<dt>Agree with the engine</dt><dd>50.0 %</dd>" in page
    assert "| Taken back | 1 of 8 (12.5 %) |" in markdown
    assert "| shared value | 5 | 5 | 0 | 0 | 0 | 1 | 2 | 0 | 0 days | 500 |" in markdown
    assert "| ann | 4 | 1 | 25.0 % | 160 |" in markdown


def test_the_report_sends_stewards_to_the_queue(built):
    build_quality_check(built)

    page = write_report(built, ()).read_text(encoding="utf-8")

    assert "Let stewards work off 9 open review items: <code>c360 review export</code>" in page


def test_before_there_is_a_queue_the_report_names_the_command_that_makes_it(built):
    page, markdown = report_of(built, "drop table stewardship.review_item")

    assert "Nothing has been queued yet: <code>c360 resolve</code> makes the review queue" in page
    assert "Nothing has been queued yet: `c360 resolve` makes the review queue." in markdown
    check = {each.metric: each for each in read_checks(built.con)}["open_review_item_count"]
    assert (check.value, check.status) == (None, "info")
    assert "Nothing has been queued yet" in check.explanation


def test_an_empty_queue_is_told(built):
    page, markdown = report_of(
        built, "delete from stewardship.review_item", "delete from stewardship.decision"
    )

    assert "Nothing waits for a decision." in page
    assert "The last run found nothing doubtful." in page
    assert f"<dt>At stake in them, USD</dt><dd>{NOTHING}</dd>" in page
    assert "| Taken back | 0 of 0 |" in markdown


def test_before_the_first_build_no_impact_is_known(built):
    work = work_of(built, "update stewardship.review_impact set impact_usd = null")

    assert work.open_usd is None


CONFLICT = (
    "insert into identity.identifier (namespace, value, status, reason, tier, keyrings, records,"
    " customer_l, customer_r) values ('decision', 'd_1', 'shared',"
    " 'keep_apart d_3: 2 values, at most 1', 0, 2, 3, 'c-a', 'c-b')"
)


def test_a_conflict_of_decisions_warns_and_is_named(built):
    check = checks_of(built, CONFLICT)["decision_conflict_count"]
    page, markdown = report_of(built)

    assert (check.value, check.status) == (1, "warn")
    assert "Concerns: d_1 (forbidden by d_3)." in check.explanation
    assert "c360 review revoke ID" in check.explanation
    assert "1 merge that a decision to keep apart forbids" in page
    assert "c360 explain pair c-a c-b" in page
    assert "- In conflict: merge `d_1` (ann) is forbidden by `d_3` (ben)" in markdown
    assert "Values that join nobody" not in page


TWO_CARDS = (
    "insert into identity.link select keyring, 'loyalty_id', 'L-other', 'joined', null, 1, null,"
    " null from identity.link order by keyring limit 1"
)
HOLDER = (
    "(select min(customer_id) from identity.member"
    " where keyring = (select min(keyring) from identity.link))"
)


def test_a_guard_that_a_decision_overrides_is_exempt_and_counted_apart(built):
    broken = checks_of(built, TWO_CARDS)["per_person_violation_count"]
    exempt = checks_of(
        built,
        f"insert into identity.overridden_guard select {HOLDER}, 'loyalty_id', 2, 1, ['d_1']",
    )["per_person_violation_count"]
    page, markdown = report_of(built)

    assert (broken.value, broken.status) == (1, "fail")
    assert (exempt.value, exempt.status) == (0, "pass")
    assert "1 customer does so by decisions of people, and is not counted." in exempt.explanation
    assert "Guards that decisions override" in page
    assert "holds 2 loyalty_id, at most 1, by d_1" in markdown


def test_a_guard_that_no_decision_overrides_still_fails(built):
    check = checks_of(
        built,
        TWO_CARDS,
        f"insert into identity.overridden_guard select {HOLDER}, 'date_of_birth', 2, 1, ['d_1']",
    )["per_person_violation_count"]

    assert (check.value, check.status) == (1, "fail")


def test_names_of_people_cannot_become_markup(built):
    page, markdown = report_of(
        built,
        "update stewardship.decision set decided_by = '<img src=x>|' where decided_by = 'ann'",
    )

    assert "<img" not in page
    assert "<" not in markdown.replace("&lt;", "")
