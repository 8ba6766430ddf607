"""The queue as a CSV file: what a spreadsheet may do to it, and what applying it does."""

import csv
import io
import shutil
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from review_rows import PEOPLE, Desk, crowd, lay_out_desk, open_desk
from thorough import examples

from c360.errors import C360Error, DecisionError
from c360.stewardship.cells import escaped, unescaped
from c360.stewardship.log import revoke, second
from c360.stewardship.queue_csv import Applied, apply_queue, export_queue

ANN_AND_BOB, ANN_AND_CY, BOB_AND_CY = "i_ann_bob", "i_ann_cy", "i_bob_cy"


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out_desk(tmp_path_factory.mktemp("resolved"))
    with open_desk(folder) as desk:
        desk.ask(ANN_AND_BOB, "a1", "b1", impact=Decimal("250.50"), values=["device:tablet"])
        desk.ask(ANN_AND_CY, "a1", "c1", kind="anchor_conflict", values=["device:none_of_cy"])
        desk.ask(BOB_AND_CY, "b1", "c1", kind="refused_link")
        desk.rows(
            "insert into stewardship.review_field values"
            f" ('{ANN_AND_BOB}', 'email', '1a2b…', '9f8e…', false),"
            f" ('{ANN_AND_BOB}', 'first_name', 'Ann', 'Bob', false),"
            f" ('{ANN_AND_CY}', 'card', 'K1', 'K3', false)"
        )
    return folder


