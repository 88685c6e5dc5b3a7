"""What a profile says, as values: which columns an element has, how a code is built, what level a row is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from archives.message import Message
from archives.record.elements.table import ELEMENTS
from ingest.profiles.codes.template import Template

SecretRows = Literal["stop", "leave out"]
"""What is done when a row is a state secret: the import stops before anything is taken in, or goes on without the row."""
FieldKind = Literal["person", "date", "place", "text"]
ELEMENT_KEYS = frozenset(one.key for one in ELEMENTS if one.kind.parse) | {"level", "persons", "state", "item_count"}
"""Elements that a column can be; ``item_count`` is what a volume says of the number of its items and no element."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text comes from: the first of several ways that gives one, each of one column or of some that are joined.

    ``constant`` is what it is where no column says anything; ``map`` names the map that its values go through;
    ``compose`` puts it together of fields and parts of the code where it has no text of its own.
    """

    ways: tuple[tuple[str, ...], ...] = ()
    join: str = "；"
    constant: str = ""
    map: str = ""
    compose: Template | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All headings that it names."""
        return tuple(column for way in self.ways for column in way)


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field that only records of one kind have (a bride, a place where somebody was sent), by what it is."""

    kind: FieldKind
    source: Source


@dataclass(frozen=True, slots=True)
class LevelRule:
    """Which level a row is: what a column says, what the table is called, which parts of its code it has, else the constant.

    ``tables`` are words in the name of a file or worksheet; they say nothing where two of them say different things.
    ``filled`` and ``tables`` are None for what is usual, and empty where the constant alone is to hold.
    """

    source: Source = field(default_factory=Source)
    values: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] | None = None
    filled: tuple[tuple[str, tuple[str, ...]], ...] | None = None
    constant: str = "件"


@dataclass(frozen=True, slots=True)
class Images:
    """Where the paths of images stand, and what is cut off before them."""

    source: Source = field(default_factory=Source)
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spec:
    """All that a profile says. ``usual``: what it does not name is found under the usual headings.

    ``codes`` and ``parents`` are templates by level, the first of which counts that has all its parts. ``fits`` are
    headings, of each group of which a table has one if it is what the profile is for; ``fits_not`` what it never has.
    ``is_exact``: the table is one that we wrote, and everything in it is what it says.
    """

    name: str
    title: Message
    usual: bool
    elements: Mapping[str, Source]
    parts: Mapping[str, Source]
    codes: Mapping[str, tuple[Template, ...]]
    parents: Mapping[str, tuple[Template, ...]]
    level: LevelRule
    maps: Mapping[str, Mapping[str, str]]
    fields: Mapping[str, TypedField]
    images: Images
    secret_rows: SecretRows
    is_exact: bool = False
    fits: tuple[tuple[str, ...], ...] = ()
    fits_not: tuple[str, ...] = ()
