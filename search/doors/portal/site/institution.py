"""The addresses of what the institution has of its own on the site: its pictures, its colour, its pages."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import Response

from search.doors.portal.browsing.door import Door
from search.doors.portal.browsing.metadata import Described
from search.doors.portal.headers import HEADERS

ACCENT_PATH = "/accent.css"
_ALONE: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
}
"""What a picture carries that is asked for by its own address: nothing in it runs, and nothing is fetched for it."""


def add_institution(app: FastAPI, door: Door) -> None:
    """Let the site answer with the pictures, the colour and the pages of its institution."""
    institution = door.words.institution
    pictures, pages = institution.pictures, {one.name: one for one in institution.pages}

    def picture(request: Request, name: str) -> Response:
        shown = pictures.get(f"/logo/{name}")
        if shown is None:
            return door.not_found(request)
        headers = {**_ALONE, "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(shown.data, media_type=shown.media_type, headers=headers)

    def accent(request: Request) -> Response:
        if not institution.accent:
            return door.not_found(request)
        return Response(f":root {{ --seal: {institution.accent}; }}\n", media_type="text/css", headers=HEADERS)

    def page(request: Request, name: str) -> Response:
        shown, tongue = pages.get(name), door.tongue(request)
        if shown is None:
            return door.not_found(request)
        title, blocks = shown.title.to(tongue), shown.blocks(tongue)
        said = " ".join(text for block in blocks for text in block.texts)
        told = {"heading": title, "blocks": blocks}
        described = Described(shown.path, "WebPage", said, (("name", title),))
        return door.page(request, "own_page.html", told, metadata=described)

    for path, answer in (("/logo/{name}", picture), (ACCENT_PATH, accent), ("/pages/{name}", page)):
        app.add_api_route(path, answer, methods=["GET", "HEAD"])
