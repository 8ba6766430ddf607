"""Signing in with a token, and out."""

from starlette.requests import Request
from starlette.responses import Response

from c360.stewardship.page.site import COOKIE, Site, Visit, go_to, own_path, show
from c360.stewardship.page.tokens import name_of
from c360.stewardship.page.visiting import Endpoint, give_cookie, read_form, session_of


def sign_in(site: Site) -> Endpoint:
    """Return the endpoint that shows the form for the token, and takes it.

    The form needs no token of its own: it is sent by one who is nobody yet.
    """

    async def endpoint(request: Request) -> Response:
        then = own_path(request.query_params.get("then", "/"))
        if site.user is not None or session_of(site, request) is not None:
            return go_to(then)
        if request.method != "POST":
            return show("sign_in.html.j2", site=site.name, then=then, is_wrong=False)
        fields = await read_form(request)
        name = name_of(site.tokens, fields.get("steward_token", "").strip())
        if name is None:
            return show("sign_in.html.j2", 403, site=site.name, then=then, is_wrong=True)
        response = go_to(then)
        give_cookie(site, request, response, site.sessions.begin(name))
        return response

    return endpoint


def sign_out(visit: Visit) -> Response:
    """End the session."""
    visit.site.sessions.end(visit.session)
    response = go_to("/sign-in")
    response.delete_cookie(COOKIE)
    return response
