"""The command that brings a home of earlier software up to what this one needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from archives.message import Message, message
from archives.proof.signing import key_text
from cli import wiring
from cli.commands.shared import WRITES, DryRun, said_of
from cli.frame.commands import Call, command
from cli.frame.listing import local_time
from cli.frame.output import Result
from cli.home.caches import Outdated, outdated
from cli.home.home import Home, home_of
from cli.upkeep.whereabouts import last_backup, never_backed_up
from preservation.actions.journal import vouch
from preservation.actions.journal.adopt import adopt_history, history_to_adopt
from preservation.actions.journal.trial import Trial, try_out
from preservation.actions.stores import plan_programs, renew_programs
from preservation.catalogue.journal_fold import JournalReading
from preservation.journal.key import archive_key


@dataclass(frozen=True, slots=True)
class _Anew:
    """Something that is made again because this software's form of it is another."""

    name: str
    is_needed: bool
    would: Message
    done: Message


@command(example="jinkui upgrade --dry-run", exits=WRITES)
def upgrade(call: Call, *, dry_run: DryRun = False) -> Result:
    """Bring an archive up to this software: verify and sign its journal, renew restore programs, make catalogue and indexes again.

    With --dry-run it says what it would do and about how long that would take, and changes nothing.
    """
    home = home_of(call)
    found = outdated(home.folder)
    adopted, lines = _adopted(home, dry_run=dry_run)
    apart = home.archive.fresh_reading if dry_run and found.catalogue else None  # a look makes no catalogue
    renewed, told = _renewed(home, apart, dry_run=dry_run)
    anew = [one for one in _anew(found) if one.is_needed]
    data: dict[str, object] = {**adopted, **renewed, "made_again": [one.name for one in anew]}
    if dry_run:
        told += [one.would for one in anew]
        if found.catalogue or found.indexes:
            estimate, said = _estimated(try_out(home.archive))
            data["estimate"] = estimate
            told += said
    elif anew:
        begun = wiring.seconds()
        _ = home.work  # which brings its tables up to date
        home.refresh()
        home.follow()
        took = message("用时 {time}", "it took {time}", time=_time(wiring.seconds() - begun))
        told += [*(one.done for one in anew), took]
    told += _backed_up(home)
    if dry_run:
        told.append(message("没有写入任何东西", "nothing was written"))
    return Result(data, lines=(*lines, *told))


def _anew(found: Outdated) -> Iterator[_Anew]:
    yield _Anew(
        "catalogue",
        found.catalogue,
        message("将由日志和信息包重建目录", "the catalogue would be made again from journal and packages"),
        message("目录已重建", "the catalogue was made again"),
    )
    yield _Anew(
        "indexes",
        found.indexes,
        message("将重建检索库", "the search indexes would be made again"),
        message("检索库已重建", "the search indexes were made again"),
    )
    yield _Anew(
        "working_state",
        found.working_state,
        message("将更新工作数据库 work.db", "the working state (work.db) would be brought up to date"),
        message("工作数据库已更新", "the working state was brought up to date"),
    )


def _estimated(tried: Trial) -> tuple[Mapping[str, object], list[Message]]:
    data = {
        "entries": tried.entries,
        "packages": tried.packages,
        "seconds": round(tried.seconds),
        "seconds_at_a_million_entries": round(tried.seconds_at_a_million),
    }
    return data, [
        message(
            "约需 {time}：日志 {n} 条，信息包约 {p} 个（据此处试读的 {m} 条、{q} 个推算）",
            "it would take about {time}: {n} {n:entry|entries} and about {p} {p:package|packages} (tried out here on {m} {m:entry|entries}, {q} {q:package|packages})",
            time=_time(tried.seconds),
            n=tried.entries,
            p=tried.packages,
            m=tried.entries_tried,
            q=tried.packages_tried,
        ),
        message(
            "照此推算，日志有一百万条时约需 {time}",
            "at this rate about {time} with a million entries in the journal",
            time=_time(tried.seconds_at_a_million),
        ),
    ]


def _time(seconds: float) -> Message:
    if seconds < 90:
        return message("{n} 秒", "{n} {n:second|seconds}", n=max(1, round(seconds)))
    if seconds < 90 * 60:
        return message("{n} 分钟", "{n} {n:minute|minutes}", n=round(seconds / 60))
    return message("{n} 小时", "{n} {n:hour|hours}", n=f"{seconds / 3600:.1f}")


def _backed_up(home: Home) -> list[Message]:
    """Say when the home was last backed up: an upgrade is what one has a backup for."""
    if known := last_backup(home):
        at, folder = known
        return [message("上次备份：{at}，{folder}", "last backed up: {at}, {folder}", at=local_time(at), folder=folder)]
    return [
        message(
            "{said}；请运行 jinkui home backup 文件夹",
            "{said}: run jinkui home backup FOLDER",
            said=never_backed_up(home),
        )
    ]


def _adopted(home: Home, *, dry_run: bool) -> tuple[dict[str, object], list[Message]]:
    folder = home.folder / home.settings.journal.checkpoints
    filed = vouch.read_checkpoints(home.archive, folder) if any(folder.glob("*.txt")) else ()
    found = history_to_adopt(home.archive, [one.checkpoint for one in filed])
    if found is None:
        return {"adopted": 0}, [message("日志已经签章", "the journal is signed already")]
    data = {
        "adopted": 0 if dry_run else found.end.sequence,
        "entries": found.end.sequence,
        "head": found.end.digest,
        "root": key_text(found.root),
        "checkpoints": len(filed),
    }
    lines = [
        message("日志共 {n} 条", "the journal has {n} {n:entry|entries}", n=found.end.sequence),
        message("末条 {head}", "its newest entry: {head}", head=found.end.digest),
        message("与 {n} 个检查点相符", "it continues {n} {n:checkpoint|checkpoints}", n=len(filed)),
    ]
    if not dry_run:
        key = archive_key(home.folder / "keys", new_seed=wiring.new_key_seed)
        adopt_history(home.archive, found, key, checkpoints=len(filed))
        home.follow()
        lines.append(message("已签章", "it is signed"))
    return data, lines


def _renewed(home: Home, apart: JournalReading | None, *, dry_run: bool) -> tuple[dict[str, object], list[Message]]:
    """Renew the restore programs of stores that are there; of the others say that they have to be come back to."""
    plan = plan_programs(home.archive, apart)
    facts = () if dry_run else renew_programs(home.archive, plan)
    there, away = [one.store.name for one in plan if one.is_there], [one for one in plan if not one.is_there]
    told = [fact.said() for fact in facts]
    if dry_run:
        told += [
            message(
                "将更新存储“{store}”的 restore.py", "restore.py in the store “{store}” would be renewed", store=name
            )
            for name in there
        ]
    told += [
        message(
            "存储“{store}”的 restore.py 没有更新：{why}；之后请再运行 jinkui upgrade",
            "restore.py of the store “{store}” was not renewed: {why}; then run jinkui upgrade again",
            store=one.store.name,
            why=said_of(one),
        )
        for one in away
    ]
    return {
        "restore_programs": {
            "renewed": [fact.store for fact in facts],
            "to_renew": there if dry_run else [one.store.name for one in away],
        }
    }, told
