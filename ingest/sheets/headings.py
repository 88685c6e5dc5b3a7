"""Headings of columns as people write them: which field one stands for, and which known one is nearest."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from archives.message import Message, joined, message
from archives.text.unseen import without_unseen
from formats.spreadsheet.cells import column_letters
from preservation.handouts.catalogue_sheet import named_value

FILE_HEADINGS = (
    *("文件", "files", "文件名", "计算机文件名", "电子文件名", "电子档案名称", "图像文件名", "图像路径", "文件路径"),
    *("filename", "file", "file path", "path", "digital object", "digital object path", "file names"),
    *("原文路径", "全文路径", "挂接文件"),
)
"""What may head the column that names the files of a record."""
_SIMPLIFIED = str.maketrans(
    "檔號題責編頁數語種備註級機絕祕開審據閉門類館處錄時間載體稱創單結論圍關範網會歷紹準後從於發應檢記標內國圖書屬關詞幀張長術總項歸順條碼專類實檔與攝製葉覽聲視",
    "档号题责编页数语种备注级机绝秘开审据闭门类馆处录时间载体称创单结论围关范网会历绍准后从于发应检记标内国图书属关词帧张长术总项归顺条码专类实档与摄制叶览声视",
)
_MOST_SLIPS = 2
_FURTHER = 3
_COMMON_ENDS = frozenset("号期者名数度级注人间码件位")
_LOOKALIKES = MappingProxyType(
    {"挡号": "档号", "当号": "档号", "提名": "题名", "曰期": "日期", "目期": "日期", "密极": "密级"}
)
_ENDS = (
    ("起", "止"), ("起", "讫"), ("起", "终"), ("始", "终"), ("始", "止"), ("自", "至"), ("从", "到"), ("开始", "结束"),
    ("起始", "终止"), ("起始", "结束"), ("from", "to"), ("start", "end"), ("begin", "end"), ("first", "last"),
)  # fmt: skip
_OF_BOTH_ENDS = ("起止", "起讫")
OF_LINES = ("序号", "行号", "no")
"""What heads the numbers of a table's lines, which say nothing of a record."""


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of sheet: what people call it, headings by which it is known, and the command that reads it."""

    said: Message
    headings: tuple[str, ...]
    command: Message


KINDS = (
    SheetKind(
        message("开放审核的决定表", "a sheet of opening decisions"),
        ("档号", "archival code", "结论", "开放审核结论", "conclusion", "依据", "basis", "审核人", "reviewer", "批准人", "approver",
         "审核日期", "reviewed on", "开放日期", "opens on", "网上范围", "online scope"),
        message("jinkui opening apply 文件", "jinkui opening apply FILE"),
    ),
    SheetKind(
        message("全宗表", "a sheet of fonds"),
        ("全宗号", "fonds number", "全宗名称", "fonds name", "立档单位", "creator", "起止年", "years", "全宗介绍", "history"),
        message("jinkui fonds import 文件", "jinkui fonds import FILE"),
    ),
    SheetKind(
        message("改档号的表", "a sheet of new codes"),
        ("原档号", "旧档号", "old code", "新档号", "new code", "单元标识", "unit_id"),
        message("jinkui renumber --sheet 文件", "jinkui renumber --sheet FILE"),
    ),
    SheetKind(
        message("批次的目录表", "the catalogue sheet of a batch"),
        ("档号", "archival code", "题名", "title", "文件", "files", "责任者", "creator", "文号", "document number", "日期", "date",
         "保管期限", "retention", "密级", "security", "备注"),
        message("jinkui ingest 批次文件夹（无文件的：jinkui catalogue import 文件）",
                "jinkui ingest FOLDER (without files: jinkui catalogue import FILE)"),
    ),
    SheetKind(
        message("案卷目录或卷内文件目录", "a list of volumes or of their items"),
        ("题名", "title", "全宗号", "目录号", "series", "案卷号", "volume number", "卷内件数", "number of items", "件号", "item number",
         "页号", "起止页号", "page number", "日期", "date", "保管期限", "retention"),
        message("jinkui catalogue import 文件", "jinkui catalogue import FILE"),
    ),
    SheetKind(
        message("目录导入写出的待更正清单", "the list of places to correct that an import wrote"),
        ("文件", "file", "工作表", "worksheet", "行", "row", "单元格", "cell", "问题", "what", "原文", "as written", "建议", "proposed"),
        message("对照它改正原表，再导入原表；没有命令读这张清单", "mend the tables by it and import those again; no command reads the list"),
    ),
)  # fmt: skip
"""Every kind of sheet that some command reads or writes, so that another can tell for what it takes one that it does not read."""
FOREIGN = tuple(kind for place, kind in enumerate(KINDS) if place not in (3, 4))
"""Those that no catalogue is: nothing of them is described or named by its code alone."""
_CALLED = {
    "code": message("档号", "archival code"),
    "code or unit_id": message("档号（或单元标识）", "archival code (or unit identifier)"),
    "title": message("题名", "title"),
    "conclusion": message("结论", "conclusion"),
    "number": message("全宗号", "fonds number"),
    "name": message("全宗名称", "fonds name"),
    "old": message("原档号", "old code"),
    "new": message("新档号", "new code"),
}
_WANTED_AT_LEAST = (("old", "new"), ("code", "title"))
"""The columns that a sheet is told to have where none is required, the first two of these that its reader knows."""
_PREFIX = re.compile(r"^(?:dc|dcterms|isad|ead|premis|mods)[.:_](?=[a-z])")


def fold_heading(text: str) -> str:
    """Return the form in which headings are compared: no blanks, width, case or script, no bracketed remark."""
    plain = "".join(unicodedata.normalize("NFKC", without_unseen(text)).split()).lower().translate(_SIMPLIFIED)
    plain = _PREFIX.sub("", plain.strip("*").rstrip("*:"))
    return re.split(r"[(\[【〔]", plain)[0].translate(str.maketrans("", "", "_-.:"))


def field_of(heading: str, names: Mapping[str, str]) -> str | None:
    """Return the field a heading stands for; it may hold both languages (``档号 archival_code``, ``题名/Title``).

    An element that is many with names (``人名：男方``) is no field, whatever its name is.
    """
    if whole := names.get(fold_heading(heading)):
        return whole
    if named_value(heading):
        return None
    parts = re.findall(r"[㐀-鿿]+|[A-Za-z_ ]+", unicodedata.normalize("NFKC", without_unseen(heading)))
    found = {names[folded] for part in parts if (folded := fold_heading(part)) in names}
    return found.pop() if len(found) == 1 else None


def spans_in(headings: Sequence[str]) -> Mapping[int, str]:
    """Return where a column and the next are the ends of one span: the place of the first, with the heading over both, folded.

    So are 起 and 止 below one heading, one heading twice or over two columns that says both ends (起止日期).
    """
    plain = [re.sub(r"[\s()\[\]【】〔〕:_.*-]", "", unicodedata.normalize("NFKC", one)) for one in headings]
    found: dict[int, str] = {}
    for place, (one, other) in enumerate(pairwise(plain)):
        first = _first_end(one.lower(), other.lower(), is_unnamed=other == column_letters(place + 2))
        if first is not None and place - 1 not in found:
            found[place] = fold_heading(headings[place]).removesuffix(first)
    return found


def rank_of(heading: str, names: Mapping[str, str]) -> int:
    """Return how well a heading names its field: its place among all that are known, the last for one in parts."""
    folded = fold_heading(heading)
    return list(names).index(folded) if folded in names else len(names)


def is_of_practice(heading: str) -> bool:
    """Say whether a heading is a word of practice that stands for no element of ours, such as 案卷号."""
    return fold_heading(heading) in _OTHER_ELEMENTS


def nearest(heading: str, names: Mapping[str, str]) -> str | None:
    """Return the known heading (folded) of which another is a slip of the pen; None where it is another word.

    A word of practice is no slip, however near it is (盒号 is no 档号), nor is one that is told apart by what stands
    before it (收文日期 is no 成文日期).
    """
    folded = fold_heading(heading)
    if folded in _OTHER_ELEMENTS or not folded:
        return None
    if folded in _LOOKALIKES:
        return _LOOKALIKES[folded]
    slips = [(_slips(folded, one), one) for one in names if abs(len(one) - len(folded)) <= _MOST_SLIPS]
    near = [(number, one) for number, one in slips if _is_slip(folded, one, number, names)]
    ends = (folded[0], folded[-1])
    return min(near, key=lambda one: (one[0], sum(map(str.__ne__, ends, (one[1][0], one[1][-1])))))[1] if near else None


def called(field: str, names: Mapping[str, str] = MappingProxyType({})) -> Message:
    """Return what the column of a field is called in the reader's language, as one may write it above it.

    ``names`` tell it of a field that is not called by all.
    """
    own = [name for name, one in names.items() if one == field]
    zh = next((name for name in own if not name.isascii()), field)
    return _CALLED.get(field) or message("{zh}", "{en}", zh=zh, en=next(filter(str.isascii, own), field))


def one_of(fields: Sequence[str], names: Mapping[str, str]) -> Message:
    """Return which further columns a sheet may have, where the one that it must have does not make a row one of headings."""
    some = joined([called(field, names) for field in fields[:_FURTHER]])
    return message("另一列，如{columns}", "a further one, such as {columns}", columns=some)


def kind_like(texts: Sequence[str], names: Mapping[str, str], kinds: Sequence[SheetKind] = KINDS) -> SheetKind | None:
    """Return which kind of sheet has most of these headings; None where a sheet with ``names`` has as many, or none has two."""
    folded = {fold_heading(text) for text in texts if text}
    best = max(kinds, key=lambda kind: len(folded & set(map(fold_heading, kind.headings))))
    number = len(folded & set(map(fold_heading, best.headings)))
    return best if number >= 2 and number > len(folded & names.keys()) else None


def with_kind(advice: Message, texts: Sequence[str], names: Mapping[str, str]) -> Message:
    """Return advice behind what a sheet seems to be, where it seems to be one of another kind, and the command for that."""
    kind = kind_like(texts, names)
    if kind is None:
        return advice
    return message(
        "像是{kind}，那要用：{command}；否则{advice}",
        "it looks like {kind}, which is for: {command}; else {advice}",
        kind=kind.said,
        command=kind.command,
        advice=advice,
    )


def wanted(names: Mapping[str, str], has: Collection[str | None]) -> Sequence[str]:
    """Return what a sheet must have where its reader requires nothing by name: units are named by code or identifier."""
    known = {*names.values()}
    pair = next((pair for pair in _WANTED_AT_LEAST if {*pair} <= known), ())
    if "unit_id" in known and "old" not in pair:
        return () if {"code", "unit_id"} & {*has} else ("code or unit_id",)
    return pair


def _first_end(one: str, other: str, *, is_unnamed: bool) -> str | None:
    """Return the word for the first end behind what heads two columns, which may be none; None where they are no span."""
    if any(sign in one for sign in _OF_BOTH_ENDS) and (other == one or is_unnamed):
        return ""
    for first, last in _ENDS:
        over = other.removesuffix(last)
        if over and over != other and one in (over, over + first):
            return one.removeprefix(over)
    return None


def _is_slip(heading: str, known: str, slips: int, names: Collection[str]) -> bool:
    """Say whether so many slips can have made one heading of another, without changing what it is about."""
    if heading.isascii() or known.isascii():
        return heading.isascii() and known.isascii() and slips <= (1 if len(known) < 6 else _MOST_SLIPS)
    if slips != 1 or len(known) < 2:
        return False
    if len(heading) == len(known) == 2:
        shared = heading[0] if heading[0] == known[0] else heading[1]
        return shared not in _COMMON_ENDS
    return heading[0] == known[0] or not any(heading.endswith(one) for one in names)


def _slips(one: str, other: str) -> int:
    """Return how many letters are missing, too many, wrong or exchanged with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        older, before, row = before, row, [place]
        for at, against in enumerate(other, 1):
            best = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != against))
            if place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == against:
                best = min(best, older[at - 2] + 1)
            row.append(best)
    return row[-1]


