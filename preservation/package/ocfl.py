"""OCFL 1.1: where an object lies, what its inventory says, and the files that make a folder a storage root."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote

from archives.errors import IdentifierError, PackageError
from archives.message import message
from archives.record.identifiers import PackageId, parse_package_urn
from preservation.stores.store import PACKAGES

INVENTORY = PurePosixPath("inventory.json")
SIDECAR = PurePosixPath("inventory.json.sha512")
OBJECT_DECLARATION = PurePosixPath("0=ocfl_object_1.1")

_LAYOUT = "0003-hash-and-id-n-tuple-storage-layout"
_TUPLE_SIZE = 3
_TUPLES = 3


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object: which bytes stand under which logical path, when and by whom."""

    created_at: datetime
    state: Mapping[str, tuple[PurePosixPath, ...]]
    message: str
    user: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """An object's inventory: digests are SHA-512, content paths begin with ``vN/content/`` (OCFL 1.1 §3.5)."""

    package_id: PackageId
    manifest: Mapping[str, tuple[PurePosixPath, ...]]
    versions: tuple[Version, ...]

    @property
    def head(self) -> int:
        """The number of the newest version."""
        return len(self.versions)

    def logical_files(self, version: int | None = None) -> dict[PurePosixPath, str]:
        """Return a version's logical paths (the bag's own) with the digest of each; by default the newest's."""
        state = self.versions[(version or self.head) - 1].state
        return {path: digest for digest, paths in state.items() for path in paths}

    def content_files(self) -> dict[PurePosixPath, str]:
        """Return every stored content path with its digest."""
        return {path: digest for digest, paths in self.manifest.items() for path in paths}

    def content_path(self, digest: str) -> PurePosixPath:
        """Return where bytes with this digest are stored, relative to the object."""
        return self.manifest[digest][0]


def object_folder(package_id: PackageId) -> PurePosixPath:
    """Return an object's folder in a store (extension 0003: three tuples of three, then the encoded identifier)."""
    digest = hashlib.sha256(package_id.urn.encode("utf-8")).hexdigest()
    tuples = [digest[start : start + _TUPLE_SIZE] for start in range(0, _TUPLES * _TUPLE_SIZE, _TUPLE_SIZE)]
    encoded = re.sub(
        r"[^A-Za-z0-9_-]", lambda match: "".join(f"%{byte:02x}" for byte in match[0].encode()), package_id.urn
    )
    return PACKAGES.joinpath(*tuples, encoded)


def package_at(path: PurePosixPath) -> PackageId | None:
    """Return the package in whose object folder a path of a store lies, or None."""
    for folder in (path, *path.parents):
        try:
            package_id = parse_package_urn(unquote(folder.name))
        except IdentifierError:
            continue
        if object_folder(package_id) == folder:
            return package_id
    return None


def root_files() -> dict[PurePosixPath, bytes]:
    """Return the files that make ``packages/`` a storage root, by their path in the store."""
    layout = {
        "extension": _LAYOUT,
        "description": "Three 3-character tuples of the SHA-256 of the object identifier, then the encoded identifier",
    }
    config = {
        "extensionName": _LAYOUT,
        "digestAlgorithm": "sha256",
        "tupleSize": _TUPLE_SIZE,
        "numberOfTuples": _TUPLES,
    }
    return {
        PACKAGES / "0=ocfl_1.1": b"ocfl_1.1\n",
        PACKAGES / "ocfl_layout.json": _json(layout),
        PACKAGES / "extensions" / _LAYOUT / "config.json": _json(config),
    }


def object_declaration() -> bytes:
    """Return the bytes of an object's namaste file (OCFL 1.1 §3.3)."""
    return b"ocfl_object_1.1\n"


def first_inventory(
    package_id: PackageId, files: Mapping[PurePosixPath, str], *, created_at: datetime, note: str, user: str
) -> Inventory:
    """Return the inventory of an object whose first version holds ``files`` (logical path to SHA-512).

    Version 1 stores every file, equal ones too, so that its content is a complete bag as it lies.
    """
    manifest: dict[str, tuple[PurePosixPath, ...]] = {}
    state: dict[str, tuple[PurePosixPath, ...]] = {}
    for path in sorted(files):
        digest = files[path]
        manifest[digest] = (*manifest.get(digest, ()), PurePosixPath("v1/content") / path)
        state[digest] = (*state.get(digest, ()), path)
    return Inventory(package_id, manifest, (Version(created_at, state, note, user),))


