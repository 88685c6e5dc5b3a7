"""What is wrong with settings, in the reader's words: in which line, of which key, and which one may be meant."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from archives.message import Message, joined, message
from cli.home.settings.settings import Settings
from preservation.stores.registry import KINDS, every_key

_NO_KEY = message("没有这一项设置", "there is no such setting")
_WHOLE = message("须是整数", "it has to be a whole number")
_NUMBER = message("须是数", "it has to be a number")
_TRUE_OR_FALSE = message("须是 true 或 false", "it has to be true or false")
_DATE = message("须是 2027-06-30 这样的日期", "it has to be a date such as 2027-06-30")
_SECTION = message("须是一节，或花括号中的几项", "it has to be a section, or several keys in braces")
_PLACES = message(
    "存储须写明其中一项：{zh}",
    "a store has one of: {en}",
    zh="、".join(f"{one.kind.address} = {one.kind.begins}…" for one in KINDS),
    en=", ".join(f"{one.kind.address} = {one.kind.begins}…" for one in KINDS),
)
_WRONG: Mapping[str, Message] = {
    **dict.fromkeys(("extra_forbidden", "unexpected_keyword_argument"), _NO_KEY),
    "missing": message("缺少这一项", "it is missing"),
    **dict.fromkeys(("int_parsing", "int_type", "int_from_float", "int_parsing_size", "finite_number"), _WHOLE),
    **dict.fromkeys(("float_parsing", "float_type"), _NUMBER),
    **dict.fromkeys(("bool_parsing", "bool_type"), _TRUE_OR_FALSE),
    "string_type": message("须是加引号的文字", "it has to be text in quotes"),
    "string_pattern_mismatch": message("写法不对", "it cannot be written so"),
    "string_too_short": message("不能是空的", "it cannot be empty"),
    **dict.fromkeys(("date_parsing", "date_type"), _DATE),
    **dict.fromkeys(("date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE),
    "greater_than_equal": message("不能小于 {ge}", "it cannot be less than {ge}"),
    "greater_than": message("须大于 {gt}", "it has to be more than {gt}"),
    "less_than_equal": message("不能大于 {le}", "it cannot be more than {le}"),
    "literal_error": message("须是其中之一：{expected}", "it has to be one of: {expected}"),
    "tuple_type": message("须是方括号中的一列", "it has to be a list in square brackets"),
    **dict.fromkeys(("model_type", "dict_type"), _SECTION),
    "store_place": _PLACES,
}
"""What is wrong with a value, by the kinds of error that pydantic tells apart; its limits are their ``ctx``."""

Place = tuple[str | int, ...]


def what_is_wrong(failure: ValidationError, text: str) -> Message:
    """Return what is wrong with settings, key by key in the order of their file; ``text`` is TOML."""
    document = tomllib.loads(text)
    errors: dict[Place, Mapping[str, Any]] = {}
    for error in failure.errors():
        errors.setdefault(_in_file(document, error["loc"]), error)
    lines = _lines(text, errors)
    told = [(lines.get(place, 0), _told(place, error, lines.get(place, 0))) for place, error in errors.items()]
    return joined([one for _, one in sorted(told, key=lambda pair: pair[0])])


def _told(place: Place, error: Mapping[str, Any], line: int) -> Message:
    names = [step for step in place if isinstance(step, str)]
    if error["type"] == "missing":
        names.append(str(error["loc"][-1]))
    what, meant = _what(error), _meant(names, error)
    if meant:
        what = message("{what}，{meant}", "{what}, {meant}", what=what, meant=meant)
    where = ".".join(names)
    if not line:
        return message("{where}: {what}", "{where}: {what}", where=where, what=what)
    return message("第 {line} 行 {where}: {what}", "line {line}, {where}: {what}", line=line, where=where, what=what)


def _what(error: Mapping[str, Any]) -> Message:
    """Return what is wrong with a value: as whoever refused it says, else in our words, else to readers of English in pydantic's."""
    limits = error.get("ctx", {})
    if isinstance(refused := limits.get("error"), ValueError) and isinstance(refused.args[0], Message):
        return refused.args[0]
    known = _WRONG.get(error["type"])
    if known is None:
        return message("这个值不能用", "{words}", words=error["msg"])
    values = {name: str(value).replace(" or ", ", ") for name, value in limits.items() if f"{{{name}}}" in known.en}
    return message(known.zh, known.en, **dict(known.values), **values)


def _meant(names: Sequence[str], error: Mapping[str, Any]) -> Message | None:
    """Return which key may be meant by one that there is not, in its own section or else in another."""
    stated = error["input"]
    if error["type"] == "store_place" and isinstance(stated, Mapping):
        found = [one for name in stated for one in _alike(name, [setting.kind.address for setting in KINDS])]
        return message("是否指 {key}？", "did you mean {key}?", key=found[0]) if found else None
    if _WRONG.get(error["type"]) is not _NO_KEY or not names:
        return None
    *above, name = names
    sections = dict(_sections())
    if here := _alike(name, sections.get(".".join(above), ())):
        return message("是否指 {key}？", "did you mean {key}?", key=here[0])
    for section, keys in sections.items():
        if key := next(iter(_alike(name, keys)), ""):
            if not section:
                return message("是否指写在各节之前的 {key}？", "did you mean {key}, above all sections?", key=key)
            return message(
                "是否指 [{section}] 中的 {key}？", "did you mean {key} in [{section}]?", section=section, key=key
            )
    return None


def _alike(name: str, keys: Sequence[str]) -> list[str]:
    return get_close_matches(name.lower().replace("_", "-"), keys, n=1, cutoff=0.75)


def _sections(model: type[BaseModel] = Settings, place: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the sections of the settings, as a file spells them, each with its keys."""
    fields = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    yield place, tuple(fields)
    if not place:
        yield "stores", ("name", *(key.name for key in every_key()))
    for name, kind in fields.items():
        for one in (kind, *get_args(kind)):
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield from _sections(one, f"{place}.{name}" if place else name)


def _in_file(document: Mapping[str, Any], steps: Sequence[str | int]) -> Place:
    """Return the steps to a value that are in the file: those that only tell kinds apart, and what is missing, are not."""
    there, now = list[str | int](), document
    for step in steps:
        is_in = step in now if isinstance(now, Mapping) else isinstance(now, list) and step in range(len(now))
        if is_in:
            now = now[step]  # type: ignore[index]  # a list has been looked into by number
            there.append(step)
    return tuple(there)


def _lines(text: str, places: Mapping[Place, object]) -> dict[Place, int]:
    """Return in which line what stands at each place begins: where the lines read so far have it for the first time."""
    found: dict[Place, int] = {}
    lines, begins = text.split("\n"), 1
    for number in range(1, len(lines) + 1):
        try:
            document = tomllib.loads("\n".join(line.rstrip("\r") for line in lines[:number]))
        except tomllib.TOMLDecodeError:  # in the middle of a value
            continue
        for place in places:
            if place and place not in found and _in_file(document, place) == place:
                found[place] = begins
        begins = number + 1
    return found
