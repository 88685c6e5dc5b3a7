"""Which pages of a file have to be recognised, because they are pictures of text and have none of their own."""

from pathlib import Path

from archives.errors import FormatError
from archives.record.record import FormatIdentification
from formats.kinds.registry import kind_of


def unwritten_pages(path: Path, identification: FormatIdentification, pages: int | None) -> tuple[int, ...]:
    """Return the indexes, from 0, of the pages that have to be recognised; none of a file that does not open.

    ``pages`` is how many the file has, None where that has no meaning.
    """
    kind = kind_of(identification.mime)
    if kind.draw is None or not pages:
        return ()
    if kind.unwritten is None:
        return () if kind.read else tuple(range(pages))
    try:
        return tuple(index for index, is_unwritten in enumerate(kind.unwritten(path)) if is_unwritten)
    except FormatError:
        return ()
