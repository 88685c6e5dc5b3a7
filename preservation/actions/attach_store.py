"""An offline set in reach: its copies read, its journal brought level, what is owed to it written."""

from dataclasses import dataclass

from archives.errors import NotFoundError
from archives.message import message
from preservation.actions import audit, replicate
from preservation.archive import Archive
from preservation.audit.audit import AuditResult
from preservation.vault.replication import Replicated


@dataclass(frozen=True, slots=True)
class Attached:
    """What reading the set found, and what became of the copies that were owed to it."""

    audited: AuditResult
    written: tuple[Replicated, ...]


def attach_store(
    archive: Archive, name: str, *, workers: int, watch_audit: audit.Watch, watch_replication: replicate.Watch
) -> Attached:
    """Read every copy in a set, let the journal remember it, write what is owed; afterwards it can be taken away.

    Damage is no obstacle: it is told of, and remembered. Raises ``NotFoundError`` for a store that is no offline set,
    ``StoreAbsentError`` when it is not there.
    """
    store = archive.vault.store(name)
    if name not in archive.vault.promise.offline:
        raise _online(name)
    archive.presence(store).require()
    found = audit.look(archive, audit.AuditRequest(store=name), workers=workers, watch=watch_audit)
    archive.begin_writing()
    archive.vault.ledger.append(found.facts(archive.fresh_reading.refresh()))
    owed = replicate.owed_according_to(archive, archive.fresh_reading, name)
    return Attached(found, replicate.write_owed(archive, owed, watch=watch_replication))


def _online(name: str) -> NotFoundError:
    return NotFoundError(
        message("“{name}”是在线存储，不是离线载体", "“{name}” is an online store, no offline set", name=name),
        subject=name,
        advice=message(
            "核查用 jinkui audit --store {name}，补写用 jinkui replicate --store {name}；若它是离线载体，请在设置中写 offline = true",
            "jinkui audit --store {name} reads it, jinkui replicate --store {name} writes what is owed; if it is a sealed "
            "set, say offline = true in the settings",
            name=name,
        ),
    )
