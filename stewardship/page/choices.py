"""What can be decided about an item, each with its key."""

from dataclasses import dataclass

from c360.stewardship.page.items import Item


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to an item as `stewardship/answering.py` knows it; `key` chooses it."""

    value: str
    key: str
    title: str
    note: str


QUESTIONS = {
    "anchor_conflict": "One person with two of them, or two people?",
    "shared_value": "One person? Or two, and whose is the value?",
    "refused_link": "Another value was heard first. Does this link hold, too?",
    "weak_bridge": "One value holds both halves together. Are they one person?",
    "decision_conflict": "A keep apart forbids a merge. Which of the two is to be revoked?",
    "probable_match": "They look alike. One person?",
}
"""What an item of each kind asks."""

_DEFER = Choice("defer", "d", "Defer", "Not now; it waits among the held items.")


def choices_of(item: Item, *, has_disputed: bool) -> list[Choice]:
    """Return what can be decided. Of two decisions that contradict, one has to be revoked."""
    if item.kind == "decision_conflict":
        return [_DEFER]
    if item.customer_id_r is None:
        return [
            Choice("merge", "m", "Merge", "One person: the halves stay together."),
            Choice("keep_apart", "a", "Keep apart", "Two people: cut here, for good."),
            _DEFER,
        ]
    owners = [
        Choice("not_shared", "1", "Not shared: left", "The value belongs to the left customer."),
        Choice(
            "not_shared_r", "2", "Not shared: right", "The value belongs to the right customer."
        ),
    ]
    return [
        Choice("merge", "m", "Merge", "One person: they become one customer."),
        Choice("keep_apart", "a", "Keep apart", "Two people: never together again."),
        *(owners if has_disputed else []),
        _DEFER,
    ]
