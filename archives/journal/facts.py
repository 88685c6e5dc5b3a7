"""Facts: what the journal remembers, one type a kind of happening or decision.

Every fact is a frozen dataclass whose ``type`` is its name in the journal. A fact once written is read for ever: fields
may be added with a default, never renamed or removed.
"""

from dataclasses import dataclass
from typing import Literal

from archives.record.description import Fonds, Repository
from archives.record.record import PackageKind
from archives.record.rights import OpeningDecision, Withdrawal


@dataclass(frozen=True, slots=True)
class HomeInitialised:
    """The archive began."""

    home_id: str
    type: Literal["home-initialised"] = "home-initialised"


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


@dataclass(frozen=True, slots=True)
class RepositoryAdded:
    """An archives or records room was described."""

    repository: Repository
    type: Literal["repository-added"] = "repository-added"


@dataclass(frozen=True, slots=True)
class FondsDescribed:
    """A fonds was described or described anew."""

    fonds: Fonds
    type: Literal["fonds-described"] = "fonds-described"


@dataclass(frozen=True, slots=True)
class BatchReceived:
    """Ingest of a batch began (or began again after it was stopped)."""

    batch_id: str
    repository: str
    records: int
    files: int
    type: Literal["batch-received"] = "batch-received"


@dataclass(frozen=True, slots=True)
class PackageIntended:
    """A version of a package is about to be written; the digest is its inventory's to be.

    ``stores`` are those it was promised to; empty (in journals of before) means every store.
    """

    package_id: str
    version: int
    inventory_sha512: str
    size_bytes: int
    kind: PackageKind
    repository: str
    archival_code: str
    batch_id: str
    stores: tuple[str, ...] = ()
    type: Literal["package-intended"] = "package-intended"


@dataclass(frozen=True, slots=True)
class PackageStored:
    """A version lies, verified, in the named stores: the anchor against rollback, swap and removal.

    ``inventory_sha512`` is the digest of the version's OCFL inventory; ``archival_code`` is as written.
    """

    package_id: str
    version: int
    inventory_sha512: str
    size_bytes: int
    kind: PackageKind
    repository: str
    archival_code: str
    batch_id: str
    stores: tuple[str, ...]
    type: Literal["package-stored"] = "package-stored"


@dataclass(frozen=True, slots=True)
class PackageAbandoned:
    """An intended version was not completed; what there was of it lies in quarantine.

    ``cause`` is a short stable word (``crash``, ``storage``, ``integrity``), no sentence.
    """

    package_id: str
    version: int
    cause: str
    type: Literal["package-abandoned"] = "package-abandoned"


@dataclass(frozen=True, slots=True)
class OpeningDecided:
    """A record's opening review was concluded."""

    repository: str
    archival_code: str
    decision: OpeningDecision
    type: Literal["opening-decided"] = "opening-decided"


@dataclass(frozen=True, slots=True)
class OpeningWithdrawn:
    """An opening was taken back."""

    repository: str
    archival_code: str
    withdrawal: Withdrawal
    type: Literal["opening-withdrawn"] = "opening-withdrawn"


@dataclass(frozen=True, slots=True)
class FixityChecked:
    """Every byte of these packages' copies in one store was read and found whole."""

    store: str
    packages: tuple[str, ...]
    type: Literal["fixity-checked"] = "fixity-checked"


@dataclass(frozen=True, slots=True)
class DamageFound:
    """A file of a copy is not as it should be (verdict: one that is damage)."""

    store: str
    package_id: str | None
    file: str
    verdict: str
    type: Literal["damage-found"] = "damage-found"


@dataclass(frozen=True, slots=True)
class CopyRepaired:
    """A file of a copy was mended from a verified one, or moved to quarantine."""

    store: str
    package_id: str | None
    file: str
    action: str
    from_store: str | None
    quarantined_as: str | None = None
    type: Literal["copy-repaired"] = "copy-repaired"


@dataclass(frozen=True, slots=True)
class StoreAway:
    """The journal goes on without this store, which could not be reached; what it misses is owed to it."""

    store: str
    type: Literal["store-away"] = "store-away"


@dataclass(frozen=True, slots=True)
class StoreReturned:
    """The store is there again and its journal is level; the packages it missed are still owed."""

    store: str
    type: Literal["store-returned"] = "store-returned"


