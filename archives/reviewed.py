"""What an opening review looks at, as digests: two records with the same one would be published alike.

The archival code is left out: renumbering changes nothing of what was reviewed. An element that is made public later must
be left out where it is empty, else what was reviewed before would wait for review again.
"""

import hashlib
from collections.abc import Iterable

from archives.proof.canonical_json import Json, canonical_json
from archives.record.description import Description
from archives.record.elements.table import public_elements
from archives.record.holding import StoredFile
from archives.record.record import RepresentationName

_CODE = "archival_code"
_TEXT = "text/plain"


def reviewed_digest(description: Description, files: Iterable[StoredFile]) -> str:
    """Return the SHA-256 over the public elements of a record and its pages: of each the file shown and its text."""
    elements = {key: value for key, value in public_elements(description).items() if key != _CODE}
    return _sha256({"elements": elements, **_pages(files)})


def content_digest(files: Iterable[StoredFile]) -> str:
    """Return the SHA-256 over a record's pages alone."""
    return _sha256(_pages(files))


def shown_digest(files: Iterable[StoredFile]) -> str:
    """Return the SHA-256 over the files that a record's page images are drawn from."""
    return _sha256(_pages(files)["shown"])


def _pages(files: Iterable[StoredFile]) -> dict[str, Json]:
    """Return page and digest of every original and of every text, in the order of pages."""
    files = [file for file in files if file.page]
    shown = [file for file in files if file.representation is RepresentationName.ORIGINAL]
    texts = [file for file in files if file.representation is RepresentationName.TEXT and file.mime == _TEXT]
    return {
        name: sorted([file.page or 0, file.sha256] for file in some)
        for name, some in (("shown", shown), ("texts", texts))
    }


def _sha256(value: Json) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()
