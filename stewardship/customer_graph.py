"""A customer as a graph to cut: its records, bundled where they cannot be told apart."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from c360.config import DECISION, Settings
from c360.errors import C360Error
from c360.identity.explain_evidence import (
    Link,
    Record,
    Value,
    read_evidence,
    read_records,
)
from c360.identity.explain_paths import evidence_graph
from c360.identity.explain_reference import Subject, find_subject
from c360.step import Context
from c360.stewardship.cut import Holding

CAPACITY = {DECISION: 1000, "anchor": 100, "contact": 10, "trace": 1}
"""What it takes to cut an identifier of each strength, and what people joined.

Each outweighs ten of the next: rather than through a card, a cut goes through an address, a phone
and a household's tablet. What people joined is cut where nothing else would do.
"""

_LINKING = frozenset({"joined", "alone"})
"""What holds records together; a value alone on its keyring holds the records of that keyring."""

End = frozenset[str]
"""The keys of the records that stand for one end of a cut."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's records by key (`source:record_id`), and what their keyrings carry."""

    customer_id: str
    note: str | None
    records: Mapping[str, Record]
    links: tuple[Link, ...]

    @property
    def linking(self) -> list[Link]:
        """The links that hold records together."""
        return [link for link in self.links if link.status in _LINKING]


def read_customer(context: Context, reference: str) -> Customer:
    """Return the customer that a reference leads to.

    Raises:
        C360Error: the reference means nothing, several things, or no one customer.
    """
    subject = find_subject(context, reference, None)
    if subject.customer_id is None:
        msg = f"{subject.note or subject.name}; it is no customer's: name a record of the customer"
        raise C360Error(msg)
    asked = {"customer_ids": [subject.customer_id]}
    records = {
        f"{record.source}:{record.record_id}": record
        for record in read_records(context.con, "explain_member", asked)
        if record.is_in_force(None)
    }
    keyrings = {record.keyring for record in records.values()}
    links = read_evidence(context.con, context.settings, keyrings).links
    return Customer(subject.customer_id, subject.note, records, links)


def read_ends(context: Context, customer: Customer, references: Sequence[str]) -> list[End]:
    """Return the customer's records that each end stands for: itself, or all that carry the value.

    Raises:
        C360Error: an end is not the customer's, or a record stands for both ends.
    """
    ends = [
        _end(customer, reference, find_subject(context, reference, None))
        for reference in references
    ]
    for both in sorted(End.intersection(*ends)) if ends else ():
        msg = (
            f"{' and '.join(references)} are both on {both}, and a record cannot be cut; name two"
            " records, or values that no record carries together"
        )
        raise C360Error(msg)
    return ends


def _end(customer: Customer, reference: str, subject: Subject) -> End:
    if subject.kind == "customer":
        msg = f"{subject.name} is a customer; name an end as source:record_id or namespace:value"
        raise C360Error(msg)
    if subject.kind == "record":
        end = customer.records.keys() & {reference.strip()}
    else:
        carriers = {
            link.keyring
            for link in customer.links
            if (link.value.namespace, link.value.value) == subject.value
        }
        end = {key for key, record in customer.records.items() if record.keyring in carriers}
    if not end:
        belongs = f", it belongs to {subject.customer_id}" if subject.customer_id else ""
        msg = f"{subject.name} is not part of {customer.customer_id}{belongs}"
        raise C360Error(msg)
    return frozenset(end)


def bundle(customer: Customer, ends: Sequence[End]) -> dict[str, list[str]]:
    """Return the keys of records that cannot be told apart, by the first of them.

    They carry the same, and every end holds all of them or none.
    """
    alike: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for key, record in sorted(customer.records.items()):
        alike[record.keyring, *(key in end for end in ends)].append(key)
    return {keys[0]: keys for keys in alike.values()}


def holding_of(settings: Settings, customer: Customer, bundles: Mapping[str, list[str]]) -> Holding:
    """Return what holds the bundles together."""
    names: dict[str, list[str]] = defaultdict(list)
    for name in bundles:
        names[customer.records[name].keyring].append(name)
    links = [
        replace(link, keyring=name, status="joined")
        for link in customer.linking
        for name in names[link.keyring]
    ]
    graph = evidence_graph(links)
    graph.add_nodes_from(bundles)
    costs = {link.value: CAPACITY[strength_of(settings, link.value)] for link in links}
    return Holding(graph, {name: len(keys) for name, keys in bundles.items()}, costs)


def strength_of(settings: Settings, value: Value) -> str:
    """Return the strength of an identifier; that of what people joined is `decision`."""
    if value.namespace == DECISION:
        return DECISION
    return settings.identifiers[value.namespace].strength


def anchors_of(settings: Settings, customer: Customer) -> list[Value]:
    """Return the anchors that the customer holds, the strongest first."""
    values = {link.value for link in customer.linking}
    return sorted(value for value in values if strength_of(settings, value) == "anchor")
