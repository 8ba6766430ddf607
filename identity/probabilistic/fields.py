"""Which fields of a customer are compared, and as what: told by their names, or the settings."""

from dataclasses import dataclass

from c360.config import Identifier, Settings
from c360.probabilistic import FieldType

USUAL_NAMES: dict[str, FieldType] = {
    "first_name": "first_name",
    "given_name": "first_name",
    "forename": "first_name",
    "last_name": "last_name",
    "surname": "last_name",
    "family_name": "last_name",
    "name": "full_name",
    "full_name": "full_name",
    "date_of_birth": "date_of_birth",
    "birth_date": "date_of_birth",
    "birthdate": "date_of_birth",
    "dob": "date_of_birth",
    "postcode": "postcode",
    "postal_code": "postcode",
    "zip": "postcode",
    "zip_code": "postcode",
    "zipcode": "postcode",
    "city": "city",
    "town": "city",
    "suburb": "city",
    "street": "street",
    "address": "street",
    "street_address": "street",
    "email": "email",
    "phone": "phone",
}
"""Names of attributes that tell their type. Others are compared once `fields` gives them one."""

_CONTACT_WORDS: dict[FieldType, frozenset[str]] = {
    "email": frozenset({"email", "mail"}),
    "phone": frozenset({"phone", "telephone", "tel", "mobile", "cell", "msisdn", "fax"}),
}

CONTACTS: frozenset[FieldType] = frozenset({"email", "phone"})
"""Contact data: compared exactly, by keyed digests, so that no model or table holds any."""

WITHOUT_TERM_FREQUENCY: frozenset[FieldType] = frozenset({"date_of_birth", "ignore"})
"""Of all other types a rare value that agrees says more than a common one. Birth dates are even."""


@dataclass(frozen=True, slots=True)
class CompareField:
    """A field that is compared: an attribute of a person, or a namespace of contact data."""

    name: str
    type: FieldType
    is_namespace: bool = False
    has_term_frequency: bool = False


def compared_fields(settings: Settings) -> tuple[CompareField, ...]:
    """Return the compared fields, attributes first, in the order of the configuration.

    Of each type that makes a person's name, birth and home only the first is compared.
    """
    found: list[CompareField] = []
    taken: set[FieldType] = set()
    for name, (type_, is_namespace) in _typed(settings).items():
        is_single = type_ not in ("exact", "free_text", *CONTACTS)
        if type_ == "ignore" or (is_single and type_ in taken):
            continue
        taken.add(type_)
        chosen = settings.probabilistic.fields.get(name)
        told = chosen.term_frequency if chosen is not None else None
        usual = type_ not in WITHOUT_TERM_FREQUENCY
        found.append(CompareField(name, type_, is_namespace, usual if told is None else told))
    return tuple(found)


def uncompared_attributes(settings: Settings) -> list[str]:
    """Return the attributes whose names do not tell a type and to which no one was given."""
    return [name for name in _attributes(settings) if name not in _typed(settings)]


def _typed(settings: Settings) -> dict[str, tuple[FieldType, bool]]:
    given = settings.probabilistic.fields
    found: dict[str, tuple[FieldType, bool]] = {}
    namespaces = {
        name: each
        for name, each in settings.identifiers.items()
        if not each.all_of and not each.visit and (each.strength == "contact" or name in given)
    }
    for name in _attributes(settings):
        type_ = given[name].type if name in given else USUAL_NAMES.get(name)
        if type_ is not None and name not in namespaces:
            found[name] = (type_, False)
    for name, each in namespaces.items():
        found[name] = (given[name].type if name in given else _contact_type(name, each), True)
    return found


def _attributes(settings: Settings) -> list[str]:
    return list(dict.fromkeys(a for s in settings.sources.values() for a in s.attributes))


def _contact_type(name: str, identifier: Identifier) -> FieldType:
    """Return the type that a namespace of contact data has; its name tells where nothing else does.

    What is neither is a number of a document or account.
    """
    if identifier.normalise in ("email", "phone"):
        return identifier.normalise
    words = name.split("_")
    for type_, told in _CONTACT_WORDS.items():
        if not told.isdisjoint(words):
            return type_
    return "exact"
