"""The command that looks whether everything is there that the archive needs."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from archives.errors import ConfigurationError, NotFoundError, SearchError, StorageError, ToolError, worst_exit_code
from archives.journal.chain import Entry
from archives.message import Message, message
from cli import wiring
from cli.commands.archive.keys import NOT_EXPORTED
from cli.commands.shared import LOOKS
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.carried import has_retired
from cli.home.default_settings import DEFAULT_FILE
from cli.home.home import Home, home_of
from cli.home.indexes import AUDIENCES, amiss_in
from cli.home.settings.reading import parse_settings
from cli.upkeep.duties import (
    NO_SCHEDULE,
    command_of,
    duties_of,
    how_to_schedule,
    is_scheduled,
    told,
    told_on_time,
    told_schedules,
)
from cli.upkeep.index_stands import stands_of
from cli.upkeep.reach import reached_by_others, told_published
from cli.upkeep.whereabouts import amiss_of, told_loosened
from formats.processes import confinement
from formats.processes.children import ChildExecutor
from formats.processes.trial import try_out
from ingest.page.ocr.engine import engine_for
from preservation.actions.disposal.dispose import FORMER_KEYS
from preservation.actions.journal.keys import key_state
from preservation.actions.journal.proofs import read_proofs
from preservation.handouts.fonts import chinese_font
from preservation.journal.refusals import STORES_ARE_AHEAD, signed_by_another
from preservation.stores.presence import Presence, presence_of
from preservation.stores.promise import told_amiss
from preservation.vault.founding import has_own_program

_TRIAL_SECONDS = 60.0


class _Check(NamedTuple):
    name: str
    state: str
    said: Message
    advice: Message | None = None


_OLDER_PROGRAM = message(
    "restore.py 由另一版本写成，可能不懂较新的信息包",
    "restore.py is of another version, and may not know what newer packages are",
)
_UPGRADE = message("请运行 jinkui upgrade", "run jinkui upgrade")
_OK, _WARNING, _MISSING = "ok", "warning", "missing"
_STATES = {
    _OK: message("正常", "ok"),
    _WARNING: message("注意", "warning"),
    _MISSING: message("缺失", "missing"),
    **{one.value: one.said for one in Presence if not one.takes_copies},
}
_FIELDS: tuple[Field[_Check], ...] = (
    Field("name", message("项目", "check"), lambda one: one.name),
    Field("state", message("状态", "state"), lambda one: one.state, lambda one: _STATES[one.state]),
    Field("message", message("说明", "what"), lambda one: one.said),
    Field("advice", message("建议", "advice"), lambda one: one.advice),
)


@command(example="jinkui doctor", exits=(*LOOKS, ToolError, SearchError, FINDINGS))
def doctor(call: Call) -> Result:
    """Check what is installed and set; nothing is changed. Where there is no archive yet, what is installed is told all the same."""
    try:
        home = home_of(call)
    except NotFoundError as none:
        usual = parse_settings(DEFAULT_FILE, call.home / wiring.SETTINGS_FILE)
        with Home(call.home, usual, call.output) as unfounded:
            confined, others = _confinement_check(unfounded), _installed(unfounded)
        missing = _Check("archive", "missing", none.message, none.advice)
        return _answer([missing, *others, confined], confined, {missing.name: none.exit_code})
    confined, of_stores = _confinement_check(home), _store_checks(home)
    checks = [*_installed(home), confined, *of_stores, *_key_check(home), *_duty_checks(home), *_majority_warning(home)]
    names = [one.name for one in home.vault.stores]
    set_copies = message("请改正 jinkui.toml", "mend jinkui.toml")
    checks += [_Check("copies", "warning", said, set_copies) for said in told_amiss(home.vault.promise, names)]
    checks += _keys_in_the_home(home)
    said, advice = told_published(home)
    checks += [*_open_to_others(home), _Check("published", "warning" if advice else "ok", said, advice)]
    folders = wiring.unit_folders(home.folder)
    checks += [_Check(one.name, "warning", one.said, one.advice) for one in amiss_of(home, folders)]
    if told := told_loosened(home, folders):
        checks.append(_Check("schedule-rights", "ok", told))
    checks += [*_index_checks(home)]
    codes = {f"index-{name}": SearchError.exit_code for name in AUDIENCES}
    return _answer(checks, confined, {**codes, **{one.name: StorageError.exit_code for one in of_stores}})


def _answer(checks: Sequence[_Check], confined: _Check, codes: Mapping[str, int]) -> Result:
    """Return the checks; what is missing ends with its own code of ``codes``, else with that of a tool."""
    table, data = listing(message("检查", "checks"), _FIELDS, checks)
    lacking = [one for one in checks if one.state not in (_OK, _WARNING)]
    found = [FINDINGS.code if one is confined else codes.get(one.name, ToolError.exit_code) for one in lacking]
    return Result({"checks": data}, (table,), exit_code=worst_exit_code(found))


def _installed(home: Home) -> list[_Check]:
    """Return what is to be said of what reads pages and draws letters, whatever archive there is."""
    checks: list[_Check] = []
    for language in ("zh-Hans", "en"):
        engine = engine_for(language, home.ocr)
        missing = engine.missing(language)
        said = missing or message("{name} 可用", "{name} is ready", name=engine.name)
        checks.append(_Check(f"ocr-{language}", "warning" if missing else "ok", said, missing))
    if chinese_font() is None:
        said = message(
            "没有中文字体，销毁清册和各种目录只能写成 XLSX",
            "no Chinese font: registers of destruction and lists are XLSX only",
        )
        advice = message("请安装 fonts-noto-cjk", "install fonts-noto-cjk")
        checks.append(_Check("font", "warning", said, advice))
    return checks


def _confinement_check(home: Home) -> _Check:
    """Try in a child what a decoder that was taken over would try, and say what holds it."""
    try:
        with ChildExecutor(1, timeout_seconds=_TRIAL_SECONDS, confined=home.confinement()) as children:
            possible = children.submit(try_out, str(home.folder / wiring.SETTINGS_FILE)).result()
    except ToolError as failure:
        return _Check("confinement", "missing", failure.message, failure.advice)
    if not possible:
        return _Check("confinement", "ok", confinement.told())
    said = message(
        "打开来件的进程仍能：{what}（{how}）",
        "what opens the files of others can still do this: {what} ({how})",
        what=possible[0],
        how=confinement.told(),
    )
    advice = message(
        "请换用带 seccomp 和 Landlock 的内核（5.13 以上）", "use a kernel with seccomp and Landlock (5.13 or newer)"
    )
    return _Check("confinement", "missing", said, advice)


def _store_checks(home: Home) -> list[_Check]:
    """Return what is to be said of each store; a sealed set that is not due may be away."""
    promised = home.reading.anchors.stores
    checks: list[_Check] = []
    for setting, store in zip(home.settings.stores, home.vault.stores, strict=True):
        seen = presence_of(store, promised.get(store.name))
        where = message("{path}", "{path}", path=setting.properties(home.folder).where)
        sealed = store.name in home.vault.promise.sealed
        state = _OK if seen.takes_copies or (sealed and not seen.is_there) else seen.presence.value
        what, advice = (where, None) if state == _OK else (seen.reason or where, seen.advice)
        checks.append(_Check(f"store-{store.name}", state, what, advice))
        if store.name in promised and not has_own_program(promised[store.name]):
            checks.append(_Check(f"restore-program-{store.name}", "warning", _OLDER_PROGRAM, _UPGRADE))
    for name in promised.keys() - {store.name for store in home.vault.stores}:
        said = message(
            "日志中有存储“{name}”，设置中没有", "the journal knows a store “{name}”, the settings do not", name=name
        )
        advice = message(
            "仍在用的，运行 jinkui store add {name} --path …；不再用的，运行 jinkui store retire {name}",
            "run jinkui store add {name} --path … where it lies, or jinkui store retire {name} where it left for good",
            name=name,
        )
        checks.append(_Check(f"store-{name}", "warning", said, advice))
    return checks


def _key_check(home: Home) -> list[_Check]:
    """Return what is to be said of the key that signs the journal."""
    if home.vault.ledger.is_of_another:
        of_another = signed_by_another()
        return [_Check("journal", "missing", of_another.message, of_another.advice)]
    if not home.archive.memory.is_there:
        said = message("日志尚未签章", "the journal is not signed yet")
        return [_Check("journal", "warning", said, _UPGRADE)]
    if home.vault.ledger.is_behind() and not home.archive.memory.retired_at:
        return [_Check("journal", "missing", STORES_ARE_AHEAD)]
    try:
        state = key_state(home.archive)
    except ConfigurationError as unusable:
        return [_Check("key", "missing", unusable.message, unusable.advice)]
    name = message("{name}", "{name}", name=state.name)
    first = _Check("key", "ok", name) if state.is_exported else _Check("key", "warning", name, NOT_EXPORTED)
    proofs = read_proofs(home.archive)
    advice = message("jinkui key review 列出须复查的条目", "jinkui key review lists what is to be looked at")
    begun = [
        _Check("key-begun-anew", "warning", _told(entry), advice if entry in proofs.keys_begun_anew else None)
        for entry in (*proofs.begun_anew, *proofs.keys_begun_anew)
    ]
    return [first, *begun]


def _duty_checks(home: Home) -> list[_Check]:
    """Warn of what did not come to its end though it was due, and where nothing or too much is on schedule of that."""
    if wrong := told_schedules(home):
        return [_Check("schedule", "warning", *wrong)]
    if has_retired(home):
        return []
    states = duties_of(home)
    late = [one for one in states if one.is_overdue]
    checks = [_Check(f"duty-{one.duty.name}", "warning", told(one), _run(command_of(one.duty.name))) for one in late]
    if not is_scheduled(states):
        checks.append(_Check("schedule", "warning", NO_SCHEDULE, how_to_schedule()))
    elif not late:
        checks.append(_Check("schedule", "ok", told_on_time(states)))
    return checks


def _run(command: str) -> Message:
    return message("请运行 {command}", "run {command}", command=command)


def _told(entry: Entry) -> Message:
    return message("日志第 {n} 条：{said}", "entry {n}: {said}", n=entry.sequence, said=entry.fact.said())


def _keys_in_the_home(home: Home) -> list[_Check]:
    """Warn of persons' keys that earlier software kept below the home."""
    left = sorted(path.name for path in (home.folder / FORMER_KEYS).glob("*"))
    if not left:
        return []
    said = message(
        "档案库中有个人私钥：{names}", "persons' private keys lie in the home: {names}", names=", ".join(left)
    )
    advice = message(
        "请交本人保管，并从 keys/persons 删除", "give them to their owners and delete them from keys/persons"
    )
    return [_Check("persons-keys", "warning", said, advice)]


