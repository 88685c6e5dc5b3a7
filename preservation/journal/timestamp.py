"""Time stamps by an authority (RFC 3161): the question, and whether a reply answers it.

The reply is kept raw. One that is no strict DER (a certificate set out of order, as some authorities send) is told apart
(``NotStrictError``), so that another program may judge it.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from rfc3161_client import TimestampRequestBuilder, VerificationError, VerifierBuilder, decode_timestamp_response

from archives.errors import ConfigurationError, ToolFailedError
from archives.message import message


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent to the authority (DER) and the nonce in it, which its reply repeats."""

    request: bytes
    nonce: int | None


class NotStrictError(ToolFailedError):
    """A reply that is no strict DER; another program may be able to read it."""

    code = "timestamp-not-strict"


def ask_about(data: bytes) -> Question:
    """Return the question for a time stamp over ``data`` (SHA-512)."""
    request = TimestampRequestBuilder(data=data).build()
    return Question(request.as_bytes(), request.nonce)


def parse_roots(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Read the certificates that time stamps are trusted by; raises ``ConfigurationError``."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError as cause:
        raise ConfigurationError(
            message("读不了时间戳根证书", "the certificates for time stamps cannot be read"), subject="timestamp-ca"
        ) from cause


def stamped_at(data: bytes, reply: bytes, *, nonce: int | None = None, roots: tuple[x509.Certificate, ...]) -> datetime:
    """Return when, by the authority's word, ``data`` existed.

    Raises ``NotStrictError`` for what cannot be decoded, ``ToolFailedError`` for a reply that was refused, is about other
    bytes, repeats another nonce or was not signed under one of ``roots``.
    """
    try:
        response = decode_timestamp_response(reply)
        moment = response.tst_info.gen_time
    except ValueError as cause:
        raise NotStrictError(
            message("时间戳答复读不懂：{reason}", "the reply cannot be decoded: {reason}", reason=str(cause)),
            subject="time stamp",
        ) from cause
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        builder.build().verify_message(response, data)
    except (VerificationError, ValueError) as cause:
        raise ToolFailedError(
            message("时间戳不成立：{reason}", "the time stamp does not hold: {reason}", reason=str(cause)),
            subject="time stamp",
        ) from cause
    return moment
