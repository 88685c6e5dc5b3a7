"""Batches of practice, drawn by a seed: sheets and folders as archives hand them over, with nothing wrong in them.

What varies is what varies between offices: headings and their order, a title above them, empty rows, a signature below,
encodings and kinds of sheet, how dates, retention and classification are written, how files lie and are named.
"""

import contextlib
import csv
import io
import json
import random
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from PIL import Image, ImageDraw

from cli.main import run

FONDS = "J019"

_TITLES = (
    "关于印发《保密工作责任制考核办法》的通知",
    "关于开展国家秘密载体清理检查的请示",
    "市水利局一九八六年防汛抗旱工作总结",
    "关于张建国同志任职的通知",
    "机密级会议室改造工程预算",
    "青峤水库除险加固工程竣工图（一）",
    "关于公布第三批“秘密花园”摄影展获奖名单的通知",
    "商业秘密保护讲座记录",
    "县人民政府办公室关于调整领导小组成员的批复",
    "关于召开1983年度先进表彰大会的通知 附：名单",
    "Annual report of the Harbour Office, 1926/27",
    "关于转发省厅“绝密飞行”航空科普活动方案的函",
)
_HEADINGS = {
    "code": ("档号", "档案号", "Reference code", "Identifier"),
    "title": ("题名", "文件题名", "Title", "dc.title"),
    "creator": ("责任者", "Creator"),
    "date": ("日期", "成文日期", "Date"),
    "retention": ("保管期限",),
    "security": ("密级",),
    "pages": ("页数", "Pages"),
    "note": ("备注", "附注"),
    "extra": ("盒号", "件号", "存放位置", "Extent of box"),
}
_DATES = ("19860301", "1986-03-01", "1986年3月1日", "1986.3.1", "1986/3/1", "1986", "198603", "1986年", "", "不详")
_RETENTION = ("永久", "30年", "10年", "长期", "短期", "")
_SECURITY = ("", "公开", "内部", "非密", "无", "一般", "工作秘密")
_TEXT = {"note": "原件破损", "creator": "市水利局"}


@dataclass(frozen=True, slots=True)
class HonestBatch:
    """A batch on disk: where it lies, its archival codes in order, and what was drawn for it."""

    folder: Path
    codes: tuple[str, ...]
    drawn: str


def honest_batch(folder: Path, seed: int) -> HonestBatch:
    """Write the batch of a seed."""
    chosen = random.Random(seed)
    layout = chosen.choice(("files-by-code", "folder-by-code", "named-in-sheet", "pages", "pages-in-folder", "one-pdf"))
    codes = tuple(_code(chosen, seed, number) for number in range(1, chosen.randint(3, 5)))
    columns = ["code", "title", *chosen.sample(["creator", "date", "retention", "security", "note", "extra"], 4)]
    head = columns[2:]
    chosen.shuffle(head)
    columns = [*columns[:2], *head] if chosen.random() < 0.7 else [*head, *columns[:2]]
    if layout.startswith("page") and chosen.random() < 0.5:
        columns.append("pages")
    names = {code: _write_files(folder, code, layout, chosen) for code in codes}
    if layout == "named-in-sheet":
        columns.append("files")
    rows = [_row(code, columns, names[code], chosen) for code in codes]
    headings = ["文件" if column == "files" else chosen.choice(_HEADINGS[column]) for column in columns]
    kind = _write_sheet(folder, headings, rows, chosen)
    return HonestBatch(folder, codes, f"{layout} {kind} {headings} {rows}")


def lost_of(place: Path, seed: int) -> tuple[list[str], list[str]]:
    """Take the batch of a seed into a new archive; return what was not stored, in words, and every finding's code."""
    home = place / "home"
    batch = honest_batch(place / "batch", seed)
    fonds = place / "fonds.csv"
    fonds.write_text(f"全宗号,全宗名称,立档单位,起止年,全宗介绍\n{FONDS},水利局,市水利局,1950-2014,\n", "utf-8")
    _command(home, "init")
    _command(home, "repository", "add", "990001", "--name", "馆", "--name-en", "Archives", "--kind", "馆")
    _command(home, "fonds", "import", str(fonds))
    code, said = _command(home, "ingest", str(batch.folder), "--json")
    answer = json.loads(said) if said else {}
    records = {one["archival_code"]: one for one in answer.get("records", [])}
    findings = [found for one in records.values() for found in one["findings"]] + answer.get("findings", [])
    stored = [str(records.get(code, {}).get("outcome")).startswith("stored") for code in batch.codes]
    lost = [] if all(stored) else [f"seed {seed}: exit {code}: {batch.drawn}: {said[:3000]}"]
    return lost, [found["code"] for found in findings]


