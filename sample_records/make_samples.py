#!/usr/bin/env python3
"""Makes the sample records: batches of scans and of documents, sheets of fonds and decisions, and the truth beside them.

    python sample_records/make_samples.py [--out FOLDER]

The same program makes the same records: everything random is seeded. Needs the fonts that README.md names.
"""

import argparse
import csv
import io
import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import openpyxl
from maker.ageing import age
from maker.documents import DOCUMENTS
from maker.form import LISTED_FOLDER, write_pages
from maker.holdings import FONDS, RECORDS, REPOSITORIES, REVIEWERS
from maker.holdings_of_county import make_holdings
from maker.sample import SampleRecord
from openpyxl.styles import Alignment, Font

_COLUMNS = (
    "档号", "题名", "责任者", "文号", "日期", "年度", "保管期限", "密级", "解密日期", "解密依据", "开放审核意见", "页数",
    "语种", "文件", "备注",
)  # fmt: skip
_DECISION_COLUMNS = (
    "档号", "结论", "依据", "会同单位", "审核人", "批准人", "审核日期", "开放日期", "延期至", "网上范围",
)  # fmt: skip
_FONDS_COLUMNS = ("全宗号", "全宗名称", "立档单位", "起止年", "全宗介绍")
_SHEET_OF = {"990001": "xlsx", "990101": "utf-8-sig", "990121": "gb18030"}
_LANGUAGES = {"汉语": "zh-Hans", "英语": "en"}
_MOMENT = (2026, 1, 5, 9, 0, 0)


def main() -> None:
    """Make everything below a folder, by default this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent)
    out: Path = parser.parse_args().out
    for name in ("batches", "catalogue", "fonds", "opening", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    _write_json(out / "repositories.json", REPOSITORIES)
    truth: list[dict[str, object]] = []
    for repository, fonds in FONDS.items():
        _write_csv(out / "fonds" / f"{repository}.csv", "utf-8-sig", _FONDS_COLUMNS, fonds)
        records = [record for record in RECORDS if record.repository == repository]
        batch = out / "batches" / f"{repository}-scans"
        batch.mkdir(parents=True)
        for record in records:
            truth += _make_record(record, batch, out / "truth")
        _write_catalogue(batch, records, _SHEET_OF[repository])
        decisions = [_decision_row(record) for record in records if record.decision]
        _write_xlsx(out / "opening" / f"{repository}.xlsx", _DECISION_COLUMNS, decisions)
    _write_json(out / "truth" / "pages.json", truth)
    _make_documents(out / "batches" / "990101-documents")
    make_holdings(out)


def _make_record(record: SampleRecord, batch: Path, truth: Path) -> list[dict[str, object]]:
    papers = [make() for make in record.pages]
    seed = zlib.crc32(record.code.encode())
    images = [
        age(paper, wear, papers[(place + 1) % len(papers)].image, seed + place)
        for place, (paper, wear) in enumerate(zip(papers, record.wear, strict=True))
    ]
    names = write_pages(record, batch, images, papers[0].dpi)
    folder = truth / batch.name / record.code.replace("·", "_")
    folder.mkdir(parents=True)
    entries: list[dict[str, object]] = []
    for number, (paper, wear, name) in enumerate(zip(papers, record.wear, names, strict=True), 1):
        text_file = folder / f"{number}.txt"
        text_file.write_text("\n".join(line for line in paper.lines if line) + "\n", "utf-8")
        entries.append(
            {
                "batch": batch.name,
                "archival_code": record.code,
                "page": number,
                "image": name,
                "direction": record.direction,
                "language": _LANGUAGES.get(record.language, record.language),
                "degradation": wear.name,
                "dpi": paper.dpi,
                "text_file": text_file.relative_to(truth).as_posix(),
            }
        )
    return entries


def _write_catalogue(batch: Path, records: Sequence[SampleRecord], form: str) -> None:
    rows = [_catalogue_row(record) for record in records]
    if form == "xlsx":
        for row in rows:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", str(row[4])):
                row[4] = date.fromisoformat(str(row[4]))
        _write_xlsx(batch / "catalogue.xlsx", _COLUMNS, rows, title="岭澜省档案馆归档文件目录")
    else:
        _write_csv(batch / "catalogue.csv", form, _COLUMNS, rows)


def _catalogue_row(record: SampleRecord) -> list[object]:
    files = LISTED_FOLDER if record.form == "listed" else ""
    return [
        record.code, record.title, record.author, record.number, record.date, record.year, record.retention,
        *record.security, record.proposal, str(len(record.pages)), record.language, files, record.note,
    ]  # fmt: skip


def _decision_row(record: SampleRecord) -> list[object]:
    decision = record.decision
    assert decision is not None
    reviewer, approver = REVIEWERS[record.repository]
    return [
        record.code, decision.conclusion, decision.basis, decision.joint_unit, reviewer, approver, decision.reviewed_on,
        decision.opens_on, decision.postponed_until, decision.scope,
    ]  # fmt: skip


def _make_documents(batch: Path) -> None:
    batch.mkdir(parents=True)
    rows: list[Sequence[object]] = []
    for code, title, number, day, suffix, make in DOCUMENTS:
        name = f"{code}.{suffix}"
        make(batch / name)
        rows.append((code, title, "澜浦市水利局", number, day, name))
    _write_csv(batch / "catalogue.csv", "utf-8", ("档号", "题名", "责任者", "文号", "日期", "文件"), rows)
    (batch / "batch.toml").write_text('repository = "990101"\nkind = "documents"\n', "utf-8")


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _write_csv(path: Path, encoding: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _write_xlsx(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], *, title: str = "") -> None:
    """Write a sheet, with a merged title row above the header when there is a title; the same bytes every time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = datetime(*_MOMENT)  # noqa: DTZ001
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
        sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=16), Alignment(horizontal="center")
    sheet.append(list(header))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    for column, width in (("A", 30), ("B", 44), ("C", 24)):
        sheet.column_dimensions[column].width = width
    kept = io.BytesIO()
    book.save(kept)
    with zipfile.ZipFile(kept) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-01-05T09:00:00Z", source.read(name))
            target.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    main()
