"""The explanation of a pair as text for people and as figures for programs."""

from collections.abc import Iterable, Mapping

from c360.identity.explain_customer_text import UNCONNECTED, path_text
from c360.identity.explain_decisions import Decision, because, decision_figures, is_decision
from c360.identity.explain_evidence import Link, Value
from c360.identity.explain_pair import DEAD, PairExplanation
from c360.identity.explain_reference import Subject

_WAITING = "; it waits for the next `c360 resolve`"


def pair_text(pair: PairExplanation) -> str:
    """Return the explanation as paragraphs, each with a head that is not indented."""
    paragraphs = [_joined(pair) if pair.is_joined else _apart(pair)]
    if len(pair.path) > 1:
        blocked = [link.value for link in pair.blocked]
        head = "Path" if pair.run is None else "Path, as it is now"
        paragraphs.append([head, f"  {path_text(pair.path, pair.names, blocked)}"])
    if pair.hinges:
        names = ", ".join(value.name for value in pair.hinges)
        paragraphs.append(["What it hangs on", f"  without one of these they are apart: {names}"])
    if pair.conflicts:
        paragraphs.append(
            ["As one customer they would break guards"]
            + [f"  {c.guard}: {c.count} values, at most {c.most}" for c in pair.conflicts]
        )
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


def pair_figures(pair: PairExplanation) -> dict[str, object]:
    """Return the explanation for programs."""
    return {
        "left": _subject(pair.left),
        "right": _subject(pair.right),
        "is_joined": pair.is_joined,
        "as_of_run": pair.run,
        "path": [
            {"namespace": node.namespace, "value": node.shown}
            if isinstance(node, Value)
            else {"record": pair.names.get(node)}
            for node in pair.path
        ],
        "blocked_at": [_link(link) for link in pair.blocked],
        "hinges": [{"namespace": v.namespace, "value": v.shown} for v in pair.hinges],
        "common_values": [_link(link) for link in pair.common],
        "conflicts": [
            {"guard": c.guard, "values": c.count, "at_most": c.most} for c in pair.conflicts
        ],
        "decisions": [decision_figures(decision) for decision in pair.decided],
        "is_searched": pair.is_searched,
    }


def _joined(pair: PairExplanation) -> list[str]:
    lines = [f"{pair.left.name} and {pair.right.name} are one customer: {pair.left.customer_id}"]
    lines += _notes(pair)
    lines += _ruled(pair)
    if not pair.path:
        lines.append(f"  {UNCONNECTED}")
    elif len(pair.path) == 1 and pair.common:
        lines.append(f"  they carry the same: {_named(pair.common)}")
    return lines


def _apart(pair: PairExplanation) -> list[str]:
    lines = [f"{pair.left.name} and {pair.right.name} are not one customer", *_notes(pair)]
    for subject in (pair.left, pair.right):
        if subject.kind != "customer":
            whose = subject.customer_id or "no customer"
            lines.append(f"  {subject.name} belongs to {whose}")
    lines += _ruled(pair)
    ruled = {decision.decision_id for decision in pair.decided if decision.kind == "keep_apart"}
    untold = {key: each for key, each in pair.known.items() if key not in ruled}
    is_value = "identifier" in {pair.left.kind, pair.right.kind}
    lines += [
        f"  {_subject_of(link, is_value=is_value, pair=pair)} {_why(link, untold)}"
        for link in pair.common
    ]
    told = {link.value for link in pair.common}
    lines += [
        f"  they are connected by {link.value.name}, which {_why(link, untold)}"
        for link in pair.blocked
        if link.value not in told
    ]
    if not pair.common:
        lines.append(f"  they share no value{_beyond(pair)}")
    return lines


def _beyond(pair: PairExplanation) -> str:
    if pair.path:
        return " themselves"
    if pair.left.status in DEAD or pair.right.status in DEAD:
        return ""
    if pair.is_searched:
        return ", and no chain of values through other records connects them"
    return ", and no chain of values that was followed through other records connects them"


def _ruled(pair: PairExplanation) -> list[str]:
    """Return what was decided about the two, beside what links tell."""
    lines = []
    for each in pair.decided:
        waits = each.is_in_force and not each.is_obeyed
        match each.kind:
            case "merge" if waits:
                lines.append(f"  to be joined by {each.name} {each.told}{_WAITING}")
            case "merge" if pair.is_joined:
                lines.append(f"  joined by {each.name} {each.told}")
            case "keep_apart":
                kept = "to be kept" if waits and pair.is_joined else "kept"
                lines.append(
                    f"  {kept} apart by {each.name} {each.told}{_WAITING if waits else ''}"
                )
            case "defer":
                lines.append(f"  put off by {each.name} {each.told}")
            case _ if waits:
                lines.append(f"  a value is ruled out by {each.name} {each.told}{_WAITING}")
            case _:
                pass
    return lines


def _subject_of(link: Link, *, is_value: bool, pair: PairExplanation) -> str:
    if is_decision(link):
        decision = pair.known.get(link.value.value)
        return f"{link.value.name}{f' {decision.told}' if decision else ''} to join them"
    return "the value" if is_value else f"they share {link.value.name}, which"


def _why(link: Link, known: Mapping[str, Decision]) -> str:
    if link.status in {"joined", "alone"}:
        return "joins others"
    between = (
        f"; it could not bring together {link.customer_l} and {link.customer_r}"
        if link.customer_l and link.customer_r
        else ""
    )
    return f"is {link.status} because {because(link.reason, known)}{between}"


def _notes(pair: PairExplanation) -> list[str]:
    notes = [subject.note for subject in (pair.left, pair.right) if subject.note]
    if pair.run is not None:
        notes.append(f"customers as of run {pair.run}; what became of values is told as it is now")
    return [f"  {note}" for note in dict.fromkeys(notes)]


def _named(links: Iterable[Link]) -> str:
    return ", ".join(link.value.name for link in links)


def _subject(subject: Subject) -> dict[str, object]:
    return {"kind": subject.kind, "name": subject.name, "customer_id": subject.customer_id}


def _link(link: Link) -> dict[str, object]:
    return {
        "namespace": link.value.namespace,
        "value": link.value.shown,
        "status": link.status,
        "reason": link.reason,
        "customer_l": link.customer_l,
        "customer_r": link.customer_r,
    }
