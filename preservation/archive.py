"""One archive, opened: its stores as one, its journal, its catalogue and its working state.

What a use case works with, whoever calls it: a command, a page, a worker. Nothing here prints; what a person should hear
goes to ``tell``.
"""

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Self

from archives.errors import ConfigurationError, ConflictError, IntegrityError, StorageError
from archives.journal.chain import Entry
from archives.journal.concern import NOT_UNDERSTOOD, Subject, SubjectKind, the_package, the_record
from archives.journal.facts import OpeningDecided, OpeningWithdrawn, PackageStored, RepositoryAdded
from archives.message import Message, message
from archives.record.description import Fonds
from archives.record.holding import Holding
from preservation.audit.plan import Sample
from preservation.catalogue.catalogue import Catalogue
from preservation.catalogue.decisions import Decisions
from preservation.catalogue.journal_fold import JournalFold, JournalReading
from preservation.journal.ledger import Ledger
from preservation.journal.level import told_level
from preservation.journal.memory import Memory
from preservation.journal.refusals import STORES_ARE_AHEAD, dark, home_put_back, put_back, signed_by_another
from preservation.locks import Locks
from preservation.stores.presence import Presence, StorePresence, presence_of, told_without
from preservation.stores.promise import Promise
from preservation.stores.store import Store
from preservation.vault.content import Holdings, read_content
from preservation.vault.recovery import recover, sweep, told_kept, told_recovery, welcome
from preservation.vault.vault import Vault
from preservation.vault.writing import Hiding, hides_nothing
from preservation.working_state import WorkingState

CATALOGUE = "catalogue.db"


@dataclass(frozen=True, slots=True)
class World:
    """What only the outermost layer may make: the clock, the calendar of this place, chance, an ear.

    ``seconds`` only go forward.
    """

    now: Callable[[], datetime]
    today: Callable[[], date]
    new_identifier: Callable[[], str]
    tell: Callable[[Message], None]
    seconds: Callable[[], float]
    draw: Sample
    hiding: Hiding = hides_nothing


