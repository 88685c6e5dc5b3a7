"""Versions of packages written into stores, several together: what waits for the disk waits once for all of them.

The order of writing is the guarantee: content files, the version's inventory and sidecar, everything flushed, then the
root sidecar and the root inventory last.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import PurePosixPath
from typing import TypeVar

from archives.errors import JinkuiError
from archives.journal.facts import PackageStored
from preservation.package.new_package import NewPackage, PlannedVersion
from preservation.package.ocfl import INVENTORY, SIDECAR, encode_sidecar, object_folder
from preservation.stores.store import Store
from preservation.vault.stored_object import set_root, verify_version, write_inventory

Done = TypeVar("Done")

Hiding = Callable[[Sequence[NewPackage]], AbstractContextManager[None]]
"""Keeps from the public, before packages are intended and until they are in the journal, what has to be reviewed again then."""


def hides_nothing(_: Sequence[NewPackage]) -> AbstractContextManager[None]:
    """Keep nothing from anybody: where nothing is published."""
    return nullcontext()


class Writing:
    """Versions that are being written into several stores, each in a thread of its own, since it was made."""

    def __init__(self, stores: Sequence[Store], plans: Sequence[PlannedVersion]) -> None:
        pool = ThreadPoolExecutor(max(1, len(stores)))
        self._running = {store: pool.submit(write_versions, store, plans) for store in stores}
        pool.shutdown(wait=False)

    @property
    def is_done(self) -> bool:
        """Whether no store writes any more."""
        return all(one.done() for one in self._running.values())

    def failures(self) -> dict[Store, tuple[JinkuiError | None, ...]]:
        """Wait for every store, and return for each what ``write_versions`` returned."""
        wait(self._running.values())
        return {store: one.result() for store, one in self._running.items()}


class UnderWay:
    """Packages that the stores are writing; none is acknowledged before ``finished``, and their locks are held until then."""

    def __init__(
        self,
        packages: Sequence[NewPackage],
        held: ExitStack,
        writing: Writing | None,
        end: Callable[[], tuple[PackageStored | JinkuiError, ...]],
    ) -> None:
        self.packages = packages
        self._held = held
        self._writing = writing
        self._end = end

    @property
    def is_written(self) -> bool:
        """Whether no store writes any more, so that ``finished`` need not wait."""
        return self._writing is None or self._writing.is_done

    def finished(self) -> tuple[PackageStored | JinkuiError, ...]:
        """Wait for the stores and acknowledge what they have; returns and raises as ``Vault.put_together``."""
        with self._held:
            return self._end()

    def left(self) -> None:
        """Let go of it as it is, once no store writes any more: recovery ends what was begun."""
        with self._held:
            if self._writing is not None:
                self._writing.failures()


def only_answer(answers: Sequence[PackageStored | JinkuiError]) -> PackageStored:
    """Return the anchor of the only package that was to be stored; raises what kept it from being stored."""
    (answer,) = answers
    if isinstance(answer, JinkuiError):
        raise answer
    return answer


def write_versions(store: Store, plans: Sequence[PlannedVersion]) -> tuple[JinkuiError | None, ...]:
    """Write new versions, which wait for the disk together, and read each again from where it lies.

    Returns for each, in order, what kept it from being whole there. Whatever one replaces in its object's root is the
    version before.
    """
    failures: dict[int, JinkuiError] = {}
    written = _in_turn(plans, lambda plan: _write_content(store, plan), failures)
    try:
        store.flush(path for paths in written for path in paths)
        roots = _in_turn(plans, lambda plan: _write_root(store, plan), failures)
        store.flush(path for paths in roots for path in paths)
    except JinkuiError as failure:
        return tuple(failures.get(number, failure) for number in range(len(plans)))
    _in_turn(plans, lambda plan: verify_version(store, plan.inventory, plan.inventory_bytes), failures)
    return tuple(failures.get(number) for number in range(len(plans)))


def _in_turn(
    plans: Sequence[PlannedVersion], act: Callable[[PlannedVersion], Done], failures: dict[int, JinkuiError]
) -> list[Done]:
    """Do something for each plan that nothing failed for yet; what fails is noted under its number and ends no other."""
    done: list[Done] = []
    for number, plan in enumerate(plans):
        if number not in failures:
            try:
                done.append(act(plan))
            except JinkuiError as failure:
                failures[number] = failure
    return done


def _write_content(store: Store, plan: PlannedVersion) -> list[PurePosixPath]:
    """Create everything of a version but the object's root; return the paths, which are not on disk yet."""
    folder, version = object_folder(plan.inventory.package_id), plan.inventory.head
    content = folder / f"v{version}" / "content"
    written = [content / file.path for file in plan.files]
    for path, file in zip(written, plan.files, strict=True):
        store.create(path, file.blocks())
    return [*written, *write_inventory(store, folder, version, plan.inventory_bytes)]


def _write_root(store: Store, plan: PlannedVersion) -> list[PurePosixPath]:
    """Set the root of an object; of a new one it is created, and the paths are returned that are not on disk yet."""
    folder = object_folder(plan.inventory.package_id)
    if plan.inventory.head > 1:
        set_root(store, folder, plan.inventory_bytes)
        return []
    root = {folder / SIDECAR: encode_sidecar(plan.inventory_bytes), folder / INVENTORY: plan.inventory_bytes}
    for path, data in root.items():
        store.create(path, [data])
    return list(root)
