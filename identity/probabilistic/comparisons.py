"""How two owners are compared, field by field: the levels of each comparison, in SQL and in words.

Relatives share a last name and a home. To weigh the two as if they were independent counts one fact
twice and makes one person of a family, so they are one comparison, of which chance (u) knows how
often both agree; and so are all contacts. First names and birth dates tell the members of a family
apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from c360.identity.probabilistic.fields import CONTACTS, CompareField
from c360.probabilistic import FieldType

SIMILAR = 0.88
"""Jaro-Winkler similarity from which on two spellings are taken for one name: Splink's
documentation suggests 0.88 to 0.92."""

LIKE = 0.7
"""Similarity from which on first names are not plainly different."""

HOME: tuple[FieldType, ...] = ("street", "postcode", "city")
"""What tells a home, the narrowest first."""

Types = Mapping[FieldType, CompareField]

FEW_WORDS, MANY_WORDS = 0.3, 0.6
"""Shares of words that texts have in common."""

RAREST = 1e-5
"""Least term frequency that counts: rarer values are not the stronger for it (as in Splink's
documentation of `tf_minimum_u_value`), else one odd spelling would outweigh all else."""


@dataclass(frozen=True, slots=True)
class Level:
    """An outcome of a comparison. `frequency_of` is the field whose rare values weigh more."""

    condition: str
    words: str
    frequency_of: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared, when it cannot be, and its levels: the first whose condition holds counts.

    The last level is for all else.
    """

    name: str
    missing: str
    levels: tuple[Level, ...]
    fields: tuple[str, ...]


def comparisons_of(fields: Sequence[CompareField]) -> tuple[Comparison, ...]:
    """Return the comparisons of the fields, those of persons' names and homes first."""
    by_type: dict[FieldType, CompareField] = {field.type: field for field in fields}
    found = []
    if "first_name" in by_type:
        found.append(_first_name(by_type["first_name"], by_type.get("last_name")))
    home: Types = {type_: by_type[type_] for type_ in HOME if type_ in by_type}
    family: Types = {type_: by_type[type_] for type_ in ("last_name",) if type_ in by_type}
    if family and home and by_type.keys() & {"first_name", "date_of_birth"}:
        found.append(_family_and_home("family_and_home", by_type))
    else:
        # Nothing tells relatives apart: households are found, of which both are marks.
        parts = {"family": family, "home": home}
        found += [_family_and_home(name, part) for name, part in parts.items() if part]
    for field in fields:
        if field.type == "date_of_birth":
            found.append(_birth(field))
        elif field.type == "exact":
            found.append(_number(field))
        elif field.type in ("full_name", "free_text"):
            found.append(_text(field))
    if contacts := [field for field in fields if field.type in CONTACTS]:
        found.append(_contact(contacts))
    return tuple(found)


def _first_name(first: CompareField, last: CompareField | None) -> Comparison:
    name = first.name
    levels = [
        Level(_agrees(name), "same first name", _frequency(first)),
        Level(
            f"list_has_any(formal_{name}_l, formal_{name}_r) or {_nearness(name)} >= {SIMILAR}",
            "similar first name",
        ),
    ]
    if last is not None:
        either = f"{_crosses(name, last.name)} or {_crosses(last.name, name)}"
        levels.append(Level(either, "first and last name exchanged"))
    levels.append(Level(f"{_nearness(name)} >= {LIKE}", "first name a little alike"))
    return Comparison(
        "first_name",
        _missing(name),
        (*levels, Level("ELSE", "different first name")),
        (name, *([last.name] if last is not None else [])),
    )


def _family_and_home(name: str, by_type: Types) -> Comparison:
    homes = [by_type[type_] for type_ in HOME if type_ in by_type]
    names = _last_name_levels(by_type)
    places = [_home_level(field) for field in homes]
    if homes:
        anywhere = " or ".join(f"not {_missing(field.name)}" for field in homes)
        places += [Level(f"({anywhere})", "another home"), Level("true", "home unknown")]
    levels = [_both(name, place) for name in names for place in places] or names or places
    # Nothing is known of either: the comparison is missing.
    if (names and homes) or levels[-1].condition == "true":
        levels.pop()
    last = levels.pop()
    parts = [*([by_type["last_name"]] if names else []), *homes]
    return Comparison(
        name,
        " and ".join(_missing(field.name) for field in parts),
        (*levels, Level("ELSE", last.words)),
        tuple(field.name for field in parts),
    )


