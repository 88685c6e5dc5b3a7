"""A store in S3-compatible object storage.

Keys are the paths of the store below a prefix. There are no folders: an empty one does not exist. A put is acknowledged
when it is durable, so ``flush`` only looks whether everything is there. Moving copies each object and then deletes it:
after an interruption both may stand, and moving again goes on.
"""

import hashlib
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from archives.address import without_passwords
from archives.errors import JinkuiError, NotFoundError, StoreAbsentError, StoreDeniedError
from archives.message import message
from preservation.stores.access_key import AccessKey, key_in_environment, key_in_file
from preservation.stores.passed_over import passed_over_in
from preservation.stores.setting import Kind, StoreSetting, Told
from preservation.stores.store import (
    BLOCK_BYTES,
    JOURNAL,
    MARKER,
    PACKAGES,
    EntryKind,
    Properties,
    StoreEntry,
    absent,
    failed,
    no_file,
    require_inside,
    require_removable,
    taken,
)

if TYPE_CHECKING:
    from obstore import GetOptions, ObjectMeta

_LARGEST_PUT_BYTES = 64 << 20
_PART_BYTES = 16 << 20
_PARTS_AT_ONCE = 2
_LARGEST_COPY_BYTES = 5 << 30
_RANGE_BYTES = 8 << 20
_RETRIES = 3
_ASSEMBLING = 10
"""How many times its time-out a server may take to put the parts of a large object together before it answers."""
_NOBODY_THERE = ("Connection refused", "ConnectError", "dns error", "NoSuchBucket", "Network is unreachable")
_SERVICE = message(
    "请检查服务地址、存储桶和前缀是否正确，服务是否在运行",
    "check the address, the bucket and the prefix, and that the service is up",
)


@dataclass(frozen=True, kw_only=True)
class ObjectStorageSetting(StoreSetting):
    """A bucket, or what lies below a prefix in it; ``endpoint`` is empty for Amazon's own."""

    kind: ClassVar[Kind] = Kind("object-storage", message("对象存储", "object storage"), "url", begins="s3://")
    url: Annotated[
        str,
        Told(message("对象存储，如 s3://bucket/prefix", "object storage, s3://bucket/prefix"), "s3://bucket/prefix"),
    ]
    endpoint: Annotated[str, Told(message("对象存储服务地址", "address of the object storage"), "https://…")] = ""
    region: Annotated[str, Told(message("区域", "its region"))] = "us-east-1"
    credentials_file: Annotated[
        str,
        Told(
            message(
                "密钥文件（TOML：access-key-id、secret-access-key）",
                "file with its keys (TOML: access-key-id, secret-access-key)",
            ),
            "s3.toml",
        ),
    ] = ""
    timeout_seconds: Annotated[float, Told(message("等待应答的秒数", "seconds to wait for an answer"))] = 60.0

    def __post_init__(self) -> None:
        """Raise ``ValueError`` for an address without a bucket, or no time to answer."""
        super().__post_init__()
        if not re.fullmatch(r"s3://[A-Za-z0-9.-]+(/.*)?", self.url):
            raise ValueError(
                message("url 形如 s3://bucket 或 s3://bucket/prefix", "a url is s3://bucket or s3://bucket/prefix")
            )
        if not self.timeout_seconds > 0:
            raise ValueError(message("timeout-seconds 须大于 0", "timeout-seconds is more than 0"))

    @property
    def bucket(self) -> str:
        """The bucket the store lies in."""
        return urlsplit(self.url).netloc

    @property
    def prefix(self) -> str:
        """What the key of every object begins with, before a slash; empty when the bucket is the store's alone."""
        return urlsplit(self.url).path.strip("/")

    def properties(self, home: Path) -> Properties:
        """See ``StoreSetting.properties``."""
        return Properties(self.url)

    def names_there(self, home: Path, environment: Mapping[str, str]) -> frozenset[str]:
        """See ``StoreSetting.names_there``."""
        return self.open(home, environment).names_at_top()

    def open(self, home: Path, environment: Mapping[str, str]) -> "ObjectStore":
        """See ``StoreSetting.open``; a file with the key goes before the environment."""
        if self.credentials_file:
            return ObjectStore(self, key_in_file(home / self.credentials_file))
        return ObjectStore(self, key_in_environment(environment, store=self.name))


