"""The explanation of a customer as figures for programs: nothing is left out."""

from collections import Counter

from c360.identity.explain_customer import Explanation, Span
from c360.identity.explain_evidence import Value, names_of
from c360.identity.explain_paths import Node
from c360.identity.explain_rulings import decided_figures


def customer_figures(explanation: Explanation) -> dict[str, object]:
    """Return the explanation as nested figures; values are shown as they are to people."""
    return {
        "customer_id": explanation.customer_id,
        "notes": list(explanation.notes),
        "as_of_run": explanation.run,
        "is_identified": explanation.is_identified,
        "first_seen": explanation.first_seen,
        "last_seen": explanation.last_seen,
        "records": _records(explanation),
        "identifiers": _identifiers(explanation),
        "bridges": [_bridge(span) for span in explanation.spans],
        **decided_figures(explanation.decided),
        "history": [
            {
                "run": change.run,
                "kind": change.kind,
                "customer_id": change.customer_id,
                "other_customer_id": change.other_customer_id,
                "evidence": change.evidence,
            }
            for change in explanation.changes
        ],
        "left": [
            {"record": r.name, "from_run": r.from_run, "to_run": r.to_run} for r in explanation.left
        ],
        "former_ids": list(explanation.former_ids),
    }


def _records(explanation: Explanation) -> list[dict[str, object]]:
    names = names_of(explanation.records)
    return [
        {
            "source": record.source,
            "record_id": record.record_id,
            "keyring": record.keyring,
            "resolved_by": record.resolved_by,
            "evidence": record.evidence,
            "confidence": float(record.confidence),
            "from_run": record.from_run,
            "path": [_step(node, names) for node in explanation.routes.get(record.keyring, ())[1:]],
        }
        for record in explanation.records
    ]


def _step(node: Node, names: dict[str, str]) -> dict[str, object]:
    if isinstance(node, Value):
        return {"namespace": node.namespace, "value": node.shown}
    return {"record": names.get(node)}


def _identifiers(explanation: Explanation) -> list[dict[str, object]]:
    own = Counter(record.keyring for record in explanation.records)
    here: Counter[tuple[Value, str]] = Counter()
    for link in explanation.evidence.links:
        here[link.value, link.status] += own[link.keyring]
    told = {(link.value, link.status): link for link in explanation.evidence.links}
    return [
        {
            "namespace": value.namespace,
            "value": value.shown,
            "tier": value.tier,
            "status": status,
            "reason": link.reason,
            "customer_l": link.customer_l,
            "customer_r": link.customer_r,
            "records": here[value, status],
            "records_in_all": explanation.evidence.counts[value].records,
        }
        for (value, status), link in told.items()
    ]


def _bridge(span: Span) -> dict[str, object]:
    return {
        "namespace": span.bridge.value.namespace,
        "value": span.bridge.value.shown,
        "is_weak": span.is_weak,
        "parts": list(span.bridge.parts),
        "sides": [dict(side.sources) for side in span.sides],
    }
