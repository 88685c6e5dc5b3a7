"""Why a text is no TOML, in words: what the reader of TOML says is English, and where it stands is what people need."""

import re
import tomllib

from archives.message import Message, message

_PLACE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)
_DECLARED_TWICE = re.compile(r"Cannot declare \((?P<names>.*?),?\) twice")
_SAID_TWICE = re.compile(r"Cannot overwrite a value|Duplicate inline table key .*")


def toml_reason(failure: tomllib.TOMLDecodeError | RecursionError) -> Message:
    """Return where a text stops being TOML, to readers of English with what the reader of TOML says."""
    words = str(failure)
    found = _PLACE.fullmatch(words)
    if found is None:
        return message("不合 TOML 的写法", "no TOML: {words}", words=words)
    if twice := _twice(found["what"], found["line"]):
        return twice
    if found["line"] is None:
        return message("不合 TOML 的写法：到末尾还没有写完", "no TOML: {what}, at its end", what=found["what"])
    return message(
        "第 {line} 行第 {column} 列不合 TOML 的写法",
        "no TOML: {what}, line {line}, column {column}",
        what=found["what"],
        line=found["line"],
        column=found["column"],
    )


def _twice(what: str, line: str | None) -> Message | None:
    """Return that something stands there a second time, None where that is not what the reader of TOML means."""
    where = message("第 {line} 行", "line {line}", line=line) if line else message("末尾", "at its end")
    if found := _DECLARED_TWICE.fullmatch(what):
        section = ".".join(name.strip(" '\"") for name in found["names"].split(","))
        return message(
            "{where}：[{section}] 一节前面已有，请合为一节",
            "{where}: the section [{section}] is there already; put both into one",
            where=where,
            section=section,
        )
    if _SAID_TWICE.fullmatch(what):
        return message(
            "{where}：这一项前面已有，请只留一项", "{where}: this key is there already; keep one of them", where=where
        )
    return None
