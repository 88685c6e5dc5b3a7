#!/usr/bin/env python3
"""Makes the sample records: batches of scans and of documents, sheets of fonds and decisions, and the truth beside them.

    python sample_records/make_samples.py [--out FOLDER]

The same program makes the same records: everything random is seeded. Needs the fonts that README.md names.
"""

import argparse
import csv
import io
import json
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pikepdf
from maker.content import FONDS, REPOSITORIES
from maker.documents import DOCUMENTS
from maker.paper import Paper, age
from maker.records import RECORDS, SampleRecord
from PIL import Image

_COLUMNS = (
    "档号",
    "题名",
    "责任者",
    "文号",
    "日期",
    "年度",
    "保管期限",
    "密级",
    "解密日期",
    "解密依据",
    "开放审核意见",
    "页数",
    "语种",
    "文件",
    "备注",
)
_DECISION_COLUMNS = (
    "档号",
    "结论",
    "依据",
    "会同单位",
    "审核人",
    "批准人",
    "审核日期",
    "开放日期",
    "延期至",
    "网上范围",
)
_SHEET_OF = {"990001": "xlsx", "990101": "utf-8-sig", "990121": "gb18030"}
_QUALITY = 62


def main() -> None:
    """Make everything below a folder, by default this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    out: Path = parser.parse_args().out
    for name in ("batches", "fonds", "opening", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / "repositories.json").write_text(json.dumps(REPOSITORIES, ensure_ascii=False, indent=1) + "\n", "utf-8")
    truth: list[dict[str, object]] = []
    for repository, fonds in FONDS.items():
        _write_csv(
            out / "fonds" / f"{repository}.csv",
            "utf-8-sig",
            ("全宗号", "全宗名称", "立档单位", "起止年", "全宗介绍"),
            fonds,
        )
        records = [record for record in RECORDS if record.repository == repository]
        batch = out / "batches" / f"{repository}-scans"
        batch.mkdir(parents=True)
        for record in records:
            truth += _make_record(record, batch, out / "truth" / batch.name)
        _write_catalogue(batch, records, _SHEET_OF[repository])
        decisions = [_decision_row(record) for record in records if record.decision]
        _write_xlsx(out / "opening" / f"{repository}.xlsx", _DECISION_COLUMNS, decisions, title="")
    (out / "truth" / "pages.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")
    _make_documents(out / "batches" / "990101-documents")


def _make_record(record: SampleRecord, batch: Path, truth_folder: Path) -> list[dict[str, object]]:
    papers = [make() for make in record.pages]
    seed = sum(record.code.encode("utf-8"))
    images = [
        age(paper, wear, papers[(place + 1) % len(papers)].image, seed + place)
        for place, (paper, wear) in enumerate(zip(papers, record.wear, strict=True))
    ]
    names = _file_pages(record, batch, images, papers)
    entries: list[dict[str, object]] = []
    folder = truth_folder / record.code.replace("·", "_")
    folder.mkdir(parents=True)
    for number, (paper, wear, name) in enumerate(zip(papers, record.wear, names, strict=True), 1):
        text_file = folder / f"{number}.txt"
        text_file.write_text("\n".join(paper.lines) + "\n", "utf-8")
        language = {"汉语": "zh-Hans", "英语": "en"}.get(record.language, record.language)
        entries.append(
            {
                "batch": batch.name,
                "archival_code": record.code,
                "page": number,
                "image": name,
                "direction": record.direction,
                "language": language,
                "degradation": wear.name,
                "dpi": paper.dpi,
                "text_file": str(text_file.relative_to(truth_folder.parent)),
            }
        )
    return entries


def _file_pages(record: SampleRecord, batch: Path, images: Sequence[Image.Image], papers: Sequence[Paper]) -> list[str]:
    """Write a record's pages the way its form says; return the file of each page."""
    code, dpi = record.code, (papers[0].dpi, papers[0].dpi)
    if record.form == "tiff":
        first, *rest = images
        first.save(
            batch / f"{code}.tif", save_all=True, append_images=rest, compression="jpeg", quality=_QUALITY, dpi=dpi
        )
        return [f"{code}.tif"] * len(images)
    if record.form == "pdf":
        _write_pdf(batch / f"{code}.pdf", images, papers[0].dpi)
        return [f"{code}.pdf"] * len(images)
    patterns = {
        "folder": "{code}/{n:04}.jpg",
        "dash": "{code}-{n:03}.jpg",
        "underscore": "{plain}-{n:03}.jpg",
        "listed": "扫描件/处理单_{n}.jpg",
        "png": "{code}/{n:03}.png",
        "jp2": "{code}-{n:02}.jp2",
    }
    names = [
        patterns[record.form].format(code=code, plain=code.replace("·", "_"), n=n) for n in range(1, len(images) + 1)
    ]
    for name, image in zip(names, images, strict=True):
        path = batch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if record.form == "png":
            image.quantize(64).save(path, dpi=dpi, optimize=True)
        elif record.form == "jp2":
            image.save(path, quality_mode="rates", quality_layers=[32])
        else:
            image.save(path, quality=_QUALITY, dpi=dpi)
    return names


