"""E-mail addresses in the one form in which they are compared."""

import re
import unicodedata

import idna

_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]*)>")
_MAILTO = re.compile(r"mailto:([^?]*).*", re.IGNORECASE | re.DOTALL)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200e\u200f\u2060\ufeff"))
"""What is copied along with an address from pages and documents, and no address holds."""


def parse_email(text: str) -> str | None:
    """Return an address in lower case and NFKC, its domain in ASCII (IDNA 2008), without wrapping.

    Lower case and not case folding, as RFC 8265 has it for user names: folding would make one of
    `groß@` and `gross@`. Dots and tags (`+`) stay, because only the provider knows what they mean.
    What does not have one @ between two parts is no address; it may be a hash and stays as it is.

    >>> parse_email(" Ann Lee <mailto:Ann@Bücher.example> ")
    'ann@xn--bcher-kva.example'
    """
    text = _compatible(text).translate(_INVISIBLE).strip()
    if wrapped := _IN_BRACKETS.fullmatch(text):
        text = wrapped[1].strip()
    if addressed := _MAILTO.fullmatch(text):
        text = addressed[1].strip()
    text = _compatible(text.lower())
    local, _, domain = text.partition("@")
    if not local or not domain or "@" in domain:
        return text or None
    return f"{local}@{_in_ascii(domain)}"


def _compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _in_ascii(domain: str) -> str:
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return domain
