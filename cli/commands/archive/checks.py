"""What doctor looks at in a home, part by part; nothing is changed."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from archives.errors import (
    ConfigurationError,
)
from archives.journal.chain import Entry
from archives.message import Message, message
from cli import wiring
from cli.commands.archive.keys import NOT_EXPORTED
from cli.home.carried import has_retired
from cli.home.home import Home
from cli.home.indexes import amiss_in
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
from preservation.actions.disposal.dispose import FORMER_KEYS
from preservation.actions.journal.keys import key_state
from preservation.actions.journal.proofs import read_proofs
from preservation.journal.refusals import JUDGE_FIRST, STORES_ARE_AHEAD, signed_by_another
from preservation.stores.presence import presence_of
from preservation.stores.promise import told_amiss
from preservation.vault.founding import has_own_program


class Check(NamedTuple):
    """One thing that was looked at: a name for it, how it is, what is said, what to do."""

    name: str
    state: str
    said: Message
    advice: Message | None = None


_OLDER_PROGRAM = message(
    "restore.py 由另一版本写成，可能不懂较新的信息包",
    "restore.py is of another version, and may not know what newer packages are",
)
_UPGRADE = message("请运行 jinkui upgrade", "run jinkui upgrade")
OK, WARNING, MISSING, UNSEEN = "ok", "warning", "missing", "not-looked-at"


def store_checks(home: Home) -> list[Check]:
    """Return what is to be said of each store; a sealed set that is not due may be away."""
    promised = home.archive.reading.anchors.stores
    checks: list[Check] = []
    for setting, store in zip(home.settings.stores, home.vault.stores, strict=True):
        seen = presence_of(store, promised.get(store.name))
        where = message("{path}", "{path}", path=setting.properties(home.folder).where)
        sealed = store.name in home.vault.promise.sealed
        state = OK if seen.takes_copies or (sealed and not seen.is_there) else seen.presence.value
        what, advice = (where, None) if state == OK else (seen.reason or where, seen.advice)
        checks.append(Check(f"store-{store.name}", state, what, advice))
        if store.name in promised and not has_own_program(promised[store.name]):
            checks.append(Check(f"restore-program-{store.name}", "warning", _OLDER_PROGRAM, _UPGRADE))
    for name in promised.keys() - {store.name for store in home.vault.stores}:
        said = message(
            "日志中有存储“{name}”，设置中没有", "the journal knows a store “{name}”, the settings do not", name=name
        )
        advice = message(
            "仍在用的，运行 jinkui store add {name} --path …；不再用的，运行 jinkui store retire {name}",
            "run jinkui store add {name} --path … where it lies, or jinkui store retire {name} where it left for good",
            name=name,
        )
        checks.append(Check(f"store-{name}", "warning", said, advice))
    return checks


def _key_check(home: Home) -> list[Check]:
    """Return what is to be said of the key that signs the journal."""
    if home.vault.ledger.is_of_another:
        of_another = signed_by_another()
        return [Check("journal", "missing", of_another.message, of_another.advice)]
    if not home.archive.memory.is_there:
        said = message("日志尚未签章", "the journal is not signed yet")
        return [Check("journal", "warning", said, _UPGRADE)]
    if home.vault.ledger.is_behind() and not home.archive.memory.retired_at:
        return [Check("journal", "missing", STORES_ARE_AHEAD, JUDGE_FIRST)]
    try:
        state = key_state(home.archive)
    except ConfigurationError as unusable:
        return [Check("key", "missing", unusable.message, unusable.advice)]
    name = message("{name}", "{name}", name=state.name)
    first = Check("key", "ok", name) if state.is_exported else Check("key", "warning", name, NOT_EXPORTED)
    proofs = read_proofs(home.archive)
    advice = message("jinkui key review 列出须复查的条目", "jinkui key review lists what is to be looked at")
    begun = [
        Check("key-begun-anew", "warning", _told(entry), advice if entry in proofs.keys_begun_anew else None)
        for entry in (*proofs.begun_anew, *proofs.keys_begun_anew)
    ]
    return [first, *begun]


def _duty_checks(home: Home) -> list[Check]:
    """Warn of what did not come to its end though it was due, and where nothing or too much is on schedule of that."""
    if wrong := told_schedules(home):
        return [Check("schedule", "warning", *wrong)]
    if has_retired(home):
        return []
    states = duties_of(home)
    late = [one for one in states if one.is_overdue]
    checks = [Check(f"duty-{one.duty.name}", "warning", told(one), _run(command_of(one.duty.name))) for one in late]
    if not is_scheduled(states):
        checks.append(Check("schedule", "warning", NO_SCHEDULE, how_to_schedule()))
    elif not late:
        checks.append(Check("schedule", "ok", told_on_time(states)))
    return checks


def _run(command: str) -> Message:
    return message("请运行 {command}", "run {command}", command=command)


def _told(entry: Entry) -> Message:
    return message("日志第 {n} 条：{said}", "entry {n}: {said}", n=entry.sequence, said=entry.fact.said())


def _keys_in_the_home(home: Home) -> list[Check]:
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
    return [Check("persons-keys", "warning", said, advice)]


def _open_to_others(home: Home) -> list[Check]:
    """Warn of what other accounts of this machine can reach in the home, but for what is published, and in stores."""
    if not (reached := reached_by_others(home)):
        return []
    said = message("其他账户可以读取：{paths}", "other accounts can read: {paths}", paths=", ".join(reached))
    advice = message(
        "请运行 chmod go= {home}，存储的文件夹也一样",
        "run chmod go= {home}, and the same for the folders of stores",
        home=str(home.folder),
    )
    return [Check("permissions", "warning", said, advice)]


def _copies(home: Home) -> list[Check]:
    advice = message("请改正 jinkui.toml", "mend jinkui.toml")
    told = told_amiss(home.vault.promise, [one.name for one in home.vault.stores])
    return [Check("copies", WARNING, said, advice) for said in told]


def _published(home: Home) -> list[Check]:
    said, advice = told_published(home)
    return [Check("published", WARNING if advice else OK, said, advice)]


def _place(home: Home) -> list[Check]:
    folders = wiring.unit_folders(home.folder)
    checks = [Check(one.name, WARNING, one.said, one.advice) for one in amiss_of(home, folders)]
    told = told_loosened(home, folders)
    return [*checks, *([Check("schedule-rights", OK, told)] if told else [])]


def _majority_warning(home: Home) -> list[Check]:
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
    return [Check("minimum-copies", "warning", said, advice)]


def _index_checks(home: Home) -> Iterator[Check]:
    """Yield how both search indexes stand, and what of their server's settings is not as it should be."""
    for one in stands_of(home):
        state = "missing" if one.failure else "ok" if one.is_well else "warning"
        advice = one.failure.advice if one.failure else None if one.is_well else _run(one.command)
        yield Check(f"index-{one.audience}", state, one.said, advice)
    for said, advice in amiss_in(home.settings.search):
        yield Check("elasticsearch", "warning", said, advice)


LOOKS: tuple[tuple[Message, Callable[[Home], Iterable[Check]]], ...] = (
    (message("存储", "stores"), store_checks),
    (message("日志和密钥", "journal and key"), _key_check),
    (message("定时任务", "what is on schedule"), _duty_checks),
    (message("最少份数", "least copies"), _majority_warning),
    (message("份数", "copies"), _copies),
    (message("个人私钥", "persons' keys"), _keys_in_the_home),
    (message("权限", "permissions"), _open_to_others),
    (message("公开的内容", "what is published"), _published),
    (message("位置和备份", "place and backups"), _place),
    (message("检索索引", "search indexes"), _index_checks),
)
"""What is looked at in a home, each by itself: what cannot be looked at keeps nobody from the rest."""
