"""Why a text is no TOML, in words: what the reader of TOML says is English, and where it stands is what people need."""

import re
import tomllib

from archives.message import Message, message

_PLACE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)


def toml_reason(failure: tomllib.TOMLDecodeError | RecursionError) -> Message:
    """Return where a text stops being TOML, to readers of English with what the reader of TOML says."""
    words = str(failure)
    found = _PLACE.fullmatch(words)
    if found is None:
        return message("不合 TOML 的写法", "no TOML: {words}", words=words)
    if found["line"] is None:
        return message("不合 TOML 的写法：到末尾还没有写完", "no TOML: {what}, at its end", what=found["what"])
    return message(
        "第 {line} 行第 {column} 列不合 TOML 的写法",
        "no TOML: {what}, line {line}, column {column}",
        what=found["what"],
        line=found["line"],
        column=found["column"],
    )
