"""Comparing rows that stand in the test, and reading what was proposed."""

import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from identity_rows import NOON, Row, land_rows, resolve_landed, settings_for

from c360.config import Settings
from c360.identity.probabilistic.fields import WITHOUT_TERM_FREQUENCY, CompareField
from c360.identity.probabilistic.layout import PROPOSAL_TABLES, make_proposal_tables
from c360.identity.probabilistic.proposals import build_proposals
from c360.identity.records import install_macros
from c360.probabilistic import FieldType
from c360.step import Context
from c360.warehouse import drop_scratch, open_warehouse, transaction
from c360.workspace import Workspace

PEOPLE = 300
PERSON = ("first_name", "last_name", "date_of_birth", "city")
COMPARED = tuple(table for table in PROPOSAL_TABLES if table != "identity.model_level")


@dataclass(frozen=True)
class Proposed:
    """What was proposed of the rows of one source named `feed`."""

    con: duckdb.DuckDBPyConnection

    def pairs(self, least: float = 0.5) -> set[tuple[str, str]]:
        """Return the proposed pairs of customers as pairs of their first records."""
        rows = self.con.execute(
            "with first as (select customer_id, min(record_id) as record from identity.member"
            " where to_run is null group by customer_id)"
            " select least(l.record, r.record), greatest(l.record, r.record)"
            " from identity.proposal join first as l on l.customer_id = customer_id_l"
            " join first as r on r.customer_id = customer_id_r where match_probability >= $least",
            {"least": least},
        ).fetchall()
        return set(rows)

    def tables(self) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of every table of the comparison but the model's, in one order."""
        return {
            table: self.con.execute(f"from {table} order by all").fetchall() for table in COMPARED
        }


def probable(settings: Settings, **told: Any) -> Settings:
    """Return settings that compare customers."""
    return Settings.model_validate(
        settings.model_dump(mode="json") | {"probabilistic": {"enabled": True} | told}
    )


def people_settings(attributes: Sequence[str] = PERSON, **told: Any) -> Settings:
    """Return settings of one source of people with a card, an e-mail address and attributes."""
    identifiers = {"card": {"strength": "anchor"}, "email": {"strength": "contact"}}
    return probable(settings_for(identifiers, attributes=attributes, entity="customers"), **told)


@contextmanager
def comparing_warehouse(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a warehouse with the macros of identity, and a salt for contact data."""
    with open_warehouse(folder / "c360.duckdb") as con:
        card = settings_for({"card": {"strength": "anchor"}})
        install_macros(Context(con, card, Workspace(folder), NOON, 1))
        con.execute("set variable contact_salt = 'salt'").fetchall()
        yield con


def fields_of(types: Mapping[str, FieldType]) -> tuple[CompareField, ...]:
    """Return attributes as they are compared, by name and type."""
    return tuple(
        CompareField(name, type_, has_term_frequency=type_ not in WITHOUT_TERM_FREQUENCY)
        for name, type_ in types.items()
    )


FIRST_NAMES = (
    *("aigerim", "alexander", "benjamin", "boris", "catherine", "charles", "dana", "daniyar"),
    *("edward", "elizabeth", "farida", "gulnara", "henry", "ivan", "jennifer", "katya", "madina"),
    *("margaret", "nurlan", "olga", "patricia", "peter", "robert", "susan", "thomas", "william"),
)
NICKNAMES = {"robert": "bob", "william": "bill", "elizabeth": "liz", "thomas": "tom"}
LAST_NAMES = (
    *("abdullin", "akhmetov", "baker", "brown", "carter", "dzhaksybekov", "evans", "fischer"),
    *("garcia", "hill", "ismailov", "johnson", "kim", "kozlov", "lee", "martin", "nazarbay"),
    *("omarov", "petrov", "quinn", "roberts", "seitov", "smith", "tulegen", "usenov", "walker"),
)
CITIES = ("almaty", "astana", "shymkent", "aktobe", "taraz", "pavlodar", "atyrau", "semey")
SECOND_RECORDS = 0.5
"""Share of the people of `population` who have a second record, with another card and address."""


def population(people: int, seed: int = 1) -> list[Row]:
    """Return records of made-up people: `p7` and, where there is one, `q7` are one person."""
    draw = random.Random(seed)  # noqa: S311 - made-up people
    rows: list[Row] = []
    for number in range(people):
        person = {
            "first_name": draw.choice(FIRST_NAMES),
            "last_name": draw.choice(LAST_NAMES),
            "date_of_birth": f"{draw.randint(1940, 2005)}-{draw.randint(1, 12):02}"
            f"-{draw.randint(1, 28):02}",
            "city": draw.choice(CITIES),
        }
        rows.append(person | _account("p", number))
        if draw.random() < SECOND_RECORDS:
            rows.append(_retold(person, draw) | _account("q", number))
    return rows


def _account(prefix: str, number: int) -> dict[str, str]:
    name = f"{prefix}{number}"
    return {"id": name, "card": name.upper(), "email": f"{name}@shop.example"}


def _retold(person: dict[str, str], draw: random.Random) -> dict[str, str]:
    """Return a person as another till has it: most things are the same."""
    told = dict(person)
    if draw.random() < 0.5:
        told["first_name"] = NICKNAMES.get(told["first_name"], told["first_name"])
    if draw.random() < 0.1:
        told["last_name"] = draw.choice(LAST_NAMES)
    if draw.random() < 0.2:
        told["city"] = draw.choice(CITIES)
    if draw.random() < 0.1:
        told["date_of_birth"] = told["date_of_birth"][:-1] + "9"
    if draw.random() < 0.05:
        told["first_name"], told["last_name"] = told["last_name"], told["first_name"]
    return told


@dataclass(frozen=True)
class Trained:
    """A model, by the folder that has it and its rows of identity.model_level."""

    folder: Path
    levels: list[tuple[Any, ...]]

    @property
    def model(self) -> str:
        """The model's id."""
        return str(self.levels[0][0])

    def level(self, comparison: str, words: str) -> tuple[float, float]:
        """Return m and u."""
        ((m, u),) = [row[5:7] for row in self.levels if (row[2], row[4]) == (comparison, words)]
        return m, u

    def lend(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        """Make this the model of another workspace."""
        shutil.copytree(self.folder / "data" / "model", folder / "data" / "model")
        shutil.copy(self.folder / ".c360.key", folder / ".c360.key")
        # A run forgets all tables of identity where it has not left this one behind.
        con.execute("create table identity.rule_set (fingerprint varchar)").fetchall()
        make_proposal_tables(con)
        con.executemany(
            "insert into identity.model_level values (?, ?, ?, ?, ?, ?, ?, ?)", self.levels
        )


_trained: list[Trained] = []


def trained_on_people(factory: pytest.TempPathFactory) -> Trained:
    """Return a model that has learned from `population`; it is trained once."""
    if not _trained:
        folder = factory.mktemp("trained")
        with open_warehouse(folder / "c360.duckdb") as con:
            propose_rows(con, folder, people_settings(), population(PEOPLE))
            levels = con.execute("from identity.model_level").fetchall()
        _trained.append(Trained(folder, levels))
    return _trained[0]


def propose_rows(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    rows: Sequence[Row],
    *,
    is_full: bool = False,
) -> Proposed:
    """Resolve rows of the source `feed` and compare its customers, as an increment if it is one."""
    with transaction(con):
        run = land_rows(con, settings, rows)
        resolve_landed(con, folder, settings, run, is_full=is_full)
        context = Context(con, settings, Workspace(folder), NOON, run, is_full)
        build_proposals(context)
        drop_scratch(con)
    return Proposed(con)