def _write_pdf(path: Path, images: Sequence[Image.Image], dpi: int) -> None:
    with pikepdf.Pdf.new() as document:
        for image in images:
            kept = io.BytesIO()
            image.save(kept, "JPEG", quality=_QUALITY, dpi=(dpi, dpi))
            width, height = image.width * 72 / dpi, image.height * 72 / dpi
            picture = pikepdf.Stream(
                document, kept.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=image.width, Height=image.height,
                ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
            )  # fmt: skip
            content = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode()
            page = pikepdf.Dictionary(
                Type=pikepdf.Name.Page, MediaBox=[0, 0, width, height], Contents=pikepdf.Stream(document, content),
                Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture)),
            )  # fmt: skip
            document.pages.append(pikepdf.Page(page))
        document.save(path, deterministic_id=True)


def _write_catalogue(batch: Path, records: Sequence[SampleRecord], form: str) -> None:
    rows = [_catalogue_row(record) for record in records]
    if form == "xlsx":
        for row in rows:
            if len(row[4]) == 10 and row[4].count("-") == 2:
                row[4] = date.fromisoformat(row[4])
        _write_xlsx(batch / "catalogue.xlsx", _COLUMNS, rows, title="岭澜省档案馆归档文件目录")
    else:
        _write_csv(batch / "catalogue.csv", form, _COLUMNS, rows)


def _catalogue_row(record: SampleRecord) -> list:
    files = "扫描件" if record.form == "listed" else ""
    return [
        record.code, record.title, record.author, record.number, record.date, record.year, record.retention, *record.security,
        record.proposal, str(len(record.pages)), record.language, files, record.note,
    ]  # fmt: skip


def _decision_row(record: SampleRecord) -> list[str]:
    assert record.decision is not None
    conclusion, basis, opens, scope = record.decision
    postponed = "2030-12-31" if conclusion == "延期开放" else ""
    reviewed = opens or "2026-01-15"
    return [record.code, conclusion, basis, record.author, "林秀兰", "周鹤年", reviewed, opens, postponed, scope]


def _make_documents(batch: Path) -> None:
    batch.mkdir(parents=True)
    rows = []
    for code, title, day, suffix, make in DOCUMENTS:
        name = f"{code}.{suffix}"
        make(batch / name)
        rows.append((code, title, "澜浦市水利局", day, name))
    _write_csv(batch / "catalogue.csv", "utf-8", ("档号", "题名", "责任者", "日期", "文件"), rows)
    (batch / "batch.toml").write_text('repository = "990101"\nkind = "documents"\n', "utf-8")


def _write_csv(path: Path, encoding: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])


def _write_xlsx(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]], *, title: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(header))
    sheet.append(list(header))
    for row in rows:
        sheet.append(list(row))
    book.save(path)


if __name__ == "__main__":
    main()
