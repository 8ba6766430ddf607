"""`c360 evaluate`: what it reads, what it says, and how it refuses a truth that is unfit."""

import json
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from c360.cli import app
from c360.errors import C360Error, MissingStepError
from c360.identity.evaluation import evaluate
from c360.identity.layout import KEPT_TABLES, RECORD_TABLES
from c360.identity.probabilistic.layout import make_proposal_tables
from c360.warehouse import open_warehouse
from c360.workspace import Workspace

CONFIG = """
name: shop
identifiers: {card: {strength: anchor}}
sources:
  crm: {entity: customers, path: crm.csv, owner: a, grain: a, key: id, event_time: null,
        update: append, lateness: 1d, privacy: {}, replay: full, identifiers: {card: card}}
"""
MEMBERS = """
crm  1   A  1  -
crm  2   A  1  -
crm  3   B  1  2
crm  3   A  2  -
web  1   C  1  -
web  2   C  2  -
"""
"""source, record_id, customer_id, from_run, to_run: record crm:3 moved from B to A in run 2."""
TRUTH = """source,record_id,person
crm,1,ann
crm,2,ann
crm,3,bob
web,1,ann
web,2,ann
"""


@pytest.fixture
def workspace(tmp_path):
    place = Workspace(tmp_path)
    place.config.write_text(CONFIG, encoding="utf-8")
    (tmp_path / "truth.csv").write_text(TRUTH, encoding="utf-8")
    with open_warehouse(place.warehouse) as con:
        con.execute(
            "create table identity.member (source varchar, record_id varchar, customer_id varchar,"
            " from_run integer, to_run integer)"
        )
        for line in MEMBERS.split("\n")[1:-1]:
            cells = [None if cell == "-" else cell for cell in line.split()]
            con.execute("insert into identity.member values (?, ?, ?, ?, ?)", cells)
        con.execute(
            "insert into ops.run select range, 'resolve', now(), now(), now(), '1' from range(1, 3)"
        )
    return place


def figures_of(workspace, truth="truth.csv", **more) -> dict[str, Any]:
    return evaluate(workspace, workspace.root / truth, **more).figures


def refused(workspace, text):
    truth = workspace.root / "labels.csv"
    truth.write_text(text, encoding="utf-8")
    with pytest.raises(C360Error) as caught:
        evaluate(workspace, truth)
    return str(caught.value).replace(str(truth), "labels.csv")


def test_the_customers_are_judged_as_they_are(workspace):
    figures = figures_of(workspace)

    assert figures["records"] == 5
    assert figures["pairwise_precision"] == 0.5  # 12 13 23 and 12: two of four
    assert figures["pairwise_recall"] == pytest.approx(2 / 6, abs=1e-6)


def test_the_customers_are_judged_as_a_run_left_them(workspace):
    figures = figures_of(workspace, as_of_run=1)

    assert figures["not_found"] == 1  # web:2 came with run 2
    assert figures["pairwise_precision"] == 1.0
    assert figures["pairwise_recall"] == pytest.approx(1 / 3, abs=1e-6)


@pytest.mark.parametrize("run", [0, 3])
def test_a_run_that_left_no_customers_is_refused(workspace, run):
    with pytest.raises(C360Error, match=f"run {run} has left no customers.*is 1.*is 2"):
        evaluate(workspace, workspace.root / "truth.csv", as_of_run=run)


def test_the_worst_examples_are_named_with_the_command_that_shows_them(workspace):
    outcome = evaluate(workspace, workspace.root / "truth.csv")

    figures: dict[str, Any] = outcome.figures
    (merged,), (parted,) = figures["over_merged"], figures["split"]
    assert merged == {
        "customer_id": "A",
        "records": 3,
        "persons": 2,
        "wrong_pairs": 2,
        "look": "c360 explain customer A",
    }
    assert parted == {
        "person": "ann",
        "records": 4,
        "customers": 2,
        "missed_pairs": 4,
        "largest": ("A", "C"),
        "record_l": "crm:1",
        "record_r": "web:1",
        "look": "c360 explain pair crm:1 web:1",
    }
    assert merged["look"] in outcome.text
    assert parted["look"] in outcome.text


def test_the_worst_come_first_and_are_few(workspace):
    records = [(f"{size}-{n}", f"c{size}") for size in range(2, 7) for n in range(size)]
    with open_warehouse(workspace.warehouse) as con:
        con.executemany("insert into identity.member values ('crm', ?, ?, 1, null)", records)
    truth = workspace.root / "truth.csv"
    truth.write_text(
        TRUTH + "".join(f"crm,{record},{record}\n" for record, _ in records), encoding="utf-8"
    )

    found = figures_of(workspace)["over_merged"]

    assert [each["customer_id"] for each in found] == ["c6", "c5", "c4"]


def test_the_answer_is_for_people_or_for_programs(workspace):
    truth = str(workspace.root / "truth.csv")
    words = ["evaluate", truth, "-w", str(workspace.root), "--bootstrap", "50"]

    people, programs = (CliRunner().invoke(app, [*words, *more]) for more in ([], ["--json"]))

    assert "pairwise        0.5000 [" in people.stdout
    figures = json.loads(programs.stdout)
    low, high = figures["intervals"]["bcubed_recall"]
    assert low <= figures["bcubed_recall"] <= high


def test_parquet_columns_of_other_types_and_further_columns_are_read(workspace):
    truth = workspace.root / "truth.parquet"
    duckdb.execute(
        "copy (select 'crm' as source, range as record_id, 7 as person, 'note' as note"
        f" from range(1, 3)) to '{truth}'"
    ).fetchall()

    assert figures_of(workspace, "truth.parquet")["pairwise_precision"] == 1.0


