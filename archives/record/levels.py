"""The levels of secrecy, and what people write around one without making a sentence of it: urgency, copy numbers, handling.

A printed head of a document holds copy number, level with its term, and urgency together (GB/T 9704-2012 7.2.1-7.2.3).
Every function takes a text as ``archives.record.secrecy`` compares them: one width, one case, simplified letters.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from types import MappingProxyType


class SecurityClassification(StrEnum):
    """密级 (GB/T 7156), and what else people write in its place."""

    PUBLIC = "公开"
    UNCLASSIFIED = "非密"
    DOMESTIC = "国内"
    INTERNAL = "内部"
    RESTRICTED = "限制"
    SENSITIVE = "敏感"
    WORK_SECRET = "工作秘密"  # noqa: S105 - a level, no password
    TRADE_SECRET = "商业秘密"  # noqa: S105
    CONFIDENTIAL = "秘密"
    SECRET = "机密"  # noqa: S105
    TOP_SECRET = "绝密"  # noqa: S105

    @property
    def is_state_secret(self) -> bool:
        """Whether it is a level of state secrets."""
        return self in _STATE_SECRETS

    @property
    def is_withheld(self) -> bool:
        """Whether what has it is no state secret and is never opened all the same."""
        return self in _WITHHELD


_STATE_SECRETS = frozenset(
    {SecurityClassification.CONFIDENTIAL, SecurityClassification.SECRET, SecurityClassification.TOP_SECRET}
)
_WITHHELD = frozenset(
    {
        SecurityClassification.INTERNAL,
        SecurityClassification.RESTRICTED,
        SecurityClassification.SENSITIVE,
        SecurityClassification.WORK_SECRET,
        SecurityClassification.TRADE_SECRET,
    }
)


OTHER = (
    (SecurityClassification.WORK_SECRET, re.compile(r"工作(?:秘密|机密)|worksecret|警务(?:秘密|工作秘密)|审判秘密|检察工作秘密")),
    (
        SecurityClassification.TRADE_SECRET,
        re.compile(r"(?:商业|企业|技术|商务)(?:秘密|机密)|(?:trade|business|commercial)secrets?|(?:commercial|business)(?:ly)?(?:in)?confiden(?:ce|tial)|proprietary|companyconfidential"),
    ),
    (SecurityClassification.INTERNAL, re.compile(r"内部(?:资料|文件|材料|使用|刊物|发行|信息|事项|掌握|级|件)?|仅供内部(?:使用|参考|参阅)?|内部参考|内参|internal(?:useonly|use|only)?|(?:for)?officialuseonly|fouo|notforpublicrelease")),
    (SecurityClassification.SENSITIVE, re.compile(r"敏感(?:信息|资料|级)?|(?:official)?sensitive|cui|controlledunclassifiedinformation|(?:strictly|private(?:and|&)?|privateandstrictly|staffin|medicalin)(?:confidential|confidence)|inconfidence")),
    (SecurityClassification.RESTRICTED, re.compile(r"限制(?:级|使用|公开|利用)?|受限|restricted(?:access|use)?|accessrestricted")),
)  # fmt: skip
"""What is no state secret and is withheld all the same."""
VAGUE = re.compile(r"内部|敏感|限制|受限|internal|sensitive|restricted|proprietary|cui")
FOREIGN = MappingProxyType(
    {
        "极秘": "绝密",
        "マル秘": "秘密",
        "streng geheim": "绝密",
        "geheim": "机密",
        "très secret": "绝密",
        "très secret défense": "绝密",
        "secret défense": "机密",
        "confidentiel défense": "秘密",
        "особой важности": "绝密",
        "совершенно секретно": "绝密",
        "сов. секретно": "绝密",
        "секретно": "机密",
    }
)
"""Levels of state secrets in other languages of which records are kept; each only as the whole of a cell."""
SHORT = MappingProxyType(
    {"绝": "绝密", "机": "机密", "秘": "秘密", "um": "绝密", "jm": "机密", "mm": "秘密", "ts": "绝密"}
)
"""What stands for a level in a column of levels only; the letters are codes of GB/T 7156."""
_URGENCY = re.compile(r"特急|特提|加急|急件|平急|限时")
_COPY_NUMBER = re.compile(r"^(?:份号|编号|第|no\.?)?[:：]?\d{3,12}(?:号|份)?(?=[^\d年月日])")
_NUMBER_BEFORE = re.compile(r"^[(\[]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[a-z])[)\].、:,]*(?=[绝极机秘密])")
_WITHIN = re.compile(r"(?<=[绝极机秘])[\W_]+(?=密)")
_YEAR_BEFORE = re.compile(r"^\d{1,4}年度?")
_SAID_OF_IT = re.compile(
    r"^(?:(?:此|本|该)(?:文件|档案|件|文|卷|案)(?:属于|属|为|是|系|定为)?|(?:属于|属|定为|确定为|列为)|国家秘密[\W_]+)"
)
_KIND = re.compile(r"(?<=级)国家秘密$|(?<=密)级?国家秘密$")
_HANDLING = re.compile(
    r"[\W_]*(?:阅后(?:收回|即焚|归还|退还|退回|销毁)|请?勿(?:外传|复印|复制|转载|翻印|扩散)|不得(?:外传|复印|复制|翻印|公开|转发|扩散)"
    r"|严禁(?:外传|复印|复制|翻印)|不(?:予|宜)?公开|注意(?:保存|保密|保管)|妥善保管|仅限.{1,12}|未解密"
    r"|(?:保密)?期限?[:：为是]*(?:\d+年|长期|永久).{0,6})[\W_]*$"
)
_EDGES = (
    re.compile(r"^\s*[【\[(〔〖「]([^【】\[\]()〔〕〖〗「」]{1,30})[】\])〕〗」]"),
    re.compile(r"[【\[(〔〖「]([^【】\[\]()〔〕〖〗「」]{1,30})[】\])〕〗」]\s*$"),
)
_LABELLED = re.compile(
    r"(?<![原旧前])(?:密级|密等|保密等级|保密级别|涉密等级|秘密等级)(?:[和及]?保密期限)?\s*[:：=]\s*"
    r"(国家)?((?:绝|极|机|秘)\s*密)(?!\s*级?\s*[/、,，;；|或和及])"
)
_LABELLED_IN_ENGLISH = re.compile(
    r"\b(?:security |protective )?(?:classification|marking)\s*[:=]\s*(top secret|secret|confidential)\b(?!\s*[/,;|])"
)
_LATIN = re.compile(r"[a-z][a-z\s\-]*")
_LABEL_ALONE = re.compile(r"^(?:文件|档案)?(?:密级|保密等级|涉密等级|密等)[:：=为是]?")


def bare_levels(plain: str) -> Iterator[str]:
    """Yield what of a text is a level if the whole is a marking: without what stands around it, or in brackets at an edge."""
    tight = "".join(plain.split())
    yield _without_companions(tight)
    yield _WITHIN.sub("", _NUMBER_BEFORE.sub("", tight))
    yield _LABEL_ALONE.sub("", tight)
    for edge in _EDGES:
        if found := edge.search(plain):
            yield "".join(found[1].split())
    if found := _LABELLED.search(plain):
        yield "".join(found[2].split())


def bare_english_levels(plain: str) -> Iterator[str]:
    """Yield the same of a text in English."""
    for edge in _EDGES:
        if found := edge.search(plain):
            yield found[1].strip()
    if found := _LABELLED_IN_ENGLISH.search(plain):
        yield found[1]
    yield _LABEL_ALONE.sub("", plain).strip()


def in_two_scripts(plain: str) -> tuple[str, str] | None:
    """Return the Chinese and the English of a text that may say one thing twice (``机密 SECRET``)."""
    latin = _LATIN.findall(plain)
    han = "".join(_LATIN.sub("", plain).split()).strip("/|()[]-,，、·:：")
    return (han, latin[0].strip()) if len(latin) == 1 and han else None


def _without_companions(tight: str) -> str:
    bare = _URGENCY.sub("", tight)
    bare = _COPY_NUMBER.sub("", bare)
    bare = _YEAR_BEFORE.sub("", bare)
    bare = _SAID_OF_IT.sub("", bare)
    bare = _HANDLING.sub("", bare)
    return _KIND.sub("", bare)
