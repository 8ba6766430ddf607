"""The settings of plain Splink for each data set: those of its documentation's nearest example.

The examples are the notebooks of https://moj-analytical-services.github.io/splink/demos/ as of
Splink 5; `page` names them. Where there is none for a kind of data, the comparisons are those
that the documentation's topic guides suggest for its columns. All columns are cleaned as the
documentation asks for: lower case, no punctuation, blanks as nulls.
"""

from dataclasses import dataclass
from typing import Literal

from splink import block_on
from splink import comparison_library as cl
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator

Rule = BlockingRuleCreator | str
"""Equal columns, or a condition in SQL."""


@dataclass(frozen=True, slots=True)
class Plain:
    """How a data set is cleaned, compared and trained.

    `columns` is a SELECT list over its feeds (`words` keeps letters and digits of a text). Training
    is the prior (given, or from `rules` that find the share `recall` of the matches), u from random
    pairs, and a round of expectation maximisation for each of `rounds`.
    """

    page: str
    columns: str
    comparisons: tuple[ComparisonCreator, ...]
    blocking: tuple[BlockingRuleCreator, ...]
    rounds: tuple[BlockingRuleCreator, ...]
    rules: tuple[Rule, ...] = ()
    recall: float = 0.7
    prior: float | None = None
    seed: int = 1
    key: str = "record_id"
    link_type: Literal["dedupe_only", "link_only"] = "dedupe_only"
    without_term_frequencies: bool = False


def _on(*columns: str) -> tuple[BlockingRuleCreator, ...]:
    """Return a blocking rule for each text: equal in all the columns that it names."""
    return tuple(block_on(*each.split()) for each in columns)


def _exact(*columns: str) -> tuple[ComparisonCreator, ...]:
    return tuple(cl.ExactMatch(each).configure(term_frequency_adjustments=True) for each in columns)


