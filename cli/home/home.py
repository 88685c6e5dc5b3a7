"""One archive home, opened: settings, stores, journal, catalogue, indexes, put together in one place."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import Self

from archives.errors import ConfigurationError, ConflictError, IntegrityError, StoreAbsentError
from archives.journal.chain import Head
from archives.journal.facts import HomeInitialised, PackageStored
from archives.message import message
from archives.pipeline import Failed, run
from archives.record.description import Fonds
from archives.record.holding import Holding, StoredFile
from cli import wiring
from cli.frame.commands import Call
from cli.frame.output import Output
from cli.home.open_store import open_store
from cli.home.recovery_words import told_recovery
from cli.home.settings import DEFAULT_FILE, FILE_NAME, Settings, StoreSetting, parse_settings, read_settings
from formats.kinds.render import access_image
from formats.processes.tools import ChildExecutor
from ingest.page.ocr.engine import OcrSettings
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.holdings import Holdings, read_content
from preservation.journal.ledger import Ledger
from preservation.locks import Locks
from preservation.stores.files import write_whole
from preservation.stores.presence import Presence, presence_of
from preservation.stores.store import Store
from preservation.stores.throttled import Throttle, ThrottledStore
from preservation.vault.anchors import JournalReading
from preservation.vault.founding import found_store, standing_home
from preservation.vault.recovery import recover, sweep, welcome
from preservation.vault.vault import Vault
from preservation.working_state import WorkingState
from search.index.elastic import ElasticIndex, ElasticSettings
from search.index.embedded import EmbeddedIndex
from search.index.search_index import SearchIndex
from search.published.publish import CaughtUp, PublicSide, catch_up, rebuild
from search.published.views import PublishedViews

_SCREEN_PX = 1600
_CATALOGUE = "catalogue.db"
_STAFF_INDEX = "staff-index.db"


class Home:
    """Everything a command works with; what it does not use is not opened.

    A context: with the end of the work it lets go of the writers' lock and of the catalogue's file.
    """

    def __init__(self, folder: Path, settings: Settings, output: Output) -> None:
        self.folder = folder
        self.settings = settings
        self.output = output
        self.operator = settings.operator or wiring.operator_name()
        self.unreadable: tuple[PackageStored, ...] = ()
        self.throttle_mib_per_second = settings.audit.throttle_mib_per_second

    def __enter__(self) -> Self:
        """Begin the work."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the work."""
        self.locks.leave_writers()
        if "_catalogue_file" in self.__dict__:
            self._catalogue_file.close()

    @cached_property
    def locks(self) -> Locks:
        """What this process holds against others."""
        return Locks(self.folder / "locks")

    @cached_property
    def vault(self) -> Vault:
        """The stores as one."""
        stores = self._throttled([self.open_store(setting) for setting in self.settings.stores])
        promise = self.settings.promise(wiring.today())
        ledger = Ledger(stores, self.locks, now=wiring.now, agent=self.operator, minimum=promise.minimum)
        return Vault(stores, ledger, self.locks, now=wiring.now, promise=promise)

    def open_store(self, setting: StoreSetting) -> Store:
        """Return the store that a setting describes; nothing is looked at yet."""
        return open_store(setting, self.folder)

    @cached_property
    def reading(self) -> JournalReading:
        """The journal's anchors, read from the journal itself."""
        return JournalReading(self.vault.ledger)

    @cached_property
    def work(self) -> WorkingState:
        """What is neither derivable nor archival."""
        return WorkingState(self.folder / "work.db")

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue, up to date with the journal."""
        self._follow_journal(self._catalogue_file)
        return self._catalogue_file

    @cached_property
    def _catalogue_file(self) -> Catalogue:
        return Catalogue(self.folder / _CATALOGUE)

    @cached_property
    def holdings(self) -> Holdings:
        """The records and their files."""
        return Holdings(self.catalogue, self.vault)

    @cached_property
    def staff_index(self) -> SearchIndex:
        """The index of everything."""
        return self._index("staff", self.folder / _STAFF_INDEX)

    @cached_property
    def public(self) -> PublicSide:
        """Everything the public can reach."""
        folder = self.folder / "public"
        return PublicSide(
            PublishedViews(folder / "public.db"), folder / "images", self._index("public", folder / "index.db")
        )

    @property
    def ocr(self) -> OcrSettings:
        """How pages are read."""
        chosen = self.settings.ocr
        return OcrSettings(
            chosen.workers or wiring.processors(), chosen.page_timeout_seconds, tuple(sorted(chosen.engines.items()))
        )

    def refresh(self) -> Catalogue:
        """Return the catalogue after following the journal to its head."""
        self._follow_journal(self.catalogue)
        return self.catalogue

    def begin_writing(self) -> None:
        """Recover what a crash left open; every writing command begins with this and tells what it did.

        Raises ``StorageError`` when fewer stores are there than a package needs.
        """
        alone = self.locks.join_writers()
        ledger = self.vault.ledger
        ledger.away = set(self.refresh().away_stores())
        ledger.foreign = self._foreign_stores()
        for store in ledger.level_stores(before_return=self._welcome):
            self.output.say(
                message("已恢复存储“{store}”中的日志", "recovered the journal in store “{store}”", store=store)
            )
        if self.refresh().open_work.is_there():
            recovery = recover(self.vault, self.reading)
            for said in (*map(told_recovery, recovery.outcomes), *(failure.message for failure in recovery.left_open)):
                self.output.say(said)
        if alone:
            sweep(self.vault, [package_id for package_id, _ in self.refresh().disposed_after(0)])
            self._sweep_drafts()
        self.locks.admit_writers()
        self.refresh()

    def follow(self) -> CaughtUp:
        """Bring indexes and everything public up to the journal's head."""
        self.refresh()
        with self.children(1) as children:
            return catch_up(
                self.holdings,
                self.staff_index,
                self.public,
                today=wiring.today(),
                image_of=lambda *page: self._image(children, *page),
            )

    def rebuild(self) -> CaughtUp:
        """Throw away every cache and make it again from the stores; a cache that is damaged is no obstacle."""
        for name in (_CATALOGUE, _STAFF_INDEX, "public/public.db", "public/index.db"):
            _discard_if_damaged(self.folder / name)
        self._catalogue_file.clear()
        with self.children(1) as children:
            return rebuild(
                self.holdings,
                self.staff_index,
                self.public,
                today=wiring.today(),
                image_of=lambda *page: self._image(children, *page),
            )

    def fonds(self, repository: str, number: str) -> Fonds | None:
        """Return a fonds as it is described, or None."""
        return next((f for f in self.catalogue.fonds() if (f.repository.value, f.number) == (repository, number)), None)

    @contextmanager
    def children(self, workers: int) -> Iterator[Executor]:
        """Give children to work in, and end them afterwards."""
        executor = ChildExecutor(workers, timeout_seconds=self.settings.ocr.page_timeout_seconds)
        try:
            yield executor
        finally:
            executor.shutdown(cancel_futures=True)

    @contextmanager
    def work_folder(self) -> Iterator[Path]:
        """Give a folder for drafts that vanishes afterwards."""
        place = self.folder / "work"
        place.mkdir(mode=0o700, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _foreign_stores(self) -> set[str]:
        """Return the stores in whose place another one lies; they are passed over like stores that are away."""
        promised = self.catalogue.stores()
        seen = [presence_of(store, promised.get(store.name)) for store in self.vault.stores]
        foreign = [one for one in seen if one.presence is Presence.FOREIGN]
        for one in foreign:
            self.output.say(one.reason or message("存储不在", "the store is not there"))
        return {one.store.name for one in foreign}

    def _welcome(self, back: frozenset[str]) -> None:
        """Make stores that were away obey what they missed."""
        for store, package_id in welcome(self.vault, self.reading, back):
            said = message(
                "存储“{store}”已按销毁决定清除 {id}",
                "store “{store}” destroyed {id}, which was disposed of while it was away",
                store=store,
                id=package_id,
            )
            self.output.say(said)

    def _sweep_drafts(self) -> None:
        for left in (self.folder / "work").glob("*"):
            shutil.rmtree(left, ignore_errors=True)

    def _throttled(self, stores: Sequence[Store]) -> tuple[Store, ...]:
        if not self.throttle_mib_per_second:
            return tuple(stores)
        throttle = Throttle(self.throttle_mib_per_second * (1 << 20), clock=wiring.seconds, wait=wiring.wait)
        return tuple(ThrottledStore(store, throttle) for store in stores)

    def _follow_journal(self, catalogue: Catalogue) -> None:
        known = catalogue.head()
        try:
            unreadable = catalogue.catch_up(
                self.vault.ledger.groups(known), lambda anchor: read_content(self.vault, anchor)
            )
        except IntegrityError as broken:
            if self.vault.ledger.head().sequence < known.sequence:
                raise _put_back(known) from broken
            raise
        self.unreadable += unreadable
        for anchor in unreadable:
            said = message(
                "信息包的著录读不出来：{code}（{id}），请核查并修复",
                "the description in a package cannot be read: {code} ({id}); audit and repair",
                code=anchor.archival_code,
                id=anchor.package_id,
            )
            self.output.say(said)

    def _index(self, audience: str, path: Path) -> SearchIndex:
        chosen = self.settings.search
        if not chosen.elasticsearch:
            return EmbeddedIndex(path)
        key = _read_key(self.folder / chosen.api_key_file) if chosen.api_key_file else ""
        elastic = ElasticSettings(chosen.elasticsearch, chosen.installation, key, chosen.timeout_seconds)
        return ElasticIndex(elastic, audience, stamp=wiring.now().strftime("%Y%m%d%H%M%S%f"))

    def _image(self, children: Executor, holding: Holding, file: StoredFile, page_index: int) -> bytes:
        with tempfile.NamedTemporaryFile(suffix=file.path.suffix) as original:
            original.write(self.holdings.read(holding, file))
            original.flush()
            draw = partial(access_image, mime=file.mime, page_index=page_index, longest_side_px=_SCREEN_PX)
            (drawn,) = run(draw, [Path(original.name)], executor_factory=lambda: nullcontext(children), window=1)
        if isinstance(drawn, Failed):
            raise drawn.error
        return drawn.result


def home_of(call: Call) -> Home:
    """Open the home that a command is about, until the command has ended; raises as ``open_home`` does."""
    return call.opened.enter_context(open_home(call.home, call.output))


def open_home(folder: Path, output: Output) -> Home:
    """Return an existing home; raises ``NotFoundError`` or ``ConfigurationError``."""
    return Home(folder, read_settings(folder), output)


def make_home(call: Call) -> Home:
    """Make a new home with its stores; raises ``ConflictError`` when there is one already.

    Where a settings file was put in place before, it is used as it stands.
    """
    folder = call.home
    path = folder / FILE_NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        write_whole(path, DEFAULT_FILE.encode("utf-8"), mode=0o600)
    settings = parse_settings(path.read_text("utf-8"), path)
    if len({s.name for s in settings.stores}) != len(settings.stores) or not settings.stores:
        raise ConfigurationError(message("存储位置的名称不能重复", "stores need names of their own"), subject=str(path))
    home = call.opened.enter_context(Home(folder, settings, call.output))
    if _has_begun(home):
        home.begin_writing()  # the first init may have been killed before every store had the journal
        raise ConflictError(
            message("这里已经有档案库：{home}", "there is an archive here already: {home}", home=str(folder)),
            subject=str(folder),
        )
    begun = next((found for store in home.vault.stores if (found := standing_home(store))), None)
    identifier = begun or wiring.new_identifier()
    stores = [found_store(store, store_id=wiring.new_identifier(), home_id=identifier) for store in home.vault.stores]
    home.vault.ledger.level_stores()  # an init that was killed may have left its entries in one store
    if not _has_begun(home):
        home.vault.ledger.append([HomeInitialised(identifier), *stores])
    home.follow()
    return home


def _put_back(known: Head) -> IntegrityError:
    return IntegrityError(
        message(
            "存储中的日志到不了已知的第 {n} 条：存储被换成了较早的状态",
            "the stores' journal ends before entry {n}, which was there: they were put back to an earlier state",
            n=known.sequence,
        ),
        subject="journal",
        advice=message(
            "请接回原来的存储；若确要从较早的状态继续，运行 jinkui journal verify --against 检查点，再运行 jinkui rebuild",
            "bring the stores back that were there; to go on from the earlier state, look at it with jinkui journal "
            "verify --against CHECKPOINT, then run jinkui rebuild",
        ),
    )


def _has_begun(home: Home) -> bool:
    try:
        return home.vault.ledger.head().sequence > 0
    except StoreAbsentError:
        return False


def _read_key(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as cause:
        raise ConfigurationError(
            message("读不了 API 密钥文件：{path}", "the file of the API key cannot be read: {path}", path=str(path)),
            subject=str(path),
        ) from cause


def _discard_if_damaged(path: Path) -> None:
    """Remove a database that SQLite cannot read; what it held is made again."""
    if not path.exists():
        return
    try:
        connection = sqlite3.connect(path)
        try:
            whole = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        path.unlink()
