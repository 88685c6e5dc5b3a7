"""The proof of a record: what is told of it and the digests of what is shown of it, signed by the archive on its own.

A tree of one leaf is signed for every record. A proof in the tree of all that is published would tell how many records
there are and, by the hashes beside it, of those that were closed a moment ago.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from archives.errors import FormatError, IntegrityError, SearchError
from archives.proof.canonical_json import canonical_json
from archives.proof.checkpoint import VerifierKey, open_checkpoint, require_checkpoint, sign_checkpoint
from archives.proof.inclusion import lone_checkpoint, make_proof
from archives.record.checksum import Kept
from search.published.head import SignedViews
from search.published.tree import with_digests
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews

_KEPT = TypeAdapter(Kept)
_TOGETHER = 500
_IS_THERE = "SELECT 1 FROM sqlite_master WHERE name = 'proof'"
_UNSIGNED = (
    "SELECT view_id FROM view INDEXED BY view_record WHERE view_id NOT IN (SELECT value FROM json_each(:hidden))"
    " AND NOT EXISTS (SELECT 1 FROM proof WHERE proof.view_id = view.view_id AND proof.key = :key) ORDER BY view_id"
)
_LEAVES = "SELECT view_id, hex(hash) FROM leaf WHERE view_id IN (SELECT value FROM json_each(:asked))"
_KEEP = (
    "INSERT OR REPLACE INTO proof SELECT ?1, ?2, ?3"
    " WHERE EXISTS (SELECT 1 FROM leaf WHERE view_id = ?1 AND hex(hash) = ?4)"  # it is still what was signed
)


def record_leaf(view: PublishedView, images: Path) -> bytes:
    """Return the canonical JSON of what is told of a record, and the digests of its pages and of the files as they came.

    What no page tells is not in it: the volume, which may be closed; the day on which it ends; what it shares its pages with.
    """
    return canonical_json(
        {
            "id": view.view_id,
            "repository": view.repository,
            "repository_name": view.repository_name,
            "repository_name_en": view.repository_name_en,
            "fonds_number": view.fonds_number,
            "fonds_name": view.fonds_name,
            "elements": dict(view.elements),
            "scope": view.scope.value,
            "state": view.state,
            "level": view.level,
            "opened": view.opened.isoformat() if view.opened else None,
            "pages": [_page(page) for page in with_digests(view, images).pages],
            "kept": _KEPT.dump_python(view.kept, mode="json") if view.kept else None,
        }
    )


def sign_records(
    views: PublishedViews, images: Path, *, origin: str, public_key: bytes, sign: Callable[[bytes], bytes]
) -> None:
    """Sign every record that is shown and was not signed with this key since it was published as it is.

    The leaves of the views have to be known. One whose images are not there is passed over.
    """
    key = VerifierKey(origin, public_key)
    for together in _portions([str(row[0]) for row in views.ask(_UNSIGNED, key=key.text())]):
        leaves = _leaves(views, together)
        made = [
            (view_id, key.text(), note, leaves[view_id])
            for view_id in together
            if view_id in leaves and (note := _note(views, images, view_id, key, sign))
        ]
        views.keep(_KEEP, made)


def has_proof(views: PublishedViews, view: PublishedView) -> bool:
    """Say whether a record was signed on its own."""
    return bool(_note_of(views, view))


def record_proof(views: PublishedViews, view: PublishedView, images: Path) -> str | None:
    """Return the proof of a record as ``scripts/verify-proof`` reads it; None where it was not signed as it is shown."""
    note = _note_of(views, view)
    if not note:
        return None
    try:
        signed = open_checkpoint(note, (views.record_key,)) if isinstance(views, SignedViews) else None
        signed = signed or require_checkpoint(note)
        leaf = record_leaf(view, images)
    except (FormatError, IntegrityError, SearchError):
        return None
    if signed != lone_checkpoint(signed.origin, leaf):
        return None
    return make_proof(lambda: [leaf], 0, checkpoint=signed, note=note)


def _note_of(views: PublishedViews, view: PublishedView) -> str:
    if not views.ask(_IS_THERE):
        return ""
    rows = views.ask("SELECT note FROM proof WHERE view_id = :view_id", view_id=view.view_id)
    return str(rows[0][0]) if rows else ""


def _note(
    views: PublishedViews, images: Path, view_id: str, key: VerifierKey, sign: Callable[[bytes], bytes]
) -> str | None:
    view = views.get_by_id(view_id)
    try:
        leaf = record_leaf(view, images) if view else b""
    except SearchError:
        return None
    return sign_checkpoint(lone_checkpoint(key.name, leaf), key.public_key, sign) if leaf else None


def _leaves(views: PublishedViews, view_ids: Sequence[str]) -> dict[str, str]:
    rows = views.ask(_LEAVES, asked=json.dumps(view_ids))
    return {str(view_id): str(leaf) for view_id, leaf in rows}


def _portions(view_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(view_ids), _TOGETHER):
        yield view_ids[at : at + _TOGETHER]


def _page(page: PublishedPage) -> dict[str, str | int | None]:
    return {
        "number": page.number,
        "label": page.label,
        "text_sha256": sha256(page.text.encode("utf-8")).hexdigest() if page.text else None,
        "text_origin": page.origin or None,
        "image_sha256": page.sha256 or None,
        "recording_sha256": page.recording_sha256 or None,
    }
