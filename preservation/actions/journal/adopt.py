"""The journal of an archive that earlier software wrote, verified against every checkpoint and signed."""

from collections.abc import Sequence

from archives.journal.facts import (
    HistoryAdopted,
)
from archives.journal.seal import is_seal
from archives.proof.checkpoint import Checkpoint
from archives.proof.signing import key_text
from preservation.actions.journal.vouch import read_sound_journal
from preservation.archive import Archive
from preservation.journal.key import SigningKey
from preservation.journal.ledger import first_home_id
from preservation.journal.refusals import signed_by_another
from preservation.journal.verification import JournalVerification


def history_to_adopt(archive: Archive, checkpoints: Sequence[Checkpoint]) -> JournalVerification | None:
    """Return what is to be adopted by a home whose journal is not signed, verified against all its checkpoints.

    None when there is nothing to adopt. Raises ``IntegrityError`` for a journal that is broken or was rewritten,
    ``ConfigurationError`` for one that another home signed.
    """
    if archive.vault.ledger.is_of_another:
        raise signed_by_another()
    if archive.memory.is_there and any(is_seal(g.lines[-1]) for g in archive.vault.ledger.raw_groups()):
        return None
    return read_sound_journal(archive, checkpoints)


def adopt_history(archive: Archive, found: JournalVerification, key: SigningKey, *, checkpoints: int) -> None:
    """Sign the journal so far; may be called again after it was interrupted."""
    if not archive.memory.is_there:
        home_id = first_home_id(archive.vault.ledger)
        archive.memory.begin(home_id, archive.world.new_identifier(), [key.public_key], last=found.end)
    archive.begin_writing()
    fact = HistoryAdopted(found.end.sequence, found.end.digest, key_text(found.root), checkpoints)
    archive.vault.ledger.append([fact])
