import pytest
from profile_tables import build, empty_context, rows

from c360.profile.contracts import contracts
from c360.profile.model import Model
from c360.profile.models import MODELS

GOLD = {step.table.removeprefix("gold."): step for step in MODELS if step.table.startswith("gold.")}
GRAINS = {mart: step.build.grain for mart, step in GOLD.items() if isinstance(step.build, Model)}


@pytest.fixture(scope="module")
def gold():
    """Every table and view of the default configuration, without rows."""
    context = empty_context()
    build(context)
    yield context
    context.con.close()


def test_every_mart_has_a_contract_and_every_contract_a_mart():
    assert contracts().keys() == GOLD.keys()


@pytest.mark.parametrize("mart", GOLD)
def test_a_mart_has_the_columns_that_its_contract_promises(gold, mart):
    built = [(name, type_) for name, type_, *_ in rows(gold, f"describe gold.{mart}")]

    assert [(column.name, column.type) for column in contracts()[mart].columns] == built


@pytest.mark.parametrize("mart", GOLD)
def test_a_contract_says_what_every_column_means(mart):
    assert [c.name for c in contracts()[mart].columns if not c.meaning.strip()] == []


@pytest.mark.parametrize("mart", GOLD)
def test_a_contract_says_what_one_row_is_whose_it_is_and_how_old_it_may_be(mart):
    contract = contracts()[mart]

    assert contract.grain.startswith("one row per ")
    assert contract.owner
    assert contract.version >= 1
    assert contract.freshness_hours > 0


@pytest.mark.parametrize(("mart", "grain"), GRAINS.items())
def test_the_key_of_a_contract_is_the_grain_of_its_model(mart, grain):
    assert contracts()[mart].key == grain
