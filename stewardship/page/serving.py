"""`c360 review serve`: the review page as a web server on this machine."""

import os
import socket
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from c360.errors import C360Error
from c360.stewardship.page.plans import Plan
from c360.workspace import Workspace

HOST, PORT = "127.0.0.1", 8360

_LIBRARIES = ("starlette", "uvicorn", "python_multipart")
"""What the extra `serve` installs."""


def serve(
    workspace: Workspace,
    *,
    host: str = HOST,
    port: int = PORT,
    user: str | None = None,
    tokens: Path | None = None,
    names: Sequence[str] = (),
    plan: Plan | None = None,
) -> None:
    """Serve the review page until it is interrupted.

    Args:
        workspace: Where a queue has been made.
        host: The address to listen on; one that is not loopback demands `tokens`.
        port: The port to listen on.
        user: Everybody who reaches the page is this steward.
        tokens: The file of stewards and their tokens, instead of `user`.
        names: Host names beside `host` that browsers reach the page under, as behind a proxy.
        plan: Rehearses a decision; without it no rehearsal is offered.

    Raises:
        C360Error: the options do not go together, the token file is wrong, the port is taken, or
            the libraries of the extra `serve` are not there.
        MissingStepError: there is no queue.
    """
    if any(find_spec(library) is None for library in _LIBRARIES):
        msg = f"the page needs {', '.join(_LIBRARIES)}; install them: pip install 'c360[serve]'"
        raise C360Error(msg)
    import uvicorn

    from c360.stewardship.page.app import make_app

    app = make_app(workspace, host=host, user=user, tokens=tokens, names=names, plan=plan)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    with _listening(host, port) as listener:
        own = f"[{host}]" if ":" in host else host
        address = f"http://{own}:{listener.getsockname()[1]}/"
        sys.stderr.write(f"The review page is at {address} (Ctrl-C ends it)\n")
        uvicorn.Server(config).run([listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        msg = f"port {port} of {host} cannot be had ({why}); name another --port or --host"
        raise C360Error(msg) from error
    # Connections inherit it. asyncio sets it on sockets of its own alone, and without it each
    # answer of two packets waits 40 ms for the browser to acknowledge the first.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
