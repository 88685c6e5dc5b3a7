"""What batches and imports came with, found by what people call them: by number, by code, by the name of its folder."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from archives.errors import AmbiguousError, JinkuiError, NotFoundError
from archives.journal.concern import Subject, SubjectKind
from archives.journal.facts import BatchReceived, PackageStored
from archives.message import listed, message
from archives.record.record import PackageKind
from preservation.actions.overview.batches import SHORTEST_PART, TABLES_PREFIX, find_batch
from preservation.actions.overview.intakes import Intakes
from preservation.archive import Archive
from preservation.catalogue.naming import named, named_apart
from preservation.disposal.register import REGISTER_BATCH
from preservation.vault.content import read_package_record

ROWS_PREFIX = "ROWS-"
"""How the code begins under which a list of rows is kept in place of what a batch or an import came with."""
_TITLE = "Submission "
"""How the title begins under which what a batch came with is kept; the name of its folder follows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a batch or an import came with, as people call it: by the name of its folder, or its tables.

    ``is_batch`` tells a batch from an import; ``is_register`` that it is the register of a disposal. ``records`` is
    how many records there are whose newest version came with it.
    """

    anchor: PackageStored
    name: str
    is_batch: bool
    is_register: bool
    records: int


def kept_batches(archive: Archive, repository: str | None = None) -> Iterator[Kept]:
    """Yield what every batch, import and disposal left in a package of its own, in the order in which they were stored."""
    for anchor in archive.refresh().anchors(kind=PackageKind.SUBMISSION).values():
        if repository in (None, anchor.repository):
            yield kept(archive, anchor)


def kept(archive: Archive, anchor: PackageStored) -> Kept:
    """Return what is known of a package that is no record's."""
    came = archive.catalogue.anchors(batch_id=anchor.batch_id)
    is_one = is_batch(archive, anchor.batch_id)
    return Kept(
        anchor,
        _name(archive, anchor, of_folder=is_one),
        is_one,
        anchor.batch_id.startswith(REGISTER_BATCH),
        sum(one.kind is PackageKind.RECORD for one in came.values()),
    )


def is_batch(archive: Archive, batch_id: str) -> bool:
    """Say whether a number is that of a batch, rather than that of an import."""
    entries = archive.reading.entries_about(Subject(SubjectKind.BATCH, batch_id))
    return any(isinstance(one.fact, BatchReceived) for one in entries)


def named_batch(archive: Archive, text: str, repository: str | None) -> str:
    """Return the number of the batch or import that a person names: by it or its beginning, the code of its package, its folder.

    Raises ``NotFoundError``, and ``AmbiguousError`` where several came in a folder of that name.
    """
    catalogue = archive.refresh()
    place, plain = named(text.strip(), repository)
    for number in (
        plain,
        plain.removeprefix(TABLES_PREFIX),
    ):  # of a batch that was stopped nothing but records may be there
        if catalogue.units.packages.came_with(number) and not number.startswith(REGISTER_BATCH):
            return number
    found = named_apart(catalogue, text, repository)
    if found is not None and not found.batch_id.startswith(REGISTER_BATCH):
        return found.batch_id
    numbers = _in_folder(archive, plain, place) or _beginning(archive, plain.removeprefix(TABLES_PREFIX), place)
    if len(numbers) == 1:
        return numbers[0]
    if numbers:
        raise _several(numbers, plain)
    raise NotFoundError(
        message("没有批次 {id}", "there is no batch {id}", id=plain),
        subject=plain,
        advice=message(
            "批次用 jinkui batch list 列出，导入用 jinkui catalogue list --submissions 列出",
            "jinkui batch list has the batches, jinkui catalogue list --submissions the imports",
        ),
    )


def number_named(archive: Archive, text: str, repository: str | None = None) -> str:
    """Return the same, also of a batch that brought nothing yet: every command that takes a batch takes what any of them shows.

    What names a batch of that kind and an import is ambiguous too.
    """
    begun = None
    with suppress(NotFoundError):
        begun = find_batch(archive, text).batch_id
    try:
        number = named_batch(archive, text, repository)
    except NotFoundError:
        if begun is None:
            raise
        return begun
    if begun not in (None, number):
        raise _several((str(begun), number), text)
    return number


def _several(numbers: tuple[str, ...], name: str) -> AmbiguousError:
    return AmbiguousError(
        message("“{name}”指 {n} 个批次", "{name} names {n} batches", n=len(numbers), name=name),
        candidates=numbers,
        subject=name,
        advice=message("请写批次号：{all}", "write the number: {all}", all=listed(numbers)),
    )


def _beginning(archive: Archive, part: str, repository: str | None) -> tuple[str, ...]:
    """Return the numbers of batches and imports that begin so."""
    if len(part) < SHORTEST_PART:
        return ()
    every = (one for one in archive.catalogue.anchors(kind=PackageKind.SUBMISSION).values())
    ours = (one.batch_id for one in every if repository in (None, one.repository))
    return tuple(dict.fromkeys(one for one in ours if one.startswith(part) and not one.startswith(REGISTER_BATCH)))


def _in_folder(archive: Archive, name: str, repository: str | None) -> tuple[str, ...]:
    """Return the batches and imports that came in a folder, or tables, of a name.

    Of a batch that was stopped nothing but this home remembers the folder; what it brought is there all the same.
    """
    found = [
        one.anchor.batch_id for one in kept_batches(archive, repository) if one.name == name and not one.is_register
    ]
    for number, intake in Intakes(archive.work).first().items():
        if intake.asked.folder.name == name and repository in (None, intake.asked.repository):
            found += [number] if archive.catalogue.units.packages.came_with(number) else []
    return tuple(dict.fromkeys(found))


def _name(archive: Archive, anchor: PackageStored, *, of_folder: bool) -> str:
    """Return the name of the folder in which a batch came, or those of the tables of an import; empty where nothing says it."""
    try:
        record = read_package_record(archive.vault, archive.vault.inventory(anchor))
    except JinkuiError:  # a package of rows has none, and of another no copy may be whole
        return ""
    title = record.description.title
    if of_folder or not title.startswith(_TITLE):
        return title.removeprefix(_TITLE)
    every = (file for one in record.representations for file in one.files)
    return "、".join(sorted(file.original_name for file in every))
