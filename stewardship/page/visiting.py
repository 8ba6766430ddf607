"""From a request to a visit: who is signed in, which forms count, and what is said if not."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from c360.stewardship.page.glance import DoorClosedError
from c360.stewardship.page.sessions import HOURS, Session
from c360.stewardship.page.site import COOKIE, Site, Visit, go_to, path_of, show

RETRY_SECONDS = 20
"""When to come back to a warehouse that is in use: most runs are over by then, or nearly."""

Handler = Callable[[Visit], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def page(site: Site, handler: Handler) -> Endpoint:
    """Return the endpoint of a page that only stewards see.

    Without a token file, everybody who reaches the page is `site.user`.
    """

    async def endpoint(request: Request) -> Response:
        session = session_of(site, request)
        if session is not None:
            return await _answered(handler, Visit(site, request, session))
        if site.user is None:
            return go_to(f"/sign-in?{urlencode({'then': path_of(request)})}")
        session = site.sessions.begin(site.user)
        response = await _answered(handler, Visit(site, request, session))
        give_cookie(site, request, response, session)
        return response

    return endpoint


def form(site: Site, handler: Handler) -> Endpoint:
    """Return the endpoint of a form, which counts only with the token of its session."""

    async def endpoint(request: Request) -> Response:
        fields = await read_form(request)
        session = session_of(site, request)
        if session is None or not site.sessions.is_form_token(session, fields.get("token", "")):
            return show(
                "outdated.html.j2",
                403,
                site=site.name,
                back=request.url.path.rpartition("/")[0] or "/",
                typed=typed(fields),
            )
        return await _answered(handler, Visit(site, request, session, fields))

    return endpoint


async def read_form(request: Request) -> Mapping[str, str]:
    """Return the fields of a form; of a name that comes twice the last."""
    async with request.form(max_files=0, max_fields=50) as fields:
        return {name: value for name, value in fields.items() if isinstance(value, str)}


def typed(fields: Mapping[str, str]) -> dict[str, str]:
    """Return what a steward has written in a form, to be shown where it was not taken."""
    return {name: fields[name] for name in ("decision", "reason") if fields.get(name)}


def session_of(site: Site, request: Request) -> Session | None:
    """Return the session of a request's cookie, if it has a good one."""
    cookie = request.cookies.get(COOKIE)
    return None if cookie is None else site.sessions.open(cookie)


def give_cookie(site: Site, request: Request, response: Response, session: Session) -> None:
    """Let the browser keep a session."""
    response.set_cookie(
        COOKIE,
        site.sessions.seal(session),
        max_age=HOURS * 3600,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


async def _answered(handler: Handler, visit: Visit) -> Response:
    """Run a handler in a thread; where the warehouse is in use, keep what was typed and say so."""
    try:
        return await run_in_threadpool(handler, visit)
    except DoorClosedError as error:
        response = visit.show(
            "in_use.html.j2",
            503,
            why=str(error),
            method=visit.request.method,
            path=visit.request.url.path,
            query=visit.request.url.query,
            kept={name: value for name, value in visit.form.items() if name != "token"},
            typed=typed(visit.form),
            seconds=RETRY_SECONDS,
        )
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
