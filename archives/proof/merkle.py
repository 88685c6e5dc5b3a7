"""Merkle trees over byte strings: root and inclusion proofs (RFC 9162 §2.1, SHA-256).

Leaves pass by once and in order; memory stays logarithmic in their number. Hashes are 32 bytes.
"""

import hashlib
from collections.abc import Iterable
from itertools import islice

Range = tuple[int, int]

_LEAF, _NODE = b"\x00", b"\x01"
_PORTION = 4096


class MerkleTree:
    """A tree that grows at its end; ``size`` is the number of leaves so far."""

    def __init__(self) -> None:
        self.size = 0
        self._waiting: list[bytes | None] = []  # at level i the hash of 2**i leaves whose sibling is still to come

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves at the end."""
        self.extend_hashed(leaf_hash(leaf) for leaf in leaves)

    def extend_hashed(self, hashes: Iterable[bytes]) -> None:
        """Add leaves at the end by their hashes."""
        sha256 = hashlib.sha256
        row = list(hashes)
        self.size += len(row)
        level = 0
        while row:
            if level == len(self._waiting):
                self._waiting.append(None)
            before = self._waiting[level]
            if before is not None:
                row.insert(0, before)
            self._waiting[level] = row.pop() if len(row) % 2 else None
            pairs = iter(row)
            row = [sha256(_NODE + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
            level += 1

    def root(self) -> bytes:
        """Return the Merkle tree hash of the leaves so far (§2.1.1)."""
        root: bytes | None = None
        for waiting in self._waiting:
            if waiting is not None:
                root = waiting if root is None else _node_hash(waiting, root)
        return hashlib.sha256().digest() if root is None else root

    def copy(self) -> "MerkleTree":
        """Return a tree that grows on its own from here."""
        other = MerkleTree()
        other.size, other._waiting = self.size, list(self._waiting)
        return other


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf (§2.1.1)."""
    return hashlib.sha256(_LEAF + leaf).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two (§2.1.1)."""
    return hashlib.sha256(_NODE + left + right).digest()


def inclusion_proof(leaves: Iterable[bytes], index: int, *, size: int) -> tuple[bytes, ...]:
    """Return the audit path of the leaf at ``index`` (from 0) in the tree of the first ``size`` leaves (§2.1.3.1).

    Raises ``ValueError`` for an index outside the tree or too few leaves.
    """
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    return _roots(leaves, _path_ranges(index, (0, size)))


def _split(span: Range) -> int:
    """Return where the largest complete subtree on the left ends: k of §2.1.1."""
    start, end = span
    return start + (1 << (end - start - 1).bit_length() - 1)


def _path_ranges(index: int, span: Range) -> tuple[Range, ...]:
    start, end = span
    if end - start == 1:
        return ()
    middle = _split(span)
    if index < middle:
        return (*_path_ranges(index, (start, middle)), (middle, end))
    return (*_path_ranges(index, (middle, end)), (start, middle))


def _roots(leaves: Iterable[bytes], ranges: tuple[Range, ...]) -> tuple[bytes, ...]:
    """Return the roots of ranges that do not overlap, in the order asked for, in one pass."""
    rest = iter(leaves)
    at = 0
    found: dict[Range, bytes] = {}
    for start, end in sorted(ranges):
        for _ in islice(rest, start - at):
            pass
        tree = MerkleTree()
        while portion := list(islice(rest, min(_PORTION, end - start - tree.size))):
            tree.extend(portion)
        if tree.size != end - start:
            raise ValueError(f"there are fewer than {end} leaves")
        found[start, end], at = tree.root(), end
    return tuple(found[span] for span in ranges)