_WORDS = """
    序号 顺序号 盒号 箱号 件号 室编件号 馆编件号 页号 起止页号 起页 止页 页次 页码 张数 张号 份数 份号 件数 卷号
    案卷号 室编案卷号 馆编案卷号 卷内序号 目录号 全宗号 全宗名称 档案馆名称 档案馆代码 机构 问题 机构或问题
    机构代码 组织机构代码 部门 部门代码 科室 单位 类别 类别号 类目 类目号 分类 分类号 门类 门类代码 组号 主题
    主题词 关键词 人名 人物 地名 摘要 提要 内容 内容提要 文种 稿本 规格 载体 载体类型 数量 单价 存放位置 存址
    库房 库位 柜号 架号 排架号 层号 列号 归档日期 归档时间 归档部门 归档单位 移交日期 移交单位 接收日期 立卷人
    立卷日期 检查人 检查日期 整理人 录入人 录入日期 著录人 审核人 审核日期 起止日期 起止时间 起始日期 开始日期
    结束日期 终止日期 开始时间 结束时间 有效期 保密期限 密级期限 定密日期 开放状态 是否开放 开放日期 公开属性
    控制标识 划控标识 互见号 参见号 参见 备考 备考表 图号 图名 图幅 比例尺 专业 阶段 项目名称 项目编号 项目代码
    工程名称 工程编号 合同号 合同名称 设计单位 施工单位 监理单位 建设单位 照片号 底片号 摄影者 拍摄者 拍摄时间
    拍摄日期 拍摄地点 地点 时间 事由 背景 文字说明 说明 姓名 性别 民族 籍贯 出生年月 出生日期 身份证号 证号
    证件号 学号 工号 男方 女方 户主 登记日期 登记号 发证日期 数字化 是否数字化 扫描人 扫描日期 分辨率 色彩模式
    文件大小 文件格式 格式 文件数 主送 主送机关 抄送 抄送机关 签发人 拟稿人 拟稿单位 承办人 承办单位 收文号
    收文日期 来文单位 来文日期 来文字号 来文号 印发日期 印发机关 处理结果 处理情况 办理结果 缓急 紧急程度 缩微号
    卷号备注 全文 链接 状态 销毁日期 鉴定意见 鉴定日期 利用限制 版本 版次 附件 附件名 附件数 电子文件号 原件号
    原文号 原档号 旧档号 老档号 新档号 解密 是否解密 脱密 脱密日期 qzh mlh ajh jh yh tm zrz wh bgqx mj kfzt nd
    lbh jgwt box folder barcode subject subjects keyword keywords abstract summary scope content location place
    format size level rights publisher contributor type relation coverage source provenance series subseries
    item items page page number volume part issue status shelf room copies quantity medium material condition
    person persons name names role unit department category class genre start_date end_date date_from date_to
    date_received date_issued date_of_transfer accession_number url link version id number
"""
_OTHER_ELEMENTS = frozenset(map(fold_heading, _WORDS.split()))
"""Words of practice (DA/T 46-2009, DA/T 22-2015, DA/T 54-2014, ISAD(G), Dublin Core) that are no slip for an element of ours."""
