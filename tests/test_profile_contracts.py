import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from mart_shop import mart_shop
from profile_tables import rows, settings_with

from c360.errors import ContractError
from c360.profile.contract_change import changes_between, promise_of
from c360.profile.contracts import Contract, PromisedColumn, contracts, promised
from c360.profile.model import Model
from c360.profile.models import MODELS
from c360.profile.publication import publish_contracts

ROOT = Path(__file__).resolve().parents[1]
GOLD = {step.table.removeprefix("gold."): step for step in MODELS if step.table.startswith("gold.")}
GRAINS = {mart: step.build.grain for mart, step in GOLD.items() if isinstance(step.build, Model)}
PERSONAL = ("pii", "sensitive")


@pytest.fixture(scope="module")
def gold():
    """Every table and view of the default configuration, none of them empty."""
    context = mart_shop()
    yield context
    context.con.close()


@pytest.fixture
def published(gold):
    """The same with its promises published, for a while."""
    gold.con.execute("begin").fetchall()
    publish_contracts(gold)
    yield gold
    gold.con.execute("rollback").fetchall()


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


def test_a_value_that_a_contract_does_not_name_is_in_no_mart(gold):
    promises = [
        (f"gold.{mart}", column)
        for mart, contract in contracts().items()
        for column in contract.columns
        if column.values or column.between or column.required
    ]
    broken = [
        f"{table}.{column.name}"
        for table, column in promises
        if rows(gold, f"from {table} where {breaks(column)} limit 1")
    ]

    assert len(promises) > 100
    assert broken == []


def breaks(column: PromisedColumn) -> str:
    parts = [f"{column.name} is null"] if column.required else []
    if column.values:
        parts.append(f"{column.name} not in {column.values}")
    if column.between:
        parts.append(f"not {column.name} between {column.between[0]} and {column.between[1]}")
    return " or ".join(parts)


def test_what_is_promised_by_name_is_a_column_of_a_mart():
    names = yaml.safe_load((ROOT / "profile" / "column_promises.yaml").read_text(encoding="utf-8"))
    columns = {column.name for contract in contracts().values() for column in contract.columns}

    assert names.keys() <= columns


@pytest.mark.parametrize("path", sorted(ROOT.glob("data/*/c360.yaml")), ids=lambda p: p.parent.name)
def test_what_a_source_calls_personal_is_personal_in_the_marts(path):
    sources = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"].values()
    personal = {
        attribute
        for source in sources
        for attribute, column in source.get("attributes", {}).items()
        if source["privacy"].get(column) in PERSONAL
    } - {"country"}  # alone it tells nobody apart

    told = {
        f"{mart}.{column.name}"
        for mart, contract in contracts().items()
        for column in contract.columns
        if column.name in personal and column.classification not in PERSONAL
    }
    assert told == set()


def test_a_workspace_promises_its_windows_its_audiences_and_what_it_says_itself():
    settings = settings_with(behaviour_days=30)
    update = {
        "activation": {"winback": {"requires": ["marketing"]}},
        "contracts": {"segment_summary": {"version": 4, "owner": "us"}},
    }
    settings = type(settings).model_validate(settings.model_dump() | update)

    found = promised(settings)

    columns = [column.name for column in found["customer_360"].columns]
    assert "sessions_30d" in columns
    assert "sessions_45d" not in columns
    assert found["activation_winback"].columns == contracts()["activation_candidates"].columns
    assert (found["segment_summary"].version, found["segment_summary"].owner) == (4, "us")
    assert found["segment_summary"].freshness_hours == 24


ID = PromisedColumn("id", "VARCHAR", "who", required=True)
SUM = PromisedColumn("paid", "DECIMAL(9,2)", "how much", between=(0, 100))
TIER = PromisedColumn("tier", "VARCHAR", "which", values=("gold", "silver"))
OLD = Contract("mart", 1, "one row per id", ("id",), "team", 24, (ID, SUM, TIER))


def with_column(column, **changes):
    columns = tuple(replace(c, **changes) if c.name == column else c for c in OLD.columns)
    return replace(OLD, columns=columns)


