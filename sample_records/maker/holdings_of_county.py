"""What the county's archives holds beside its scans: tables of what is not digitised, and a volume as it is scanned.

Everything before 2001 is by volume (案卷). One table is as such tables are found; README.md says what is wrong in it.
"""

import csv
from collections.abc import Sequence
from pathlib import Path

from maker.paper import BOLD, Paper

VOLUME = "K033-2-0007"
_FONDS, _SERIES = "K033", "1"
_COUNTY = "青峤县人民委员会"
_VOLUMES = (
    ("0001", "关于农业合作化的指示、报告", 1954, "永久", 96, 6), ("0002", "关于统购统销的通知、统计表", 1955, "长期", 74, 5),
    ("0003", "关于兴修石桥水库的请示、批复", 1956, "永久", 118, 5), ("0004", "关于扫除文盲的计划、总结", 1957, "长期", 61, 4),
    ("0005", "关于山林权属的调查材料", 1962, "永久", 143, 7), ("0006", "关于血吸虫病防治的报告", 1963, "长期", 52, 4),
    ("0007", "关于精简职工的名单、表册", 1963, "短期", 38, 3), ("0008", "关于下乡知识青年安置的通知", 1965, "永久", 87, 6),
)  # fmt: skip
_ITEMS = (
    ("0003", 1, "青水〔1956〕3号", "关于兴修石桥水库的请示", "19560212", "1"), ("0003", 2, "专水〔1956〕17号", "关于兴修石桥水库的批复", "19560405", "14"),
    ("0003", 3, "", "石桥水库工程计划任务书", "19560420", "19"), ("0003", 4, "", "石桥水库民工名册", "195609", "71"),
    ("0003", 5, "青水〔1956〕29号", "石桥水库枢纽工程竣工报告", "19561220", "102"),
    ("0007", 1, "", "县直机关精简职工名单", "19630311", "1"), ("0007", 2, "", "精简职工安置费发放表", "19630502", "17"),
    ("0007", 3, "青府〔1963〕12号", "关于精简职工工作的总结", "19631130", "31"),
)  # fmt: skip
_OBJECTS = (
    ("K033-SW-0001", "青峤县人民委员会铜印", "1955", "实物柜1层"), ("K033-SW-0002", "“农业学大寨先进县”锦旗", "1974", "实物柜2层"),
    ("K033-SW-0003", "县治沿革木刻雕版（十二块）", "民国三十六年", "实物柜4层"),
)  # fmt: skip
_MARRIAGES = (
    ("K041-1-00001", "张建国", "李秀英", "19620314", "青字第6201号", ""), ("K041-1-00002", "王志强", "陈桂兰", "1962.5.1", "青字第6202号", ""),
    ("K041-1-00003", "刘德福", "杨玉珍", "19620231", "青字第6203号", "日期以底册为准"), ("K041-1-00004", "赵春生", "", "19621001", "青字第6204号", ""),
    ("", "周卫东", "吴红梅", "19630118", "青字第6301号", "原编号污损"), ("K041-1-00006", "黄??", "徐丽华", "19630209", "青字第6302号", ""),
    ("K041-1-00007", "孙建国", "郭秀英", "民国三十六年五月", "", "旧式婚书，后补"), ("K041-1-00007", "何志强", "林桂兰", "19640101", "青字第6401号", ""),
    ("K041-1-8", "马德福", "罗玉珍", "19640214", "青字第6402号", ""), ("K041-1-00009", "高春生", "郑红梅", "20640301", "青字第6403号", ""),
)  # fmt: skip
_OF_THE_VOLUME = (
    ("1", "青水〔1983〕4号", "县水利局", "关于石桥水库溢洪道清淤的请示", "19830310", "001"),
    ("2", "青府〔1983〕21号", "县人民政府", "关于石桥水库溢洪道清淤的批复", "19830402", "003"),
    ("3", "", "县水利局", "石桥水库一九八三年防汛总结", "19831118", "004"),
)
_TEXTS = {
    "001": ("石桥水库溢洪道自一九七八年以来未予清淤，过水断面只有设计的三分之二，左岸有塌方迹象。", "为保证安全度汛，拟由石桥公社组织劳力三百人，于五月底前清淤完毕，共需补助款四万二千元。"),
    "002": ("所需炸药二百公斤、水泥十五吨，请县物资局予以解决。", "当否，请批示。"),
    "003": ("你局请示悉。同意组织劳力清淤，补助款由县财政列支，务于汛前完工，并报县防汛指挥部验收。",),
    "004": ("今年汛期共降雨一千一百毫米，石桥水库最高水位接近校核水位，由于清淤及时，未出现险情。",),
    "004-1": ("附：水位记录摘抄。六月十二日八时，水位一百零六点四米。",),
    "005": ("存在的问题是涵管仍有渗漏，看守人员不足。明年拟翻修涵管，增加看守二人。",),
}  # fmt: skip


