"""The published views as leaves of a tree of their own, so that its size and proofs tell nothing of closed records."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from archives.errors import NotFoundError, SearchError
from archives.message import message
from archives.proof.canonical_json import canonical_json
from archives.proof.merkle import leaf_hash
from archives.record.checksum import Kept
from archives.record.identifiers import archival_code_key
from archives.units.former_codes import held_by_several
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews

_KEPT = TypeAdapter(Kept)


def published_leaves(views: PublishedViews, images: Path) -> Iterator[bytes]:
    """Yield a leaf a published view, in the order of their identifiers."""
    for view_id in views.ids():
        view = views.get_by_id(view_id)
        if view is not None:
            yield published_leaf(view, images)


def published_leaf(view: PublishedView, images: Path) -> bytes:
    """Return the canonical JSON of what the public sees of a record, pages by their digests.

    The number of the journal entry is left out: it counts closed records too.
    """
    return canonical_json(
        {
            "id": view.view_id,
            "repository": view.repository,
            "repository_name": view.repository_name,
            "repository_name_en": view.repository_name_en,
            **view.elements,
            "fonds_number": view.fonds_number,
            "fonds_name": view.fonds_name,
            "scope": view.scope.value,
            "pages": [_page(view, page, images) for page in view.pages],
            **({"until": view.until.isoformat()} if view.until else {}),
            **({"volume": view.volume} if view.volume else {}),
            **({"state": view.state} if view.state else {}),
            **({"opened": view.opened.isoformat()} if view.opened else {}),
            **({"level": view.level} if view.level else {}),
            **({"may_download": True} if view.may_download else {}),
            **({"files": [{"name": one.name, "sha256": one.sha256} for one in view.files]} if view.files else {}),
            **({"kept": _KEPT.dump_python(view.kept, mode="json")} if view.kept else {}),
            **({"known_codes": list(view.known_codes)} if view.known_codes else {}),
        }
    )


def with_digests(view: PublishedView, images: Path) -> PublishedView:
    """Return a view whose pages tell the digest of their image, measured where it was published without one."""
    pages = (
        replace(page, sha256=_digest(images / view.view_id / page.image)) if page.image and not page.sha256 else page
        for page in view.pages
    )
    return replace(view, pages=tuple(pages))


def leaf_of(view: PublishedView, images: Path) -> bytes:
    """Return the hash of a view's leaf."""
    return leaf_hash(published_leaf(view, images))


def published_index(views: PublishedViews, code: str, *, repository: str | None) -> int:
    """Return the place of a record's view among the leaves.

    Raises ``NotFoundError`` for a record that is not online and for an unknown one alike, ``AmbiguousError`` when
    several repositories have published one under this code.
    """
    key = archival_code_key(code)
    codes = [repository] if repository else [row[0] for row in views.repositories()]
    found = [view for name in codes if (view := views.get(name, key))]
    if not found:
        raise NotFoundError(
            message("没有档号为 {code} 的记录", "no record has the archival code {code}", code=code), subject=code
        )
    if len(found) > 1:
        raise held_by_several(code, [f"{view.repository}:{code}" for view in found])
    return views.ids().index(found[0].view_id)


def _page(view: PublishedView, page: PublishedPage, images: Path) -> dict[str, str | int | None]:
    return {
        "number": page.number,
        "text_sha256": hashlib.sha256(page.text.encode("utf-8")).hexdigest(),
        "image_sha256": (page.sha256 or _digest(images / view.view_id / page.image)) if page.image else None,
        **({"label": page.label} if page.label else {}),
        **({"beside_sha256": page.beside_sha256} if page.beside else {}),
        **({"text_origin": page.origin} if page.origin else {}),
        **({"recording_sha256": page.recording_sha256} if page.recording else {}),
    }


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as cause:
        raise SearchError(
            message("公开的图像读不出来：{path}", "a published image cannot be read: {path}", path=path.name),
            subject=str(path),
            advice=message("可用 jinkui rebuild 重建", "jinkui rebuild makes it again"),
        ) from cause
