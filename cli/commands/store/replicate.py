"""The command that writes the copies that are owed to stores."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

from archives.errors import IntegrityError, StorageError
from archives.message import Message, message
from cli.commands.record.rendering import size_text
from cli.commands.shared import WRITES, DryRun, OldPlaces, Throttle, old_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, as_data
from cli.frame.output import Output, Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from preservation.actions import replicate as replication
from preservation.stores.presence import StorePresence
from preservation.stores.promise import told_amiss
from preservation.stores.store import away_advice
from preservation.vault.replication import OwedCopy, Replicated

_MOST_TOLD = 10
_OWED: tuple[Field[OwedCopy], ...] = (
    Field("store", None, lambda one: one.store),
    Field("package_id", None, lambda one: one.package_id),
    Field("size_bytes", None, lambda one: one.size_bytes),
)
FAILED: tuple[Field[Replicated], ...] = (
    Field("store", None, lambda one: one.owed.store),
    Field("package_id", None, lambda one: one.owed.package_id),
    Field("message", None, lambda one: one.failure and one.failure.message),
    Field("subject", None, lambda one: one.failure and one.failure.subject),
)


@command(example="jinkui replicate --store second", exits=(*WRITES, FINDINGS))
def replicate(
    call: Call,
    *,
    store: Annotated[str | None, Option(message("只补一个存储", "only into one store"))] = None,
    from_: OldPlaces = (),
    dry_run: DryRun = False,
    throttle: Throttle = None,
) -> Result:
    """Write the copies that are owed, each verified where it lies; run again after an interruption, it goes on."""
    beside = old_places(from_)
    archive = home_of(call, throttle=throttle).archive
    if dry_run:
        found = replication.plan(archive, store=store)
    else:
        found = replication.replicate(archive, store=store, watch=watch_replication(call.output), beside=beside)
    done = [one.owed for one in found.written if not one.failure]
    away = [one for _, owed in found.out_of_reach for one in owed]
    every, m = (*found.owed, *away), len(found.owed) if dry_run else len(done)
    numbers = {"n": len(every), "bytes": sum(owed.size_bytes for owed in every), "m": m}
    said = (
        message(
            "共欠 {n} 份，{bytes} 字节；将写 {m} 份",
            "{n} {n:copy|copies} {n:is|are} owed, {bytes} {bytes:byte|bytes}; would write {m}",
            **numbers,
        )
        if dry_run
        else message(
            "共欠 {n} 份，{bytes} 字节；已写 {m} 份",
            "{n} {n:copy|copies} {n:is|are} owed, {bytes} {bytes:byte|bytes}; wrote {m}",
            **numbers,
        )
    )
    short = told_amiss(archive.promise, [one.name for one in archive.vault.stores])
    lines = (said, *short, *_said_failed(found), *(_said_out_of_reach(*one) for one in found.out_of_reach))
    data = {
        "owed": [as_data(_OWED, one) for one in found.owed],
        "done": [{"store": one.store, "package_id": one.package_id} for one in done],
        "failed": [as_data(FAILED, one) for one in found.failed],
        "absent_stores": found.absent_stores,
        "out_of_reach": [as_data(_OWED, one) for one in away],
    }
    return Result(data, lines=lines, exit_code=_exit_code(found))


def _said_out_of_reach(seen: StorePresence, owed: Sequence[OwedCopy]) -> Message:
    """Return what is owed to a store that cannot be written, why not, and what to do about it."""
    name = seen.store.name
    return message(
        "其中欠“{store}”{n} 份，现在写不了：{why}；{advice}",
        "{n} of them are owed to “{store}”, and none can be written now: {why}; {advice}",
        store=name,
        n=len(owed),
        why=seen.reason or message("存储不在", "the store is not there"),
        advice=seen.advice or away_advice(name),
    )


def _said_failed(found: replication.Replication) -> Iterator[Message]:
    """Yield why copies could not be written, the first of them, and what helps where no source is whole."""
    for one in found.failed[:_MOST_TOLD]:
        yield message(
            "没有写成：存储“{store}”的 {id}：{why}",
            "not written: {id} into the store “{store}”: {why}",
            store=one.owed.store,
            id=one.owed.package_id,
            why=one.failure.message if one.failure else "",
        )
    if any(isinstance(one.failure, IntegrityError) for one in found.failed):
        yield message(
            "没有完好的副本可以复制的：已替换、停用的存储若又读得出来，用 jinkui replicate --from 文件夹",
            "where no store has a whole copy: if the disk of a store that was replaced or left can be read again, run jinkui "
            "replicate --from FOLDER",
        )


def _exit_code(found: replication.Replication) -> int:
    failures = [one.failure for one in found.written if one.failure]
    if any(isinstance(failure, IntegrityError) for failure in failures):
        return IntegrityError.exit_code
    if found.absent_stores or any(isinstance(failure, StorageError) for failure in failures):
        return StorageError.exit_code
    return FINDINGS.code if failures else 0


def watch_replication(output: Output) -> Callable[[replication.Progress], None]:
    """Return what tells a person how far the copying is."""

    def tell(done: replication.Progress) -> None:
        output.progress(
            message(
                "已复制 {n}/{of} 份，{size}/{all}",
                "copied {n} of {of}, {size} of {all}",
                n=done.copies,
                of=done.of_copies,
                size=size_text(done.size_bytes),
                all=size_text(done.of_bytes),
            )
        )

    return tell