class Archive:
    """Everything a use case works with; what it does not use is not opened.

    ``stores`` gives the stores when they are first needed, in the order of the settings. A context: with the end of the
    work it lets go of the writers' lock and of the catalogue's file.
    """

    def __init__(
        self, folder: Path, stores: Callable[[], Sequence[Store]], promise: Promise, *, operator: str, world: World
    ) -> None:
        self.folder = folder
        self.promise = promise
        self.operator = operator
        self.world = world
        self.unreadable: tuple[PackageStored, ...] = ()
        self._stores = stores

    def __enter__(self) -> Self:
        """Begin the work."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the work."""
        if self.locks.is_among_writers:
            with suppress(StorageError, ConflictError):  # then it is written down after the next writing
                self.vault.ledger.settle()
        self.locks.leave_writers()
        if "_fold" in self.__dict__:
            self._fold.close()
        if "fresh_reading" in self.__dict__:
            self.fresh_reading.fold.close()

    @cached_property
    def locks(self) -> Locks:
        """What this process holds against others."""
        return Locks(self.folder / "locks")

    @cached_property
    def memory(self) -> Memory:
        """What this home remembers of the journal that it signed."""
        return Memory(self.folder / "journal", self.folder / "keys")

    @cached_property
    def vault(self) -> Vault:
        """The stores as one."""
        stores, world, least = tuple(self._stores()), self.world, self.promise.minimum
        ledger = Ledger(stores, self.locks, self.memory, now=world.now, agent=self.operator, minimum=least)
        return Vault(stores, ledger, self.locks, now=world.now, promise=self.promise, hiding=world.hiding)

    @cached_property
    def reading(self) -> JournalReading:
        """What the journal says, from the fold that is kept: for everything that only looks.

        Where that fold cannot be used, or the journal is not the one that was followed (stores were put back), it is
        folded from its first entry: who looks for what is wrong needs an answer then.
        """
        try:
            return JournalReading(self.vault.ledger, self._fold)
        except (IntegrityError, StorageError):
            return self.fresh_reading

    @cached_property
    def fresh_reading(self) -> JournalReading:
        """What the journal says, folded from its first entry: for what judges, mends or destroys."""
        return JournalReading(self.vault.ledger)

    @cached_property
    def decisions(self) -> Decisions:
        """What people decided about disposal, from the journal folded from its first entry."""
        return Decisions(self.fresh_reading)

    @cached_property
    def work(self) -> WorkingState:
        """What is neither derivable nor archival."""
        return WorkingState(self.folder / "work.db")

    @cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue, up to date with the journal."""
        catalogue = Catalogue(self._fold)
        self._follow_journal(catalogue)
        return catalogue

    @cached_property
    def _fold(self) -> JournalFold:
        return JournalFold(self.folder / CATALOGUE)

    @cached_property
    def holdings(self) -> Holdings:
        """The records and their files."""
        return Holdings(self.catalogue, self.vault)

    def presence(self, store: Store) -> StorePresence:
        """Look whether a store is there, as the journal knows it."""
        return presence_of(store, self.reading.anchors.stores.get(store.name))

    def refresh(self) -> Catalogue:
        """Return the catalogue after following the journal to its head."""
        self._follow_journal(self.catalogue)
        return self.catalogue

    def history(self, holding: Holding) -> tuple[Entry, ...]:
        """Return what happened to a unit, its package, holds and plans, and how its repository was called, in order."""
        self.refresh()
        package, unit = the_package(holding.package_id.value), the_package(holding.unit_id)
        named = ((SubjectKind.RECORD, str(holding.key)), (SubjectKind.FONDS, str(holding.key)))
        of_code = [Subject(*one) for one in (*named, (SubjectKind.REPOSITORY, holding.key.repository))]
        former = {the_record(holding.key.repository, code) for code in self.catalogue.former_codes(holding)}
        about = self.reading.entries_about(package, unit, *of_code, once=former)
        own = tuple(e for e in about if not isinstance(e.fact, RepositoryAdded))
        decided = {s for e in own for s in e.fact.concerns() if s.kind in (SubjectKind.HOLD, SubjectKind.PLAN)}
        ours, opened = ("", holding.unit_id), OpeningDecided | OpeningWithdrawn
        found = {e.sequence: e for e in own if not isinstance(e.fact, opened) or e.fact.package_id in ours}
        for entry in self.reading.entries_about(*decided):
            others = [s for s in entry.fact.concerns() if s.kind in (SubjectKind.PACKAGE, SubjectKind.RECORD)]
            if not others or package in others:
                found[entry.sequence] = entry
        return tuple(found[sequence] for sequence in sorted(found))

    def forget(self) -> None:
        """Empty the catalogue; what uses it next makes it again from the stores."""
        self._fold.clear()

    def fonds(self, repository: str, number: str) -> Fonds | None:
        """Return a fonds as it is described, or None."""
        return next((f for f in self.catalogue.fonds() if (f.repository.value, f.number) == (repository, number)), None)

    @property
    def may_publish(self) -> bool:
        """Whether anything may be published: not while a restored home waits for a person, not by a home that its stores
        are ahead of, nor beside what a newer version wrote and this one does not understand."""
        if self.memory.is_there and (self.memory.is_dark or self.vault.ledger.is_behind()):
            self.world.tell(dark(self.memory.retired_at) if self.memory.is_dark else STORES_ARE_AHEAD)
            return False
        if self.vault.ledger.is_of_another:
            self.world.tell(signed_by_another().message)
            return False
        return not self._fold.places([NOT_UNDERSTOOD])

    def begin_writing(self, *, told: Collection[str] = ()) -> None:
        """Recover what a crash left open; everything that writes begins with this, and says what it did.

        Raises ``StorageError`` when fewer stores are there than a package needs. Of ``told`` the caller says that another lies there.
        """
        self._require_understood()
        alone = self.locks.join_writers()
        ledger = self.vault.ledger
        ledger.away = set(self.refresh().away_stores())
        seen = self._look_at_stores(told)
        ledger.foreign = {one.store.name for one in seen if one.presence is Presence.FOREIGN}
        for store in ledger.level_stores(before_return=self._welcome):
            self.world.tell(told_level(store, ledger.set_right))
        for said in told_without(seen, ledger.away - ledger.foreign, sealed=self.promise.sealed):
            self.world.tell(said)
        if self.refresh().open_work.is_there():
            recovery = recover(self.vault, self.fresh_reading, today=self.world.today())
            for said in told_recovery(recovery, self.fresh_reading.refresh().versions):
                self.world.tell(said)
        if alone:
            disposed = [package_id for package_id, _ in self.refresh().disposed_after(0)]
            sweep(self.vault, disposed, lambda package_id: self.decisions.judge_tombstone(package_id))
            self._sweep_drafts()
        self.locks.admit_writers()
        self.refresh()

    def _require_understood(self) -> None:
        """Raise ``ConfigurationError`` while the journal holds what a newer version wrote."""
        self.refresh()
        if places := self._fold.places([NOT_UNDERSTOOD]):
            raise ConfigurationError(
                message(
                    "日志第 {n} 条由较新的版本写成，此版本读不懂，不再写入（撤回开放不受影响）",
                    "entry {n} of the journal was written by a newer version and is not understood; nothing more is written "
                    "(closing still works)",
                    n=places[0][2][0],
                ),
                subject="journal",
                advice=message("请更新 Jinkui", "install a newer version of Jinkui"),
            )

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

    def _look_at_stores(self, told: Collection[str]) -> list[StorePresence]:
        """Return how every store is; one in whose place another lies is told of, and passed over like one that is away."""
        promised = self.catalogue.stores()
        seen = [presence_of(store, promised.get(store.name)) for store in self.vault.stores]
        for one in filter(lambda one: one.presence is Presence.FOREIGN and one.store.name not in told, seen):
            self.world.tell(one.reason or one.presence.said)
        return seen

    def _welcome(self, back: frozenset[str]) -> None:
        """Make stores that were away obey what they missed."""
        welcomed = welcome(self.vault, self.fresh_reading, back)
        for one in welcomed.kept:
            self.world.tell(told_kept(*one))
        for store, package_id in welcomed.destroyed:
            said = message(
                "存储“{store}”已按销毁决定清除 {id}",
                "store “{store}” destroyed {id}, which was disposed of while it was away",
                store=store,
                id=package_id,
            )
            self.world.tell(said)

    def _sweep_drafts(self) -> None:
        for left in (self.folder / "work").glob("*"):
            shutil.rmtree(left, ignore_errors=True)

    def _follow_journal(self, catalogue: Catalogue) -> None:
        if self.memory.is_there and catalogue.descriptions.is_level(self.memory.end):
            return  # asked for every record of a batch: this is all that it then costs
        known = catalogue.head()
        try:
            self._fold.follow(self.vault.ledger.groups)
            catalogue.descriptions.describe(lambda anchor: read_content(self.vault, anchor), lost=self._remember_lost)
        except IntegrityError as broken:
            if self.vault.ledger.head().sequence < known.sequence:
                raise (home_put_back if self.memory.is_there else put_back)(known) from broken
            raise

    def _remember_lost(self, anchor: PackageStored) -> None:
        if anchor in self.unreadable:
            return  # it is read again each time that the journal is followed
        self.unreadable += (anchor,)
        said = message(
            "信息包的著录读不出来：{code}（{id}），请核查并修复",
            "the description in a package cannot be read: {code} ({id}); audit and repair",
            code=anchor.archival_code,
            id=anchor.package_id,
        )
        self.world.tell(said)