def _command(home: Path, *arguments: str) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = run(["--home", str(home), "--lang", "en", *arguments])
    return code, out.getvalue()


def _code(chosen: random.Random, seed: int, number: int) -> str:
    style = random.Random(seed).choice(("new", "old", "volume"))
    item = 1000 * seed + number
    if style == "new":
        return f"{FONDS}-WS·1986·{chosen.choice(('永久', '30年'))}·办公室-{item:06}"
    if style == "old":
        return f"{FONDS}-WS·1986-{chosen.choice(('Y', 'D30'))}-BGS-{item:06}"
    return f"{FONDS}-2-{seed + 1:04}-{number:03}"


def _row(code: str, columns: list[str], files: list[str], chosen: random.Random) -> list[str]:
    drawn = {
        "code": code,
        "title": chosen.choice(_TITLES),
        "date": chosen.choice(_DATES),
        "retention": "" if "WS" in code else chosen.choice(_RETENTION),
        "security": chosen.choice(_SECURITY),
        "pages": str(len(files)),
        "extra": str(chosen.randint(1, 40)),
        "files": "；".join(files),
        **_TEXT,
    }
    return [drawn[column] for column in columns]


def _write_files(folder: Path, code: str, layout: str, chosen: random.Random) -> list[str]:
    """Write a record's files and return their names as a sheet would name them."""
    count = chosen.randint(1, 2)
    match layout:
        case "files-by-code":
            names = [f"{code}.txt"]
        case "folder-by-code":
            names = [f"{code}/{name}.txt" for name in ("正文", "附件")[:count]]
        case "named-in-sheet":
            names = [f"{chosen.choice(('文件', 'doc'))}/{code[-3:]}-{n}.txt" for n in range(1, count + 1)]
        case "pages":
            names = [f"{code}-{n:03}.jpg" for n in range(1, count + 1)]
        case "pages-in-folder":
            pattern = chosen.choice(("{:03}.jpg", "{}.jpg", "IMG_{:04}.jpg", "第{}页.jpg", "page ({}).jpg"))
            names = [f"{code}/{pattern.format(n)}" for n in range(1, count + 1)]
        case _:
            names = [f"{code}.pdf"]
    for number, name in enumerate(names, 1):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".txt"):
            place.write_text(
                f"青峤水库除险加固工程 {code} 第{number}份\n", encoding=chosen.choice(("utf-8", "gb18030"))
            )
        else:
            _page(f"RESERVOIR REPORT {number}").save(place, resolution=100.0, dpi=(100, 100))
    return names


def _page(text: str) -> Image.Image:
    image = Image.new("L", (827, 400), 250)
    ImageDraw.Draw(image).text((60, 120), text, fill=20, font_size=40)
    return image


def _write_sheet(folder: Path, headings: list[str], rows: list[list[str]], chosen: random.Random) -> str:
    lines: list[list[str]] = [headings, *rows]
    if chosen.random() < 0.4:
        lines.insert(0, ["市水利局文书档案目录（1986年）", *[""] * (len(headings) - 1)])
    if chosen.random() < 0.3:
        lines.insert(-1, [""] * len(headings))
    if chosen.random() < 0.2:
        lines += [[""] * len(headings)] * 3
    kind = chosen.choice(("xlsx", "utf-8", "utf-8-sig", "gb18030", "utf-16", "semicolon", "tab"))
    if kind == "xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in lines:
            sheet.append([int(text) if text.isdigit() and len(text) < 4 else text or None for text in line])
        book.save(folder / "catalogue.xlsx")
        return kind
    delimiter = {"semicolon": ";", "tab": "\t"}.get(kind, ",")
    encoding = kind if kind.startswith(("utf", "gb")) else "utf-8"
    with (folder / "catalogue.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(lines)
    return kind
