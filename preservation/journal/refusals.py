"""Why the journal is not gone on with, in words, and what to do next."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from archives.errors import ConfigurationError, ConflictError, IntegrityError, StorageError
from archives.journal.chain import Head
from archives.message import Message, listed, message
from preservation.stores.presence import out_of_reach

STORES_ARE_AHEAD: Message = message(
    "存储中有此处没有记录、由本档案库签章的日志：不公布任何档案；请运行 jinkui journal reconcile",
    "stores hold entries that this archive signed and this home does not know: nothing is published; run jinkui journal "
    "reconcile",
)

JUDGE_FIRST: Message = message(
    "请先运行 jinkui journal reconcile：它列出这些条目，查明来历后再裁定",
    "run jinkui journal reconcile first: it lists them, to be judged once it is known whose they are",
)


def ahead(stores: Sequence[str], first: int) -> Message:
    """Return that stores go on from an entry with what this archive's key signed and this home does not know."""
    return message(
        "此处落后：存储 {stores} 自第 {n} 条起有此处没有记录、由本档案库签章的日志（复制的档案库，或私钥被盗）；它们不是损坏",
        "this home is behind: from entry {n} on, {stores} {count:holds|hold} entries that this archive signed and this home does "
        "not know (a copied home, or a stolen key); they are no damage",
        stores=listed(list(stores)),
        count=len(stores),
        n=first,
    )


def not_done_while_behind(what: Message, stores: Sequence[str], first: int) -> IntegrityError:
    """Return the error that something was not done, said as a sentence, because stores are ahead of this home."""
    return IntegrityError(
        message("{behind}；{what}", "{behind}; {what}", behind=ahead(stores, first), what=what),
        subject="journal",
        advice=JUDGE_FIRST,
    )


def nowhere_whole(number: int, file: str) -> IntegrityError:
    """Return the error that no store has a group of the journal whole, and where a whole one may still lie."""
    return IntegrityError(
        message(
            "第 {number} 条起的日志没有完好的副本",
            "no store holds the journal whole from entry {number}",
            number=number,
        ),
        subject=file,
        advice=message(
            "请接上不在的存储（如离线的一份）再运行；否则从某个存储更早的副本把 {file} 照原样放回一个存储，"
            "再运行 jinkui journal verify：放回的若不对，它会查出",
            "attach a store that is away (an offline one) and run this again; or put {file} back into one store, as it was, from "
            "an older copy of any of them, and run jinkui journal verify, which tells whether it is the right one",
            file=file,
        ),
    )


def dark(retired_at: str) -> Message:
    """Return that nothing is published, by a home that was restored and not confirmed yet, or by one that retired."""
    if retired_at:
        return message("此档案库已停用，不公布任何档案", "this home has retired: it publishes nothing")
    return message(
        "档案库恢复后尚未确认，不公布任何档案：核对最近的撤回后运行 jinkui opening confirm --reason 理由",
        "this home was restored: nothing is published until jinkui opening confirm --reason WHY, after a look at what was closed last",
    )


def unsigned() -> ConfigurationError:
    """Return the error that the journal was written by earlier software and is not signed yet."""
    return ConfigurationError(
        message(
            "此档案库由较早的版本写成，日志尚未签章",
            "this archive was written by an earlier version and its journal is not signed yet",
        ),
        subject="journal",
        advice=message("请运行 jinkui upgrade", "run jinkui upgrade"),
    )


def signed_by_another() -> ConfigurationError:
    """Return the error that the journal in the stores is signed, by a key that this home does not have."""
    return ConfigurationError(
        message(
            "存储中的日志已由其档案库的密钥签章，此处没有对该日志的记忆：不写入，也不公布任何档案",
            "the journal in the stores is signed by the key of its archive, which this home does not remember: nothing is written or published",
        ),
        subject="journal",
        advice=message(
            "有备份的，在空文件夹运行 jinkui home restore 备份；只有存储的，运行 jinkui rebuild --key 私钥文件（保险柜中的那一份）",
            "with a backup run jinkui home restore BACKUP in an empty folder; with the stores alone run jinkui rebuild --key FILE, with the key from the safe",
        ),
    )


def told_retired(since: str) -> Message:
    """Return that a home retired, and when."""
    return message(
        "此档案库已于 {at} 停用，迁往别处", "this home retired at {at}, to be moved elsewhere", at=_local(since)
    )