@pytest.mark.parametrize(
    ("new", "breaking"),
    [
        (replace(OLD, columns=(ID, SUM)), "column tier is gone"),
        (with_column("paid", name="spent"), "column paid is gone"),
        (with_column("paid", type="DECIMAL(8,2)"), "column paid was DECIMAL(9,2) and is DECIMAL"),
        (with_column("paid", type="DECIMAL(9,4)"), "column paid was DECIMAL(9,2) and is DECIMAL"),
        (with_column("paid", type="VARCHAR"), "column paid was DECIMAL(9,2) and is VARCHAR"),
        (with_column("id", type="BIGINT"), "column id was VARCHAR and is BIGINT"),
        (replace(OLD, key=("id", "tier")), "the key was id and is id, tier"),
        (with_column("id", required=False), "column id may be null now"),
        (with_column("tier", values=("gold", "black")), "column tier may be black now"),
        (with_column("tier", values=()), "column tier may have any value now"),
        (with_column("paid", between=(-1, 100)), "column paid may be -1 to 100 now"),
        (with_column("paid", between=None), "column paid may be any number now"),
        (replace(OLD, freshness_hours=25), "it may be 25 hours old and not 24"),
        (None, "the mart is gone"),
    ],
)
def test_a_change_is_breaking_where_readers_relied_on_what_was(new, breaking):
    changes = changes_between("mart", promise_of(OLD), None if new is None else promise_of(new))

    assert changes[0].is_breaking
    assert changes[0].words.startswith(breaking)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (OLD, []),
        (with_column("tier", meaning="what they are"), []),
        (replace(OLD, columns=(TIER, SUM, ID)), []),  # readers go by name
        (
            replace(OLD, columns=(*OLD.columns, PromisedColumn("at", "DATE", "when"))),
            ["column at is new (DATE)"],
        ),
        (
            with_column("paid", type="DECIMAL(18,2)"),
            ["column paid was DECIMAL(9,2) and is DECIMAL(18,2)"],
        ),
        (with_column("tier", required=True), ["column tier is never null now"]),
        (with_column("tier", values=("gold",)), ["column tier is no longer silver"]),
        (with_column("paid", between=(0, 50)), ["column paid may be 0 to 50 now"]),
        (with_column("id", classification="pii"), ["column id was internal and is pii"]),
        (replace(OLD, owner="others"), ["the owner was 'team' and is 'others'"]),
        (replace(OLD, freshness_hours=1), ["it may be 1 hours old and not 24"]),
        (replace(OLD, version=2), []),
    ],
)
def test_a_change_is_compatible_where_what_was_still_holds(new, words):
    changes = changes_between("mart", promise_of(OLD), promise_of(new))

    assert [change.words for change in changes] == words
    assert not any(change.is_breaking for change in changes)


def test_a_build_publishes_what_every_mart_promises(published):
    found = dict(rows(published, "select mart, contract from ops.published_contract"))

    assert found.keys() == contracts().keys()
    assert json.loads(found["rfm"]) == promise_of(contracts()["rfm"])


def test_a_promise_that_is_as_it_was_keeps_its_run(published):
    publish_contracts(replace(published, run=9))

    assert rows(published, "select distinct run from ops.published_contract") == [(7,)]


def told(context, **contracts_told):
    """Return the context with this said of contracts in its configuration."""
    settings = type(context.settings).model_validate(
        context.settings.model_dump() | {"contracts": contracts_told}
    )
    return replace(context, settings=settings, run=8)


def say_published(context, mart, **changes):
    """Let something else have been published of a mart."""
    promise = {**promise_of(contracts()[mart]), **changes}
    context.con.execute(
        "update ops.published_contract set contract = $contract where mart = $mart",
        {"contract": json.dumps(promise), "mart": mart},
    ).fetchall()


LOST = {"type": "BIGINT", "classification": "internal", "required": False}


def test_a_breaking_change_needs_a_raised_version(published):
    columns = {**promise_of(contracts()["rfm"])["columns"], "visits": LOST}
    say_published(published, "rfm", columns=columns)

    with pytest.raises(ContractError, match=r"gold\.rfm: column visits is gone") as caught:
        publish_contracts(published)

    assert caught.value.exit_code == 3
    assert str(caught.value).endswith("contracts:\n  rfm: {version: 2}")
    publish_contracts(told(published, rfm={"version": 2}))
    assert rows(
        published, "select version, run from ops.published_contract where mart = 'rfm'"
    ) == [(2, 8)]


def test_a_compatible_change_is_published_as_it_is(published):
    say_published(published, "rfm", owner="others")

    publish_contracts(replace(published, run=8))

    ((run, contract),) = rows(
        published, "select run, contract from ops.published_contract where mart = 'rfm'"
    )
    assert (run, json.loads(contract)["owner"]) == (8, contracts()["rfm"].owner)


def test_a_mart_that_is_gone_needs_a_version_too(published):
    gone = json.dumps(promise_of(OLD))
    published.con.execute(
        "insert into ops.published_contract values ('activation_old', 1, 3, $contract)",
        {"contract": gone},
    ).fetchall()

    with pytest.raises(ContractError, match=r"gold\.activation_old: the mart is gone"):
        publish_contracts(published)

    publish_contracts(told(published, activation_old={"version": 2}))
    assert rows(published, "from ops.published_contract where mart = 'activation_old'") == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("drop column frequency_score", "gold.rfm: there is no column frequency_score (INTEGER)"),
        (
            "alter rfm_score type bigint",
            "gold.rfm: column rfm_score is BIGINT and not INTEGER",
        ),
    ],
)
def test_a_mart_that_is_not_what_its_contract_promises_is_refused(published, change, problem):
    published.con.execute(f"alter table gold.rfm {change}").fetchall()

    with pytest.raises(ContractError) as caught:
        publish_contracts(told(published, rfm={"version": 9}))

    assert caught.value.broken == (problem,)


@pytest.mark.parametrize(
    "column",
    [
        *("customer_id", "marketing_consent", "personalization_consent", "customer_value_score"),
        *("churn_risk_score", "segment", "retention_priority"),
    ],
)
def test_a_profile_without_a_column_of_the_serving_contract_is_refused_by_its_name(
    published, column
):
    published.con.execute(f"alter table gold.customer_360 drop column {column}").fetchall()

    with pytest.raises(ContractError, match=rf"gold\.customer_360: there is no column {column} "):
        publish_contracts(published)


def test_a_served_row_says_the_version_and_the_age_that_the_workspace_promises(published):
    context = told(published, view_support={"version": 3, "freshness_hours": 2})

    GOLD["view_support"].build(context)

    assert rows(
        context,
        "select distinct contract_version, freshness_promise_minutes from gold.view_support",
    ) == [(3, 120)]
