"""The documentation names what the program has, and its examples are true."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import typer
import yaml
from pydantic import TypeAdapter
from reference_configuration import keys
from reference_pages import PAGES as REFERENCE
from sqlglot import exp

from c360 import cli
from c360.config import Settings
from c360.entities import entities
from c360.rules import Band
from c360.sources.mapping import expression_problems
from c360.steps import BRONZE, STEPS

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]
TABLES = {table.partition(".")[2] for step in STEPS for table in (step.table, *step.also)}
HAND_WRITTEN = ("identity", "stewardship", "sources")
MODELS = [
    path
    for folder in HAND_WRITTEN
    for path in sorted((ROOT / folder / "sql").glob("*.sql"))
    if path.stem in TABLES
]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


@cache
def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), flags=re.M | re.S)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def tables(name: str) -> list[list[list[str]]]:
    """Return the tables of a page: their rows of cells, the first one the head."""
    found = re.findall(r"(?:^\|.*\n)+", page(name), flags=re.M)
    return [[cells(line) for line in text.splitlines()] for text in found]


def first_cells(name: str) -> dict[str, list[str]]:
    """Return the rows of all tables of a page by the text in backticks of their first cell."""
    rows = (row for table in tables(name) for row in table[2:])
    return {row[0].strip("`"): row for row in rows}


KEYS = [*keys(Settings), *keys(Band, "<band>.")]


@pytest.mark.parametrize(("path", "field"), KEYS, ids=[path for path, _ in KEYS])
def test_every_key_is_described_with_its_default(path, field):
    row = (first_cells("configuration.md") | first_cells("rules.md")).get(path)

    assert row is not None, f"neither configuration.md nor rules.md has a row for `{path}`"
    default = row[-2].strip("`")
    if field.is_required():
        assert default == "required"
    elif default != "below":
        shown = TypeAdapter(field.annotation).validate_python(yaml.safe_load(default))
        assert shown == field.get_default(call_default_factory=True)


def test_every_described_key_exists():
    paths = {path for path, _ in KEYS}
    described = {
        row[0].strip("`")
        for table in (*tables("configuration.md"), *tables("rules.md"))
        if table[0][0] == "key"
        for row in table[2:]
    }

    assert described == paths


@pytest.mark.parametrize("entity", entities().values(), ids=lambda entity: entity.name)
def test_every_canonical_entity_is_described_with_its_columns(entity):
    rows = first_cells("entities.md")

    assert rows[entity.name][1] == entity.grain
    for column in entity.columns:
        assert rows[f"{entity.name}.{column.name}"][1] == column.type


def test_the_configurations_of_the_examples_are_valid():
    whole, *parts = [yaml.safe_load(block) for block in blocks("configuration.md", "yaml")]

    assert parts
    for tree in (whole, *(merged(whole, part) for part in parts)):
        settings = Settings.model_validate(tree)
        assert settings.cross_problems() == expression_problems(settings) == []


def merged(left: Any, right: Any) -> Any:
    """Return a tree with the branches of another laid over it."""
    if not (isinstance(left, dict) and isinstance(right, dict)):
        return right
    return left | {key: merged(left.get(key), value) for key, value in right.items()}


EXAMPLES = [table for table in tables("identity.md") if table[0][-1] == "customer"]


@pytest.mark.parametrize("table", EXAMPLES, ids=lambda table: " ".join(table[0][1:-1]))
def test_the_examples_of_identity_are_true(given, table):
    (configuration,) = [yaml.safe_load(block) for block in blocks("identity.md", "yaml")]
    head, _, *lines = table
    rows = [
        {
            "id" if name == "record" else name: value or None
            for name, value in zip(head, line, strict=True)
        }
        for line in lines
    ]
    expected = defaultdict(set)
    for row in rows:
        expected[row.pop("customer")].add(row["id"])

    resolved = given(
        configuration["identifiers"],
        rows,
        guards=configuration["guards"],
        attributes=["name", "born"],
    )

    assert resolved.customers() == {frozenset(records) for records in expected.values()}


def test_the_queries_of_identity_run(given):
    resolved = given({"card": {"strength": "anchor"}}, [{"card": "L1"}])

    queries = blocks("identity.md", "sql")

    assert queries
    for query in queries:
        resolved.con.execute(query).fetchall()


@pytest.mark.parametrize("name", REFERENCE)
def test_a_reference_page_is_what_the_program_says(name):
    assert page(name) == REFERENCE[name](), "run `python tests/reference_pages.py`"


def test_every_table_of_the_flow_is_named():
    pages = "".join(page(name) for name in ("tables.md", "marts.md"))
    named = {*first_cells("tables.md"), *first_cells("marts.md")}
    named |= {f"silver.{name}" for name in entities()} | set(re.findall(r"### (gold\.\w+)", pages))

    made = [table for step in STEPS for table in (step.table, *step.also)]
    shown = [("bronze.<source>" if table == BRONZE else table) for table in made]
    assert [table for table in shown if table not in named] == []


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_columns_that_are_told_of_a_table_are_there(path):
    rows = {table.partition(".")[2]: row for table, row in first_cells("tables.md").items()}
    told = re.findall(r"`(\w+)`", " ".join(rows[path.stem][2:]))
    query = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect="duckdb")

    assert isinstance(query, exp.Query)
    assert {re.sub(r"_\d+d$", "", column) for column in told} <= {*query.named_selects}


def commands(text: str) -> list[list[str]]:
    """Return the words of every call of the program in the code of a page."""
    fenced = re.findall(r"^(?:\$ )?(c360 .*)$", text, flags=re.MULTILINE)
    inline = re.findall(r"`(c360 [^`]+)`", text)
    calls = [re.split(r"\s#|&&|[;|>│]", call)[0].split()[1:] for call in (*fenced, *inline)]
    return [words for words in calls if words and words[0] != "…"]


def misses(words: list[str]) -> str | None:
    """Say what of a call the program does not know."""
    command: Any = typer.main.get_command(cli.app)
    if words[0] == "--log":
        words = words[2:]
    while words and hasattr(command, "commands") and not words[0].startswith("-"):
        if words[0] not in command.commands:
            return None if words[0].isupper() else words[0]
        command, words = command.commands[words[0]], words[1:]
    known = {"--help", *(option for each in command.params for option in each.opts)}
    given = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    return next((option for option in given if option not in known), None)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_call_of_the_program_is_one_that_it_knows(path):
    found = commands(path.read_text(encoding="utf-8"))

    assert [(words, miss) for words in found if (miss := misses(words))] == []


def test_every_page_can_be_reached_from_the_index():
    reached, ahead = set[Path](), [ROOT / "docs" / "README.md"]
    while ahead:
        here = ahead.pop()
        reached.add(here)
        links = LINK.findall(here.read_text(encoding="utf-8"))
        there = {(here.parent / link).resolve() for link in links if link.endswith(".md")}
        ahead += [each for each in there - reached if each.exists()]

    assert set(ROOT.glob("docs/**/*.md")) <= reached


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(path):
    targets = LINK.findall(path.read_text(encoding="utf-8"))
    local = [
        target for target in targets if not target.startswith(("https://", "http://", "mailto:"))
    ]

    assert [target for target in local if not (path.parent / target).exists()] == []
