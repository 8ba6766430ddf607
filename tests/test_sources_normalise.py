"""Values in the form in which they are compared."""
# ruff: noqa: RUF001 - some of them look like ASCII and are not

import duckdb
import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from c360.config import Identifier, Settings
from c360.sources.emails import parse_email
from c360.sources.junk import junk_values
from c360.sources.normalise import attribute_sql, install_normalisation, normalised_sql
from c360.sources.phones import NOWHERE, parse_phone

REGIONS = ("US", "DE", "KZ", "IT", "GB", "AR", "BR", "RU", "MX", "AG", NOWHERE)


def identifier(normalise: str | None, region: str | None = None) -> Identifier:
    return Identifier.model_validate(
        {"strength": "contact", "normalise": normalise, "region": region}
    )


PHONES = {r: identifier("phone", None if r == NOWHERE else r) for r in REGIONS}


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        install_normalisation(con, workspace_settings(PHONES))
        yield con


def workspace_settings(identifiers):
    source = {
        "entity": "orders",
        "path": "x.csv",
        "owner": "a team",
        "grain": "one row per order",
        "key": "id",
        "event_time": None,
        "update": "append",
        "lateness": "1d",
        "privacy": {},
        "replay": "full",
    }
    named = {f"phone_{name.lower()}": each for name, each in identifiers.items()}
    return Settings.model_validate({"name": "t", "identifiers": named, "sources": {"s": source}})


def evaluated(con, sql, values):
    rows = con.execute(
        f"select {sql} from (select unnest(cast($values as varchar[])) as value)",
        {"values": values},
    ).fetchall()
    return [value for (value,) in rows]


def normalised(con, kind, value, region=None):
    return evaluated(con, normalised_sql(identifier(kind, region), "value"), [value])[0]


@pytest.mark.parametrize(
    ("region", "value", "expected"),
    [
        ("US", "(415) 555-2671", "+14155552671"),
        ("US", "1 415 555 2671", "+14155552671"),
        ("US", "415.555.2671 ext. 9", "+14155552671"),
        ("US", "011 49 30 123456", "+4930123456"),
        ("US", "1-800-FLOWERS", "+18003569377"),
        ("US", "４１５５５５２６７１", "+14155552671"),
        ("DE", "030 / 123456", "+4930123456"),
        ("DE", "0049 (0)30 123456", "+4930123456"),
        ("DE", "+49 (0) 30 123456", "+4930123456"),
        ("GB", "(0)20 7946 0018", "+442079460018"),
        ("IT", "06 6982", "+39066982"),  # the zero is part of the number
        ("KZ", "8 (701) 123-45-67", "+77011234567"),
        ("AR", "011 15 2345-6789", "+5491123456789"),
        ("AR", "+54 9 11 2345 6789", "+5491123456789"),
        (None, "+1 415 555 2671", "+14155552671"),
        (None, "0049 30 123456", "+4930123456"),
        (None, "030 123456", "030123456"),  # nobody says of which country
        ("US", "12", "12"),
        ("US", "000-000-0000", "0000000000"),
        ("US", "+1 555 555 5555", "5555555555"),
        ("US", "555 123 4567", "5551234567"),
        ("US", "call me", None),
        ("US", " ", None),
        ("US", None, None),
    ],
)
def test_a_phone_number_is_e164(con, region, value, expected):
    assert normalised(con, "phone", value, region) == expected


digits = st.text("0123456789", min_size=1, max_size=16)
national = st.sampled_from(REGIONS[:-1]).flatmap(
    lambda region: st.tuples(
        st.sampled_from(["", "0", "1", "8", "00", "011", "+", "15", "9"]),
        st.sampled_from(
            ["", str(phonenumbers.country_code_for_region(region)), "1", "44", "54", "7"]
        ),
        st.one_of(
            digits,
            st.just(
                str(phonenumbers.example_number(region).national_number)  # type: ignore[union-attr]
            ),
        ),
    ).map("".join)
)
spoilt = st.tuples(
    st.lists(st.sampled_from(" ()-./+x#*,;:~\t9０٣＋–ABC"), max_size=4), national
).map(lambda parts: "".join([parts[1][:4], *parts[0], parts[1][4:]]))


@settings(max_examples=10, deadline=None)
@given(values=st.lists(st.one_of(national, spoilt, st.text(max_size=20)), min_size=20, max_size=40))
@example(["+", "++1", "tel:1;phone-context=+1", "1" * 300, "\0", "0", "3" * 6, "222222"])
@pytest.mark.parametrize("region", REGIONS)
def test_plain_numbers_are_what_the_library_makes_of_them(con, region, values):
    found = evaluated(con, normalised_sql(PHONES[region], "value"), values)

    assert found == [parse_phone(value, region) for value in values]


@pytest.mark.parametrize(
    "region", ["AG", "AR", "BR", "CI", "DE", "GB", "IT", "KZ", "MX", "SM", "UY"]
)
def test_example_numbers_of_a_country_agree_with_the_library(con, region):
    kinds = [k for k in phonenumbers.PhoneNumberType.values() if k >= 0]
    examples = [phonenumbers.example_number_for_type(region, kind) for kind in kinds]
    forms = phonenumbers.PhoneNumberFormat
    written = [
        phonenumbers.format_number(number, form)
        for number in examples
        if number is not None
        for form in (forms.E164, forms.INTERNATIONAL, forms.NATIONAL)
    ]
    written += [phonenumbers.national_significant_number(each) for each in examples if each]
    install_normalisation(con, workspace_settings({region: identifier("phone", region)}))

    found = evaluated(con, normalised_sql(identifier("phone", region), "value"), written)

    assert found == [parse_phone(value, region) for value in written]