@pytest.fixture
def desk(resolved: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(resolved, tmp_path, dirs_exist_ok=True)
    with open_desk(tmp_path, two_person_above=1000) as opened:
        yield opened


def exported(desk: Desk) -> Path:
    path = desk.folder / "queue.csv"
    export_queue(desk.context, path, states=("open", "assigned", "held", "decided", "obsolete"))
    return path


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def filled(desk: Desk, **answers: str) -> Path:
    """Export the queue and fill in `item_id="decision"`, with who and why."""
    path = exported(desk)
    rows = read(path)
    for row in rows:
        if row["item_id"] in answers:
            told = {"decision": answers[row["item_id"]], "reason": "known", "decided_by": "Eve"}
            row.update(told)
    return write(path, rows)


def write(path: Path, rows: list[dict[str, str]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def answer(desk: Desk, **answers: str) -> Applied:
    return apply_queue(desk.context, filled(desk, **answers))


def problems(desk: Desk, path: Path) -> tuple[str, ...]:
    with pytest.raises(DecisionError) as raised:
        apply_queue(desk.context, path)
    return raised.value.problems


def kinds(desk: Desk) -> list[str]:
    return [kind for _, kind, *_ in desk.log()]


# What is written.


def test_a_row_has_the_item_the_fields_side_by_side_and_what_is_to_be_filled_in(desk):
    path = exported(desk)

    assert path.read_bytes().startswith(b"\xef\xbb\xbfitem_id,")
    row = next(row for row in read(path) if row["item_id"] == ANN_AND_BOB)
    assert row == {
        "item_id": ANN_AND_BOB,
        "kind": "shared_value",
        "state": "open",
        "priority": "1.0",
        "impact_usd": "250.50",
        "customer_id_l": desk.customer_of("a1"),
        "customer_id_r": desk.customer_of("b1"),
        "evidence": "both were seen with a tablet",
        "first_name_l": "Ann",
        "first_name_r": "Bob",
        "card_l": "",
        "card_r": "",
        "email_l": "1a2b…",
        "email_r": "9f8e…",
        "first_run": "1",
        "last_run": "1",
        "decision": "",
        "reason": "",
        "decided_by": "",
        "assignee": "",
    }


def test_the_fields_stand_in_the_order_of_the_configuration(desk):
    header = list(read(exported(desk))[0])

    assert header[8:14:2] == ["first_name_l", "card_l", "email_l"]


def test_only_the_items_asked_for_are_written_the_most_important_first(desk):
    desk.rows(f"update stewardship.review_impact set priority = 9 where item_id = '{BOB_AND_CY}'")
    desk.rows(f"update stewardship.review_item set state = 'held' where item_id = '{ANN_AND_CY}'")
    path = desk.folder / "queue.csv"

    def ids(**asked):
        count = export_queue(desk.context, path, **asked)
        found = [row["item_id"] for row in read(path)]
        assert count == len(found)
        return found

    assert ids() == [BOB_AND_CY, ANN_AND_BOB]
    assert ids(limit=1) == [BOB_AND_CY]
    assert ids(kind="shared_value") == [ANN_AND_BOB]
    assert ids(states=["held"]) == [ANN_AND_CY]
    assert ids(assignee="Eve") == []


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("'=1", "''=1"),
        ("''=1", "'''=1"),
        ("'quoted'", "'quoted'"),
        ("O'Neil", "O'Neil"),
        ("", ""),
    ],
)
def test_no_cell_begins_a_formula(text, cell):
    assert escaped(text) == cell
    assert unescaped(cell) == text


@given(st.text())
def test_every_cell_reads_as_it_was_written(text):
    assert unescaped(escaped(text)) == text


def test_hostile_evidence_is_a_text(desk):
    desk.ask("i_evil", "a1", "v1", evidence='=HYPERLINK("http://x";"y")\n2nd, "line"')

    row = next(row for row in read(exported(desk)) if row["item_id"] == "i_evil")

    assert row["evidence"] == '\'=HYPERLINK("http://x";"y")\n2nd, "line"'


# What is read.


def test_a_file_without_edits_changes_nothing(desk):
    before = desk.rows("from stewardship.review_item order by all")

    applied = apply_queue(desk.context, exported(desk))

    assert applied == Applied((), 0, 0, 0, ())
    assert desk.rows("from stewardship.review_item order by all") == before
    assert desk.log() == []


def spreadsheet(rows: list[dict[str, str]], delimiter: str, newline: str, mark: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter, lineterminator=newline)
    writer.writeheader()
    writer.writerows(rows)
    return (mark + text.getvalue()).encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_localised_spreadsheet_is_understood(desk, delimiter, newline, mark):
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    rows = read(path)
    hostile = f'same, "really";\n=2{delimiter} voices'
    for row in rows:
        row["reason"] = row["reason"] and hostile
    path.write_bytes(spreadsheet(rows, delimiter, newline, mark))

    apply_queue(desk.context, path)

    assert desk.rows("select reason from stewardship.decision") == [(hostile,)]


def test_a_formula_that_a_steward_writes_is_a_text_with_or_without_its_quote(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge", BOB_AND_CY: "defer"})
    rows = read(path)
    for row in rows:
        row["reason"] = {ANN_AND_BOB: "'=same", BOB_AND_CY: "- later"}.get(row["item_id"], "")
    write(path, rows)

    apply_queue(desk.context, path)

    assert sorted(desk.rows("select reason from stewardship.decision")) == [
        ("- later",),
        ("=same",),
    ]


def test_columns_may_stand_in_any_order_and_beside_others(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    rows = [
        {"note": "mine", **dict(sorted(row.items(), reverse=True))}
        for row in read(path)
        if row["item_id"] == ANN_AND_BOB
    ]
    needed = {"item_id", "last_run", "decision", "reason", "decided_by", "assignee", "note"}

    apply_queue(
        desk.context, write(path, [{k: v for k, v in row.items() if k in needed} for row in rows])
    )

    assert kinds(desk) == ["merge"]


def test_missing_columns_are_named(desk):
    path = exported(desk)
    rows = [{"item_id": row["item_id"], "why": ""} for row in read(path)]

    assert problems(desk, write(path, rows)) == (
        "line 1: no column last_run, decision, reason, decided_by, assignee"
        " (the file has item_id, why)",
    )


def test_a_wrong_encoding_is_named_with_its_line_and_byte(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    text = path.read_text(encoding="utf-8").replace("known", "né").replace("…", "")
    path.write_bytes(text.encode("latin-1"))

    (problem,) = problems(desk, path)

    assert "0xe9, is not UTF-8; save it as `CSV UTF-8` (Excel)" in problem
    line = int(problem.removeprefix("line ").partition(":")[0])
    assert "né" in text.split("\n")[line - 1]


def test_a_file_of_utf_16_is_refused(desk):
    path = exported(desk)
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))

    assert problems(desk, path)[0].startswith("line 1: byte 1 of the file, 0xff, is not UTF-8")


def test_a_row_with_more_cells_than_columns_is_refused(desk):
    path = exported(desk)
    path.write_text(path.read_text(encoding="utf-8") + "x," * 30 + "x\n", encoding="utf-8")

    (problem,) = problems(desk, path)
    assert problem.startswith("line 5: 31 cells under 20 columns")


def test_a_quote_that_never_ends_is_refused(desk):
    path = exported(desk)
    path.write_text(path.read_text(encoding="utf-8") + '"i_1,', encoding="utf-8")

    (problem,) = problems(desk, path)
    assert problem.startswith("line 5: no CSV from here on")


def test_a_file_that_is_not_there_is_named(desk):
    with pytest.raises(C360Error, match=r"there is no .*gone\.csv"):
        apply_queue(desk.context, desk.folder / "gone.csv")


def test_everything_that_is_wrong_is_listed_by_line_and_nothing_is_applied(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge", ANN_AND_CY: "marry", BOB_AND_CY: "defer"})
    rows = sorted(read(path), key=lambda row: row["item_id"])
    rows[1]["reason"] = rows[1]["decided_by"] = " "
    rows[2]["last_run"] = "today"
    rows.append(rows[0] | {"item_id": "i_none"})
    rows.append(rows[0] | {"item_id": "i_nobody", "decision": "", "reason": "", "assignee": "Eve"})

    assert problems(desk, write(path, rows)) == (
        "line 3: unknown decision 'marry'; decide one of merge, keep_apart, not_shared,"
        " not_shared_r, defer; no reason; say why in a few words; no decided_by; say who decides",
        "line 4: last_run is 'today'; leave it as it was exported",
        "line 5: there is no review item 'i_none'; export the queue again",
        "line 6: there is no review item 'i_nobody'; export the queue again",
    )
    assert desk.log() == []

    applied = apply_queue(desk.context, path, is_partial=True)

    assert kinds(desk) == ["merge"]
    assert [problem[:6] for problem in applied.wrong] == ["line 3", "line 4", "line 5", "line 6"]


def test_a_line_is_counted_where_the_row_begins(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge", ANN_AND_CY: "marry"})
    rows = sorted(read(path), key=lambda row: row["item_id"])
    rows[0]["evidence"] = "three\nlines\nlong"

    (problem,) = problems(desk, write(path, rows))
    assert problem.startswith("line 5: unknown decision")


def test_a_decision_may_be_written_as_a_spreadsheet_writes_it(desk):
    answer(desk, **{ANN_AND_BOB: " Merge "})

    assert kinds(desk) == ["merge"]


# What is decided.


def test_a_decision_names_the_records_and_decides_the_item(desk):
    applied = answer(desk, **{ANN_AND_BOB: "merge"})

    assert desk.log() == [(1, "merge", ["feed:a1", "feed:a2"], ["feed:b1", "feed:b2"])]
    assert desk.item(ANN_AND_BOB) == ("decided", None, applied.decision_ids[0])
    assert desk.rows(
        "select item_id, engine, impact_usd, provenance from stewardship.decision"
    ) == [(ANN_AND_BOB, "apart", Decimal("250.50"), "steward")]


@pytest.mark.parametrize("decision", ["merge", "keep_apart", "not_shared", "not_shared_r", "defer"])
def test_what_is_applied_twice_changes_nothing_the_second_time(desk, decision):
    path = filled(desk, **{ANN_AND_BOB: decision})
    apply_queue(desk.context, path)
    log = desk.log()
    desk.rows("update stewardship.review_item set changed_run = 9, last_run = 9")
    desk.rows("delete from stewardship.review_value")  # obeyed: nothing is disputed any more

    assert apply_queue(desk.context, path) == Applied((), 0, 1, 0, ())
    assert desk.log() == log


@pytest.mark.parametrize(
    ("decision", "owner", "other", "since"),
    [("not_shared", "a2", "b2", 3), ("not_shared_r", "b2", "a2", 5)],
)
def test_a_value_belongs_to_one_of_the_two_from_its_first_use(desk, decision, owner, other, since):
    answer(desk, **{ANN_AND_BOB: decision})

    assert desk.log() == [(1, "not_shared", [f"feed:{owner}"], [f"feed:{other}"])]
    assert desk.rows("select value, valid_from from stewardship.decision") == [
        ("device:tablet", datetime(2026, 1, since))
    ]


def test_a_value_cannot_be_given_to_the_other_while_it_is_given(desk):
    answer(desk, **{ANN_AND_BOB: "not_shared"})

    (problem,) = problems(desk, filled(desk, **{ANN_AND_BOB: "not_shared_r"}))
    assert "the item is decided already: not_shared d_" in problem


def test_each_disputed_value_is_decided_by_itself(desk):
    desk.resolve(
        [
            *PEOPLE[:4],
            *({"id": f"p{n}", "device": "pc", "email": e} for n, e in enumerate(["ann", "bob"])),
        ]
    )
    desk.ask("i_two", "a1", "b1", values=["device:pc", "device:tablet"])

    answer(desk, i_two="not_shared")

    assert desk.rows("select value, records_l from stewardship.decision order by number") == [
        ("device:pc", ["feed:p0"]),
        ("device:tablet", ["feed:a2"]),
    ]


def test_a_not_shared_needs_a_disputed_value_of_two_customers(desk):
    desk.ask("i_bridge", "a1", None, kind="weak_bridge")

    assert problems(desk, filled(desk, i_bridge="not_shared", **{BOB_AND_CY: "not_shared"})) == (
        "line 4: no value is disputed between the two; decide merge, keep_apart or defer",
        "line 5: not_shared speaks of two customers; merge confirms this one, keep_apart cuts it",
    )


@pytest.mark.parametrize(
    ("decision", "engine"), [("merge", "together"), ("keep_apart", "together")]
)
def test_a_weak_bridge_is_confirmed_or_cut(desk, decision, engine):
    desk.ask("i_bridge", "a1", None, kind="weak_bridge")
    desk.rows(
        "insert into stewardship.review_part select 'i_bridge', keyring,"
        " if(record_id = 'a1', 'l', 'r') from identity.record where record_id in ('a1', 'a2')"
    )

    answer(desk, i_bridge=decision)

    assert desk.log() == [(1, decision, ["feed:a1"], ["feed:a2"])]
    assert desk.rows("select engine from stewardship.decision") == [(engine,)]


def test_an_item_that_changed_since_the_export_is_refused(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    desk.rows("update stewardship.review_item set changed_run = 4, last_run = 4")

    (problem,) = problems(desk, path)
    assert "changed in run 4, you saw it as of run 1; export the queue again" in problem


def test_a_decision_on_a_customer_that_was_merged_since_lands_on_its_records(desk):
    path = filled(desk, **{ANN_AND_BOB: "keep_apart"})
    rows = [dict(row) for row in PEOPLE]
    rows[0]["card"] = rows[2]["card"] = "K9"
    desk.resolve(rows)
    assert desk.customer_of("a1") == desk.customer_of("b1")
    desk.rows("update stewardship.review_item set state = 'obsolete'")

    apply_queue(desk.context, path)

    assert desk.log() == [(1, "keep_apart", ["feed:a1", "feed:a2"], ["feed:b1", "feed:b2"])]
    assert desk.item(ANN_AND_BOB)[0] == "decided"
    assert desk.rows("select engine from stewardship.decision") == [("together",)]


def test_a_decision_on_a_customer_without_records_is_refused_with_the_reason(desk):
    cy = desk.customer_of("c1")
    path = filled(desk, **{BOB_AND_CY: "merge"})
    desk.resolve(PEOPLE[:4])

    (problem,) = problems(desk, path)
    assert f"{cy} has no record left of those that it had in run 1" in problem


def test_two_rows_about_one_item_must_agree(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    (row,) = [row for row in read(path) if row["item_id"] == ANN_AND_BOB]

    assert problems(desk, write(path, [row, row | {"decision": "defer"}])) == (
        "line 2: line 3 says defer of the same item; leave one of the two",
        "line 3: line 2 says merge of the same item; leave one of the two",
    )
    assert apply_queue(desk.context, write(path, [row, row])).known == 1


def test_an_item_that_somebody_decided_otherwise_names_who_and_what_to_revoke(desk):
    (decision_id,) = answer(desk, **{ANN_AND_BOB: "merge"}).decision_ids
    path = filled(desk, **{ANN_AND_BOB: "keep_apart"})

    (problem,) = problems(desk, path)
    assert f"decided already: merge {decision_id} of Eve; revoke that first" in problem

    revoke(desk.context, decision_id, "mistaken", "Eve")
    apply_queue(desk.context, path)

    assert kinds(desk) == ["merge", "revoke", "keep_apart"]


def test_a_deferred_item_can_be_decided(desk):
    answer(desk, **{ANN_AND_BOB: "defer"})

    answer(desk, **{ANN_AND_BOB: "merge"})

    assert desk.item(ANN_AND_BOB)[0] == "decided"


def test_a_merge_that_breaks_a_keep_apart_is_refused_through_others_too(desk):
    (no,) = answer(desk, **{ANN_AND_BOB: "keep_apart"}).decision_ids
    answer(desk, **{ANN_AND_CY: "merge"})

    (problem,) = problems(desk, filled(desk, **{BOB_AND_CY: "merge"}))
    assert f"merge joins what keep_apart {no} of Eve keeps apart; revoke that first" in problem


def test_a_file_that_contradicts_itself_through_others_is_refused(desk):
    path = filled(desk, **{ANN_AND_BOB: "keep_apart", ANN_AND_CY: "merge", BOB_AND_CY: "merge"})
    write(path, sorted(read(path), key=lambda row: row["item_id"]))

    assert problems(desk, path) == (
        "line 2: keep_apart keeps apart what line 4 joins; leave one of the two",
        "line 4: merge joins what line 2 keeps apart; leave one of the two",
    )


def test_a_customer_that_is_cut_counts_as_two_before_it_is_split(desk):
    desk.ask("i_bridge", "a1", None, kind="weak_bridge")
    desk.rows(
        "insert into stewardship.review_part select 'i_bridge', keyring,"
        " if(record_id = 'a1', 'l', 'r') from identity.record where record_id in ('a1', 'a2')"
    )
    answer(desk, i_bridge="keep_apart")

    answer(desk, **{BOB_AND_CY: "merge"})
    (problem,) = problems(desk, filled(desk, **{ANN_AND_CY: "merge"}))

    assert "merge joins what keep_apart d_" in problem  # both halves are named


def test_much_at_stake_needs_two_people(desk):
    desk.rows("update stewardship.review_impact set impact_usd = 5000")
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    (decision_id,) = apply_queue(desk.context, path).decision_ids
    assert desk.item(ANN_AND_BOB) == ("open", None, decision_id)

    assert apply_queue(desk.context, path).known == 1
    (problem,) = problems(desk, filled(desk, **{ANN_AND_BOB: "keep_apart"}))
    assert "merge d_" in problem and "awaits its second; revoke that first" in problem

    second(desk.context, decision_id, "Mallory", "checked")
    assert desk.item(ANN_AND_BOB)[0] == "decided"


def assigned(desk: Desk, **assignees: str) -> Applied:
    path = exported(desk)
    rows = [
        row | {"assignee": assignees.get(row["item_id"], row["assignee"])} for row in read(path)
    ]
    return apply_queue(desk.context, write(path, rows))


def test_a_row_without_a_decision_assigns(desk):
    assert assigned(desk, **{ANN_AND_BOB: "Eve"}).assigned == 1
    assert desk.item(ANN_AND_BOB) == ("assigned", "Eve", None)

    assert assigned(desk).assigned == 0
    assert assigned(desk, **{ANN_AND_BOB: "Mallory"}).assigned == 1
    assert desk.item(ANN_AND_BOB) == ("assigned", "Mallory", None)


def test_what_is_decided_stays_decided_when_it_is_assigned(desk):
    answer(desk, **{ANN_AND_BOB: "merge"})

    assigned(desk, **{ANN_AND_BOB: "Eve"})

    assert desk.item(ANN_AND_BOB)[:2] == ("decided", "Eve")


def test_an_item_is_assigned_to_one_person(desk):
    rows = read(exported(desk))
    path = write(
        desk.folder / "two.csv", [rows[0] | {"assignee": "Eve"}, rows[0] | {"assignee": "Bob"}]
    )

    assert problems(desk, path) == (
        "line 3: line 2 assigns the same item to 'Eve'; leave one of them",
    )


def test_the_same_answer_by_somebody_else_is_the_second(desk):
    desk.rows("update stewardship.review_impact set impact_usd = 5000")
    rows = read(filled(desk, **{ANN_AND_BOB: "merge"}))
    for name in ("Eve", "EVE "):
        by = [row | {"decided_by": name if row["decision"] else ""} for row in rows]
        assert apply_queue(desk.context, write(desk.folder / "by.csv", by)).seconded == 0
    by = [row | {"decided_by": "Mallory" if row["decision"] else ""} for row in rows]

    applied = apply_queue(desk.context, write(desk.folder / "by.csv", by))

    assert (applied.seconded, applied.known) == (1, 0)
    assert kinds(desk) == ["merge", "second"]
    assert desk.item(ANN_AND_BOB)[0] == "decided"


def test_nobody_is_the_second_of_their_own_decision_however_they_write_their_name(desk):
    desk.rows("update stewardship.review_impact set impact_usd = 5000")
    (decision_id,) = answer(desk, **{ANN_AND_BOB: "merge"}).decision_ids

    with pytest.raises(DecisionError, match="second by somebody else"):
        second(desk.context, decision_id, " eve", "checked")


def test_a_row_whose_customers_are_not_those_of_its_item_is_refused(desk):
    path = filled(desk, **{ANN_AND_BOB: "merge"})
    rows = [row | {"customer_id_l": "c_other"} for row in read(path)]

    (problem,) = problems(desk, write(path, rows))

    assert f"{ANN_AND_BOB} is not about c_other; were some columns sorted" in problem


def test_a_reason_without_a_decision_is_not_passed_over(desk):
    path = exported(desk)
    rows = read(path)
    rows[0]["reason"] = "surely one person"

    (problem,) = problems(desk, write(path, rows))

    assert problem.startswith("line 2: a reason, but no decision")


@pytest.mark.slow
def test_tens_of_thousands_of_decisions_are_applied(desk):
    count = examples(20_000)
    crowd(desk, 2 * count)
    path = exported(desk)
    told = [("merge", "keep_apart")[number % 2] for number in range(count + 3)]
    rows = [
        row | {"decision": decision, "reason": "known", "decided_by": "Eve"}
        for row, decision in zip(read(path), told, strict=True)
        if row["item_id"].removeprefix("i_").isdecimal()
    ]
    write(path, rows)

    applied = apply_queue(desk.context, path)

    assert len(applied.decision_ids) == count
