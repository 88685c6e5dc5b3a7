"""What the journal says that needs a proof, looked at: persons registered, packages destroyed."""

from collections.abc import Sequence
from dataclasses import dataclass

from archives.errors import IntegrityError, StorageError
from archives.journal.chain import Entry
from archives.journal.concern import UNSIGNED
from archives.journal.facts import Unproved
from archives.journal.persons import read_persons
from preservation.archive import Archive
from preservation.catalogue.decisions import Decisions


@dataclass(frozen=True, slots=True)
class Proofs:
    """``unproved`` are the destroyed packages that the journal does not bear out, and why.

    ``disregarded`` are entries about persons that count for nothing, ``begun_anew`` those with which the archive's key alone
    registered everybody anew, ``keys_begun_anew`` those with which two persons let another key sign. ``unsigned`` are the numbers of those that
    open nothing for want of signatures. ``could_not_be_read`` says that the journal itself stands in the way.
    """

    unproved: Sequence[tuple[str, Unproved]] = ()
    disregarded: Sequence[Entry] = ()
    begun_anew: Sequence[Entry] = ()
    keys_begun_anew: Sequence[Entry] = ()
    unsigned: Sequence[int] = ()
    could_not_be_read: bool = False


def read_proofs(archive: Archive) -> Proofs:
    """Judge every destroyed package and every entry about persons by the journal alone."""
    try:
        decisions = Decisions(archive.reading)
        persons = read_persons(decisions.refresh())
        gone = tuple(archive.reading.anchors.tombstones)
        judged = ((package_id, decisions.judge_tombstone(package_id)) for package_id in gone)
        unproved = tuple((package_id, why) for package_id, why in judged if why is not None)
    except (IntegrityError, StorageError):
        return Proofs(could_not_be_read=True)
    unsigned = tuple(n for *_, sequences in archive.reading.fold.places([UNSIGNED]) for n in sequences)
    return Proofs(unproved, persons.disregarded, persons.begun_anew, persons.keys_begun_anew, unsigned)
