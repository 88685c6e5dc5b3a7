"""A profile as people write it (TOML 1.0), read key by key: what is not understood is said with its file and its key."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from archives.errors import ConfigurationError, FormatError
from archives.message import Message, listed, message
from archives.record.elements.table import ELEMENTS
from archives.toml_reason import toml_reason
from archives.units.level_names import level_named
from archives.units.unit import Level
from ingest.profiles.codes.template import Template, parse_template
from ingest.profiles.spec import (
    ELEMENT_KEYS,
    FieldKind,
    Images,
    LevelRule,
    SecretRows,
    Source,
    Spec,
    TypedField,
)
from ingest.profiles.values import folded_value

_KEYS = (
    "name", "title", "title-en", "usual-headings", "secret-rows", "elements", "parts", "code", "parent", "level", "maps",
    "fields", "persons", "images", "fits",
)  # fmt: skip
_NAMED = {name: one.key for one in ELEMENTS if one.kind.parse for name in (one.name, one.label.zh)}
_JOINS = {"date": "至", "page_range": "-"}


def parse_profile(text: str, *, file: str) -> Spec:
    """Read a profile; raises ``ConfigurationError`` that names the file and the key."""
    try:
        said = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as cause:
        raise _refused(file, "", toml_reason(cause)) from cause
    if not said:
        empty = message(
            "是空的，一项也没有写；jinkui catalogue profile 文件 为一张表起草方案",
            "it is empty and says nothing; jinkui catalogue profile FILE drafts one for a table",
        )
        raise _refused(file, "", empty)
    whole = _Part(file, "", said)
    whole.require_known(_KEYS)
    name = whole.text("name") or file.rpartition("/")[2].removesuffix(".toml")
    level = whole.part("level")
    level.require_known(("columns", "values", "tables", "filled", "constant"))
    images = whole.part("images")
    images.require_known(("columns", "cut"))
    fits = whole.part("fits")
    fits.require_known(("has", "has-not"))
    spec = Spec(
        name=name,
        title=message(whole.text("title") or name, whole.text("title-en") or whole.text("title") or name),
        usual=whole.flag("usual-headings", default=True),
        elements={_element(part): part.source() for part in whole.part("elements").parts()},
        parts={part.key: part.source() for part in whole.part("parts").parts()},
        codes={_level(part): part.templates() for part in whole.part("code").parts()},
        parents={_level(part): part.templates() for part in whole.part("parent").parts()},
        level=_level_rule(level),
        maps={part.key: part.pairs() for part in whole.part("maps").parts()},
        fields={**_fields(whole.part("fields")), **_persons(whole.part("persons"))},
        images=Images(images.source_of("columns"), images.texts("cut")),
        secret_rows=_secret_rows(whole),
        fits=tuple(one.as_list() for one in fits.items("has")),
        fits_not=fits.texts("has-not"),
    )
    _require_maps(spec, file)
    return spec


@dataclass(frozen=True, slots=True)
class _Part:
    """A value of the file with the dotted name of its key."""

    file: str
    path: str
    value: object

    @property
    def key(self) -> str:
        return self.path.rpartition(" › ")[2]

    def refused(self, reason: Message) -> ConfigurationError:
        return _refused(self.file, self.path, reason)

    def table(self) -> Mapping[str, object]:
        if not isinstance(self.value, dict):
            raise self.refused(message("应为一节（表）", "this has to be a table"))
        return self.value

    def require_known(self, known: tuple[str, ...]) -> None:
        for key in self.table():
            if key not in known:
                said = message(
                    "不认识的键，可用的有：{known}", "not a known key; there are: {known}", known=listed(known)
                )
                raise self.below(key).refused(said)

    def below(self, key: str) -> "_Part":
        path = f"{self.path} › {key}" if self.path else key
        return _Part(self.file, path, self.table().get(key))

    def part(self, key: str) -> "_Part":
        found = self.below(key)
        return _Part(self.file, found.path, {}) if found.value is None else found

    def parts(self) -> tuple["_Part", ...]:
        return tuple(self.below(key) for key in self.table())

    def items(self, key: str) -> tuple["_Part", ...]:
        found = self.below(key)
        if found.value is None:
            return ()
        if not isinstance(found.value, list):
            raise found.refused(message("应为一列值", "this has to be a list"))
        return tuple(_Part(self.file, found.path, one) for one in found.value)

    def text(self, key: str) -> str:
        found = self.below(key)
        return "" if found.value is None else found.as_text()

    def as_text(self) -> str:
        if not isinstance(self.value, str):
            raise self.refused(message("应为文字", "this has to be a text"))
        return self.value

    def as_list(self) -> tuple[str, ...]:
        values = self.value if isinstance(self.value, list) else [self.value]
        return tuple(_Part(self.file, self.path, one).as_text() for one in values)

    def texts(self, key: str) -> tuple[str, ...]:
        found = self.below(key)
        return () if found.value is None else found.as_list()

    def flag(self, key: str, *, default: bool) -> bool:
        found = self.below(key)
        if not isinstance(found.value, bool | None):
            raise found.refused(message("应为 true 或 false", "this has to be true or false"))
        return default if found.value is None else found.value

    def pairs(self) -> Mapping[str, str]:
        return {folded_value(part.key): part.as_text() for part in self.parts()}

    def templates(self) -> tuple[Template, ...]:
        try:
            return tuple(map(parse_template, self.as_list()))
        except FormatError as cause:
            raise self.refused(cause.message) from cause

    def source(self) -> Source:
        """Return where a text comes from: a heading, some of which the first with a text counts, or a table of more."""
        join = _JOINS.get(self.key, "；")
        if not isinstance(self.value, dict):
            return Source(self._ways(), join)
        self.require_known(("columns", "join", "constant", "map", "type", "compose"))
        constant, name = self.text("constant"), self.text("map")
        ways = self.below("columns")._ways() if "columns" in self.value else ()
        composed = self.below("compose").templates() if "compose" in self.value else ()
        if not ways and not constant and not composed:
            raise self.refused(message("缺少 columns 或 constant", "columns or constant is missing"))
        return Source(ways, self.text("join") or join, constant, name, composed[0] if composed else None)

    def source_of(self, key: str) -> Source:
        found = self.below(key)
        return Source() if found.value is None else found.source()

    def _ways(self) -> tuple[tuple[str, ...], ...]:
        values = self.value if isinstance(self.value, list) else [self.value]
        return tuple(_Part(self.file, self.path, one).as_list() for one in values)


def _element(part: _Part) -> str:
    key = _NAMED.get(part.key, part.key.replace("-", "_"))
    if key not in ELEMENT_KEYS:
        known = listed(sorted(ELEMENT_KEYS), most=len(ELEMENT_KEYS))
        raise part.refused(message("不是著录项，可用的有：{known}", "no element; there are: {known}", known=known))
    return key


def _level(part: _Part) -> str:
    return _level_of(part.key, part)


def _level_of(text: str, part: _Part) -> str:
    """Return a level by its name in either language; raises ``ConfigurationError``."""
    found = level_named(text)
    if found is None:
        known = listed((*Level, "fonds", "series", "file", "group", "item"))
        raise part.refused(message("不是层级，可用的有：{known}", "no level; there are: {known}", known=known))
    return found


def _level_rule(part: _Part) -> LevelRule:
    """Return how levels are told: a constant that is written holds, unless what else counts is written, too."""
    filled = []
    is_usual = {key: _is_usual(part, key) for key in ("tables", "filled")}
    for one in () if is_usual["filled"] else part.items("filled"):
        one.require_known(("parts", "level"))
        filled.append((_level_of(one.text("level"), one), one.texts("parts")))
    tables = () if is_usual["tables"] else part.part("tables").parts()
    return LevelRule(
        part.source_of("columns"),
        {folded_value(one.key): _level_of(one.as_text(), one) for one in part.part("values").parts()},
        None if is_usual["tables"] else {one.key: _level_of(one.as_text(), one) for one in tables},
        None if is_usual["filled"] else tuple(filled),
        _level_of(part.text("constant") or "件", part.below("constant")),
    )


def _is_usual(part: _Part, key: str) -> bool:
    """Say whether a rule of levels is the usual one: ``"usual"`` is written, or nothing and no constant either."""
    value = part.table().get(key)
    return value == "usual" or (value is None and "constant" not in part.table())


def _fields(part: _Part) -> Mapping[str, TypedField]:
    answer = {}
    for one in part.parts():
        kind = one.text("type") if isinstance(one.value, dict) else ""
        if kind and kind not in get_args(FieldKind):
            known = listed(get_args(FieldKind))
            raise one.below("type").refused(
                message("不是类型，可用的有：{known}", "no type; there are: {known}", known=known)
            )
        answer[one.key] = TypedField(cast("FieldKind", kind or "text"), one.source())
    return answer


def _persons(part: _Part) -> Mapping[str, TypedField]:
    return {one.key: TypedField("person", one.source()) for one in part.parts()}


def _secret_rows(part: _Part) -> SecretRows:
    said = part.text("secret-rows") or "stop"
    if said not in get_args(SecretRows):
        raise part.below("secret-rows").refused(message("应为 stop 或 leave out", "this has to be stop or leave out"))
    return cast("SecretRows", said)


def _require_maps(spec: Spec, file: str) -> None:
    sources = {**spec.elements, **spec.parts, **{name: one.source for name, one in spec.fields.items()}}
    for key, source in sources.items():
        if source.map and source.map not in spec.maps:
            said = message("没有名为 {name} 的对照表（maps）", "there is no map of the name {name}", name=source.map)
            raise _refused(file, key, said)
    known = {*spec.parts, *USUAL_PARTS} if spec.usual else {*spec.parts}
    for templates in (*spec.codes.values(), *spec.parents.values()):
        for template in templates:
            for part in template.parts:
                if part not in known:
                    said = message(
                        "模板 {text} 中的 {part} 没有在 parts 中说明",
                        "{part} of the template {text} is not said in parts",
                        text=template.written,
                        part=part,
                    )
                    raise _refused(file, "code", said)


USUAL_PARTS = ("QZH", "MLH", "AJH", "JH", "YH", "SXH", "ND", "BGQX", "LBH", "JGWT", "ZH")
"""Parts of codes that have usual headings: 全宗号, 目录号, 案卷号, 件号, 页号, 顺序号, 年度, 保管期限, 类别号, 机构或问题, 组号."""


def _refused(file: str, key: str, reason: Message) -> ConfigurationError:
    place = f"{file}: {key}" if key else file
    return ConfigurationError(
        message("方案 {place}：{reason}", "profile {place}: {reason}", place=place, reason=reason), subject=place
    )
