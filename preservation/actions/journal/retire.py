"""A home that was moved: it signs nothing any more, so that no two homes of one archive go on at once."""

from archives.errors import ConflictError, StoreAbsentError
from archives.message import listed, message
from preservation.archive import Archive
from preservation.journal.refusals import unsigned
from preservation.stores.presence import states_of


def come_to_rest(archive: Archive) -> bool:
    """Bring an archive to rest, so that its home can retire; say whether that did not retire so far.

    What a crash left open is recovered, the stores are level, and no other command writes before the archive is closed.
    Raises ``ConflictError`` while one does, ``ConfigurationError`` for a home of earlier software, which cannot remember that
    it retired.
    """
    if not archive.memory.is_there:
        raise unsigned()
    if archive.memory.retired_at:
        return False
    if not archive.locks.join_writers():
        raise _written_to(archive)
    archive.begin_writing()
    archive.vault.ledger.settle()
    if not archive.locks.keep_writers_out():
        raise _written_to(archive)
    return True


def retire(archive: Archive) -> None:
    """Let a home sign nothing any more, until it is taken up again."""
    with archive.locks.journal():
        archive.memory.retire(archive.world.now())


def require_nobody_went_on(archive: Archive) -> None:
    """Raise unless a retired home may go on: ``ConflictError`` where it did not retire, or its archive went on elsewhere."""
    if not (archive.memory.is_there and archive.memory.retired_at):
        raise ConflictError(message("此档案库没有迁走", "this home was not moved away"), subject=str(archive.folder))
    if archive.vault.ledger.is_behind():
        raise ConflictError(
            message(
                "档案库已在别处继续：存储中有此处没有的日志",
                "the archive went on elsewhere: its stores hold entries that this home does not know",
            ),
            subject=str(archive.folder),
            advice=message(
                "请在那里继续；若要迁回，在那里运行 jinkui home backup --move，再在空文件夹中恢复",
                "go on there; to come back, run jinkui home backup --move there and restore it into an empty folder here",
            ),
        )


def require_seen(archive: Archive) -> None:
    """Raise ``StoreAbsentError`` unless enough stores are there to see whether a retired home's archive went on elsewhere.

    Whoever goes on writes to ``minimum`` stores: where fewer than so many are away, one of those that are there has it.
    """
    promise = archive.vault.promise
    seen = [one for one in map(archive.presence, archive.vault.stores) if one.store.name not in promise.sealed]
    away = [one for one in seen if not one.is_there]
    if away and len(away) >= max(1, promise.minimum):
        raise StoreAbsentError(
            message(
                "不能断定别处是否已继续：存储 {states}",
                "nobody can tell whether the archive went on elsewhere: stores {states}",
                states=states_of(away),
            ),
            subject=listed([one.store.name for one in away]),
            advice=next((one.advice for one in away if one.advice), None),
        )


def take_up(archive: Archive) -> None:
    """Let a retired home sign again."""
    with archive.locks.journal():
        archive.memory.take_up()


def _written_to(archive: Archive) -> ConflictError:
    archive.locks.leave_writers()
    return ConflictError(
        message("另一个命令正在写入", "another command is writing"),
        subject=str(archive.folder),
        advice=message("请等它结束，再运行一次", "wait until it has ended, then run this again"),
    )
