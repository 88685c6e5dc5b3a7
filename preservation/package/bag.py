"""BagIt 1.0 (RFC 8493): the tag files of a bag, written and read."""

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from archives.errors import PackageError
from archives.message import message
from archives.record.checksum import Digests, digests_of

DECLARATION = PurePosixPath("bagit.txt")
INFO = PurePosixPath("bag-info.txt")
ALGORITHMS = ("sha256", "sha512")

_HEX = re.compile("[0-9A-Fa-f]+")
_ENCODED = re.compile("%25|%0[dDaA]")
_ENCODED_ENDS = re.compile("%0[dDaA]")
_MEANT = {"%25": "%", "%0d": "\r", "%0a": "\n"}
_DOUBTFUL = re.compile(r"[%\\*\x00]|//|/\.")
_UNSAFE = re.compile(r"^[/\\~]|^[A-Za-z]:|\x00|(?:^|[/\\])\.\.(?:[/\\]|$)")


def tag_files(payload: Mapping[PurePosixPath, Digests], info: Iterable[tuple[str, str]]) -> dict[PurePosixPath, bytes]:
    """Return every tag file of a bag with this payload, by its path in the bag.

    ``payload`` paths begin with ``data/``; ``info`` are the elements of ``bag-info.txt`` in order, to which
    ``Payload-Oxum`` is added (RFC 8493 §2.2.2).
    """
    octets = sum(digests.size_bytes for digests in payload.values())
    elements = [*info, ("Payload-Oxum", f"{octets}.{len(payload)}")]
    files = {
        DECLARATION: b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        INFO: "".join(f"{label}: {_one_line(value)}\n" for label, value in elements).encode("utf-8"),
    }
    for algorithm in ALGORITHMS:
        files[manifest_path(algorithm)] = encode_manifest(
            {path: getattr(digests, algorithm) for path, digests in payload.items()}
        )
    tags = {path: digests_of(data) for path, data in files.items()}
    for algorithm in ALGORITHMS:
        files[PurePosixPath(f"tagmanifest-{algorithm}.txt")] = encode_manifest(
            {path: getattr(digests, algorithm) for path, digests in tags.items()}
        )
    return files


def manifest_path(algorithm: str) -> PurePosixPath:
    """Return the path of a payload manifest (RFC 8493 §2.1.3)."""
    return PurePosixPath(f"manifest-{algorithm}.txt")


def encode_manifest(digests: Mapping[PurePosixPath, str]) -> bytes:
    """Return a manifest: a digest, two spaces and a path a line, in the order of the paths.

    ``%``, line feed and carriage return in a path are percent-encoded (RFC 8493 §2.1.3).
    """
    return "".join(f"{digests[path]}  {encode_path(str(path))}\n" for path in sorted(digests)).encode("utf-8")


class ManifestLine(NamedTuple):
    """One line of a manifest: its number from 1, the digest in hexadecimal, the path as it is written.

    ``digest`` is empty when the line is none. ``starred`` marks the ``*`` of md5sum's binary mode before the path.
    """

    row: int
    digest: str
    path: str
    starred: bool = False


def parse_manifest(lines: Iterable[str]) -> Iterator[ManifestLine]:
    """Yield the lines of a manifest (RFC 8493 §2.1.3); empty lines are passed over, the path is not decoded.

    ``lines`` end with a line feed, as a text file read with universal newlines gives them.
    """
    for row, line in enumerate(lines, 1):
        parts = line.split(None, 1)
        if len(parts) != 2:
            if parts:
                yield ManifestLine(row, "", line.strip())
            continue
        digest, path = parts
        path = path.removesuffix("\n")
        starred = path.startswith("*")
        if line[0].isspace() or not path or not _HEX.fullmatch(digest):
            yield ManifestLine(row, "", line.strip())
        else:
            yield ManifestLine(row, digest.lower(), path[1:] if starred else path, starred)


def manifest_digests(data: bytes, *, subject: str) -> dict[PurePosixPath, str]:
    """Return path to digest of a manifest that Jinkui wrote; raises ``PackageError`` when it could not have been.

    Such is a line that is none, an unsafe path, or a path named twice.
    """
    digests: dict[PurePosixPath, str] = {}
    for line in parse_manifest(io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", errors="replace", newline=None)):
        path = PurePosixPath(decode_path(line.path))
        if not line.digest or is_unsafe(line.path) or path in digests:
            raise PackageError(
                message(
                    "{file} 第 {number} 行不合规范",
                    "{file}: line {number} is not a manifest line",
                    file=subject,
                    number=line.row,
                ),
                subject=subject,
            )
        digests[path] = line.digest
    return digests


def parse_plain_manifest(text: str, *, hex_digits: int) -> dict[str, bytes] | None:
    """Return path to digest of a payload manifest in which nothing needs a second look, forty times as fast.

    None when any line is not a digest of ``hex_digits`` and a path below ``data/`` that stands for itself and stands
    there once: then ``parse_manifest`` tells what it is.
    """
    if _DOUBTFUL.search(text):
        return None
    lines = re.findall(rf"^([0-9A-Fa-f]{{{hex_digits}}})[ \t]+(data/[^\n]+)$", text, re.MULTILINE)
    if len(lines) != text.count("\n") + (not text.endswith("\n")):
        return None
    digests = {path: bytes.fromhex(digest) for digest, path in lines}
    return digests if len(digests) == len(lines) else None


def needs_a_second_look(path: str) -> bool:
    """Whether a path in a manifest might not stand for itself: encoded, not plain, or not of this system alone."""
    return bool(_DOUBTFUL.search(path))


def encode_path(path: str) -> str:
    """Return a path as a manifest writes it: ``%``, line feed and carriage return are percent-encoded."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def decode_path(path: str) -> str:
    """Return the path that a manifest of BagIt 1.0 writes like this (RFC 8493 §2.1.3)."""
    return _ENCODED.sub(lambda match: _MEANT[match[0].lower()], path)


def decode_line_ends(path: str) -> str:
    """Return the path that a manifest before BagIt 1.0 writes like this: ``%`` stands for itself there."""
    return _ENCODED_ENDS.sub(lambda match: _MEANT[match[0].lower()], path)


def is_unsafe(path: str) -> bool:
    """Whether a path could lead out of its bag on any system: absolute, a home, a drive, a share, a step up."""
    return bool(_UNSAFE.search(path))


def plain_path(path: str) -> str:
    """Return a path without its empty parts and parts that are a dot."""
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def _one_line(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())