FAKE_COLUMNS = "first_name, surname, try_cast(dob as date) as dob, city, email"
FAKE_RULES = (
    "l.first_name = r.first_name and levenshtein(r.dob::varchar, l.dob::varchar) <= 1",
    "l.surname = r.surname and levenshtein(r.dob::varchar, l.dob::varchar) <= 1",
    "l.first_name = r.first_name and levenshtein(r.surname, l.surname) <= 2",
    block_on("email"),
)
FAKE = (
    Plain(
        "examples/duckdb/accuracy_analysis_from_labels_column",
        FAKE_COLUMNS,
        (
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            *_exact("city"),
            cl.EmailComparison("email"),
        ),
        _on("first_name", "surname", "dob", "email"),
        _on("dob", "email", "first_name surname"),
        FAKE_RULES,
        seed=5,
        key="unique_id",
        without_term_frequencies=True,
    ),
    Plain(
        "examples/duckdb/link_only, its rules as above",
        FAKE_COLUMNS,
        (
            cl.NameComparison("first_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("dob", input_is_string=False),
            *_exact("city"),
            cl.EmailComparison("email"),
        ),
        _on("first_name", "surname", "dob", "email"),
        _on("dob", "email", "first_name"),
        FAKE_RULES,
        key="unique_id",
    ),
)
FEBRL = (
    Plain(
        "examples/duckdb/febrl3",
        "given_name, surname, date_of_birth, soc_sec_id, street_number, postcode",
        (
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison(
                "date_of_birth", input_is_string=True, datetime_format="%Y%m%d"
            ),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            *_exact("street_number", "postcode"),
        ),
        _on("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode"),
        _on("date_of_birth", "postcode"),
        (
            *_on("soc_sec_id", "given_name surname date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name"
            " and l.date_of_birth = r.date_of_birth",
        ),
        recall=0.9,
        seed=2,
    ),
)
SURVEY_COLUMNS = (
    "first_name, middle_initial, last_name, sex, race_ethnicity, street_number, street_name,"
    " unit_number, city, zipcode,"
    " regexp_replace(date_of_birth, '[^0-9]', '', 'g') as date_of_birth,"
    " try_cast(age as double) - (coalesce(year, year(survey_date)) - 2020) as age_in_2020,"
    " trim(street_number || ' ' || street_name || ' ' || city || ' ' || state || ' ' || zipcode"
    " || ' ' || coalesce(unit_number, '')) as address"
)
CENSUS = 10_231
"""Records of the census: the example takes it that everybody else stands in it once."""
PEOPLE = (
    Plain(
        "examples/duckdb_no_test/pseudopeople-acs",
        SURVEY_COLUMNS,
        (
            cl.NameComparison("first_name", jaro_winkler_thresholds=[0.9]),
            *_exact("middle_initial"),
            cl.NameComparison("last_name", jaro_winkler_thresholds=[0.9]),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1]),
            cl.DamerauLevenshteinAtThresholds("address").configure(term_frequency_adjustments=True),
            cl.ExactMatch("sex"),
        ),
        _on(
            "first_name",
            "last_name",
            "date_of_birth",
            "street_name",
            "age_in_2020 sex",
            "age_in_2020 race_ethnicity",
            "age_in_2020 middle_initial",
            "street_number",
            "middle_initial sex race_ethnicity",
        ),
        _on("date_of_birth", "last_name"),
        prior=1 / CENSUS,
        link_type="link_only",
        without_term_frequencies=True,
    ),
)
HOUSEHOLDS = (
    Plain(
        "examples/duckdb_no_test/pseudopeople-acs, without what tells relatives apart",
        SURVEY_COLUMNS,
        (
            cl.NameComparison("last_name", jaro_winkler_thresholds=[0.9]),
            *_exact("street_number"),
            cl.NameComparison("street_name", jaro_winkler_thresholds=[0.9]),
            cl.DamerauLevenshteinAtThresholds("unit_number"),
            cl.DamerauLevenshteinAtThresholds("city"),
            cl.DamerauLevenshteinAtThresholds("zipcode"),
        ),
        _on("street_name", "last_name street_number", "street_number zipcode"),
        _on("street_name", "last_name"),
        _on("last_name address"),
        without_term_frequencies=True,
    ),
)
DOCUMENTS = ("ssn", "passport", "licence", "national_id")
LISTS = (
    Plain(
        "topic_guides/comparisons/out_of_the_box_comparisons",
        "words(coalesce(PRIMARY_NAME_ORG, PRIMARY_NAME_FULL,"
        " concat_ws(' ', PRIMARY_NAME_FIRST, PRIMARY_NAME_LAST))) as full_name,"
        " words(PRIMARY_NAME_LAST) as last_name,"
        " cast(try_strptime(DATE_OF_BIRTH, ['%m/%d/%y', '%m/%d/%Y', '%d/%m/%Y', '%Y-%m-%d',"
        " '%d-%b-%y', '%b %d %Y']) as date) as date_of_birth,"
        " words(coalesce(ADDR_FULL, concat_ws(' ', ADDR_LINE1, ADDR_CITY))) as address,"
        " lower(coalesce(nullif(regexp_extract(EMAIL_ADDRESS, '<(.+)>', 1), ''), EMAIL_ADDRESS))"
        " as email,"
        " nullif(regexp_replace(PHONE_NUMBER, '[^0-9]', '', 'g'), '') as phone,"
        " nullif(regexp_replace(SSN_NUMBER, '[^0-9]', '', 'g'), '') as ssn,"
        " PASSPORT_NUMBER as passport, DRIVERS_LICENSE_NUMBER as licence,"
        " NATIONAL_ID_NUMBER as national_id",
        (
            cl.NameComparison("full_name"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=False),
            cl.JaroWinklerAtThresholds("address", [0.9, 0.7]),
            cl.EmailComparison("email"),
            *(cl.ExactMatch(each) for each in ("phone", *DOCUMENTS)),
        ),
        _on("full_name", "last_name", "date_of_birth", "address", "email", "phone", *DOCUMENTS),
        _on("date_of_birth", "address"),
        _on("full_name date_of_birth", *DOCUMENTS, "full_name address"),
    ),
)
SITES = (
    Plain(
        "topic_guides/comparisons/out_of_the_box_comparisons",
        """words("Site name") as name, words(Address) as address, Zip as zip, Phone as phone""",
        (
            *(
                cl.JaroWinklerAtThresholds(each, [0.9, 0.7]).configure(
                    term_frequency_adjustments=True
                )
                for each in ("name", "address")
            ),
            *_exact("zip", "phone"),
        ),
        _on("name", "address", "phone"),
        _on("phone", "address"),
        _on("phone address", "name address"),
        key="Id",
    ),
)
RESTAURANTS = (
    Plain(
        "topic_guides/comparisons/out_of_the_box_comparisons",
        "words(name) as name, words(addr) as address, words(city) as city, words(type) as type,"
        " regexp_replace(phone, '[^0-9]', '', 'g') as phone",
        (
            cl.NameComparison("name"),
            cl.NameComparison("address"),
            *_exact("city"),
            cl.ExactMatch("phone"),
            *_exact("type"),
        ),
        _on("name", "address", "phone", "city"),
        _on("phone", "city"),
        _on("phone", "name city"),
        key="id",
        link_type="link_only",
    ),
)
PLAIN = {
    "splink_fake": FAKE,
    "febrl_1": FEBRL,
    "febrl_3": FEBRL,
    "pseudopeople_sample": PEOPLE,
    "pseudopeople_household": HOUSEHOLDS,
    "senzing_truthset": LISTS,
    "senzing_load_1": LISTS,
    "senzing_load_2": LISTS,
    "senzing_load_3": LISTS,
    "dedupe_early_childhood": SITES,
    "fodors_zagats": RESTAURANTS,
}
