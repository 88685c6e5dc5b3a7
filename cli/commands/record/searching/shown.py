"""How what was found is shown: one line a record, its pages below it on demand, and as JSON holds it."""

from collections.abc import Callable, Iterator

from rich.text import Text

from archives.message import Message, message
from archives.record.rights import Openness
from cli.commands.record.rendering import term
from cli.frame.listing import Field, as_data
from cli.frame.output import Cell, Table, marked
from search.index.answer import Answer, Found, Hit, Marks
from search.index.language.told import NARROWED

_AROUND = 30
_PLACE: tuple[Field[Hit], ...] = (
    Field("page", None, lambda hit: hit.place.page),
    Field("page_label", None, lambda hit: hit.place.called),
    Field("archival_code", None, lambda hit: hit.place.archival_code or None),
    Field("title", None, lambda hit: hit.place.title or None),
    Field("date", None, lambda hit: hit.place.date or None),
    Field("openness", None, lambda hit: hit.place.openness),
    Field("text", None, lambda hit: hit.place.text),
    Field("marks", None, lambda hit: [list(mark) for mark in hit.marks]),
)
_RECORD: tuple[Field[Found], ...] = (
    Field("repository_name", None, lambda found: found.record.repository_name),
    Field("archival_code", None, lambda found: found.record.archival_code),
    Field("repository", None, lambda found: found.record.repository),
    Field("title", None, lambda found: found.record.title),
    Field("author", None, lambda found: found.record.author),
    Field("document_number", None, lambda found: found.record.document_number),
    Field("date", None, lambda found: found.record.date),
    Field("openness", None, lambda found: found.record.openness),
    Field("text", None, lambda found: found.record.text),
    Field("marks", None, lambda found: [list(mark) for mark in found.marks]),
    Field("places", None, lambda found: found.places),
)
_COLUMNS: tuple[tuple[Message, Callable[[Found], Cell]], ...] = (
    (message("馆", "repository"), lambda one: holder(one)),
    (message("档号", "archival code"), lambda one: one.record.archival_code),
    (message("题名", "title"), lambda one: _title(one)),
    (message("日期", "date"), lambda one: one.record.date),
    (message("状态", "state"), lambda one: _state(one.record.openness)),
    (message("页", "pages"), lambda one: _pages(one)),
)


def counted_table(answer: Answer) -> Table:
    """Return how many records were found under each value of what is counted."""
    rows = tuple((NARROWED[by], one.value, one.records) for by, counts in answer.counts.items() for one in counts)
    columns = (message("按", "by"), message("值", "value"), message("件数", "records"))
    return Table(message("件数", "how many"), columns, rows)


def listed_table(heading: Message, answer: Answer, *, with_pages: bool) -> Table:
    """Return a record a line; ``with_pages`` below each the first of its places, with what stands there."""
    columns = tuple(name for name, _ in _COLUMNS)
    if not with_pages:
        return Table(heading, columns, tuple(_row(one) for one in answer.found))
    rows = tuple(row for one in answer.found for row in _rows(one))
    return Table(heading, (*columns, message("内容", "text")), rows)


def _row(found: Found) -> tuple[Cell, ...]:
    return tuple(cell(found) for _, cell in _COLUMNS)


def _rows(found: Found) -> Iterator[tuple[Cell, ...]]:
    """Yield a record, then below it the places in which words stand."""
    yield (*_row(found), _beyond_title(found))
    for hit in found.hits:
        place = hit.place
        told_of_item = (place.archival_code, place.title, place.date)
        yield (
            "",
            *told_of_item,
            _state(place.openness),
            place.name or "—",
            _excerpt(place.text, hit.marks),
        )
    if more := found.places - len(found.hits):
        yield ("", "", "", "", "", message("另有 {n} 处", "{n} more", n=more), "")


def answer_data(answer: Answer, *, is_public: bool) -> dict[str, object]:
    """Return an answer as JSON holds it; how open a record is, is the staff's."""
    hits: list[dict[str, object]] = []
    for found in answer.found:
        record, pages = as_data(_RECORD, found), [as_data(_PLACE, hit) for hit in found.hits]
        for part in (record, *pages) if is_public else ():
            del part["openness"]
        hits.append({**record, "pages": pages})
    counts = {by.value: [one._asdict() for one in counts] for by, counts in answer.counts.items()}
    return {"total": answer.total, "places": answer.places, "hits": hits} | ({"counts": counts} if counts else {})


def holder(found: Found) -> Message:
    """Return what the repository of a record is called."""
    return message("{zh}", "{en}", zh=found.record.repository_name, en=found.record.repository_name_en)


def _state(openness: str) -> Cell:
    """Return how open something is; what is not open is marked."""
    said = term(openness)
    return said if openness == Openness.OPEN else message("■ {state}", "■ {state}", state=said)


def _pages(found: Found) -> Cell:
    """Return where words stand: the pages that come first, and how many more there are."""
    named = [name for hit in found.hits if (name := hit.place.name)]
    if not named:
        return found.places or "—"
    if found.places == 1:
        return named[0]
    return message("{page}（共 {n} 处）", "{page} ({n} places)", page=named[0], n=found.places)


def _title(found: Found) -> Text:
    title = found.record.title
    begins = len(title) if found.record.text.startswith(title) else 0
    return marked(title, [mark for mark in found.marks if mark[1] <= begins])


def _beyond_title(found: Found) -> Text:
    """Return what else of a description has words; the description begins with the title."""
    title, text = found.record.title, found.record.text
    begins = len(title) if text.startswith(title) else 0
    beyond = tuple((start - begins, end - begins) for start, end in found.marks if start >= begins)
    return _excerpt(text[begins:], beyond) if beyond else Text()


def _excerpt(text: str, marks: Marks) -> Text:
    first = marks[0] if marks else (0, 0)
    start = max(0, first[0] - _AROUND)
    end = min(len(text), first[1] + _AROUND)
    inside = [(max(a, start) - start, min(b, end) - start) for a, b in marks if a < end and b > start]
    return marked(text[start:end].replace("\n", " "), inside)
