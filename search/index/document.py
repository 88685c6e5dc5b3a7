"""What is indexed: a record with its description, and what stands below it and has words of its own."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from archives.message import Message
from archives.record.dates.record_date import RecordDate
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS, Element
from archives.record.holding import Holding, StoredFile
from archives.record.record import RepresentationName
from archives.record.rights import Openness
from archives.record.volume.page_label import parse_label
from archives.units.former_codes import former_codes, public_former_codes

UNKNOWN_DATE = 99_991_231
_LAYOUT = ".xml"  # of a text file that tells where on its page words were recognised
Named = tuple[tuple["Field", str], ...]
"""What is said under the names by which alone people may look, without those under which nothing is."""


class Field(StrEnum):
    """By what alone people may look: the title, the author, the document number, the number or a name of the fonds."""

    TITLE = "title"
    AUTHOR = "author"
    NUMBER = "document_number"
    FONDS = "of_fonds"

    @property
    def sign(self) -> str:
        """The character before the tokens of what is said there, which stands in no folded text."""
        return {Field.TITLE: "†", Field.AUTHOR: "‡", Field.NUMBER: "¤", Field.FONDS: "¶"}[self]


class TextOrigin(StrEnum):
    """How the text of a page came about: recognised by machine, or taken from the file itself."""

    RECOGNISED = "recognised"
    EXTRACTED = "extracted"


@dataclass(frozen=True, slots=True)
class Place:
    """A page that has text; among the staff's also an item of a volume, which is said here (``page`` None).

    ``label`` is what the page is called on paper, of an item its first one; empty where that is not known. ``item`` is
    the identifier of an item, which has ``archival_code``, ``title`` and ``date`` of its own.
    """

    page: int | None
    text: str
    openness: str
    label: str = ""
    item: str = ""
    archival_code: str = ""
    title: str = ""
    date: str = ""
    author: str = ""
    document_number: str = ""

    @property
    def named(self) -> Named:
        """What an item says under names; a page says nothing so."""
        return _said(self, "") if self.item else ()

    @property
    def name(self) -> Message | None:
        """What people call the page in words (第3页附页1), None for an item of which no page is known."""
        return parse_label(self.called).shown if self.called else None

    @property
    def called(self) -> str:
        """The page's label on paper, its number in the record where it has none; empty for an item without pages."""
        return self.label or (str(self.page) if self.page else "")


@dataclass(frozen=True, slots=True)
class IndexedRecord:
    """A record, or a volume with its items, as it is found: one result, whatever stands below it.

    ``package_id`` is the unit's identifier, ``text`` what its description says, ``date`` EDTF, ``date_from`` its first day
    as a number (19860512; ``UNKNOWN_DATE`` without one), ``date_to`` its last one (0 without one), ``code_order`` a text that orders codes, ``genre`` the 门类代码
    of its code, ``year`` the one it is filed under, else that of its first day; ``sequence`` the journal's number of the
    newest change; ``text_origin`` a ``TextOrigin``, recognised where any page is, empty where no page has text.
    """

    package_id: str
    repository: str
    repository_name: str
    repository_name_en: str
    archival_code: str
    code_order: str
    title: str
    date: str
    date_from: int
    text: str
    openness: str
    sequence: int
    fonds: str = ""
    genre: str = ""
    year: int | None = None
    places: tuple[Place, ...] = ()
    date_to: int = 0
    author: str = ""
    document_number: str = ""
    fonds_name: str = ""
    text_origin: str = ""

    @property
    def named(self) -> Named:
        """What it says under names."""
        return _said(self, "\n".join(filter(None, (self.fonds, self.fonds_name))))

    @property
    def shelf(self) -> str:
        """Where it stands: a text that orders records by repository, then by code."""
        return f"{self.repository}\n{self.code_order}"


def staff_record(
    holding: Holding, page_texts: Mapping[int, str], day: date, items: Iterable[Holding] = ()
) -> IndexedRecord:
    """Return a unit, with the items of a volume, with everything that is said of them.

    Each part tells how open it is on a day: a page no more than everything that stands on it.
    """
    pages = _pages(holding, page_texts, lambda page: holding.openness_of(page, day))
    words = _staff_words(holding)
    places = (*(_item(one, day) for one in items), *pages)
    return _record(holding, words, holding.access_on(day).openness, places, holding.fonds.name if holding.fonds else "")


