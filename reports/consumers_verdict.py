"""May a consumer use the data: the worst of the checks that concern it, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from c360.consumers import Consumer
from c360.reports.quality_check import QualityCheck, Status, gravest_first
from c360.reports.verdict import worst
from c360.reports.wording import check_threshold, check_value, words

ANSWERS: Mapping[Status, str] = {
    "pass": "Yes",
    "warn": "Yes, with care",
    "fail": "No",
    "info": "Not judged",
}


@dataclass(frozen=True, slots=True)
class ConsumerVerdict:
    """The answer for a consumer. `concerns` are checks that fail or warn, the gravest first."""

    name: str
    consumer: Consumer
    status: Status
    reason: str
    judged: int
    concerns: tuple[QualityCheck, ...]

    @property
    def title(self) -> str:
        """What people call the consumer."""
        return self.consumer.title or self.name

    @property
    def answer(self) -> str:
        """The status in words."""
        return ANSWERS[self.status]


@dataclass(frozen=True, slots=True)
class AgePromise:
    """How old the marts of a consumer are, in hours, and how old they may be."""

    title: str
    owner: str
    age_hours: Decimal | None
    most_hours: float
    status: Status


def age_promises(
    checks: Sequence[QualityCheck], consumers: Mapping[str, Consumer]
) -> tuple[AgePromise, ...]:
    """Return what each consumer was promised; none where no check measures an age."""
    measured = {check.metric: check for check in checks if check.family == "consumers"}
    found = ((each, measured.get(f"{name}_age_hours")) for name, each in consumers.items())
    return tuple(
        AgePromise(each.title, each.owner, check.value, each.freshness_hours, check.status)
        for each, check in found
        if check is not None
    )


def consumer_verdicts(
    checks: Sequence[QualityCheck], consumers: Mapping[str, Consumer]
) -> tuple[ConsumerVerdict, ...]:
    """Return the verdict of each consumer; none where no check names whom it concerns."""
    if not any(check.consumers for check in checks):
        return ()
    return tuple(_verdict(name, consumer, checks) for name, consumer in consumers.items())


def _verdict(name: str, consumer: Consumer, checks: Sequence[QualityCheck]) -> ConsumerVerdict:
    own = [check for check in checks if name in check.consumers and check.status != "info"]
    concerns = gravest_first(check for check in own if check.status in ("fail", "warn"))
    return ConsumerVerdict(
        name, consumer, worst(own), _reason(own, concerns), len(own), tuple(concerns)
    )


def _reason(own: Sequence[QualityCheck], concerns: Sequence[QualityCheck]) -> str:
    if not own:
        return "No check concerns it."
    if not concerns:
        return "The check of it passes." if len(own) == 1 else f"All {len(own)} checks of it pass."
    first = concerns[0]
    rest = f"; {len(concerns) - 1:,} more" if len(concerns) > 1 else ""
    return f"{words(first.metric)}: {check_value(first)} ({check_threshold(first)}){rest}"
