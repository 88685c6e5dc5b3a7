"""The command that looks whether everything is there that the archive needs."""

from collections.abc import Mapping, Sequence

from archives.errors import (
    ConfigurationError,
    JinkuiError,
    NotFoundError,
    SearchError,
    StorageError,
    ToolError,
    worst_exit_code,
)
from archives.message import Message, joined, message
from cli import wiring
from cli.commands import shared
from cli.commands.archive.checks import LOOKS, MISSING, OK, UNSEEN, WARNING, Check, store_checks
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.default_settings import DEFAULT_FILE
from cli.home.home import Home, home_of
from cli.home.indexes import AUDIENCES
from cli.home.settings.reading import parse_settings
from formats.processes import confinement
from formats.processes.children import ChildExecutor
from formats.processes.trial import try_out
from ingest.page.ocr.engine import engine_for
from preservation.handouts.fonts import chinese_font
from preservation.stores.presence import Presence

_TRIAL_SECONDS = 60.0


_STATES = {
    OK: message("正常", "ok"),
    WARNING: message("注意", "warning"),
    MISSING: message("缺失", "missing"),
    UNSEEN: message("未能查看", "could not look"),
    **{one.value: one.said for one in Presence if not one.takes_copies},
}
_FIELDS: tuple[Field[Check], ...] = (
    Field("name", message("项目", "check"), lambda one: one.name),
    Field("state", message("状态", "state"), lambda one: one.state, lambda one: _STATES[one.state]),
    Field("message", message("说明", "what"), lambda one: one.said),
    Field("advice", message("建议", "advice"), lambda one: one.advice),
)


@command(example="jinkui doctor", exits=(*shared.LOOKS, ToolError, SearchError, FINDINGS))
def doctor(call: Call) -> Result:
    """Check what is installed and set; nothing is changed. Where there is no archive yet, what is installed is told all the same."""
    try:
        home = home_of(call)
    except (NotFoundError, ConfigurationError) as none:
        usual = parse_settings(DEFAULT_FILE, call.home / wiring.SETTINGS_FILE)
        with Home(call.home, usual, call.output) as unfounded:
            confined, others = _confinement_check(unfounded), _installed(unfounded)
        name = "archive" if isinstance(none, NotFoundError) or none.subject == str(call.home) else "settings"
        missing = [Check(name, MISSING, none.message, none.advice)]
        if name == "settings":
            missing.append(Check("archive", UNSEEN, message("设置改正后才能查看", "looked at when that is mended")))
        return _answer([*missing, *others, confined], confined, {one.name: none.exit_code for one in missing})
    confined = _confinement_check(home)
    checks, codes = [*_installed(home), confined], {f"index-{name}": SearchError.exit_code for name in AUDIENCES}
    unseen: dict[str, tuple[JinkuiError, list[Message]]] = {}
    for what, look in LOOKS:
        try:
            found = list(look(home))
        except JinkuiError as failure:
            unseen.setdefault(str(failure.with_advice), (failure, []))[1].append(what)
        else:
            checks += found
            codes.update((one.name, StorageError.exit_code) for one in found if look is store_checks)
    for number, (why, names) in enumerate(unseen.values(), 1):
        said = message("{what}：{why}", "{what}: {why}", what=joined(names), why=why.message)
        checks.append(Check(f"not-looked-at-{number}", UNSEEN, said, why.advice))
        codes[f"not-looked-at-{number}"] = why.exit_code
    return _answer(checks, confined, codes)


def _answer(checks: Sequence[Check], confined: Check, codes: Mapping[str, int]) -> Result:
    """Return the checks; what is missing ends with its own code of ``codes``, else with that of a tool."""
    table, data = listing(message("检查", "checks"), _FIELDS, checks)
    lacking = [one for one in checks if one.state not in (OK, WARNING)]
    found = [FINDINGS.code if one is confined else codes.get(one.name, ToolError.exit_code) for one in lacking]
    return Result({"checks": data}, (table,), exit_code=worst_exit_code(found))


def _installed(home: Home) -> list[Check]:
    """Return what is to be said of what reads pages and draws letters, whatever archive there is."""
    checks: list[Check] = []
    for language in ("zh-Hans", "en"):
        engine = engine_for(language, home.ocr)
        missing = engine.missing(language)
        said = missing or message("{name} 可用", "{name} is ready", name=engine.name)
        checks.append(Check(f"ocr-{language}", "warning" if missing else "ok", said, missing))
    if chinese_font() is None:
        said = message(
            "没有中文字体，销毁清册和各种目录只能写成 XLSX",
            "no Chinese font: registers of destruction and lists are XLSX only",
        )
        advice = message("请安装 fonts-noto-cjk", "install fonts-noto-cjk")
        checks.append(Check("font", "warning", said, advice))
    return checks


def _confinement_check(home: Home) -> Check:
    """Try in a child what a decoder that was taken over would try, and say what holds it."""
    try:
        with ChildExecutor(1, timeout_seconds=_TRIAL_SECONDS, confined=home.confinement()) as children:
            possible = children.submit(try_out, str(home.folder / wiring.SETTINGS_FILE)).result()
    except ToolError as failure:
        return Check("confinement", "missing", failure.message, failure.advice)
    if not possible:
        return Check("confinement", "ok", confinement.told())
    said = message(
        "打开来件的进程仍能：{what}（{how}）",
        "what opens the files of others can still do this: {what} ({how})",
        what=possible[0],
        how=confinement.told(),
    )
    advice = message(
        "请换用带 seccomp 和 Landlock 的内核（5.13 以上）", "use a kernel with seccomp and Landlock (5.13 or newer)"
    )
    return Check("confinement", "missing", said, advice)
