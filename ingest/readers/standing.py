"""Codes of rows beside the catalogue: one that nobody has, or that several units have, names nothing that files are hooked to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from archives.findings import Finding, error
from archives.message import listed, message
from archives.record.identifiers import RecordKey, archival_code_key
from ingest.sheets.catalogue import CatalogueRow

_TITLE = "title-missing"


def _no_units(repository: str, codes: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    del repository, codes
    return {}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the catalogue has of codes: the units of each, and the codes that one may have been meant for."""

    units: Callable[[str, Sequence[str]], Mapping[str, tuple[str, ...]]] = _no_units
    near: Callable[[str, str], Sequence[str]] | None = None


def with_standing(
    rows: Sequence[CatalogueRow],
    repository: str,
    standing: Standing,
    *,
    sheet: str,
    is_held: Callable[[RecordKey], bool],
) -> tuple[CatalogueRow, ...]:
    """Return rows without those that several units may be meant by; what hooks to nothing says so, and not that it has no title.

    A record that is kept already (``is_held``) is meant by its code whatever else has it.
    """
    keys = [archival_code_key(row.code_text) for row in rows]
    units = standing.units(repository, [key for key in keys if key])
    answer: list[CatalogueRow] = []
    for row, key in zip(rows, keys, strict=True):
        own = units.get(key, ())
        has_no_title = any(one.code == _TITLE and one.severity == "error" for one in row.findings)
        if key and len(own) > 1 and not is_held(RecordKey(repository, key)):
            row = _refused(row, _several(own), sheet)
        elif key and has_no_title and not own and standing.near is not None:
            row = _refused(row, _unknown(standing.near(repository, row.code_text)), sheet)
        answer.append(row)
    return tuple(answer)


def _refused(row: CatalogueRow, found: Finding, sheet: str) -> CatalogueRow:
    others = tuple(one for one in row.findings if one.code != _TITLE)
    placed = found.at(file=sheet, row=row.number, cell=row.code_cell)
    return replace(row, description=None, findings=(*others, placed))


def _several(units: Sequence[str]) -> Finding:
    said = message(
        "此档号有 {n} 个著录单元（{ids}），不能确定是哪一个",
        "{n} units have this code ({ids}): it is not plain which is meant",
        n=len(units),
        ids=listed(sorted(units)),
    )
    return error("code-of-several", said)


def _unknown(near: Sequence[str]) -> Finding:
    if near:
        said = message(
            "目录中没有此档号（相近的有 {near}），本行也没有题名",
            "the catalogue has no such code (near it: {near}), and the row has no title",
            near=listed(near),
        )
    else:
        said = message("目录中没有此档号，本行也没有题名", "the catalogue has no such code, and the row has no title")
    return error("code-unknown", said)
