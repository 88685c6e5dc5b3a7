"""Signed cursors: where a list goes on, and for whom, in a text that needs no other credentials for some minutes."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The user a list is for, and the last thing it has shown; neither holds a NUL."""

    user: str
    after: str


class Cursors:
    """Makes and reads cursors; ``secret`` signs them, so that those of another process mean nothing."""

    def __init__(self, secret: bytes, now: Callable[[], datetime]) -> None:
        self._secret = secret
        self._now = now

    def encode(self, cursor: Cursor) -> str:
        """Return a cursor as text that can stand in an address."""
        expires = int((self._now() + LIFETIME).timestamp())
        body = f"{cursor.user}\0{cursor.after}\0{expires}".encode()
        return base64.urlsafe_b64encode(self._signature(body) + body).decode("ascii")

    def decode(self, text: str) -> Cursor | None:
        """Return the cursor a text stands for; None for a text that was not made here or is too old."""
        try:
            data = base64.b64decode(text, altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            return None
        signature, body = data[: hashlib.sha256().digest_size], data[hashlib.sha256().digest_size :]
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        user, after, expires = body.decode().split("\0")
        return Cursor(user, after) if int(expires) >= self._now().timestamp() else None

    def _signature(self, body: bytes) -> bytes:
        return hmac.new(self._secret, body, hashlib.sha256).digest()
