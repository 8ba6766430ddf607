"""What stewards answer to review items: checked, and turned into drafts of decisions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from c360.step import Context
from c360.stewardship.answered import Answered, Standing, read_answered
from c360.stewardship.checking import find_contradictions
from c360.stewardship.log import Draft, Kind, is_same_person
from c360.stewardship.sides import Question, Sides, name_sides

KIND_OF: dict[str, Kind] = {
    "merge": "merge",
    "keep_apart": "keep_apart",
    "not_shared": "not_shared",
    "not_shared_r": "not_shared",
    "defer": "defer",
}
"""What a steward may answer, and the kind of decision that it makes.

A not_shared gives the disputed values to customer_l, a not_shared_r to customer_r.
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a steward answers to a review item.

    `name` is how messages call it, such as `line 3`; `seen_run` is the item's `last_run` as the
    steward saw it: the decision is about the sides as they were then.
    """

    name: str
    item_id: str
    seen_run: int
    decision: str
    reason: str
    decided_by: str
    customers: tuple[str, ...] = ()
    """Whom the steward thinks it is about, where that is told."""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An answer that says what somebody else has decided, and that awaits its second."""

    decision_id: str
    decided_by: str
    reason: str


@dataclass(slots=True)
class Judged:
    """What came of answers: drafts to record, confirmations, what the log knows, what is wrong.

    `wrong` has one text for each answer that cannot be taken, by its place among the answers.
    """

    drafts: list[Draft] = field(default_factory=list[Draft])
    confirmations: list[Confirmation] = field(default_factory=list[Confirmation])
    known: int = 0
    wrong: dict[int, str] = field(default_factory=dict[int, str])


def judge(context: Context, answers: Sequence[Answer]) -> Judged:
    """Check answers against the queue, the log and each other; writes nothing.

    A not_shared makes a draft for each disputed value. What the log has already makes none.
    """
    items = read_answered(context, [answer.item_id for answer in answers])
    wrong = _opposed(answers) | _wrong_by_themselves(answers, items)
    first = {answer.item_id: place for place, answer in reversed([*enumerate(answers)])}
    asked = [
        (place, question)
        for place in sorted(first.values())
        if place not in wrong
        for question in _questions(answers[place], items[answers[place].item_id])
    ]
    sides = name_sides(context, [question for _, question in asked])
    drafted: list[tuple[int, Draft]] = []
    confirmed: list[tuple[int, Confirmation]] = []
    for (place, question), named in zip(asked, sides, strict=True):
        found = _draft(answers[place], items[answers[place].item_id], question, named)
        if isinstance(found, Draft):
            drafted.append((place, found))
        elif isinstance(found, Confirmation):
            confirmed.append((place, found))
        elif isinstance(found, str):
            wrong[place] = found
    drafted = [(place, draft) for place, draft in drafted if place not in wrong]
    contradicting = find_contradictions(
        context, [draft for _, draft in drafted], [answers[place].name for place, _ in drafted]
    )
    for number, problem in contradicting.items():
        place, draft = drafted[number]
        wrong[place] = f"{draft.kind} {problem}"
    drafted = [(place, draft) for place, draft in drafted if place not in wrong]
    confirmed = [(place, each) for place, each in confirmed if place not in wrong]
    new = {place for place, _ in (*drafted, *confirmed)}
    known = len(answers) - len(wrong) - len(new)
    return Judged([d for _, d in drafted], [each for _, each in confirmed], known, wrong)


def _opposed(answers: Sequence[Answer]) -> dict[int, str]:
    """Find the items that are answered in two ways."""
    places: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for place, answer in enumerate(answers):
        places[answer.item_id].setdefault(answer.decision, place)
    wrong = {}
    for place, answer in enumerate(answers):
        for decision, other in places[answer.item_id].items():
            if decision != answer.decision:
                wrong[place] = (
                    f"{answers[other].name} says {decision} of the same item; leave one of the two"
                )
    return wrong


