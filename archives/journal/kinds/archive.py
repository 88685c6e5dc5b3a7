"""Facts about the archive as a whole: that it began, its repositories and fonds."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from archives.journal.concern import NOT_UNDERSTOOD, Subject, SubjectKind
from archives.message import Message, message
from archives.record.description import Fonds, Repository


@dataclass(frozen=True, slots=True)
class HomeInitialised:
    """The archive began; ``public_key`` (base64) is the one it signs with, empty in archives that signed nothing yet."""

    home_id: str
    public_key: str = ""
    type: Literal["home-initialised"] = "home-initialised"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE, self.home_id),)

    def said(self) -> Message:
        """Return what it says."""
        return message("建立档案库 {id}", "the archive {id} began", id=self.home_id)


@dataclass(frozen=True, slots=True)
class GroupSigned:
    """The archive vouches for the group that this line ends, and for everything before it; see ``archives.journal.seal``.

    ``key`` is the short name of the signing key, ``instance`` that of the installation, ``signature`` base64.
    """

    key: str
    home: str
    instance: str
    signature: str
    type: Literal["group-signed"] = "group-signed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns: it says nothing about the archive's holdings."""
        return ()

    def said(self) -> Message:
        """Return what it says."""
        return message("档案库签章（密钥 {key}）", "signed by the archive (key {key})", key=self.key)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """What an entry says that this version does not understand: a newer one wrote it. Never written by this one.

    ``kind`` is the type that the entry names, ``why`` what is wrong with it. As long as the journal holds one, nothing
    is written or published: what it says might forbid it. Closing goes on.
    """

    kind: str
    why: str
    type: Literal["not-understood"] = "not-understood"

    def concerns(self) -> tuple[Subject, ...]:
        """Return under what it is found: it is not known whom it concerns."""
        return (NOT_UNDERSTOOD,)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "此版本读不懂的条目（{kind}）", "an entry that this version does not understand ({kind})", kind=self.kind
        )


@dataclass(frozen=True, slots=True)
class HistoryAdopted:
    """The archive vouches for its journal so far, which was written before it signed what it wrote.

    ``head`` is the digest of the newest of those entries, ``root`` that of the tree over them (base64), ``checkpoints``
    the number of earlier checkpoints that they were found to continue.
    """

    entries: int
    head: str
    root: str
    checkpoints: int
    type: Literal["history-adopted"] = "history-adopted"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "为此前的 {n} 条日志签章（与 {m} 个检查点相符）",
            "vouched for the {n} {n:entry|entries} so far ({m} {m:checkpoint|checkpoints} agree)",
            n=self.entries,
            m=self.checkpoints,
        )


@dataclass(frozen=True, slots=True)
class HomeRestored:
    """A home without its memory went on from what its key had signed in the stores.

    ``instance`` is the new installation, ``without`` names the stores that were not looked at, ``backup`` is the newest entry
    that the backup knew which it was restored from, 0 where there was none. Nothing is published until
    a person has confirmed that no closing was lost (``PublishingConfirmed``).
    """

    instance: str
    without: tuple[str, ...] = ()
    backup: int = 0
    type: Literal["home-restored"] = "home-restored"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE),)

    def said(self) -> Message:
        """Return what it says."""
        if self.backup:
            return message(
                "由备份（日志第 {n} 条时所作）恢复了档案库",
                "the home was restored from a backup made at entry {n}",
                n=self.backup,
            )
        return message("由存储中的日志恢复了档案库", "the home was restored from the journal in the stores")


@dataclass(frozen=True, slots=True)
class PublishingConfirmed:
    """A person confirmed that a restored home may publish again."""

    reason: str
    type: Literal["publishing-confirmed"] = "publishing-confirmed"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE),)

    def said(self) -> Message:
        """Return what it says."""
        return message("确认恢复公布：{why}", "publishing was confirmed: {why}", why=self.reason)


@dataclass(frozen=True, slots=True)
class JournalReconciled:
    """A person judged a store whose journal went on with entries of this archive's key that this home did not know.

    ``adopted`` tells that they were taken over; else they are foreign, in that store's quarantine. ``first`` and ``last``
    are their numbers.
    """

    store: str
    first: int
    last: int
    adopted: bool
    reason: str
    type: Literal["journal-reconciled"] = "journal-reconciled"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.ARCHIVE), Subject(SubjectKind.STORE, self.store))

    def said(self) -> Message:
        """Return what it says."""
        values = {"store": self.store, "first": str(self.first), "last": str(self.last), "why": self.reason}
        if self.adopted:
            return message(
                "采用了存储“{store}”中第 {first}–{last} 条日志：{why}",
                "took over entries {first} to {last} of the store “{store}”: {why}",
                **values,
            )
        return message(
            "认定存储“{store}”中第 {first}–{last} 条日志不属于本档案库：{why}",
            "named entries {first} to {last} of the store “{store}” foreign: {why}",
            **values,
        )


@dataclass(frozen=True, slots=True)
class RepositoryAdded:
    """An archives or records room was described."""

    repository: Repository
    type: Literal["repository-added"] = "repository-added"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.REPOSITORY, self.repository.code.value),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "登记馆（室）{code} {name}",
            "described the repository {code} {name}",
            code=self.repository.code.value,
            name=self.repository.name,
        )


@dataclass(frozen=True, slots=True)
class RepositoryNamed:
    """A repository is described anew: it was renamed on the day ``since``, or what was said of it was a mistake.

    A mistake it was where no day is said, and where ``corrects`` tells that the day itself was wrong: ``since`` is the right one.
    """

    repository: Repository
    reason: str
    person: str
    since: date | None = None
    corrects: bool = False
    type: Literal["repository-named"] = "repository-named"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.REPOSITORY, self.repository.code.value),)

    def said(self) -> Message:
        """Return what it says."""
        values = {"code": self.repository.code.value, "name": self.repository.name, "why": self.reason}
        if self.since is None:
            return message(
                "更正馆（室）{code} 的登记，名称为“{name}”：{why}",
                "corrected what is said of the repository {code}, its name is {name}: {why}",
                **values,
            )
        if self.corrects:
            return message(
                "更正馆（室）{code} 的登记，自 {day} 起名为“{name}”：{why}",
                "corrected what is said of the repository {code}, it is called {name} from {day} on: {why}",
                day=self.since.isoformat(),
                **values,
            )
        return message(
            "馆（室）{code} 自 {day} 起名为“{name}”：{why}",
            "the repository {code} is called {name} from {day} on: {why}",
            day=self.since.isoformat(),
            **values,
        )


@dataclass(frozen=True, slots=True)
class FondsDescribed:
    """A fonds was described or described anew."""

    fonds: Fonds
    type: Literal["fonds-described"] = "fonds-described"

    def concerns(self) -> tuple[Subject, ...]:
        """Return whom it concerns."""
        return (Subject(SubjectKind.FONDS, f"{self.fonds.repository.value}:{self.fonds.number}"),)

    def said(self) -> Message:
        """Return what it says."""
        return message(
            "登记全宗 {number} {name}",
            "described the fonds {number} {name}",
            number=self.fonds.number,
            name=self.fonds.name,
        )
