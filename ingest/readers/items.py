"""Volumes of a batch with their items: what costs an item its place, and what the whole volume."""

from collections.abc import Sequence
from dataclasses import replace

from archives.findings import Finding, error
from archives.message import listed, message
from ingest.batch.plan import PlannedRecord, RejectedRow
from ingest.sheets.catalogue import CatalogueRow
from ingest.sheets.markings import is_of_unknown_secrecy
from ingest.volumes.sheets import VolumeSheets
from ingest.volumes.stand_in import about_unread


def with_items(
    records: Sequence[PlannedRecord], rejected: Sequence[RejectedRow], read: VolumeSheets
) -> tuple[list[PlannedRecord], list[RejectedRow]]:
    """Return records in which volumes have their items, and the rejected rows with those of items that go with their volume.

    A volume is rejected with an item of which nobody can tell whether it is a state secret: its pages lie among the others.
    """
    rows = {row.number: row for row in read.rows[0]}
    answer: list[PlannedRecord] = []
    lost = [*rejected]
    for one in records:
        unknown = [item for item, _ in read.items(rows[one.row]) if is_of_unknown_secrecy(item.findings)]
        if one.row in rows and unknown and read.planned(rows[one.row]):
            found = _of_unknown_secrecy(unknown).at(file=read.sheet.name, row=one.row, cell=rows[one.row].code_cell)
            lost.append(RejectedRow(one.row, rows[one.row].code_text, (*one.findings, found)))
        else:
            answer.append(one)
    out = {one.row for one in lost}
    for volume in rows.values():
        for item, pages in read.items(volume) if volume.number in out else ():
            told = item.findings
            if not is_of_unknown_secrecy(told):
                told = (*told, _without_its_volume(volume).at(file=pages.sheet, row=item.number, cell=item.code_cell))
            lost.append(RejectedRow(item.number, item.code_text or pages.code, told))
    return [_with_its_items(one, rows[one.row], read) for one in answer], lost


def _with_its_items(record: PlannedRecord, row: CatalogueRow, read: VolumeSheets) -> PlannedRecord:
    volume = read.planned(row)
    told = (
        [
            found
            for planned, (item, pages) in zip(volume.items, read.items(row), strict=False)
            for found in (
                item.findings if item.description else about_unread(pages, planned.description, item.findings)
            )
        ]
        if volume
        else []
    )
    return replace(record, volume=volume, findings=(*record.findings, *told))


def _of_unknown_secrecy(items: Sequence[CatalogueRow]) -> Finding:
    said = message(
        "卷内第 {rows} 行的件不知是否涉密，整卷未接收",
        "nobody can tell of the items in rows {rows} whether they are state secrets, so the whole volume was not taken in",
        rows=listed([item.number for item in items]),
    )
    return error("volume-of-unknown-secrecy", said)


def _without_its_volume(volume: CatalogueRow) -> Finding:
    said = message(
        "所属案卷 {code} 未能接收，此件随之未接收",
        "its volume {code} could not be taken in, and so this item was not",
        code=volume.code_text,
    )
    return error("volume-rejected", said)
