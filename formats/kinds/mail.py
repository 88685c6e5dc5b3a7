"""Mail (RFC 5322, RFC 2045 to 2047) and boxes of it (mbox, RFC 4155): every letter a page; what is attached, files of its own.

A letter that another forwards is a page of its own. Labels of encodings mean what they mean to those who use them:
``gb2312`` is GB18030. Addresses, dates and encoded words are shown as they came where they are not as the standards want.
"""

import binascii
import email
import email.policy
import quopri
import re
from collections.abc import Iterator
from email.message import Message as Part
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from archives.record.record import FormatIdentification
from formats.encoding.decoding import decode, doubts
from formats.kinds.kind import Enclosed, Ends, Kind, Reading
from formats.kinds.markup import encoding_named, without_markup

_MIME, _BOX_MIME = "message/rfc822", "application/mbox"
_HEADINGS = ("From", "To", "Cc", "Date", "Subject")
_ENCODED = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?]*)\?=")
_BETWEEN_ENCODED = re.compile(r"(\?=)\s+(?==\?)")
_FIELD = re.compile(rb"(?:>?From .*\r?\n)?(?:[!-9;-~]{1,76}:.*\r?\n(?:[ \t].*\r?\n)*){3}")
_OF_MAIL = re.compile(rb"(?im)^(?:from|received|return-path|message-id|mime-version|date|subject|to):")
_DIVIDES = re.compile(rb"From \S.*\d\d:\d\d")
_ENDINGS = {"text/html": ".html", "application/pdf": ".pdf", "text/csv": ".csv", _MIME: ".eml"}
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_ENCRYPTED = ("application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted")
_LARGEST_LETTER_BYTES = 256 << 20
_DEEPEST = 8


