from decimal import Decimal

import pytest

from c360.consumers import Consumer
from c360.reports.consumers_verdict import age_promises, consumer_verdicts
from c360.reports.quality_check import QualityCheck, Severity, Status
from c360.reports.verdict import verdict_of

KNOWN = {
    "web": Consumer(title="Website", reads=("gold.customer_360",), freshness_hours=2),
    "desk": Consumer(reads=("gold.view_support",)),
}


def a_check(
    metric: str,
    status: Status,
    *consumers: str,
    family: str = "money",
    severity: Severity | None = None,
) -> QualityCheck:
    return QualityCheck(
        family, metric, Decimal(3), "at most 0", status, "", severity, consumers=list(consumers)
    )


@pytest.mark.parametrize(
    ("statuses", "answer"),
    [
        (["pass", "pass"], "Yes"),
        (["pass", "warn"], "Yes, with care"),
        (["warn", "fail"], "No"),
        (["info"], "Not judged"),
        ([], "Not judged"),
    ],
)
def test_the_worst_check_that_concerns_a_consumer_gives_its_answer(statuses, answer):
    checks = [a_check(f"c{n}", status, "web") for n, status in enumerate(statuses)]

    verdict, *_ = consumer_verdicts([*checks, a_check("other", "fail", "desk")], KNOWN)

    assert (verdict.title, verdict.answer) == ("Website", answer)


def test_the_reason_is_the_gravest_check_and_how_many_there_are_beside_it():
    checks = [
        a_check("late_rows", "warn", "web"),
        a_check("lost_rows", "fail", "web"),
        a_check("sound_rows", "pass", "web"),
    ]

    verdict, *_ = consumer_verdicts(checks, KNOWN)

    assert verdict.reason == "lost rows: 3 (at most 0); 1 more"


def test_a_critical_check_is_graver_than_an_error_that_stands_before_it():
    checks = [
        a_check("lost_rows", "fail", "web"),
        a_check("twin_count", "fail", "web", severity="critical"),
    ]

    verdict, *_ = consumer_verdicts(checks, KNOWN)

    assert verdict.reason == "twin count: 3 (at most 0); 1 more"
    assert [check.metric for check in verdict.concerns] == ["twin_count", "lost_rows"]
    assert verdict_of(checks, None).improvement.startswith("Mend `twin_count`")


def test_the_threshold_of_a_share_is_in_percent_as_its_value_is():
    late = QualityCheck(
        "loading",
        "late_share",
        Decimal("0.278"),
        "warn from 0.001, fail from 0.05",
        "fail",
        "",
        unit="share",
        consumers=["web"],
    )

    verdict, *_ = consumer_verdicts([late], KNOWN)

    assert verdict.reason == "late share: 27.8 % (warn from 0.1 %, fail from 5 %)"


@pytest.mark.parametrize(
    ("statuses", "sentence"),
    [
        (["fail", "pass"], "1 check of 2 failed. Mend what it names before anybody uses the data."),
        (["warn", "warn"], "No check failed; 2 checks of 2 warned. Read what they say first."),
    ],
)
def test_the_verdict_is_a_sentence_whatever_its_number(statuses, sentence):
    checks = [a_check(f"c{n}", status) for n, status in enumerate(statuses)]

    assert verdict_of(checks, None).sentence == sentence


def test_where_no_check_names_anybody_there_are_no_verdicts():
    assert consumer_verdicts([a_check("lost_rows", "fail")], KNOWN) == ()


def test_a_promise_of_age_is_what_the_check_of_the_consumer_says():
    (promise,) = age_promises([a_check("web_age_hours", "warn", family="consumers")], KNOWN)

    assert (promise.age_hours, promise.most_hours, promise.status) == (3, 2, "warn")
