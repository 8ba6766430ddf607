"""`c360 match` and `c360 train` as a user calls them."""

import csv
import json
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from shop_workspace import c360, files, query

CRM = {
    "entity": "customers",
    "path": "crm*.csv",
    "owner": "a team",
    "grain": "one row per contact",
    "key": "contact_id",
    "event_time": "updated_at",
    "update": "upsert",
    "lateness": "7d",
    "privacy": {},
    "replay": "full",
    "identifiers": {"card": "card", "email": "email"},
    "attributes": {
        "first_name": "first_name",
        "last_name": "last_name",
        "date_of_birth": "born",
        "city": "city",
    },
}
TOWN: dict[str, Any] = {
    "name": "town",
    "as_of": "2026-01-15T12:00:00Z",
    "identifiers": {
        "card": {"strength": "anchor"},
        "email": {"strength": "contact", "normalise": "email", "hash": True},
    },
    "guards": {"one_per_person": ["date_of_birth"]},
    "sources": {"crm": CRM},
    "probabilistic": {"enabled": True},
}
HEAD = "contact_id,card,email,first_name,last_name,born,city,updated_at"
KNOWN = """
C1,K1,ann@town.example,Annabel,Archer,1980-01-31,Ulm
C2,K2,bob@town.example,Robert,Baxter,1971-12-02,Kiel
T1,K3,,Mara,Vogel,1975-05-05,Jena
T2,K4,,Mara,Vogel,1975-05-05,Jena
"""
"""Ann, Bob, and two who share a name, a birthday and a town, but no card."""
FIRST = (
    "Anna Ben Cara Dan Ella Finn Gina Hugo Ida Jon Kim Leo Mia Nils Olga Paul Rosa Sven Tina Ugo"
)
LAST = "Adler Berg Conrad Drake Ebner Gross Haas Imhof Jung Kern Lang Moser Noll Otto Pohl Roth"
CITIES = ("Ulm", "Kiel", "Jena", "Bonn", "Trier", "Hof", "")
RAW = ("ann@", "ANN@", "zed@")


def townspeople() -> list[str]:
    """Return 320 people, and every eighth again as somebody else typed it: they teach a model."""
    luck = Random(8)  # noqa: S311 - it invents people, not keys
    rows = []
    for place, (first, last) in enumerate(product(FIRST.split(), LAST.split())):
        born = f"{luck.randint(1940, 1999)}-{luck.randint(1, 12):02}-{luck.randint(1, 28):02}"
        city = luck.choice(CITIES)
        rows.append(f"P{place},P{place},p{place}@town.example,{first},{last},{born},{city}")
        if place % 8 == 0:
            typed = luck.choice([last, last, f"{last}e"])
            day = luck.choice([born, born, f"{born[:-2]}30"])
            town = luck.choice([city, city, ""])
            rows.append(f"Q{place},,q{place}@town.example,{first},{typed},{day},{town}")
    return rows


