"""The review page as an application: its routes, and who may use it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from c360.errors import C360Error, MissingStepError
from c360.stewardship.decision_file import export_decisions
from c360.stewardship.page.acting import assign, confirm, decide, take_back
from c360.stewardship.page.door import Door
from c360.stewardship.page.glance import DoorClosedError
from c360.stewardship.page.guarding import Guard, check_names, hosts_of, is_loopback
from c360.stewardship.page.item_page import show_item
from c360.stewardship.page.list_page import show_list
from c360.stewardship.page.pictures import show_picture
from c360.stewardship.page.plan_page import ask_plan, show_plan
from c360.stewardship.page.plans import Plan, Plans
from c360.stewardship.page.sessions import Sessions
from c360.stewardship.page.signing_in import sign_in, sign_out
from c360.stewardship.page.site import FOLDER, Site
from c360.stewardship.page.tokens import read_tokens
from c360.stewardship.page.visiting import form, page
from c360.warehouse import has_table
from c360.workspace import Workspace

MOST_BYTES = 64 * 1024
"""What a form may send: a reason of 2,000 characters, and room for the rest."""


def make_app(
    workspace: Workspace,
    *,
    host: str,
    user: str | None = None,
    tokens: Path | None = None,
    names: Sequence[str] = (),
    plan: Plan | None = None,
) -> Starlette:
    """Return the application that `serve` serves; what it takes and raises is told there."""
    check_names(names)
    _check_who(host, user, tokens, names)
    door = Door(workspace, export_decisions)
    site = Site(
        name=_look(door),
        door=door,
        sessions=Sessions(),
        user=user,
        tokens={} if tokens is None else read_tokens(tokens),
        plans=Plans(plan, workspace.root),
    )
    _load_libraries()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        site.plans.close()

    return Starlette(
        routes=_routes(site),
        middleware=[Middleware(Guard, hosts=hosts_of(host, names))],
        exception_handlers={404: _not_found},
        lifespan=lifespan,
        max_body_size=MOST_BYTES,
    )


def _routes(site: Site) -> list[Route | Mount]:
    own_form = ["POST"]
    item = "/items/{item_id}"
    return [
        Route("/", page(site, show_list)),
        Route(item, page(site, show_item)),
        Route(f"{item}/decide", form(site, decide), methods=own_form),
        Route(f"{item}/assign", form(site, assign), methods=own_form),
        Route(f"{item}/second", form(site, confirm), methods=own_form),
        Route(f"{item}/revoke", form(site, take_back), methods=own_form),
        Route(f"{item}/plan", page(site, show_plan)),
        Route(f"{item}/plan", form(site, ask_plan), methods=own_form),
        Route("/customers/{customer_id}/picture.svg", page(site, show_picture)),
        Route("/sign-in", sign_in(site), methods=["GET", "POST"]),
        Route("/sign-out", form(site, sign_out), methods=own_form),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]


def _check_who(host: str, user: str | None, tokens: Path | None, names: Sequence[str]) -> None:
    """Refuse to serve a page on which nobody, or anybody from elsewhere, could decide."""
    if (user is None) == (tokens is None):
        msg = "say who decides: either --user NAME, or --tokens FILE with lines `name token`"
        raise C360Error(msg)
    if user is not None and not user.strip():
        msg = "--user is blank; name who decides"
        raise C360Error(msg)
    far = [name for name in (host, *names) if not is_loopback(name)]
    if user is not None and far:
        msg = (
            f"{far[0]} can be reached from other machines, and --user would let everybody there"
            " decide; give --tokens FILE instead, or --host 127.0.0.1"
        )
        raise C360Error(msg)


def _look(door: Door) -> str:
    """Return the name of the workspace, which must have a queue."""
    try:
        with door.reading() as context:
            if not has_table(context.con, "stewardship.review_item"):
                raise MissingStepError("the review queue has not been made", "c360 resolve")
            return context.settings.name
    except DoorClosedError as error:
        raise C360Error(str(error)) from error


def _load_libraries() -> None:
    """Load now what the first picture would wait for."""
    import networkx as nx

    nx.Graph()


def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is no such page. The list is at /\n", 404)