def retired(since: str) -> ConfigurationError:
    """Return the error that a home signs nothing because it was moved elsewhere."""
    return ConfigurationError(
        message(
            "{said}：不再写入（撤回开放仍立即对公众生效）",
            "{said}: nothing more is written (a closing still keeps the public out)",
            said=told_retired(since),
        ),
        subject="journal",
        advice=message(
            "请在新的位置继续；备份没有做成的，重新运行 jinkui home backup --move；确定没有在别处恢复而要在此继续的，运行 "
            "jinkui home resume",
            "go on where it was restored; where no backup was finished, run jinkui home backup --move again; where it was "
            "restored nowhere and is to go on here, run jinkui home resume",
        ),
    )


def put_back(known: Head) -> IntegrityError:
    """Return the error that no store has the newest entries any more: all were put back to an earlier state."""
    return IntegrityError(
        message(
            "存储中的日志到不了已知的第 {n} 条：存储被换成了较早的状态",
            "the stores' journal ends before entry {n}, which was there: they were put back to an earlier state",
            n=known.sequence,
        ),
        subject="journal",
        advice=message(
            "请接回原来的存储；若它们已失去、确要从较早的状态继续，移走档案库的 journal 文件夹，再运行 jinkui rebuild --key 私钥文件",
            "bring the stores back that were there; where they are lost for good, move the home's folder journal away and "
            "go on from the earlier state with jinkui rebuild --key FILE",
        ),
    )


def still_remembers(home: str) -> ConflictError:
    """Return the error that a home remembers its journal, so that nothing is made again with a key."""
    return ConflictError(
        message("此档案库的日志记忆还在，无须由密钥重建", "this home remembers its journal; it needs no key for that"),
        subject=home,
        advice=message(
            "目录和索引由 jinkui rebuild 重建，不带 --key",
            "jinkui rebuild without --key makes catalogue and indexes again",
        ),
    )


def home_put_back(known: Head) -> IntegrityError:
    """Return the error that the home remembers less than its own catalogue knows."""
    return IntegrityError(
        message(
            "档案库对日志的记忆到不了已知的第 {n} 条：档案库被换成了较早的状态",
            "what the home remembers of the journal ends before entry {n}, which it knew: the home was put back to an "
            "earlier state",
            n=known.sequence,
        ),
        subject="journal",
        advice=message(
            "请放回较新的 journal 文件夹；没有时运行 jinkui journal reconcile，由存储接上",
            "put the newer folder journal back; without it, run jinkui journal reconcile to go on from the stores",
        ),
    )


def not_as_the_head_says() -> IntegrityError:
    return IntegrityError(
        message("日志末条与头记录不符", "the journal does not end as its head says"), subject="journal"
    )


def too_few(there: int, minimum: int, failures: Sequence[tuple[str, StorageError]] = ()) -> StorageError:
    """Return the error that fewer stores are there than have to take an entry; ``failures`` are why others cannot, by name."""
    if failures:
        failure = out_of_reach(failures)
        failure.advice = fewer_advice(there, failure.advice)
        return failure
    return StorageError(
        message(
            "只有 {n} 个存储可写日志，至少需要 {m} 个",
            "only {n} stores can take the journal; {m} are needed",
            n=there,
            m=minimum,
        ),
        subject="journal",
        advice=fewer_advice(there),
    )


@contextmanager
def going_on_with(batch: str) -> Iterator[None]:
    """Let what a store breaks off say how the batch is gone on with, and what helps where fewer stores will do meanwhile."""
    try:
        yield
    except StorageError as failure:
        first = failure.advice or message("请看 jinkui store check", "see jinkui store check")
        failure.advice = message(
            "{first}；眼下较少的副本就够的，把 jinkui.toml 中的 minimum-copies 设为在位的存储数；然后运行 jinkui batch resume {batch} 接着做",
            "{first}; where fewer copies will do for the time being, set minimum-copies in jinkui.toml to the number of stores "
            "that are there; then jinkui batch resume {batch} goes on",
            first=first,
            batch=batch,
        )
        raise


def fewer_advice(there: int, first: Message | None = None) -> Message:
    """Return what to do while fewer stores are there than ``minimum-copies`` asks for; ``first`` is said before."""
    bring = message(
        "请接回存储（jinkui store check）；若已失去，用 jinkui store replace 替换，或用 jinkui store retire 停用",
        "bring the stores back (jinkui store check); what is lost for good is replaced (jinkui store replace) or leaves "
        "(jinkui store retire)",
    )
    if not there:
        return first or bring
    return message(
        "{first}；若眼下 {n} 份副本就够，可在 jinkui.toml 中设 minimum-copies = {n}",
        "{first}; if {n} will do for the time being, set minimum-copies = {n} in jinkui.toml",
        first=first or bring,
        n=there,
    )


def _local(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().isoformat(sep=" ", timespec="seconds")
