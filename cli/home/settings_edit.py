"""Changing the settings file as people wrote it: a store more, less, elsewhere, another due date; all else stays as it stands."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Array

from archives.errors import ConflictError, NotFoundError, UsageProblem
from archives.message import message
from cli import wiring
from cli.home.default_settings import DEFAULT_FILE
from cli.home.settings.reading import parse_settings
from cli.home.settings.settings import Settings
from preservation.stores.files import write_whole
from preservation.stores.registry import KINDS, addresses, every_key, setting_for
from preservation.stores.setting import NAMES, may_be_called

_BLOCK = re.compile(r"^(?=(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*(?:\[|\Z))", re.MULTILINE)
"""Where a table's header begins, with the comments above it: they are the next table's, not the last one's."""
_ABOVE = re.compile(r"(?:[ \t]*(?:#.*)?\r?\n)*")


def edited_with_store(path: Path, settings: Settings, name: str, given: Mapping[str, object]) -> tuple[str, Settings]:
    """Return the text of the settings file with a new store in it, and what it says; writes nothing.

    ``given`` are keys of a store's settings; None and False are what nobody gave. With nothing given, a store that the
    settings name already stands as it is. Raises ``ConflictError`` when it is described anew, ``UsageProblem`` when
    nothing says where it is, or something is said that a store of its kind does not have.
    """
    text, stated = _read(path), _stated(given)
    if any(setting.name == name for setting in settings.stores):
        if stated:
            raise ConflictError(
                message("设置中已有存储“{name}”", "the settings name a store “{name}” already", name=name),
                subject=name,
                advice=message(
                    "磁盘坏了、要换位置的，请用 jinkui store replace {name}；否则请换一个名称",
                    "where it is lost and another place is to be it, run jinkui store replace {name}; else choose another name",
                    name=name,
                ),
            )
        return text, settings
    _require_place(stated, name)
    text = _with_usual(text, settings)
    text = with_store(text, {"name": name, **stated})
    return text, parse_settings(text, path)


def edited_with_another_place(
    path: Path, settings: Settings, name: str, given: Mapping[str, object]
) -> tuple[str, Settings]:
    """Return the text of the settings file in which a store lies in another place, and what it says; writes nothing.

    With nothing given it stays as it is. What a store of the new place's kind does not have is left out; a store that the
    settings do not name is added. Raises as ``edited_with_store`` does.
    """
    stated = _stated(given)
    known = next((setting for setting in settings.stores if setting.name == name), None)
    if known is None:
        return edited_with_store(path, settings, name, given)
    place = {known.kind.address: known.address} if stated.keys().isdisjoint(addresses()) else {}
    _require_place({**place, **stated}, name)
    kind = setting_for({**place, **stated})
    has = {key.name for key in every_key([kind])} if kind else stated.keys()
    dropped = {key.name for key in every_key()} - has
    text = with_changes(_with_usual(_read(path), settings), name, stated, without=dropped)
    return text, parse_settings(text, path)


def edited_without_store(path: Path, settings: Settings, name: str, *, copies: int | None) -> tuple[str, Settings]:
    """Return the text of the settings file without a store, and what it says; writes nothing.

    ``copies`` is how many copies are promised from then on, None for what stands there.
    """
    text = _with_usual(_read(path), settings)
    text = without_store(text, name)
    if copies is not None:
        text = with_number(text, "copies", copies)
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
    return with_changes(text, name, {"due": due})


def with_changes(text: str, name: str, stated: Mapping[str, object], *, without: Collection[str] = ()) -> str:
    """Return the settings in which a store has other values, and keys of ``without`` no more; raises ``NotFoundError``."""
    blocks = _blocks(text)
    for store in chain.from_iterable(block.get("stores", ()) for block in blocks):
        if store.get("name") == name:
            for key in [key for key in without if key in store]:
                del store[key]
            store.update(stated)
            return _joined(blocks)
    raise NotFoundError(
        message("设置文件中没有存储“{name}”", "the settings file names no store “{name}”", name=name),
        subject=name,
        advice=message("有哪些存储见 jinkui store list", "jinkui store list says which there are"),
    )


def places_of(given: Sequence[str]) -> dict[str, str]:
    """Return where stores are by their names, of words like NAME=PLACE; raises ``UsageProblem``."""
    places = {}
    for one in given:
        name, equals, place = one.partition("=")
        if not (name and equals and place):
            raise UsageProblem(message("--store 应写成 名称=位置", "--store is written NAME=PLACE"), subject=one)
        places[name] = place if "://" in place else str(Path(place).absolute())
    return places


