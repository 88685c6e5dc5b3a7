"""The addresses of files to be taken away: a record that does not let them, is closed or never was, has the same answer."""

import re
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response

from archives.errors import SearchBusyError
from search.doors.portal.browsing.door import Door
from search.doors.portal.downloads.captions import captions
from search.doors.portal.downloads.metadata import as_dublin_core, as_json
from search.doors.portal.downloads.offered import MEDIA_TYPES, RECORDINGS, Kind, is_offered
from search.doors.portal.downloads.sending import Copies, attachment, opened, sent
from search.doors.portal.record.address import record_path
from search.doors.portal.record.files import file_of
from search.doors.portal.record.page_names import page_name
from search.published.view import PublishedView

_COPIED_BYTES = 1 << 30
_RETRY_SECONDS = 30
_NAME = re.compile(
    r"(?:(?P<page>\d{4,6})|record(?:-(?P<part>[2-9]|[1-9]\d{1,3}))?)\.(?P<ending>pdf|jpg|txt|json|xml|wav|mp3|m4a|mp4)"
)
_RECORDING = re.compile(r"\d{4,6}\.(?P<ending>wav|mp3|m4a|mp4)")
_CAPTIONS = re.compile(r"(?P<page>\d{4,6})\.vtt")
_MADE = re.compile(r"[0-9a-f]{32}\.pdf")


def add_downloads(app: FastAPI, door: Door, images: Path) -> None:
    """Let the site answer for files; those of a view lie in its folder below ``images``."""
    files = _Files(door, images)
    app.add_api_route("/files/{view_id}/{name}", files.file, methods=["GET", "HEAD"])
    app.add_api_route("/recordings/{view_id}/{name}", files.recording, methods=["GET", "HEAD"])
    app.add_api_route("/captions/{view_id}/{name}", files.captions, methods=["GET", "HEAD"])


class _Files:
    """The answers, each from what is published at the moment."""

    def __init__(self, door: Door, images: Path) -> None:
        self._door = door
        self._images = images
        self._copies = Copies(_COPIED_BYTES)

    def file(self, request: Request, view_id: str, name: str) -> Response:
        """Answer with a file of a record."""
        views, asked = self._door.views(request), _NAME.fullmatch(name)
        view = views.get_by_id(view_id) if asked else None
        if view is None or asked is None or not is_offered(view, self._door.words.may_download):
            return self._door.not_found(request)
        page, part, ending = int(asked["page"] or 0), int(asked["part"] or 0), asked["ending"]
        if asked["page"]:
            if name != f"{page:04}.{ending}":
                return self._door.not_found(request)
            if ending in RECORDINGS:
                return self._recording(request, view, name, is_kept=True, is_signed=views.is_signed)
            data = self._of_page(view, page, ending, is_signed=views.is_signed)
            return self._whole(request, view, "image" if ending == "jpg" else "page_text", f"-{name}", data)
        if ending == "pdf":
            return self._pdf(request, view, part or 1, is_signed=views.is_signed)
        if part:
            return self._door.not_found(request)
        address = self._door.base(request) + record_path(view)
        if ending == "json":
            return self._whole(request, view, "json", ".json", as_json(view, address))
        if ending == "xml":
            return self._whole(request, view, "dublin_core", ".xml", as_dublin_core(view, address))
        return self._whole(request, view, "text", ".txt", _text(view) if ending == "txt" else None)

    def recording(self, request: Request, view_id: str, name: str) -> Response:
        """Answer with a recording, to be played on its page."""
        views = self._door.views(request)
        view = views.get_by_id(view_id) if _RECORDING.fullmatch(name) else None
        return self._recording(request, view, name, is_kept=False, is_signed=views.is_signed)

    def captions(self, request: Request, view_id: str, name: str) -> Response:
        """Answer with the captions of a recording, to be shown while it plays."""
        asked = _CAPTIONS.fullmatch(name)
        view = self._door.views(request).get_by_id(view_id) if asked else None
        number = int(asked["page"]) if asked else 0
        data = captions(view, number) if view and name == f"{number:04}.vtt" else None
        return Response(data, media_type="text/vtt; charset=utf-8") if data else self._door.not_found(request)

    def _recording(
        self, request: Request, view: PublishedView | None, name: str, *, is_kept: bool, is_signed: bool
    ) -> Response:
        page = next((one for one in view.pages if one.recording == name), None) if view else None
        if view is None or page is None:
            return self._door.not_found(request)
        headers = attachment(view, f"-{name}") if is_kept else {}
        path, kind = self._images / view.view_id / name, RECORDINGS[Path(name).suffix[1:]]
        return self._sent(request, path, page.recording_sha256, kind, headers, is_signed=is_signed)

    def _of_page(self, view: PublishedView, number: int, ending: str, *, is_signed: bool) -> bytes | None:
        page = next((one for one in view.pages if one.number == number), None)
        if page is None:
            return None
        if ending == "jpg" and page.image:
            return file_of(self._images, view, page.image, page.sha256, is_signed=is_signed)
        return f"{page.text}\n".encode() if ending == "txt" and page.text else None

    def _pdf(self, request: Request, view: PublishedView, part: int, *, is_signed: bool) -> Response:
        one = view.files[part - 1] if part <= len(view.files) else None
        if one is None or not _MADE.fullmatch(one.name):
            return self._door.not_found(request)
        path = self._images / view.view_id / one.name
        headers = attachment(view, ".pdf" if len(view.files) == 1 else f"-{part}.pdf")
        return self._sent(request, path, one.sha256, MEDIA_TYPES["pdf"], headers, is_signed=is_signed)

    def _sent(
        self,
        request: Request,
        path: Path,
        sha256: str,
        media_type: str,
        headers: Mapping[str, str],
        *,
        is_signed: bool,
    ) -> Response:
        try:
            file = opened(path, sha256, self._copies if is_signed else None)
        except SearchBusyError:
            answer = self._door.page(
                request, "notice.html", status=503, title_key="files_busy", advice_key="files_busy_advice"
            )
            answer.headers["Retry-After"] = str(_RETRY_SECONDS)
            return answer
        return sent(request, file, sha256, media_type, headers) if file else self._door.not_found(request)

    def _whole(self, request: Request, view: PublishedView, kind: Kind, ending: str, data: bytes | None) -> Response:
        if data is None:
            return self._door.not_found(request)
        return Response(data, media_type=MEDIA_TYPES[kind], headers=dict(attachment(view, ending)))


def _text(view: PublishedView) -> bytes | None:
    """Return the texts of all pages, each below what its page is called; None where there is none."""
    told = ((page_name(page.number, page.label).text("zh"), page.text) for page in view.pages if page.text)
    text = "\n\n".join(f"[{name}]\n{text}" for name, text in told)
    return f"{text}\n".encode() if text else None
