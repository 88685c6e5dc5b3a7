"""What an opening review looks at, as digests: two records with the same one would be published alike.

The archival code is left out: renumbering changes nothing of what was reviewed.
"""

import hashlib

from archives.proof.canonical_json import Json, canonical_json
from archives.record.elements import public_elements
from archives.record.holding import Holding

_CODE = "archival_code"


def reviewed_digest(holding: Holding) -> str:
    """Return the SHA-256 over the public elements of a record and its pages: for each the file shown and its text."""
    elements = {key: value for key, value in public_elements(holding.description).items() if key != _CODE}
    return _sha256({"elements": elements, "pages": _pages(holding)})


def content_digest(holding: Holding) -> str:
    """Return the SHA-256 over a record's pages alone."""
    return _sha256(_pages(holding))


def images_digest(holding: Holding) -> str:
    """Return the SHA-256 over the files that a record's pages are drawn from."""
    return _sha256([[page, original] for page, original, _ in _pages(holding)])


def _pages(holding: Holding) -> list[tuple[int, str, str]]:
    """Return for each page the digests of its original and of its text, empty where there is none."""
    originals = {file.page: file.sha256 for file in holding.originals if file.page}
    texts = {file.page: file.sha256 for file in holding.page_texts if file.page}
    return [(n, originals.get(n, ""), texts.get(n, "")) for n in sorted(originals.keys() | texts.keys())]


def _sha256(value: Json) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()
