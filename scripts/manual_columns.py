"""What may stand in sheets and in ``batch.toml``, from the tables by which they are read."""

from collections.abc import Mapping
from dataclasses import fields

from archives.message import Language, Message, message
from archives.record import description
from archives.record.elements import kinds
from archives.record.elements.table import ELEMENTS, Element
from archives.record.levels import SecurityClassification
from archives.record.rights import Conclusion, OnlineScope, term
from archives.record.volume import label_rules
from ingest.batch.plan import BatchKind
from ingest.batch.settings import BatchSettings
from ingest.profiles.profile import built_in_profiles
from ingest.sheets import catalogue, decisions, fonds
from preservation.handouts.form import built_in_forms
from scripts.manual_markdown import code, codes, table

_COLUMN = message("列名", "column")
_ALSO = message("也认的列名", "other headings that are known")
_HOLDS = message("填什么", "what stands in it")
_MEANS = message("含义", "what it means")
_PUBLIC = message("公众可见", "for the public")
_YES = message("是", "yes")
_NO = message("否", "no")
_TEXT = message("文字", "text")
_DAY = message("一天，如 2026-03-01", "a day, as 2026-03-01")

_KINDS: Mapping[int, Message] = {
    id(kinds.TEXT): _TEXT,
    id(kinds.IDENTIFIER): message("文字；前导零照录，请设为文本格式", "text; leading zeros count: make the cell text"),
    id(kinds.LANGUAGE): message("语种名称或代码，见下", "a language by its name or tag, see below"),
    id(kinds.COUNT): message("整数", "a whole number"),
    id(kinds.RETENTION): message("保管期限，见下", "a retention period, see below"),
    id(kinds.SECURITY): message("密级，见下", "a classification, see below"),
    id(kinds.DAY): _DAY,
    id(kinds.CODE): message("档号，同一馆内不重复", "the code of the record, unique in its repository"),
    id(kinds.DATE): message("日期，写法很多，见下", "a date in any usual writing, see below"),
}


def elements(language: Language) -> str:
    """Every column of a sheet of records."""
    heads = (_COLUMN, message("英文列名", "in English"), _ALSO, _HOLDS, _PUBLIC)
    first = catalogue.COLUMNS["files"]
    files = (
        code(first[0]),
        code(first[1]),
        codes(first[2:]),
        message(
            "此件的文件或文件夹，用 ； 隔开；按档号命名的不必填",
            "its files or folders, with ; between; empty where they are named by the code",
        ),
        _NO,
    )
    return table(language, heads, [*(_element(one) for one in ELEMENTS if one.headings), files])


def _element(one: Element) -> tuple[str | Message, ...]:
    also = dict.fromkeys((one.label.zh, *one.also))
    also.pop(one.name, None)
    return code(one.name), code(one.label.en), codes(also), _KINDS[id(one.kind)], _YES if one.portal else _NO


_SECRET = message(
    "国家秘密：须有解密日期和解密依据，否则整批停止",
    "a state secret: without date and basis of declassification the batch stops",
)
_WITHHELD = message("照常接收，不予开放", "comes in and is never opened")
_FREE = message("照常接收，可以开放", "comes in and may be opened")


def classifications(language: Language) -> str:
    """Every classification that is understood."""
    rows = [
        (
            code(one.value),
            term(one.value).text("en"),
            _SECRET if one.is_state_secret else _WITHHELD if one.is_withheld else _FREE,
        )
        for one in SecurityClassification
    ]
    return table(
        language, (message("密级", "written"), message("英文", "in English"), message("结果", "what follows")), rows
    )


def languages(language: Language) -> str:
    """Every language that is known by a name."""
    names: dict[str, list[str]] = {}
    for name, tag in description.LANGUAGE_NAMES.items():
        names.setdefault(tag, []).append(name)
    heads = (message("代码", "tag"), message("可写作", "may be written"))
    return table(language, heads, [(code(tag), codes(some)) for tag, some in names.items()])


_RETENTIONS = (
    ("永久", "Y", "permanent"),
    ("30年", "D30", "30 years", "定期30年", "三十年"),
    ("10年", "D10", "10 years", "定期10年", "十年"),
    ("长期", "长期(16-50年)", "long-term"),
    ("短期", "短期(5-15年)", "short-term"),
)


