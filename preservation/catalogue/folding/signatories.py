"""Who might sign when an entry was written, as the fold goes along: the few entries about persons, kept and read again."""

import sqlite3
from functools import cached_property

from archives.journal.chain import Entry, decode_entry, encode_entry
from archives.journal.facts import (
    HistoryAdopted,
    KeyBegunAnew,
    OpeningSignatures,
    PersonAdded,
    PersonRetired,
    PersonsBegunAnew,
    PersonsFounded,
)
from archives.journal.persons import Persons, read_persons

_KEPT = (
    HistoryAdopted, PersonsFounded, PersonsBegunAnew, PersonAdded, PersonRetired, KeyBegunAnew, OpeningSignatures,
)  # fmt: skip


class Signatories:
    """The persons as they are registered at the end of what was folded."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def take(self, entry: Entry) -> None:
        """Take an entry over; only those that say who may sign count."""
        if isinstance(entry.fact, _KEPT):
            values = (entry.sequence, encode_entry(entry).decode("utf-8"))
            self._connection.execute("INSERT INTO signatory VALUES (?, ?)", values)
            self.__dict__.pop("persons", None)

    @cached_property
    def persons(self) -> Persons:
        """Who may sign by now."""
        rows = self._connection.execute("SELECT line FROM signatory ORDER BY sequence")
        return read_persons(decode_entry(row[0].encode("utf-8")) for row in rows)
