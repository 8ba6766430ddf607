"""The page as a whole: what all its requests share, and what one request brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from c360.stewardship.page.door import Door
from c360.stewardship.page.plans import Plans
from c360.stewardship.page.sessions import Session, Sessions
from c360.stewardship.page.tokens import Tokens

FOLDER = Path(__file__).resolve().parents[1]

COOKIE = "c360_session"

_ROUNDED_TO_1 = 0.9995
"""The least that one digit after the point of a percentage would show as 100.0 %."""


@dataclass(frozen=True, slots=True)
class Site:
    """What all requests share. `user` is signed in without a token; else `tokens` says who may."""

    name: str
    door: Door
    sessions: Sessions
    user: str | None
    tokens: Tokens
    plans: Plans


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a steward who is signed in; `form` is empty for one that only reads."""

    site: Site
    request: Request
    session: Session
    form: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def steward(self) -> str:
        """Who asks."""
        return self.session.steward

    def part(self, name: str) -> str:
        """Return a part of the path."""
        return str(self.request.path_params[name])

    def asked(self) -> dict[str, str]:
        """Return the query, of each name the last value."""
        return {name: value[-1] for name, value in parse_qs(self.request.url.query).items()}

    def show(self, template: str, status: int = 200, /, **values: object) -> Response:
        """Answer with a page."""
        site = self.site
        return show(
            template,
            status,
            site=site.name,
            steward=self.steward,
            form_token=site.sessions.form_token(self.session),
            has_sign_out=site.user is None,
            **values,
        )


def show(template: str, status: int = 200, /, **values: object) -> Response:
    """Answer with a page."""
    return HTMLResponse(_environment().get_template(template).render(values), status)


def go_to(path: str) -> Response:
    """Send the browser on, with GET, to a path of this page."""
    return RedirectResponse(path, 303)


def path_of(request: Request) -> str:
    """Return the path and query that were asked for."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def own_path(text: str) -> str:
    """Return a path of this page as it was given, the list for anything that leads elsewhere."""
    is_own = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if is_own else "/"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["money"] = money
    environment.filters["words"] = words
    environment.filters["probability"] = probability
    return environment


def money(amount: Decimal | None) -> str:
    """Return an amount for reading.

    >>> money(Decimal("1234.50")), money(None)
    ('$1,234.50', 'unknown')
    """
    return "unknown" if amount is None else f"${amount:,.2f}"


def probability(match_probability: float) -> str:
    """Return a match probability for reading, what is nearly certain not rounded to certain.

    >>> probability(0.9731), probability(0.99996)
    ('97.3 %', 'over 99.9 %')
    """
    if match_probability >= _ROUNDED_TO_1:
        return "over 99.9 %"
    return f"{match_probability * 100:.1f} %"


def words(name: str) -> str:
    """Return a name of the tables as people read it.

    >>> words("keep_apart")
    'keep apart'
    """
    return name.replace("_", " ")
