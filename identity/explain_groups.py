"""What a picture of a customer shows: few enough groups of records, few enough identifiers."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from c360.identity.explain_customer import UNUSED, Explanation, by_source
from c360.identity.explain_customer_text import counted, sources_text
from c360.identity.explain_decisions import because
from c360.identity.explain_evidence import Record, Value

MOST_GROUPS = 12
"""Boxes of records; what remains is one box more."""

MOST_OF_NAMESPACE = 3
"""Identifiers of one namespace and fate that have a box of their own."""


@dataclass(frozen=True, slots=True)
class Stack:
    """An identifier, or the many of a namespace that fared alike; `kind` is its style."""

    kind: str
    status: str
    values: frozenset[Value]
    title: str
    note: str
    hint: str
    customers: tuple[str, ...] = ()

    @property
    def is_joining(self) -> bool:
        """Whether the values join."""
        return self.status == "joined"


@dataclass(frozen=True, slots=True)
class Group:
    """Records of a source that carry the same of what is shown; the last may hold the remainder."""

    title: str
    note: str
    hint: str
    stacks: frozenset[Stack]
    kind: str = field(default="record")


def stacks_of(explanation: Explanation) -> list[Stack]:
    """Return the identifiers to show: those that join by tier, then the others by their fate."""
    own = Counter(record.keyring for record in explanation.records)
    held: Counter[tuple[str, Value]] = Counter()
    for link in explanation.evidence.links:
        if link.status != "alone":
            held[link.status, link.value] += own[link.keyring]
    alike: dict[tuple[str, int, str], list[Value]] = defaultdict(list)
    for status, value in sorted(held, key=lambda key: (key[1].tier, -held[key], key[1])):
        alike[status, value.tier, value.namespace].append(value)
    order = ("joined", *UNUSED)
    stacks = []
    for status, tier, namespace in sorted(alike, key=lambda key: (order.index(key[0]), key[1])):
        values = alike[status, tier, namespace]
        shown = _most_shown(explanation, namespace, values)
        for value in values[:shown]:
            stacks.append(_stack(explanation, status, value, held[status, value]))
        if rest := values[shown:]:
            records = sum(held[status, value] for value in rest)
            title = f"{'+ ' if shown else ''}{len(rest):,} {'more ' if shown else ''}{namespace}"
            note = f"on {counted(records, 'record')}"
            kind = "joined" if status == "joined" else "unused"
            stacks.append(Stack(kind, status, frozenset(rest), title, note, f"{title}, {status}"))
    return stacks


def _most_shown(explanation: Explanation, namespace: str, values: Sequence[Value]) -> int:
    """Return how many values have a box of their own; one visit is like another."""
    if len(values) > 1 and namespace in explanation.visits:
        return 0
    return len(values) if len(values) <= MOST_OF_NAMESPACE + 1 else MOST_OF_NAMESPACE


def groups_of(
    explanation: Explanation, stacks: Sequence[Stack], most: int = MOST_GROUPS
) -> list[Group]:
    """Return the records of each source by the shown identifiers that they carry."""
    stack_of = {(stack.status, value): stack for stack in stacks for value in stack.values}
    carried: dict[str, set[Stack]] = defaultdict(set)
    for link in explanation.evidence.links:
        if (link.status, link.value) in stack_of:
            carried[link.keyring].add(stack_of[link.status, link.value])
    alike: dict[tuple[str, frozenset[Stack]], list[Record]] = defaultdict(list)
    for record in explanation.records:
        alike[record.source, frozenset(carried[record.keyring])].append(record)
    place = {stack: number for number, stack in enumerate(stacks)}

    def height(shown: frozenset[Stack]) -> float:
        joining = [place[stack] for stack in shown if stack.is_joining]
        return sum(joining) / len(joining) if joining else len(place)

    chosen = sorted(alike, key=lambda key: (-len(alike[key]), key[0], height(key[1])))
    shown, rest = chosen, []
    if len(chosen) > most + 1:
        shown, rest = chosen[:most], chosen[most:]
    shown = sorted(shown, key=lambda key: (height(key[1]), key[0], alike[key][0].name))
    groups = [_group(source, stacks_, alike[source, stacks_]) for source, stacks_ in shown]
    if rest:
        records = [record for key in rest for record in alike[key]]
        touched = frozenset[Stack]().union(*(stacks_ for _, stacks_ in rest))
        title = f"+ {counted(len(records), 'more record')}"
        note = sources_text(by_source(records))
        groups.append(Group(title, note, f"{title}: {note}", touched, "rest"))
    return groups


def _group(source: str, stacks: frozenset[Stack], records: Sequence[Record]) -> Group:
    first = records[0].name.partition(":")[2]
    note = first if len(records) == 1 else f"{first} and {len(records) - 1:,} more"
    title = f"{source} · {counted(len(records), 'record')}"
    keyrings = counted(len({record.keyring for record in records}), "keyring")
    return Group(title, note, f"{title} in {keyrings}: {note}", stacks)


def _stack(explanation: Explanation, status: str, value: Value, records: int) -> Stack:
    note = f"on {counted(records, 'record')}"
    if status != "joined":
        link = next(
            each
            for each in explanation.evidence.links
            if each.value == value and each.status == status
        )
        touched = {link.customer_l, link.customer_r} - {None, explanation.customer_id}
        others = tuple(sorted(customer for customer in touched if customer is not None))
        reason = because(link.reason or status, {})
        hint = (
            f"{value.name} is {status}: {because(link.reason or status, explanation.decided.known)}"
        )
        return Stack(
            "unused", status, frozenset({value}), value.name, f"{status}: {reason}", hint, others
        )
    span = next((each for each in explanation.spans if each.bridge.value == value), None)
    kind, hint = "joined", f"{value.name} {note}"
    if span is not None:
        kind = "weak" if span.is_weak else "bridge"
        note = f"alone holds {counted(span.bridge.cut_off, 'record')} to the rest"
        hint = f"{hint}; it {note}"
    return Stack(kind, status, frozenset({value}), value.name, note, hint)