def lay_out(folder: Path, **sections: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "c360.yaml").write_text(json.dumps(TOWN | sections))
    rows = [*KNOWN.strip().splitlines(), *townspeople()]
    (folder / "crm.csv").write_text("\n".join([HEAD, *(f"{row},2026-01-01" for row in rows)]))
    return folder


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = lay_out(tmp_path_factory.mktemp("town"))
    assert c360("resolve", folder).exit_code == 0
    return folder


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A town that looks at identifiers alone."""
    folder = lay_out(tmp_path / "plain", probabilistic={"enabled": False})
    assert c360("resolve", folder).exit_code == 0
    return folder


def customer(folder: Path, record: str) -> str:
    rows = query(folder, "select record_id, customer_id from identity.member where to_run is null")
    return dict(rows)[record]


def matched(folder: Path, tmp_path: Path, text: str, *words: str) -> list[dict[str, Any]]:
    """Return the rows of a list as `c360 match --json` tells them."""
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    ran = c360("match", folder, path, "--json", *words)
    assert ran.exit_code == 0, ran
    return ran.figures()["rows"]


def one(folder: Path, tmp_path: Path, text: str, *words: str) -> tuple[str, list[str], str]:
    """Return verdict, customers and doubt of the only row."""
    (row,) = matched(folder, tmp_path, text, *words)
    return row["verdict"], [c["customer_id"] for c in row["candidates"]], row["reason"]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("card\nK1", "card"),
        ("email\n Ann@Town.example ", "email"),  # normalised and hashed as the feed is
        ("CARD,Email\nK1,ann@town.example", "card"),
        ("card,first_name\nK1,Somebody", "card"),
    ],
)
def test_an_identifier_that_points_at_one_customer_is_a_match(town, tmp_path, text, evidence):
    (row,) = matched(town, tmp_path, text)

    assert row["verdict"] == "match"
    assert row["candidates"][0]["customer_id"] == customer(town, "C1")
    assert row["candidates"][0]["evidence"][0] == evidence


def test_identifiers_of_two_customers_are_possible_with_both(town, tmp_path):
    verdict, customers, reason = one(town, tmp_path, "card,email\nK1,bob@town.example")

    assert (verdict, reason) == ("possible", "points at 2 customers")
    assert set(customers) == {customer(town, "C1"), customer(town, "C2")}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("card,date_of_birth\nK1,1999-09-09", "date_of_birth differs"),
        ("card,email\nK999,ann@town.example", "card: 2 values, at most 1"),
    ],
)
def test_a_guard_against_the_customer_makes_it_possible(town, tmp_path, text, reason):
    verdict, customers, told = one(town, tmp_path, text)

    assert (verdict, told) == ("possible", reason)
    assert customers == [customer(town, "C1")]


def test_a_name_a_birthday_and_a_town_are_a_match(town, tmp_path):
    (row,) = matched(
        town,
        tmp_path,
        "id,first_name,last_name,date_of_birth,city\nA1,ANNABEL,Archer,1980-01-31,Ulm",
    )

    assert (row["id"], row["verdict"]) == ("A1", "match")
    assert row["candidates"][0]["customer_id"] == customer(town, "C1")
    assert row["candidates"][0]["match_probability"] >= 0.95
    assert any(told.startswith("same date of birth +") for told in row["candidates"][0]["evidence"])


def test_a_likely_customer_with_another_card_is_no_match(town, tmp_path):
    verdict, customers, reason = one(
        town,
        tmp_path,
        "card,first_name,last_name,date_of_birth,city\nK9,Annabel,Archer,1980-01-31,Ulm",
    )

    assert (verdict, reason) == ("possible", "card: 2 values, at most 1")
    assert customers == [customer(town, "C1")]


def test_two_who_are_alike_are_both_possible(town, tmp_path):
    verdict, customers, reason = one(
        town, tmp_path, "first_name,last_name,date_of_birth,city\nMara,Vogel,1975-05-05,Jena"
    )

    assert (verdict, reason) == ("possible", "2 customers are likely")
    assert customers == sorted([customer(town, "T1"), customer(town, "T2")])


def test_above_the_threshold_of_the_user_it_is_possible(town, tmp_path):
    text = "first_name,last_name,date_of_birth,city\nAnnabel,Archer,1980-01-31,Ulm"

    assert one(town, tmp_path, text, "--match-above", "1")[0] == "possible"


def test_a_threshold_below_that_of_the_queue_is_refused(town, tmp_path):
    (tmp_path / "list.csv").write_text("card\nK1")

    ran = c360("match", town, tmp_path / "list.csv", "--match-above", "0.2")

    assert ran.exit_code == 1
    assert "below review_above" in ran.error


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("card,first_name,last_name,date_of_birth\nK77,Zed,Zorro,1911-11-11", ""),
        ("card,first_name\n,", "nothing to compare"),
        ("card,email\nnone,n/a", "nothing to compare"),  # stands for nothing
    ],
)
def test_nobody_is_no_match(town, tmp_path, text, reason):
    assert one(town, tmp_path, text) == ("no match", [], reason)


def test_a_row_without_an_id_is_named_by_its_number(town, tmp_path):
    rows = matched(town, tmp_path, "id,card\nx,K1\n,K2")

    assert [(row["row"], row["id"]) for row in rows] == [(1, "x"), (2, "2")]


def test_the_table_tells_the_rows_and_counts_them(town, tmp_path):
    (tmp_path / "list.csv").write_text(
        "id,card,email\na,K1,\nb,K1,bob@town.example\nc,K77,zed@x.example"
    )

    ran = c360("match", town, tmp_path / "list.csv")

    first, *_, last = ran.output.strip().splitlines()
    assert first.split() == ["id", "verdict", "customer", "probable", "because"]
    assert last == "3 rows: 1 match, 1 possible, 1 no match"
    assert not any(raw in ran.output + ran.error for raw in RAW)


def test_unknown_columns_are_refused_by_name_with_what_would_be_known(town, tmp_path):
    (tmp_path / "list.csv").write_text("card,shoe_size\nK1,44")

    ran = c360("match", town, tmp_path / "list.csv")

    assert ran.exit_code == 1
    assert "list.csv: nothing is known by the column 'shoe_size'" in ran.error
    assert "id, first_name, last_name, date_of_birth, city, card, email" in ran.error


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "O\"Brien'; drop table x; --",
    "a\0b",
    "\x1b[2J",
    "x" * 10_000,
    "%s",
)


def test_hostile_values_are_values(town, tmp_path):
    path, told = tmp_path / "list.jsonl", tmp_path / "told.csv"
    path.write_text(
        "\n".join(
            json.dumps({"id": v, "first_name": v, "last_name": v, "city": v}) for v in HOSTILE
        )
    )

    ran = c360("match", town, path, "--csv", told)

    assert ran.exit_code == 0, ran
    assert "\x1b" not in ran.output
    assert max(map(len, ran.output.splitlines())) < 500
    with told.open(newline="", encoding="utf-8") as file:
        cells = [row["id"] for row in csv.DictReader(file)]
    assert "'" + HOSTILE[0] in cells
    assert HOSTILE[0] not in cells


def test_the_csv_has_a_line_per_candidate(town, tmp_path):
    (tmp_path / "list.csv").write_text("id,card,email\nboth,K1,bob@town.example\nnone,K77,")

    c360("match", town, tmp_path / "list.csv", "--csv", tmp_path / "told.csv")

    with (tmp_path / "told.csv").open(newline="") as file:
        rows = [(r["row"], r["id"], r["verdict"], r["place"]) for r in csv.DictReader(file)]
    assert rows == [
        ("1", "both", "possible", "1"),
        ("1", "both", "possible", "2"),
        ("2", "none", "no match", ""),
    ]


def test_nothing_is_written_to_the_workspace(town, tmp_path):
    before = files(town)

    matched(
        town,
        tmp_path,
        "card,first_name,last_name\nK1,,\n,Mara,Vogel",
        "--csv",
        str(tmp_path / "o.csv"),
    )

    assert files(town) == before


def test_without_a_model_identifiers_alone_decide_and_it_says_so(plain, tmp_path):
    (tmp_path / "list.csv").write_text(
        "card,first_name,last_name,date_of_birth,city\nK1,,,,\n,Annabel,Archer,1980-01-31,Ulm"
    )

    ran = c360("match", plain, tmp_path / "list.csv")

    assert "2 rows: 1 match, 0 possible, 1 no match" in ran.output
    assert "only identifiers were looked at: `probabilistic` is not enabled" in ran.error


def test_a_shared_address_is_possible_with_those_who_share_it(plain, tmp_path):
    rows = ["S1,K61,both@town.example,Sam,Sun,,,", "S2,K62,both@town.example,Sue,Sun,,,"]
    (plain / "crm2.csv").write_text("\n".join([HEAD, *(row + "2026-01-02" for row in rows)]))
    assert c360("resolve", plain).exit_code == 0

    (row,) = matched(plain, tmp_path, "email\nboth@town.example")

    assert row["verdict"] == "possible"
    assert {c["customer_id"] for c in row["candidates"]} == {
        customer(plain, "S1"),
        customer(plain, "S2"),
    }
    assert row["candidates"][0]["evidence"] == ["email is shared"]


@pytest.fixture
def keyed(tmp_path: Path) -> Path:
    """A town that knows people by name and birthday, and where their devices were."""
    namespaces = {
        "name_and_birth": {
            "strength": "contact",
            "all_of": ["first_name", "last_name", "date_of_birth"],
        },
        "device": {"strength": "trace"},
    }
    source = CRM | {"identifiers": {"card": "card", "device": "'d' || contact_id"}}
    folder = lay_out(
        tmp_path / "keyed",
        identifiers=TOWN["identifiers"] | namespaces,
        sources={"crm": source},
        probabilistic={"enabled": False},
    )
    assert c360("resolve", folder).exit_code == 0
    return folder


@pytest.mark.parametrize(
    ("text", "verdict", "evidence"),
    [
        (
            "first_name,last_name,date_of_birth\nANNABEL, archer,1980-01-31",
            "match",
            "name_and_birth",
        ),
        ("device\ndC1", "possible", "device alone does not say who someone is"),
    ],
)
def test_a_match_key_is_an_identifier_and_a_trace_is_a_hint(
    keyed, tmp_path, text, verdict, evidence
):
    (row,) = matched(keyed, tmp_path, text)

    assert row["verdict"] == verdict
    assert row["candidates"][0]["customer_id"] == customer(keyed, "C1")
    assert row["candidates"][0]["evidence"] == [evidence]


def test_an_id_that_was_merged_away_is_never_told(plain, tmp_path):
    before = customer(plain, "C2")
    (plain / "crm2.csv").write_text(f"{HEAD}\nC2,K1,bob@town.example,Annabel,Archer,,,2026-01-05")
    assert c360("resolve", plain).exit_code == 0

    verdict, customers, _ = one(plain, tmp_path, "email\nbob@town.example")

    assert (verdict, customers) == ("match", [customer(plain, "C1")])
    assert customer(plain, "C2") == customer(plain, "C1")
    assert before not in customers or before == customer(plain, "C1")


def test_without_the_key_nothing_is_matched_and_no_key_is_made(plain, tmp_path):
    (plain / ".c360.key").unlink()
    (tmp_path / "list.csv").write_text("email\nann@town.example")

    ran = c360("match", plain, tmp_path / "list.csv")

    assert ran.exit_code == 1
    assert ".c360.key is not there; restore it" in ran.error
    assert not (plain / ".c360.key").exists()


@pytest.mark.parametrize("command", ["match", "train"])
def test_nothing_is_known_before_it_is_resolved(tmp_path, command):
    folder = lay_out(tmp_path / "new")
    (tmp_path / "list.csv").write_text("card\nK1")

    ran = c360(command, folder, *([tmp_path / "list.csv"] if command == "match" else []))

    assert ran.exit_code == 1
    assert "run `c360 resolve` first" in ran.error
    assert not (folder / "c360.duckdb").exists()


def test_the_same_data_train_the_same_model(town):
    trained = [c360("train", town, "--json").figures() for _ in range(2)]

    assert trained[0] == trained[1]
    assert {level["comparison"] for level in trained[0]["levels"]} >= {
        "first_name",
        "date_of_birth",
    }
    assert trained[0]["not_compared"] == []
    assert query(town, "select count(distinct model) from identity.model_level") == [(1,)]


def test_training_shows_what_each_outcome_weighs(town):
    shown = c360("train", town).output

    assert "Trained m_" in shown
    assert "comparison" in shown.splitlines()[4]
    assert "same date of birth" in shown
    assert "The next `c360 resolve` compares all customers anew." in shown


def test_nothing_is_trained_where_nothing_is_compared(plain):
    ran = c360("train", plain)

    assert ran.exit_code == 1
    assert "set `probabilistic: {enabled: true}`" in ran.error
