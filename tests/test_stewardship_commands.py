"""The commands of stewards, on a workspace with visible feeds."""

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
from shop_workspace import Ran, customer_of, lay_out, people, query, resolve
from typer.testing import CliRunner

from c360.cli_review import review
from c360.errors import C360Error
from c360.identity.decisions import make_decision_tables
from c360.runs import writing
from c360.stewardship.layout import make_queue_tables
from c360.workspace import Workspace

CY_AND_DEE, ANN_AND_BOB = "i_cy_dee", "i_ann_bob"


@pytest.fixture(scope="module")
def resolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A resolved shop, whose queue asks about Cy (C3) and Dee (O4), and about Ann and Bob."""
    folder = lay_out(tmp_path_factory.mktemp("shop"), stewardship={"two_person_above": 1000})
    resolve(folder)
    asked = {CY_AND_DEE: ("C3", "O4", 40), ANN_AND_BOB: ("C1", "C2", 5000)}
    with writing(Workspace(folder), "ask", None) as context:
        make_decision_tables(context.con)
        make_queue_tables(context.con)
        context.con.execute("delete from stewardship.review_item").fetchall()
    places = {name: customer_of(folder, name) for each in asked.values() for name in each[:2]}
    with writing(Workspace(folder), "ask", None) as context:
        for item_id, (left, right, impact) in asked.items():
            context.con.execute(
                "insert into stewardship.review_item values ($item_id, 'shared_value', $left,"
                " $right, 'both were seen with a tablet', 0.5, 4, 1, 1, 1, 'open', null, null)",
                {"item_id": item_id, "left": places[left], "right": places[right]},
            ).fetchall()
            context.con.execute(
                "insert into stewardship.review_impact values ($item_id, $impact, 1)",
                {"item_id": item_id, "impact": impact},
            ).fetchall()
    return folder


@pytest.fixture
def shop(resolved: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(resolved, tmp_path / "shop"))


def run(command: str, folder: Path, *words: str | Path) -> Ran:
    """Run `c360 review …` as the command line does."""
    ran = CliRunner().invoke(review, [*command.split(), *map(str, words), "-w", str(folder)])
    if isinstance(ran.exception, C360Error):
        return Ran(ran.exception.exit_code, ran.stdout, str(ran.exception))
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def figures(command: str, folder: Path, *words: str | Path) -> dict[str, Any]:
    """Return what a command that ends well prints with --json."""
    ran = run(command, folder, *words, "--json")
    assert ran.exit_code == 0, ran
    return ran.figures()


def fill_in(folder: Path, **answers: str) -> Path:
    """Export the queue and decide items in it."""
    run("export", folder)
    path = folder / "data" / "stewardship" / "queue.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["item_id"] in answers:
            told = {"decision": answers[row["item_id"]], "reason": "known", "decided_by": "Eve"}
            row.update(told)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def tables(folder: Path) -> list[Any]:
    return [
        query(folder, f"from stewardship.{table} order by all")
        for table in ("review_item", "review_field", "review_value", "decision")
    ]


def test_what_is_exported_and_applied_without_edits_changes_nothing(shop):
    before = tables(shop)
    ran = run("export", shop)
    assert "Wrote 2 review items to" in ran.output

    applied = figures("apply", shop, shop / "data" / "stewardship" / "queue.csv")

    assert (applied["recorded"], applied["known"], applied["assigned"]) == (0, 0, 0)
    assert tables(shop) == before


def test_a_merge_is_obeyed_by_the_next_resolve_and_told_in_the_file(shop):
    ran = run("apply", shop, fill_in(shop, i_cy_dee="merge"))
    assert (
        "Recorded 1 decisions, 0 known before; assigned 0 items. Run `c360 resolve`" in ran.output
    )
    assert customer_of(shop, "C3") != customer_of(shop, "O4")

    resolve(shop)

    assert customer_of(shop, "C3") == customer_of(shop, "O4")
    text = (shop / "data" / "stewardship" / "decisions.csv").read_text(encoding="utf-8")
    assert '"[""crm:C3""]","[""orders:O4""]"' in text


def test_a_file_of_decisions_makes_a_new_warehouse_the_same(shop, tmp_path):
    run("apply", shop, fill_in(shop, i_cy_dee="merge"))
    resolve(shop)
    file = shop / "data" / "stewardship" / "decisions.csv"
    other = lay_out(tmp_path / "other", stewardship={"two_person_above": 1000})

    assert figures("import", other, file) == {"added": 1}
    resolve(other)

    assert people(other) == people(shop)
    assert (other / "data" / "stewardship" / "decisions.csv").read_bytes() == file.read_bytes()
    assert figures("import", other, file) == {"added": 0}


def test_much_at_stake_waits_for_a_second(shop):
    applied = figures("apply", shop, fill_in(shop, i_ann_bob="merge"))
    assert (applied["recorded"], applied["awaiting_second"]) == (1, 1)
    status = run("status", shop).output
    (decision_id,) = figures("status", shop)["review"]["awaiting_second"]
    told = f"Awaiting a second: 1\n  {decision_id} merge, i_ann_bob (Eve, 2026-01-15: known)"
    assert told in status

    refused = run("second", shop, decision_id, "--by", "Eve", "--why", "sure")
    assert (refused.exit_code, "by somebody else" in refused.error) == (1, True)
    run("second", shop, decision_id, "--by", "Mallory", "--why", "checked")
    resolve(shop)

    assert customer_of(shop, "C1") == customer_of(shop, "C2")
    assert figures("status", shop)["review"]["in_force"] == {"merge": 1}


def test_what_is_revoked_is_as_it_was_after_the_next_resolve(shop):
    before = people(shop)
    run("apply", shop, fill_in(shop, i_cy_dee="merge"))
    resolve(shop)
    ((decision_id,),) = query(shop, "select decision_id from stewardship.decision")

    ran = run("revoke", shop, decision_id, "--by", "Eve", "--why", "two people")
    resolve(shop)

    assert f"Revoked {decision_id}" in ran.output
    assert people(shop) == before


@pytest.mark.parametrize("words", [("--why", "x"), ("--by", "Eve")])
def test_a_revocation_without_who_or_why_is_wrong_usage(shop, words):
    assert run("revoke", shop, "d_000000000000", *words).exit_code == 2


def test_a_bad_line_applies_nothing_and_with_partial_only_itself_is_left_out(shop):
    path = fill_in(shop, i_cy_dee="merge", i_ann_bob="marry")

    refused = run("apply", shop, path)
    assert refused.exit_code == 1
    assert "1 problem to mend; nothing was decided\n  line " in refused.error
    assert query(shop, "from stewardship.decision") == []

    partial = run("apply", shop, path, "--partial", "--json")
    assert partial.exit_code == 1
    assert partial.figures()["recorded"] == 1
    assert "these lines were left out:\n  line " in partial.error
    assert len(query(shop, "from stewardship.decision")) == 1


def test_status_counts_what_is_open_and_decided(shop):
    run("apply", shop, fill_in(shop, i_cy_dee="keep_apart", i_ann_bob="defer"))

    review = figures("status", shop)["review"]
    assert [each in run("status", shop).output for each in review.pop("decisions")] == [True, True]
    assert review == {
        "items": {"shared_value": {"decided": 1, "held": 1}},
        "in_force": {"defer": 1, "keep_apart": 1},
        "awaiting_second": [],
        "conflicts": 0,
    }


def test_the_queue_is_exported_by_state_to_where_one_says(shop, tmp_path):
    run("apply", shop, fill_in(shop, i_ann_bob="defer"))

    assert figures("export", shop)["items"] == 1
    assert figures("export", shop, "--state", "held", "--out", tmp_path / "held.csv")["items"] == 1
    assert "i_ann_bob" in (tmp_path / "held.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("command", ["export", "status"])
def test_a_workspace_without_a_queue_is_told_to_resolve(tmp_path, command):
    folder = lay_out(tmp_path / "shop")

    ran = run(command, folder)

    assert (ran.exit_code, "run `c360 resolve` first" in ran.error) == (1, True)


def test_nothing_can_be_applied_before_anything_is_resolved(tmp_path):
    folder = lay_out(tmp_path / "shop")
    (folder / "queue.csv").write_text("item_id\n")

    ran = run("apply", folder, folder / "queue.csv")

    assert "no customers have been resolved" in ran.error
    assert not (folder / "c360.duckdb").exists()


@pytest.mark.parametrize("command", review.registered_commands, ids=lambda each: each.name)
def test_each_command_says_what_it_does(command):
    ran = CliRunner().invoke(review, [command.name, "--help"])

    assert ran.exit_code == 0
    assert command.callback.__doc__.split(".")[0].split()[0] in ran.output
