"""`c360 contract`, and the gate of `c360 build`, as people meet them."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from shop_workspace import SHOP, c360, configure, files, lay_out, query, resolve

from c360.config import Settings
from c360.profile.contract_change import promise_of
from c360.profile.contracts import contracts, promised
from c360.reports.contract_lint import mart_problems
from c360.reports.contract_quality import canonical_rules

ORDERS = SHOP["sources"]["orders"]
CRM = SHOP["sources"]["crm"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = lay_out(tmp_path_factory.mktemp("contract") / "shop")
    resolve(folder)
    assert c360("build", folder).exit_code == 0
    return folder


def copy(folder, place):
    return Path(shutil.copytree(folder, place / "copy"))


def with_sources(**sources):
    return {"sources": SHOP["sources"] | sources}


def lint(folder, **sections):
    """Return what lint says of a configuration with these sections."""
    lay_out(folder, **sections)
    ran = c360("contract lint --json", folder)
    found = ran.figures()["problems"]
    assert ran.exit_code == (3 if found else 0)
    return found


def test_the_contracts_of_a_shop_are_whole(tmp_path):
    assert lint(tmp_path) == []


@pytest.mark.parametrize(
    "key", ["owner", "grain", "key", "event_time", "update", "lateness", "privacy", "replay"]
)
def test_every_part_of_a_source_contract_must_be_there(tmp_path, key):
    lacking = {k: v for k, v in CRM.items() if k != key}

    (problem,) = lint(tmp_path, **with_sources(crm=lacking))

    assert problem.endswith(f"c360.yaml: sources.crm.{key}: is required")


def test_all_problems_are_told_at_once(tmp_path):
    found = lint(
        tmp_path,
        **with_sources(
            crm=CRM | {"owner": " ", "key": "contact"},
            orders=ORDERS | {"privacy": {"phone": "pii"}},
        ),
        contracts={"customer_365": {"owner": "us"}},
        consumers={
            "desk": {"reads": ["gold.tickets"]},
            "shop": {"reads": ["gold.rfm"], "freshness_hours": 1},
        },
    )

    assert [problem.split(";")[0].split(" (")[0] for problem in found] == [
        "sources.crm.owner: is blank",
        "sources.crm: data/raw/crm.csv has no column 'contact'",
        "sources.orders: data/raw/orders.csv has no column 'phone'",
        "contracts.customer_365: no such mart",
        "consumers.desk.reads: no such mart gold.tickets",
        "consumers.shop: wants gold.rfm at most 1 h old, and its contract promises 24 h",
    ]


def test_a_feed_that_is_not_there_is_told(tmp_path):
    lay_out(tmp_path)
    (tmp_path / "data" / "raw" / "crm.csv").unlink()

    ran = c360("contract lint", tmp_path)

    assert ran.exit_code == 3
    assert "sources.crm" in ran.output


SETTINGS = Settings.model_validate(SHOP)


def without(mart, column):
    contract = contracts()[mart]
    kept = tuple(each for each in contract.columns if each.name != column)
    return promised(SETTINGS) | {mart: replace(contract, columns=kept)}


@pytest.mark.parametrize("mart", [mart for mart, each in contracts().items() if each.is_served])
@pytest.mark.parametrize("consent", ["marketing_consent", "personalization_consent"])
def test_what_applications_read_says_both_consents(mart, consent):
    found = list(mart_problems(SETTINGS, without(mart, consent), {}, {}))

    assert f"gold.{mart}: applications read it, and it lacks {consent}" in found


@pytest.mark.parametrize(
    "column",
    [
        *("customer_id", "marketing_consent", "personalization_consent", "customer_value_score"),
        *("churn_risk_score", "segment", "retention_priority"),
    ],
)
@pytest.mark.parametrize("mart", ["customer_360", "serving_profile"])
def test_the_serving_contract_lacks_no_column(mart, column):
    found = list(mart_problems(SETTINGS, without(mart, column), {}, {}))

    assert (
        f"gold.{mart}: its contract lacks {column}, which readers rely on"
        " (serving_contract_missing_columns)"
    ) in found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"owner": ""}, "gold.rfm: its contract has no owner"),
        ({"key": ()}, "gold.rfm: its contract has no key"),
        ({"key": ("card",)}, "gold.rfm: its key card is no column (it has customer_id,"),
        (
            {"columns": (replace(contracts()["rfm"].columns[0], type="TEXT9"),)},
            "gold.rfm.customer_id: 'TEXT9' is no type",
        ),
    ],
)
def test_a_contract_names_owner_key_and_types(change, problem):
    changed = promised(SETTINGS) | {"rfm": replace(contracts()["rfm"], **change)}

    (found,) = mart_problems(SETTINGS, changed, {}, {})

    assert found.startswith(problem)


def test_what_is_built_is_held_against_the_contracts():
    built = {"kpi_summary": {"metric": "DATE"}}

    (found, *_) = mart_problems(SETTINGS, promised(SETTINGS), built, {})

    assert found == ("gold.kpi_summary: column metric is DATE and not VARCHAR; run `c360 build`")


def test_what_was_published_last_and_is_promised_still_must_be_built():
    promises = promised(SETTINGS)
    published = {mart: promise_of(contract) for mart, contract in promises.items()}
    lacking = {each.name: each.type for each in promises["service"].columns[1:]}

    found = list(mart_problems(SETTINGS, promises, {"service": lacking}, published))

    assert found == ["gold.service: there is no column customer_id (VARCHAR); run `c360 build`"]


def test_what_the_next_build_makes_is_no_problem_before_it(built, tmp_path):
    folder = copy(built, tmp_path)
    raised = {mart: {"version": 2} for mart in ("customer_360", "service")}
    configure(folder, rules={"service_days": 90}, contracts=raised)

    assert c360("contract diff", folder).exit_code == 0
    assert c360("contract lint --json", folder).figures()["problems"] == []


def test_of_a_mart_that_is_gone_it_is_said_that_there_is_none_now(built, tmp_path):
    folder = copy(built, tmp_path)
    configure(folder, activation={"news": {"requires": ["marketing"]}})
    assert c360("build", folder).exit_code == 0
    configure(folder)

    told = c360("contract diff", folder).output

    assert "activation_news: version 1 was published, there is no such mart now\n" in told


def test_a_contract_is_shown_in_the_standard(built):
    of_source, of_mart = c360("contract show crm", built), c360("contract show gold.rfm", built)

    assert yaml.safe_load(of_source.output)["team"] == {"name": "a team"}
    assert yaml.safe_load(of_mart.output)["schema"][0]["physicalName"] == "gold.rfm"
    assert c360("contract show rfm --json", built).figures()["kind"] == "DataContract"


def test_what_is_checked_of_canonical_columns_is_a_rule_that_can_be_asked(built):
    returns = ORDERS | {"entity": "returns", "select": {"amount_usd": "amount"}}
    settings = Settings.model_validate(SHOP | with_sources(orders=returns))

    (rule,) = canonical_rules(settings, "orders")

    assert (rule["name"], rule["severity"]) == ("amount_usd_is_valid", "warning")
    assert query(built, str(rule["query"])) == [(0,)]


def test_of_a_name_that_is_no_contract_the_likely_one_is_told(built):
    ran = c360("contract show customer_36", built)

    assert ran.exit_code == 1
    assert "did you mean 'customer_360'?" in ran.error


def test_every_contract_is_exported(built, tmp_path):
    ran = c360("contract export --json", built, "--out", tmp_path)

    names = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.yaml")}
    assert names == {
        *(f"sources/{name}.odcs.yaml" for name in SHOP["sources"]),
        *(f"gold/{mart}.odcs.yaml" for mart in contracts()),
    }
    assert len(ran.figures()["contracts"]) == len(names)


def test_nothing_is_another_after_a_build(built):
    ran = c360("contract diff", built)

    assert (ran.exit_code, ran.output) == (0, "Every mart promises what was published last\n")


def test_before_a_build_the_message_names_the_command(tmp_path):
    folder = lay_out(tmp_path)
    c360("ingest", folder)

    assert "`c360 build`" in c360("contract diff", folder).error


def test_a_change_of_promises_is_told_as_breaking_or_compatible(built, tmp_path):
    folder = copy(built, tmp_path)
    configure(
        folder,
        rules={"service_days": 90},
        activation={"news": {"requires": ["marketing"]}},
        contracts={"rfm": {"owner": "us"}, "service": {"version": 2}},
    )

    ran = c360("contract diff --json", folder)

    told = ran.figures()
    assert ran.exit_code == 3
    assert told["new"] == ["activation_news"]
    assert told["unraised"] == ["customer_360"]
    assert {(c["mart"], c["change"]) for c in told["changes"] if c["is_breaking"]} == {
        ("customer_360", "column support_tickets_120d is gone"),
        ("service", "column support_tickets_120d is gone"),
    }
    assert ("rfm", "the owner was 'data-product-team' and is 'us'") in {
        (c["mart"], c["change"]) for c in told["changes"]
    }
    assert c360("contract diff rfm", folder).exit_code == 0


def test_a_build_that_would_break_readers_publishes_nothing_until_the_version_is_raised(
    built, tmp_path
):
    folder = copy(built, tmp_path)
    published = "select max(run) from ops.published_contract"
    before = files(folder / "data" / "gold"), query(folder, published)
    configure(folder, rules={"service_days": 90})

    refused = c360("build", folder)

    assert refused.exit_code == 3
    assert "gold.service: column support_tickets_120d is gone" in refused.error
    assert (files(folder / "data" / "gold"), query(folder, published)) == before
    held = "select command, broken from ops.held_run join ops.run using (run) order by broken"
    assert query(folder, held) == [
        ("build (held)", "gold.customer_360: column support_tickets_120d is gone"),
        ("build (held)", "gold.service: column support_tickets_120d is gone"),
    ]
    raised = yaml.safe_load(refused.error[refused.error.index("contracts:\n") :])
    configure(folder, rules={"service_days": 90}, **raised)
    assert c360("build", folder).exit_code == 0
    assert query(folder, "select version from ops.published_contract where mart = 'service'") == [
        (2,)
    ]
