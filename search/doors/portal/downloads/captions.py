"""What is said in a recording, from the published texts of its record: shown while it plays, and read beside it.

Of a caption file that was published as a text its times and words are sent, written anew; the file itself never is.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from archives.message import Message
from archives.text.cues import Cue, read_cues, webvtt_of
from search.doors.portal.downloads.words import DOWNLOAD_WORDS
from search.index.document import TextOrigin
from search.published.view import PublishedPage, PublishedView


@dataclass(frozen=True, slots=True)
class Captions:
    """The captions of a recording: their address, and what they are called in a player."""

    href: str
    called: Message


def cues_of(view: PublishedView, page: PublishedPage) -> tuple[Cue, ...]:
    """Return the cues of a page that is the text of a caption file, of a record with recordings; none of any other."""
    is_text = page.origin == TextOrigin.EXTRACTED and not page.image and not page.recording
    return read_cues(page.text) if is_text and any(one.recording for one in view.pages) else ()


def cues_shown(view: PublishedView, page: PublishedPage, marks: Iterable[tuple[int, int]]) -> tuple[Cue, ...]:
    """Return the cues by which a page is shown; none where a mark stands in what is no cue, and the whole text has to be."""
    cues = cues_of(view, page)
    spans = sorted(piece for cue in cues for line in cue.lines for piece in line if not isinstance(piece, str))
    starts = [start for start, _ in spans]
    at = ((bisect_right(starts, start) - 1, end) for start, end in marks) if cues else ()
    return cues if all(n >= 0 and end <= spans[n][1] for n, end in at) else ()


def captions_of(view: PublishedView, played: PublishedPage) -> list[Captions]:
    """Return the captions of a recording: of the only one of its record all, else those behind it up to the next one."""
    found = [page for page in _beside(view, played) if cues_of(view, page)]
    several = DOWNLOAD_WORDS["captions_of_several"]
    return [
        Captions(
            f"/captions/{quote(view.view_id, safe='')}/{page.number:04}.vtt",
            replace(several, values=(("n", n),)) if len(found) > 1 else DOWNLOAD_WORDS["captions"],
        )
        for n, page in enumerate(found, 1)
    ]


def captions(view: PublishedView, number: int) -> bytes | None:
    """Return the captions that a page holds, written anew; None where it holds none."""
    page = next((one for one in view.pages if one.number == number), None)
    cues = cues_of(view, page) if page else ()
    return webvtt_of(page.text, cues).encode() if page and cues else None


def transcripts_of(view: PublishedView, played: PublishedPage) -> list[PublishedPage]:
    """Return the pages with words that stand beside a recording in its record."""
    return [page for page in _beside(view, played) if page.text]


def _beside(view: PublishedView, played: PublishedPage) -> Iterator[PublishedPage]:
    is_alone = sum(bool(page.recording) for page in view.pages) == 1
    last: PublishedPage | None = None
    for page in view.pages:
        if page.recording:
            last = page
        elif is_alone or last == played:
            yield page
