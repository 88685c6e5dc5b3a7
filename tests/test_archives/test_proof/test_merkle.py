"""Merkle trees agree with RFC 9162: the vectors of certificate transparency, and the definition taken literally."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.proof.merkle import MerkleTree, inclusion_proof
from tests.support.proofs import proves_inclusion, root_of

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
many = st.lists(st.binary(max_size=4), min_size=1, max_size=70)


def literal_root(leaves: list[bytes]) -> bytes:
    """Return MTH(D[n]) as §2.1.1 writes it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + literal_root(leaves[:k]) + literal_root(leaves[k:])).digest()


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_certificate_transparency_are_met(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 1, ()),
        (
            0,
            8,
            (
                "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
            ),
        ),
        (
            5,
            8,
            (
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ),
        ),
        (2, 3, ("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",)),
    ],
)
def test_the_audit_paths_of_certificate_transparency_are_met(index: int, size: int, path: tuple[str, ...]) -> None:
    assert tuple(step.hex() for step in inclusion_proof(LEAVES, index, size=size)) == path


@given(many, st.data())
def test_a_tree_that_grows_in_portions_has_the_root_of_the_definition(leaves: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree()
    at = 0
    while at < len(leaves):
        step = data.draw(st.integers(1, len(leaves) - at))
        tree.extend(leaves[at : at + step])
        at += step
        assert tree.copy().root() == tree.root() == literal_root(leaves[:at])


@given(many, st.data())
def test_a_path_proves_its_leaf_in_its_place_and_nothing_else(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, root = inclusion_proof(leaves, index, size=size), literal_root(leaves)
    assert proves_inclusion(leaves[index], index, size=size, path=path, root=root)
    assert not proves_inclusion(leaves[index] + b"x", index, size=size, path=path, root=root)
    assert not proves_inclusion(leaves[index], index, size=size, path=(*path, root), root=root)
    assert not proves_inclusion(leaves[index], index, size=size, path=path[:-1], root=root) or not path
    assert not proves_inclusion(leaves[index], size, size=size, path=path, root=root)
    assert not proves_inclusion(leaves[index], index, size=size, path=path, root=bytes(32))


def test_proofs_of_what_is_not_there_are_refused() -> None:
    for wrong in ((8, 8), (-1, 8), (0, 9)):
        with pytest.raises(ValueError, match="lea"):
            inclusion_proof(LEAVES, wrong[0], size=wrong[1])