@pytest.mark.parametrize(
    "value", ["4155552671", "(415) 555-2671", "+14155552671", "+49 30 123456", "+54 9 11 2345 6789"]
)
def test_what_is_plain_does_not_go_through_python(con, value):
    parse_phone.cache_clear()

    assert normalised(con, "phone", value, "US").startswith("+")
    assert parse_phone.cache_info().misses == 0


@settings(max_examples=100, deadline=None)
@given(number=national)
def test_a_number_is_what_phonenumbers_parses(number):
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return
    national_number = phonenumbers.national_significant_number(parsed)
    digits_of = "".join(filter(str.isdecimal, number))
    if not phonenumbers.is_possible_number(parsed) or {national_number, digits_of} & junk_values():
        return
    if 1 in (len(set(national_number)), len(set(digits_of))):
        return

    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert parse_phone(number, "US") == e164


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" A@Shop.Example ", "a@shop.example"),
        ("\tann@shop.example\u200b", "ann@shop.example"),
        ("mailto:Ann@shop.example?subject=hi", "ann@shop.example"),
        ("<ann@shop.example>", "ann@shop.example"),
        ("Ann Lee <ann@shop.example>", "ann@shop.example"),
        ("ａｎｎ＠shop.example", "ann@shop.example"),
        ("jose\u0301@shop.example", "jos\u00e9@shop.example"),
        ("ann@Bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@XN--BCHER-KVA.example", "ann@xn--bcher-kva.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),  # not strasse.example
        ("groß@shop.example", "groß@shop.example"),  # not gross@
        ("a.n.n+shop@gmail.com", "a.n.n+shop@gmail.com"),  # only the provider knows what dots mean
        ("D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e"),
        ("ann@home@shop.example", "ann@home@shop.example"),
        ("Ann@", "ann@"),
        ("ann@-ü-.example", "ann@-ü-.example"),  # no name that DNS could have
        ("N/A", "n/a"),
        ("<>", None),
        (" ", None),
        (None, None),
    ],
)
def test_an_address_is_lower_case_with_its_domain_in_ascii(con, value, expected):
    assert normalised(con, "email", value) == expected


addresses = st.text("Aa.+@-_<>: ?mailto:ü\u0130ß\u03a3\u200b＠。１\t", max_size=20)


@settings(max_examples=100, deadline=None)
@given(values=st.lists(st.one_of(addresses, st.text(max_size=15)), min_size=1, max_size=30))
def test_plain_addresses_are_what_the_function_makes_of_them(con, values):
    found = evaluated(con, normalised_sql(identifier("email"), "value"), values)

    assert found == [parse_email(value) for value in values]


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (None, "\u00a0A-7\t", "A-7"),
        (None, "jose\u0301", "jos\u00e9"),
        (None, " ", None),
        ("lower", " ＡＢ-１２ ", "ab-12"),
        ("lower", " ÀB ", "àb"),
        ("digits", "card １２-34 / ٥", "12345"),
        ("digits", "none", None),
    ],
)
def test_width_blanks_and_composition_do_not_matter(con, kind, value, expected):
    assert normalised(con, kind, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Zoë \u00a0 van  DYK ", "zoe van dyk"),
        ("ＡＮＮ", "ann"),
        ("1990-01-31", "1990-01-31"),
        ("1990-01-31 00:00:00", "1990-01-31"),
        ("1990-01-31T00:00:00.000Z", "1990-01-31"),
        ("1990-01-31 00:00:00+00", "1990-01-31"),
        ("1990-01-31 06:00:00", "1990-01-31 06:00:00"),
        ("31.01.1990", "31.01.1990"),  # other forms are the configuration's to read
        ("", None),
        (None, None),
        ("NULL", None),
        ("Unknown", None),
        ("n/a", None),
        ("1900-01-01", None),
        ("0001-01-01 00:00:00", None),
        ("00000000", None),
        ("D41D8CD98F00B204E9800998ECF8427E", None),  # MD5 of nothing
    ],
)
def test_an_attribute_that_stands_for_nothing_is_none(con, value, expected):
    assert evaluated(con, attribute_sql("value"), [value]) == [expected]


@pytest.mark.parametrize("type_", ["date", "timestamp", "varchar"])
def test_a_birth_date_is_the_same_in_every_type(con, type_):
    query = f"select {attribute_sql('born')} from (select '1990-01-31'::{type_} as born)"

    assert con.execute(query).fetchall() == [("1990-01-31",)]


def test_functions_are_there_again_in_a_session_beside_an_open_transaction(con):
    with duckdb.connect() as resolving:
        resolving.execute("begin")
        install_normalisation(resolving, workspace_settings(PHONES))
        landing = resolving.cursor()
        install_normalisation(landing, workspace_settings(PHONES), prefix="landing_")
        install_normalisation(resolving, workspace_settings(PHONES))
        resolving.execute("commit")

        assert normalised(resolving, "phone", "4155552671x9", "US") == "+14155552671"
        assert normalised(landing, "phone", "4155552671x9", "US") == "+14155552671"
        landing.close()