def make_holdings(out: Path) -> None:
    """Write the tables below ``catalogue`` and the batch with the scanned volume."""
    tables = out / "catalogue" / "990121"
    head = ("全宗号", "目录号", "案卷号")
    volumes = [
        (_FONDS, _SERIES, number, title, _COUNTY, f"{year}0104-{year}1228", retention, pages, items, "未数字化", f"2库{int(number)}列3节")
        for number, title, year, retention, pages, items in _VOLUMES
    ]  # fmt: skip
    listed = {number: 0 for number, *_ in _VOLUMES} | {
        number: sum(one[0] == number for one in _ITEMS) for number, *_ in _ITEMS
    }
    volumes = [(*one[:8], listed[str(one[2])] or "", *one[9:]) for one in volumes]
    _write(
        tables / "案卷目录.csv",
        "gb18030",
        (*head, "案卷题名", "责任者", "起止日期", "保管期限", "卷内页数", "件数", "数字化状态", "存放位置"),
        volumes,
    )
    items = [(_FONDS, _SERIES, *one) for one in _ITEMS]
    _write(tables / "卷内文件目录.csv", "gb18030", (*head, "顺序号", "文号", "题名", "日期", "页号"), items)
    _write(
        tables / "实物.csv",
        "utf-8-sig",
        ("档号", "题名", "日期", "存放位置", "档案状态"),
        [(*one, "实物") for one in _OBJECTS],
    )
    _write(
        tables / "婚姻登记.csv",
        "gb18030",
        ("档号", "男方姓名", "女方姓名", "登记日期", "结婚证字号", "备注"),
        _MARRIAGES,
    )
    corrections = [
        ("K033-1-0003", "关于兴修石桥水库的请示、批复和竣工报告", "题名据案卷封面补全"),
        ("K033-1-0007", "", "卷内第3件已与县劳动局档案核对"),
    ]
    _write(tables / "更正.csv", "utf-8-sig", ("档号", "题名", "备注"), corrections)
    _make_volume(out / "batches" / "990121-volumes")


def _make_volume(batch: Path) -> None:
    dates = "19830310-19831118"
    _write(
        batch / "案卷目录.csv",
        "utf-8-sig",
        ("档号", "案卷题名", "起止日期", "保管期限", "页数", "语种"),
        [(VOLUME, "石桥水库清淤与防汛", dates, "永久", "5", "汉语")],
    )
    rows = [(f"{VOLUME}-{int(number):03}", *rest, "汉语") for number, *rest in _OF_THE_VOLUME]
    _write(batch / "卷内文件目录.csv", "utf-8-sig", ("档号", "文号", "责任者", "题名", "日期", "页号", "语种"), rows)
    pages = (
        {"FM": _cover(), "ML001": _list()}
        | {label: _page(label, texts) for label, texts in _TEXTS.items()}
        | {"BK": _note()}
    )
    folder = batch / VOLUME
    folder.mkdir(parents=True)
    for label, paper in pages.items():
        paper.image.convert("L").save(folder / f"{VOLUME}-{label}.jpg", quality=55, dpi=(paper.dpi, paper.dpi))


def _cover() -> Paper:
    paper = Paper(150)
    for y, text, size in ((180, "青峤县人民政府", 26), (300, "石桥水库清淤与防汛", 30), (420, "自一九八三年三月至一九八三年十一月", 18), (520, "全宗号 K033  目录号 2  案卷号 0007", 18)):  # fmt: skip
        paper.text(297, y, text, size=size, font=BOLD, anchor="m")
    return paper


def _list() -> Paper:
    paper = Paper(150)
    paper.text(297, 90, "卷内文件目录", size=24, font=BOLD, anchor="m")
    for at, (number, _, author, title, _, page) in enumerate(_OF_THE_VOLUME):
        paper.text(70, 170 + 60 * at, f"{number}  {author}  {title}  第{int(page)}页", size=15)
    return paper


def _page(label: str, texts: Sequence[str]) -> Paper:
    paper = Paper(150)
    y = 120.0
    for text in texts:
        y = paper.paragraph(y, text)
    paper.text(520, 60, label.lstrip("0"), size=18, anchor="r")
    return paper


def _note() -> Paper:
    paper = Paper(150)
    paper.text(297, 120, "卷内备考表", size=26, font=BOLD, anchor="m")
    paper.text(90, 220, "本卷共有文件材料五页，附页一张。", size=17)
    paper.text(90, 700, "立卷人 罗汉章    检查人 温丽华", size=16)
    return paper


def _write(path: Path, encoding: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([head, *rows])
