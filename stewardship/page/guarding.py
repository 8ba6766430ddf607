"""What every request must keep and every answer carries, whoever asks."""

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from c360.errors import C360Error

PAGE_POLICY = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
"""Nothing from elsewhere, no script or style in the page itself."""

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers would then send forms with the origin `null`.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What an answer carries where it says nothing else."""

_SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that browsers may reach the page under; `is_any_address`: any IP address too.

    Another site whose name leads here (DNS rebinding) gets no answer: browsers would let it read.
    """

    names: frozenset[str]
    is_any_address: bool = False

    def has(self, header: str | None) -> bool:
        """Say whether a Host header, with or without its port, is one of them."""
        name = _name(header or "")
        return name is not None and (
            name in self.names or (self.is_any_address and _address(name) is not None)
        )


def hosts_of(host: str, names: Iterable[str]) -> Hosts:
    """Return the names of a page that listens on `host` and is also known by `names`."""
    address = _address(host)
    own = {host.lower(), *(name.lower() for name in names)}
    is_everywhere = address is not None and address.is_unspecified
    if is_everywhere:
        own |= {socket.gethostname().lower(), socket.getfqdn().lower()}
    if is_everywhere or is_loopback(host):
        own |= {"localhost", "127.0.0.1", "::1"}
    return Hosts(frozenset(own), is_any_address=is_everywhere)


def is_loopback(host: str) -> bool:
    """Say whether only programs of this machine can reach `host`."""
    address = _address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def check_names(names: Iterable[str]) -> None:
    """Refuse names that no Host header can hold.

    Raises:
        C360Error: a name has a port, a scheme or blanks.
    """
    for name in names:
        if _name(name) != name.lower() or not name:
            msg = f"--name {name!r} is no host name; write it without port and https://"
            raise C360Error(msg)


class Guard:
    """Answers only requests to the page's own names, forms of its own pages, with its headers."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        if not self._hosts.has(headers.get("host")):
            text = "This host name is not one of the page's; c360 review serve --name adds one.\n"
            await PlainTextResponse(text, 421)(scope, receive, send_guarded)
        elif scope["method"] not in _SAFE and not _is_own(headers):
            text = "This form comes from another site; nothing was done.\n"
            await PlainTextResponse(text, 403)(scope, receive, send_guarded)
        else:
            await self._app(scope, receive, send_guarded)


def _is_own(headers: Headers) -> bool:
    """Say whether a form comes from a page of this host, as far as the browser tells."""
    origin = headers.get("origin")
    if origin is not None:
        return origin.partition("://")[2].lower() == headers["host"].lower()
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def _name(header: str) -> str | None:
    """Return the name of a Host header in lower case, without port and brackets."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return None
    is_bare = parts.netloc == header and "@" not in header
    return parts.hostname if is_bare else None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