def retentions(language: Language) -> str:
    """Usual writings of retention periods, each with what it is read as."""
    rows = [(codes(some), term(str(description.parse_retention(some[0])))) for some in _RETENTIONS]
    assert all(len({description.parse_retention(one) for one in some}) == 1 for some in _RETENTIONS)
    return table(language, (message("写法", "written"), message("读作", "read as")), rows)


_DATES = (
    "2014-03-18",
    "20140318",
    "2014年3月18日",
    "2014.3",
    "1990",
    "一九八三年",
    "民国三十六年五月",
    "光绪三十一年",
    "19830104-19831220",
    "1954-1965",
    "[1952]",
    "c. 1871",
    "1990s",
    "18 March 2014",
    "不详",
)


def dates(language: Language) -> str:
    """Usual writings of dates, each with the days that it is read as (EDTF)."""
    heads = (message("写法", "written"), message("读作（EDTF）", "read as (EDTF)"))
    parse = kinds.DATE.parse
    assert parse
    rows = [(code(one), code(read.edtf) or "—") for one in _DATES if (read := parse(one))]
    return table(language, heads, rows)


_BATCH_KEYS = {
    "repository": message(
        "馆（室）代码；也可在命令上写 --repository", "code of the repository; or --repository with the command"
    ),
    "kind": message("文件怎样取得文字", "how its files get their text"),
    "language": message("未写语种的档案是什么语种", "language of records whose row names none"),
    "defaults": message(
        '各列未写时的值，如 "保管期限" = "永久"', 'what holds where a row says nothing, as retention = "permanent"'
    ),
    "page_labels": message("案卷中的文件名各是哪一页", "which page of a volume a file name stands for"),
}
_BATCH_TABLES = {"defaults": "[defaults]", "page_labels": "[[pages]]"}
_BATCH_KINDS = {
    BatchKind.MIXED: message(
        "默认：图像和没有文字的 PDF 识别，其余取自带文字",
        "the default: pictures and PDFs without text are recognised, the rest gives its own text",
    ),
    BatchKind.SCANS: message("凡有画面的都识别", "all that can be drawn is recognised"),
    BatchKind.DOCUMENTS: message("一概不识别", "nothing is recognised"),
}
_PAGE_KINDS = {
    "cover": message("封面", "cover"),
    "contents": message("卷内目录", "list of contents"),
    "page": message("正文页", "a page"),
    "closing": message("备考表", "closing note"),
    "back": message("封底", "back cover"),
}


def batch_toml(language: Language) -> str:
    """Every key of ``batch.toml``."""
    heads = (message("设置", "key"), message("值", "value"), _MEANS)
    rows: list[tuple[str | Message, ...]] = []
    for key in (one.name for one in fields(BatchSettings)):
        rows.append((code(_BATCH_TABLES.get(key, key)), "", _BATCH_KEYS[key]))
        if key == "kind":
            rows += [("", code(one.value), _BATCH_KINDS[one]) for one in BatchKind]
        if key == "page_labels":
            rows.append(
                (
                    "",
                    code("name"),
                    message(
                        "正则表达式，与档号之后的整个文件名相符",
                        "a regular expression for the whole name beyond the code",
                    ),
                )
            )
            rows += [("", code(f'kind = "{one}"'), _PAGE_KINDS[one]) for one in label_rules.PAGE_KINDS]
            rows.append(("", code("number"), message("名称中没有页号时用的页号", "the number of names that have none")))
    return table(language, heads, rows)


def profiles(language: Language) -> str:
    """Every profile that comes with the program."""
    heads = (message("名称", "name"), message("用于", "for"))
    return table(language, heads, [(code(one.name), one.title) for one in built_in_profiles()])


def forms(language: Language) -> str:
    """Every form that can be printed of the catalogue."""
    own = {name: form for name, form in built_in_forms().items() if not form.made_by}
    heads = (message("名称", "name"), message("打印什么", "what it prints"))
    return table(language, heads, [(code(name), Message(form.title.zh, form.title.en)) for name, form in own.items()])


