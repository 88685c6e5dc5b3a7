"""Commands about what runs on schedule: shows or writes systemd units, or a crontab."""

from pathlib import Path
from typing import Annotated

from rich.text import Text

from archives.errors import (
    ConfigurationError,
    ConflictError,
    NotFoundError,
    RefusedError,
    StorageError,
    ToolError,
    ToolMissingError,
    UsageProblem,
)
from archives.message import Message, listed, message
from archives.text.harmless import harmless
from cli import wiring
from cli.commands.shared import Yes
from cli.frame.commands import Call, command
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.carried import retired_since
from cli.home.home import home_of
from cli.home.settings.reading import read_settings
from cli.home.settings.settings import Settings
from cli.upkeep.duties import how_to_remove, how_to_schedule, installed_schedules, what_lacks
from cli.upkeep.schedule_units import Installation, crontab, crontab_name, is_as_written, runnable, systemd_units
from preservation.actions.overview.duties import Runs
from preservation.journal.refusals import retired
from preservation.stores.files import READABLE, require_place, write_whole

_WITHOUT_RIGHTS = message(
    "为整台机器安装须由管理员运行（sudo）；没有管理员权限的，用 jinkui schedule install --user",
    "for the whole machine root installs it (sudo); without root run jinkui schedule install --user",
)
_WITHOUT_CRON_RIGHTS = message(
    "写 /etc/cron.d 须由管理员运行（sudo）；没有管理员权限的，把 jinkui schedule show --user --cron 的输出放入 crontab -e",
    "root alone writes to /etc/cron.d (sudo); without root put what jinkui schedule show --user --cron prints into crontab -e",
)
_User = Annotated[
    bool, Option(message("装入本人的 systemd，不用管理员权限", "for the user's own systemd, without root"))
]
_Cron = Annotated[bool, Option(message("用 cron，不用 systemd", "for cron instead of systemd"))]


@command(example="jinkui schedule show --user", exits=(ConfigurationError, NotFoundError))
def show_schedule(call: Call, *, user: _User = False, cron: _Cron = False) -> Result:
    """Print the units or the crontab lines, and write nothing."""
    texts = _texts(call, user=user, cron=cron)
    lines: list[Message | Text] = []
    for name, text in texts.items():
        if not cron:
            lines.append(Text(f"# {name}", style="bold"))
        lines.append(Text(harmless(text)))
    return Result({"files": texts}, lines=tuple(lines))


@command(
    example="jinkui schedule install --user",
    exits=(ConfigurationError, NotFoundError, RefusedError, ConflictError, ToolError, StorageError),
)
def install_schedule(
    call: Call,
    *,
    user: _User = False,
    cron: _Cron = False,
    into: Annotated[Path | None, Option(message("写入此文件夹", "write into this folder"), is_folder=True)] = None,
    yes: Yes = False,
) -> Result:
    """Write the units or the crontab where they belong; what somebody edited is only replaced when told to."""
    if user and cron and not into:
        raise UsageProblem(
            message("个人的 crontab 不由本命令改动", "a person's own crontab is not changed by this command"),
            subject="--cron",
            advice=message(
                "请用 jinkui schedule show --user --cron 的输出执行 crontab -e",
                "put what jinkui schedule show --user --cron prints into it with crontab -e",
            ),
        )
    texts = _texts(call, user=user, cron=cron)
    folder = into or (wiring.CRON_FOLDER if cron else wiring.user_unit_folder() if user else wiring.SYSTEM_UNITS)
    _require_alone(call.home, folder)
    lacking = what_lacks(is_unit=not cron)
    if lacking and not into:
        raise _never_begun(lacking)
    if user and not into:
        folder.mkdir(parents=True, exist_ok=True)
    require_place(folder / "jinkui.unit")
    _require_unedited(folder, texts, yes=yes)
    written = [name for name, text in texts.items() if _read(folder / name) != text]
    try:
        for name in written:
            write_whole(folder / name, texts[name].encode("utf-8"), mode=READABLE)
    except StorageError as failure:
        failure.advice = failure.advice or (_WITHOUT_CRON_RIGHTS if cron else _WITHOUT_RIGHTS)
        raise
    if wiring.is_own(call.home):  # another account, such as root's, must leave nothing of its own in the home
        Runs(home_of(call).work).installed(str(folder.absolute()), now=wiring.now())
    said = message(
        "写了 {n} 个文件到 {folder}", "wrote {n} {n:file|files} to {folder}", n=len(written), folder=str(folder)
    )
    commands = [] if cron or lacking else _next_commands(texts, user=user)
    lines: list[Message | Text] = [said]
    if lacking:
        lines.append(
            message(
                "注意：{lacking}，不会有什么来运行它们", "note: {lacking}, nothing begins them here", lacking=lacking
            )
        )
    elif commands:
        lines.append(message("接着请运行：", "now run:"))
        lines += [Text("  " + command) for command in commands]
    return Result({"folder": str(folder), "written": written, "next": commands}, lines=tuple(lines))


