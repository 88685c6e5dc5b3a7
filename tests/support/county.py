"""What a county's archives holds, drawn by a seed: volumes with items, records by item, marriages, houses or youths sent down.

Five tables in five formats with five layouts; which format, which columns in which order, how codes and dates are written, and what
stands above and below the rows, is drawn. Nothing is wrong in them: what is planted is in ``county_dirt``.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from tests.support.county_tables import write_table

FORMATS = ("xlsx", "xls", "ods", "csv", "dbf")
VOLUMES, ITEMS, FILED, MARRIAGES, OTHERS = "volumes", "items", "filed", "marriages", "others"
Row = dict[str, str]

_SUBJECTS = (
    "水利工程",
    "农村经济",
    "人事任免",
    "防汛抗旱",
    "财政预算",
    "土地征用",
    "学校建设",
    "公路养护",
    "卫生防疫",
    "林权发证",
)
_BODIES = ("青峤县水利局", "青峤县人民政府", "县农业局", "县革命委员会", "青水公社管委会")
_DEEDS = ("请示", "批复", "报告", "通知", "总结", "意见", "会议纪要")
_SURNAMES, _NAMES = (
    "王李张刘陈杨赵黄周吴徐孙",
    ("建国", "秀英", "桂兰", "志强", "玉珍", "卫东", "红梅", "德福", "春生", "丽华"),
)
_COLUMNS: Mapping[str, Mapping[str, tuple[Sequence[str], str]]] = {
    VOLUMES: {
        "code": (("档号", "案卷档号"), "DH"), "fonds": (("全宗号",), "QZH"), "series": (("目录号", "案卷目录号"), "MLH"),
        "volume": (("案卷号", "馆编案卷号"), "AJH"), "title": (("案卷题名",), "AJTM"), "dates": (("起止日期", "起止年月"), "QZRQ"),
        "first": (("起始日期",), "QSRQ"), "last": (("终止日期",), "ZZRQ"), "retention": (("保管期限",), "BGQX"),
        "pages": (("卷内页数", "总页数", "页数"), "YS"), "items": (("卷内件数", "件数", "文件份数"), "JS"),
        "place": (("存放位置", "库位"), "CFWZ"), "note": (("备注", "备考"), "BZ"),
    },
    ITEMS: {
        "code": (("档号",), "DH"), "fonds": (("全宗号",), "QZH"), "series": (("目录号",), "MLH"), "volume": (("案卷号",), "AJH"),
        "item": (("顺序号", "卷内顺序号", "件号"), "SXH"), "author": (("责任者", "作者"), "ZRZ"), "number": (("文号", "文件编号"), "WH"),
        "title": (("题名", "文件题名"), "TM"), "date": (("日期", "成文日期"), "RQ"), "retention": (("保管期限",), "BGQX"),
        "range": (("页号", "页次", "起止页号"), "YH"), "pages": (("页数",), "YS"), "note": (("备注",), "BZ"),
    },
    FILED: {
        "code": (("档号",), "DH"), "item": (("件号", "馆编件号"), "JH"), "author": (("责任者",), "ZRZ"), "number": (("文号", "文件编号"), "WH"),
        "title": (("题名", "文件题名"), "TM"), "date": (("日期", "成文日期"), "RQ"), "pages": (("页数",), "YS"),
        "security": (("密级",), "MJ"), "retention": (("保管期限",), "BGQX"), "year": (("年度",), "ND"), "language": (("语种",), "YZ"),
        "office": (("机构或问题", "机构问题"), "JGWT"), "image": (("图像路径", "原文路径"), "TXLJ"), "note": (("备注",), "BZ"),
    },
    MARRIAGES: {
        "code": (("档号",), "DH"), "groom": (("男方姓名", "男方"), "NFXM"), "bride": (("女方姓名", "女方"), "NVFXM"),
        "date": (("登记日期", "结婚日期"), "DJRQ"), "number": (("结婚证字号", "登记字号"), "JHZH"), "office": (("登记机关",), "DJJG"),
        "note": (("备注",), "BZ"),
    },
    "houses": {
        "code": (("档号",), "DH"), "owner": (("产权人", "房主"), "CQR"), "address": (("房屋坐落", "坐落"), "FWZL"),
        "date": (("发证日期", "登记日期"), "FZRQ"), "number": (("产权证号", "房产证号"), "CQZH"), "year": (("年度",), "ND"),
        "note": (("备注",), "BZ"),
    },
    "youths": {
        "code": (("档号",), "DH"), "name": (("姓名", "知青姓名"), "XM"), "born": (("出生日期",), "CSRQ"), "date": (("下乡时间", "插队时间"), "XXSJ"),
        "where": (("下乡地点", "插队地点"), "XXDD"), "year": (("年度",), "ND"), "note": (("备注",), "BZ"),
    },
}  # fmt: skip


@dataclass(slots=True)
class CountyTable:
    """A table before it is written: ``columns`` are keys of ``rows`` in their order, ``first`` the row of the first record.

    ``places`` say after writing in which row of the file each row stands.
    """

    kind: str
    subject: str
    form: str
    columns: list[str]
    headings: dict[str, str]
    rows: list[Row]
    fonds: str
    spread: random.Random
    path: Path = Path()
    places: dict[int, int] = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)

    def write(self, folder: Path) -> None:
        """Write the table; afterwards ``path`` and ``places`` say where everything is."""
        self.path, places = write_table(self, folder)
        self.places = {id(row): place for row, place in zip(self.rows, places, strict=True)}


@dataclass(frozen=True, slots=True)
class County:
    """The tables of a county, by kind, and its fonds."""

    tables: Mapping[str, CountyTable]
    fonds: tuple[str, ...]

    def write(self, folder: Path) -> list[Path]:
        """Write all tables and return where."""
        folder.mkdir(parents=True, exist_ok=True)
        for one in self.tables.values():
            one.write(folder)
        return [one.path for one in self.tables.values()]


def make_county(seed: int, *, rows: int = 1_000) -> County:
    """Draw holdings of so many rows: volumes with their items are a little more than half of them."""
    chance = random.Random(seed)
    number = chance.randint(11, 400)
    fonds = tuple(f"{chance.choice('JKQX')}{number + at:03}" for at in range(4))
    forms = chance.sample(FORMATS, len(FORMATS))
    other = chance.choice(("houses", "youths"))
    volumes, items = _volumes(chance, fonds[0], rows * 55 // 100)
    filed = _filed(chance, fonds[1], rows * 25 // 100)
    marriages = _people(chance, MARRIAGES, fonds[2], rows * 12 // 100)
    others = _people(chance, other, fonds[3], rows - len(volumes) - len(items) - len(filed) - len(marriages))
    made = (
        (VOLUMES, VOLUMES, volumes, fonds[0]), (ITEMS, ITEMS, items, fonds[0]), (FILED, FILED, filed, fonds[1]),
        (MARRIAGES, MARRIAGES, marriages, fonds[2]), (OTHERS, other, others, fonds[3]),
    )  # fmt: skip
    styles = _Styles(chance)
    tables = {
        kind: _table(chance, kind, subject, form, drawn, number, styles)
        for (kind, subject, drawn, number), form in zip(made, forms, strict=True)
    }
    return County(tables, fonds)


class _Styles:
    """What is drawn once for the list of volumes and that of their items, which one hand wrote."""

    def __init__(self, chance: random.Random) -> None:
        self.code = chance.choice(("parts", "code", "both"))
        self.pages = chance.choice(("first", "range"))


def day(chance: random.Random, year: int) -> date:
    """Return a day of a year, not in its first or last weeks."""
    return date(year, 1, 10) + timedelta(days=chance.randint(0, 330))


def _volumes(chance: random.Random, fonds: str, rows: int) -> tuple[list[Row], list[Row]]:
    volumes: list[Row] = []
    items: list[Row] = []
    series, number, year = chance.randint(1, 3), 0, chance.randint(1952, 1960)
    while len(volumes) + len(items) < rows:
        number += 1
        year += chance.random() < 0.2
        retention = chance.choice(("永久", "长期", "长期", "短期"))
        head = {"fonds": fonds, "series": str(series), "volume": f"{number:04}", "retention": retention}
        code = f"{fonds}-{series}-{number:04}"
        subject, wanted = chance.choice(_SUBJECTS), chance.randint(4, 11)
        page, days = 1, sorted(day(chance, year) for _ in range(wanted))
        for at, one in enumerate(days, 1):
            count = chance.randint(1, 9)
            body = chance.choice(_BODIES)
            title = f"{body}关于{year}年{subject}第{at}批工作的{chance.choice(_DEEDS)}"
            items.append({
                **head, "code": f"{code}-{at:03}", "item": str(at), "author": body, "number": f"青水〔{year}〕{at + number}号",
                "title": title, "date": one.strftime("%Y%m%d"), "first_page": str(page), "last_page": str(page + count - 1), "pages": str(count),
                "note": "附图一张" if chance.random() < 0.05 else "",
            })  # fmt: skip
            page += count
        volumes.append({
            **head, "code": code, "title": f"{chance.choice(_BODIES)}关于{subject}的{chance.choice(_DEEDS)}、{chance.choice(_DEEDS)}",
            "first": date(year, 1, 4).strftime("%Y%m%d"), "last": date(year, 12, 20).strftime("%Y%m%d"), "pages": str(page - 1),
            "items": str(wanted), "place": f"1库{number % 30 + 1}列{number % 7 + 1}节", "note": "",
        })  # fmt: skip
    return volumes, items


def _filed(chance: random.Random, fonds: str, rows: int) -> list[Row]:
    answer: list[Row] = []
    numbers: dict[tuple[int, str, str], int] = {}
    for at in range(rows):
        year = 2008 + at * 8 // rows
        letter, retention = chance.choice((("Y", "永久"), ("D30", "30年"), ("D10", "10年")))
        office, name = chance.choice((("BGS", "办公室"), ("JCK", "基层科")))
        number = numbers[year, letter, office] = numbers.get((year, letter, office), 0) + 1
        body = chance.choice(_BODIES)
        title = f"{body}关于{year}年{chance.choice(_SUBJECTS)}有关问题的{chance.choice(_DEEDS)}（{at + 1}）"
        code = f"{fonds}-WS·{year}·{letter}·{office}-{number:04}"
        answer.append({
            "code": code, "item": f"{number:04}", "author": body, "number": f"青府〔{year}〕{number}号", "title": title,
            "date": day(chance, year).strftime("%Y%m%d"), "pages": str(chance.randint(1, 20)), "security": chance.choice(("", "", "公开", "内部")),
            "retention": retention, "year": str(year), "language": "汉语", "office": name,
            "image": f"E:\\扫描\\{fonds}\\{year}\\{letter}\\{number:04}.pdf", "note": "",
        })  # fmt: skip
    return answer


def _people(chance: random.Random, subject: str, fonds: str, rows: int) -> list[Row]:
    answer: list[Row] = []
    for at in range(1, rows + 1):
        year = 1962 + at * 30 // rows
        row = {
            "code": f"{fonds}-1-{at:05}", "date": day(chance, year).strftime("%Y%m%d"), "number": f"青字第{year % 100:02}{at:04}号",
            "office": "青水公社", "year": str(year), "address": f"青峤镇解放街{at}号", "where": f"青峤县石桥公社第{at % 9 + 1}大队",
            "born": day(chance, year - 19).strftime("%Y%m%d"), "note": "",
        }  # fmt: skip
        row |= {key: _name(chance) for key in ("groom", "bride", "owner", "name")}
        answer.append({key: text for key, text in row.items() if key in _COLUMNS[subject]})
    return answer


def _name(chance: random.Random) -> str:
    return chance.choice(_SURNAMES) + chance.choice(_NAMES)


def _table(
    chance: random.Random, kind: str, subject: str, form: str, rows: list[Row], fonds: str, styles: _Styles
) -> CountyTable:
    words = _COLUMNS[subject]
    columns = [*words]
    if kind in (VOLUMES, ITEMS):
        dropped = {"parts": {"code"}, "code": {"fonds", "series", "volume", "item"}, "both": set()}[styles.code]
        columns = [one for one in columns if one not in dropped]
    if kind == VOLUMES:
        undated = chance.choice((("dates",), ("first", "last")))
        columns = [one for one in columns if one not in undated]
    if kind == ITEMS and styles.code == "code":
        columns.insert(1, "item")
    chance.shuffle(columns)
    if chance.random() < 0.6:  # as most offices have it: what identifies a row first
        columns.sort(key=lambda one: one not in ("code", "fonds", "series", "volume", "item"))
    pinyin = form == "dbf"
    headings = {key: words[key][1] if pinyin else chance.choice(words[key][0]) for key in columns}
    date_form = chance.choice(("%Y%m%d", "%Y-%m-%d", "%Y.%m.%d", "%Y年%m月%d日"))
    for row in rows:
        _dress(row, date_form, styles, dash=chance.choice(("-", "-", "—")) if kind == VOLUMES else "-")
    return CountyTable(kind, subject, form, columns, headings, rows, fonds, random.Random(chance.random()))


def _dress(row: Row, form: str, styles: _Styles, *, dash: str) -> None:
    """Write dates and pages as the table has them."""
    for key in ("date", "first", "last", "born"):
        if key in row:
            text = row[key]
            row[key] = date(int(text[:4]), int(text[4:6]), int(text[6:])).strftime(form)
    if "first" in row:
        row["dates"] = f"{row['first']}{dash if '-' not in form else '—'}{row['last']}"
    if "first_page" in row:
        first, last = row["first_page"], row["last_page"]
        row["range"] = first if styles.pages == "first" or first == last else f"{first}-{last}"
