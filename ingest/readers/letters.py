"""Letters typed for digits in archival codes: O for 0, l and I for 1, which nobody sees and every search passes by."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from archives.findings import Finding, warning
from archives.message import Message, message
from archives.record.identifiers import archival_code_key, as_in_file_names, as_read_alike, digits_meant
from ingest.batch.listing import PlannedFile
from ingest.batch.plan import PlannedRecord, RejectedRow
from ingest.sheets.catalogue import CatalogueRow

_PLAIN_ENOUGH = 4
"""So many digits and letters together are a year or a number; in fewer, as in a 机构代码 I01, something else must speak for it."""


@dataclass(frozen=True, slots=True)
class Lettered:
    """A row whose code has letters among its digits, the code that was likely meant, and the files without a row that bear it."""

    row: CatalogueRow
    code: str
    files: tuple[PlannedFile, ...]


def lettered(
    rows: Iterable[CatalogueRow], loose: Sequence[PlannedFile], fonds: Collection[str]
) -> Mapping[int, Lettered]:
    """Return, by its number, each row of which letters were likely typed for digits.

    For it speaks a long number, a file without a row that bears the likely code, or that its fonds is known and the
    other is not. Of a row of which nothing may be told nothing is returned.
    """
    found: dict[int, Lettered] = {}
    for row in rows:
        meant = digits_meant(row.description.code) if row.description and row.description.code.key else None
        if row.description is None or meant is None:
            continue
        files = tuple(file for file in loose if _bears(file, as_in_file_names(meant.key)))
        written = row.description.code
        is_of_known = meant.fonds in fonds and written.fonds not in fonds
        if files or is_of_known or _is_in_a_number(written.written, meant.written):
            found[row.number] = Lettered(row, meant.written, files)
    return found


def with_letters(
    records: Iterable[PlannedRecord],
    rejected: Iterable[RejectedRow],
    letters: Mapping[int, Lettered],
    sheet_name: str,
) -> tuple[list[PlannedRecord], list[RejectedRow]]:
    """Return rows, of the first sheet each with what is to be said of the letters in its code."""
    about = {number: (_about(one, sheet_name),) for number, one in letters.items()}
    return (
        [replace(one, findings=(*one.findings, *about.get(0 if one.sheet else one.row, ()))) for one in records],
        [replace(one, findings=(*one.findings, *about.get(one.row, ()))) for one in rejected],
    )


def joined_to_rows(found: Iterable[Finding], letters: Mapping[int, Lettered]) -> Iterator[Finding]:
    """Yield findings about files without a row, each with the row whose code only letters keep from it."""
    rows = {file.shown: one for one in letters.values() for file in one.files}
    for finding in found:
        if finding.code == "file-without-row" and (one := rows.get(finding.file or "")):
            said = message(
                "{said}；第 {row} 行的档号 {code} 与其只差字母 O、l、I",
                "{said}; the code of row {row}, {code}, differs from it by letters O, l, I alone",
                said=finding.message,
                row=one.row.number,
                code=one.row.code_text,
            )
            yield replace(finding, message=said)
        else:
            yield finding


def alike_fonds(number: str, fonds: Iterable[str]) -> Message | None:
    """Return what to do about a fonds that is not registered where one that is reads alike, None where none does."""
    alike = next((one for one in sorted(fonds) if one != number and as_read_alike(one) == as_read_alike(number)), None)
    if alike is None:
        return None
    return message(
        "已登记的全宗 {alike} 看起来一样（字母 O、l、I 与数字 0、1）：档号写错的，请改档号后再接收；批次已收进的，用 jinkui renumber 改",
        "the registered fonds {alike} reads alike (O and 0, l and 1): where the code is wrong, correct it before the batch goes in, or by jinkui renumber afterwards",
        alike=alike,
    )


def _about(one: Lettered, sheet_name: str) -> Finding:
    said = message(
        "档号 {code} 中的字母 O、l、I 可能应为数字 0、1：{meant}{files}",
        "O for 0, or l for 1? The archival code {code} has letters among its digits; likely meant: {meant}{files}",
        code=one.row.code_text,
        meant=one.code,
        files=message(
            "（该档号有 {n} 个文件，没有对应的行）",
            " ({n} {n:file|files} without a row {n:bears|bear} it)",
            n=len(one.files),
        )
        if one.files
        else message("", ""),
    )
    return warning("code-letters", said, file=sheet_name, row=one.row.number, cell=one.row.code_cell)


def _is_in_a_number(written: str, meant: str) -> bool:
    """Say whether a letter stands in a run of so many digits and such letters that it can only be a number."""
    pairs = zip(_runs(written), _runs(meant), strict=True)
    return any(one != other and len(one) >= _PLAIN_ENOUGH for one, other in pairs)


def _runs(code: str) -> list[str]:
    return "".join(one if one.isalnum() else " " for one in code).split(" ")


def _bears(file: PlannedFile, key: str) -> bool:
    path = PurePosixPath(file.relative)
    names = (as_in_file_names(archival_code_key(one)) for one in (*path.parts[:-1], path.stem))
    return any(one == key or (one.startswith(key) and not one[len(key)].isalnum()) for one in names)
