"""The parts of an archival code in a row: which stand there, which make a code together, which are wanting."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from archives.message import Message, message
from archives.record.identifiers import archival_code_key
from ingest.profiles.codes.template import Template, plain_part

PART_NAMES: Mapping[str, Message] = MappingProxyType(
    {
        "QZH": message("全宗号", "fonds number"),
        "MLH": message("目录号", "catalogue number"),
        "AJH": message("案卷号", "volume number"),
        "JH": message("件号", "item number"),
        "YH": message("页号", "page number"),
        "SXH": message("顺序号", "number in the list"),
        "ND": message("年度", "year"),
        "BGQX": message("保管期限", "retention"),
        "LBH": message("类别号", "class number"),
        "JGWT": message("机构或问题", "office or subject"),
        "ZH": message("组号", "group number"),
    }
)
"""What the parts of codes are called that have usual headings."""
_MAY_BE_WHOLE = ("AJH", "ZH", "JH")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d")
_LEAST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Built:
    """A code with the names of the parts that it was built from; empty where none of the templates has all its parts."""

    code: str = ""
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanting:
    """What is missing of the code that comes nearest: the names of parts, and the code with these left open (``31-{MLH}-7``)."""

    parts: tuple[str, ...]
    open_code: str

    def said(self, there: Mapping[str, str]) -> Message:
        """Return it in words, with what is ``there`` among its values, for who corrects the row."""
        named = [(PART_NAMES.get(name), text) for name, text in there.items()]
        return message(
            "档号缺少组成部分：{parts}",
            "parts of the archival code are missing: {parts}",
            parts=part_names(self.parts),
            names=",".join(self.parts),
            text="；".join(f"{name.zh} {text}" if name else text for name, text in named),
            proposed=self.open_code,
        )


def built(templates: Sequence[Template], parts: Mapping[str, str], whole: Collection[str]) -> Built:
    """Return the code of the first template that has all its parts; one that is ``whole`` stands for those before it, too."""
    for one in templates:
        template = one.beginning_with(whole) if whole else one
        if code := template.code(parts):
            return Built(code, tuple(name for name in template.parts if parts.get(name)))
    return Built()


def whole_codes(parts: Mapping[str, str]) -> frozenset[str]:
    """Return the names of parts in whose cell a whole code stands (组号 ``J045-ZP·1998-Y-0001``).

    It begins with the number of the fonds: with that of its own column, else with one that has a figure and is no year.
    """
    return frozenset(
        name for name in _MAY_BE_WHOLE if "-" in archival_code_key(parts.get(name, "")) and _is_whole(name, parts)
    )


def wanting(templates: Sequence[Template], parts: Mapping[str, str], *, apart: Collection[str]) -> Wanting | None:
    """Return what is missing of the code that comes nearest; None where none of its parts is there but those ``apart``."""
    nearest = min(templates, key=lambda one: sum(not parts.get(part) for part in one.needed), default=None)
    if nearest is None or not any(parts.get(part) for part in nearest.needed if part not in apart):
        return None
    missing = tuple(part for part in nearest.needed if not parts.get(part))
    return Wanting(missing, nearest.code({**parts, **{name: f"{{{name}}}" for name in missing}}))


def part_name(name: str) -> Message:
    """Return what a part is called, with its name in profiles behind it."""
    said = PART_NAMES.get(name)
    if said is None:
        return message("{name}", "{name}", name=name)
    return message("{said}（{name}）", "{said} ({name})", said=said, name=name)


def part_names(names: Sequence[str]) -> Message:
    """Return what several parts are called."""
    said = [part_name(one) for one in names]
    return message(
        "{zh}", "{en}", zh="、".join(one.text("zh") for one in said), en=", ".join(one.text("en") for one in said)
    )


def _is_whole(name: str, parts: Mapping[str, str]) -> bool:
    key = archival_code_key(plain_part(parts[name]))
    first, *rest = key.split("-")
    if len(rest) + 1 < _LEAST_PARTS or not all(rest):
        return False
    if fonds := archival_code_key(plain_part(parts.get("QZH", ""))):
        return first == fonds
    return any(map(str.isdigit, first)) and not _YEAR.fullmatch(first)
