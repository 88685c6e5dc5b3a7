"""One archive home, opened: settings, stores, journal, catalogue, indexes, put together in one place."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from archives.message import message
from cli import wiring
from cli.frame.commands import Call
from cli.frame.output import Output
from cli.home.account import require_own_account
from cli.home.caches import discard_if_damaged, search_index, shown_views, sign_published
from cli.home.downloads import downloads
from cli.home.hiding import hidden_while_stored
from cli.home.indexes import told_behind, told_troubles
from cli.home.originals import Originals, opened_originals
from cli.home.settings.reading import read_settings
from cli.home.settings.settings import Settings
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.group import affordable
from formats.processes.opened import Opened
from ingest.page.ocr.engine import OcrSettings
from preservation.archive import CATALOGUE, Archive, World
from preservation.catalogue.catalogue import Catalogue
from preservation.package.new_package import NewPackage
from preservation.stores.setting import StoreSetting
from preservation.stores.store import Store
from preservation.stores.throttled import Throttle, ThrottledStore
from preservation.vault.content import Holdings
from preservation.vault.vault import Vault
from preservation.working_state import WorkingState
from search.index.search_index import SearchIndex
from search.index.shared import share_folder
from search.published.closing import PublicSide
from search.published.following import CaughtUp
from search.published.indexing import PUBLIC, STAFF
from search.published.marks import Marks
from search.published.publish import catch_up, rebuild
from search.published.views import PublishedViews

if TYPE_CHECKING:
    from ingest.sheets.grid import Grid, GridReader
    from ingest.tables.packed import PackedTable, TableReader

_STAFF_INDEX = "staff-index.db"
_CATALOGUE_FOLLOWS = message("正在更新目录", "bringing the catalogue up to date")
_INDEXES_FOLLOW = message("正在更新索引和公开的内容", "bringing indexes and what is published up to date")


class Home:
    """One archive with its settings, indexes and public side, as a command works with it; what is not used is not opened.

    A context: with the end of the work it lets go of what the archive holds.
    """

    def __init__(self, folder: Path, settings: Settings, output: Output) -> None:
        self.folder = folder
        self.settings = settings
        self.output = output
        self.throttle_mib_per_second = settings.audit.throttle_mib_per_second
        world = World(
            wiring.now, wiring.today, wiring.new_identifier, output.say, wiring.seconds, wiring.draw, self._hiding
        )
        self.archive = Archive(
            folder,
            self._stores,
            settings.promise(wiring.today()),
            operator=settings.operator or wiring.operator_name(),
            world=world,
        )
        self.begin_writing = self.archive.begin_writing
        self.refresh = self.archive.refresh
        self.work_folder = self.archive.work_folder
        self.fonds = self.archive.fonds

    def __enter__(self) -> Self:
        """Begin the work."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the work."""
        self.archive.__exit__()

    @property
    def operator(self) -> str:
        """Who acts."""
        return self.archive.operator

    @property
    def vault(self) -> Vault:
        """The stores as one."""
        return self.archive.vault

    def open_store(self, setting: StoreSetting) -> Store:
        """Return the store that a setting describes, as it is (no throttle between); nothing is looked at yet."""
        return setting.open(self.folder, wiring.environment())

    @property
    def work(self) -> WorkingState:
        """What is neither derivable nor archival."""
        return self.archive.work

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue, up to date with the journal."""
        return self.archive.catalogue

    @property
    def holdings(self) -> Holdings:
        """The records and their files."""
        return self.archive.holdings

    @property
    def shown_folder(self) -> Path:
        """Where what is published lies."""
        return self.folder / "public"

    @cached_property
    def staff_index(self) -> SearchIndex:
        """The index of everything."""
        return self._index(STAFF, self.folder / _STAFF_INDEX)

    @cached_property
    def public(self) -> PublicSide:
        """Everything the public can reach."""
        folder = self.shown_folder
        if not self.share_published():
            self.output.say(
                message(
                    "公开文件夹未能交给用户组“{group}”读取，网站用别的账户运行时读不到；请运行 jinkui doctor",
                    "what is published could not be given to the group “{group}” to read, so a site under another account "
                    "cannot show it; run jinkui doctor",
                    group=self.settings.portal.group,
                )
            )
        views = PublishedViews(folder / "public.db", today=wiring.today)
        return PublicSide(views, folder / "images", self._index(PUBLIC, folder / "index.db"))

    @property
    def indexes(self) -> dict[str, SearchIndex]:
        """Both indexes, by their audiences."""
        return {PUBLIC: self.public.index, STAFF: self.staff_index}

    def share_published(self) -> bool:
        """Let nobody but the archive's account and the group of the settings read what is published; say whether that is so."""
        name = self.settings.portal.group
        group = wiring.group_number(name) if name else None
        try:
            self.shown_folder.mkdir(mode=0o700, exist_ok=True)
            return share_folder(self.shown_folder, group) and (group is not None or not name)
        except OSError:
            return False

    def shown(self, folder: Path, key: Path | None = None) -> PublicSide:
        """Return what lies in a folder of published records, for nothing but reading; nothing else is opened.

        With a file of the archive's public key only what it signed is shown.
        """
        index = self._index(PUBLIC, folder / "index.db", only_read=True)
        return PublicSide(shown_views(folder, key), folder / "images", index)

    @property
    def ocr(self) -> OcrSettings:
        """How pages are read."""
        chosen = self.settings.ocr
        return OcrSettings(
            chosen.workers or wiring.processors(), chosen.page_timeout_seconds, tuple(sorted(chosen.engines.items()))
        )

    def _hiding(self, packages: Sequence[NewPackage]) -> AbstractContextManager[None]:
        keeps_reviewed = self.settings.opening.keep_reviewed
        return hidden_while_stored(self.archive, lambda: self.public, packages, keeps_reviewed=keeps_reviewed)

    def follow(self, *, tells_behind: bool = True) -> CaughtUp:
        """Bring indexes and everything public up to the journal's head; tell of records that could not be."""
        self.output.progress(_CATALOGUE_FOLLOWS)
        self.refresh()
        return self._caught_up(catch_up, tells_behind=tells_behind)

    def rebuild(self) -> CaughtUp:
        """Throw away every cache and make it again from the stores; a cache that is damaged is no obstacle."""
        for name in (CATALOGUE, _STAFF_INDEX, "public/public.db", "public/index.db"):
            discard_if_damaged(self.folder / name)
        self.archive.forget()
        self.output.progress(_CATALOGUE_FOLLOWS)
        self.refresh()
        return self._caught_up(rebuild)

    def _caught_up(self, how: Callable[..., CaughtUp], *, tells_behind: bool = True) -> CaughtUp:
        self.output.progress(_INDEXES_FOLLOW)
        with self.archive.locks.following(), self.originals() as originals:
            done = how(
                self.holdings,
                self.staff_index,
                self.public,
                owed=Marks(self.folder / "owed"),
                today=wiring.today(),
                image_of=originals.image,
                only_close=not self.archive.may_publish,
                keep_reviewed=self.settings.opening.keep_reviewed,
                downloads=downloads(self.settings.portal, originals),
            )
        behind = map(told_behind, done.behind if tells_behind else ())
        for said in (*originals.told_not_played(), *told_troubles(done.troubles, self.archive.memory), *behind):
            self.output.say(said)
        if self.settings.search.elasticsearch and not (done.troubles or done.behind):  # else what closes stays there
            for left in (self.folder / _STAFF_INDEX, self.shown_folder / "index.db"):
                left.unlink(missing_ok=True)
        if failure := sign_published(self.archive, self.public.views, self.shown_folder):
            zh, en = "已公布的内容未能签章：{why}", "what is published could not be signed: {why}"
            self.output.say(message(zh, en, why=failure.message))
        return done

    def originals(self) -> AbstractContextManager[Originals]:
        """Give the records' originals, to be opened by children."""
        return opened_originals(self.holdings, lambda place: self.children(1, (place,)))

    def confinement(self, readable: tuple[Path, ...] = ()) -> Confinement:
        """Return how children are confined that are given files below these folders."""
        chosen = self.settings.children
        return Confinement(readable, chosen.user, chosen.confinement_optional)

    @contextmanager
    def children(
        self,
        workers: int,
        readable: tuple[Path, ...] = (),
        memory_mib: int | None = None,
        timeout_seconds: float | None = None,
    ) -> Iterator[Executor]:
        """Give children to work in, and end them afterwards; ``readable`` are the folders of what they are given.

        They may take a reader's memory and the time of a page, unless others are given.
        """
        budget = (memory_mib or self.settings.children.reader_memory_mib) << 20
        executor = ChildExecutor(
            affordable(workers, budget),
            timeout_seconds=timeout_seconds or self.settings.ocr.page_timeout_seconds,
            memory_bytes=budget,
            confined=self.confinement(readable),
        )
        try:
            yield executor
        finally:
            executor.shutdown(cancel_futures=True)

    def sheet_reader(self, *folders: Path) -> "GridReader":
        """Return what reads the tables that lie below folders, each in a child."""
        from ingest.sheets.grid import grid_of  # brings every reader of spreadsheets with it

        def read(opened: Opened) -> "Grid":
            with self.children(1, folders) as children:
                return children.submit(grid_of, opened).result()

        return read

    def table_reader(self, *folders: Path) -> "TableReader":
        """Return what reads long tables that lie below folders, each in a child that may take its time."""
        from ingest.tables.packed import packed_table  # brings every reader of spreadsheets with it

        def read(opened: Opened, memo: Opened | None = None) -> "PackedTable":
            with self.children(1, folders, timeout_seconds=3600.0) as children:  # five minutes for 600,000 rows
                return children.submit(packed_table, opened, memo).result()

        return read

    def _stores(self) -> tuple[Store, ...]:
        stores = tuple(self.open_store(setting) for setting in self.settings.stores)
        if not self.throttle_mib_per_second:
            return stores
        throttle = Throttle(self.throttle_mib_per_second * (1 << 20), clock=wiring.seconds, wait=wiring.wait)
        return tuple(ThrottledStore(store, throttle) for store in stores)

    def _index(self, audience: str, path: Path, *, only_read: bool = False) -> SearchIndex:
        return search_index(self.settings.search, audience, path, home=self.folder, only_read=only_read)


def home_of(call: Call, *, throttle: float | None = None) -> Home:
    """Open the home that a command is about, until the command has ended; raises as ``open_home`` does.

    ``throttle`` is how many MiB are read in a second at most (0: no limit), None for what the settings say.
    """
    home = call.opened.enter_context(open_home(call.home, call.output))
    if throttle is not None:
        home.throttle_mib_per_second = throttle
    return home


def open_home(folder: Path, output: Output) -> Home:
    """Return an existing home; raises ``NotFoundError`` or ``ConfigurationError``, so for root where it is another's."""
    require_own_account(folder)
    return Home(folder, read_settings(folder), output)
