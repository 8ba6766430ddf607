"""Telephone numbers in E.164 as phonenumbers reads them, and which ones it need not read."""

import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc

from c360.sources.junk import junk_digits

NOWHERE = "ZZ"
"""The region of numbers that must name their country themselves."""
_NON_GEOGRAPHIC = "001"


@lru_cache(maxsize=1 << 16)
def parse_phone(text: str, region: str) -> str | None:
    """Return a number in E.164, without its extension; the bare digits of what cannot be one.

    What stands for "nothing", such as one digit over and over, stays so for the junk list to find.

    >>> parse_phone("(415) 555-2671 ext. 9", "US")
    '+14155552671'
    >>> parse_phone("1-800-FLOWERS", "US")
    '+18003569377'
    >>> parse_phone("000-000-0000", "US")
    '0000000000'
    """
    digits = "".join(str(unicodedata.decimal(each)) for each in text if each.isdecimal())
    if region == NOWHERE and digits.startswith("00") and "+" not in text:
        text = f"+{digits[2:]}"  # 00 is what the ITU recommends for +
    if not digits or _stands_for_nothing(digits):
        return digits or None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return digits
    national = phonenumbers.national_significant_number(number)
    if _stands_for_nothing(national):
        return national
    if not phonenumbers.is_possible_number(number):
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national_patterns(region: str) -> dict[str, str]:
    """Return patterns that tell national numbers of a region which are E.164 but for `+` and code.

    The digits are it where `general` and `length` match the whole and `prefix` matches nothing. The
    first keeps phonenumbers from looking for a country code, the last from dropping anything.
    """
    code = phonenumbers.country_code_for_region(region)
    here = _metadata(region)
    # phonenumbers judges lengths by the main country of a code: those of Kazakhstan by Russia's.
    main = _metadata(COUNTRY_CODE_TO_REGION_CODE[code][0])
    shared = set(_lengths(here)) & set(_lengths(main))
    prefixes = (here.international_prefix, here.national_prefix_for_parsing)
    return {
        "code": str(code),
        "general": _general(here),
        "length": _one_of(f"[0-9]{{{length}}}" for length in sorted(shared)),
        "prefix": f"^{_one_of(each for each in prefixes if each)}?",
    }


@cache
def international_patterns() -> dict[str, str]:
    """Return patterns that tell numbers which are E.164 already.

    They are it where `general` and `length` match the whole, and `prefix` no more than `code`.
    """
    mains = {
        code: _metadata(regions[0])
        for code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        if regions[0] != _NON_GEOGRAPHIC
    }
    parts = {
        "code": {code: "" for code in mains},
        "general": {code: _general(main) for code, main in mains.items()},
        "length": {
            code: _one_of(f"[0-9]{{{length}}}" for length in _lengths(main))
            for code, main in mains.items()
        },
        "prefix": {
            code: f"(?:{main.national_prefix_for_parsing})?"
            if main.national_prefix_for_parsing
            else ""
            for code, main in mains.items()
        },
    }
    return {
        name: rf"^\+{_one_of(f'{code}{pattern}' for code, pattern in sorted(of_code.items()))}"
        for name, of_code in parts.items()
    }


def nothing_pattern() -> str:
    """Return a pattern of all that `parse_phone` might take for "nothing", with or without code."""
    over_and_over = {f"{digit}+" for digit in "0123456789"}
    return rf"\+?[0-9]{{0,3}}{_one_of(sorted(over_and_over | junk_digits()))}"


def _stands_for_nothing(digits: str) -> bool:
    return digits in junk_digits() or len(set(digits)) == 1


def _metadata(region: str) -> PhoneMetadata:
    metadata = PhoneMetadata.metadata_for_region(region)
    if metadata is None:
        msg = f"phonenumbers knows no region {region!r}"
        raise LookupError(msg)
    return metadata


def _general(metadata: PhoneMetadata) -> str:
    return f"(?:{_description(metadata).national_number_pattern})"


def _lengths(metadata: PhoneMetadata) -> tuple[int, ...]:
    return tuple(length for length in _description(metadata).possible_length if length > 0)


def _description(metadata: PhoneMetadata) -> PhoneNumberDesc:
    if metadata.general_desc is None:
        msg = f"phonenumbers does not describe the numbers of {metadata.id}"
        raise LookupError(msg)
    return metadata.general_desc


def _one_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
