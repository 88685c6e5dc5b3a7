"""What every answer of the public site carries, errors too: no script but the viewer's, no frame, nothing from elsewhere, nothing kept."""

from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), interest-cohort=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-cache",
}

WITH_SCRIPTS: Mapping[str, str] = {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "img-src", "script-src 'self'; media-src 'self'; img-src"
    )
}
"""What the page of a record carries in its place: the site's own scripts may run there, its recordings be played."""
