"""How a record is cited: in a plain sentence in the reader's language, and as a reference by GB/T 7714—2025."""

import re
from dataclasses import dataclass, replace
from datetime import date

from archives.errors import FormatError
from archives.message import Message, message
from archives.record.dates.parse import parse_record_date
from archives.record.dates.shown import read_date
from archives.record.volume.page_label import PageKind, parse_label
from search.doors.portal.record.page_names import page_name
from search.published.view import PublishedPage, PublishedView

_YEARS = re.compile(r"(\d{4})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Citation:
    """Both forms, of the page that is looked at where there is one."""

    plain: Message
    reference: str


def citation(view: PublishedView, page: PublishedPage | None, *, address: str, day: date) -> Citation:
    """Return how a record is cited that was read on a day under an address."""
    return Citation(_plain(view, page, address, day), _reference(view, page, address))


def _plain(view: PublishedView, page: PublishedPage | None, address: str, day: date) -> Message:
    """Return holder, code, title, date, page, address and day; what is not said is left out."""
    said: dict[str, str | Message] = {
        "holder": message(
            "{name}", "{name_en}", name=view.repository_name, name_en=view.repository_name_en or view.repository_name
        ),
        "code": view.said("archival_code"),
        "title": _on_one_line(view.said("title")),
        "date": view.dated if view.said("date") else "",
        "page": page_name(page.number, page.label) if page else "",
        "address": address,
    }
    parts = ["{" + name + "}" for name, value in said.items() if value]
    return message(
        "，".join(parts) + "（{day}查阅）",
        ", ".join(parts) + " (consulted {day})",
        day=read_date(day.isoformat()),
        **{name: value for name, value in said.items() if value},
    )


def _reference(view: PublishedView, page: PublishedPage | None, address: str) -> str:
    """Return the reference of a record in an archives that is read on line (GB/T 7714—2025, 8.12.3: A/OL), which has no day of reading.

    Full stops and brackets are narrow, the other signs as wide as characters.
    """
    title = "：".join(filter(None, (_on_one_line(view.said("title")), view.said("archival_code"))))
    made = "，".join(filter(None, (view.repository_name, _in_numbers(view))))
    where = f"{made}：{_page_in_numbers(page)}" if page else made
    author = _on_one_line(view.said("author"))
    return f"{f'{author}. ' if author else ''}{title}[A/OL]. {where}. {address}."


def _in_numbers(view: PublishedView) -> str:
    """Return the date of formation in numbers, one that was inferred or doubted in brackets, else the year, else nothing."""
    try:
        read = parse_record_date(view.said("date"))
    except FormatError:
        return view.said("year")
    plain = _YEARS.sub(r"\1-\2", replace(read, certainty="").edtf)
    return f"[{plain}]" if plain and read.certainty else plain or view.said("year")


def _page_in_numbers(page: PublishedPage) -> str:
    label = parse_label(page.label) if page.label else None
    if label is None:
        return str(page.number)
    plain = label.kind is PageKind.PAGE and label.number is not None and not (label.slips or label.side or label.item)
    return str(label.number) if plain else page_name(page.number, page.label).text("zh")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
