"""What is public of a record, as metadata to be taken away: JSON, and unqualified Dublin Core."""

import json

from archives.errors import FormatError
from archives.exchange.description_xml import write_dublin_core
from archives.record.dates.parse import parse_record_date
from archives.record.elements.table import ELEMENTS
from search.doors.portal.downloads.offered import FILM
from search.published.view import PublishedView


def as_json(view: PublishedView, address: str) -> bytes:
    """Return the description with where it stands and the digests of its pages; ``address`` is where it is shown."""
    told = {
        "id": view.view_id,
        "address": address,
        "repository": {"code": view.repository, "name": view.repository_name, "name_en": view.repository_name_en},
        "fonds": {"number": view.fonds_number, "name": view.fonds_name},
        "elements": {key: value for key, value in view.elements.items() if value not in (None, "")},
        "scope": view.scope.value,
        "level": view.level,
        "state": view.state,
        "opened": view.opened.isoformat() if view.opened else "",
        "pages": [
            {
                "number": page.number,
                "label": page.label,
                "text_origin": page.origin,
                "image_sha256": page.sha256,
                "recording_sha256": page.recording_sha256,
            }
            for page in view.pages
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def as_dublin_core(view: PublishedView, address: str) -> bytes:
    """Return the same description in the terms of Dublin Core 1.1."""
    said = [(one.dc, _date(view) if one.key == "date" else view.said(one.public_key)) for one in ELEMENTS if one.dc]
    kinds = (
        ("Text", any(one.text for one in view.pages)),
        ("Image", any(one.image for one in view.pages)),
        ("Sound", any(one.recording and not one.recording.endswith(FILM) for one in view.pages)),
        ("MovingImage", any(one.recording.endswith(FILM) for one in view.pages)),
    )
    said += [("identifier", address), ("publisher", view.repository_name)]
    said += [("type", name) for name, is_there in kinds if is_there]
    return write_dublin_core(said)


def _date(view: PublishedView) -> str:
    """Return the date of formation for programs where it can be read, else as it is written."""
    written = view.said("date")
    try:
        return parse_record_date(written).edtf or written
    except FormatError:
        return written
