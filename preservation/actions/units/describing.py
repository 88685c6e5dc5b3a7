"""Units described, and described anew: rows are added, and nothing that was said before is changed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from archives.errors import ConflictError, JinkuiError
from archives.findings import Finding
from archives.message import message
from archives.record.description import Repository
from archives.record.identifiers import PackageId
from archives.units.state import State
from archives.units.unit import Level, Unit
from preservation.archive import Archive
from preservation.package.description_package import MOST_ROWS, description_package
from preservation.package.new_package import NewPackage, software


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something of units, why, and in which table it came; ``number`` is what the import is known by."""

    number: str
    person: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be said of a unit from now on, where this is what was said before (None: nothing).

    ``before`` is the digest of its newest row, empty for a unit of which only its package says anything. The revision of a
    new unit is the least that its row gets: one that comes from elsewhere goes on from what it had there.
    """

    unit: Unit
    before: str | None = None


def describe_units(
    archive: Archive, repository: Repository, changes: Iterable[Change], said: Said, findings: Sequence[Finding] = ()
) -> Iterator[int]:
    """Store what is said of units; yields how many rows are acknowledged so far, after every package.

    The caller has begun to write. A new unit that is known already, with whatever said of it, is left alone: so an import
    that was killed goes on where it stood. Raises ``ConflictError`` where somebody else changed a unit meanwhile.
    """
    done = 0
    rest = iter(changes)
    told = tuple(findings)
    with archive.vault.locks.descriptions(repository.code.value):
        while some := list(islice(rest, MOST_ROWS)):
            units = next_rows(archive, some, said)
            if units:
                (package,) = description_packages(archive, repository, units, said, told)
                (answer,) = archive.vault.put_together((package,), note="describe")
                if isinstance(answer, JinkuiError):
                    raise answer
                told = ()
            done += len(some)
            yield done
    archive.refresh()


def next_rows(archive: Archive, changes: Sequence[Change], said: Said) -> list[Unit]:
    """Return the rows that come after what is known now; the caller lets nobody else describe.

    Raises ``ConflictError`` where somebody was faster, where two changes are of one unit, and for a unit that was purged:
    nothing is ever said of it again.
    """
    if twice := next((one for one, n in Counter(change.unit.unit_id for change in changes).items() if n > 1), None):
        raise ConflictError(message("同一单元在一次更改中出现两次", "one unit is changed twice at once"), subject=twice)
    known = archive.refresh().units.get(change.unit.unit_id for change in changes)
    at = archive.world.now().astimezone().isoformat(timespec="seconds")
    rows: list[Unit] = []
    for change in changes:
        stands = known.get(change.unit.unit_id)
        if change.before is None and stands is not None and stands.unit.state is not State.TAKEN_BACK:
            continue
        if change.before is not None and (stands is None or stands.digest != change.before):
            raise _overtaken(change.unit)
        if stands is not None and stands.unit.state is State.PURGED:
            raise _purged(change.unit)
        revision = stands.unit.revision if stands else _before_rows(change.unit)
        rows.append(
            replace(
                change.unit,
                revision=max(revision + 1, change.unit.revision if change.before is None else 0),
                previous=stands.digest if stands and stands.unit.revision else "",
                person=said.person,
                at=at,
                reason=said.reason,
                import_id=change.unit.import_id or (said.number if change.before is None else ""),
            )
        )
    return rows


def _before_rows(unit: Unit) -> int:
    """Return what counts as the revision before the first row: what the journal alone says of a fonds is its first."""
    return int(unit.level is Level.FONDS and not unit.revision)


def description_packages(
    archive: Archive, repository: Repository, units: Sequence[Unit], said: Said, findings: Sequence[Finding] = ()
) -> tuple[NewPackage, ...]:
    """Return the packages that rows lie in; what was found wrong with them is told by the first."""
    return tuple(
        description_package(
            PackageId(archive.world.new_identifier()),
            repository,
            units[start : start + MOST_ROWS],
            () if start else findings,
            code=f"CATALOGUE-{said.number}",
            batch_id=said.number,
            now=archive.world.now(),
            software=software(),
        )
        for start in range(0, len(units), MOST_ROWS)
    )


def _purged(unit: Unit) -> ConflictError:
    code = unit.description.code.written or unit.unit_id
    return ConflictError(
        message(
            "{code} 的数据已清除，不能再著录", "the data of {code} were purged; nothing more is said of it", code=code
        ),
        subject=code,
        advice=message(
            "请从表中删去这一行；确需重新著录的，作为新的单元导入",
            "take the row out of the sheet; what has to be described after all comes in as a new unit",
        ),
    )


def _overtaken(unit: Unit) -> ConflictError:
    code = unit.description.code.written
    return ConflictError(
        message("{code} 的著录刚被别人改过", "somebody else has just described {code} anew", code=code or unit.unit_id),
        subject=code or unit.unit_id,
        advice=message("请重新导出后再改", "export it again, and make the correction there"),
    )
