"""Keys of programs that may ask the storage API about fixity, and nothing else; only their digests are kept."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime

from archives.errors import ConflictError, IdentifierError, NotFoundError
from archives.message import message
from preservation.working_state import WorkingState


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is listed: whose it is and since when; never the key itself."""

    user: str
    added_at: datetime


class ApiKeys:
    """The keys of one home; what is changed is on disk when the call returns."""

    def __init__(self, state: WorkingState) -> None:
        self._state = state

    def add(self, user: str, key: str, *, now: datetime) -> None:
        """Let a user in with a key (random, at least 32 bytes).

        Raises ``ConflictError`` when the user has one, ``IdentifierError`` for a name that no header could carry: HTTP
        Basic ends it at the first colon (RFC 7617 §2).
        """
        if not user.isprintable() or ":" in user or user != user.strip() or not user:
            raise IdentifierError(
                message("“{user}”不能作用户名", "“{user}” cannot be the name of a user", user=user),
                subject=user,
                advice=message("用字母、数字、横线，不含冒号", "use letters, digits and hyphens, no colon"),
            )
        with self._state.transaction() as connection:
            row = (user, _digest(key), now.isoformat())
            if connection.execute("INSERT OR IGNORE INTO api_key VALUES (?, ?, ?)", row).rowcount == 0:
                raise _has_one(user)

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key, by user."""
        rows = self._state.read("SELECT user, added_at FROM api_key ORDER BY user")
        return tuple(ApiKey(str(user), datetime.fromisoformat(str(at))) for user, at in rows)

    def revoke(self, user: str) -> None:
        """Let a user in no longer, from now on; raises ``NotFoundError``."""
        with self._state.transaction() as connection:
            if connection.execute("DELETE FROM api_key WHERE user = ?", (user,)).rowcount == 0:
                raise NotFoundError(message("“{user}”没有密钥", "“{user}” has no key", user=user), subject=user)

    def admits(self, user: str, key: str) -> bool:
        """Return whether the key is the user's; takes as long for an unknown user."""
        rows = self._state.read("SELECT digest FROM api_key WHERE user = ?", (user,))
        kept = str(rows[0][0]) if rows else _digest("nobody's")
        return hmac.compare_digest(kept, _digest(key)) and bool(rows)


def _has_one(user: str) -> ConflictError:
    return ConflictError(
        message("“{user}”已有密钥", "“{user}” has a key already", user=user),
        subject=user,
        advice=message("请先 jinkui api-key revoke {user}", "run jinkui api-key revoke {user} first", user=user),
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8")).hexdigest()