class ObjectStore:
    """A store whose files are objects of one bucket; every request ends within a few times its time-out."""

    def __init__(self, setting: ObjectStorageSetting, key: AccessKey) -> None:
        self._name = setting.name
        self.setting = setting
        self._store = _connected(setting, key, timeout_seconds=setting.timeout_seconds)
        self._in_parts = _connected(setting, key, timeout_seconds=_ASSEMBLING * setting.timeout_seconds)

    @property
    def name(self) -> str:
        """The name the operator gave it."""
        return self._name

    @property
    def properties(self) -> Properties:
        """It lies in no folder."""
        return Properties(self.setting.url)

    def create(self, path: PurePosixPath, blocks: Iterable[bytes]) -> None:
        """Write a new object; see ``Store.create``. What is larger than 64 MiB goes up in parts, after a look."""
        key = self._key(path)
        source = iter(blocks)
        first: deque[bytes] = deque()
        size_bytes = 0
        for block in source:
            first.append(block)
            size_bytes += len(block)
            if size_bytes > _LARGEST_PUT_BYTES:
                break
        with self._wrapped(path):
            self._require_free(path)
            if size_bytes <= _LARGEST_PUT_BYTES:
                obstore.put(self._store, key, b"".join(first), mode="create", use_multipart=False)
                return
            obstore.put(  # what the blocks raise comes out as it was raised
                self._in_parts,
                key,
                _draining(first, source),
                use_multipart=True,
                chunk_size=_PART_BYTES,
                max_concurrency=_PARTS_AT_ONCE,
            )

    def put(self, path: PurePosixPath, data: bytes, *, over: bytes | None) -> None:
        """Put a small object in place at once; see ``Store.put``."""
        key = self._key(path)
        with self._wrapped(path):
            if over is None:
                obstore.put(self._store, key, data, mode="create", use_multipart=False)
                return
            stands = obstore.get(self._store, key)
            tag = stands.meta["e_tag"]
            if bytes(stands.bytes()) != over or tag is None:
                raise taken(self, path)
            obstore.put(self._store, key, data, mode={"e_tag": tag}, use_multipart=False)

    def read(self, path: PurePosixPath | str) -> Iterator[bytes]:
        """Yield an object's bytes; see ``Store.read``. Each range is a request of its own, however slowly they are taken."""
        path = PurePosixPath(path)
        with self._wrapped(path):
            found = obstore.get(self._store, self._key(path), options={"range": (0, _RANGE_BYTES)})
            return self._blocks(path, bytes(found.bytes()), found.meta)

    def walk(
        self, folder: PurePosixPath, *, passing_over: Collection[PurePosixPath] = frozenset()
    ) -> Iterator[StoreEntry]:
        """Yield every object below a folder; see ``Store.walk``."""
        passed = tuple(f"{path}/" for path in passing_over)
        self._require_presence()
        return (
            StoreEntry(
                place, EntryKind.FILE, meta["size"], 1, f"{meta['e_tag']}:{meta['size']}:{meta['last_modified']}"
            )
            for place, meta in self._listed(folder)
            if not place.startswith(passed) and not passed_over_in(place)
        )

    def flush(self, paths: Iterable[PurePosixPath]) -> None:
        """Look whether objects are there; see ``Store.flush``."""
        for path in paths:
            with self._wrapped(path):
                obstore.head(self._store, self._key(path))

    def move(self, source: PurePosixPath, target: PurePosixPath) -> None:
        """Copy and then delete every object; see ``Store.move``."""
        found = list(self._at_or_below(source))
        if not found:
            raise self._missing(source)
        pairs = [(place, f"{target}{place[len(str(source)) :]}", meta) for place, meta in found]
        for old, new, meta in pairs:
            with self._wrapped(target):
                self._copy(old, new, meta, target)
        for old, _, _ in pairs:
            with self._wrapped(source):
                obstore.delete(self._store, old)

    def move_below(self, paths: Iterable[PurePosixPath], target: PurePosixPath) -> None:
        """Move one after another; see ``Store.move_below``."""
        for path in paths:
            self.move(path, target / path)

    def remove(self, path: PurePosixPath) -> None:
        """Delete for good; see ``Store.remove``."""
        require_removable(self, path)
        for place, _ in list(self._at_or_below(path)):
            with self._wrapped(path):
                obstore.delete(self._store, place)

    def names_at_top(self) -> frozenset[str]:
        """Return how the keys of its first thousand objects begin, whether it is a store or not."""
        found = islice(self._listed(PurePosixPath()), 1000)
        return frozenset(place.partition("/")[0] for place, _ in found if not passed_over_in(place))

    def _key(self, path: PurePosixPath) -> str:
        require_inside(self, path)
        return str(path)

    def _blocks(self, path: PurePosixPath, first: bytes, meta: "ObjectMeta") -> Iterator[bytes]:
        """Yield an object range by range, all of the very object that was found; never silently short."""
        passed, data = 0, first
        while True:
            yield from (data[start : start + BLOCK_BYTES] for start in range(0, len(data), BLOCK_BYTES))
            passed += len(data)
            if passed >= meta["size"] or not data:
                break
            options: GetOptions = {"range": (passed, min(meta["size"], passed + _RANGE_BYTES))}
            if meta["e_tag"]:
                options["if_match"] = meta["e_tag"]
            with self._wrapped(path):
                data = bytes(obstore.get(self._store, self._key(path), options=options).bytes())
        if passed != meta["size"]:
            raise failed(self, path, f"{passed} / {meta['size']} bytes")

    def _listed(self, folder: PurePosixPath) -> "Iterator[tuple[str, ObjectMeta]]":
        prefix = f"{folder}/" if folder.parts else None
        with self._wrapped(folder):
            for part in obstore.list(self._store, prefix=prefix, chunk_size=1000):
                yield from ((meta["path"], meta) for meta in part if not meta["path"].endswith("/"))

    def _at_or_below(self, path: PurePosixPath) -> "Iterator[tuple[str, ObjectMeta]]":
        try:
            with self._wrapped(path):
                yield str(path), obstore.head(self._store, self._key(path))
                return
        except StoreAbsentError:
            raise
        except NotFoundError:
            pass
        yield from self._listed(path)

    def _copy(self, old: str, new: str, meta: "ObjectMeta", target: PurePosixPath) -> None:
        try:
            stands = obstore.head(self._store, new)
        except FileNotFoundError:
            stands = None
        if stands is not None:
            if stands["size"] != meta["size"] or not self._equal(old, new):
                raise taken(self, target)
            return  # an interrupted move copied it
        if meta["size"] < _LARGEST_COPY_BYTES:
            obstore.copy(self._store, old, new)
        else:
            self.create(PurePosixPath(new), self.read(PurePosixPath(old)))

    def _equal(self, one: str, other: str) -> bool:
        """Return whether two objects have the same bytes; their entity tags may differ all the same."""
        digests = set()
        for key in (one, other):
            digest = hashlib.sha256()
            for block in self.read(PurePosixPath(key)):
                digest.update(block)
            digests.add(digest.digest())
        return len(digests) == 1

    def _require_free(self, path: PurePosixPath) -> None:
        try:
            obstore.head(self._store, self._key(path))
        except FileNotFoundError:
            return
        raise taken(self, path)

    def _require_presence(self) -> None:
        """Raise ``StoreAbsentError`` unless something of a store is there."""
        try:
            with self._answered(MARKER):
                obstore.head(self._store, str(MARKER))
                return
        except FileNotFoundError:
            pass
        for folder in (PACKAGES, JOURNAL):
            try:
                with self._answered(folder):
                    if any(obstore.list(self._store, prefix=f"{folder}/", chunk_size=1)):
                        return
            except FileNotFoundError:
                break
        raise absent(self, _SERVICE)

    @contextmanager
    def _wrapped(self, path: PurePosixPath) -> Iterator[None]:
        """Turn what object storage raises into errors of ours."""
        try:
            with self._answered(path):
                yield
        except FileNotFoundError as cause:
            raise self._missing(path) from cause

    @contextmanager
    def _answered(self, path: PurePosixPath) -> Iterator[None]:
        try:
            yield
        except (AlreadyExistsError, PreconditionError) as cause:
            raise taken(self, path) from cause
        except (PermissionDeniedError, UnauthenticatedError) as cause:
            raise self._denied(path) from cause
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as cause:
            reason = without_passwords(str(cause))
            if any(sign in reason for sign in _NOBODY_THERE):
                raise absent(self, _SERVICE) from cause
            raise failed(self, path, reason.partition("\n")[0]) from cause

    def _missing(self, path: PurePosixPath) -> JinkuiError:
        try:
            self._require_presence()
        except StoreAbsentError as gone:
            return gone
        return no_file(self, path)

    def _denied(self, path: PurePosixPath) -> StoreDeniedError:
        return StoreDeniedError(
            message("存储“{store}”拒绝了密钥", "store “{store}” refused the key", store=self.name),
            subject=f"{self.name}: {path}",
            advice=message(
                "请检查密钥文件及其对存储桶的权限", "check the credentials file and what its key may do in the bucket"
            ),
        )


def _connected(place: ObjectStorageSetting, key: AccessKey, *, timeout_seconds: float) -> S3Store:
    return S3Store(
        place.bucket,
        prefix=place.prefix or None,
        endpoint=place.endpoint or f"https://s3.{place.region}.amazonaws.com",
        region=place.region,
        access_key_id=key.access_key_id,
        secret_access_key=key.secret_access_key,
        virtual_hosted_style_request=not place.endpoint,
        client_options={
            "timeout": timedelta(seconds=timeout_seconds),
            "connect_timeout": timedelta(seconds=min(10.0, timeout_seconds)),
            "allow_http": place.endpoint.startswith("http://"),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": timedelta(seconds=place.timeout_seconds)},
    )


def _draining(first: "deque[bytes]", source: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what was read ahead, letting go of it, and then the rest."""
    while first:
        yield first.popleft()
    yield from source
