"""Who is signed in: sessions that a browser keeps in a signed cookie, and the tokens of forms."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

HOURS = 12
"""How long a session lasts: a working day."""


@dataclass(frozen=True, slots=True)
class Session:
    """A steward at a browser until `expires`, in seconds since 1970."""

    steward: str
    session_id: str
    expires: int


class Sessions:
    """Begins sessions, and tells its own from those that somebody made up.

    The key lives as long as the server, so that a restart signs everybody out.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._ended: dict[str, int] = {}

    def begin(self, steward: str) -> Session:
        """Return a new session of a steward."""
        return Session(steward, secrets.token_hex(16), int(self._clock()) + HOURS * 3600)

    def seal(self, session: Session) -> str:
        """Return a session as the value of a cookie."""
        content = json.dumps([session.steward, session.session_id, session.expires]).encode()
        text = base64.urlsafe_b64encode(content).decode()
        return f"{text}.{self._mac('session', text)}"

    def open(self, cookie: str) -> Session | None:
        """Return the session of a cookie; None where it is forged, expired or ended."""
        text, _, mac = cookie.partition(".")
        if not _is_same(mac, self._mac("session", text)):
            return None
        try:
            session = Session(*json.loads(base64.urlsafe_b64decode(text)))
        except (binascii.Error, ValueError, TypeError):
            return None
        is_over = session.expires <= self._clock() or session.session_id in self._ended
        return None if is_over else session

    def end(self, session: Session) -> None:
        """Sign out: the cookie is worth nothing any more."""
        now = self._clock()
        self._ended = {id_: expires for id_, expires in self._ended.items() if expires > now}
        self._ended[session.session_id] = session.expires

    def form_token(self, session: Session) -> str:
        """Return what every form of a session carries, so that no other site can send one."""
        return self._mac("form", session.session_id)

    def is_form_token(self, session: Session, given: str) -> bool:
        """Say whether a form was made for the session."""
        return _is_same(given, self.form_token(session))

    def _mac(self, purpose: str, text: str) -> str:
        message = f"{purpose}:{text}".encode()
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
