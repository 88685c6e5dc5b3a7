"""Asking a time-stamping authority over HTTP (RFC 3161 §3.4), and judging what came back."""

import re
import tempfile
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from archives.address import without_passwords
from archives.errors import ConfigurationError, ToolFailedError
from archives.message import message
from formats.processes.tools import run_tool
from preservation.journal.timestamp import NotStrictError, Question, parse_roots, stamped_at

_TIMEOUT_SECONDS = 20.0
_LONGEST_REPLY_BYTES = 1 << 20
_MOMENT = re.compile(rb"Time stamp: (.+ GMT)")


def ask_authority(url: str, question: Question) -> bytes:
    """Send a question and return the raw reply; raises ``ToolFailedError`` when there is none."""
    if not url.startswith(("http://", "https://")):
        raise ConfigurationError(
            message("时间戳服务地址须以 http(s) 开头", "the address of a time-stamping service begins with http(s)"),
            subject=without_passwords(url),
        )
    request = urllib.request.Request(  # noqa: S310 - the scheme is checked above
        url, data=question.request, headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - see above
            reply: bytes = answer.read(_LONGEST_REPLY_BYTES)
    except (urllib.error.URLError, OSError, ValueError) as cause:
        raise ToolFailedError(
            message("时间戳服务没有应答：{reason}", "no time stamp: {reason}", reason=without_passwords(str(cause))),
            subject=without_passwords(url),
        ) from cause
    return reply


def judge_reply(data: bytes, reply: bytes, *, nonce: int | None = None, ca_file: Path) -> datetime:
    """Return when ``data`` was stamped; a reply that is no strict DER is judged by the program ``openssl``.

    Raises ``ToolFailedError`` for a reply that does not hold, ``ConfigurationError`` for certificates that cannot be read.
    """
    try:
        roots = parse_roots(ca_file.read_bytes())
    except OSError as cause:
        raise ConfigurationError(
            message("读不了时间戳根证书：{path}", "the certificates cannot be read: {path}", path=str(ca_file)),
            subject=str(ca_file),
        ) from cause
    try:
        return stamped_at(data, reply, nonce=nonce, roots=roots)
    except NotStrictError:
        return _judged_by_openssl(data, reply, ca_file)


def _judged_by_openssl(data: bytes, reply: bytes, ca_file: Path) -> datetime:
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder, "data"), Path(folder, "reply.tsr")
        asked.write_bytes(data)
        answered.write_bytes(reply)
        place = ["-in", str(answered)]
        run_tool(["openssl", "ts", "-verify", "-data", str(asked), *place, "-CAfile", str(ca_file)], timeout_seconds=30)
        shown = run_tool(["openssl", "ts", "-reply", *place, "-text"], timeout_seconds=30).stdout
    found = _MOMENT.search(shown)
    if found is None:
        raise ToolFailedError(message("时间戳中没有时间", "the time stamp names no time"), subject="time stamp")
    return datetime.strptime(found[1].decode("ascii"), "%b %d %H:%M:%S %Y GMT").replace(tzinfo=UTC)