class _AsItCame(email.policy.Compat32):
    """The policy that gives every field as it stands in the letter, halves of characters for bytes that are no ASCII."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_AS_IT_CAME = _AsItCame()


def _recognised(path: Path) -> FormatIdentification | None:
    """Recognise what begins with fields as only mail has them, perhaps after the line that a box puts before them."""
    with path.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf\r\n")
    begins = _FIELD.match(head)
    if begins is None or len(set(map(bytes.lower, _OF_MAIL.findall(head)))) < 3:
        return None
    return FormatIdentification(None, "Internet Message", "", _MIME, "header fields of mail")


def _perhaps(ends: Ends) -> bool:
    return _OF_MAIL.search(ends.head) is not None


def _read(path: Path) -> Reading:
    return (said for data in _letters(path) for said in _told(_parsed(data), 0))


def _letters(path: Path) -> Iterator[bytes]:
    """Yield the letters of a file: of a box, which begins with such a line, a line ``From …`` divides them (RFC 4155)."""
    lines: list[bytes] = []
    length, is_after_blank, is_box = 0, True, False
    with path.open("rb") as file:
        for line in file:
            if is_box and is_after_blank and lines and _DIVIDES.match(line):
                yield b"".join(lines)
                lines, length = [], 0
            is_box = is_box or (not length and line.startswith(b"From "))
            lines.append(line[1:] if is_box and re.match(rb">+From ", line) else line)
            length += len(line)
            if length > _LARGEST_LETTER_BYTES:
                raise FormatError(message("邮件过大", "the mail is too large"), subject=path.name)
            is_after_blank = not line.strip(b"\r\n")
    if lines:
        yield b"".join(lines)


def _parsed(data: bytes) -> Part:
    data = data.lstrip(b"\xef\xbb\xbf\r\n")
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    return email.message_from_bytes(data, policy=_AS_IT_CAME)


def _told(letter: Part, depth: int) -> Reading:
    """Yield the page of a letter, then the letters that it forwards and the files that are attached to it."""
    lines = [f"{name}: {words}" for name in _HEADINGS if (words := _heading(letter, name))]
    found: list[Finding] = []
    beside: list[Part] = []
    for body in _bodies(letter, beside):
        text, doubtful = _text(body)
        lines += ["", text]
        found += doubtful
    names = [_name(part) for part in beside]
    yield "\n".join([*lines, *(f"Attachment: {name}" for name in names if name)])
    yield from found
    for part, name in zip(beside, names, strict=True):
        if part.get_content_type() == _MIME and depth < _DEEPEST:
            yield from (said for one in _forwarded(part) for said in _told(one, depth + 1))
        else:
            yield from _attached(part, name)


def _forwarded(part: Part) -> Iterator[Part]:
    """Yield the letters in a part; one that was encoded, as it must not be (RFC 2046 §5.2.1), is decoded."""
    for one in _inner(part):
        if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
            yield _parsed(_unpacked(one.as_bytes()))
        else:
            yield one


def _bodies(part: Part, beside: list[Part]) -> Iterator[Part]:
    """Yield what is shown as the letter itself; of alternatives (RFC 2046 §5.1.4) the plain one, if it says anything."""
    kind = part.get_content_type()
    if part.is_multipart() and kind != _MIME:
        if kind == "multipart/alternative":
            yield from _alternative(_inner(part), beside)
        else:
            for one in _inner(part):
                yield from _bodies(one, beside)
    elif (
        kind in ("text/plain", "text/html")
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    ):
        yield part
    else:
        beside.append(part)


def _inner(part: Part) -> list[Part]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Part)] if isinstance(payload, list) else []


def _alternative(parts: list[Part], beside: list[Part]) -> Iterator[Part]:
    """Yield the plainest of alternatives that says something; what is no text in any of them lies beside it."""
    told = [list(_bodies(one, beside)) for one in parts]
    yield from next((bodies for bodies in told if any(_text(body)[0].strip() for body in bodies)), [])


def _attached(part: Part, name: str) -> Reading:
    """Yield a file that is attached; a picture that stands in the letter has no words of its own."""
    if part.get_content_maintype() == "image" and part.get("Content-ID"):
        return
    kind = part.get_content_type()
    if kind in _SIGNATURES:
        return
    if kind in _ENCRYPTED:
        said = message("邮件内容已加密，未读取", "the mail is encrypted; it is not read")
        yield warning("file-encrypted", said)
        return
    data = part.as_bytes() if part.is_multipart() else part.get_payload(decode=True)
    if isinstance(data, bytes) and (data or name):
        is_words = part.get_content_maintype() in ("text", "message")
        ending = "" if Path(name).suffix else _ENDINGS.get(kind, ".txt" if is_words else "")
        yield Enclosed((name or kind.replace("/", "-")) + ending, data)


def _text(part: Part) -> tuple[str, list[Finding]]:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes) or not data:
        return "", []
    is_markup = part.get_content_type() == "text/html"
    label = part.get_param("charset") or (encoding_named(data) if is_markup else None)
    try:
        read = decode(data, label=label if isinstance(label, str) else None)
    except FormatError as unknown:
        return "", [warning("text-not-extracted", unknown.message)]
    return without_markup(read.text) if is_markup else read.text, list(doubts(read))


def _name(part: Part) -> str:
    """Return the name of an attachment as its sender saw it, whichever way it is written (RFC 2231, RFC 2047, raw)."""
    try:
        found = part.get_param("filename", header="Content-Disposition") or part.get_param("name") or ""
    except (ValueError, LookupError, TypeError):
        return "?"
    shown = (
        _decoded(found[2].encode("latin-1", "replace"), found[0] or "") if isinstance(found, tuple) else _shown(found)
    )
    return " ".join(shown.replace("/", "_").split())


def _heading(letter: Part, name: str) -> str:
    return ", ".join(_shown(value) for value in letter.get_all(name, []))


def _shown(words: str) -> str:
    """Return a field as it is shown: encoded words decoded, those that were cut inside a letter joined first."""
    raw = words.encode("utf-8", "surrogateescape")
    unfolded = re.sub(r"[\r\n]+(?=[ \t])", "", words if raw.isascii() else _decoded(raw))
    joined = _BETWEEN_ENCODED.sub(r"\1", unfolded)
    shown: list[str] = []
    place, pending, pending_label = 0, bytearray(), ""
    for found in _ENCODED.finditer(joined):
        label, data = found[1].partition("*")[0], _word_bytes(found[2], found[3])
        if pending and (found.start() > place or label.lower() != pending_label.lower()):
            shown.append(_decoded(bytes(pending), pending_label))
            pending.clear()
        shown.append(joined[place : found.start()])
        pending += data
        pending_label, place = label, found.end()
    return "".join([*shown, _decoded(bytes(pending), pending_label), joined[place:]])


def _word_bytes(how: str, word: str) -> bytes:
    """Return the bytes of an encoded word (RFC 2047 §4)."""
    plain = word.encode("ascii", "replace")
    return quopri.decodestring(plain, header=True) if how in "Qq" else _unpacked(plain)


def _unpacked(data: bytes) -> bytes:
    """Return the bytes that base64 stands for, whose end may be cut off; what is no base64, as it is."""
    packed = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    try:
        return binascii.a2b_base64(packed + b"=" * (-len(packed) % 4))
    except binascii.Error:
        return data


def _decoded(data: bytes, label: str = "") -> str:
    """Return what bytes say, by their label or by themselves; what they cannot say is U+FFFD."""
    try:
        return decode(data, label=label).text
    except FormatError:
        return data.decode("utf-8", "replace")


KIND = Kind(
    endings={_MIME: (), _BOX_MIME: ()},
    named={".eml": _MIME, ".mbox": _BOX_MIME},
    recognise=_recognised,
    perhaps=_perhaps,
    look=None,
    draw=None,
    read=_read,
    attaches=True,
)
