"""Facts: what the journal remembers, one type a kind of happening or decision.

Every fact is a frozen dataclass whose ``type`` is its name in the journal; it says whom it concerns and what it says. A
fact once written is read for ever: fields may be added with a default, never renamed or removed.

This is the face of ``archives.journal.kinds``: a new kind is written there and named here, in ``Fact``.
"""

from archives.journal.kinds.archive import (
    FondsDescribed,
    GroupSigned,
    HistoryAdopted,
    HomeInitialised,
    HomeRestored,
    JournalReconciled,
    NotUnderstood,
    PublishingConfirmed,
    RepositoryAdded,
    RepositoryNamed,
)
from archives.journal.kinds.audits import (
    AuditCompleted,
    CopyRepaired,
    DamageFound,
    FixityChecked,
    RestoreDrilled,
    StoreReading,
)
from archives.journal.kinds.batches import BatchClosed, BatchReceived
from archives.journal.kinds.disposal import (
    BatchSum,
    DisposalAbandoned,
    DisposalApproved,
    DisposalIntended,
    DisposalPlanned,
    HoldLifted,
    HoldPlaced,
    PackageDisposed,
    Unproved,
)
from archives.journal.kinds.keys import KeyBegunAnew, KeyRotated
from archives.journal.kinds.opening import OpeningDecided, OpeningSignatures, OpeningWithdrawn
from archives.journal.kinds.packages import (
    DescriptionsMerged,
    FindingsSettled,
    PackageAbandoned,
    PackageIntended,
    PackageStored,
    PackageSucceeded,
    UnitsRenumbered,
)
from archives.journal.kinds.persons import (
    NewPerson,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
    SignedBy,
)
from archives.journal.kinds.stores import (
    CopiesGivenUp,
    CopiesReplicated,
    ReplicationAbandoned,
    ReplicationIntended,
    RestoreProgramRenewed,
    StoreAdded,
    StoreAway,
    StoreMoved,
    StoreReplaced,
    StoreRetired,
    StoreReturned,
    StoreSetRight,
)

Fact = (
    GroupSigned
    | HomeInitialised
    | HistoryAdopted
    | HomeRestored
    | PublishingConfirmed
    | KeyRotated
    | KeyBegunAnew
    | JournalReconciled
    | NotUnderstood
    | StoreAdded
    | RestoreProgramRenewed
    | RepositoryAdded
    | RepositoryNamed
    | FondsDescribed
    | BatchReceived
    | BatchClosed
    | PackageIntended
    | PackageStored
    | PackageAbandoned
    | UnitsRenumbered
    | PackageSucceeded
    | DescriptionsMerged
    | FindingsSettled
    | OpeningDecided
    | OpeningWithdrawn
    | OpeningSignatures
    | FixityChecked
    | DamageFound
    | CopyRepaired
    | StoreAway
    | StoreReturned
    | StoreSetRight
    | StoreReplaced
    | StoreMoved
    | StoreRetired
    | CopiesGivenUp
    | CopiesReplicated
    | ReplicationIntended
    | ReplicationAbandoned
    | AuditCompleted
    | RestoreDrilled
    | PersonAdded
    | PersonRetired
    | PersonsFounded
    | PersonsBegunAnew
    | HoldPlaced
    | HoldLifted
    | DisposalPlanned
    | DisposalApproved
    | DisposalIntended
    | DisposalAbandoned
    | PackageDisposed
)

__all__ = [
    "AuditCompleted",
    "BatchClosed",
    "BatchReceived",
    "BatchSum",
    "CopiesGivenUp",
    "CopiesReplicated",
    "CopyRepaired",
    "DamageFound",
    "DescriptionsMerged",
    "DisposalAbandoned",
    "DisposalApproved",
    "DisposalIntended",
    "DisposalPlanned",
    "Fact",
    "FindingsSettled",
    "FixityChecked",
    "FondsDescribed",
    "GroupSigned",
    "HistoryAdopted",
    "HoldLifted",
    "HoldPlaced",
    "HomeInitialised",
    "HomeRestored",
    "JournalReconciled",
    "KeyBegunAnew",
    "KeyRotated",
    "NewPerson",
    "NotUnderstood",
    "OpeningDecided",
    "OpeningSignatures",
    "OpeningWithdrawn",
    "PackageAbandoned",
    "PackageDisposed",
    "PackageIntended",
    "PackageStored",
    "PackageSucceeded",
    "PersonAdded",
    "PersonRetired",
    "PersonsBegunAnew",
    "PersonsFounded",
    "PublishingConfirmed",
    "ReplicationAbandoned",
    "ReplicationIntended",
    "RepositoryAdded",
    "RepositoryNamed",
    "RestoreDrilled",
    "RestoreProgramRenewed",
    "SignedBy",
    "StoreAdded",
    "StoreAway",
    "StoreMoved",
    "StoreReading",
    "StoreReplaced",
    "StoreRetired",
    "StoreReturned",
    "StoreSetRight",
    "UnitsRenumbered",
    "Unproved",
]
