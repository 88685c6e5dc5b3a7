"""The settings of ``jinkui.toml``: every key with its default from the settings themselves, its words from the file that ``init`` writes."""

import json
import re
from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel

from archives.message import Language, Message, message
from cli.home.default_settings import DEFAULT_FILE
from cli.home.settings.settings import Settings
from preservation.stores.registry import KINDS
from preservation.stores.setting import COMMON_KEYS, Key, keys_of
from scripts.manual_markdown import Cell, code, codes, table

_CHINESE = re.compile("[㐀-鿿]")
_KEY = message("设置", "key")
_DEFAULT = message("默认", "default")
_SAYS = message("含义", "what it says")
_SECTION = re.compile(r"\[([a-z-]+)\]")
_EXAMPLE = re.compile(r"# \[\[([a-z-]+)\.([a-z-]+)\]\]")
"""An example of a table of which there may be several; what stands above says what they are for."""
_EXAMPLE_KEY = re.compile(r"# ([a-z-]+) = .*?(?:  # (.*))?")
_OTHER_LANGUAGES = ("-en", "-hant")
"""How keys end that say the same as another one in another language."""


def settings(language: Language) -> str:
    """Every key but those of stores; raises ``KeyError`` for one that the settings file does not describe."""
    said, examples = said_of_keys(), said_of_examples()
    rows: list[tuple[Cell, ...]] = []
    for section, name, default in every_key():
        rows.append((code(f"[{section}]" if section else ""), code(name), code(_toml(default)), said[section, name]))
        place = f"{section}.{name}"
        for keys, words in examples.get(place, {}).items():
            rows.append((code(f"[[{place}]]"), codes(keys), code(_default(section, name, keys[0])), words))
    return table(language, (message("节", "table"), _KEY, _DEFAULT, _SAYS), rows)


def store_keys(language: Language) -> str:
    """Every key of a store, by the kinds that have it."""
    rows: list[tuple[Cell, ...]] = [_store_row(kind.kind.said, key) for kind in KINDS for key in keys_of(kind)]
    every = message("任何存储", "any store")
    rows += [_store_row(every, key) for key in COMMON_KEYS]
    return table(language, (message("种类", "kind"), _KEY, message("例", "example"), _SAYS), rows)


def _store_row(kind: Message, key: Key) -> tuple[Cell, ...]:
    shown = key.default if key.example is None else key.example
    return kind, code(key.name), code(_toml(shown)), key.said


def every_key() -> Iterator[tuple[str, str, object]]:
    """Yield section, key and default of every setting but those of stores; those in no section first, as the file has them."""
    yield from _keys(Settings(), "")


def _keys(part: BaseModel, section: str) -> Iterator[tuple[str, str, object]]:
    inner: list[tuple[str, BaseModel]] = []
    for field, info in type(part).model_fields.items():
        value, name = getattr(part, field), info.alias or field
        if isinstance(value, BaseModel):
            inner.append((name, value))
        elif name != "stores":
            yield section, name, value
    for name, value in inner:
        yield from _keys(value, name)


def _default(section: str, table: str, key: str) -> str:
    """Return the default of a key of a table of which there may be several, empty for one that has to be there."""
    kind = get_args(type(getattr(Settings(), section)).model_fields[table.replace("-", "_")].annotation)[0]
    field = kind.model_fields[key.replace("-", "_")]
    return "" if field.is_required() else _toml(field.default)


def said_of_examples() -> dict[str, dict[tuple[str, ...], Message]]:
    """Return what the settings file says of the keys of tables of which there may be several, by the tables.

    Keys that say the same in other languages stand with the one that they translate; raises ``KeyError`` for any other of
    which nothing is said.
    """
    said: dict[str, dict[tuple[str, ...], Message]] = {}
    here: dict[tuple[str, ...], Message] | None = None
    for line in DEFAULT_FILE.splitlines():
        if found := _EXAMPLE.fullmatch(line):
            here = said[f"{found[1]}.{found[2]}"] = {}
        elif here is not None and (key := _EXAMPLE_KEY.fullmatch(line)):
            if key[2]:
                here[(key[1],)] = _in_both([key[2]])
            elif key[1].endswith(_OTHER_LANGUAGES):
                keys = next(one for one in here if one[0] == key[1].rpartition("-")[0])
                here[(*keys, key[1])] = here.pop(keys)
            else:
                raise KeyError(key[1])
        elif not line.startswith("#"):
            here = None
    return said


def said_of_keys() -> dict[tuple[str, str], Message]:
    """Return what the settings file says of every key: the comment that stands above it, or above those before it."""
    said: dict[tuple[str, str], Message] = {}
    section, comment, is_fresh = "", [""], True
    for line in DEFAULT_FILE.splitlines():
        if found := _SECTION.fullmatch(line):
            section = found[1]
        elif found := _EXAMPLE.fullmatch(line):
            said[found[1], found[2]], is_fresh = _in_both(comment), True
        elif line.startswith("#"):
            comment, is_fresh = ([line[2:]] if is_fresh else [*comment, line[2:]]), False
        elif " = " in line:
            said[section, line.partition(" = ")[0]] = _in_both(comment)
            is_fresh = True
        else:
            is_fresh = True
    return said


def _in_both(comment: list[str]) -> Message:
    """Part a comment in two languages: a line at its middle dot, or by the language in which all of it stands."""
    told: dict[bool, list[str]] = {True: [], False: []}
    for line in comment:
        zh, dot, en = line.partition("·")
        parts = (zh, en) if dot and _CHINESE.search(zh) and not _CHINESE.search(en) else (line,)
        for part in parts:
            told[bool(_CHINESE.search(part))].append(part.strip())
    zh, en = (" ".join(told[one]).replace("{", "{{").replace("}", "}}") for one in (True, False))
    return Message(zh, en)


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{}"
    return json.dumps(value, ensure_ascii=False, default=str)
