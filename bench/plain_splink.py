"""What a plain Splink run scores on data whose answers are known.

Settings like those of Splink's documentation, without anything that `c360` does. `families` is made
up with a fixed seed: some eight copies of each person with the errors of old registers, families
that share surname and postcode.
"""

import csv
import logging
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator

from c360.identity.probabilistic.layout import KEPT_ABOVE
from c360.identity.probabilistic.linkage import Edge

SEED = 360


@dataclass(frozen=True, slots=True)
class Known:
    """A data set: a SELECT of id, person and the compared columns, and how Splink compares them.

    `$folder` in the SQL is the data folder. Each of `certain` is a rule that finds matches for
    sure, `recall` the share of all that they find; EM trains on each of `training`.
    """

    select: str
    comparisons: Sequence[ComparisonCreator]
    blocking: Sequence[str | tuple[str, ...]]
    certain: Sequence[str | tuple[str, ...]]
    recall: float
    training: Sequence[str | tuple[str, ...]]


def _often(comparison: ComparisonCreator) -> ComparisonCreator:
    return comparison.configure(term_frequency_adjustments=True)


def _csv(path: str) -> str:
    return f"read_csv($folder || '/{path}', all_varchar = true, header = true)"


SURVEYS = {
    "census": "decennial_census",
    "cps": "current_population_survey",
    "acs": "american_community_survey",
    "wic": "women_infants_and_children",
}
FEBRL = ("given_name", "surname", "street_number", "postcode", "date_of_birth", "soc_sec_id")

DATA_SETS = {
    "splink_fake": Known(
        "select unique_id as id, cluster as person, first_name, surname, dob, city, email"
        f" from {_csv('splink_fake/fake_1000.csv')}",
        (
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            _often(cl.ExactMatch("city")),
            cl.EmailComparison("email"),
        ),
        ("first_name", "surname", "email", "dob"),
        (("first_name", "dob"), "email", ("first_name", "surname")),
        0.7,
        (("first_name", "surname"), "dob"),
    ),
    "febrl": Known(
        "select trim(rec_id) as id, split_part(rec_id, '-', 2) as person, "
        + ", ".join(f"nullif(trim({name}), '') as {name}" for name in FEBRL)
        + " from read_csv($folder || '/febrl/dataset3.csv', all_varchar = true, header = true,"
        " normalize_names = true)",
        (
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
            ),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            _often(cl.ExactMatch("street_number")),
            _often(cl.LevenshteinAtThresholds("postcode", [1, 2])),
        ),
        ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode"),
        ("soc_sec_id", ("given_name", "surname", "date_of_birth")),
        0.9,
        ("date_of_birth", ("given_name", "surname")),
    ),
    "pseudopeople": Known(
        " union all ".join(
            f"select '{name}-' || file_row_number as id, simulant_id as person, first_name,"
            " middle_initial, last_name, date_of_birth, street_number, street_name, zipcode from"
            f" read_parquet($folder || '/pseudopeople_sample/{file}_noised.parquet',"
            " file_row_number = true)"
            for name, file in SURVEYS.items()
        ),
        (
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            _often(cl.ExactMatch("middle_initial")),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%m/%d/%Y"
            ),
            _often(cl.ExactMatch("street_number")),
            _often(cl.JaroWinklerAtThresholds("street_name", [0.9])),
            cl.LevenshteinAtThresholds("zipcode", [1]),
        ),
        (
            ("first_name", "last_name"),
            "date_of_birth",
            ("last_name", "street_number"),
            ("first_name", "street_name"),
            ("street_number", "street_name", "middle_initial"),
        ),
        (("first_name", "last_name", "date_of_birth"),),
        0.7,
        (("first_name", "last_name"), "date_of_birth"),
    ),
    "families": Known(
        f"from {_csv('families.csv')}",
        (
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            _often(cl.ExactMatch("birth_place")),
        ),
        (
            ("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
            ("surname", "dob"),
            ("first_name", "dob"),
            ("postcode", "first_name"),
            ("postcode", "surname"),
            ("dob", "birth_place"),
            ("substr(postcode, 1, 3)", "dob"),
            ("substr(postcode, 1, 3)", "surname"),
        ),
        (("first_name", "surname", "dob"), ("surname", "dob", "postcode")),
        0.6,
        (("first_name", "surname"), "dob"),
    ),
}


def scored(known: Known, data: Path) -> tuple[list[Edge], dict[str, str]]:
    """Return what Splink scores from `KEPT_ABOVE` on, and the truth that it was not shown."""
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as con:
        con.execute("set threads = 1").fetchall()
        write_families(Path(scratch) / "families.csv")
        folder = scratch if known is DATA_SETS["families"] else str(data.resolve())
        con.execute(f"create table known as {known.select}", {"folder": folder}).fetchall()
        con.execute("create view compared as select * exclude (person) from known").fetchall()
        people = DuckDBAPI(connection=con).register("compared", dataset_display_name="compared")
        settings = SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="id",
            comparisons=list(known.comparisons),
            blocking_rules_to_generate_predictions=[_block(each) for each in known.blocking],
        )
        linker = Linker(people, settings, log_level=None)
        logging.getLogger("splink").setLevel(logging.ERROR)
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [_block(each) for each in known.certain], recall=known.recall
        )
        training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
        for each in known.training:
            training.estimate_parameters_using_expectation_maximisation(_block(each))
        predicted = linker.inference.predict(threshold_match_probability=KEPT_ABOVE)
        rows = con.execute(
            "select least(id_l, id_r), greatest(id_l, id_r), match_probability"
            f" from {predicted.physical_name} order by all"
        ).fetchall()
        return [Edge(*row) for row in rows], dict(
            con.execute("select id, person from known").fetchall()
        )


def _block(rule: str | tuple[str, ...]) -> BlockingRuleCreator:
    return block_on(rule) if isinstance(rule, str) else block_on(*rule)


def write_families(path: Path) -> None:
    """Write people of 450 families, each several times, as careless clerks would."""
    rng = random.Random(SEED)  # noqa: S311 - made-up people, no secrets
    names = ["".join(rng.choices("abcdefghilmnoprstuw", k=rng.randint(4, 8))) for _ in range(900)]
    rows: list[tuple[str, ...]] = []
    for family in range(450):
        surname, postcode = rng.choice(names), f"{rng.choice('ABCDEFGH')}{rng.randrange(10, 40)}"
        born, place = rng.randrange(1700, 1900), f"place{int(rng.paretovariate(0.8))}"
        for child in range(rng.choice((1, 1, 2, 2, 3, 4))):
            first, other = rng.choice(names), rng.choice(names)
            year, day = (
                born + rng.randrange(25),
                f"{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
            )
            for _ in range(min(1 + int(rng.expovariate(1 / 6)), 25)):
                row = (
                    rng.choices((first, _mistyped(first, rng), other, first[0]), (73, 15, 7, 5))[0],
                    rng.choices((surname, _mistyped(surname, rng)), (85, 15))[0],
                    rng.choices((f"{year}-{day}", f"{year}-01-01", ""), (70, 15, 15))[0],
                    rng.choices((f"{postcode} {rng.randrange(1, 9)}AB", ""), (80, 20))[0],
                    rng.choices((place, ""), (75, 25))[0],
                )
                rows.append((f"r{len(rows):05}", f"{family}-{child}", *row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "person", "first_name", "surname", "dob", "postcode", "birth_place"))
        writer.writerows(rows)


def _mistyped(text: str, rng: random.Random) -> str:
    place = rng.randrange(len(text))
    return text[:place] + rng.choice("aeiou") + text[place + rng.randrange(2) :]
