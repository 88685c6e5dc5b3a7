"""What the settings say of a store: the keys that every kind has; a kind adds its own, and how it is opened from them."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, get_args, get_type_hints

from archives.message import Message, message
from preservation.stores.store import Properties, Store

NAMES = message("存储名称是 1 至 40 个 A-Z a-z 0-9 _ -", "the name of a store is 1 to 40 of A-Z a-z 0-9 _ -")
"""Which names a store may have, so that they stand in commands and file names."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of store: its name in answers and to people, and the key by which the settings say where one is.

    Kinds that share a key differ in what its value ``begins`` with.
    """

    name: str
    said: Message
    address: str
    begins: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of a key; ``example`` shows a value where there is no default to be shown."""

    said: Message
    example: object = None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the settings of a store, as a file (and behind ``--`` a command) spells it."""

    name: str
    type: Any
    said: Message
    default: object
    example: object


def may_be_called(name: str) -> bool:
    """Whether a store may have a name (``NAMES``)."""
    return re.fullmatch(r"[A-Za-z0-9_-]{1,40}", name) is not None


@dataclass(frozen=True, kw_only=True)
class StoreSetting(ABC):
    """One store of the settings; ``kind`` says of which kind. Raises ``ValueError`` with a message for values that cannot be."""

    kind: ClassVar[Kind]
    name: str
    offline: Annotated[bool, Told(message("离线载体", "a sealed set that is not always there"), True)] = False
    carrier: Annotated[str, Told(message("载体编号", "number of the carrier"), "LTO-0012")] = ""
    place: Annotated[str, Told(message("存放地点", "where it is kept"), "…")] = ""
    person: Annotated[str, Told(message("保管人", "who keeps it"), "…")] = ""
    due: Annotated[
        date | None, Told(message("离线载体下次核查日期", "when the offline set is due again"), date(2027, 6, 30))
    ] = None

    def __post_init__(self) -> None:
        """Raise ``ValueError`` unless the store's name can stand in commands and file names."""
        if not may_be_called(self.name):
            raise ValueError(NAMES)

    @property
    def address(self) -> str:
        """Where the store is, as the settings say it."""
        return str(getattr(self, self.kind.address))

    @abstractmethod
    def properties(self, home: Path) -> Properties:
        """Return what is known of the store without opening it; paths may be relative to ``home``."""

    @abstractmethod
    def names_there(self, home: Path, environment: Mapping[str, str]) -> frozenset[str]:
        """Return what stands at the top of its place, store or not, but for what file systems keep for themselves.

        Nothing for a place that is not there; of very many some. Raises ``StorageError`` where nobody can look.
        """

    @abstractmethod
    def open(self, home: Path, environment: Mapping[str, str]) -> Store:
        """Return the store; nothing is looked at yet.

        Raises ``ConfigurationError`` when what it is opened with cannot be used.
        """


def keys_of(setting: type[StoreSetting]) -> tuple[Key, ...]:
    """Return the keys that a kind has of its own, beside those of every kind (``COMMON_KEYS``)."""
    return tuple(key for key in _every_key(setting) if key not in COMMON_KEYS)


def _every_key(setting: type[Any]) -> tuple[Key, ...]:
    hints = get_type_hints(setting, include_extras=True)
    described = [(field, *get_args(hints[field.name])) for field in fields(setting) if field.name != "name"]
    return tuple(Key(f.name.replace("_", "-"), kind, told.said, f.default, told.example) for f, kind, told in described)


COMMON_KEYS = _every_key(StoreSetting)
"""The keys of every kind of store, beside its name."""
