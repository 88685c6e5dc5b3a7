"""Sending a long file, whole or a part of it: read as it is taken, so that nobody's slowness costs memory.

Sources: RFC 9110 §13 (conditions) and §14 (one range; of several the whole is sent), RFC 6266 (the name).
"""

import hashlib
import re
import tempfile
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import Lock
from typing import BinaryIO, cast
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from archives.errors import SearchBusyError
from archives.message import message
from search.published.view import PublishedView

_CHUNK = 256 << 10
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_NO_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+')
_LONGEST_NAME = 120


def attachment(view: PublishedView, ending: str) -> Mapping[str, str]:
    """Return the header by which a browser keeps a file under the record's code."""
    name = _NO_NAME.sub("_", view.said("archival_code"))[:_LONGEST_NAME].strip("._") or "record"
    kept = quote(name + ending, safe="")
    return {"Content-Disposition": f"attachment; filename=\"record{ending}\"; filename*=UTF-8''{kept}"}


class Copies:
    """How many bytes of what was signed may lie copied at a time, over all answers that are under way."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes
        self._lock = Lock()

    def take(self, size_bytes: int) -> BinaryIO | None:
        """Return an empty file for so many bytes, which has no name; None while there is no room for them."""
        with self._lock:
            if size_bytes > self._left:
                return None
            self._left -= size_bytes
        copy = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - handed on
        weakref.finalize(copy, self._give, size_bytes)
        return copy

    def _give(self, size_bytes: int) -> None:
        with self._lock:
            self._left += size_bytes


def opened(path: Path, sha256: str, copies: Copies | None) -> BinaryIO | None:
    """Open a published file; None where it is not there, or, of what is signed, not as it was signed.

    What was signed is copied (to ``copies``) while it is measured: what is sent is what was measured, whatever becomes of the
    file. Raises ``SearchBusyError`` while there is no room for the copy.
    """
    try:
        file = path.open("rb")
        size = path.stat().st_size
    except OSError:
        return None
    if copies is None:
        return file
    with file:
        copy, digest = copies.take(size), hashlib.sha256()
        if copy is None:
            raise SearchBusyError(message("同时下载的太多", "too many files are sent at the same time"))
        while size and (chunk := file.read(min(_CHUNK, size))):
            digest.update(chunk)
            copy.write(chunk)
            size -= len(chunk)
    if digest.hexdigest() == sha256:
        return copy
    copy.close()
    return None


def sent(request: Request, file: BinaryIO, sha256: str, media_type: str, headers: Mapping[str, str]) -> Response:
    """Return the answer that sends an opened file, or the part of it that was asked for; it closes the file."""
    size, tag = file.seek(0, 2), f'"{sha256}"'
    told = {**headers, "ETag": tag, "Accept-Ranges": "bytes"}
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        file.close()
        return Response(status_code=304, headers=told)
    begin, end, status = 0, size, 200
    if asked := _range(request, tag):
        first, last = asked
        begin, end = (size - min(int(last), size), size) if not first else (int(first), size)
        if first and last:
            end = min(size, int(last) + 1)
        if begin >= end:
            file.close()
            return Response(status_code=416, headers={**told, "Content-Range": f"bytes */{size}"})
        status, told["Content-Range"] = 206, f"bytes {begin}-{end - 1}/{size}"
    told["Content-Length"] = str(end - begin)
    if request.method == "HEAD":
        file.close()
        return StreamingResponse(iter(()), status, told, media_type)
    return StreamingResponse(_chunks(file, begin, end), status, told, media_type)


def _range(request: Request, tag: str) -> tuple[str, str] | None:
    """Return the one range that is asked for, as it is written; None for the whole file."""
    found = _RANGE.fullmatch(request.headers.get("range", ""))
    if found is None or request.headers.get("if-range", tag) != tag:
        return None
    first, last = found.groups()
    if not (first or last) or (first and last and int(last) < int(first)):
        return None
    return first, last


def _chunks(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(begin)
        while begin < end and (chunk := file.read(min(_CHUNK, end - begin))):
            begin += len(chunk)
            yield chunk
