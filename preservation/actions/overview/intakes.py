"""The ingests of batches that were begun here: from which folder and with which options, and whether they came to an end.

It is remembered before the journal says that a batch was received, and ended when all of it was acknowledged: one that
was killed in between can be gone on with, and nobody types its options again.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from preservation.working_state import WorkingState


@dataclass(frozen=True, slots=True)
class Asked:
    """What an ingest was asked: which folder, and the options that were given with it. Paths do not depend on where one stands.

    An empty ``folder`` was forgotten, with the options, for it may have been called after somebody.
    """

    folder: Path
    repository: str | None = None
    sheet: str | None = None
    not_secret: tuple[str, ...] = ()
    update: bool = False
    removed_too: bool = False

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody knows any more which folder it was."""
        return self.folder == Path()


@dataclass(frozen=True, slots=True)
class Intake:
    """An ingest of a batch that was begun; ``ended_at`` is None until all of it was acknowledged."""

    number: int
    batch_id: str
    asked: Asked
    begun_at: datetime
    ended_at: datetime | None
    person: str


def wherever(folder: Path, sheet: str | None) -> str | None:
    """Return the name of a sheet so that it is found from anywhere: a path that leads out of the batch is made whole."""
    for name, worksheet in ((sheet, ""), sheet.rpartition("!")[::2]) if sheet else ():
        if name and not (folder / name).is_file() and Path(name).is_file():
            return f"{Path(name).absolute()}{'!' if worksheet else ''}{worksheet}"
    return sheet


def folders_of(sheet: str | None) -> tuple[Path, ...]:
    """Return the folder in which a sheet that is named by its path lies."""
    names = (sheet, sheet.rpartition("!")[0]) if sheet else ()
    return tuple(Path(name).resolve().parent for name in names if Path(name).is_file())


class Intakes:
    """The ingests that this home remembers."""

    def __init__(self, work: WorkingState) -> None:
        self._work = work

    def begin(self, batch_id: str, asked: Asked, *, now: datetime, person: str) -> int:
        """Remember that an ingest begins; on disk when this returns its number."""
        options: dict[str, object] = {"repository": asked.repository, "sheet": asked.sheet}
        options |= {"not_secret": asked.not_secret, "removed_too": asked.removed_too}
        values = (batch_id, json.dumps(str(asked.folder)), json.dumps(options), asked.update, now.isoformat(), person)
        with self._work.transaction() as connection:
            begun = connection.execute(
                "INSERT INTO intake (batch_id, folder, asked, is_update, begun_at, person) VALUES (?, ?, ?, ?, ?, ?)",
                values,
            )
            return int(begun.lastrowid or 0)

    def end(self, number: int, *, now: datetime) -> None:
        """Remember that an ingest came to its end, and with it what it covers.

        Those are earlier ones of the same batch, and of what lay in the same folder before; one that updates is covered by
        none that did not.
        """
        with self._work.transaction() as connection:
            connection.execute(
                "UPDATE intake SET ended_at = ?1 WHERE ended_at IS NULL AND number IN (SELECT earlier.number"
                " FROM intake AS earlier, intake AS mine WHERE mine.number = ?2 AND earlier.number <= ?2"
                " AND earlier.is_update <= mine.is_update"
                " AND (earlier.batch_id = mine.batch_id OR earlier.folder = mine.folder))",
                (now.isoformat(), number),
            )

    def forget(self, batch_ids: Iterable[str]) -> None:
        """Forget from which folders batches came, and with which options: no byte of it stays. May be called again."""
        nothing = json.dumps({"repository": None, "sheet": None, "not_secret": ()})
        with self._work.transaction() as connection:
            connection.executemany(
                "UPDATE intake SET folder = ?, asked = ? WHERE batch_id = ?",
                [(json.dumps(""), nothing, one) for one in batch_ids],
            )
        self._work.wipe()

    def first(self) -> Mapping[str, Intake]:
        """Return of every batch the ingest with which it first came, by batch: from there it has its name."""
        rows = self._work.read(
            "SELECT number, batch_id, folder, asked, is_update, begun_at, ended_at, person FROM intake"
            " ORDER BY number DESC"
        )
        return {one.batch_id: one for one in map(_intake, rows)}

    def newest(self) -> Mapping[str, Intake]:
        """Return of every batch the ingest that says how it stands, by batch: the newest unfinished one, else the newest."""
        rows = self._work.read(
            "SELECT number, batch_id, folder, asked, is_update, begun_at, ended_at, person FROM intake"
            " ORDER BY ended_at IS NULL, number"
        )
        return {one.batch_id: one for one in map(_intake, rows)}


def _intake(row: tuple[object, ...]) -> Intake:
    number, batch_id, folder, options, is_update, begun_at, ended_at, person = row
    said = json.loads(str(options))  # in JSON, for names of files may be no text
    asked = Asked(
        Path(json.loads(str(folder))),
        said["repository"],
        said["sheet"],
        tuple(said["not_secret"]),
        bool(is_update),
        said.get("removed_too", False),  # which homes of before did not ask
    )
    ended = datetime.fromisoformat(str(ended_at)) if ended_at else None
    return Intake(int(str(number)), str(batch_id), asked, datetime.fromisoformat(str(begun_at)), ended, str(person))
