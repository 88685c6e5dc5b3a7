"""What the journal promises to lie in every store: the anchors that audits and repairs judge by."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from archives.facts import PackageAbandoned, PackageIntended, PackageStored, StoreAdded
from archives.identifiers import PackageId
from archives.journal import Entry
from preservation.ocfl import object_folder


@dataclass(slots=True)
class Anchors:
    """A fold over the journal: the versions of every package in order, open intents, promised stores."""

    versions: dict[str, list[PackageStored]] = field(default_factory=dict)
    intents: dict[tuple[str, int], PackageIntended] = field(default_factory=dict)
    stores: dict[str, StoreAdded] = field(default_factory=dict)

    def take(self, entries: Iterable[Entry]) -> None:
        """Take the next entries of the journal."""
        for entry in entries:
            match entry.fact:
                case StoreAdded() as fact:
                    self.stores[fact.name] = fact
                case PackageIntended() as fact:
                    self.intents[fact.package_id, fact.version] = fact
                case PackageAbandoned() as fact:
                    self.intents.pop((fact.package_id, fact.version), None)
                case PackageStored() as fact:
                    self.intents.pop((fact.package_id, fact.version), None)
                    self.versions.setdefault(fact.package_id, []).append(fact)
                case _:
                    pass

    def folders(self) -> frozenset[PurePosixPath]:
        """Return the object folders that the journal explains: stored packages and open intents."""
        begun = {package_id for package_id, _ in self.intents}
        return frozenset(object_folder(PackageId(package_id)) for package_id in begun | self.versions.keys())
