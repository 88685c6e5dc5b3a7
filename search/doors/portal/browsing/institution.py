"""The addresses of the logo and of the colour of the institution whose site this is."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.responses import Response

from search.doors.portal.browsing.door import Door
from search.doors.portal.headers import HEADERS

ACCENT_PATH = "/accent.css"
_ALONE: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
}
"""What a picture carries that is asked for by its own address: nothing in it runs, and nothing is fetched for it."""


def add_institution(app: FastAPI, door: Door) -> None:
    """Let the site answer with its logo and its colour."""
    institution = door.words.institution

    def logo(request: Request, name: str) -> Response:
        shown = institution.logo
        if shown is None or request.url.path != shown.path:
            return door.not_found(request)
        headers = {**_ALONE, "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(shown.data, media_type=shown.media_type, headers=headers)

    def accent(request: Request) -> Response:
        if not institution.accent:
            return door.not_found(request)
        return Response(f":root {{ --seal: {institution.accent}; }}\n", media_type="text/css", headers=HEADERS)

    for path, answer in (("/logo/{name}", logo), (ACCENT_PATH, accent)):
        app.add_api_route(path, answer, methods=["GET", "HEAD"])
