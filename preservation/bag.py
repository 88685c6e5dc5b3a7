"""BagIt 1.0 (RFC 8493): the tag files of a bag, written and read."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from archives.checksum import Digests, digests_of
from archives.errors import PackageError
from archives.message import message

DECLARATION = PurePosixPath("bagit.txt")
INFO = PurePosixPath("bag-info.txt")
ALGORITHMS = ("sha256", "sha512")

_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]+\*?(\S.*)")


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
    return "".join(f"{digests[path]}  {_encode(str(path))}\n" for path in sorted(digests)).encode("utf-8")


def parse_manifest(data: bytes, *, subject: str) -> dict[PurePosixPath, str]:
    """Read a manifest; raises ``PackageError`` for a line that is none, an unsafe path or a path named twice."""
    digests: dict[PurePosixPath, str] = {}
    for number, line in enumerate(_lines(data, subject), 1):
        found = _LINE.fullmatch(line)
        path = PurePosixPath(_decode(found[2])) if found else PurePosixPath("..")
        if not found or path.is_absolute() or ".." in path.parts or path in digests:
            raise PackageError(
                message(
                    "{file} 第 {number} 行不合规范",
                    "{file}: line {number} is not a manifest line",
                    file=subject,
                    number=number,
                ),
                subject=subject,
            )
        digests[path] = found[1].lower()
    return digests


def _lines(data: bytes, subject: str) -> list[str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as cause:
        raise PackageError(
            message("{file} 不是 UTF-8 文本", "{file} is not UTF-8 text", file=subject), subject=subject
        ) from cause
    return [line for line in re.split(r"\r\n|\n|\r", text) if line]


def _one_line(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())


def _encode(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _decode(path: str) -> str:
    found = {"%25": "%", "%0d": "\r", "%0a": "\n"}
    return re.sub("%25|%0[dDaA]", lambda match: found[match[0].lower()], path)
