"""What people call the packages that an audit, a repair, a drill or an alarm speaks of."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TypeVar

from archives.errors import JinkuiError
from archives.message import message
from cli.frame.listing import Field
from cli.home.home import Home
from preservation.catalogue.naming import Called, called

Item = TypeVar("Item")
Names = Mapping[str, Called]
NO_NAMES: Names = MappingProxyType({})
_UNKNOWN = Called("", "")


def names_of(home: Home, package_ids: Iterable[str | None]) -> Names:
    """Return the archival codes and titles of packages; none where the catalogue cannot be read: what is told stands without."""
    try:
        return called(home.catalogue, {package_id for package_id in package_ids if package_id})
    except JinkuiError:
        return NO_NAMES


def name_fields(names: Names, package_of: Callable[[Item], str | None]) -> tuple[Field[Item], Field[Item]]:
    """Return the fields that name each item's package by archival code and title."""

    def name(item: Item) -> Called:
        return names.get(package_of(item) or "", _UNKNOWN)

    return (
        Field("archival_code", message("档号", "archival code"), lambda item: name(item).archival_code or None),
        Field("title", message("题名", "title"), lambda item: name(item).title or None),
    )
