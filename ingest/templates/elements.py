"""The columns of elements of description: each element's own name as its heading, what goes into it, what is offered."""

from collections.abc import Mapping
from types import MappingProxyType

from archives.message import Message, message
from archives.record.description import SecurityClassification
from archives.record.elements.table import ELEMENTS
from archives.record.rights import term
from ingest.templates.template import Column

MEANINGS: Mapping[str, Message] = MappingProxyType(
    {
        "code": message(
            "一件（卷）一个，馆内不重复，写法如 X001-WS·2024-Y-BGS-0001",
            "one for each record, no other of the repository has it; written like X001-WS·2024-Y-BGS-0001",
        ),
        "title": message("照原件；原件没有的自拟，加方括号", "as on the original; one of your own stands in square brackets"),
        "author": message("形成档案的单位或个人，几个的用分号隔开", "who made it, a body or a person; several are divided by semicolons"),
        "document_number": message("发文字号，照原件，如 青水〔2024〕5号", "its number as on the original"),
        "date": message(
            "形成日期，如 20240318、2024-03-18、2024年3月、1956-1958；不明的写 不详",
            "when it was formed: 2024-03-18, 2024-03, 1956-1958; write unknown where nobody knows",
        ),
        "year": message("归档年度，四位数字", "the year under which it is filed, four digits"),
        "retention": message("可写任何年数，如 15年", "any number of years may be written, such as 15 years"),
        "security": message(
            "秘密及以上须在同一行写明解密日期和解密依据，否则整批停止；可带期限，如 秘密★10年",
            "what is confidential or above needs date and basis of its declassification in the same row, else the whole batch stops",
        ),
        "declassified_on": message("已解密的档案何日解密，如 20140501", "the day on which it was declassified, such as 2014-05-01"),
        "declassification_basis": message("凭什么文件解密", "by which decision it was declassified"),
        "opening_proposal": message("移交单位的意见；只作参考，不会因此开放", "what who handed it over proposes; it opens nothing"),
        "pages": message("页数，只写数字", "how many pages, a number alone"),
        "language": message("不写的按题名判断", "left empty, the title tells"),
        "note": message("需要说明的其他情况", "anything else that is to be known"),
        "former_code": message("以前的档号；检索时同样有效", "a code that it had before; it finds the record, too"),
        "sequence": message("在卷内的顺序号", "its number in the list of the volume"),
        "page_range": message("该件在卷内的起始页号或起止页号，如 003 或 003-005", "on which page of the volume it begins, or its pages: 003, 003-005"),
        "place": message("实体存放在哪里，如 2库3排4层", "where the original stands"),
        "box": message("所在的盒号", "the box that it is in"),
        "carrier": message("纸质、照片、底片、磁带等", "paper, photograph, negative, tape and so on"),
        "genesis": message("电子文件是直接生成的还是扫描的", "whether files were made by computer or scanned"),
        "draft": message("正本、定稿、草稿、副本等", "original, final text, draft, copy and so on"),
        "script": message("通知、请示、批复、报告等", "notice, report, reply and so on"),
        "attachments": message("附件的题名，几个的用分号隔开", "the titles of what is annexed, divided by semicolons"),
    }
)  # fmt: skip
"""What goes into the column of an element, by its key."""

_LANGUAGES = (
    ("汉语", "Chinese"), ("汉语繁体", "zh-Hant"), ("英语", "English"), ("俄语", "ru"), ("日语", "ja"), ("法语", "fr"), ("德语", "de"),
)  # fmt: skip
_OFFERED: Mapping[str, tuple[Message, ...]] = MappingProxyType(
    {
        "retention": (
            message("永久", "permanent"),
            message("30年", "30 years"),
            message("10年", "10 years"),
            message("长期", "long term"),
            message("短期", "short term"),
        ),
        "security": tuple(term(one.value) for one in SecurityClassification),
        "language": tuple(message(zh, en) for zh, en in _LANGUAGES),
        "genesis": (message("原生", "born digital"), message("数字化", "digitised")),
    }
)
_BY_KEY = {element.key: element for element in ELEMENTS}


def element_column(key: str, *, heading: Message | None = None, is_required: bool = False) -> Column:
    """Return the column of an element, under its own name unless another heading is given."""
    said = heading or _BY_KEY[key].label
    return Column(key, said, MEANINGS[key], _OFFERED.get(key, ()), is_required)


def element_columns(*keys: str) -> tuple[Column, ...]:
    """Return the columns of elements; every record has a code and a title, the rest may be left empty."""
    return tuple(element_column(key, is_required=key in ("code", "title")) for key in keys)
