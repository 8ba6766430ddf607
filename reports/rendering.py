"""Makes text of the report's templates: what their filters do, and what the page may run."""

import base64
import hashlib
import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from c360.reports import wording

TEMPLATES = Path(__file__).with_name("templates")
_INDENT = re.compile(r"\n\s+")


@cache
def environment(kind: Literal["html", "md"]) -> Environment:
    """Return the templates of an edition of the report, with their filters."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=kind == "html",  # noqa: S701 - Markdown cells go through `cell` instead
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "count": wording.count,
        "money": wording.money,
        "amount": wording.amount,
        "bits": _bits,
        "breakable": _breakable,
        "counted": wording.counted,
        "decision_words": wording.decision_words,
        "share": wording.share,
        "hours": wording.hours,
        "moment": wording.moment,
        "span": wording.span,
        "stamp": wording.stamp,
        "words": wording.words,
        "check_threshold": wording.check_threshold,
        "check_value": wording.check_value,
        "figure": wording.figure,
        "figure_name": wording.figure_name,
        "gate_figure": wording.gate_figure,
        "size": wording.size,
        "plain": wording.plain,
        "cell": _cell,
        "clipped": _clipped,
        "coded": _coded,
        "kept": _kept,
        "sign": _sign,
        "utc": _utc,
    }
    return made


def dense(page: str) -> str:
    r"""Return a page without the indents and the empty lines of its templates.

    >>> dense("<p>\n    a  b\n\n</p>")
    '<p>\na  b\n</p>'
    """
    return _INDENT.sub("\n", page)


def script() -> tuple[Markup, str]:
    """Return the page's own script, and the digest by which its policy knows it from any other."""
    text = dense((TEMPLATES / "report.js").read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704 - it is a file of ours, not data


def _cell(text: str) -> str:
    """Return text that is safe in a cell of a Markdown table."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return " ".join(escaped.split())


def _bits(weight: float) -> str:
    """Return a weight with its sign.

    >>> _bits(7.12), _bits(-0.04)
    ('+7.1', '-0.0')
    """
    return f"{weight:+.1f}"


def _breakable(name: str) -> Markup:
    """Return a name as HTML that a narrow line breaks after an underscore."""
    return Markup("_<wbr>").join(name.split("_"))


def _clipped(text: str, most: int) -> str:
    """Return the beginning of a text that is too long.

    >>> _clipped("customers", 9), _clipped("customers", 5)
    ('customers', 'cust…')
    """
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _coded(text: str) -> Markup:
    """Return text as HTML in which what stands between backticks is code."""
    parts = text.split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if number % 2 else part
        for number, part in enumerate(parts)
    )


def _kept(text: str) -> Markup:
    """Return text as HTML whose lines keep their indents."""
    return Markup("&#10;").join(text.splitlines())


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


def _utc(value: datetime) -> str:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")
