"""Decisions: what they name, what the log holds, and how its file gives it back."""

import csv
import shutil
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_rows import PEOPLE, Desk, lay_out_desk, open_desk

from c360.errors import DecisionError
from c360.stewardship.checking import Ruling, contradictions
from c360.stewardship.decision_file import export_decisions, import_decisions
from c360.stewardship.log import Draft, Side, record, revoke, second
from c360.stewardship.sides import Question, name_sides

A, B, C = (Side((f"feed:{name}1",)) for name in "abc")


def draft(kind: Any = "merge", left: Side = A, right: Side = B, **more: Any) -> Draft:
    return Draft(kind, left, right, "apart", more.pop("reason", "same voice"), "Eve", **more)


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_out_desk(tmp_path_factory.mktemp("resolved"))


@pytest.fixture
def desk(resolved: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(resolved, tmp_path, dirs_exist_ok=True)
    with open_desk(tmp_path, two_person_above=1000) as opened:
        yield opened


def test_decisions_are_numbered_and_named_in_their_order(desk):
    first, other = record(desk.context, [draft(), draft("keep_apart", A, C)])

    assert desk.log() == [
        (1, "merge", ["feed:a1"], ["feed:b1"]),
        (2, "keep_apart", ["feed:a1"], ["feed:c1"]),
    ]
    assert first.startswith("d_") and len(first) == 14 and first != other


def test_the_same_decision_made_twice_has_two_ids(desk):
    assert len({*record(desk.context, [draft()]), *record(desk.context, [draft()])}) == 2


@pytest.mark.parametrize(
    ("kind", "state"), [("merge", "decided"), ("keep_apart", "decided"), ("defer", "held")]
)
def test_an_item_is_decided_or_held(desk, kind, state):
    desk.ask("i_1", "a1", "b1")

    (decision_id,) = record(desk.context, [draft(kind, item_id="i_1")])

    assert desk.item("i_1") == (state, None, decision_id)


@pytest.mark.parametrize(
    ("impact", "needs_second"),
    [(None, False), (Decimal(1000), False), (Decimal("1000.01"), True)],
)
def test_a_second_is_needed_above_the_limit(desk, impact, needs_second):
    record(desk.context, [draft(impact_usd=impact)])

    assert desk.rows("select needs_second from stewardship.decision") == [(needs_second,)]


def test_an_item_stays_open_until_somebody_else_confirms(desk):
    desk.ask("i_1", "a1", "b1")
    (decision_id,) = record(desk.context, [draft(item_id="i_1", impact_usd=Decimal(2000))])
    assert desk.item("i_1") == ("open", None, decision_id)
    assert desk.rows("from stewardship.decision_in_force") == []

    with pytest.raises(DecisionError, match=r"decided by Eve; it needs a second by somebody else"):
        second(desk.context, decision_id, "Eve", "I am sure")
    second(desk.context, decision_id, "Mallory", "same handwriting")

    assert desk.item("i_1") == ("decided", None, decision_id)
    assert len(desk.rows("from stewardship.decision_in_force")) == 1
    with pytest.raises(DecisionError, match="has its second already"):
        second(desk.context, decision_id, "Trent", "me too")


def test_a_defer_needs_no_second(desk):
    desk.ask("i_1", "a1", "b1")

    record(desk.context, [draft("defer", item_id="i_1", impact_usd=Decimal(2000))])

    assert desk.item("i_1")[0] == "held"


def test_what_is_revoked_is_open_again_and_stays_in_the_log(desk):
    desk.ask("i_1", "a1", "b1")
    (decision_id,) = record(desk.context, [draft(item_id="i_1")])

    revoke(desk.context, decision_id, "two people after all", "Mallory")

    assert desk.item("i_1") == ("open", None, None)
    assert desk.rows("from stewardship.decision_in_force") == []
    assert [kind for _, kind, *_ in desk.log()] == ["merge", "revoke"]


def test_an_item_whose_decision_is_revoked_is_held_where_it_was_deferred_before(desk):
    desk.ask("i_1", "a1", "b1")
    (deferred,) = record(desk.context, [draft("defer", item_id="i_1")])
    (merged,) = record(desk.context, [draft(item_id="i_1")])
    assert desk.item("i_1") == ("decided", None, merged)

    revoke(desk.context, merged, "not sure", "Eve")

    assert desk.item("i_1") == ("held", None, deferred)


def test_only_a_decision_that_stands_can_be_revoked(desk):
    (decision_id,) = record(desk.context, [draft()])
    revocation = revoke(desk.context, decision_id, "wrong", "Eve")

    for named, problem in {
        "d_000000000000": "there is no decision d_000000000000",
        decision_id: "was revoked by Eve already: wrong",
        revocation: f"is the revoke of {decision_id}",
    }.items():
        with pytest.raises(DecisionError, match=problem):
            revoke(desk.context, named, "again", "Eve")


@pytest.mark.parametrize(("why", "by"), [(" ", "Eve"), ("wrong", "")])
def test_a_revocation_says_who_and_why(desk, why, by):
    (decision_id,) = record(desk.context, [draft()])

    with pytest.raises(DecisionError, match="say who decides and why"):
        revoke(desk.context, decision_id, why, by)


# What a decision names.


def sides(desk: Desk, kind: Any, left: str, right: str, run: int | None = None, **more: Any) -> Any:
    question = Question(
        kind, desk.customer_of(left, run), desk.customer_of(right, run), run or desk.run, **more
    )
    return name_sides(desk.context, [question])[0]


def test_a_merge_names_the_records_that_say_who_somebody_is(desk):
    named = sides(desk, "merge", "a1", "v1")

    assert named.left == Side(("feed:a1", "feed:a2"))
    assert named.right == Side(("feed:v1",))
    assert named.engine == "apart"


def test_a_keep_apart_names_also_the_anchors_of_each_side(desk):
    named = sides(desk, "keep_apart", "a1", "b1")

    assert named.left == Side(("feed:a1", "feed:a2"), ("card:K1",))
    assert named.right == Side(("feed:b1", "feed:b2"), ("card:K2",))


def test_a_not_shared_names_the_records_with_the_value_and_since_when(desk):
    named = sides(desk, "not_shared", "b1", "a1", value="device:tablet")

    assert (named.left, named.right) == (Side(("feed:b2",)), Side(("feed:a2",)))
    assert named.valid_from == datetime(2026, 1, 5)


def test_sides_are_the_records_of_the_run_that_was_seen(desk):
    seen = desk.run
    rows = [*PEOPLE[:4], {"id": "c1", "card": "K3", "email": "ann"}]
    rows[0] = {"id": "a1", "card": "K1", "email": "anna"}
    desk.resolve(rows)

    named = sides(desk, "merge", "a1", "c1", seen)

    assert (named.left, named.right) == (Side(("feed:a1", "feed:a2")), Side(("feed:c1",)))


def test_records_that_are_gone_are_left_out(desk):
    seen = desk.run
    ann, visitor = desk.customer_of("a1"), desk.customer_of("v1")
    desk.resolve(PEOPLE[1:5])

    (named,) = name_sides(desk.context, [Question("merge", ann, visitor, seen)])

    assert (named.left, named.right) == (Side(("feed:a2",)), Side())


def test_the_halves_of_a_weak_bridge_are_named_record_by_record(desk):
    desk.resolve(
        [*PEOPLE, {"id": "d1", "email": "dee"}, {"id": "d2", "email": "dee", "device": "d"}]
    )
    desk.ask("i_1", "d1", None, kind="weak_bridge")
    desk.rows(
        "insert into stewardship.review_part select 'i_1', keyring,"
        " if(record_id = 'd1', 'l', 'r') from identity.record where record_id in ('d1', 'd2')"
    )

    (named,) = name_sides(
        desk.context, [Question("keep_apart", desk.customer_of("d1"), None, desk.run, "i_1")]
    )

    assert (named.left, named.right) == (Side(("feed:d1",)), Side(("feed:d2",)))
    assert named.engine == "together"


# What contradicts what.


def ruling(text: str, place: int | None = None) -> Ruling:
    """Read `merge ann bob` or `keep_apart ann bob`."""
    kind, left, right = text.split()
    return Ruling(kind, f"line {place}" if place is not None else text, (left,), (right,), place)


@pytest.mark.parametrize(
    ("standing", "drafts", "wrong"),
    [
        (["keep_apart a b"], ["merge a b"], {0}),
        (["keep_apart a b"], ["merge b a"], {0}),
        (["keep_apart a b"], ["merge a c"], set()),
        (["keep_apart a b", "merge b c"], ["merge a c"], {0}),
        (["keep_apart a b"], ["merge a c", "merge c b"], {1}),
        (["merge a b"], ["keep_apart a b"], {0}),
        (["merge a b", "merge b c"], ["keep_apart c a"], {0}),
        ([], ["merge a b", "keep_apart b a"], {0, 1}),
        ([], ["merge a b", "merge b c", "keep_apart a c"], {1, 2}),
        ([], ["merge a b", "merge b c", "keep_apart a d"], set()),
        (["keep_apart a b", "merge a b"], ["merge c d"], set()),  # an old quarrel
    ],
)
def test_a_yes_that_breaks_a_no_is_found_through_others(standing, drafts, wrong):
    rulings = [ruling(text) for text in standing]
    rulings += [ruling(text, place) for place, text in enumerate(drafts)]

    assert set(contradictions(rulings)) == wrong


people = st.sampled_from("abcdef")
texts = st.builds("{} {} {}".format, st.sampled_from(["merge", "keep_apart"]), people, people)


@given(st.lists(texts.filter(lambda text: len(set(text.split())) == 3), max_size=12))
def test_what_is_not_wrong_can_be_true_together(drafts):
    wrong = contradictions([ruling(text, place) for place, text in enumerate(drafts)])
    kept = [text.split() for place, text in enumerate(drafts) if place not in wrong]
    person = {name: name for name in "abcdef"}
    for _ in person:
        for kind, left, right in kept:
            if kind == "merge":
                person[left] = person[right] = min(person[left], person[right])

    assert all(person[left] != person[right] for kind, left, right in kept if kind == "keep_apart")


# The file.


def restored(desk: Desk) -> bytes:
    """Import the file of the log into an empty warehouse, and return the file of that."""
    path = export_decisions(desk.context)
    desk.forget_decisions()
    import_decisions(desk.context, path)
    return export_decisions(desk.context).read_bytes()


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
@given(reason=text, name=text, value=text)
def test_the_file_gives_back_the_log_byte_for_byte(desk, reason, name, value):
    desk.forget_decisions()
    left = Side((f"feed:{name}",), (f"card:{value}",))
    (kept,) = record(desk.context, [draft("keep_apart", left, Side(("x:1",)), reason=reason)])
    record(
        desk.context,
        [
            draft(
                "not_shared",
                A,
                B,
                value=f"device:{value}",
                valid_from=datetime(2026, 1, 1, 0, 0, 1, 5),
            )
        ],
    )
    (big,) = record(desk.context, [draft(impact_usd=Decimal("99999.90"))])
    second(desk.context, big, name, reason)
    revoke(desk.context, kept, reason, name)
    before = desk.rows("from stewardship.decision order by number")
    exported = export_decisions(desk.context).read_bytes()

    assert restored(desk) == exported
    assert desk.rows("from stewardship.decision order by number") == before


def test_a_file_that_is_imported_again_adds_nothing(desk):
    record(desk.context, [draft(), draft("keep_apart", A, C)])
    path = export_decisions(desk.context)

    assert import_decisions(desk.context, path) == 0


def test_decisions_of_another_file_follow_those_of_the_log(desk):
    desk.ask("i_1", "a1", "b1")
    (theirs,) = record(desk.context, [draft(item_id="i_1")])
    path = export_decisions(desk.context)
    desk.forget_decisions()
    record(desk.context, [draft("keep_apart", A, C)])

    assert import_decisions(desk.context, path) == 1

    assert [(number, kind) for number, kind, *_ in desk.log()] == [(1, "keep_apart"), (2, "merge")]
    assert desk.item("i_1") == ("decided", None, theirs)


def edited(path: Path, line: int, **cells: str) -> None:
    """Change cells of a row, line 1 being the header."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    row = dict(zip(header, rows[line - 2], strict=True)) | cells
    rows[line - 2] = [row[name] for name in header]
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"kind": "marry"}, "line 2: kind: Input should be 'merge', 'keep_apart'"),
        ({"reason": " "}, "line 2: reason: must not be blank"),
        ({"records_l": "feed:a1"}, "line 2: records_l: must be a JSON array of texts, such as"),
        ({"records_l": '["a1"]'}, "line 2: records_l: 'a1' must be two names with a colon"),
        ({"records_l": '["x:2", "x:1"]'}, "line 2: records_l: must be sorted, each once"),
        ({"records_l": "[]"}, "line 2: records: both sides must name a record"),
        ({"records_r": '["feed:a1"]'}, "line 2: records: the sides must not have one in common"),
        ({"identifiers_l": '["card:1"]'}, "line 2: identifiers: only a keep_apart names them"),
        ({"value": "device:x"}, "line 2: value, valid_from: a not_shared names both"),
        ({"decision_id": "1"}, "line 2: decision_id: String should match pattern"),
        ({"decided_at": "soon"}, "line 2: decided_at: "),
        ({"provenance": "rule"}, "line 2: provenance: "),
        ({"reason": "other"}, "is in the log with another reason; a decision is never changed"),
        ({"refers_to": "d_000000000000"}, "line 2: refers_to: a second and a revoke name"),
    ],
)
def test_a_row_that_is_no_decision_is_named_with_its_line(desk, cells, problem):
    record(desk.context, [draft()])
    path = export_decisions(desk.context)
    edited(path, 2, **cells)

    with pytest.raises(DecisionError) as raised:
        import_decisions(desk.context, path)

    assert problem in str(raised.value)


def test_all_that_is_wrong_with_a_file_is_said_at_once(desk):
    (decision_id,) = record(desk.context, [draft()])
    revoke(desk.context, decision_id, "wrong", "Eve")
    path = export_decisions(desk.context)
    edited(path, 2, kind="marry")
    text = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*text, text[-1]]), encoding="utf-8")
    desk.forget_decisions()

    with pytest.raises(DecisionError) as raised:
        import_decisions(desk.context, path)

    assert [problem.partition(":")[0] for problem in raised.value.problems] == [
        "line 2",
        "line 3",
        "line 4",
    ]
    assert f"refers to {decision_id}, which neither the log has" in str(raised.value)
    assert desk.log() == []


def test_a_confirmation_of_ones_own_decision_is_refused_in_a_file_too(desk):
    (decision_id,) = record(desk.context, [draft(impact_usd=Decimal(2000))])
    second(desk.context, decision_id, "Mallory", "seen")
    path = export_decisions(desk.context)
    desk.forget_decisions()
    edited(path, 3, decided_by="Eve")

    with pytest.raises(DecisionError, match="line 3: Eve confirms a decision of their own"):
        import_decisions(desk.context, path)
