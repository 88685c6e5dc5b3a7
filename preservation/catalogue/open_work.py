"""The catalogue's view of what was begun (a version, a replication, a disposal) and neither ended nor given up."""

from collections.abc import Collection

import sqlalchemy as sql

from archives.errors import UnfinishedError
from archives.journal.facts import PackageIntended, PackageStored
from archives.message import message
from archives.record.identifiers import RecordKey, archival_code_key
from archives.record.record import PackageKind
from preservation.catalogue import tables

_INTENTS = sql.select(tables.intent.c.value)


class OpenWork:
    """Work left open; as long as a record's is, nothing else is begun on the record."""

    def __init__(self, engine: sql.Engine) -> None:
        self._engine = engine

    def is_there(self) -> bool:
        """Return whether anything is open."""
        with self._engine.connect() as connection:
            return any(
                connection.execute(sql.select(table).limit(1)).first()
                for table in (tables.intent, tables.replication, tables.disposal)
            )

    def require_none_on(self, anchor: PackageStored) -> None:
        """Raise ``UnfinishedError`` when another version or the disposal of a package was begun."""
        disposal = sql.select(tables.disposal).where(tables.disposal.c.package_id == anchor.package_id)
        with self._engine.connect() as connection:
            disposed = connection.execute(disposal).first() is not None
        if disposed or any(intent.package_id == anchor.package_id for intent in self._intents()):
            raise _not_ended(anchor.archival_code)

    def require_none_under(self, key: RecordKey) -> None:
        """Raise ``UnfinishedError`` when storing a record under a key was begun."""
        self.require_none_under_any({key})

    def require_none_under_any(self, keys: Collection[RecordKey]) -> None:
        """The same of any of several keys."""
        for intent in self._intents():
            if RecordKey(intent.repository, archival_code_key(intent.archival_code)) in keys:
                raise _not_ended(intent.archival_code)

    def begun_of(self, batch_id: str) -> int:
        """Return how many records of a batch were begun to be written, and are neither in nor given up."""
        return sum(one.batch_id == batch_id and one.kind is PackageKind.RECORD for one in self._intents())

    def _intents(self) -> tuple[PackageIntended, ...]:
        with self._engine.connect() as connection:
            values = connection.scalars(_INTENTS)
            return tuple(tables.INTENT.validate_json(value) for value in values)


def _not_ended(code: str) -> UnfinishedError:
    return UnfinishedError(
        message(
            "{code} 上一次写入或销毁中断，有存储用不了，至今未能了结",
            "writing or destroying {code} was interrupted, and a store that cannot be used keeps that open",
            code=code,
        ),
        subject=code,
        advice=message(
            "请用 jinkui store check 找出该存储，修好后重试",
            "find the store with jinkui store check, mend it, then try again",
        ),
    )