def begin_settings(folder: Path, places: Mapping[str, str]) -> None:
    """Write the settings of a home of which nothing is left but stores in these places.

    Settings that name the same places stay. Raises ``ConflictError`` where there are others.
    """
    path = folder / wiring.SETTINGS_FILE
    if path.exists():
        there = {one.name: one.address for one in parse_settings(_read(path), path).stores}
        if {name: at if "://" in at else str(folder.absolute() / at) for name, at in there.items()} == {**places}:
            return
        said = message("设置文件已在：{path}", "there are settings already: {path}", path=str(path))
        advice = message("请在其中改正存储的位置", "mend the places of the stores in it")
        raise ConflictError(said, subject=str(path), advice=advice)
    text = DEFAULT_FILE
    usual = parse_settings(text, path)
    for store in usual.stores:
        text = without_store(text, store.name)
    for name, place in places.items():
        text = with_place(text, usual.model_copy(update={"stores": ()}), name, place)
    parse_settings(text, path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, text.encode("utf-8"), mode=0o600)


def with_place(text: str, settings: Settings, name: str, place: str) -> str:
    """Return the settings with another place of a store; one that they do not name is added to them."""
    if "stores" not in settings.model_fields_set:
        for usual in settings.stores:
            text = with_store(text, {"name": usual.name, usual.kind.address: usual.address})
    blocks = _blocks(text)
    for store in chain.from_iterable(block.get("stores", ()) for block in blocks):
        if store.get("name") == name:
            address = next(one.kind.address for one in settings.stores if one.name == name)
            store[address] = place
            return _joined(blocks)
    address = next(kind.kind.address for kind in reversed(KINDS) if place.startswith(kind.kind.begins))
    return with_store(text, {"name": name, address: place})


def without_store(text: str, name: str) -> str:
    """Return the settings without a store; comments above it stay. Where they do not name it they are as they were."""
    blocks = _blocks(text)
    for number, block in enumerate(blocks):
        stores = block.get("stores", ())
        found = next((place for place, one in enumerate(stores) if one.get("name") == name), None)
        if found is None:
            continue
        if isinstance(stores, Array) or len(stores) > 1:
            del stores[found]
            return _joined(blocks)
        above = _ABOVE.match(tomlkit.dumps(block))
        rest = [tomlkit.dumps(one) for one in blocks]
        rest[number] = above[0] if above else ""
        return "".join(rest)
    return text


def with_number(text: str, key: str, number: int) -> str:
    """Return the settings in which a number at the top of the file is another one: ``copies``, ``minimum-copies``."""
    blocks = _blocks(text)
    if key not in blocks[0]:
        return f"{key} = {number}\n{text}"
    blocks[0][key] = number
    return _joined(blocks)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig")


def _stated(given: Mapping[str, object]) -> dict[str, object]:
    """Return what somebody gave of a store, as the settings spell it."""
    return {
        key.replace("_", "-"): _plain(value) for key, value in given.items() if value is not None and value is not False
    }


def _require_place(stated: Mapping[str, object], name: str) -> None:
    """Raise ``UsageProblem`` for a name that none has, unless one thing says where it is, or for what its kind does not have."""
    if not may_be_called(name):
        raise UsageProblem(NAMES, subject=name)
    if len(stated.keys() & {*addresses()}) != 1:
        options = [f"--{key}" for key in addresses()]
        either = message(" 或 ".join(options), " or ".join(options))
        raise UsageProblem(
            message("请用 {options} 之一指明位置", "say where it is with one of {options}", options=either),
            subject=name,
        )
    if (kind := setting_for(stated)) and (foreign := stated.keys() - {key.name for key in every_key([kind])}):
        named = ", ".join(f"--{key}" for key in sorted(foreign))
        raise UsageProblem(
            message(
                "{options} 对{kind}没有意义", "{options} means nothing for {kind}", options=named, kind=kind.kind.said
            ),
            subject=name,
        )


def _with_usual(text: str, settings: Settings) -> str:
    """Return the settings with the usual stores in them, where they stood for themselves until now."""
    if "stores" not in settings.model_fields_set:
        for usual in settings.stores:
            text = with_store(text, {"name": usual.name, usual.kind.address: usual.address})
    return text


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