def test_equal_labels_count_once(workspace):
    truth = workspace.root / "truth.csv"
    truth.write_text(TRUTH + "crm,1,ann\n", encoding="utf-8")

    assert figures_of(workspace)["labelled"] == 5


def test_labels_that_name_no_record_are_counted_and_one_is_named(workspace):
    truth = workspace.root / "truth.csv"
    truth.write_text(TRUTH + "crm,99,eve\n", encoding="utf-8")

    outcome = evaluate(workspace, truth)

    assert outcome.figures["not_found"] == 1
    assert "1 labels name no resolved record, such as crm:99" in outcome.text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "source,id,person\ncrm,1,ann\n",
            "labels.csv has no column record_id (it has source, id, person);"
            " name its columns source, record_id, person",
        ),
        (
            "source,record_id,person\n",
            "labels.csv has no rows; give it one for each record whose person is known",
        ),
        (
            "source,record_id,person\ncrm,1,ann\ncrm,2,bob\ncrm,2,bob\ncrm,1,eve\n",
            "labels.csv: row 1 labels crm:1 as person 'ann', row 4 as 'eve'; a record is of one"
            " person: leave one of them, or neither if it is unknown",
        ),
        (
            "source,record_id,person\ncrm,1,ann\ncrm,2,\n",
            "labels.csv: row 2 has no person; fill it in, or leave the row out if it is unknown",
        ),
        (
            "source,record_id,person\nCRM,1,ann\n",
            "labels.csv labels none of the resolved records;"
            " check its source and record_id columns",
        ),
    ],
)
def test_an_unfit_truth_is_refused_with_what_to_mend(workspace, text, message):
    assert refused(workspace, text) == message


def test_a_file_of_another_kind_is_refused(workspace):
    truth = workspace.root / "truth.parquet"
    truth.write_text(TRUTH, encoding="utf-8")

    with pytest.raises(C360Error, match=r"truth\.parquet cannot be read as Parquet"):
        evaluate(workspace, truth)


def test_a_missing_truth_is_named(workspace):
    with pytest.raises(C360Error, match=r"there is no .*nowhere\.csv; name a CSV or Parquet file"):
        evaluate(workspace, workspace.root / "nowhere.csv")


def test_nothing_resolved_names_the_command_to_run(tmp_path):
    Workspace(tmp_path).config.write_text(CONFIG, encoding="utf-8")

    with pytest.raises(MissingStepError, match="run `c360 resolve` first"):
        evaluate(Workspace(tmp_path), tmp_path / "truth.csv")


# With proposals


@pytest.fixture
def proposing(workspace):
    """Propose that A and C are one person; most of their records are Ann's."""
    with open_warehouse(workspace.warehouse) as con:
        make_proposal_tables(con)
        con.execute("alter table identity.member add column keyring uuid").fetchall()
        more = {
            "identity.disowned": "keyring uuid, identifier uuid",
            "identity.verdict": "identifier uuid, status varchar",
        }
        for table, columns in (RECORD_TABLES | KEPT_TABLES | more).items():
            con.execute(f"create table if not exists {table} ({columns})").fetchall()
        con.execute(
            "insert into identity.proposal values ('A', 'C', 'm_1', 5.0, 0.97, '')"
        ).fetchall()
    return workspace


def test_proposals_are_judged_by_threshold(proposing):
    outcome = evaluate(proposing, proposing.root / "truth.csv")

    figures: dict[str, Any] = outcome.figures
    by_threshold = {each["threshold"]: each for each in figures["thresholds"]}
    assert by_threshold[0.99]["proposals"] == 0
    assert by_threshold[0.99]["edges"]["recall"] == figures["pairwise_recall"]
    assert by_threshold[0.95]["edges"] == {"precision": 0.6, "recall": 1.0, "f1": 0.75}
    assert "Proposals by threshold of their match probability" in outcome.text
    assert "0.95           1   0.6000 1.0000 0.7500" in outcome.text


def test_without_proposals_the_answer_does_not_speak_of_them(workspace):
    outcome = evaluate(workspace, workspace.root / "truth.csv")

    assert outcome.figures["thresholds"] == []
    assert "Proposals" not in outcome.text


def test_an_earlier_run_is_judged_without_proposals(proposing):
    assert figures_of(proposing, as_of_run=1)["thresholds"] == []


def test_evaluating_writes_nothing(proposing):
    before = proposing.warehouse.read_bytes()

    evaluate(proposing, proposing.root / "truth.csv")

    assert proposing.warehouse.read_bytes() == before


def test_the_figures_are_kept_for_the_report_where_asked(proposing):
    for _ in range(2):  # what was kept before goes
        evaluate(proposing, proposing.root / "truth.csv", keeps=True)

    with open_warehouse(proposing.warehouse, read_only=True) as con:
        kept = con.execute(
            "select run, model, records, proposals, edge_precision"
            " from identity.evaluated_threshold where threshold = 0.95"
        ).fetchall()
        runs = con.execute("select command from ops.run order by run").fetchall()
    assert kept == [(2, "m_1", 5, 1, 0.6)]
    assert runs == [("resolve",), ("resolve",), ("evaluate",), ("evaluate",)]


def test_keeping_moves_no_clock(proposing):
    def last_moment():
        with open_warehouse(proposing.warehouse, read_only=True) as con:
            return con.execute("select max(as_of) from ops.run").fetchall()

    before = last_moment()
    evaluate(proposing, proposing.root / "truth.csv", keeps=True)

    assert last_moment() == before


def test_where_nothing_was_proposed_nothing_can_be_kept(workspace):
    with pytest.raises(MissingStepError, match="no proposal was judged"):
        evaluate(workspace, workspace.root / "truth.csv", keeps=True)
