"""What the report says about the model, its proposals, and how right they are."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from c360.errors import C360Error
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.identity.probabilistic.model import make_model, save_model
from c360.identity.probabilistic.threshold_table import keep_thresholds
from c360.identity.probabilistic.thresholds import Rates, ThresholdFigures
from c360.probabilistic import Probabilistic
from c360.reports.checks import build_quality_check
from c360.reports.probabilistic import Probable, read_probable
from c360.reports.quality_report import write_report
from c360.reports.wording import NOTHING
from c360.step import Context
from c360.stewardship.layout import make_queue_tables
from c360.workspace import Workspace
from tests.reports_warehouse import built_warehouse

MOST_BYTES = 40_000
"""Of the section: it must not make a small report large."""

LEVELS = (
    ("m_old", 1, "born", 1, "same date of birth", 0.9, 0.001, 9.8),
    ("m_old", 1, "born", 0, "different date of birth", 0.1, 0.999, -3.3),
    ("m_new", 3, "born", 1, "same date of birth", 0.5, 0.001, 9.0),
    ("m_new", 3, "born", 0, "different date of birth", 0.5, 0.999, -1.0),
    ("m_new", 3, "name", 0, "different name", 0.02, 0.98, -5.6),
)
"""model, run, comparison, place, level, m, u, weight"""

PROPOSALS = (
    ("a", "b", -1.5, 0.26),
    ("a", "c", 0.1, 0.52),
    ("a", "d", 9.0, 0.998),
    ("b", "c", 31, 1),
)
"""Two customers, match weight, match probability."""

RULES = (
    (1, "date_of_birth", 900, 400, 12, "used", None),
    (2, "a name", 40, 10, 5, "refused in part", "2 blocks of 90 customers and more; refused"),
)
BLOCKS = (
    (2, "a name", "smith", 90, 4005, "refused"),
    (1, "date_of_birth", "1980-01-01", 9, 36, "compared"),
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    with built_warehouse(tmp_path_factory.mktemp("sound")) as context:
        yield context


@pytest.fixture
def built(sound: Context, tmp_path: Path) -> Iterator[Context]:
    """A warehouse whose customers were compared; what a test breaks is undone."""
    sound.con.execute("begin")
    probabilistic = Probabilistic(enabled=True, review_above=0.5)
    yield replace(
        sound,
        workspace=Workspace(tmp_path),
        settings=sound.settings.model_copy(update={"probabilistic": probabilistic}),
    )
    sound.con.execute("rollback")


@pytest.fixture
def compared(built: Context) -> Context:
    con = built.con
    make_proposal_tables(con)
    make_queue_tables(con)
    con.execute("alter table stewardship.decision_in_force add column item_id varchar").fetchall()
    for statement, rows in (
        ("insert into identity.model_level values (?, ?, ?, ?, ?, ?, ?, ?)", LEVELS),
        ("insert into identity.proposal values (?, ?, 'm_new', ?, ?, '')", PROPOSALS),
        ("insert into identity.blocking_rule values (?, ?, ?, ?, ?, ?, ?)", RULES),
        ("insert into identity.large_block values (?, ?, ?, ?, ?, ?)", BLOCKS),
        (
            "insert into identity.compared_customer values (?, null)",
            [("a",), ("b",), ("c",), ("d",)],
        ),
    ):
        for row in rows:
            con.execute(statement, row).fetchall()
    return built


def probable_of(context: Context, *changes: str) -> Probable:
    """Change the warehouse and return what it says of probable matches."""
    for change in changes:
        context.con.execute(change).fetchall()
    found = read_probable(context)
    assert found is not None
    return found


def report_of(context: Context, *changes: str) -> tuple[str, str]:
    """Change the warehouse, and return the section of the page and of the Markdown."""
    for change in changes:
        context.con.execute(change).fetchall()
    build_quality_check(context)
    page = write_report(context, ()).read_text(encoding="utf-8")
    markdown = context.workspace.report("md").read_text(encoding="utf-8")
    sections = re.findall(r'<section aria-labelledby="probable">.*?</section>', page, re.S)
    return "".join(sections), markdown.partition("\n## Probable matches\n")[2]


def decided(context: Context, rows: Any) -> None:
    """Decide proposals of (weight, right, wrong) rows."""
    con = context.con
    for weight, right, wrong in rows:
        for number in range(right + wrong):
            item = {"id": f"i_{weight}_{number}"}
            con.execute(
                "insert into stewardship.review_score values ($id, 'm_new', $w, $p)",
                item | {"w": weight, "p": 1 / (1 + 2**-weight)},
            ).fetchall()
            con.execute(
                "insert into stewardship.decision_in_force by name select $id as decision_id,"
                " $id as item_id, $kind as kind, 'steward' as provenance, $number as number",
                item | {"kind": "merge" if number < right else "keep_apart", "number": number},
            ).fetchall()


def evaluated(context: Context) -> None:
    """Keep the figures of a truth at two thresholds."""
    figures = [
        ThresholdFigures(
            0.5, 3, Rates(0.9, 0.8), Rates(0.99, 0.7), Rates(1, 1), Rates(0.3, 0.9), 0.02
        ),
        ThresholdFigures(
            0.95, 2, Rates(1.0, 0.6), Rates(None, 0.5), Rates(1, 1), Rates(1, 0.6), None
        ),
    ]
    keep_thresholds(context, figures, 1234)


def test_where_nothing_is_compared_by_choice_the_report_does_not_speak_of_it(built):
    off = built.settings.model_copy(update={"probabilistic": Probabilistic()})

    page, markdown = report_of(replace(built, settings=off))

    assert (page, markdown) == ("", "")


def test_before_the_first_comparison_the_report_names_the_command_that_makes_it(built):
    page, markdown = report_of(built)

    assert "Nothing has been compared yet: <code>c360 resolve</code> trains a model" in page
    assert "Nothing has been compared yet: `c360 resolve` trains a model and proposes." in markdown


def test_the_figures_of_the_last_run(compared):
    found = probable_of(compared)

    assert (found.compared, found.pairs, found.proposals, found.asked) == (4, 940, 4, 3)
    assert [(band.low, band.proposals, band.asked) for band in found.weights] == [
        (-2, 1, 0),
        (0, 1, 1),
        (8, 1, 1),
        (20, 1, 1),  # and more
    ]
    assert [rule.status for rule in found.rules] == ["used", "refused in part"]


def test_a_weight_that_moved_by_more_than_one_bit_is_named(compared):
    page, markdown = report_of(compared)

    assert "different date of birth -3.3 → -1.0" in page
    assert "- Moved by more than 1 bit: different date of birth -3.3 → -1.0" in markdown
    assert "same date of birth +9.8 →" not in page
    assert "same date of birth +9.8" not in markdown


def test_a_model_that_has_not_moved_says_so(compared):
    page, _ = report_of(
        compared,
        "update identity.model_level set weight = -1.5 where model = 'm_old' and place = 0",
    )

    assert "Against the model before, <code>m_old</code>, no weight moved" in page


def test_the_first_model_has_none_before_it(compared):
    page, _ = report_of(compared, "delete from identity.model_level where model = 'm_old'")

    assert "There is no earlier model." in page


def test_a_model_of_other_comparisons_is_not_compared_with(compared):
    page, _ = report_of(
        compared, "update identity.model_level set comparison = 'card' where model = 'm_old'"
    )

    assert "The model before, <code>m_old</code>, compared other things." in page


def test_the_prior_and_the_records_are_those_of_the_models_file(compared):
    con = compared.con
    model = make_model({"prior": 0.002, "records": 1000})
    con.execute(
        "create or replace temp table term_frequency (field varchar, value varchar, f double)"
    ).fetchall()
    save_model(con, compared.workspace, model)
    con.execute(
        f"update identity.model_level set model = '{model.model_id}' where model = 'm_new'"
    ).fetchall()

    page, _ = report_of(compared)

    assert "on 1,000 records; before anything is compared, one pair of customers in 500" in page


def test_a_file_of_a_model_that_was_changed_is_refused(compared):
    path = compared.workspace.model("m_new.json")
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")

    with pytest.raises(C360Error, match="was changed since it was trained"):
        read_probable(compared)


def test_rules_that_refuse_say_why_and_the_largest_blocks_are_named(compared):
    page, markdown = report_of(compared)

    assert 'refused in part<span class="quiet">2 blocks of 90 customers and more' in page
    assert "| a name | 40 | 10 | 5 | refused in part: 2 blocks of 90" in markdown
    assert '<th scope="row">a name</th><td>smith</td><td class="n">90</td>' in page


def test_what_few_customers_share_is_not_shown(compared):
    page, _ = report_of(compared)

    assert "1980-01-01" not in page
    assert f'<th scope="row">date of birth</th><td>{NOTHING}</td><td class="n">9</td>' in page


def test_before_anybody_has_decided_nothing_is_told_of_precision(compared):
    page, _ = report_of(compared)

    assert "Nobody has decided about a proposal of this model yet." in page
    assert "Calibration" not in page


def test_decisions_show_as_precision_and_calibration(compared):
    decided(compared, [(5.0, 30, 30), (9.0, 80, 0)])

    page, markdown = report_of(compared)

    assert "110 of 140 decided proposals of this model are right." in page
    assert "For 95.0 % right ones <code>accept_above</code> may be 0.99805." in page
    assert '4 to 6<span class="quiet">over-confident</span>' in page
    assert "| 4 to 6 | 60 | 50.0 % | 37.7 % to 62.3 % | 97.0 % |" in markdown
    assert page.count('<circle class="found"') == 2 + 1  # and one in the legend


def test_too_few_decisions_say_how_many_more_it_takes(compared):
    decided(compared, [(9.0, 70, 0)])

    page, _ = report_of(compared)

    assert "For 95.0 % right ones by <code>accept_above</code> 3 more decisions" in page


def test_figures_of_a_truth_show_as_a_curve_and_a_table(compared):
    evaluated(compared)

    page, markdown = report_of(compared)

    assert "pairs of 1,234 labelled records after run" in page
    assert page.count("<polyline") == 4
    assert "| 0.5 | 3 | 90.0 % | 80.0 % | 99.0 % | 70.0 % | 2.0 % |" in markdown
    assert f"| 0.95 | 2 | 100 % | 60.0 % | {NOTHING} | 50.0 % | {NOTHING} |" in markdown
    assert "of an earlier model" not in page


def test_figures_of_an_earlier_model_are_called_so(compared):
    evaluated(compared)

    page, _ = report_of(compared, "update identity.evaluated_threshold set model = 'm_old'")

    assert "of an earlier model" in page


def test_every_chart_has_a_title_and_a_table_beside_it(compared):
    decided(compared, [(5.0, 30, 30)])
    evaluated(compared)

    page, _ = report_of(compared)

    charts = re.findall(r'<svg class="chart[^>]*aria-labelledby="(\S+) (\S+)"', page)
    assert [title for title, _ in charts] == ["weights-t", "thresholds-t", "calibration-t"]
    assert all(f'id="{each}"' in page for pair in charts for each in pair)


def test_the_section_is_small(compared):
    decided(compared, [(float(weight), 3, 1) for weight in range(-4, 20, 2)])
    evaluated(compared)

    assert len(report_of(compared)[0].encode()) < MOST_BYTES


def test_values_cannot_become_markup(compared):
    page, markdown = report_of(
        compared,
        "update identity.large_block set shown = '<img src=x>|'",
        "update identity.blocking_rule set reason = '<img src=x>|'",
    )

    assert "<img" not in page + markdown