@dataclass(frozen=True, slots=True)
class CopiesReplicated:
    """Versions (package identifier, number) were copied into a store and verified where they lie."""

    store: str
    versions: tuple[tuple[str, int], ...]
    type: Literal["copies-replicated"] = "copies-replicated"


@dataclass(frozen=True, slots=True)
class ReplicationIntended:
    """Versions (package identifier, number) are about to be copied into a store."""

    store: str
    versions: tuple[tuple[str, int], ...]
    type: Literal["replication-intended"] = "replication-intended"


@dataclass(frozen=True, slots=True)
class ReplicationAbandoned:
    """Versions that were to be copied into a store were not; what there was of them lies in its quarantine."""

    store: str
    versions: tuple[tuple[str, int], ...]
    type: Literal["replication-abandoned"] = "replication-abandoned"


@dataclass(frozen=True, slots=True)
class StoreReading:
    """How much an audit read in one store, in how many seconds of its time."""

    store: str
    copies: int
    files: int
    size_bytes: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AuditCompleted:
    """An audit came to its end; ``selection`` says of what (``all``, ``due``, ``sample 1%``), ``problems`` how many."""

    selection: str
    problems: int
    readings: tuple[StoreReading, ...]
    type: Literal["audit-completed"] = "audit-completed"


@dataclass(frozen=True, slots=True)
class RestoreDrilled:
    """Packages (identifier, version) were restored with stock tools only; ``failed`` are those that were not whole."""

    restored: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]
    type: Literal["restore-drilled"] = "restore-drilled"


@dataclass(frozen=True, slots=True)
class PersonAdded:
    """A person was registered; ``public_key`` is the Ed25519 key in base64 (RFC 8032, 32 bytes)."""

    person_id: str
    name: str
    public_key: str
    type: Literal["person-added"] = "person-added"


@dataclass(frozen=True, slots=True)
class PersonRetired:
    """A person no longer acts; what the key signed before stays valid."""

    person_id: str
    reason: str
    type: Literal["person-retired"] = "person-retired"


@dataclass(frozen=True, slots=True)
class HoldPlaced:
    """A record may not be disposed of until the hold is lifted."""

    hold_id: str
    repository: str
    archival_code: str
    reason: str
    type: Literal["hold-placed"] = "hold-placed"


@dataclass(frozen=True, slots=True)
class HoldLifted:
    """A hold no longer stands."""

    hold_id: str
    reason: str
    type: Literal["hold-lifted"] = "hold-lifted"


@dataclass(frozen=True, slots=True)
class DisposalPlanned:
    """A disposal was proposed; the digest is that of the plan's exact bytes, ``planner`` the registered person."""

    plan_id: str
    plan_sha256: str
    planner: str
    package_ids: tuple[str, ...]
    type: Literal["disposal-planned"] = "disposal-planned"


@dataclass(frozen=True, slots=True)
class DisposalApproved:
    """A registered person signed the plan's digest (Ed25519, base64)."""

    plan_id: str
    plan_sha256: str
    person_id: str
    signature: str
    type: Literal["disposal-approved"] = "disposal-approved"


@dataclass(frozen=True, slots=True)
class DisposalIntended:
    """A package is about to leave every store under an approved plan."""

    package_id: str
    plan_id: str
    type: Literal["disposal-intended"] = "disposal-intended"


@dataclass(frozen=True, slots=True)
class PackageDisposed:
    """The tombstone of a package: it was destroyed under this plan, and a store that still has it obeys."""

    package_id: str
    plan_id: str
    repository: str
    archival_code: str
    type: Literal["package-disposed"] = "package-disposed"


Fact = (
    HomeInitialised
    | StoreAdded
    | RepositoryAdded
    | FondsDescribed
    | BatchReceived
    | PackageIntended
    | PackageStored
    | PackageAbandoned
    | OpeningDecided
    | OpeningWithdrawn
    | FixityChecked
    | DamageFound
    | CopyRepaired
    | StoreAway
    | StoreReturned
    | CopiesReplicated
    | ReplicationIntended
    | ReplicationAbandoned
    | AuditCompleted
    | RestoreDrilled
    | PersonAdded
    | PersonRetired
    | HoldPlaced
    | HoldLifted
    | DisposalPlanned
    | DisposalApproved
    | DisposalIntended
    | PackageDisposed
)
