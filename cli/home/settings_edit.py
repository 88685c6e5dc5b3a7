"""Changing the settings file as people wrote it: a store more, another due date; everything else stays as it stands."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Array

from archives.errors import ConflictError, NotFoundError, UsageProblem
from archives.message import message
from cli.home.settings import Settings, parse_settings
from preservation.stores.files import write_whole
from preservation.stores.registry import addresses, every_key, setting_for

_BLOCK = re.compile(r"^(?=(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*(?:\[|\Z))", re.MULTILINE)
"""Where a table's header begins, with the comments above it: they are the next table's, not the last one's."""


def edited_with_store(path: Path, settings: Settings, name: str, given: Mapping[str, object]) -> tuple[str, Settings]:
    """Return the text of the settings file with a new store in it, and what it says; writes nothing.

    ``given`` are keys of a store's settings; None and False are what nobody gave. With nothing given, a store that the
    settings name already stands as it is. Raises ``ConflictError`` when it is described anew, ``UsageProblem`` when
    nothing says where it is, or something is said that a store of its kind does not have.
    """
    text = _read(path)
    stated = {
        key.replace("_", "-"): _plain(value) for key, value in given.items() if value is not None and value is not False
    }
    if any(setting.name == name for setting in settings.stores):
        if stated:
            raise ConflictError(
                message("设置中已有存储“{name}”", "the settings name a store “{name}” already", name=name),
                subject=name,
                advice=message("请改设置文件，或换一个名称", "change the settings, or choose another name"),
            )
        return text, settings
    if stated.keys().isdisjoint(addresses()):
        options = [f"--{key}" for key in addresses()]
        either = message(" 或 ".join(options), " or ".join(options))
        raise UsageProblem(
            message("请用 {options} 指明位置", "say where it is with {options}", options=either), subject=name
        )
    if (kind := setting_for(stated)) and (foreign := stated.keys() - {key.name for key in every_key([kind])}):
        named = ", ".join(f"--{key}" for key in sorted(foreign))
        raise UsageProblem(
            message(
                "{options} 对{kind}没有意义", "{options} means nothing for {kind}", options=named, kind=kind.kind.said
            ),
            subject=name,
        )
    if "stores" not in settings.model_fields_set:
        for usual in settings.stores:
            text = with_store(text, {"name": usual.name, usual.kind.address: usual.address})
    text = with_store(text, {"name": name, **stated})
    return text, parse_settings(text, path)


def set_due(path: Path, name: str, due: date) -> None:
    """Put a new due date into the settings file, where the store is described; raises as ``with_due`` does."""
    text = with_due(_read(path), name, due)
    parse_settings(text, path)
    write_whole(path, text.encode("utf-8"), mode=0o600)


def with_store(text: str, stated: Mapping[str, object]) -> str:
    """Return the settings with one more store in them, after those that are there."""
    blocks = _blocks(text)
    for block in blocks:
        if isinstance(stores := block.get("stores"), Array):
            one = tomlkit.inline_table()
            one.update(stated)
            stores.append(one)
            return _joined(blocks)
    added = tomlkit.dumps({"stores": [stated]})
    return f"{text.rstrip()}\n\n{added}".lstrip()


def with_due(text: str, name: str, due: date) -> str:
    """Return the settings with another due date of a store; raises ``NotFoundError`` when they do not name it."""
    blocks = _blocks(text)
    for store in chain.from_iterable(block.get("stores", ()) for block in blocks):
        if store.get("name") == name:
            store["due"] = due
            return _joined(blocks)
    raise NotFoundError(
        message("设置文件中没有存储“{name}”", "the settings file names no store “{name}”", name=name), subject=name
    )


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _plain(value: object) -> object:
    return value.date() if isinstance(value, datetime) else value


def _blocks(text: str) -> list[tomlkit.TOMLDocument]:
    """Return the tables of a file one by one: read as one, stores that stand apart would be moved together."""
    try:
        return [tomlkit.parse(block) for block in _BLOCK.split(text)]
    except ParseError:  # a line of a text begins like a header
        return [tomlkit.parse(text)]


def _joined(blocks: list[tomlkit.TOMLDocument]) -> str:
    return "".join(map(tomlkit.dumps, blocks))
