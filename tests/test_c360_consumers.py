"""Who relies on the marts."""

import pytest

from c360.consumers import BUILT_IN, Consumer, consumer_problems, consumers
from c360.profile.contracts import contracts
from c360.reports.concern import concerned, upstream


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_consumer_waits_as_long_as_the_contract_of_its_view_says(name):
    consumer = BUILT_IN[name]
    promised = {
        contracts()[table.removeprefix("gold.")].freshness_hours for table in consumer.reads
    }

    assert promised == {consumer.freshness_hours}


def test_what_the_configuration_says_of_a_built_in_one_replaces_that_part():
    told = consumers({"website": Consumer(freshness_hours=2), "marketing": None})

    assert told["website"].freshness_hours == 2
    assert told["website"].reads == ("gold.view_personalization",)
    assert "marketing" not in told


def test_marketing_reads_every_audience():
    assert "gold.activation_summer" in consumers({}, ("gold.activation_summer",))["marketing"].reads


def test_a_consumer_that_reads_nothing_and_one_that_is_not_there_are_told():
    problems = consumer_problems({"board": Consumer(), "nobody": None})

    assert [each.split(":")[0] for each in problems] == [
        "consumers.board.reads",
        "consumers.nobody",
    ]


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("gold.view_support", ["support"]),
        ("gold.activation_candidates", ["marketing"]),
        ("identity.customer", ["board", "marketing", "retention", "support", "website"]),
        ("gold.segment_summary", ["board"]),
        ("silver.stores", []),
        ("ops.load", []),
    ],
)
def test_a_table_concerns_those_who_read_what_is_made_of_it(table, names):
    known = consumers({"board": Consumer(reads=("gold.segment_summary",))})

    assert concerned([table], known) == names


def test_an_audience_is_made_of_what_the_candidates_are_made_of():
    assert "silver.consents" in upstream("gold.activation_summer")
