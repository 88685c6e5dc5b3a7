"""Whether a home lies where its settings and the schedule of this machine say, and whether it lies anywhere else as well.

A home may be moved to another folder: what its settings name by relative paths moves with it. What they name by absolute
ones, and units that name the home, are looked for here.
"""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from archives.errors import StorageError
from archives.message import Message, listed, message
from cli import wiring
from cli.frame.listing import local_time
from cli.home.backup.copying import MARK, MOVE_UNFINISHED, move_command, moves_unfinished
from cli.home.backup.waiting import UNFINISHED, restore_again, restored_from
from cli.home.carried import goes_on_elsewhere, has_retired, to_carry, told_to_carry
from cli.home.home import Home
from cli.upkeep.duties import install_again, told_places_of_before
from cli.upkeep.unit_rights import is_shut_in, loosened_by, may_write
from preservation.journal.refusals import told_retired
from preservation.stores.store import MARKER

_APART = message("请把存储放在不同的磁盘上", "put the stores on different disks")

_OLD = timedelta(days=31)
_HOME = re.compile(r'"--home" "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Amiss:
    """Something that is not where it should be: a name for it, what is said, what to do."""

    name: str
    said: Message
    advice: Message


def amiss_of(home: Home, unit_folders: tuple[Path, ...]) -> tuple[Amiss, ...]:
    """Return what is amiss about the place of a home; nothing is changed."""
    return (
        *_restored(home),
        *_retired(home),
        *_to_carry(home),
        *_backup(home),
        *_settings(home),
        *(Amiss("devices", said, _APART) for said in device_warnings(home)),
        *_alarm(home),
        *_units(unit_folders),
        *_shut_out(home, unit_folders),
    )


def device_warnings(home: Home) -> list[Message]:
    """Return what is to be said of stores that would be lost together."""
    devices: dict[int, list[str]] = {}
    for setting in home.settings.stores:
        if (folder := setting.properties(home.folder).folder) is not None:
            devices.setdefault(wiring.device_of(folder), []).append(setting.name)
    return [
        message(
            "存储 {names} 在同一块设备上，设备一坏副本全失",
            "the stores {names} lie on one device: if it fails, all copies are lost",
            names=", ".join(names),
        )
        for names in devices.values()
        if len(names) > 1
    ]


def last_backup(home: Home) -> tuple[datetime, str] | None:
    """Return when a home was last backed up and to where, None where it says nothing of that."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        known = json.loads((home.folder / MARK).read_text("utf-8"))
        return datetime.fromisoformat(known["at"]), str(known["folder"])
    return None


def never_backed_up(home: Home) -> Message:
    """Return that a home was not backed up, since it was restored where that is what it was."""
    if (known := restored_from(home.folder)) and known.made_at:
        return message(
            "由 {at} 的备份恢复，此后没有备份过",
            "this home was restored from the backup of {at}, and not backed up since",
            at=local_time(known.made_at),
        )
    return message("此档案库没有备份", "this home was never backed up")


def _retired(home: Home) -> Iterator[Amiss]:
    if home.archive.memory.is_there and (since := home.archive.memory.retired_at):
        if (folder := moves_unfinished(home.folder)) is not None:
            again = message("请再运行一次 {command}", "run {command} again", command=move_command(folder))
            yield Amiss("moving", MOVE_UNFINISHED, again)
        yield Amiss(
            "retired",
            told_retired(since),
            message(
                "请在新的位置继续；没有在别处恢复的，运行 jinkui home resume",
                "go on where it was restored; if that was nowhere, run jinkui home resume",
            ),
        )


def _to_carry(home: Home) -> Iterator[Amiss]:
    """Yield that records were closed here of which nobody elsewhere knows."""
    try:
        known = to_carry(home.folder)
    except StorageError as unread:
        yield Amiss("closings", unread.message, message("请查看该文件", "look at the file"))
        return
    if known:
        yield Amiss("closings", *told_to_carry(home.folder, known, is_elsewhere=goes_on_elsewhere(home)))


def _backup(home: Home) -> Iterator[Amiss]:
    if has_retired(home):  # what goes on elsewhere is backed up there
        return
    advice = message("请运行 jinkui home backup 文件夹", "run jinkui home backup FOLDER")
    known = last_backup(home)
    if known is None:
        yield Amiss("backup", never_backed_up(home), advice)
        return
    at, folder = known
    if wiring.now() - at > _OLD:
        said = message(
            "上次备份作于 {at}：{folder}", "it was last backed up at {at}: {folder}", at=local_time(at), folder=folder
        )
        yield Amiss("backup", said, advice)


def _restored(home: Home) -> Iterator[Amiss]:
    """Yield that what is made from the stores was not made when the home was restored."""
    if (known := restored_from(home.folder)) and not known.is_finished:
        yield Amiss("restoring", UNFINISHED, restore_again(home.folder))


def _settings(home: Home) -> Iterator[Amiss]:
    """Yield what the settings name by absolute paths and is not there: files, and stores that moved along with the home."""
    settings, path = home.settings, str(home.folder / wiring.SETTINGS_FILE)
    named = {
        "[journal] checkpoints": settings.journal.checkpoints,
        "[journal] timestamp-ca": settings.journal.timestamp_ca,
        "[audit] metrics-file": str(Path(settings.audit.metrics_file).parent) if settings.audit.metrics_file else "",
        "[search] api-key-file": settings.search.api_key_file,
        "[search] ca-file": settings.search.ca_file,
        "[portal] public-key": settings.portal.public_key,
        **{f"{one.name}: credentials-file": getattr(one, "credentials_file", "") for one in settings.stores},
    }
    for key, text in named.items():
        if text and Path(text).is_absolute() and _is_nothing(Path(text)):
            yield Amiss(
                "settings",
                message("{key} 所指的 {path} 不存在", "what {key} names is not there: {path}", key=key, path=text),
                message("请改正 {path}", "mend {path}", path=path),
            )
    for store in settings.stores:
        folder = store.properties(home.folder).folder
        if folder is None or not _is_nothing(folder):
            continue
        for place in _below(home.folder, folder):
            if _is_store(place, store.name):
                yield Amiss(
                    f"store-{store.name}",
                    message(
                        "存储“{name}”现在在 {place}，设置写的是 {path}",
                        "the store “{name}” lies at {place} now, and the settings say {path}",
                        name=store.name,
                        place=str(place),
                        path=str(folder),
                    ),
                    message("请改正 {path}", "mend {path}", path=path),
                )
                break


def _is_nothing(path: Path) -> bool:
    """Say whether nothing stands at a path; of what may not be looked at nobody can say so."""
    try:
        return not path.exists()
    except OSError:
        return False


def _alarm(home: Home) -> Iterator[Amiss]:
    """Yield that the alarm command is not there: who waits for it would hear of nothing."""
    command = home.settings.audit.alarm_command
    if command and not shutil.which(command[0]):
        yield Amiss(
            "alarm-command",
            message(
                "报警命令不存在或不能运行：{command}",
                "the alarm command is not there, or cannot be run: {command}",
                command=command[0],
            ),
            message("请改正 jinkui.toml 中的 [audit] alarm-command", "mend alarm-command under [audit] in jinkui.toml"),
        )


def _below(home: Path, folder: Path) -> Iterator[Path]:
    """Yield where a folder would lie that moved along with the home: below it, with fewer and fewer of its parts."""
    parts = folder.parts[1:]
    for number in range(len(parts)):
        yield home.joinpath(*parts[number:])


def _is_store(place: Path, name: str) -> bool:
    with suppress(OSError, ValueError, KeyError, TypeError):
        return bool(json.loads((place / MARKER).read_bytes())["name"] == name)
    return False


def _units(folders: tuple[Path, ...]) -> Iterator[Amiss]:
    """Yield the homes that units or crontabs of ours name and that are not there any more."""
    gone: dict[str, list[str]] = {}
    for folder in folders:
        for path in sorted(folder.glob("jinkui-*")):
            with suppress(OSError):
                home = _home_of(path.read_text("utf-8", "replace"), is_unit=path.suffix == ".service")
                if home and not (Path(home) / wiring.SETTINGS_FILE).exists():
                    gone.setdefault(home, []).append(str(path))
    for home, files in gone.items():
        yield Amiss(
            "schedule",
            message(
                "定时单元所指的档案库不存在：{home}（{files}）",
                "units or crontab lines name a home that is not there: {home} ({files})",
                home=home,
                files=listed(files, most=2),
            ),
            message(
                "若它搬到了别处，在那里运行 jinkui schedule install；这些文件请停用并删除",
                "if it was moved, run jinkui schedule install there; disable these units and delete them",
            ),
        )


def _shut_out(home: Home, folders: tuple[Path, ...]) -> Iterator[Amiss]:
    """Yield the stores to which units of this home may not write, because they came or moved since; units not shut in."""
    found = _units_of(home, folders)
    units = [text for _, text in found]
    writing = [text for text in units if "\nReadWritePaths=" in text]
    places = ((one.name, one.properties(home.folder).folder) for one in home.settings.stores)
    outside = {name: place for name, place in places if place is not None and not place.is_relative_to(home.folder)}
    if shut := [name for name, place in outside.items() if not all(may_write(text, place) for text in writing)]:
        said = message(
            "定时单元不能写存储：{names}", "units of the schedule may not write to stores: {names}", names=listed(shut)
        )
        yield Amiss("schedule-places", said, told_places_of_before(home) or install_again(home.folder, found[0][0]))
    if not all(map(is_shut_in, units)):
        said = message("定时单元没有限制其权限", "units of the schedule are not shut in at all")
        yield Amiss("schedule-rights", said, install_again(home.folder, found[0][0]))


def told_loosened(home: Home, folders: tuple[Path, ...]) -> Message | None:
    """Return that services are shut in less because a setting runs a command of the operator's choice, None where none is."""
    settings = dict.fromkeys(chosen for _, text in _units_of(home, folders) if (chosen := loosened_by(text)))
    if not settings:
        return None
    return message(
        "定时单元运行 {settings}，因此少几项限制（可能要发邮件、写 /var）；单元中有说明",
        "units of the schedule run {settings} and are shut in less for it (it may send mail, write below /var): they say how",
        settings=listed(list(settings)),
    )


def _units_of(home: Home, folders: tuple[Path, ...]) -> list[tuple[Path, str]]:
    """Return the texts of the services of this home, each with the folder it lies in."""
    units = []
    for path in (path for folder in folders for path in sorted(folder.glob("jinkui-*.service"))):
        with suppress(OSError):
            text = path.read_text("utf-8", "replace")
            if _home_of(text, is_unit=True) == str(home.folder):
                units.append((path.parent, text))
    return units


def _home_of(text: str, *, is_unit: bool) -> str:
    """Return the home that a unit (systemd.syntax(7)) or a crontab names, empty for none."""
    if is_unit:
        found = _HOME.search(text)
        return re.sub(r"\\(.)", r"\1", found[1]).replace("%%", "%") if found else ""
    for line in text.splitlines():
        if " --home " in line:
            with suppress(ValueError):
                words = shlex.split(line.replace("\\%", "%"))
                return words[words.index("--home") + 1]
    return ""
