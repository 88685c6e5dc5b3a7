"""The two indexes of a home: what people are told of them, filled anew, verified, what was removed gone from their files."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from archives.errors import ConflictError, SearchError
from archives.message import Message, message
from archives.record.holding import Holding, StoredFile
from cli import wiring
from cli.home.settings.settings import SearchSetting
from preservation.actions.overview.duties import Runs
from preservation.journal.memory import Memory
from preservation.journal.refusals import told_retired
from search.index.search_index import SearchIndex
from search.published.closing import Trouble
from search.published.following import Behind, CaughtUp, Following
from search.published.indexed.renewing import Renewed, renew
from search.published.indexed.verifying import Verified, verify_index, verify_staff_index
from search.published.indexing import PUBLIC, STAFF, follow_index, follow_staff
from search.published.marks import Marks

if TYPE_CHECKING:
    from cli.home.home import Home

_REBUILDING, _OWED, _OWED_BESIDE = "index-rebuild", "owed", "owed-beside"

REBUILT = {PUBLIC: "index-rebuild-public", STAFF: "index-rebuild-staff"}
"""Under which names it is remembered when an index was last begun beside another."""
AUDIENCES = {PUBLIC: message("公众", "public"), STAFF: message("馆内", "staff")}


class Beside(StrEnum):
    """What is with an index that was begun beside the one that is searched: filled just now, left and gone on with, or of no use any more."""

    UNDER_WAY = "under-way"
    GOES_ON = "goes-on"
    BEGINS_ANEW = "begins-anew"


def told_troubles(troubles: Sequence[Trouble], memory: Memory) -> tuple[Message, ...]:
    """Return what is to be said of records that could not be published or taken back; a home that was moved tries nothing again."""
    since = memory.retired_at if memory.is_there else ""
    if not since:
        return tuple(one.said for one in troubles)
    return tuple(
        message(
            "{code} 未能处理完：{reason}；{moved}，此处不再重试",
            "{code} is not done with: {reason}; {moved}, and nothing is tried again here",
            code=one.archival_code,
            reason=one.failure.message,
            moved=told_retired(since),
        )
        for one in troubles
    )


def told_behind(behind: Behind) -> Message:
    """Return what is to be said of an index that could not be brought up to the journal; what helps, where waiting does not."""
    if advice := behind.failure.advice:
        return message(
            "检索库（{audience}）没有跟上，其余都已办妥：{why}；{advice}",
            "the {audience} search index is behind; all else is done: {why}; {advice}",
            audience=AUDIENCES[behind.audience],
            why=behind.failure.message,
            advice=advice,
        )
    return message(
        "检索库（{audience}）没有跟上，其余都已办妥，下次运行时补上：{why}",
        "the {audience} search index is behind; all else is done, and the next run catches up: {why}",
        audience=AUDIENCES[behind.audience],
        why=behind.failure.message,
    )


@contextmanager
def followed(home: "Home") -> Iterator[CaughtUp]:
    """Follow, and tell of an index that is behind only when the block ends, unless that very cause ended it."""
    done, ended_by = home.follow(tells_behind=False), ""
    try:
        yield done
    except SearchError as failure:
        ended_by = failure.message.text("en")
        raise
    finally:
        for one in done.behind:
            if one.failure.message.text("en") != ended_by:
                home.output.say(told_behind(one))


def follow_wholly(home: "Home") -> None:
    """Follow, and raise ``SearchError`` where an index could not be brought up to the journal; each cause is told once."""
    with followed(home) as done:
        done.require_indexes()


def behind_data(behind: Behind) -> dict[str, object]:
    """Return an index that could not be brought up to the journal, or purged, as JSON holds it."""
    return {"index": behind.audience, "code": behind.failure.code, "message": behind.failure.message}


def told_unpurged(behind: Behind) -> Message:
    """Return what is to be said of an index in whose files removed words may still stand."""
    return message(
        "检索库（{audience}）的文件中可能还有已移除的字词：{why}",
        "removed words may still stand in the files of the {audience} search index: {why}",
        audience=AUDIENCES[behind.audience],
        why=behind.failure.message,
    )


def amiss_in(chosen: SearchSetting) -> Iterator[tuple[Message, Message]]:
    """Yield what of the settings of a search server is not as it should be, each with what helps."""
    addresses = chosen.addresses
    if chosen.api_key_file and any(one.startswith("http:") and not _is_here(one) for one in addresses):
        yield (
            message("密钥经网络明文传送", "the key of the search server goes through the network in the clear"),
            message("请改用 https 地址", "use an address with https"),
        )
    if addresses and chosen.api_key_file and not chosen.reader_api_key_file:
        yield (
            message("网站用的是可写入的密钥", "the site searches with the key that can write"),
            message(
                "请另发一个只读的密钥，设为 [search] reader-api-key-file",
                "give it one that can only read, as reader-api-key-file under [search]",
            ),
        )


def _is_here(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


def purged(home: "Home") -> Iterator[Behind]:
    """Let what was removed leave the files of indexes; yield those of which that could not be.

    What was begun beside one goes, too, where it can not be gone on with: what was removed since may stand in it.
    """
    locks = home.archive.locks
    for audience, index in home.indexes.items():
        try:
            index.purge()
            with locks.following_alone():
                begun = None if locks.is_under_way(_REBUILDING) else index.begun()
                if begun is not None and begun != _of(home, audience):
                    index.beside().discard()
        except SearchError as failure:
            yield Behind(audience, failure)


def verified(home: "Home", index: SearchIndex | None = None) -> Verified:
    """Compare the public's index, or one that is to take its place, with what is published; raises ``SearchError``."""
    return verify_index(
        home.holdings,
        home.public.views,
        index or home.public.index,
        keep_reviewed=home.settings.opening.keep_reviewed,
        progress=partial(_compared, home),
    )


