"""Headings of columns as people write them: which field one stands for, and which known one is nearest."""

import difflib
import re
import unicodedata
from collections.abc import Mapping

from archives.text.unseen import without_unseen

_SIMPLIFIED = str.maketrans(
    "檔號題責編頁數語種備註級機絕祕開審據閉門類館處錄時間載體稱創單結論圍關範網會歷紹準後從於發應檢記標內國圖書屬關詞幀張長術總項歸順條碼專類實檔與",
    "档号题责编页数语种备注级机绝秘开审据闭门类馆处录时间载体称创单结论围关范网会历绍准后从于发应检记标内国图书属关词帧张长术总项归顺条码专类实档与",
)
_PREFIX = re.compile(r"^(?:dc|dcterms|isad|ead|premis|mods)[.:_](?=[a-z])")


def fold_heading(text: str) -> str:
    """Return the form in which headings are compared: no blanks, width, case or script, no bracketed remark."""
    plain = "".join(unicodedata.normalize("NFKC", without_unseen(text)).split()).lower().translate(_SIMPLIFIED)
    plain = _PREFIX.sub("", plain.strip("*").rstrip("*:"))
    return re.split(r"[(\[【〔]", plain)[0].translate(str.maketrans("", "", "_-.:"))


def field_of(heading: str, names: Mapping[str, str]) -> str | None:
    """Return the field a heading stands for; it may hold both languages (``档号 archival_code``, ``题名/Title``)."""
    if whole := names.get(fold_heading(heading)):
        return whole
    parts = re.findall(r"[㐀-鿿]+|[A-Za-z_ ]+", unicodedata.normalize("NFKC", without_unseen(heading)))
    found = {names[folded] for part in parts if (folded := fold_heading(part)) in names}
    return found.pop() if len(found) == 1 else None


def rank_of(heading: str, names: Mapping[str, str]) -> int:
    """Return how well a heading names its field: its place among all that are known, the last for one in parts."""
    folded = fold_heading(heading)
    return list(names).index(folded) if folded in names else len(names)


def nearest(heading: str, names: Mapping[str, str]) -> tuple[str, float]:
    """Return the known heading (folded) that is most like another, and how like it is, from 0 to 1."""
    folded = fold_heading(heading)
    scored = ((difflib.SequenceMatcher(None, folded, one).ratio(), one) for one in names)
    likeness, best = max(scored, key=lambda item: item[0])
    return best, likeness