def _texts(call: Call, *, user: bool, cron: bool) -> dict[str, str]:
    """Return what is to be written; raises ``ConfigurationError`` for a home that was moved away: it has no jobs any more."""
    settings = read_settings(call.home)
    if since := retired_since(call.home):
        raise retired(since)
    installation = Installation(
        program=wiring.program(),
        home=call.home,
        writable=_writable(call.home, settings),
        user="" if user else wiring.owner_of(call.home),
        own_alarm=bool(settings.audit.alarm_command),
        own_checkpoint=bool(settings.journal.checkpoint_command),
        site_reads=_site_reads(call.home, settings),
    )
    return {crontab_name(installation): crontab(installation)} if cron else systemd_units(installation)


def _site_reads(home: Path, settings: Settings) -> tuple[Path, ...]:
    search = settings.search
    keys = (search.reader_api_key_file or search.api_key_file, search.ca_file, settings.portal.public_key)
    return (home / wiring.SETTINGS_FILE, *(home / key for key in keys if key))


def _writable(home: Path, settings: Settings) -> tuple[Path, ...]:
    places = [folder for store in settings.stores if (folder := store.properties(home).folder) is not None]
    places.append(home / settings.journal.checkpoints)
    if settings.audit.metrics_file:
        places.append((home / settings.audit.metrics_file).parent)
    return tuple(place for place in places if not place.is_relative_to(home))


def _require_alone(home: Path, folder: Path) -> None:
    """Raise ``ConflictError`` where a schedule of the home lies in another of the usual places: each would begin every job.

    What is written anywhere else is only looked at, or carried elsewhere.
    """
    usual = [place.resolve() for place in wiring.unit_folders(home)]
    others = [one for one in installed_schedules(home) if one.parent.resolve() != folder.resolve()]
    if folder.resolve() in usual and others:
        raise ConflictError(
            message(
                "{places} 中已有此档案库的定时任务：有两份会把每项工作做两次，没有写任何文件",
                "a schedule of this home lies in {places} already: with two every job is begun twice; nothing was written",
                places=listed([str(one.parent) for one in others]),
            ),
            subject=str(folder),
            advice=message(
                "请先停用并删除那一份（用户自己的，由该用户运行）：{remove}",
                "take that one away first (a user's own as that user): {remove}",
                remove=how_to_remove(others, home),
            ),
        )


def _never_begun(lacking: Message) -> ToolMissingError:
    """Return that nothing on this machine would ever begin a schedule, which is therefore not written."""
    return ToolMissingError(
        message(
            "{lacking}：定时任务永远不会运行，没有写任何文件",
            "{lacking}: the schedule would never begin anything; nothing was written",
            lacking=lacking,
        ),
        advice=message(
            "{instead}；为别的机器准备的，用 --into 文件夹",
            "{instead}; for another machine, write it --into FOLDER",
            instead=how_to_schedule(),
        ),
    )


def _require_unedited(folder: Path, texts: dict[str, str], *, yes: bool) -> None:
    edited = []
    for name, text in texts.items():
        stands = _read(folder / name)
        if stands is not None and stands != text and not is_as_written(stands):
            edited.append(name)
    if edited and not yes:
        raise RefusedError(
            message(
                "{names} 已被人改过，没有写任何文件", "{names} was edited; nothing was written", names=", ".join(edited)
            ),
            subject=str(folder),
            advice=message("确要替换请加 --yes", "add --yes to replace it all the same"),
        )


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return None


def _next_commands(texts: dict[str, str], *, user: bool) -> list[str]:
    manager = ["systemctl", "--user"] if user else ["systemctl"]
    timers = [name for name in texts if name.endswith(".timer")]
    commands = [runnable([*manager, "daemon-reload"]), runnable([*manager, "enable", "--now", *timers])]
    if user:
        commands.append(runnable(["loginctl", "enable-linger"]))
    return commands
