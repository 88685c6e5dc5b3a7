"""The digest algorithms that this machine has, by whatever name a manifest or an inventory gives them."""

import functools
import hashlib
from typing import Protocol

_SIZED = {
    "sha512/256": "sha512_256",
    "blake2b-512": "blake2b/64",
    "blake2b-384": "blake2b/48",
    "blake2b-256": "blake2b/32",
    "blake2b-160": "blake2b/20",
}


class Hash(Protocol):
    """A running digest, as hashlib makes them."""

    @property
    def digest_size(self) -> int:
        """How many bytes its digest has."""

    def update(self, data: bytes | memoryview, /) -> None:
        """Take the next bytes."""

    def digest(self) -> bytes:
        """Return the digest of all bytes taken so far."""

    def copy(self) -> "Hash":
        """Return another that took the same bytes."""


def known_algorithm(name: str) -> str | None:
    """Return the algorithm that a manifest or an inventory calls ``name``, as ``new_hash`` takes it; None for none.

    Letters' case and all signs but letters and digits are passed over (RFC 8493 §2.4).
    """
    if name in _SIZED:
        return _SIZED[name]
    return _available().get(_plain(name))


def new_hash(algorithm: str) -> Hash:
    """Return an empty hash of an algorithm that ``known_algorithm`` named."""
    return _empty(algorithm).copy()


def digest_bytes(algorithm: str) -> int:
    """Return how long a digest of this algorithm is."""
    return new_hash(algorithm).digest_size


@functools.cache
def _empty(algorithm: str) -> Hash:
    """Return the hash that others are copied from, which costs a quarter of making them."""
    name, _, size = algorithm.partition("/")
    if size:
        return hashlib.blake2b(digest_size=int(size))
    return hashlib.new(name, usedforsecurity=False)


def _plain(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())


@functools.cache
def _available() -> dict[str, str]:
    names: dict[str, str] = {}
    for name in sorted(hashlib.algorithms_available):
        try:
            if hashlib.new(name, usedforsecurity=False).digest_size:
                names.setdefault(_plain(name), name)
        except ValueError:  # listed by OpenSSL but switched off, as MD4 is
            continue
    return names
