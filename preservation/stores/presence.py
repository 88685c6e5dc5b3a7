"""Whether a store is there: its own marker is looked at, so that an empty mount point is never taken for a loss."""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from archives.consequences import WithConsequences
from archives.errors import NotFoundError, StorageError, StoreAbsentError, StoreDeniedError, StoreEmptyError
from archives.journal.facts import StoreAdded
from archives.message import Message, joined, listed, message
from preservation.stores.files import is_mounted_read_only, let_in
from preservation.stores.store import JOURNAL, MARKER, PACKAGES, Store, away_advice, read_whole

_LOOK = message("请检查其磁盘和权限", "check its disk and who may read it")
_WRITABLE = message("请以可写方式重新挂载", "mount it writable")
_MEDIUM = message("请挂上正确的磁盘", "mount the right medium there")
REPLACES = "replaces"
"""Under this name a marker lists the stores that had its name before it."""


class Presence(WithConsequences):
    """What can be said of a store before anything in it is judged; ``said`` is its state in words.

    ``is_there``: it can be judged; else it counts as one that is away. ``takes_copies``: it can be written, as far as
    looking tells; else copies are owed to it as to one that is away.
    """

    said: Message
    is_there: bool
    takes_copies: bool

    PRESENT = "present", message("在位", "present"), True, True
    READ_ONLY = "read-only", message("只读", "read-only"), True, False
    ABSENT = "absent", message("不在", "absent"), False, False
    EMPTY = "empty", message("空的文件夹", "an empty folder"), False, False
    FOREIGN = "foreign", message("是另一个存储", "another store"), False, False
    DENIED = "denied", message("没有读写权限", "permission denied"), False, False
    UNREADABLE = "unreadable", message("无法读写", "cannot be read or written"), False, False
    UNFOUNDED = "unfounded", message("尚未启用", "not in use yet"), False, False


@dataclass(frozen=True, slots=True)
class StorePresence:
    """One store's presence, why it is not there, and what to do about that; ``is_damaged`` by what was found of its own files."""

    store: Store
    presence: Presence
    reason: Message | None = None
    advice: Message | None = None
    is_damaged: bool = False

    @property
    def is_there(self) -> bool:
        """Whether the store can be judged."""
        return self.presence.is_there

    @property
    def takes_copies(self) -> bool:
        """Whether the store can be written, as far as looking tells."""
        return self.presence.takes_copies

    def require(self) -> None:
        """Raise ``StoreAbsentError`` unless the store can be judged."""
        if not self.is_there:
            raise StoreAbsentError(
                self.reason or message("存储不在", "the store is not there"),
                subject=self.store.name,
                advice=self.advice,
            )


def presence_of(store: Store, promised: StoreAdded | None) -> StorePresence:
    """Look at a store's marker; ``promised`` is what the journal says of the store, None when it does not know it.

    A marker that is missing or damaged beside the store's content is a matter for the audit: the store is there. The
    marker of another store means that the wrong medium is mounted.
    """
    if promised is None:
        return StorePresence(store, Presence.UNFOUNDED, *_unfounded(store))
    try:
        data = read_whole(store, MARKER)
    except NotFoundError:
        return _there(store)
    except StorageError as failure:
        return unavailable(store, failure)
    ours, found = json.loads(promised.marker), _read(data)
    if found.get("store_id") in ours.get(REPLACES, ()):
        return StorePresence(store, Presence.FOREIGN, _former(store), away_advice(store.name, _MEDIUM))
    if _names_another(found, ours):
        return StorePresence(store, Presence.FOREIGN, _foreign(store), away_advice(store.name, _MEDIUM))
    return _there(store)


def unavailable(store: Store, failure: StorageError) -> StorePresence:
    """Return how a store stands that could not be read or written: absent, shut to this account, or not to be read.

    What may not be looked into is lost by nobody's knowledge: nobody is told there to let another place take its stead.
    """
    state = _state_of(failure)
    advice = away_advice(store.name, failure.advice or _LOOK) if state is Presence.UNREADABLE else failure.advice
    return StorePresence(store, state, failure.message, advice)