_DECISIONS = {
    "code": message(
        "档号，或案卷中一件的档号，全宗写全宗号",
        "code of a record, of an item of a volume, or of a series; number of a fonds",
    ),
    "repository": message("馆代码；几馆同号时填", "code of the repository, where several have the code"),
    "conclusion": message("结论，见下", "the conclusion, see below"),
    "basis": message("依据；必填", "why; needed"),
    "joint_unit": message("会同审核的单位", "who reviewed it, too"),
    "reviewer": message("审核人；必填", "who reviewed it; needed"),
    "approver": message("批准人；必填，须与审核人不同", "who approved it, somebody else; needed"),
    "reviewed_on": message("审核日期；必填", "the day of the review; needed"),
    "takes_effect_on": message(
        "从哪一天起开放；结论为开放时必填", "from which day it is open; needed for what is opened"
    ),
    "closes_on": message("从哪一天起不再开放", "from which day it is open no more"),
    "postponed_until": message("延期到哪一天", "until when it is postponed"),
    "reviewed": message(
        "审核摘要，由 jinkui opening review 给出；复审时保留",
        "what the reviewer saw, from jinkui opening review; keep it when reviewing again",
    ),
    "scope": message("网上公开多少，见下；不填为不上网", "how much is online, see below; empty: nothing"),
    "public_title": message(
        "公众看到的题名，代替题名；不填即题名本身",
        "what the public is told in place of the title; empty: the title itself",
    ),
}
_SCOPES = {
    OnlineScope.FULL_TEXT: message("著录、图像和全文", "description, images and text"),
    OnlineScope.CATALOGUE_ONLY: message("只有著录", "the description alone"),
    OnlineScope.NOT_ONLINE: message("网上什么也没有", "nothing"),
}
_CONCLUSIONS = {
    Conclusion.OPEN: message("到开放日期起开放", "open from its day on"),
    Conclusion.POSTPONED: message("以后再审", "to be reviewed later"),
    Conclusion.CONTROLLED: message("到馆按规定利用", "used in the reading room, by rule"),
    Conclusion.CLOSED: message("不公开", "not for the public"),
}


def decision_columns(language: Language) -> str:
    """Every column of a sheet of opening decisions."""
    rows = [(code(names[0]), codes(names[1:]), _DECISIONS[field]) for field, names in decisions.COLUMNS.items()]
    return table(language, (_COLUMN, _ALSO, _HOLDS), rows)


def conclusions(language: Language) -> str:
    """What a decision may say, and how much of what is open is online."""
    heads = (_COLUMN, message("可写", "may say"), message("英文", "in English"), _MEANS)
    rows: list[tuple[str | Message, ...]] = [
        (code("结论"), code(one.value), term(one.value).text("en"), said) for one, said in _CONCLUSIONS.items()
    ]
    rows += [(code("网上范围"), code(one.value), term(one.value).text("en"), said) for one, said in _SCOPES.items()]
    assert len(rows) == len(Conclusion) + len(OnlineScope)
    return table(language, heads, rows)


_FONDS = {
    "number": message("全宗号；必填", "its number; needed"),
    "name": message(
        "全宗名称；必填；改过名的，每个名称一行", "its name; needed; a row a name where it was called otherwise before"
    ),
    "creator": message("立档单位", "who created the records"),
    "years": message("起止年", "from which year to which"),
    "history": message("全宗介绍", "what is told of it"),
    "first": message("此名称从何时起用", "since when it was called so"),
    "last": message("此名称到何时为止", "until when it was called so"),
    "kind": message("属类", "kind of fonds"),
    "state": message("封闭 或 未封闭", "closed or open"),
    "relations": message("与别的全宗的关系，一句话", "how it is related to others, in words"),
    "relation": message("何种关系，如 并入", "which relation, as merged into"),
    "related": message("相关全宗的全宗号", "the number of the other fonds"),
    "relation_date": message("何时", "when"),
}


def fonds_columns(language: Language) -> str:
    """Every column of a sheet of fonds."""
    rows = [(code(names[0]), codes(names[1:]), _FONDS[field]) for field, names in fonds.COLUMNS.items()]
    return table(language, (_COLUMN, _ALSO, _HOLDS), rows)
