"""What is told of a record's integrity: how it was kept when it was published, and the digests of what is looked at."""

from dataclasses import dataclass, replace
from datetime import date

from archives.message import Message, message
from archives.record.dates.shown import read_date
from search.doors.portal.downloads.offered import FILM
from search.doors.portal.record.page_names import page_name
from search.doors.portal.record.words import RECORD_WORDS
from search.published.view import PublishedPage, PublishedView

HOW_TO_PROVE = message(
    "由档案库签章：本件的著录，各页图像、各页文字、录音录像和原件文件的摘要，别无其他。向馆方索取公钥和核对程序 verify-proof，即可核对证明文件，以及这几种文件是否"
    "与签章时相同。PDF、全部文字和元数据由这些做成，不在证明之内。",
    "Signed by the archive: the description, the digests of each page's image and text, of recordings and of the files as they came, nothing else. Ask "
    "the archives for its public key and the program verify-proof to check it, and whether any of these files is as it was signed. The PDF, the whole "
    "text and the metadata are made of these; the proof does not speak of them.",
)
"""What a proof is of, and how it is checked."""


@dataclass(frozen=True, slots=True)
class Integrity:
    """What is said of how a record is kept, and digests by what they are of."""

    said: tuple[Message, ...]
    digests: tuple[tuple[Message, str], ...]


def integrity(view: PublishedView, page: PublishedPage | None) -> Integrity | None:
    """Return what is told of a record and of the page that is looked at; None where nothing was published of that.

    Nothing of it is newer than the publishing: audits since are not known here.
    """
    kept, digests = view.kept, tuple(_digests(view, page)) if page else ()
    if kept is None:
        return Integrity((), digests) if digests else None
    copies = _named("kept_unread", as_of=_day(kept.as_of))
    if kept.copies and kept.verified_on:
        days = {"as_of": _day(kept.as_of), "day": _day(kept.verified_on)}
        copies = _named("kept_copies", n=kept.copies, **days)
    return Integrity((_named("kept_stored", day=_day(kept.stored_on)), copies), digests)


def _digests(view: PublishedView, page: PublishedPage) -> list[tuple[Message, str]]:
    called_so = _called(view, page)
    found: list[tuple[Message, str]] = []
    for one in view.kept.masters if view.kept else ():
        if one.first <= page.number <= one.last:
            alone = one.first == one.last
            called = "digest_of_master" if alone else "digest_of_masters"
            found.append((_named(called, n=one.last - one.first + 1, page=called_so), one.sha256))
    return [*found, *([(_named("digest_of_picture", page=called_so), page.sha256)] if page.sha256 else [])]


def _called(view: PublishedView, page: PublishedPage) -> Message:
    """Return what a page is called, of a recording what it is: beside others its place among them, too."""
    name = page_name(page.number, page.label)
    if not page.recording:
        return name
    kind = RECORD_WORDS["kind_film" if page.recording.endswith(FILM) else "kind_recording"]
    return kind if len(view.pages) == 1 else message("{kind}，{page}", "{kind}, {page}", kind=kind, page=name)


def _day(day: date) -> Message:
    return read_date(day.isoformat())


def _named(key: str, **values: str | int | Message) -> Message:
    return replace(RECORD_WORDS[key], values=tuple(values.items()))
