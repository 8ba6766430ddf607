"""Telling somebody outside by a webhook that a check failed or a run was held."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPException
from typing import IO
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from c360.check_rules import Webhook
from c360.config import Settings
from c360.config_file import read_settings
from c360.errors import HeldRunError
from c360.logs import log
from c360.workspace import Workspace

MOST = 50
"""Failed checks that a message names; the rest are counted."""


def post(webhook: Webhook | None, event: Mapping[str, object]) -> None:
    """Post an event as JSON to the URL in the environment; nothing where there is none.

    What goes wrong is a warning: telling somebody never fails a run. The URL, which may hold a
    password, is never told.
    """
    url = os.environ.get(webhook.env, "") if webhook else ""
    if webhook is None or not url:
        return
    if not url.startswith(("http://", "https://")):
        log.warning("the webhook of %s was not told: its URL is not http or https", webhook.env)
        return
    body = json.dumps(event, default=str).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "c360"}
    try:
        request = Request(url, data=body, headers=headers)  # noqa: S310 - its scheme is known
        with build_opener(_NoRedirect).open(request, timeout=webhook.seconds) as answer:
            answer.read(0)
    except URLError as error:
        log.warning("the webhook of %s was not told: %s", webhook.env, error.reason)
    except (OSError, HTTPException, ValueError) as error:
        # Their words may quote the URL.
        log.warning("the webhook of %s was not told: %s", webhook.env, type(error).__name__)


def event_of(
    settings: Settings, kind: str, failed: Sequence[Mapping[str, object]]
) -> dict[str, object]:
    """Return what is posted: figures of checks or gates, and nothing of any person."""
    return {
        "workspace": settings.name,
        "event": kind,
        "failed": list(failed[:MOST]),
        "more": max(len(failed) - MOST, 0),
    }


@contextmanager
def telling_held(workspace: Workspace, command: str) -> Iterator[None]:
    """Tell the webhook of a run that is held: its gates and their figures, without explanations."""
    try:
        yield
    except HeldRunError as held:
        settings = read_settings(workspace.config)
        failed = [{"gate": line.partition(". ")[0]} for line in held.broken]
        post(settings.checks.webhook, event_of(settings, f"{command}_held", failed))
        raise


class _NoRedirect(HTTPRedirectHandler):
    """Follows nobody: what is posted goes to the URL that was named, or nowhere."""

    def redirect_request(  # noqa: PLR0917 - as it is called
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> None:
        """Refuse."""
