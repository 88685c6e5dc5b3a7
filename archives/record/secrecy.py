"""What a text says of secrecy when it is a marking and no sentence: a level of state secrets, or another reason to withhold.

State secrets are 绝密, 机密 and 秘密 (保守国家秘密法 2024 §14), marked with ★ and a term (GB/T 9704-2012 7.2.2); in
Taiwan 絕對機密, 極機密, 機密, 密; in English Top Secret, Secret, Confidential. 工作秘密, 商业秘密 and 内部 are none, and are
not for the public either. A text that mentions such a word is no marking: 关于保守国家秘密的通知.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from archives.record.levels import FOREIGN, OTHER, SHORT, VAGUE, bare_english_levels, bare_levels, in_two_scripts
from archives.record.levels import SecurityClassification as SecurityClassification
from archives.text.unseen import without_unseen

_SIMPLIFIED = str.maketrans(
    "祕機絕絶級極對長內業務檔個間啟啓時資國圖書號為爲滿給從開與關",
    "秘机绝绝级极对长内业务档个间启启时资国图书号为为满给从开与关",
    "".join(map(chr, (*range(0x300, 0x370), *range(0x483, 0x48A), *range(0x20D0, 0x2100), *range(0xFE20, 0xFE30)))),
)
"""Letters in one script; what is drawn over, under or around a letter and makes none of it is left out."""
_LONGEST = 200
_STARS = "★☆✩✪✦✧⭐🌟*✱✶＊﹡※∗✻"
_MARKS = rf"{_STARS}·•・.,，、:：;；/\\|+~～^◆◇●○△▲■□#=_—–\-。!！?？"
_AROUND = rf"[{_MARKS}()\[\]{{}}<>【】〔〕〖〗「」『』\"'“”‘’]*"
_LEVELS = {
    "绝对机密": SecurityClassification.TOP_SECRET,
    "极机密": SecurityClassification.SECRET,
    "绝密": SecurityClassification.TOP_SECRET,
    "极密": SecurityClassification.TOP_SECRET,
    "机密": SecurityClassification.SECRET,
    "秘密": SecurityClassification.CONFIDENTIAL,
    "涉密": SecurityClassification.CONFIDENTIAL,
    "密件": SecurityClassification.CONFIDENTIAL,
    "密": SecurityClassification.CONFIDENTIAL,
    "topsecret": SecurityClassification.TOP_SECRET,
    "mostsecret": SecurityClassification.TOP_SECRET,
    "secret": SecurityClassification.SECRET,
    "confidential": SecurityClassification.CONFIDENTIAL,
    "classified": SecurityClassification.CONFIDENTIAL,
}
_HAN_LEVEL = "(?P<level>" + "|".join(word for word in _LEVELS if not word.isascii() and word != "密") + "|密(?!级))"
_LABEL = r"(?:(?:文件|档案|国家|信息)?(?:密级|秘级|定密|保密|涉密|秘密|机密)(?:等级|级别|级)?(?:[和及]?保密期限)?[:：=为是])?"
_NUMBER = r"(?:\d+(?:\.\d+)?|[〇零一二两三四五六七八九十百廿卅壹贰叁肆伍陆柒捌玖拾]+|[nN])"
_PLAIN_TERM = rf"(?:{_NUMBER}年(?:{_NUMBER}个?月)?|{_NUMBER}(?:个月|月|日|天)?|长期|永久)"
_HAN = re.compile(
    rf"{_AROUND}{_LABEL}{_AROUND}(?:国家|原)?{_HAN_LEVEL}[级件]*[\"'”’)}}\]】〕〗」』〉》]*"
    rf"(?:{_PLAIN_TERM}|[({{\[【〔].{{0,24}}|[{_STARS}].*|[{_MARKS}]+[{_MARKS}\d年个月日天至到起止前后长期永久启用封解密时间满公布保密限n()（）]*)?{_AROUND}"
)
_HAN_OBJECT = re.compile(
    rf"{_AROUND}(?:国家)?{_HAN_LEVEL}级?(?:文件|材料|档案|资料|公文|信息|事项|图纸|载体|电报|电文|案卷|卷宗|正本|副本|抄件|原件){_AROUND}"
)
_ENGLISH = re.compile(
    r"[\W_]*(?:(?:security |document )?(?:classification|classified|level|marking|secrecy|security)\s*[:=\-as]*\s*)?"
    r"(?:(?:nato|cosmic|uk|us|eu|canadian)\s+)?"
    r"(?P<level>top[\s\-_]*secret|most[\s\-_]*secret|secret|confidential|classified)"
    r"(?:\s+(?:level|material|documents?|files?|records?))?"
    r"(?:[\W_]*|[\W_]+(?:(?:for|valid|declassify|until|till|on|by|period|term)[\s:]*)*"
    r"(?:\d[\d\-./ ]*(?:years?|months?|yrs?|[ym])?|long.term|permanent(?:ly)?|indefinite(?:ly)?|declassif\w*|noforn|orcon|"
    r"comint|sci|rel to|(?:[a-z]{2,3}\s+)?eyes(?:\s+only)?|no foreign)\b.{0,12})"
)
_NO_CLASSIFICATION = re.compile(
    r"(?:非|不|未|无|没有|免)(?:国家)?(?:涉?密级?|定密|秘密|密件)|非涉密(?:文件|件)?|普通|一般|平件|无|否|不是|"
    r"unclassified|notclassified|none|no|n"
)
_CHOICE = re.compile(
    rf"{_NO_CLASSIFICATION.pattern}|公开|国内|内部|限制|敏感|public|open|restricted|internal|official|sensitive"
)
_MENTIONS = re.compile(
    r"绝密|机密|秘密|极密|绝对机密|密件|\b(?:top\s*)?secret\b|\bconfidential\b|\bclassified\b", re.IGNORECASE
)
_NOT_MEANT = re.compile(
    r"(?:工作|警务|审判|商业|企业|技术|商务)(?:秘密|机密)|(?:非|不含|不属于?|不涉及|未涉及?|无)(?:国家)?(?:秘密|机密|绝密|密件)|"
    r"(?:trade|business|commercial)\s*secrets?|non-?\s?(?:classified|confidential)|not\s+(?:classified|confidential|secret)",
    re.IGNORECASE,
)
_CLASSIFYING_HEADING = re.compile(
    r"(?:(?<!解)(?<!脱)(?<!降)密级|密等|秘级|密别|定密|涉密|(?:保密|机密|秘密)(?:等级|级别|级|程度)|^密$|"
    r"^(?:document|file|record)?(?:security|secrecy)(?:classification|level|grade|marking|class)?$|"
    r"^(?:document|file|record|archival)?classification(?:level|marking)?$|protectivemarking|secretlevel)"
)
_ACCESS_HEADING = re.compile(
    r"密|公开|开放|权限|知悉|分级|级别|控制|利用|access|restrict|rights|sensitiv|security|marking|confiden|dissemination"
)
_SPEAKS_OF_IT = re.compile(r"密|秘|㊙|secret|confid|classif|geheim|секрет|важности")
_MAY_BE_LEVEL = re.compile("[密秘内敏限a-zа-я]")
_SAYS_YES = re.compile(r"是|有|y|yes|true|√|✓|✔|☑|✅|●|■|v|x|1")
_ASKS_FOR_SECRECY = re.compile(
    r"涉密|^(?:是否)?(?:需要?)?保密(?:否|与否)?$|^is(?:classified|secret)$|^(?:classified|statesecret)$"
)
_IN_NAMES = re.compile(r"[\s_\-.()\[\]{}【】〔〕〖〗「」『』+~#&@!—–·]+")


@lru_cache(maxsize=1 << 14)
def marking_of(text: str, *, heading: str = "") -> SecurityClassification | None:
    """Return the level that a whole text is, wherever it stands; None for a text that is no marking.

    ``heading`` is what stands above it. Under one that speaks of classification every mention of a level counts, and
    above a yes (``是否涉密``); vague words (内部, restricted) count under one that speaks of access only.
    """
    plain, above = _plain(text), _plain_heading(heading)
    if not plain or not (_MAY_BE_LEVEL.search(plain) or _asks(above)):
        return None
    if len(plain) > _LONGEST and not _is_classifying(above):
        return None
    tight = "".join(plain.split())
    squeezed = re.sub(r"[\W_]+", "", tight)
    if _NO_CLASSIFICATION.fullmatch(squeezed):
        return None
    untermed = re.sub(rf"{_PLAIN_TERM}$", "", squeezed)
    for level, words in OTHER:
        if words.fullmatch(untermed) and (
            not VAGUE.fullmatch(untermed) or _ACCESS_HEADING.search(above) or _is_classifying(above)
        ):
            return level
    if found := _marked(plain, tight):
        return found
    return _under(above, plain, tight)


@lru_cache(maxsize=1 << 14)
def marking_of_object(text: str) -> SecurityClassification | None:
    """Return the level of a text such as 机密文件, which is a marking anywhere but where a title stands."""
    plain = _plain(text)
    found = _HAN_OBJECT.fullmatch("".join(plain.split())) if "密" in plain else None
    return _LEVELS[found["level"]] if found else None


def marking_in_name(name: str) -> SecurityClassification | None:
    """Return the level of state secrets that a part of the name of a file or folder is; its ending does not count.

    Parts are divided by blanks, brackets and signs; numbers around a level are not looked at. English words count as
    the whole name, in brackets, or written in capitals beside an underscore or a hyphen.
    """
    plain = _normal(name)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", plain) or plain
    found = marking_of(stem)
    if found and (found.is_state_secret or found.is_withheld):
        return found if found.is_state_secret else None
    for part in _IN_NAMES.split(stem):
        found = marking_of(re.sub(r"^\d+年?|\d+$", "", part)) or marking_of(part)
        if found and found.is_state_secret and not part.isascii() and part != "密":
            return found
    english = re.findall(r"[(\[{]\s*((?i:top[\s_-]*secret|secret|confidential))\b[^)\]}]*[)\]}]", stem)
    english += re.findall(r"(?:^|[_\-\s.])(TOP[\s_-]?SECRET|SECRET|CONFIDENTIAL)(?=$|[_\-\s.]|\d)", stem)
    is_all_capitals = (
        stem.isupper() and bool(re.sub(r"[\W\d_]", "", stem.replace(english[0], ""))) if english else False
    )
    return _LEVELS[re.sub(r"[\s_-]", "", english[0]).lower()] if english and not is_all_capitals else None


def marking_in_folder_name(name: str) -> SecurityClassification | None:
    """Return the level of state secrets that the name of a folder is; what lies in 机密文件 is marked by it, too."""
    found = marking_in_name(name) or marking_of_object(re.sub(r"^\d+年?|\d+$", "", _plain(name)))
    return found if found and found.is_state_secret else None


def parse_marking(text: str) -> SecurityClassification | None:
    """Return what the cell of a classification says; None for one that says nothing that is known."""
    tight = re.sub(r"[\W_]+", "", _plain(text))
    if _NO_CLASSIFICATION.fullmatch(tight):
        return SecurityClassification.UNCLASSIFIED
    if re.fullmatch(r"公开(?:级|发布|件)?|gk|public|open|可公开|主动公开|依申请公开", tight):
        return SecurityClassification.PUBLIC
    if re.fullmatch(r"国内|gn|限国内|国内发行|国内公开|domestic", tight):
        return SecurityClassification.DOMESTIC
    return marking_of(text, heading="密级")


def is_choice_of_levels(text: str) -> bool:
    """Say whether a text names the levels that there are to choose from (``公开/秘密/机密``), and so is none of them."""
    plain = re.sub(r"^[^:]{0,12}:", "", _plain(text))
    return is_list_of_levels([part for part in re.split(r"[\n/、,;|]|或", plain) if part.strip()])


def is_list_of_levels(texts: Sequence[str]) -> bool:
    """Say whether texts that stand beside or under one another are the levels that there are to choose from.

    Each stands there once, two or more are state secrets, without terms, and some are none, or all three are there.
    """
    bare = [_bare(text) for text in texts]
    secret = [one for one in bare if one in _LEVELS]
    least = 2 if len(secret) < len(bare) else 3
    return len(set(bare)) == len(bare) and len(secret) >= least and all(map(is_choice, texts))


def is_choice(text: str) -> bool:
    """Say whether a text is one of the levels that a list offers, secret or not, and nothing else."""
    bare = _bare(text)
    return bare in _LEVELS or bool(_CHOICE.fullmatch(bare)) or any(words.fullmatch(bare) for _, words in OTHER)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+|级$", "", _plain(text))


@lru_cache(maxsize=1024)
def is_classifying(heading: str) -> bool:
    """Say whether a heading is that of a column of classifications, under whatever name."""
    return _is_classifying(_plain(heading))


@lru_cache(maxsize=1024)
def _plain_heading(heading: str) -> str:
    return _plain(heading)


@lru_cache(maxsize=1024)
def _asks(heading: str) -> bool:
    """Say whether a heading is such that below it more is a level than what says so by itself."""
    return _is_classifying(heading) or _SPEAKS_OF_IT.search("".join(heading.split())) is not None


@lru_cache(maxsize=1024)
def _is_classifying(heading: str) -> bool:
    return bool(_CLASSIFYING_HEADING.search(re.sub(r"[\W_]+", "", heading)))


def _under(heading: str, plain: str, tight: str) -> SecurityClassification | None:
    """Return the level that a cell says together with its heading."""
    if _SAYS_YES.fullmatch(tight.strip("()[]")):
        asked = "".join(heading.split())
        if tight != "1" and (levels := _mentions(_NOT_MEANT.sub(" ", asked))):  # a 1 may count such papers
            return max(levels, key=list(SecurityClassification).index)
        return SecurityClassification.CONFIDENTIAL if _ASKS_FOR_SECRECY.search(re.sub(r"[\W_]+", "", asked)) else None
    if not _is_classifying(heading):
        return None
    is_of_libraries = re.sub(r"[\W_]+", "", heading) == "classification"
    short = "" if is_of_libraries else SHORT.get(re.sub(rf"[\W_]+|{_PLAIN_TERM}$", "", tight), "")
    return _LEVELS.get(short) or _mentioned(plain, tight)


def _marked(plain: str, tight: str) -> SecurityClassification | None:
    if not _SPEAKS_OF_IT.search(tight):
        return None
    found = (
        _level_in_han(tight)
        or _level_in_english(plain)
        or _LEVELS.get(FOREIGN.get(" ".join(plain.split()).strip(".!*- "), ""))
    )
    if found:
        return found
    found = next(filter(None, map(_level_in_han, bare_levels(plain))), None)
    found = found or next(filter(None, map(_level_in_english, bare_english_levels(plain))), None)
    if found:
        return found
    halves = in_two_scripts(plain)
    if halves and (found := _level_in_han(halves[0])) and _level_in_english(halves[1]):
        return found
    return _enumerated(plain)


def _level_in_han(tight: str) -> SecurityClassification | None:
    found = _HAN.fullmatch(tight)
    return _LEVELS[found["level"]] if found else None


def _level_in_english(plain: str) -> SecurityClassification | None:
    found = _ENGLISH.fullmatch(" ".join(plain.split()))
    return _LEVELS[re.sub(r"[\s\-_]", "", found["level"])] if found else None


def _enumerated(plain: str) -> SecurityClassification | None:
    """Return the highest level of several, each in a line or a part of its own."""
    parts = [part for part in re.split(r"[\n/、,，;；|]+", plain) if part.strip()]
    if len(parts) < 2:
        return None
    levels = [_level_in_han("".join(part.split())) for part in parts]
    known = [one for one in levels if one]
    lines = "\n" in plain.strip()
    all_known = all(one or _is_other(part) for one, part in zip(levels, parts, strict=True))
    return max(known, key=list(SecurityClassification).index) if known and (lines or all_known) else None


def _is_other(part: str) -> bool:
    """Say whether a part of an enumeration is a level that is none of state secrets, or a term."""
    tight = re.sub(r"[\W_]+", "", part)
    return bool(
        re.fullmatch(rf"公开|国内|非密|{_PLAIN_TERM}", tight) or any(words.fullmatch(tight) for _, words in OTHER)
    )


def _mentioned(plain: str, tight: str) -> SecurityClassification | None:
    """Return the highest level that a cell of a column of classifications speaks of."""
    levels = _mentions(_NOT_MEANT.sub(" ", tight if not tight.isascii() else plain))
    return max(levels, key=list(SecurityClassification).index, default=None)


def _mentions(text: str) -> list[SecurityClassification]:
    return [_LEVELS[re.sub(r"\s", "", word).lower()] for word in _MENTIONS.findall(text)]


def _plain(text: str) -> str:
    """Return a text without what nobody sees, in one width, case and script."""
    return _normal(text).lower().strip()


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", without_unseen(text).replace("㊙", "秘密")).translate(_SIMPLIFIED)
