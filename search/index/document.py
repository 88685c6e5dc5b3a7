"""What is indexed: one document a page that has text, one for the description of each record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from archives.message import Message, message
from archives.record.dates.record_date import RecordDate
from archives.record.elements.table import ELEMENTS, Element
from archives.record.holding import Holding
from archives.record.rights import Openness
from archives.record.volume.page_label import parse_label
from archives.units.former_codes import former_codes

UNKNOWN_DATE = 99_991_231


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A page of a unit, or its description (``page`` None); ``package_id`` is the unit's identifier.

    Among the staff's, ``item`` is that of an item of a volume, whose documents stand with those of the volume.

    ``label`` is what the page is called on paper, of an item of a volume its first one; empty where that is not known.
    ``date`` is EDTF, ``date_from`` its first day as a number (19860512; ``UNKNOWN_DATE`` without one), ``sequence`` the
    journal's number of the newest change of the record.
    """

    package_id: str
    page: int | None
    repository: str
    repository_name: str
    repository_name_en: str
    archival_code: str
    code_key: str
    title: str
    date: str
    date_from: int
    text: str
    openness: str
    sequence: int
    label: str = ""
    item: str = ""

    @property
    def id(self) -> str:
        """What identifies the document in every index."""
        return f"{self.package_id}#{self.item or self.page or 0}"

    @property
    def page_name(self) -> Message | None:
        """What people call the page, None for a description; the number of a page stands for it where it has no label."""
        if self.label:
            return parse_label(self.label).shown
        return message("{n}", "{n}", n=self.page) if self.page else None


def staff_documents(
    holding: Holding, page_texts: Mapping[int, str], day: date, items: Iterable[Holding] = ()
) -> tuple[SearchDocument, ...]:
    """Return all documents of a unit, and of the items of a volume, with everything that is said of them.

    Each tells how open it is on a day: a page no more than everything that stands on it.
    """
    fonds = holding.fonds.name if holding.fonds else ""
    words = [*_public_words(holding), fonds, *_words(holding, [e for e in ELEMENTS if not e.portal])]
    whole = _document(holding, None, words, holding.access_on(day).openness)
    of_items = [
        replace(one, package_id=holding.unit_id, item=item.unit_id)
        for item in items
        for one in staff_documents(item, {}, day)
    ]
    pages = [
        replace(one, openness=holding.openness_of(one.page or 0, day))
        for one in _pages(holding, page_texts, Openness.OPEN)
    ]
    return (whole, *of_items, *pages)


def public_documents(holding: Holding, page_texts: Mapping[int, str]) -> tuple[SearchDocument, ...]:
    """Return the documents the public may find: standard elements, the codes of before, and the given pages."""
    fonds = holding.fonds.name if holding.fonds and not holding.fonds_is_closed else ""
    return (
        _document(holding, None, [*_public_words(holding), fonds], Openness.OPEN),
        *_pages(holding, page_texts, Openness.OPEN),
    )


def _public_words(holding: Holding) -> list[str]:
    said = holding.description
    public = _words(holding, [e for e in ELEMENTS if e.portal and e.key != "title"])
    return [said.title, *public, *former_codes(said)]


def _words(holding: Holding, elements: Iterable[Element]) -> list[str]:
    return [element.text(holding.description) for element in elements if element.is_searched]


def _pages(holding: Holding, page_texts: Mapping[int, str], openness: Openness) -> list[SearchDocument]:
    return [
        _document(holding, page, [text.strip()], openness) for page, text in sorted(page_texts.items()) if text.strip()
    ]


def _document(holding: Holding, page: int | None, words: list[str], openness: Openness) -> SearchDocument:
    formed = holding.description.formed
    year = holding.description.year
    return SearchDocument(
        package_id=holding.unit_id,
        page=page,
        repository=holding.repository.code.value,
        repository_name=holding.repository.name,
        repository_name_en=holding.repository.name_en,
        archival_code=holding.description.code.written,
        code_key=holding.key.code_key,
        title=holding.description.title,
        date=formed.edtf if formed else str(year or ""),
        date_from=_first_day(formed, year),
        text="\n".join(word for word in words if word),
        openness=openness,
        sequence=holding.sequence,
        label=_label(holding, page),
    )


def _label(holding: Holding, page: int | None) -> str:
    if holding.volume is None:
        return holding.label_text(page) if page else ""
    first = holding.own_pages[0] if holding.item and holding.own_pages else 0
    return holding.volume.labels.get(page or first, "")


def _first_day(formed: RecordDate | None, year: int | None) -> int:
    if formed and formed.earliest > date.min:
        return int(formed.earliest.strftime("%Y%m%d"))
    return year * 10_000 + 101 if year else UNKNOWN_DATE
