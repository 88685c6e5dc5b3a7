"""Mail (RFC 5322): its heading, its body, the names of what is attached."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from formats.kinds.kind import Kind
from formats.kinds.markup import without_markup

_MIME = "message/rfc822"


def _read(path: Path) -> Iterator[str]:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    lines = [f"{name}: {mail[name]}" for name in ("From", "To", "Cc", "Date", "Subject") if mail[name]]
    body = mail.get_body(("plain", "html"))
    if body is not None:
        content = str(body.get_content())
        lines += ["", without_markup(content) if body.get_content_subtype() == "html" else content]
    names = [part.get_filename() or "" for part in mail.iter_attachments()]
    lines += [f"Attachment: {name}" for name in names if name]
    yield "\n".join(lines)


KIND = Kind(endings={_MIME: ()}, named={".eml": _MIME}, look=None, draw=None, read=_read)
