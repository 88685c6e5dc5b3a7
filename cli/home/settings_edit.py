"""Changing the settings file as people wrote it: a store more, another due date; everything else stays as it stands."""

import json
from collections.abc import Mapping
from datetime import date

from archives.errors import ConflictError, UsageProblem
from archives.message import message
from cli.home.home import Home
from cli.home.settings import FILE_NAME, Settings, StoreSetting, parse_settings
from preservation.stores.files import write_whole


def with_store(home: Home, name: str, given: Mapping[str, object]) -> tuple[str, Settings]:
    """Return the text of the settings with the new store in it, and what it says."""
    path = home.folder / FILE_NAME
    text = path.read_text("utf-8")
    if any(setting.name == name for setting in home.settings.stores):
        if given:
            raise ConflictError(
                message("设置中已有存储“{name}”", "the settings name a store “{name}” already", name=name),
                subject=name,
                advice=message("请改设置文件，或换一个名称", "change the settings, or choose another name"),
            )
        return text, home.settings
    if not {"path", "url"} & given.keys():
        raise UsageProblem(
            message("请用 --path 或 --url 指明位置", "say where it is with --path or --url"), subject=name
        )
    block = "".join(f"{key} = {_toml(value)}\n" for key, value in {"name": name, **given}.items())
    text = f"{text.rstrip()}\n\n[[stores]]\n{block}"
    return text, parse_settings(text, path)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(str(value), ensure_ascii=False)


def set_due(home: Home, setting: StoreSetting, due: date) -> None:
    """Put a new due date into the settings, where the store is described."""
    path = home.folder / FILE_NAME
    blocks = path.read_text("utf-8").split("[[stores]]")
    for number, block in enumerate(blocks[1:], 1):
        lines = block.splitlines(keepends=True)
        if f'name = "{setting.name}"' not in (line.strip() for line in lines):
            continue
        place = next((i for i, line in enumerate(lines) if line.split("=")[0].strip() == "due"), None)
        if place is None:
            lines.insert(1, f"due = {due.isoformat()}\n")
        else:
            lines[place] = f"due = {due.isoformat()}\n"
        blocks[number] = "".join(lines)
    text = "[[stores]]".join(blocks)
    parse_settings(text, path)
    write_whole(path, text.encode("utf-8"), mode=0o600)
