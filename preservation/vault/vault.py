"""All stores as one: put a version into each and verify it where it lies, read from any that has it whole.

The order of writing is the guarantee: intent in the journal, content files, the version's inventory and sidecar,
everything flushed, the object's root inventory last, every byte read again from where it lies, then the anchor
(``package-stored``) in the journal. What has no anchor was never acknowledged.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from archives.errors import ConflictError, JinkuiError, NotFoundError, PathTakenError
from archives.journal.facts import Fact, PackageAbandoned, PackageIntended, PackageStored, StoreAway
from archives.message import message
from archives.record.identifiers import PackageId
from preservation.digests.many_files import Digesting
from preservation.journal.ledger import Ledger
from preservation.locks import Locks
from preservation.package.new_package import NewPackage, PlannedVersion, plan_first_version, plan_next_version
from preservation.package.ocfl import Inventory, parse_content_files, parse_inventory, parse_version_files
from preservation.stores.promise import Promise
from preservation.stores.store import Store
from preservation.vault.copying import VersionFiles, Wanted, copy_out
from preservation.vault.promised import intent_of, stored_of, too_few
from preservation.vault.stored_object import (
    anchored_inventory,
    first_whole,
    no_good_copy,
    set_version_aside,
)
from preservation.vault.writing import Hiding, UnderWay, Writing, hides_nothing, only_answer


class Vault:
    """The stores of one home with their journal and locks."""

    def __init__(
        self,
        stores: Iterable[Store],
        ledger: Ledger,
        locks: Locks,
        *,
        now: Callable[[], datetime],
        promise: Promise | None = None,
        hiding: Hiding = hides_nothing,
    ) -> None:
        self.stores = tuple(stores)
        self.ledger = ledger
        self.locks = locks
        self.promise = promise or Promise(len(self.stores), len(self.stores))
        self._now = now
        self._hiding = hiding

    def store(self, name: str) -> Store:
        """Return the store of that name; raises ``NotFoundError``, which names those that there are."""
        for store in self.stores:
            if store.name == name:
                return store
        raise no_store(name, self.stores)

    def put(self, package: NewPackage, *, note: str) -> PackageStored:
        """Store version 1 of a package and return its anchor when all of it is acknowledged.

        Raises ``ConflictError`` when a source file is no longer what it was, ``StorageError`` when too few stores can
        take it, ``IntegrityError`` when one gives back other bytes; then nothing of it is left and the journal says so.
        """
        return only_answer(self.put_together((package,), note=note))

    def put_together(self, packages: Sequence[NewPackage], *, note: str) -> tuple[PackageStored | JinkuiError, ...]:
        """Store version 1 of several packages, which wait for the journal and the disks together.

        Returns for each, in order, its anchor when all of it is acknowledged, or the error that ``put`` would raise.
        Raises ``StorageError`` when the journal cannot be written.
        """
        return self.begin_together(packages, note=note).finished()

    def begin_together(self, packages: Sequence[NewPackage], *, note: str) -> UnderWay:
        """Begin to store several packages as ``put_together`` does, and return while the stores still write.

        Their intents are in the journal then. Whoever calls goes on with what touches neither journal nor stores, and
        ends it with ``finished``. Raises ``StorageError`` when the journal cannot be written.
        """
        if not packages:
            return UnderWay((), ExitStack(), None, tuple)
        plans = [plan_first_version(package, note=note, user=self.ledger.agent) for package in packages]
        with ExitStack() as held:
            held.enter_context(self.locks.packages_exclusive(package.package_id for package in packages))
            held.enter_context(self._hiding(packages))
            begun = self._begin(packages, plans, self._targets())
            return UnderWay(packages, held.pop_all(), begun.writing, lambda: self._end(begun))

    def put_as_one(
        self, packages: Sequence[NewPackage], facts: Sequence[Fact], *, note: str, together: str
    ) -> tuple[PackageStored, ...]:
        """Store version 1 of several packages and journal facts with them, all in one group or nothing.

        ``together`` names them as a whole: after a crash before that group they are all set aside. Raises as ``put`` does.
        """
        plans = [plan_first_version(package, note=note, user=self.ledger.agent) for package in packages]
        with self.locks.packages_exclusive(package.package_id for package in packages):
            answers = self._store(packages, plans, self._targets(), together=together, facts=facts)
        for answer in answers:
            if isinstance(answer, JinkuiError):
                raise answer
        return tuple(answer for answer in answers if isinstance(answer, PackageStored))

    def put_next(
        self,
        package: NewPackage,
        previous: PackageStored,
        *,
        holders: Sequence[str],
        note: str,
        require_newest: Callable[[PackageStored], None],
    ) -> PackageStored:
        """Store the next version of a package, of which only what changed is written, and return its anchor.

        ``holders`` are the stores that have the version before; ``require_newest`` raises ``ConflictError``, asked
        under the package's lock, when that is not its newest one any more or another was begun and not ended. Raises as
        ``put`` does.
        """
        with self.locks.package_exclusive(package.package_id):
            require_newest(previous)
            plan = plan_next_version(self.inventory(previous), package, note=note, user=self.ledger.agent)
            stores = tuple(store for store in self.stores if store.name in holders)
            with self._hiding((package,)):
                return only_answer(self._store((package,), (plan,), stores))

    def inventory(self, anchor: PackageStored) -> Inventory:
        """Return the inventory that the anchor vouches for, from the first store that has it whole."""
        return parse_inventory(anchored_inventory(self.stores, anchor), subject=anchor.package_id)

    def files(self, anchor: PackageStored) -> VersionFiles:
        """Return the files of the version that the anchor vouches for; see ``inventory``."""
        data = anchored_inventory(self.stores, anchor)
        return VersionFiles(PackageId(anchor.package_id), parse_version_files(data, subject=anchor.package_id))

    def content_files(self, anchor: PackageStored) -> dict[str, str]:
        """Return every content path of the anchored inventory, relative to the object, with its SHA-512."""
        return parse_content_files(anchored_inventory(self.stores, anchor), subject=anchor.package_id)

    def read(self, inventory: Inventory, path: PurePosixPath, *, version: int | None = None) -> bytes:
        """Return a file of a package's version (by default the newest) by its path in the bag, checked.

        Raises ``NotFoundError`` for a path the version does not have, ``IntegrityError`` when no store has it whole.
        """
        return self.read_wanted(VersionFiles.of(inventory, version).wanted(path))

    def read_wanted(self, wanted: Wanted) -> bytes:
        """Return a file's bytes, checked; raises ``IntegrityError`` when no store has it whole."""
        return first_whole(self.stores, wanted.stored, wanted.sha512)

    def export(
        self, inventory: Inventory, folder: Path, *, version: int | None = None, digesting: Digesting | None = None
    ) -> None:
        """Write a version out as a complete bag into a new folder, every file checked while it is copied.

        Raises ``PathTakenError`` when the folder is there already, ``IntegrityError`` when no store has a file whole,
        ``StorageError`` when the folder cannot be written.
        """
        if folder.exists():
            raise PathTakenError(
                message("目标文件夹已存在：{path}", "the folder is there already: {path}", path=str(folder)),
                subject=str(folder),
            )
        plan = VersionFiles.of(inventory, version).all()
        with digesting or Digesting(workers=1) as reading:
            copy_out(self.stores, plan, folder, digesting=reading, missing=no_good_copy)

    def anchor_version(
        self, intent: PackageIntended, stores: Sequence[Store], *, leaving: Sequence[Store] = ()
    ) -> PackageStored:
        """Journal that an intended version lies verified in these stores; the package lock is held.

        The stores of ``leaving`` failed and could not be cleared: they are passed over from here on like stores that
        are away, and cleared when they are welcomed back.
        """
        stored = stored_of(intent, stores)
        self._anchor([stored], leaving)
        return stored

    def abandon_version(self, intent: PackageIntended, stores: Sequence[Store], *, cause: str) -> PackageAbandoned:
        """Set aside what there is of an intended version and journal it; the package lock is held."""
        for store in stores:
            set_version_aside(store, PackageId(intent.package_id), intent.version, self.stamp())
        abandoned = PackageAbandoned(intent.package_id, intent.version, cause)
        self.ledger.append([abandoned])
        return abandoned

    def stamp(self) -> str:
        """Return the present moment as names in quarantine begin with it."""
        return self._now().strftime("%Y%m%dT%H%M%S%f")

    def _targets(self) -> tuple[Store, ...]:
        online = [store for store in self.stores if store.name not in self.promise.offline]
        return tuple(online[: self.promise.copies])

    def _store(
        self,
        packages: Sequence[NewPackage],
        plans: Sequence[PlannedVersion],
        stores: Sequence[Store],
        *,
        together: str = "",
        facts: Sequence[Fact] = (),
    ) -> tuple[PackageStored | JinkuiError, ...]:
        return self._end(self._begin(packages, plans, stores, together=together), facts)

    def _begin(
        self,
        packages: Sequence[NewPackage],
        plans: Sequence[PlannedVersion],
        stores: Sequence[Store],
        *,
        together: str = "",
    ) -> "_Begun":
        intents = [intent_of(package, plan, stores, together) for package, plan in zip(packages, plans, strict=True)]
        self.ledger.append(intents)
        targets = [store for store in stores if store.name not in self.ledger.away]
        return _Begun(intents, stores, targets, self._writing(targets, plans), together)

    def _writing(self, stores: Sequence[Store], plans: Sequence[PlannedVersion]) -> Writing:
        """Begin to write versions to every store, to all of them at the same time."""
        return Writing(stores, plans)

    def _end(self, begun: "_Begun", facts: Sequence[Fact] = ()) -> tuple[PackageStored | JinkuiError, ...]:
        """Wait for the stores, and journal what came of it."""
        intents, stores, targets, writing, together = begun
        failures = writing.failures()
        answers: list[PackageStored | JinkuiError] = []
        leaving: list[Store] = []
        given_up: list[tuple[PackageIntended, JinkuiError]] = []
        for number, intent in enumerate(intents):
            failed = {store: failure for store in targets if (failure := failures[store][number])}
            whole = [store for store in targets if store not in failed]
            source_changed = next((f for f in failed.values() if isinstance(f, ConflictError)), None)
            if source_changed or len(whole) < max(1, min(self.promise.minimum, len(stores))):
                cause = source_changed or next(iter(failed.values()), None)
                given_up.append((intent, cause or too_few(len(whole), self.promise.minimum)))
                answers.append(given_up[-1][1])
            else:
                leaving += [store for store in failed if not self._clear(store, intent)]
                answers.append(stored_of(intent, whole))
        if together and given_up:
            given_up = [(intent, given_up[0][1]) for intent in intents]
            answers = [cause for _, cause in given_up]
        self._anchor([answer for answer in answers if isinstance(answer, PackageStored)], leaving, facts)
        for intent, cause in given_up:
            self._give_up(intent, targets, cause)
        return tuple(answers)

    def _anchor(self, stored: Sequence[PackageStored], leaving: Sequence[Store], facts: Sequence[Fact] = ()) -> None:
        """Journal what lies verified, after which stores are passed over from here on; nothing stored, nothing said."""
        if stored:
            failed = sorted({store.name for store in leaving} - self.ledger.away)
            self.ledger.append([*(StoreAway(name) for name in failed), *stored, *facts])
            self.ledger.away.update(failed)

    def _give_up(self, intent: PackageIntended, stores: Sequence[Store], cause: JinkuiError) -> None:
        """Leave nothing of a version that was not acknowledged; what cannot be cleared now is left to recovery."""
        cleared = [self._clear(store, intent) for store in stores]
        if all(cleared):
            try:
                self.ledger.append([PackageAbandoned(intent.package_id, intent.version, cause.code)])
            except JinkuiError as failure:
                cause.add_note(str(failure))

    def _clear(self, store: Store, intent: PackageIntended) -> bool:
        """Delete what a store has of a version that this very process wrote; return whether that was possible."""
        try:
            aside = set_version_aside(store, PackageId(intent.package_id), intent.version, self.stamp())
            if aside is not None:
                store.remove(aside)
        except JinkuiError:
            return False
        return True


class _Begun(NamedTuple):
    """Versions that are intended and being written: into the ``targets``, those of ``stores`` that are there."""

    intents: Sequence[PackageIntended]
    stores: Sequence[Store]
    targets: Sequence[Store]
    writing: Writing
    together: str


def no_store(name: str, known: Iterable[Store]) -> NotFoundError:
    """Return the error that says that no store is called so, and which stores there are."""
    return NotFoundError(
        message("没有存储“{name}”", "there is no store “{name}”", name=name),
        subject=name,
        advice=message("已有的存储：{names}", "stores: {names}", names=", ".join(store.name for store in known)),
    )
