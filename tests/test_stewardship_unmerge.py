"""`c360 unmerge` and `c360 merge`: what is shown, what is recorded, and that it holds for ever."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from shop_workspace import (
    c360,
    configure,
    customer_of,
    files,
    lay_out,
    people,
    query,
    resolve,
)
from sources_shop import write
from typer.testing import CliRunner

from c360 import cli

ROOT = Path(__file__).resolve().parents[1]
DECIDED = ("--why", "two people", "--by", "eve")
HOUSEHOLD = """
    contact_id,card,email,born,updated_at
    C1,K1,lee@shop.example,,2026-01-01
    C2,,lee@shop.example,,2026-01-01
    """
"""A mother with a card and her son, who give one address."""

CARD_ORDERS = """
    order_id,card,email,ordered_at,amount
    O1,K1,,2026-01-02,10.00
    O2,K1,,2026-01-03,10.00
    O3,,lee@shop.example,2026-01-04,10.00
    """
A_VISIT = """
    visit_id,email,device,seen_at
    V1,,tablet,2026-01-05
    """


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("resolved")
    household = lay_out(folder / "household")
    for name, text in (("crm", HOUSEHOLD), ("orders", CARD_ORDERS), ("visits", A_VISIT)):
        write(household, f"{name}.csv", text)
    workspaces = {"shop": lay_out(folder / "shop"), "household": household}
    for workspace in workspaces.values():
        resolve(workspace)
    assert people(household) == {"C1 C2 O1 O2 O3", "V1"}
    return workspaces


@pytest.fixture
def shop(resolved: dict[str, Path], tmp_path: Path) -> Path:
    """Ann (C1 O1 V1 V2), Bob (C2 O2 V3 V4), Cy (C3 O3), Dee (O4) and Eve (V5)."""
    return Path(shutil.copytree(resolved["shop"], tmp_path / "shop"))


@pytest.fixture
def household(resolved: dict[str, Path], tmp_path: Path) -> Path:
    """Return the workspace in which mother and son are one customer."""
    return Path(shutil.copytree(resolved["household"], tmp_path / "household"))


def decided(folder: Path, *words: str) -> str:
    """Run a command that records a decision, and return the id of the decision."""
    ran = c360("", folder, *words, *DECIDED, "--json")
    assert ran.exit_code == 0, ran
    return str(ran.figures()["decision_id"])


def decisions(folder: Path) -> int:
    (row,) = query(folder, "select count(*) from stewardship.decision")
    return int(row[0])


def test_an_unmerged_customer_is_two_and_the_larger_half_keeps_the_id(shop):
    ann = customer_of(shop, "C1")

    decided(shop, "unmerge", "crm:C1")
    resolve(shop)

    assert people(shop) == {"C1 O1 V1", "V2", "C2 O2 V3 V4", "C3 O3", "O4", "V5"}
    assert customer_of(shop, "C1") == ann != customer_of(shop, "V2")


def test_what_the_cut_goes_through_stays_with_the_half_that_it_holds_together(household):
    decided(household, "unmerge", "crm:C1", "--between", "crm:C1", "--and", "crm:C2")
    resolve(household)

    assert people(household) == {"C1 O1 O2 O3", "C2", "V1"}


def test_an_anchor_of_the_cut_stays_where_a_master_record_carries_it(shop):
    decided(shop, "unmerge", "crm:C2", "--between", "crm:C2", "--and", "orders:O2")
    resolve(shop)
    write(shop, "orders2.csv", "order_id,card,email,ordered_at,amount\nO9,K2,,2026-01-09,1.00")
    resolve(shop)

    assert people(shop) >= {"C2 O9 V3 V4", "O2"}


def test_one_of_records_that_carry_the_same_can_be_taken_out(household):
    decided(household, "unmerge", "crm:C1", "--between", "crm:C1", "--and", "orders:O2")
    resolve(household)

    assert people(household) == {"C1 C2 O1 O3", "O2", "V1"}


def test_a_half_that_nothing_holds_but_the_cut_says_so(household):
    words = "unmerge crm:C1 --between crm:C1 --and orders:O1"

    ran = c360(words, household, *DECIDED, "--json")

    assert ran.figures()["left"]["groups"] == [4]
    assert ran.figures()["right"]["groups"] == [1]


def test_an_end_that_is_a_value_stands_for_the_records_that_carry_it(shop):
    decided(shop, "unmerge", "crm:C1", "--between", "card:K1", "--and", "visits:V2")
    resolve(shop)

    assert people(shop) >= {"C1 O1 V1", "V2"}


@pytest.mark.parametrize("how", ["again", "--full", "other rules", "new data", "records restated"])
def test_an_unmerge_survives(shop, how):
    decided(shop, "unmerge", "crm:C1", "--between", "crm:C1", "--and", "orders:O1")
    resolve(shop)
    apart = people(shop)

    if how == "other rules":
        configure(shop, guards={"generic_after": 40})
    if how == "new data":
        write(
            shop,
            "orders2.csv",
            "order_id,card,email,ordered_at,amount\nO9,K1,ann@shop.example,2026-01-09,1",
        )
    if how == "records restated":
        write(
            shop,
            "crm2.csv",
            "contact_id,card,email,born,updated_at\nC1,K1,ann@shop.example,,2026-01-08",
        )
    resolve(shop, *(["--full"] if how == "--full" else []))

    assert customer_of(shop, "C1") != customer_of(shop, "O1")
    if how in {"again", "--full"}:
        assert people(shop) == apart


def test_a_revoked_unmerge_restores_the_customer(shop):
    whole = people(shop)
    decision_id = decided(shop, "unmerge", "crm:C1")
    resolve(shop)

    ran = c360(f"review revoke {decision_id}", shop, "--why", "a mistake", "--by", "eve")
    assert ran.exit_code == 0, ran
    resolve(shop)

    assert people(shop) == whole


def test_a_plan_shows_what_resolve_would_make_of_it_and_writes_nothing(shop):
    before = files(shop)

    ran = c360("unmerge crm:C1 --plan --json", shop)

    assert ran.figures()["plan"]["changes"]["split"] == 1
    after = files(shop)
    csv = after.pop("reports/unmerge_plan.csv").decode()
    assert "split" in csv
    assert after == before


def test_without_why_and_by_nothing_is_recorded(shop):
    ran = c360("unmerge crm:C1", shop)

    assert ran.exit_code == 2
    assert "--why and --by" in ran.error


def test_the_decision_names_records_and_anchors_and_is_in_the_file(household):
    decided(household, "unmerge", "crm:C1", "--between", "crm:C1", "--and", "crm:C2")

    ((kind, left, right, anchors, engine, reason, by),) = query(
        household,
        "select kind, records_l, records_r, identifiers_l, engine, reason, decided_by"
        " from stewardship.decision",
    )
    assert (kind, engine, reason, by) == ("keep_apart", "together", "two people", "eve")
    assert left == ["crm:C1", "orders:O1", "orders:O2", "orders:O3"]
    assert right == ["crm:C2"]
    assert anchors[0] == "card:K1"
    assert "lee@" not in str(anchors)
    assert "keep_apart" in (household / "data/stewardship/decisions.csv").read_text()


def test_the_text_names_the_cut_and_both_halves_and_no_contact_data(household):
    ran = c360("unmerge crm:C1 --between crm:C1 --and crm:C2", household, *DECIDED)

    assert re.search(
        r"contact +email \w{8}…: on 2 left, 1 right; stays with the left\n", ran.output
    )
    assert f"Left, keeps the id {customer_of(household, 'C1')}" in ran.output
    assert "orders       3  O1, O2, O3" in ran.output
    assert "@" not in ran.output


def test_a_cut_through_a_merge_says_which_decision_it_contradicts(shop):
    merged = decided(shop, "merge", "crm:C1", "crm:C3")
    resolve(shop)
    assert people(shop) >= {"C1 C3 O1 O3 V1 V2"}

    ran = c360("unmerge crm:C1 --between crm:C1 --and crm:C3", shop, *DECIDED)
    resolve(shop)

    assert f"`c360 review revoke {merged}`" in ran.output
    assert people(shop) >= {"C1 O1 V1 V2", "C3 O3"}


def test_what_people_joined_is_cut_last(shop):
    decided(shop, "merge", "crm:C1", "orders:O4")
    resolve(shop)

    ran = c360("unmerge crm:C1 --between orders:O4 --and visits:V2 --json", shop, *DECIDED)

    assert [each["namespace"] for each in ran.figures()["cut"]] == ["device"]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("unmerge crm:C1 --between crm:C1 --and crm:C2", "crm:C2 is not part of c"),
        ("unmerge crm:C1 --between card:K1 --and crm:C1", "are both on crm:C1"),
        ("unmerge crm:C1 --between crm:C1 --and crm:C1", "are both on crm:C1"),
        ("unmerge orders:O4", "say who is who: --between RECORD --and RECORD"),
        ("unmerge crm:C9", "crm has no record 'C9'"),
        ("merge crm:C1 orders:O1", "crm:C1 and orders:O1 are one customer already"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_the_reason(shop, words, problem):
    ran = c360(words, shop, *DECIDED)

    assert ran.exit_code == 1
    assert problem in ran.error
    assert decisions(shop) == 0


@pytest.mark.parametrize(
    "words", ["unmerge crm:C1", "unmerge crm:C1 --plan", "merge crm:C1 crm:C2"]
)
def test_nothing_can_be_decided_before_it_is_resolved(tmp_path, words):
    folder = lay_out(tmp_path)
    assert c360("ingest", folder).exit_code == 0

    assert "run `c360 resolve` first" in c360(words, folder, *DECIDED).error


def test_a_decision_that_no_run_has_obeyed_is_not_made_again(shop):
    decision_id = decided(shop, "unmerge", "crm:C1")

    ran = c360("unmerge crm:C1", shop, *DECIDED)

    assert ran.exit_code == 1
    assert decision_id in ran.error
    assert "run `c360 resolve` first" in ran.error


def test_a_decision_above_the_limit_waits_for_a_second(shop):
    configure(shop, stewardship={"two_person_above": 1})
    words = "unmerge crm:C3 --between crm:C3 --and orders:O3"
    assert c360("build", shop).exit_code == 0

    ran = c360(words, shop, *DECIDED)
    resolve(shop)

    assert "`c360 resolve` obeys it once somebody confirms it" in ran.output
    assert people(shop) >= {"C3 O3"}
    assert "awaits its second" in c360(words, shop, *DECIDED).error


def test_merged_customers_are_one_for_good(shop):
    decided(shop, "merge", "orders:O4", "visits:V5")
    resolve(shop)
    resolve(shop, "--full")

    assert people(shop) >= {"O4 V5"}


def test_a_merge_tells_which_guards_it_overrides(shop):
    ran = c360("merge crm:C1 crm:C2", shop, *DECIDED)
    resolve(shop)

    assert "Guards that it overrides\n  card: 2 values, at most 1" in ran.output
    assert people(shop) >= {"C1 C2 O1 O2 V1 V2 V3 V4"}


def test_a_merge_of_what_a_decision_keeps_apart_is_refused(shop):
    decision_id = decided(shop, "unmerge", "crm:C1")
    resolve(shop)

    ran = c360("merge crm:C1 visits:V2", shop, *DECIDED)

    assert ran.exit_code == 1
    assert f"keep_apart {decision_id} of eve keeps apart; revoke that first" in ran.error


def test_the_examples_of_the_documentation_are_true(tmp_path, monkeypatch):
    page = (ROOT / "docs" / "unmerge.md").read_text(encoding="utf-8")
    (configuration,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.M | re.S)
    feeds = re.findall(r"^`(\S+\.csv)`\n\n```csv\n(.*?)^```$", page, re.M | re.S)
    examples = re.findall(r"^```text\n\$ c360 (.*?)\n(.*?)^```$", page, re.M | re.S)
    for name, text in [("c360.yaml", configuration), *feeds]:
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)

    assert len(examples) == 9
    for words, told in examples:
        assert CliRunner().invoke(cli.app, shlex.split(words)).stdout == told
