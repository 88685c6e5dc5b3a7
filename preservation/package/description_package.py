"""Packages of rows in which units are described: written once, never changed; the row with the highest revision holds.

The rows lie twice in it, as JSON lines and as a sheet for people, with words that say what they are; stock tools read both.
"""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from pathlib import PurePosixPath

from pydantic import TypeAdapter, ValidationError

from archives.errors import FormatError
from archives.findings import Finding
from archives.message import message
from archives.record.description import Repository
from archives.record.elements.table import ELEMENTS, Element
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from archives.text.harmless import spreadsheet_text
from archives.units.unit import Unit, read_unit_row, unit_row
from preservation.package.new_package import NewPackage, bag_info, payload_bytes

UNITS = PurePosixPath("data/units.jsonl")
SHEET = PurePosixPath("data/units.csv")
FINDINGS = PurePosixPath("data/findings.json")
README = PurePosixPath("data/README.txt")
MOST_ROWS = 10_000
"""How many rows a package may have: damage costs one copy of no more than that, mended whole."""

_WORDS = """\
units.jsonl：每行一个 JSON 对象，说明一个著录单元（全宗、类别、案卷、组或件）。
  unit_id   单元的永久标识（UUID），从不另用；有内容的单元，其信息包也用这一标识
  revision  修订号：同一 unit_id 的各行（在本包或其他著录包中）以最大者为准；修订号相同的，以状态为“已清除”者为准
  level     聚合层次；parent 上级单元的 unit_id（没有写时，上级由档号可知，或为 series 所写档号的类别）；state 状态（空为在库）
  elements  著录项；值为文字，或“[文字, 属性]”的列表（日期的属性 起、止 是能确定的最早、最晚日期）
  person at reason  谁、何时、为何写这一行；import 单元来自哪次导入；source 这一修订来自哪张表、哪一行
  previous  上一修订那一行（含行末换行符）的 SHA-256
units.csv：同样的内容，供人阅读。findings.json：导入时发现的问题。

units.jsonl: one JSON object a line, each the description of a unit (fonds, series, file, group or item).
  unit_id   the unit's identifier (UUID), never used again; a unit with content has a package of that identifier
  revision  of all rows with one unit_id, in this package and in others, the one with the highest revision holds;
            of two with one revision the one in the state 已清除 (purged)
  level     level of description; parent: unit_id of the unit above (where there is none the code tells it, or series,
            the code of the series); state: what became of it (empty: held)
  elements  by name; a text, or a list of [text, attributes] (of a date the earliest and the latest day it can mean)
  person at reason  who wrote the row, when and why; import: which import brought the unit; source: which table
            the row came from, and where in it
  previous  the SHA-256 of the row before, with its line feed
units.csv: the same, to be read by people. findings.json: what was found wrong when it came in.
"""


def description_package(
    package_id: PackageId,
    repository: Repository,
    units: Sequence[Unit],
    findings: Sequence[Finding],
    *,
    code: str,
    batch_id: str,
    now: datetime,
    software: str,
) -> NewPackage:
    """Return a package of rows, at most ``MOST_ROWS``; ``code`` names it among people."""
    rows = b"".join(map(unit_row, units))
    return package_of_rows(
        package_id, repository, rows, findings, code=code, batch_id=batch_id, now=now, software=software, units=units
    )


def package_of_rows(
    package_id: PackageId,
    repository: Repository,
    rows: bytes,
    findings: Sequence[Finding],
    *,
    code: str,
    batch_id: str,
    now: datetime,
    software: str,
    succeeds: str = "",
    units: Sequence[Unit] | None = None,
) -> NewPackage:
    """Return a package of rows as they are written, byte for byte; ``units`` are what they say, where that is known.

    Raises ``FormatError`` for what is no row.
    """
    if units is None:
        units = [read_unit_row(row) for row in rows.splitlines(keepends=True)]
    payload = [
        payload_bytes(UNITS, rows),
        payload_bytes(SHEET, _sheet(units)),
        payload_bytes(README, _WORDS.encode("utf-8")),
    ]
    if findings:
        payload.append(payload_bytes(FINDINGS, _adapter().dump_json([*findings], indent=1)))
    said = message("{n} 条著录", "{n} descriptions", n=len(units))
    return NewPackage(
        package_id=package_id,
        kind=PackageKind.DESCRIPTION,
        repository=repository.code.value,
        archival_code=code,
        batch_id=batch_id,
        payload=tuple(payload),
        info=bag_info(
            package_id,
            organization=repository.name,
            external_identifier=code,
            description=f"{said.text('zh')} {said.text('en')}",
            created_at=now,
            software=software,
        ),
        created_at=now,
        succeeds=succeeds,
    )


def read_findings(data: bytes) -> tuple[Finding, ...]:
    """Return what was found wrong with the rows of a package; raises ``FormatError``."""
    try:
        return tuple(_adapter().validate_json(data))
    except ValidationError as cause:
        raise FormatError(message("问题清单读不了", "the findings cannot be read"), subject=FINDINGS.name) from cause


@cache
def _adapter() -> "TypeAdapter[list[Finding]]":
    return TypeAdapter(list[Finding])


def _sheet(units: Sequence[Unit]) -> bytes:
    """Return the rows as CSV (RFC 4180) with a mark of its encoding, so that spreadsheets show Chinese."""
    said = {element.name: texts for element in ELEMENTS if any(texts := _texts(element, units))}
    text = io.StringIO(newline="")
    sheet = csv.writer(text)
    sheet.writerow(["unit_id", "revision", "聚合层次", "parent", "状态", *said, "来源"])
    ours = ((unit.unit_id, unit.revision, unit.level.value, unit.parent, unit.state.value) for unit in units)
    sheet.writerows((*own, *texts, unit.source) for own, unit, *texts in zip(ours, units, *said.values(), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _texts(element: Element, units: Sequence[Unit]) -> list[str]:
    """Return what stands in an element's column."""
    values = map(attrgetter(element.field), map(attrgetter("description"), units))
    return [spreadsheet_text(text) if (text := element.kind.text(value)) else "" for value in values]
