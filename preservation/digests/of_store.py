"""A file's digests while its bytes pass by, from where they lie in a store of whatever kind.

Bytes are read as the store reads them: past the page cache, at the pace it allows, with its own words for what went
wrong. Reading a local folder past the store, in batches or in children, was measured for audits and is no faster.
"""

import hashlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from preservation.digests.algorithms import Hash
from preservation.stores.store import Store


def digested(store: Store, path: PurePosixPath | str, *hashes: Hash) -> Iterator[bytes]:
    """Yield a file's blocks, each after every hash has taken it; raises what ``Store.read`` raises."""
    for block in store.read(path):
        for hash_ in hashes:
            hash_.update(block)
        yield block


def sha512_of(store: Store, path: PurePosixPath | str) -> str:
    """Return the SHA-512 of a file's bytes where they lie; raises what ``Store.read`` raises."""
    digest = hashlib.sha512()
    for _ in digested(store, path, digest):
        pass
    return digest.hexdigest()
