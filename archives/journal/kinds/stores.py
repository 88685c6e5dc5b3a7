"""Facts about places for copies: added, away, returned, and what was copied into them."""

from dataclasses import dataclass
from typing import Literal

from archives.journal.concern import LEFT, SET_RIGHT, UNREAD, Subject, the_packages, the_store
from archives.message import Message, message


@dataclass(frozen=True, slots=True)
class StoreAdded:
    """A place for copies was promised.

    ``marker`` is the exact text of its ``store.json``, the digest that of the ``restore.py`` that was put there.
    """

    store_id: str
    name: str
    marker: str
    restore_program_sha512: str
    type: Literal["store-added"] = "store-added"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.name),)

    def said(self) -> Message:
        """Return what it says."""
        return message("启用存储“{store}”", "the store “{store}” came into use", store=self.name)


@dataclass(frozen=True, slots=True)
class StoreReplaced:
    """An empty place took over the name of a store that is lost: every copy that lay there is owed again.

    ``store_id``, ``marker`` and the digest are the new place's, as in ``StoreAdded``; ``replaces`` the identifiers of the
    stores that had the name before it, which are taken for another store should they come back.
    """

    store_id: str
    name: str
    marker: str
    restore_program_sha512: str
    replaces: tuple[str, ...] = ()
    type: Literal["store-replaced"] = "store-replaced"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.name), LEFT)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "存储“{store}”由一个空的新位置替换，原有的副本全部记为欠缺",
            "an empty place took the place of the store “{store}”; every copy that lay there is owed again",
            store=self.name,
        )


@dataclass(frozen=True, slots=True)
class StoreMoved:
    """A store was copied to another place: no copy in it counts as verified until it was read there."""

    store: str
    type: Literal["store-moved"] = "store-moved"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), UNREAD)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "存储“{store}”已搬到新位置，其中的副本须在那里重新核查",
            "the store “{store}” was copied to another place; its copies are to be read again there",
            store=self.store,
        )


@dataclass(frozen=True, slots=True)
class StoreRetired:
    """A store left for good: no copy is promised to it or expected in it any more; what lies there stays as it is."""

    name: str
    store_id: str
    type: Literal["store-retired"] = "store-retired"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.name), LEFT)

    def said(self) -> Message:
        """Return what it says."""
        return message("存储“{store}”已停用，不再存放副本", "the store “{store}” was retired", store=self.name)


@dataclass(frozen=True, slots=True)
class CopiesGivenUp:
    """The newest versions of packages lay in one store alone, which left: a person knew it and let them go."""

    store: str
    packages: tuple[str, ...]
    type: Literal["copies-given-up"] = "copies-given-up"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages(self.packages))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "其他存储中没有的 {n} 个信息包随存储“{store}”一并放弃",
            "{n} {n:package|packages} that no other store has whole were given up with the store “{store}”",
            n=len(self.packages),
            store=self.store,
        )


@dataclass(frozen=True, slots=True)
class RestoreProgramRenewed:
    """A store got the ``restore.py`` of this software in the place of the one that it had; the digest is the new one's.

    ``set_aside`` is where in its quarantine lies what stood there and was not what had been put there; empty for nothing.
    """

    store: str
    restore_program_sha512: str
    set_aside: str = ""
    type: Literal["restore-program-renewed"] = "restore-program-renewed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store),)

    def said(self) -> Message:
        """Return what it says."""
        if self.set_aside:
            return message(
                "存储“{store}”中的 restore.py 不是当初放入的那一份，已移入隔离区 {aside}，换成本版本的",
                "restore.py in the store “{store}” was not the one that was put there, is set aside at {aside}, and renewed",
                store=self.store,
                aside=self.set_aside,
            )
        return message(
            "存储“{store}”的 restore.py 已更新", "restore.py in the store “{store}” is renewed", store=self.store
        )


@dataclass(frozen=True, slots=True)
class StoreAway:
    """The journal goes on without this store, which could not be reached; what it misses is owed to it."""

    store: str
    type: Literal["store-away"] = "store-away"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store),)

    def said(self) -> Message:
        """Return what it says."""
        return message("存储“{store}”不在位", "the store “{store}” is away", store=self.store)


@dataclass(frozen=True, slots=True)
class StoreReturned:
    """The store is there again and its journal is level; the packages it missed are still owed."""

    store: str
    type: Literal["store-returned"] = "store-returned"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store),)

    def said(self) -> Message:
        """Return what it says."""
        return message("存储“{store}”已归位", "the store “{store}” is back", store=self.store)


@dataclass(frozen=True, slots=True)
class StoreSetRight:
    """A store's journal was not the archive's, and was made so again before anything was written.

    ``reached`` is the entry it went to, ``confirmed`` the one it was known to have had: a smaller one means that the
    store was put back to an earlier state. ``files`` is the number of files, now in its quarantine, that no archive's key
    signed; ``set_aside`` the paths of the first ten.
    """

    store: str
    reached: int
    confirmed: int
    set_aside: tuple[str, ...] = ()
    files: int = 0
    type: Literal["store-set-right"] = "store-set-right"

    @property
    def was_put_back(self) -> bool:
        """Whether the store lacked what it was known to have had."""
        return self.reached < self.confirmed

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), SET_RIGHT, *([UNREAD] if self.was_put_back else ()))

    def said(self) -> Message:
        """Return what it says."""
        if self.set_aside:
            return message(
                "存储“{store}”的日志中有 {n} 个文件不是本档案库写的，已移入隔离区",
                "{n} {n:file|files} in the journal of the store “{store}” were not written by this archive and are set aside",
                store=self.store,
                n=max(self.files, len(self.set_aside)),
            )
        if self.was_put_back:
            return message(
                "存储“{store}”被换成了较早的状态（到第 {reached} 条，原有 {confirmed} 条），已补齐日志",
                "the store “{store}” was put back to an earlier state (entry {reached} of {confirmed}); its journal is level again",
                store=self.store,
                reached=self.reached,
                confirmed=self.confirmed,
            )
        return message(
            "存储“{store}”的日志头记录不对，已改正",
            "the head of the journal in the store “{store}” was wrong and is set right",
            store=self.store,
        )


@dataclass(frozen=True, slots=True)
class CopiesReplicated:
    """Versions (package identifier, number) were copied into a store and verified where they lie."""

    store: str
    versions: tuple[tuple[str, int], ...]
    type: Literal["copies-replicated"] = "copies-replicated"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages(tuple(package_id for package_id, _ in self.versions)))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "已复制到存储“{store}”并核实", "copied into the store “{store}” and verified there", store=self.store
        )


@dataclass(frozen=True, slots=True)
class ReplicationIntended:
    """Versions (package identifier, number) are about to be copied into a store."""

    store: str
    versions: tuple[tuple[str, int], ...]
    type: Literal["replication-intended"] = "replication-intended"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages(tuple(package_id for package_id, _ in self.versions)))

    def said(self) -> Message:
        """Return what it says."""
        return message("开始复制到存储“{store}”", "began to copy into the store “{store}”", store=self.store)


@dataclass(frozen=True, slots=True)
class ReplicationAbandoned:
    """Versions that were to be copied into a store were not; what there was of them lies in its quarantine."""

    store: str
    versions: tuple[tuple[str, int], ...]
    type: Literal["replication-abandoned"] = "replication-abandoned"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (the_store(self.store), *the_packages(tuple(package_id for package_id, _ in self.versions)))

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "未能复制到存储“{store}”，已移入隔离区",
            "the copying into the store “{store}” was not completed and is set aside",
            store=self.store,
        )
