"""A checkpoint is a note that its key signed; anything else is refused."""

import contextlib
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError, IntegrityError, NotFoundError
from archives.proof.checkpoint import Checkpoint, VerifierKey, open_checkpoint, parse_verifier_keys, sign_checkpoint
from archives.proof.inclusion import make_proof
from archives.proof.signing import make_private_key, public_key_of, sign

PEM = make_private_key(bytes(range(32)), None)
KEY = VerifierKey("example.org/journal", public_key_of(PEM, None))
MADE = Checkpoint("example.org/journal", 7, bytes(32), "ab" * 32)
NOTE = sign_checkpoint(MADE, KEY.public_key, partial(sign, PEM, None))


def test_a_signed_note_opens_with_its_key() -> None:
    assert open_checkpoint(NOTE, (KEY,)) == MADE
    assert NOTE.startswith("example.org/journal\n7\nAAAAAAAA")
    assert NOTE.splitlines()[-2] == ""


@given(st.integers(0, 10**18), st.binary(min_size=32, max_size=32), st.sampled_from(["", "cd" * 32]))
def test_any_checkpoint_comes_back(size: int, root: bytes, head: str) -> None:
    made = Checkpoint("o/rigin", size, root, head)
    note = sign_checkpoint(made, KEY.public_key, partial(sign, PEM, None))
    assert open_checkpoint(note, (VerifierKey("o/rigin", KEY.public_key),)) == made


@pytest.mark.parametrize("old", ["7\n", "AAAA", "abab"])
def test_an_edited_note_is_not_signed(old: str) -> None:
    with pytest.raises(IntegrityError):
        open_checkpoint(NOTE.replace(old, {"7\n": "8\n", "AAAA": "BAAA", "abab": "abac"}[old], 1), (KEY,))


def test_another_key_or_the_key_of_another_tree_does_not_open_it() -> None:
    other = VerifierKey(KEY.name, public_key_of(make_private_key(bytes(32), None), None))
    for keys in ((other,), (VerifierKey("example.org/published", KEY.public_key),), ()):
        with pytest.raises(IntegrityError):
            open_checkpoint(NOTE, keys)


@given(st.text(max_size=80))
def test_any_text_is_a_note_or_an_error(text: str) -> None:
    for note in (text, text + "\n\n" + text + "\n", NOTE.replace("7", text, 1)):
        with contextlib.suppress(FormatError, IntegrityError):
            assert open_checkpoint(note, (KEY,)) == MADE


@given(st.text(max_size=80))
def test_any_text_is_keys_or_an_error(text: str) -> None:
    for line in (text, f"a+{text}+b", KEY.text() + text):
        with contextlib.suppress(FormatError):
            assert parse_verifier_keys(line)


def test_the_vector_of_the_go_implementation_is_met() -> None:
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    (key,) = parse_verifier_keys(text + "\n")
    assert (key.name, key.key_hash().hex(), key.text()) == ("PeterNeumann", "c74f20a3", text)


def test_what_the_checkpoint_does_not_cover_is_not_proved() -> None:
    with pytest.raises(NotFoundError):
        make_proof(lambda: [b"leaf"], 1, checkpoint=MADE, note=NOTE)