def next_inventory(
    previous: Inventory, files: Mapping[PurePosixPath, str], *, created_at: datetime, note: str, user: str
) -> Inventory:
    """Return the inventory after ``previous`` whose newest version holds ``files`` (logical path to SHA-512).

    Bytes that any version stores already are not stored again (OCFL 1.1 §3.5.3, forward delta).
    """
    manifest = dict(previous.manifest)
    state: dict[str, tuple[PurePosixPath, ...]] = {}
    for path in sorted(files):
        digest = files[path]
        manifest.setdefault(digest, (PurePosixPath(f"v{previous.head + 1}/content") / path,))
        state[digest] = (*state.get(digest, ()), path)
    return Inventory(previous.package_id, manifest, (*previous.versions, Version(created_at, state, note, user)))


def encode_inventory(inventory: Inventory) -> bytes:
    """Return the inventory's file, the same bytes for the same inventory."""
    versions = {
        f"v{number}": {
            "created": version.created_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "message": version.message,
            "state": _paths_by_digest(version.state),
            "user": {"name": version.user},
        }
        for number, version in enumerate(inventory.versions, 1)
    }
    return _json(
        {
            "id": inventory.package_id.urn,
            "type": "https://ocfl.io/1.1/spec/#inventory",
            "digestAlgorithm": "sha512",
            "head": f"v{inventory.head}",
            "contentDirectory": "content",
            "manifest": _paths_by_digest(inventory.manifest),
            "versions": versions,
        }
    )


def parse_inventory(data: bytes, *, subject: str) -> Inventory:
    """Read an inventory that Jinkui wrote; raises ``PackageError`` when it is none."""
    try:
        body = json.loads(data)
        versions = tuple(
            Version(
                datetime.fromisoformat(version["created"]),
                _digest_paths(version["state"]),
                version["message"],
                version["user"]["name"],
            )
            for version in (body["versions"][f"v{number}"] for number in range(1, len(body["versions"]) + 1))
        )
        if body["digestAlgorithm"] != "sha512" or body["head"] != f"v{len(versions)}":
            raise ValueError("head")
        return Inventory(parse_package_urn(body["id"]), _digest_paths(body["manifest"]), versions)
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise _no_inventory(subject) from cause


def parse_content_files(data: bytes, *, subject: str) -> dict[str, str]:
    """Return every stored content path of an inventory with its digest, without reading its versions.

    For inventories whose digest was judged already; raises ``PackageError``.
    """
    try:
        manifest: dict[str, list[str]] = json.loads(data)["manifest"]
        return {path: digest for digest, paths in manifest.items() for path in paths}
    except (ValueError, KeyError, TypeError, AttributeError) as cause:
        raise _no_inventory(subject) from cause


def parse_version_files(data: bytes, *, subject: str) -> dict[str, tuple[str, str]]:
    """Return the logical paths of an inventory's newest version, each with the content path and the digest of its bytes.

    For inventories whose digest was judged already; nothing else is read. Raises ``PackageError``.
    """
    try:
        body = json.loads(data)
        manifest: dict[str, list[str]] = body["manifest"]
        state: dict[str, list[str]] = body["versions"][body["head"]]["state"]
        return {path: (manifest[digest][0], digest) for digest, paths in state.items() for path in paths}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as cause:
        raise _no_inventory(subject) from cause


def encode_sidecar(inventory: bytes) -> bytes:
    """Return the sidecar of an inventory's bytes (OCFL 1.1 §3.7)."""
    return sidecar_of(hashlib.sha512(inventory).hexdigest())


def sidecar_of(inventory_sha512: str) -> bytes:
    """Return the sidecar of the inventory with this digest."""
    return f"{inventory_sha512} {INVENTORY}\n".encode("ascii")


def _no_inventory(subject: str) -> PackageError:
    return PackageError(message("清单 {file} 不合规范", "{file} is not an inventory", file=subject), subject=subject)


def _paths_by_digest(paths: Mapping[str, tuple[PurePosixPath, ...]]) -> dict[str, list[str]]:
    return {digest: [str(path) for path in paths[digest]] for digest in sorted(paths)}


def _digest_paths(block: Mapping[str, list[str]]) -> dict[str, tuple[PurePosixPath, ...]]:
    return {digest: tuple(PurePosixPath(path) for path in paths) for digest, paths in block.items()}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
