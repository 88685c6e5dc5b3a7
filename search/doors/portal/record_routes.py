"""The routes of a record: its page, at the address that stays and at those that lead there, and its pictures."""

from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response

from search.doors.portal.browsing.door import Door
from search.doors.portal.browsing.fonds_page import page_path
from search.doors.portal.browsing.metadata import of_record
from search.doors.portal.downloads.offered import file_values
from search.doors.portal.downloads.sending import attachment
from search.doors.portal.headers import WITH_SCRIPTS
from search.doors.portal.languages import said
from search.doors.portal.record.address import path_by_code, record_path
from search.doors.portal.record.files import file_of, page_part
from search.doors.portal.record.leaves import leaf_called, leaves_of
from search.doors.portal.record.page_names import LONGEST_NAME
from search.doors.portal.record_page import Turned, record_values
from search.doors.portal.results_page import LONGEST_STATE, number_in
from search.index.query import LONGEST_QUERY
from search.published.lists.line import line_of
from search.published.proved.record_proof import record_proof
from search.published.view import PublishedView


def add_records(app: FastAPI, door: Door, images: Path) -> None:
    """Let a site answer the addresses of records; page images lie at ``images/<view id>/<file>``."""
    records = _Records(door, images)
    for path, answer in (
        ("/records/{view_id}", records.record),
        ("/records/{view_id}/proof.json", records.proof),
        ("/records/{repository}/{code:path}", records.by_code),
        ("/images/{view_id}/{name}", records.image),
        ("/images/{view_id}/{page}/{part:path}", records.image_part),
    ):
        app.add_api_route(path, answer, methods=["GET", "HEAD"])


class _Records:
    """The answers, each from what is published now."""

    def __init__(self, door: Door, images: Path) -> None:
        self._door = door
        self._images = images

    def by_code(self, request: Request, repository: str, code: str) -> Response:
        """Lead from an address by a code to the one that stays."""
        there = path_by_code(self._door.views(request), repository, code, query=request.url.query)
        return RedirectResponse(there, 301) if there else self._door.not_found(request)

    def record(
        self, request: Request, view_id: str, page: str = "", q: str = "", leaf: str = "", hit: str = "", s: str = ""
    ) -> Response:
        """Answer with the page of a record, turned to one of its own; ``s`` is what the search asked for beside its words."""
        views = self._door.views(request)
        view = views.get_by_id(view_id)
        if view is None and (same := views.get_by_id(view_id.lower())):
            return RedirectResponse(record_path(same), 301)
        number = number_in(page) if page else 0
        if view is None or (number and view.pages and number not in {one.number for one in view.pages}):
            return self._door.not_found(request)
        if (there := page_path(views, line_of(view))) != record_path(view):
            return RedirectResponse(there, 301, {"Cache-Control": "no-cache"})  # a series may lose its page
        words, search = q[:LONGEST_QUERY], s[:LONGEST_STATE]
        if leaf:
            found = leaf_called(leaves_of(views, view), view, leaf)
            if found:
                return RedirectResponse(record_path(found, page=found.number, words=words, search=search), 303)
            if view.pages:
                return self._shown(
                    request, view, Turned(number, words, search=search, missing_leaf=leaf[:LONGEST_NAME])
                )
            return self._door.not_found(request)
        return self._shown(request, view, Turned(number, words, number_in(hit) if hit else 0, search))

    def _shown(self, request: Request, view: PublishedView, turned: Turned) -> Response:
        door, tongue = self._door, self._door.tongue(request)
        name = door.words.holder(view.repository, view.repository_name, view.repository_name_en, tongue)
        told = record_values(
            door.views(request),
            self._images,
            view,
            turned,
            tell=lambda one: said(one, tongue),
            base=door.base(request),
        )
        told |= file_values(view, told["page"], door.words.may_download)
        later = turned.page if turned.page in {page.number for page in view.pages[1:]} else None
        described = of_record(view, record_path(view, page=later), name)
        status = 404 if turned.missing_leaf else 200
        answer = door.page(request, "record.html", told, status=status, metadata=described)
        answer.headers.update(WITH_SCRIPTS)
        return answer

    def proof(self, request: Request, view_id: str) -> Response:
        """Answer with what the archive signed of a record, to be checked by who takes it away."""
        views = self._door.views(request)
        view = views.get_by_id(view_id)
        proof = record_proof(views, view, self._images) if view else None
        if view is None or proof is None:
            return self._door.not_found(request)
        headers = dict(attachment(view, ".proof.json"))
        return Response(proof, media_type="application/json", headers=headers)

    def image(self, request: Request, view_id: str, name: str) -> Response:
        """Answer with the picture of a page."""
        views = self._door.views(request)
        view = views.get_by_id(view_id)
        known = {page.image: page.sha256 for page in view.pages} if view else {}
        if view is None or name not in known:
            return self._door.not_found(request)
        return self._jpeg(request, file_of(self._images, view, name, known[name], is_signed=views.is_signed))

    def image_part(self, request: Request, view_id: str, page: str, part: str) -> Response:
        """Answer with a tile or the thumbnail of a page."""
        views = self._door.views(request)
        view = views.get_by_id(view_id)
        return self._jpeg(
            request, page_part(self._images, view, page, part, is_signed=views.is_signed) if view else None
        )

    def _jpeg(self, request: Request, data: bytes | None) -> Response:
        return Response(data, media_type="image/jpeg") if data is not None else self._door.not_found(request)