def _wrong_by_themselves(answers: Sequence[Answer], items: dict[str, Answered]) -> dict[int, str]:
    problems = ("; ".join(_problems(answer, items.get(answer.item_id))) for answer in answers)
    return {place: problem for place, problem in enumerate(problems) if problem}


def _problems(answer: Answer, item: Answered | None) -> Iterator[str]:
    if answer.decision not in KIND_OF:
        yield f"unknown decision {answer.decision!r}; decide one of {', '.join(KIND_OF)}"
    if not answer.reason.strip():
        yield "no reason; say why in a few words"
    if not answer.decided_by.strip():
        yield "no decided_by; say who decides"
    if item is None:
        yield f"there is no review item {answer.item_id!r}; export the queue again"
        return
    if strangers := sorted({*answer.customers} - {item.customer_l, item.customer_r}):
        yield (
            f"{answer.item_id} is not about {', '.join(strangers)}; were some columns sorted"
            " without the others? export the queue again"
        )
    if answer.seen_run > item.last_run:
        yield f"it has never been seen in run {answer.seen_run}; export the queue again"
    if KIND_OF.get(answer.decision) == "not_shared":
        if item.customer_r is None:
            yield "not_shared speaks of two customers; merge confirms this one, keep_apart cuts it"
        elif not _values(item):
            yield "no value is disputed between the two; decide merge, keep_apart or defer"


def _values(item: Answered) -> list[str]:
    """Return the values that a not_shared speaks of: once it is obeyed, none is disputed."""
    decided = {each.value for each in item.standing if each.value is not None}
    return list(item.disputed) or sorted(decided)


def _questions(answer: Answer, item: Answered) -> Iterator[Question]:
    kind = KIND_OF[answer.decision]
    ends = (item.customer_l, item.customer_r)
    if answer.decision == "not_shared_r" and item.customer_r is not None:
        ends = (item.customer_r, item.customer_l)
    for value in _values(item) if kind == "not_shared" else [None]:
        yield Question(kind, *ends, answer.seen_run, item.item_id, value)


def _draft(
    answer: Answer, item: Answered, question: Question, sides: Sides
) -> Draft | Confirmation | str | None:
    """Return what to record, what is wrong with it, or None where the log has it."""
    for standing in item.standing:
        stance = _stance(standing, question, sides)
        if stance == "same" and not (
            standing.is_in_force or is_same_person(standing.decided_by, answer.decided_by)
        ):
            return Confirmation(standing.decision_id, answer.decided_by, answer.reason)
        if stance == "same":
            return None
        if stance == "opposed":
            return f"the item is decided already: {standing}; revoke that first"
    if answer.seen_run < item.changed_run:
        return (
            f"the item has changed in run {item.changed_run}, you saw it as of run"
            f" {answer.seen_run}; export the queue again"
        )
    for side, customer in ((sides.left, question.customer_l), (sides.right, question.customer_r)):
        if not side.records:
            which = (
                "that carries the value"
                if question.value
                else f"of those that it had in run {question.run}"
            )
            return f"{customer or question.customer_l} has no record left {which}"
    return Draft(
        question.kind,
        sides.left,
        sides.right,
        sides.engine,
        answer.reason,
        answer.decided_by.strip(),
        item_id=item.item_id,
        value=question.value,
        valid_from=sides.valid_from if question.kind == "not_shared" else None,
        impact_usd=sides.impact_usd,
    )


def _stance(
    standing: Standing, question: Question, sides: Sides
) -> Literal["same", "opposed", "apart"]:
    """Compare what is decided with what is answered; `apart`: both can stand."""
    if standing.kind != question.kind:
        return "apart" if standing.kind == "defer" else "opposed"
    if standing.value != question.value:
        return "apart"
    left = sides.left.records
    return (
        "same" if question.value is None or not left or standing.records_l & {*left} else "opposed"
    )
