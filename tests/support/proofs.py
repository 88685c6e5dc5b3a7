"""Merkle roots and proofs as those see them who are given one: by the script that checks a proof without Jinkui."""

import json
import runpy
from collections.abc import Iterable, Sequence

from archives.proof.merkle import MerkleTree
from tests.support.places import ROOT

_SCRIPT = runpy.run_path(str(ROOT / "scripts" / "verify-proof"))


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaves."""
    tree = MerkleTree()
    tree.extend(leaves)
    return tree.root()


def proves_inclusion(leaf: bytes, index: int, *, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether ``scripts/verify-proof`` finds that the path leads from the leaf to the root (RFC 9162 §2.1.3.2)."""
    try:
        return bool(_SCRIPT["root_from"](leaf, index, size, path) == root)
    except _SCRIPT["Wrong"]:
        return False


def checked(proof: str, key: str) -> str:
    """Return the origin of a proof that the script finds to hold with a public key; fails where it does not."""
    try:
        return str(_SCRIPT["check"](json.loads(proof), _SCRIPT["read_keys"](key)))
    except _SCRIPT["Wrong"] as reason:
        raise AssertionError(str(reason)) from None