def out_of_reach(failures: Sequence[tuple[str, StorageError]]) -> StorageError:
    """Return the one error that says how stores stand none of which could be read or written, each with what kept it.

    Of a single one it is its own. Where any may not be looked into, nobody can say that all are away.
    """
    (name, failure), *others = failures
    if not others:
        return failure
    states = [(name, _state_of(failure)) for name, failure in failures]
    kinds = {state for _, state in states}
    kind = StoreDeniedError if Presence.DENIED in kinds else StorageError
    if kinds <= {Presence.ABSENT, Presence.EMPTY}:
        kind = StoreAbsentError
    said = message(
        "存储不能读写：{states}（{each}）",
        "stores that cannot be read or written: {states} ({each})",
        states=_told(states),
        each=joined([one.message for _, one in failures]),
    )
    each = message("各存储的办法见 jinkui store check", "jinkui store check says what helps with each of them")
    advice = message(
        "{name}：{first}；{each}", "{name}: {first}; {each}", name=name, first=failure.advice or _LOOK, each=each
    )
    return kind(said, subject=listed([name for name, _ in failures]), advice=advice)


def states_of(looked: Iterable[StorePresence]) -> Message:
    """Return in words how each of some stores stands, those of one state together."""
    return _told([(one.store.name, one.presence) for one in looked])


def _told(states: Sequence[tuple[str, Presence]]) -> Message:
    named = [(one, [name for name, state in states if state is one]) for one in Presence]
    told = [
        message("{names}：{state}", "{names}: {state}", names=listed(names), state=one.said)
        for one, names in named
        if names
    ]
    values = {f"part{number}": one for number, one in enumerate(told)}
    places = [f"{{{name}}}" for name in values]
    return message("；".join(places), "; ".join(places), **values)


def told_without(
    looked: Iterable[StorePresence], away: Collection[str], *, sealed: Collection[str]
) -> Iterator[Message]:
    """Yield what people are told when something is written that stores do not get: those away, those that are read-only."""
    for seen in looked:
        name = seen.store.name
        if name not in sealed and (name in away or seen.presence is Presence.READ_ONLY):
            yield message(
                "{reason}；现在写入的不到那里，欠着",
                "{reason}; what is written now does not reach it, and is owed to it",
                reason=seen.reason or message("存储“{store}”不在", "the store “{store}” is away", store=name),
            )


def _state_of(failure: StorageError) -> Presence:
    if isinstance(failure, StoreEmptyError):
        return Presence.EMPTY
    if isinstance(failure, StoreAbsentError):
        return Presence.ABSENT
    return Presence.DENIED if isinstance(failure, StoreDeniedError) else Presence.UNREADABLE


def _there(store: Store) -> StorePresence:
    """Return that a store is there, and whether its folders can be written; of what is no folder nobody can tell by looking.

    A store whose journal or packages are shut for writing takes no copies either, whatever its own folder allows.
    """
    folder = store.properties.folder
    for place in (folder, folder / JOURNAL, folder / PACKAGES) if folder else ():
        is_missing = place != folder and not os.access(place, os.F_OK)
        if not is_missing and not os.access(place, os.W_OK | os.X_OK):
            advice = away_advice(store.name, _WRITABLE) if is_mounted_read_only(place) else let_in(place)
            return StorePresence(store, Presence.READ_ONLY, _read_only(store, place), advice)
    return StorePresence(store, Presence.PRESENT)


def _read_only(store: Store, folder: Path) -> Message:
    return message(
        "存储“{store}”只读，写不进去：{path}",
        "the store “{store}” is read-only, nothing can be written there: {path}",
        store=store.name,
        path=str(folder),
    )


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


def _unfounded(store: Store) -> tuple[Message, Message]:
    return (
        message("存储“{store}”尚未启用", "the store “{store}” is not in use yet", store=store.name),
        message(
            "请运行 jinkui store add {store}；不用它的，从设置中删去",
            "run jinkui store add {store}, or take it out of the settings",
            store=store.name,
        ),
    )
