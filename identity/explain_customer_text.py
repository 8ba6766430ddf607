"""The explanation of a customer as text for people and as figures for programs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from c360.identity.explain_customer import UNUSED, Explanation, Span, by_source
from c360.identity.explain_decisions import because, is_decision
from c360.identity.explain_evidence import Record, Value, names_of
from c360.identity.explain_paths import Node
from c360.identity.explain_rulings import decided_text

FEW = 5
"""Lines of a list that are shown unless everything is asked for."""

FEW_RECORDS = 3
"""Records of a source that are named unless everything is asked for."""

UNCONNECTED = "by what they carried then, which is not known any more"
"""Why records of an earlier run belonged together that nothing connects now."""


def customer_text(explanation: Explanation, *, everything: bool) -> str:
    """Return the explanation as paragraphs, each with a head that is not indented."""
    paragraphs = [
        _head(explanation),
        ["Records", *_records(explanation.records, everything=everything)],
        _joined(explanation, everything=everything),
        _bridges(explanation, everything=everything),
        _unused(explanation, everything=everything),
        _decided(explanation, everything=everything),
        _history(explanation, everything=everything),
    ]
    return "\n\n".join("\n".join(lines) for lines in paragraphs if len(lines) > 1)


def path_text(path: Sequence[Node], names: Mapping[str, str], blocked: Iterable[Value] = ()) -> str:
    """Return a path as orders:O1 —email 3f2a…— crm:C7; a blocked value stands between crosses."""
    crossed = set(blocked)
    parts = []
    for place, node in enumerate(path):
        if isinstance(node, Value):
            before, after = ("✗ ", " ✗") if node in crossed else ("—", "—")
            is_last = place == len(path) - 1
            parts.append(f"{before if place else ''}{node.name}{'' if is_last else after}")
        else:
            parts.append(names.get(node, "another record"))
    return " ".join(parts)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def sources_text(sources: Iterable[tuple[str, int]]) -> str:
    """Return records by source: orders 12, tickets 3."""
    return ", ".join(f"{source} {records:,}" for source, records in sources)


def few(lines: Sequence[str], what: str, *, everything: bool) -> list[str]:
    """Return the first lines, and how many more there are."""
    if everything or len(lines) <= FEW:
        return list(lines)
    return [*lines[:FEW], f"  and {counted(len(lines) - FEW, what)} more (--all)"]


def _head(explanation: Explanation) -> list[str]:
    sources = len({record.source for record in explanation.records})
    facts = [
        "identified" if explanation.is_identified else "anonymous",
        counted(len(explanation.records), "record"),
        counted(sources, "source"),
    ]
    linking = {
        link.value for link in explanation.links_of("joined", "alone") if not is_decision(link)
    }
    facts.append(counted(len(linking), "identifier"))
    if explanation.first_seen and explanation.last_seen:
        facts.append(f"seen {explanation.first_seen:%Y-%m-%d} to {explanation.last_seen:%Y-%m-%d}")
    return [
        f"Customer {explanation.customer_id}",
        f"  {' · '.join(facts)}",
        *(f"  {note}" for note in explanation.notes),
    ]


def _records(records: Sequence[Record], *, everything: bool) -> list[str]:
    of: dict[str, list[str]] = defaultdict(list)
    for record in records:
        of[record.source].append(record.name.partition(":")[2])
    width = max(map(len, of), default=0)
    return [
        f"  {source:<{width}}  {n:>6,}  {_named(of[source], everything=everything)}"
        for source, n in by_source(records)
    ]


def _named(names: Sequence[str], *, everything: bool) -> str:
    shown = names if everything else names[:FEW_RECORDS]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def _joined(explanation: Explanation, *, everything: bool) -> list[str]:
    if explanation.stands_alone:
        return ["Why it stands alone", *_why_alone(explanation)]
    if explanation.root is None:
        return ["How they are joined", *_without_root(explanation)]
    names = names_of(explanation.records)
    groups: dict[tuple[Value, ...], list[Record]] = defaultdict(list)
    for record in explanation.records:
        path = explanation.routes.get(record.keyring, ())
        groups[tuple(node for node in path if isinstance(node, Value))].append(record)
    apart = groups.pop((), [])
    lines = []
    for values, records in sorted(groups.items(), key=lambda g: (len(g[0]), -len(g[1]), g[0])):
        path = explanation.routes[min(records, key=lambda record: record.name).keyring]
        how = "directly" if len(values) == 1 else f"by {values[0].name}"
        line = f"  {len(records):>6,}  {how}: {sources_text(by_source(records))}"
        if everything:
            line += "".join(
                f"\n          {path_text((r.name, *path[1:]), names | {r.name: r.name})}"
                for r in records
            )
        elif len(values) > 1:
            line += f"\n          {path_text(path, names)}"
        lines.append(line)
    if apart:
        lines.append(f"  {len(apart):>6,}  {UNCONNECTED}: {sources_text(by_source(apart))}")
    return [
        f"How they are joined to {explanation.root.name}",
        *few(lines, "way", everything=everything),
    ]


def _without_root(explanation: Explanation) -> list[str]:
    if len({record.keyring for record in explanation.records}) > 1:
        return [f"  {UNCONNECTED}"]
    alone = sorted({link.value for link in explanation.links_of("alone") if not is_decision(link)})
    values = ", ".join(value.name for value in alone) or "nothing"
    own = len(explanation.records)
    # Others may carry it too, and not be joined: too long ago, or a decision rules it out.
    is_only = all(explanation.evidence.counts[value].records <= own for value in alone)
    if own == 1:
        others = "carries" if is_only else "is joined by"
        return [f"  no other record {others} what it carries: {values}"]
    others = "which no other record carries" if is_only else "by which no other record is joined"
    return [f"  all carry the same, {others}: {values}"]


def _why_alone(explanation: Explanation) -> list[str]:
    if not explanation.evidence.links:
        return ["  it carries no identifier"]
    return ["  no identifier that it carries stands for a person:"]


def _bridges(explanation: Explanation, *, everything: bool) -> list[str]:
    lines = [f"  {'weak  ' if s.is_weak else ''}{_bridge(s)}" for s in explanation.spans]
    return ["What hangs on one identifier alone", *few(lines, "identifier", everything=everything)]


def _bridge(span: Span) -> str:
    parts = span.bridge.parts
    without = f"{span.bridge.value.name}: without it"
    if not span.sides:
        return f"{without} {counted(span.bridge.cut_off, 'record')} fall off"
    first, *others = span.sides[:FEW_RECORDS]
    shown = " | ".join(
        [
            counted(first.records, "record"),
            *(f"{side.records:,} ({sources_text(side.sources)})" for side in others),
        ]
    )
    more = len(parts) - FEW_RECORDS
    rest = f" | {counted(more, 'part')} more" if more > 0 else ""
    return f"{without} {shown}{rest}"


def _decided(explanation: Explanation, *, everything: bool) -> list[str]:
    lines = decided_text(explanation.decided, explanation.customer_id)
    return ["Decided", *few(lines, "decision", everything=everything)]


def _unused(explanation: Explanation, *, everything: bool) -> list[str]:
    own = Counter(record.keyring for record in explanation.records)
    held: Counter[tuple[str, Value, str]] = Counter()
    between = {}
    for link in explanation.links_of(*UNUSED):
        if is_decision(link):
            continue
        key = (link.status, link.value, link.reason or "")
        held[key] += own[link.keyring]
        between[key] = (link.customer_l, link.customer_r)
    lines = []
    for status, value, reason in sorted(held, key=lambda key: (UNUSED.index(key[0]), key[1])):
        key = (status, value, reason)
        count = explanation.evidence.counts[value]
        lines.append(
            f"  {status:<10}  {value.name}: {because(reason, explanation.decided.others)}"
            f"{_apart(between[key], explanation.customer_id)};"
            f" on {held[key]:,} of these records, {count.records:,} in all"
        )
    return ["Identifiers that join nobody", *few(lines, "identifier", everything=everything)]


def _apart(customers: tuple[str | None, str | None], own: str) -> str:
    left, right = ("this customer" if c == own else c for c in customers)
    if left is None or right is None:
        return ""
    if right == "this customer":
        left, right = right, left
    return f"; could not bring together {left} and {right}"


def _history(explanation: Explanation, *, everything: bool) -> list[str]:
    lines = []
    for change in explanation.changes:
        other = change.other_customer_id
        words = {
            "new": "new",
            "merged": f"{other} was merged into {change.customer_id}",
            "split": f"{other} was split from {change.customer_id}",
            "moved": f"records moved from {other} to {change.customer_id}",
            "retired": "retired",
        }
        because = f": {change.evidence}" if change.evidence else ""
        lines.append(f"  run {change.run:>4}  {words.get(change.kind, change.kind)}{because}")
    since = Counter(record.from_run for record in explanation.records)
    spans = ", ".join(f"{n:,} since run {run}" for run, n in sorted(since.items()))
    tail = [f"  records  {spans}"] if spans else []
    if explanation.left:
        gone = _named([record.name for record in explanation.left], everything=everything)
        tail.append(f"  {counted(len(explanation.left), 'record')} belonged here once: {gone}")
    if explanation.former_ids:
        tail.append(f"  former ids: {', '.join(explanation.former_ids)}")
    return ["History", *few(lines, "change", everything=everything), *tail]
