"""Who may sign in: the names and tokens of a file."""

import hashlib
import re
import secrets
import stat
from collections.abc import Mapping
from pathlib import Path

from c360.errors import C360Error

SHORTEST_TOKEN = 20
"""Characters of a token that cannot be guessed by trying."""

_NAME = re.compile(r"[\w.@+-]{1,64}")

Tokens = Mapping[str, bytes]
"""The SHA-256 digest of each steward's token by name."""


def read_tokens(path: Path) -> Tokens:
    """Return the stewards of a file whose lines are `name token`; blank lines and # do not count.

    Raises:
        C360Error: the file is missing or readable by others, or a line is wrong; the message
            names lines and never a token.
    """
    try:
        text = path.read_text(encoding="utf-8")
        mode = stat.S_IMODE(path.stat().st_mode)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"--tokens {path} cannot be read; name a text file of lines `name token`"
        raise C360Error(msg) from error
    if mode & 0o077:
        msg = f"--tokens {path} has mode {mode:04o}: others may read it; run `chmod 600 {path}`"
        raise C360Error(msg)
    found: dict[str, bytes] = {}
    problems: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        problem = _problem(words, found)
        if problem is None:
            found[words[0]] = digest(words[1])
        else:
            problems.append(f"line {number}: {problem}")
    if not found and not problems:
        problems = ["it names nobody; write a line `name token` for each steward"]
    if problems:
        raise C360Error("\n  ".join([f"--tokens {path}:", *problems]))
    return found


def digest(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def name_of(tokens: Tokens, token: str) -> str | None:
    """Return whose token it is; None: nobody's. Takes as long for a wrong one as for a right."""
    given, name = digest(token), None
    for each, kept in tokens.items():
        if secrets.compare_digest(kept, given):
            name = each
    return name


def _problem(words: list[str], found: Tokens) -> str | None:
    if len(words) != 2:  # noqa: PLR2004 - a name and a token
        return f"it has {len(words)} words; write `name token`"
    name, token = words
    if not _NAME.fullmatch(name):
        return "the name may have letters, digits and . _ @ + - only, at most 64"
    if name in found:
        return f"{name} has a token already; give everybody one"
    if len(token) < SHORTEST_TOKEN:
        return (
            f"the token of {name} has {len(token)} characters, at least {SHORTEST_TOKEN} are"
            ' needed; make one: python -c "import secrets; print(secrets.token_urlsafe())"'
        )
    if digest(token) in found.values():
        return f"the token of {name} is somebody else's too; give everybody one of their own"
    return None
