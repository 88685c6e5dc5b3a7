"""Which parts of a description have the words that were looked for: of the published view, whatever an index says."""

from collections.abc import Iterator
from dataclasses import dataclass

from archives.message import Message
from archives.record.elements.table import ELEMENTS
from archives.text.folding import Phrase
from search.doors.portal.record.words import RECORD_WORDS
from search.index.answer import Marks, marks_in
from search.index.document import Field
from search.index.query import Query
from search.published.view import PublishedView

CODE = "archival_code"
_NAMED = {"title": Field.TITLE, "author": Field.AUTHOR, "document_number": Field.NUMBER, "fonds": Field.FONDS}


@dataclass(frozen=True, slots=True)
class SaidHit:
    """A part of a description with words in it: its key, what it is called, what it says, where they stand."""

    key: str
    label: Message
    text: str
    marks: Marks


def marks_under(query: Query, key: str, text: str) -> Marks:
    """Return where the words stand that may stand under a key: those that were asked for anywhere, or under it."""
    phrases: list[Phrase] = [
        phrase for term in query.wanted if term.field in (None, _NAMED.get(key)) for phrase in term.phrases
    ]
    return marks_in(text, phrases)


def said_hits(view: PublishedView, query: Query, *, beside: bool) -> tuple[SaidHit, ...]:
    """Return the parts beside the title that have words: the code only where nothing else has (``beside``: title or pages)."""
    found = [SaidHit(*said, marks) for said in _said(view) if (marks := marks_under(query, said[0], said[2]))]
    others = tuple(one for one in found if one.key != CODE)
    return others if others or beside else tuple(found)


def _said(view: PublishedView) -> Iterator[tuple[str, Message, str]]:
    for element in ELEMENTS:
        if element.portal and element.is_searched and element.key != "title":
            yield element.public_key, element.portal, view.said(element.public_key)
    yield "fonds", RECORD_WORDS["of_fonds"], f"{view.fonds_number} {view.fonds_name}".strip()