def public_record(holding: Holding, page_texts: Mapping[int, str], fonds: str) -> IndexedRecord:
    """Return a unit as the public may find it: standard elements, the codes of before, what it is told the fonds is called,
    and the given pages."""
    holding = replace(holding, description=holding.public_description)
    pages = _pages(holding, page_texts, lambda _: Openness.OPEN)
    return _record(holding, [*_public_words(holding), fonds], Openness.OPEN, tuple(pages), fonds)


def layouts_of(holding: Holding) -> dict[int, StoredFile]:
    """Return the files that tell where words stand, by the pages on which a machine recognised them."""
    return {
        file.page: file
        for file in holding.files
        if file.page and file.representation is RepresentationName.TEXT and file.path.suffix == _LAYOUT
    }


def _staff_words(holding: Holding) -> list[str]:
    fonds = holding.fonds.name if holding.fonds else ""
    return [
        *_public_words(holding),
        *former_codes(holding.description),
        holding.decided.public_title,
        fonds,
        *_words(holding, [e for e in ELEMENTS if not e.portal]),
    ]


def _public_words(holding: Holding) -> list[str]:
    said = holding.description
    public = _words(holding, [e for e in ELEMENTS if e.portal and e.key != "title"])
    return [said.title, *public, *public_former_codes(said)]


def _words(holding: Holding, elements: Iterable[Element]) -> list[str]:
    return [element.text(holding.description) for element in elements if element.is_searched]


def _pages(holding: Holding, page_texts: Mapping[int, str], openness: Callable[[int], Openness]) -> Iterator[Place]:
    for page, text in sorted(page_texts.items()):
        if text.strip():
            yield Place(page, text.strip(), openness(page), _label(holding, page))


def _origin(holding: Holding, places: Iterable[Place]) -> str:
    """Return how the text of those places came about that are pages."""
    pages = {place.page for place in places if place.page}
    if not pages:
        return ""
    return TextOrigin.EXTRACTED if pages.isdisjoint(layouts_of(holding)) else TextOrigin.RECOGNISED


def _item(holding: Holding, day: date) -> Place:
    said = holding.description
    return Place(
        None,
        _joined(_staff_words(holding)),
        holding.access_on(day).openness,
        _label(holding, None),
        item=holding.unit_id,
        archival_code=said.code.written,
        title=said.title,
        date=_date(said),
        author=said.author,
        document_number=said.document_number,
    )


def _record(
    holding: Holding, words: list[str], openness: Openness, places: tuple[Place, ...], fonds_name: str
) -> IndexedRecord:
    said = holding.description
    date_from = _first_day(said.formed, said.year)
    return IndexedRecord(
        package_id=holding.unit_id,
        repository=holding.repository.code.value,
        repository_name=holding.repository.name,
        repository_name_en=holding.repository.name_en,
        archival_code=said.code.written,
        code_order=said.code.order,
        title=said.title,
        date=_date(said),
        date_from=date_from,
        text=_joined(words),
        openness=openness,
        sequence=holding.sequence,
        fonds=said.code.fonds,
        genre=said.code.category,
        year=said.year or (None if date_from == UNKNOWN_DATE else date_from // 10_000),
        places=places,
        date_to=_last_day(said.formed, said.year),
        author=said.author,
        document_number=said.document_number,
        fonds_name=fonds_name,
        text_origin=_origin(holding, places),
    )


def _said(one: IndexedRecord | Place, fonds: str) -> Named:
    said = (
        (Field.TITLE, one.title),
        (Field.AUTHOR, one.author),
        (Field.NUMBER, one.document_number),
        (Field.FONDS, fonds),
    )
    return tuple((field, text) for field, text in said if text)


def _joined(words: list[str]) -> str:
    return "\n".join(word for word in words if word)


def _label(holding: Holding, page: int | None) -> str:
    if holding.volume is None:
        return holding.label_text(page) if page else ""
    first = holding.own_pages[0] if holding.item and holding.own_pages else 0
    return holding.volume.labels.get(page or first, "")


def _date(said: Description) -> str:
    return said.formed.edtf if said.formed else str(said.year or "")


def _first_day(formed: RecordDate | None, year: int | None) -> int:
    if formed and formed.earliest > date.min:
        return int(formed.earliest.strftime("%Y%m%d"))
    return year * 10_000 + 101 if year else UNKNOWN_DATE


def _last_day(formed: RecordDate | None, year: int | None) -> int:
    if formed and formed.is_known:
        return int(formed.latest.strftime("%Y%m%d"))
    return year * 10_000 + 1231 if year else 0
