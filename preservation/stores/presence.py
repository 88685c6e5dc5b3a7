"""Whether a store is there: its own marker is looked at, so that an empty mount point is never taken for a loss."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from archives.consequences import WithConsequences
from archives.errors import NotFoundError, StorageError, StoreAbsentError
from archives.journal.facts import StoreAdded
from archives.message import Message, message
from preservation.stores.store import MARKER, Store, read_whole

REPLACES = "replaces"
"""Under this name a marker lists the stores that had its name before it."""


class Presence(WithConsequences):
    """What can be said of a store before anything in it is judged; ``said`` is its state in words.

    Nothing but PRESENT can be judged: the store counts as one that is away.
    """

    said: Message

    PRESENT = "present", message("在位", "present")
    ABSENT = "absent", message("不在", "absent")
    FOREIGN = "foreign", message("是另一个存储", "another store")
    UNREADABLE = "unreadable", message("无法读写", "cannot be read or written")
    UNFOUNDED = "unfounded", message("尚未启用", "not in use yet")


@dataclass(frozen=True, slots=True)
class StorePresence:
    """One store's presence, and why it is not there."""

    store: Store
    presence: Presence
    reason: Message | None = None

    @property
    def is_there(self) -> bool:
        """Whether the store can be judged."""
        return self.presence is Presence.PRESENT

    def require(self) -> None:
        """Raise ``StoreAbsentError`` unless the store can be judged."""
        if not self.is_there:
            raise StoreAbsentError(
                self.reason or message("存储不在", "the store is not there"), subject=self.store.name
            )


def presence_of(store: Store, promised: StoreAdded | None) -> StorePresence:
    """Look at a store's marker; ``promised`` is what the journal says of the store, None when it does not know it.

    A marker that is missing or damaged beside the store's content is a matter for the audit: the store is there. The
    marker of another store means that the wrong medium is mounted.
    """
    if promised is None:
        return StorePresence(store, Presence.UNFOUNDED, _unfounded(store))
    try:
        data = read_whole(store, MARKER)
    except StoreAbsentError as absent:
        return StorePresence(store, Presence.ABSENT, absent.message)
    except NotFoundError:
        return StorePresence(store, Presence.PRESENT)
    except StorageError as failure:
        return StorePresence(store, Presence.UNREADABLE, failure.message)
    ours, found = json.loads(promised.marker), _read(data)
    if found.get("store_id") in ours.get(REPLACES, ()):
        return StorePresence(store, Presence.FOREIGN, _former(store))
    if _names_another(found, ours):
        return StorePresence(store, Presence.FOREIGN, _foreign(store))
    return StorePresence(store, Presence.PRESENT)


def _read(data: bytes) -> dict[str, object]:
    """Return what a marker says, nothing where it is damaged."""
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _names_another(found: Mapping[str, object], ours: Mapping[str, object]) -> bool:
    """Return whether a whole marker names another store; a damaged one names none."""
    known = ours.keys() - {REPLACES}
    if found.keys() - {REPLACES} != known:
        return False
    differs = {name for name in known if found[name] != ours[name]}
    return "store_id" in differs and len(differs) > 1  # one field alone is a damaged marker


def _former(store: Store) -> Message:
    return message(
        "“{store}”处是它被替换之前的旧存储，不再读写",
        "what lies there is the store that “{store}” took the place of; it is neither read nor written",
        store=store.name,
    )


def _foreign(store: Store) -> Message:
    return message(
        "存储“{store}”处是另一个存储，可能挂错了磁盘",
        "another store lies where “{store}” should be; the wrong medium may be mounted",
        store=store.name,
    )


def _unfounded(store: Store) -> Message:
    return message(
        "存储“{store}”尚未启用，请运行 jinkui store add {store}",
        "the store “{store}” is not in use yet; run jinkui store add {store}",
        store=store.name,
    )