def _last_name_levels(by_type: Types) -> list[Level]:
    last, first = by_type.get("last_name"), by_type.get("first_name")
    if last is None:
        return []
    agrees = _agrees(last.name)
    if first is not None:
        exchanged = f"({_crosses(first.name, last.name)} and {_crosses(last.name, first.name)})"
        agrees = f"({agrees} or {exchanged})"
    return [
        Level(agrees, "same last name", _frequency(last)),
        Level(f"{_nearness(last.name)} >= {SIMILAR}", "similar last name"),
        Level(f"not {_missing(last.name)}", "different last name"),
        Level("true", "last name unknown"),
    ]


def _home_level(field: CompareField) -> Level:
    near = (
        f"{_typing_errors(field.name)} <= 1"
        if field.type == "postcode"
        else f"{_nearness(field.name)} >= {SIMILAR}"
    )
    words = {"street": "same street", "postcode": "same postcode", "city": "same city"}[field.type]
    return Level(f"({_agrees(field.name)} or {near})", words, _frequency(field))


def _both(name: Level, place: Level) -> Level:
    """Return the level at which a family name and a home are as told."""
    # The rarer of two facts that come together says what both say.
    frequency_of = name.frequency_of or place.frequency_of
    if "different" in name.words or "street" in place.words:
        frequency_of = None
    return Level(
        f"{name.condition} and {place.condition}", f"{name.words}, {place.words}", frequency_of
    )


def _birth(field: CompareField) -> Comparison:
    name = field.name
    return Comparison(
        name,
        _missing(name),
        (
            Level(_agrees(name), "same date of birth", _frequency(field)),
            Level(
                f"{_typing_errors(name)} <= 1 or turned(value_{name}_l) = value_{name}_r",
                "date of birth with one slip",
            ),
            Level(f"{_typing_errors(name)} <= 2", "date of birth with two slips"),
            Level(f"left(value_{name}_l, 4) = left(value_{name}_r, 4)", "same year of birth"),
            Level("ELSE", "different date of birth"),
        ),
        (name,),
    )


def _contact(fields: Sequence[CompareField]) -> Comparison:
    """Compare all contacts at once: relatives who share an e-mail address share the telephone."""
    same = [Level(_agrees(f.name), f"same {_told(f)}", _frequency(f)) for f in fields]
    together = []
    if len(same) > 1:
        every = " and ".join(f"({level.condition})" for level in same)
        words = "same " + " and ".join(_told(field) for field in fields)
        together.append(Level(every, words, same[0].frequency_of))
    return Comparison(
        "contact",
        " and ".join(_missing(field.name) for field in fields),
        (*together, *same, Level("ELSE", f"different {' and '.join(map(_told, fields))}")),
        tuple(field.name for field in fields),
    )


def _number(field: CompareField) -> Comparison:
    name, told = field.name, _told(field)
    return Comparison(
        name,
        _missing(name),
        (
            Level(_agrees(name), f"same {told}", _frequency(field)),
            Level(
                f"{_typing_errors(name)} <= 1 and length(value_{name}_l) >= 5",
                f"{told} with one slip",
            ),
            Level("ELSE", f"different {told}"),
        ),
        (name,),
    )


def _text(field: CompareField) -> Comparison:
    name, told = field.name, _told(field)
    words = f"shared_words(value_{name}_l, value_{name}_r)"
    return Comparison(
        name,
        _missing(name),
        (
            Level(_agrees(name), f"same {told}", _frequency(field)),
            Level(f"{words} = 1 or {_nearness(name)} >= {SIMILAR}", f"similar {told}"),
            Level(f"{words} >= {MANY_WORDS}", f"most words of {told}"),
            Level(f"{words} >= {FEW_WORDS}", f"some words of {told}"),
            Level("ELSE", f"different {told}"),
        ),
        (name,),
    )


def _frequency(field: CompareField) -> str | None:
    return field.name if field.has_term_frequency else None


def _told(field: CompareField) -> str:
    return field.name.replace("_", " ")


def _missing(name: str) -> str:
    return f"(value_{name}_l is null or value_{name}_r is null)"


def _agrees(name: str) -> str:
    return _crosses(name, name)


def _crosses(left: str, right: str) -> str:
    return f"agrees(value_{left}_l, value_{right}_r, more_{left}_l, more_{right}_r)"


def _nearness(name: str) -> str:
    return f"nearness(value_{name}_l, value_{name}_r, more_{name}_l, more_{name}_r)"


def _typing_errors(name: str) -> str:
    return f"typing_errors(value_{name}_l, value_{name}_r, more_{name}_l, more_{name}_r)"
