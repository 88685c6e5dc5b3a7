"""What an opening review looks at, as digests: two units with the same one would be published alike.

The archival code is left out, and so are those that a unit had by renumbering: it changes nothing of what was reviewed. What
somebody says of codes before (原档号) the public finds, and counts. What is made public later must be left out where it is
empty, else what was reviewed before would wait for review again.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from archives.proof.canonical_json import Json, canonical_json
from archives.record.description import Description
from archives.record.elements.table import public_elements
from archives.record.holding import StoredFile
from archives.record.identifiers import reference_code
from archives.record.marked import marked_places
from archives.record.record import RepresentationName
from archives.units.former_codes import former_codes

_CODE = "archival_code"
_TEXT = "text/plain"


def reviewed_digest(
    description: Description,
    files: Iterable[StoredFile],
    pages: Sequence[int] | None = None,
    *,
    had: Collection[str] = (),
) -> str:
    """Return the SHA-256 over the public elements of a unit and its pages: of each the file shown and its text.

    ``pages`` are those of the files' pages that are the unit's own, in their order; None for a record that has all. What
    marks a unit as secret or withheld, and was not declassified, counts too: said of an open one it closes it. ``had`` are the
    matching forms of the codes that renumbering took from it.
    """
    elements = {key: value for key, value in public_elements(description).items() if key != _CODE}
    marked: list[Json] = [one.said for one in marked_places(description, (), day=date.max)]
    former: list[Json] = [*_stated(description, had)]
    counted: dict[str, Json] = {"marked": marked, "former": former}
    return _sha256({"elements": elements, **{k: v for k, v in counted.items() if v}, **_pages(files, pages)})


def content_digest(files: Iterable[StoredFile], pages: Sequence[int] | None = None) -> str:
    """Return the SHA-256 over a unit's pages alone."""
    return _sha256(_pages(files, pages))


def shown_digest(files: Iterable[StoredFile], pages: Sequence[int] | None = None) -> str:
    """Return the SHA-256 over the files that a unit's page images are drawn from."""
    return _sha256(_pages(files, pages)["shown"])


def _stated(description: Description, had: Collection[str]) -> list[str]:
    """Return the codes before that somebody said, as they are written; its own one is none."""
    known = {*had, description.code.key, ""}
    return sorted({one for one in former_codes(description) if reference_code(one).key not in known})


def _pages(files: Iterable[StoredFile], own: Sequence[int] | None) -> dict[str, Json]:
    """Return page and digest of every original and of every text, in the order of pages.

    Own pages are told by their place among the own ones, so that a page that comes before them changes nothing, and with
    their place in the file, which may hold others' too.
    """
    files = sorted((file for file in files if file.page), key=lambda file: file.page or 0)
    shown = [file for file in files if file.representation is RepresentationName.ORIGINAL]
    texts = [file for file in files if file.representation is RepresentationName.TEXT and file.mime == _TEXT]
    if own is None:
        return {
            name: sorted([file.page or 0, file.sha256] for file in some)
            for name, some in (("shown", shown), ("texts", texts))
        }
    read = {file.page: file.sha256 for file in texts}
    drawn: list[Json] = []
    for place, page in enumerate(own, 1):
        if source := next((file for file in reversed(shown) if (file.page or 0) <= page), None):
            drawn.append([place, source.sha256, page - (source.page or 0)])
    return {"shown": drawn, "texts": [[place, read[page]] for place, page in enumerate(own, 1) if page in read]}


def _sha256(value: Json) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()
