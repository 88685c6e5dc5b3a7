"""The journal of an archive that earlier software wrote, verified against every checkpoint and signed."""

from collections.abc import Sequence

from archives.errors import IntegrityError, StorageError
from archives.journal.facts import (
    HistoryAdopted,
)
from archives.journal.seal import is_seal
from archives.message import message
from archives.proof.checkpoint import Checkpoint
from archives.proof.signing import key_text
from preservation.actions.journal.vouch import read_journal
from preservation.archive import Archive
from preservation.journal.key import SigningKey
from preservation.journal.ledger import first_home_id
from preservation.journal.verification import JournalVerification


def history_to_adopt(archive: Archive, checkpoints: Sequence[Checkpoint]) -> JournalVerification | None:
    """Return what is to be adopted by a home whose journal is not signed, verified against all its checkpoints.

    None when there is nothing to adopt. Raises ``IntegrityError`` for a journal that is broken or was rewritten.
    """
    if archive.memory.is_there and any(is_seal(g.lines[-1]) for g in archive.vault.ledger.raw_groups()):
        return None
    found = read_journal(archive, checkpoints)
    fatal = next((one for one in found.faults if one.fault.is_of_the_journal), None)
    if fatal is not None:
        raise IntegrityError(
            message(
                "不为这样的日志签章（第 {n} 条起）：{why}",
                "not adopted, from entry {n}: {why}",
                n=fatal.entry,
                why=fatal.fault.said,
            ),
            subject="journal",
            advice=message("请运行 jinkui journal verify", "run jinkui journal verify"),
        )
    if not found.end.sequence:
        raise StorageError(message("没有可读的日志", "no journal could be read"), subject="journal")
    return found


def adopt_history(archive: Archive, found: JournalVerification, key: SigningKey, *, checkpoints: int) -> None:
    """Sign the journal so far; may be called again after it was interrupted."""
    if not archive.memory.is_there:
        home_id = first_home_id(archive.vault.ledger)
        archive.memory.begin(home_id, archive.world.new_identifier(), [key.public_key], last=found.end)
    archive.begin_writing()
    fact = HistoryAdopted(found.end.sequence, found.end.digest, key_text(found.root), checkpoints)
    archive.vault.ledger.append([fact])