def verified_staff(home: "Home") -> Verified:
    """Compare the staff's index with everything that lies in the stores; raises ``SearchError``."""
    index = home.indexes[STAFF]
    return verify_staff_index(home.holdings, index, today=wiring.today(), progress=partial(_compared, home))


def _compared(home: "Home", number: int) -> None:
    home.output.progress(message("已核对 {n} 件", "{n} {n:record|records} compared", n=number))


def renewed(home: "Home", audience: str, *, may_lack: bool) -> Renewed:
    """Fill an index anew beside the one that is searched, see ``renew``; raises ``ConflictError`` while another does the same."""
    locks, views = home.archive.locks, home.public.views
    if locks.is_under_way(_REBUILDING):
        raise ConflictError(
            message("另一个命令正在重建检索库", "another command is making a search index again"),
            advice=message("请等它结束", "wait until it has ended"),
        )

    def check(new: SearchIndex) -> Message | None:
        found = verified(home, new) if audience == PUBLIC else None
        if found is None or not found.differences:
            return None
        return message(
            "有 {n} 件与公开的不符",
            "{n} {n:record|records} {n:differs|differ} from what is published",
            n=found.differences,
        )

    def owe(package_ids: Iterable[str]) -> None:
        for one in package_ids:
            Marks(home.folder / _OWED).put(one)

    with locks.under_way(_REBUILDING):
        done = renew(
            _begun(home, audience),
            lambda new: _filled(home, audience, new),
            check,
            lambda: len(views.ids()) if audience == PUBLIC else None,
            owe=owe,
            alone=locks.following_alone,
            may_lack=may_lack,
        )
    _forget_owed(home, audience)
    return done


def _begun(home: "Home", audience: str) -> SearchIndex:
    """Return the index to be filled, gone on with where a run that was ended left one of the same; tell which."""
    home.refresh()
    index, of = home.indexes[audience], _of(home, audience)
    with home.archive.locks.following_alone():  # nobody takes it for what was left
        begun = index.begun()
        if begun != of:
            Runs(home.work).begin(REBUILT[audience], now=wiring.now(), by_clock=wiring.is_begun_by_clock())
        new = index.beside(of)
    if begun == of:
        home.output.say(_told_gone_on(audience, new.count()))
        return new
    _forget_owed(home, audience)
    if begun is not None:
        home.output.say(_TOLD_ANEW)
    return new


def beside(home: "Home", audience: str) -> Beside | None:
    """Return what is with the index that was begun beside an audience's; None where there is none. Raises ``SearchError``."""
    under_way = home.archive.locks.is_under_way(_REBUILDING)
    begun = home.indexes[audience].begun()
    if begun is None:
        return None
    if under_way:
        return Beside.UNDER_WAY
    return Beside.GOES_ON if begun == _of(home, audience) else Beside.BEGINS_ANEW


def _forget_owed(home: "Home", audience: str) -> None:
    """Forget what an index lacked that is not filled any more: what is begun anew comes to it by itself."""
    owed = Marks(home.folder / _OWED_BESIDE / audience)
    for one in owed.standing():
        owed.remove(one)


def _of(home: "Home", audience: str) -> str:
    """Return what an index is made of, as a digest: while that is the same, what was written need not be written again."""
    from importlib.metadata import version

    head, settings = home.catalogue.head(), home.settings.opening
    made_of = (version("jinkui"), head.sequence, head.digest, home.holdings.head(), wiring.today())
    told = (audience, *made_of, settings.keep_reviewed)
    return hashlib.sha256("\n".join(map(str, told)).encode("utf-8")).hexdigest()


def _told_gone_on(audience: str, records: int) -> Message:
    return message(
        "上次重建检索库（{name}）没有做完，现接着做：已有 {n} 件",
        "making the {name} search index again was ended before it was done, and goes on: {n} {n:record|records} stand already",
        name=AUDIENCES[audience],
        n=records,
    )


_TOLD_ANEW = message(
    "上次重建检索库没有做完，但日志、设置、日期或软件已变，或文件已损坏，因此从头开始",
    "making a search index again was ended before it was done, and begins anew: the journal, the settings, the day or the software changed since, or its file is damaged",
)


def _filled(home: "Home", audience: str, new: SearchIndex) -> Following:
    """Bring an index that nobody searches up to the journal."""
    home.refresh()
    owed, source = Marks(home.folder / _OWED_BESIDE / audience), home.holdings
    retried = Marks(home.folder / _OWED).standing()
    public = replace(home.public, index=new) if audience == PUBLIC else home.public
    work = Following(source, public, owed, source.head(), wiring.today(), _no_image, retried=retried, goes_on=True)
    work.keep_reviewed = home.settings.opening.keep_reviewed
    work.progress = lambda number: home.output.progress(
        message("已写入 {n} 件", "{n} {n:record|records} written", n=number)
    )
    if audience == PUBLIC:
        follow_index(work)
    else:
        follow_staff(work, new)
    return work


def _no_image(_: Holding, file: StoredFile, page: int) -> NoReturn:
    raise AssertionError(f"{file.path} {page}")
