"""What is compared, and as what: told by the names of attributes and namespaces, or by `fields`."""

from typing import Any

import pytest
from identity_rows import CONTRACT

from c360.config import Settings
from c360.identity.probabilistic.fields import compared_fields, uncompared_attributes


def configured(
    attributes: list[str],
    identifiers: dict[str, Any] | None = None,
    more: list[str] | None = None,
    **told: Any,
) -> Settings:
    """Return settings with a source of people; `more` are the attributes of a second one."""
    crm = CONTRACT | {"entity": "customers", "attributes": {name: name for name in attributes}}
    shop = CONTRACT | {"entity": "orders", "attributes": {name: name for name in more or []}}
    return Settings.model_validate(
        {
            "name": "test",
            "identifiers": {"card": {"strength": "anchor"}} | (identifiers or {}),
            "sources": {"crm": crm, "shop": shop},
            "probabilistic": {"enabled": True} | told,
        }
    )


def types(settings: Settings) -> dict[str, str]:
    return {field.name: field.type for field in compared_fields(settings)}


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("given_name", "first_name"),
        ("surname", "last_name"),
        ("name", "full_name"),
        ("dob", "date_of_birth"),
        ("zip_code", "postcode"),
        ("suburb", "city"),
        ("street_address", "street"),
        ("email", "email"),
        ("phone", "phone"),
    ],
)
def test_the_name_of_an_attribute_tells_what_it_is(name, type_):
    assert types(configured([name])) == {name: type_}


def test_an_attribute_whose_name_tells_nothing_is_not_compared_but_listed():
    settings = configured(["first_name", "shoe_size"], more=["first_name", "mood"])

    assert types(settings) == {"first_name": "first_name"}
    assert uncompared_attributes(settings) == ["shoe_size", "mood"]


def test_fields_give_a_type_to_any_attribute():
    settings = configured(["vorname", "passport"], fields={"vorname": "first_name"})

    assert types(settings) == {"vorname": "first_name"}
    assert uncompared_attributes(settings) == ["passport"]


def test_fields_come_before_names():
    settings = configured(["name"], fields={"name": "last_name"})

    assert types(settings) == {"name": "last_name"}


def test_what_is_ignored_is_not_compared_and_not_listed():
    settings = configured(["city", "email"], fields={"city": "ignore", "email": "ignore"})

    assert types(settings) == {}
    assert uncompared_attributes(settings) == []


def test_of_each_type_of_name_birth_and_home_the_first_attribute_is_compared():
    settings = configured(["surname", "last_name", "dob"], more=["family_name", "birth_date"])

    assert types(settings) == {"surname": "last_name", "dob": "date_of_birth"}


def test_contact_data_numbers_and_texts_are_all_compared():
    told = {"mail_1": "email", "mail_2": "email", "tax": "exact", "passport": "exact"}

    assert types(configured([*told], fields=told)) == told


@pytest.mark.parametrize(
    ("name", "identifier", "type_"),
    [
        ("contact", {"normalise": "email"}, "email"),
        ("contact", {"normalise": "phone"}, "phone"),
        ("work_mail", {}, "email"),
        ("mobile", {"hash": True}, "phone"),
        ("tax_number", {"normalise": "digits"}, "exact"),
    ],
)
def test_a_namespace_of_contact_data_is_compared(name, identifier, type_):
    settings = configured(["city"], {name: {"strength": "contact"} | identifier})

    assert types(settings) == {"city": "city", name: type_}
    assert [field.is_namespace for field in compared_fields(settings)] == [False, True]


@pytest.mark.parametrize(
    "identifier",
    [
        {"strength": "anchor"},
        {"strength": "trace"},
        {"strength": "contact", "visit": True},
        {"strength": "contact", "all_of": ["city"]},
    ],
)
def test_cards_traces_and_match_keys_are_not_compared(identifier):
    assert types(configured(["city"], {"other": identifier})) == {"city": "city"}


def test_an_anchor_is_compared_where_fields_say_so():
    settings = configured(["city"], fields={"card": "exact"})

    assert types(settings) == {"city": "city", "card": "exact"}


def test_a_namespace_is_compared_in_place_of_an_attribute_of_its_name():
    settings = configured(["city", "email"], {"email": {"strength": "contact"}})

    assert [(field.name, field.is_namespace) for field in compared_fields(settings)] == [
        ("city", False),
        ("email", True),
    ]


def test_rare_values_weigh_more_but_for_birth_dates_unless_fields_say_otherwise():
    told = {
        "city": {"type": "city", "term_frequency": False},
        "dob": {"type": "date_of_birth", "term_frequency": True},
    }

    usual = compared_fields(configured(["surname", "city", "dob"]))
    chosen = compared_fields(configured(["surname", "city", "dob"], fields=told))

    assert [field.has_term_frequency for field in usual] == [True, True, False]
    assert [field.has_term_frequency for field in chosen] == [True, False, True]
