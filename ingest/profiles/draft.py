"""A first draft of a profile from a look at a table: what stands in each column, and what it seems to be, for a person to mend."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from archives.errors import FormatError
from archives.record.dates.parse import parse_record_date
from archives.record.description import parse_retention
from archives.record.secrecy import parse_marking
from ingest.profiles.profile import Profile, fitting_profile, load_profile
from ingest.profiles.spec import Source
from ingest.sheets.headings import fold_heading, spans_in
from ingest.tables.table import Columns, Table

_MOST_DISTINCT = 2_000
_LISTED_VALUES = 12
_SAMPLED = 200
_LIKELY = 0.8
_IMAGE = re.compile(r".*[\\/].*\.(?:jpe?g|tiff?|pdf|png|jp2|ofd)|.*\.(?:jpe?g|tiff?|pdf|png|jp2|ofd)", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9]{1,8}(?:[-·./][A-Za-z0-9·\u4e00-\u9fff]{1,20}){2,}")
_NUMBER = re.compile(r"\d{1,6}")
_NUMBERED_PARTS = ("MLH", "AJH", "JH", "ZH")


@dataclass(slots=True)
class _Column:
    """What was seen in a column."""

    heading: str
    filled: int = 0
    longest: int = 0
    values: Counter[str] = field(default_factory=Counter)
    is_over: bool = False
    sample: list[str] = field(default_factory=list)
    padded: int = 0

    def take(self, text: str) -> None:
        self.filled += 1
        self.longest = max(self.longest, len(text))
        if text in self.values or len(self.values) < _MOST_DISTINCT:
            self.values[text] += 1
        else:
            self.is_over = True
        if len(self.sample) < _SAMPLED and self.values[text] <= 1:
            self.sample.append(text)
        if _NUMBER.fullmatch(text):
            self.padded = max(self.padded, len(text))

    @property
    def distinct(self) -> str:
        return f"{_MOST_DISTINCT}+" if self.is_over else str(len(self.values))

    @property
    def is_coded(self) -> bool:
        """Whether it holds a few values over and over."""
        return not self.is_over and 0 < len(self.values) <= _LISTED_VALUES and self.filled > 2 * len(self.values)


def draft_profile(table: Table) -> str:
    """Return a profile in TOML, every row of the table having been looked at; it can be used as it is, and should be mended.

    Comments say of each column how often it is filled, how many values it has, the longest and some of them, and why it
    is taken for what it is taken for. Raises ``ToolFailedError``.
    """
    columns = [_Column(heading) for heading in table.columns.headings]
    count = 0
    for row in table.rows():
        count += 1
        for place, text in enumerate(row.texts):
            if text and place < len(columns):
                columns[place].take(text)
    return "\n".join(_lines(table.columns, columns, count)) + "\n"


def _lines(place: Columns, columns: list[_Column], count: int) -> Iterator[str]:
    profile = fitting_profile(place)
    where = f"{place.file}!{place.worksheet}" if place.worksheet else place.file
    meant = {one.heading: _meant(one, profile) for one in columns}
    yield f"# 方案草稿 draft of a profile: {_comment(where)}"
    yield f"# {count} 行 rows, {len(columns)} 列 columns; 最接近的现成方案 nearest built-in profile: {profile.name}"
    yield "# 请核对每一列：改列名、删去不要的行，再用 --profile 导入。Look at every column, mend, then import with --profile."
    yield f"name = {_text(re.sub(r'[^0-9A-Za-z一-鿿-]+', '-', place.file.rpartition('.')[0]) or 'draft')}"
    yield f"title = {_text(profile.title.text('zh'))}"
    yield 'secret-rows = "stop"  # 遇到国家秘密即停 stop at state secrets；"leave out": 略过该行 go on without the row'
    yield ""
    yield "[elements]"
    yield from _of_kind(columns, meant, profile, "element", count)
    title = profile.spec.elements.get("title")
    if title and title.compose and not any(key == "title" for _, key, _ in meant.values()):
        yield "# 表中没有题名，由各项组成 the table has no titles; they are put together"
        yield f"title = {{ compose = {_text(title.compose.written)} }}"
    yield ""
    yield "[level]  # 件 item, 案卷 file, 组 group, 类别 series, 全宗 fonds"
    level = profile.level_of(place)
    is_fixed = profile.spec.level.filled == () or level != profile.spec.level.constant
    yield f"constant = {_text(level)}"
    yield (
        "filled = []  # 不论有无案卷号、件号 whichever parts a row has"
        if is_fixed
        else 'filled = "usual"  # 有件号为件，只有案卷号为案卷 with 件号 an item, with 案卷号 alone a volume'
    )
    yield ""
    yield "[parts]  # 档号的组成部分 parts of archival codes"
    yield from _of_kind(columns, meant, profile, "part", count)
    yield from _templates(columns, meant, level, is_fixed=is_fixed)
    if any(kind == "field" for kind, _, _ in meant.values()):
        yield ""
        yield "[fields]  # type: person, date, place, text"
        yield from _of_kind(columns, meant, profile, "field", count)
    if any(kind == "image" for kind, _, _ in meant.values()):
        yield ""
        yield "[images]  # cut: 从路径前面去掉的部分 what is cut off before the paths"
        for one in columns:
            if meant[one.heading][0] == "image":
                yield from _seen(one, meant[one.heading][2], count)
                yield f"columns = {_text(one.heading)}"
                yield f"cut = [{_text(_prefix(one))}]"
    yield from _maps(columns, meant)
    others = [one for one in columns if meant[one.heading][0] == "none"]
    yield ""
    yield "# 没有对应著录项的列，照录于其他著录项 columns without an element; they are kept as written"
    for one in others:
        yield from _seen(one, meant[one.heading][2], count)


def _of_kind(
    columns: list[_Column], meant: dict[str, tuple[str, str, str]], profile: Profile, wanted: str, count: int
) -> Iterator[str]:
    """Yield a line an element, with all columns that seem to be it, and what was seen in them."""
    keys = dict.fromkeys(key for kind, key, _ in meant.values() if kind == wanted)
    for key in keys:
        here = [one for one in columns if meant[one.heading][:2] == (wanted, key)]
        for one in here:
            yield from _seen(one, meant[one.heading][2], count)
        names = [_text(one.heading) for one in here]
        named = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        named = f"[{named}]" if wanted == "element" and _are_ends(key, here, profile) else named
        if wanted == "field":
            kind = profile.spec.fields[key].kind
            yield f"{_key(key)} = {{ columns = {named}, type = {_text(kind)} }}"
            continue
        coded = (
            wanted == "element" and key in ("retention", "security", "level", "state") and any(map(_needs_map, here))
        )
        said = f'{{ columns = {named}, map = "{key}" }}' if coded else named
        yield f"{_key(key)} = {said}"


def _are_ends(key: str, columns: list[_Column], profile: Profile) -> bool:
    """Say whether columns are the first and the last of one span (起始日期, 终止日期)."""
    folded = tuple(fold_heading(one.heading) for one in columns)
    sources = (one.spec.elements.get(key, Source()) for one in (profile, load_profile("usual")))
    known = {tuple(map(fold_heading, way)) for one in sources for way in one.ways}
    return len(columns) == 2 and (folded in known or bool(spans_in([one.heading for one in columns])))


def _needs_map(column: _Column) -> bool:
    return column.is_coded and any(_NUMBER.fullmatch(text) or len(text) == 1 for text in column.values)


def _maps(columns: list[_Column], meant: dict[str, tuple[str, str, str]]) -> Iterator[str]:
    for one in columns:
        kind, key, _ = meant[one.heading]
        is_code = key == "retention" and any(len(text) == 1 and text.isdigit() for text in one.values)
        if kind == "element" and key in ("retention", "security", "level", "state") and (is_code or _needs_map(one)):
            yield ""
            yield f"[maps.{key}]  # 代码所指的值，请填写 what the codes stand for: fill in"
            for text, n in one.values.most_common():
                yield f"# {n} ×"
                yield f"{_text(text)} = {_text(text)}"


def _templates(
    columns: list[_Column], meant: dict[str, tuple[str, str, str]], level_of_rows: str, *, is_fixed: bool
) -> Iterator[str]:
    """Yield how codes may be built, where the table has no column of whole codes.

    ``is_fixed``: every row is of the level, whichever parts it has.
    """
    parts = {key: one for one in columns for kind, key, _ in [meant[one.heading]] if kind == "part"}
    parts |= {
        _ALSO_PARTS[key]: one
        for one in columns
        for kind, key, _ in [meant[one.heading]]
        if kind == "element" and key in _ALSO_PARTS and _ALSO_PARTS[key] not in parts
    }
    yield ""
    if any(kind == "element" and key == "code" for kind, key, _ in meant.values()):
        yield "# [code]  表中有档号列 the table has whole codes"
        return
    levels = {"件": ("案卷", "件"), "组": ("组",)}.get(level_of_rows, ("案卷",))
    is_one_a_volume = is_fixed and not parts.keys() & {"JH", "YH"}
    yield "[code]  # 冒号后为补零的位数 behind the colon: to how many digits it is padded"
    for level in levels:
        names = [name for name in _IN_CODES[level] if name in parts]
        if names and _makes_a_code(level, names, is_one_a_volume=is_one_a_volume):
            pieces = [
                f"{{{name}:{parts[name].padded:02}}}"
                if name in _NUMBERED_PARTS and parts[name].padded > 1
                else f"{{{name}}}"
                for name in names
            ]
            yield f"{_text(level)} = {_text('-'.join(pieces))}"


def _makes_a_code(level: str, names: list[str], *, is_one_a_volume: bool) -> bool:
    """Say whether these parts make a code of a level: an item without a number of its own is one a volume, or has none."""
    if level == "件":
        return "JH" in names or (is_one_a_volume and "AJH" in names)
    return {"案卷": "AJH", "组": "ZH"}[level] in names


_IN_CODES = {
    "案卷": ("QZH", "MLH", "LBH", "ND", "AJH"),
    "组": ("QZH", "LBH", "ZH"),
    "件": ("QZH", "MLH", "LBH", "ND", "AJH", "JH"),
}
_ALSO_PARTS = {"sequence": "JH", "year": "ND"}


def _meant(column: _Column, profile: Profile) -> tuple[str, str, str]:
    """Return what a column seems to be (element, part, field, image, none), which, and why."""
    found = profile.names.get(fold_heading(column.heading))
    if found:
        kind, _, key = found.partition(" ") if " " in found else ("element", "", found)
        if found == "image":
            return "image", "image", "列名 heading"
        return kind, key, "列名 heading"
    sample = column.sample
    if not sample:
        return "none", "", "空列 empty"
    for (kind, key), fits in _BY_VALUES.items():
        if sum(map(fits, sample)) >= _LIKELY * len(sample):
            return kind, key, "内容 values"
    return "none", "", "不认识 not known"


def _is_date(text: str) -> bool:
    try:
        return len(text) >= 6 and parse_record_date(text).is_known
    except FormatError:
        return False


def _is_retention(text: str) -> bool:
    try:
        return not text.isdigit() and bool(parse_retention(text))
    except FormatError:
        return False


_BY_VALUES: dict[tuple[str, str], Callable[[str], bool]] = {
    ("image", "image"): lambda text: bool(_IMAGE.fullmatch(text)),
    ("element", "retention"): _is_retention,
    ("element", "security"): lambda text: len(text) < 6 and not text.isascii() and parse_marking(text) is not None,
    ("element", "document_number"): lambda text: bool(
        re.fullmatch(r".*[〔\[【(（]\s*(?:19|20)\d\d\s*[〕\]】)）].*\d+\s*号?", text)
    ),
    ("element", "code"): lambda text: bool(_CODE.fullmatch(text)),
    ("element", "date"): _is_date,
}
"""What a column whose heading nobody knows seems to be by nearly all of its values."""


def _seen(column: _Column, why: str, count: int) -> Iterator[str]:
    share = f"{100 * column.filled // count}%" if count else "0%"
    yield f"# {_comment(column.heading)}: 有值 filled {column.filled} ({share}), 不同 distinct {column.distinct}, 最长 longest {column.longest}; {why}"
    if column.is_coded:
        yield "#   " + _comment(", ".join(f"{text} × {n}" for text, n in column.values.most_common(_LISTED_VALUES)))
    elif column.sample:
        yield "#   " + _comment(" | ".join(one[:40] for one in column.sample[:3]))


def _prefix(column: _Column) -> str:
    """Return what all paths of a column begin with, up to a folder."""
    folders = [re.split(r"[\\/]", one)[:-1] for one in column.sample]
    shared: list[str] = []
    for names in zip(*folders, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    sign = "\\" if column.sample and "\\" in column.sample[0] else "/"
    drive = bool(shared) and shared[0].endswith(":")
    return sign.join(shared[:2]) if drive else ""


def _comment(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _text(text: str) -> str:
    """Return a basic string of TOML 1.0, which escapes as JSON does."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _text(text)
