"""`c360 explain` as a user calls it."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from c360 import cli
from c360.errors import C360Error, MissingStepError

ROOT = Path(__file__).resolve().parents[1]
CONFIG = """
name: shop
as_of: 2026-01-15T12:00:00Z
identifiers:
  card: {strength: anchor}
  mail: {strength: contact, normalise: email, hash: true}
sources:
"""
SOURCE = """
  %s:
    entity: %s
    path: %s.csv
    owner: a team
    grain: one row per record
    key: id
    event_time: seen_at
    update: upsert
    lateness: 1d
    privacy: {mail: pii}
    replay: full
    identifiers: {card: card, mail: mail}
"""
FEEDS = {
    "crm": ["C1,2026-01-01,L1,Ann@shop.example", "C2,2026-01-01,L2,both@shop.example"],
    "orders": ["O1,2026-01-02,,ann@shop.example", "O2,2026-01-02,L1,both@shop.example"],
}


def c360(*words: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(word) for word in words])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    entities = {"crm": "customers", "orders": "orders"}
    sources = "".join(SOURCE % (name, entities[name], name) for name in FEEDS)
    (folder / "c360.yaml").write_text(CONFIG + sources)
    for name, rows in FEEDS.items():
        (folder / f"{name}.csv").write_text("\n".join(["id,seen_at,card,mail", *rows]))
    assert c360("resolve", "-w", folder).exit_code == 0
    return folder


def test_a_customer_is_explained_by_a_record_of_it(workspace):
    shown = c360("explain", "customer", "orders:O1", "-w", workspace)

    assert shown.exit_code == 0
    assert "identified · 3 records · 2 sources" in shown.output
    assert "orders:O1 —mail " in shown.output


def test_a_raw_value_finds_the_customer_that_it_was_hashed_for(workspace):
    shown = c360("explain", "customer", "mail:ANN@shop.example", "-w", workspace)

    assert shown.exit_code == 0
    assert "ann@" not in shown.output.lower()


def test_programs_read_the_explanation_as_json(workspace):
    shown = c360("explain", "customer", "orders:O1", "-w", workspace, "--json")

    figures = json.loads(shown.output)
    assert {record["record_id"] for record in figures["records"]} == {"C1", "O1", "O2"}
    assert [bridge["namespace"] for bridge in figures["bridges"]] == ["mail", "card"]


def test_the_picture_is_written_where_it_was_asked_for(workspace, tmp_path):
    svg = tmp_path / "graph.svg"

    shown = c360("explain", "customer", "crm:C1", "-w", workspace, "--svg", svg)

    assert f"Wrote the picture to {svg}" in shown.output
    assert svg.read_text(encoding="utf-8").startswith("<svg")


def test_a_pair_is_explained(workspace):
    joined = c360("explain", "pair", "orders:O1", "crm:C1", "-w", workspace)
    apart = c360("explain", "pair", "crm:C1", "crm:C2", "-w", workspace)
    figures = json.loads(
        c360("explain", "pair", "crm:C1", "crm:C2", "-w", workspace, "--json").output
    )

    assert "orders:O1 and crm:C1 are one customer" in joined.output
    assert "which is shared because card: 2 values, at most 1" in apart.output
    assert figures["is_joined"] is False
    assert figures["conflicts"] == [{"guard": "card", "values": 2, "at_most": 1}]


def test_a_value_that_joins_nobody_is_no_customer(workspace):
    shown = c360("explain", "customer", "mail:both@shop.example", "-w", workspace)

    assert isinstance(shown.exception, C360Error)
    assert (
        "is shared because card: 2 values, at most 1; keyrings that carry it: 2; it is no"
        in str(shown.exception)
    )


def test_a_run_that_never_was_is_refused(workspace):
    shown = c360("explain", "customer", "crm:C1", "-w", workspace, "--as-of-run", "7")

    assert "there is no run 7; ops.run lists the runs from 1 to 1" in str(shown.exception)


def test_nothing_can_be_explained_before_it_is_resolved(tmp_path, workspace):
    (tmp_path / "c360.yaml").write_text((workspace / "c360.yaml").read_text())

    shown = c360("explain", "pair", "a", "b", "-w", tmp_path)

    assert isinstance(shown.exception, MissingStepError)


def test_the_examples_of_the_documentation_are_what_the_sample_says(tmp_path):
    page = (ROOT / "docs" / "explain.md").read_text(encoding="utf-8")
    examples = re.findall(
        r"^\$ c360 (.+?) -w turanmart(.*)\n((?:(?!\$ |```).*\n)*)", page, flags=re.M
    )
    assert c360("generate", "--preset", "demo", "-w", tmp_path).exit_code == 0
    assert c360("resolve", "-w", tmp_path).exit_code == 0

    assert [words.split()[0] for words, *_ in examples].count("explain") == 5
    for words, options, told in examples:
        shown = c360(*words.split(), "-w", tmp_path, *shlex.split(options))
        assert shown.exit_code == 0, words
        assert shown.output == told or not told
