"""Inclusion proofs as small files: one leaf, its path to the root, the signed checkpoint that vouches for the root."""

import json
from collections.abc import Callable, Iterable

from archives.errors import NotFoundError
from archives.message import message
from archives.proof.checkpoint import Checkpoint
from archives.proof.merkle import inclusion_proof, leaf_hash

FORMAT = "jinkui-inclusion-proof-1"


def make_proof(leaves: Callable[[], Iterable[bytes]], index: int, *, checkpoint: Checkpoint, note: str) -> str:
    """Return the proof that the leaf at ``index`` is in the checkpoint's tree; ``leaves`` yields them from the first.

    The leaf stands in it as text, exactly. Raises ``NotFoundError`` for an index beyond the tree.
    """
    leaf = next((leaf for number, leaf in enumerate(leaves()) if number == index), None)
    if leaf is None or index >= checkpoint.size:
        raise NotFoundError(message("检查点之内没有此条", "the checkpoint does not cover it"), subject=str(index))
    path = inclusion_proof(leaves(), index, size=checkpoint.size)
    proof = {
        "format": FORMAT,
        "leaf": leaf.decode("utf-8"),
        "index": index,
        "size": checkpoint.size,
        "path": [step.hex() for step in path],
        "checkpoint": note,
    }
    return json.dumps(proof, ensure_ascii=False, indent=1) + "\n"


def lone_checkpoint(origin: str, leaf: bytes) -> Checkpoint:
    """Return the checkpoint of a tree that is one leaf: what signs it tells nothing of any other."""
    return Checkpoint(origin, 1, leaf_hash(leaf))