def _open_to_others(home: Home) -> list[_Check]:
    """Warn of what other accounts of this machine can reach in the home, but for what is published, and in stores."""
    if not (reached := reached_by_others(home)):
        return []
    said = message("其他账户可以读取：{paths}", "other accounts can read: {paths}", paths=", ".join(reached))
    advice = message(
        "请运行 chmod go= {home}，存储的文件夹也一样",
        "run chmod go= {home}, and the same for the folders of stores",
        home=str(home.folder),
    )
    return [_Check("permissions", "warning", said, advice)]


def _majority_warning(home: Home) -> list[_Check]:
    """Warn when two halves of the stores could each take the journal on while the other is away."""
    minimum, stores = home.vault.promise.minimum, len(home.vault.stores)
    if 2 * minimum > stores:
        return []
    said = message(
        "{stores} 个存储中有 {n} 个就算写成；存储若轮流不在，日志可能分叉（能发现，但要人工处理）",
        "{n} of {stores} stores are enough: if stores are away in turn, the journal can fork "
        "(which is found, and needs a person)",
        n=minimum,
        stores=stores,
    )
    advice = message("请把 minimum-copies 设为 {n} 以上", "set minimum-copies to {n} or more", n=stores // 2 + 1)
    return [_Check("minimum-copies", "warning", said, advice)]


def _index_checks(home: Home) -> Iterator[_Check]:
    """Yield how both search indexes stand, and what of their server's settings is not as it should be."""
    for one in stands_of(home):
        state = "missing" if one.failure else "ok" if one.is_well else "warning"
        advice = one.failure.advice if one.failure else None if one.is_well else _run(one.command)
        yield _Check(f"index-{one.audience}", state, one.said, advice)
    for said, advice in amiss_in(home.settings.search):
        yield _Check("elasticsearch", "warning", said, advice)
