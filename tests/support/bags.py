"""Bags to try things on: valid ones, and ways to break exactly one thing."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

PAYLOAD: Mapping[str, bytes] = {"data/a.txt": b"one", "data/b/c.txt": b"two", "data/é.txt": b"three"}


def make_bag(
    folder: Path,
    payload: Mapping[str, bytes] = PAYLOAD,
    *,
    version: str = "1.0",
    algorithms: tuple[str, ...] = ("sha256", "sha512"),
    extra: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a bag; ``extra`` are further files, or other bytes for tag files, made before the tag manifests."""
    files = dict(payload)
    files["bagit.txt"] = f"BagIt-Version: {version}\nTag-File-Character-Encoding: UTF-8\n".encode()
    octets = sum(map(len, payload.values()))
    files["bag-info.txt"] = f"Source-Organization: 馆\nPayload-Oxum: {octets}.{len(payload)}\n".encode()
    for algorithm in algorithms:
        files[f"manifest-{algorithm}.txt"] = manifest_of(payload, algorithm)
    files |= extra or {}
    tags = {name: data for name, data in files.items() if not name.startswith("data/")}
    for algorithm in algorithms:
        files[f"tagmanifest-{algorithm}.txt"] = manifest_of(tags, algorithm)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def manifest_of(files: Mapping[str, bytes], algorithm: str) -> bytes:
    """Return the manifest of files in memory."""
    lines = [f"{hashlib.new(algorithm, data).hexdigest()}  {name}\n" for name, data in files.items()]
    return "".join(lines).encode("utf-8")
