"""What a passphrase locks opens with it, beside what it was locked with, and in no other way."""

import json

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError, RefusedError
from archives.proof import passphrase
from archives.proof.passphrase import DRAWN_BYTES, lock, require_long, stretched, unlock

WORDS, DRAWN = "correct horse", bytes(range(DRAWN_BYTES))


@pytest.fixture(autouse=True)
def little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrase, "SCRYPT", (16, 8, 1))


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_what_was_locked_comes_back(data: bytes, beside: bytes) -> None:
    assert unlock(lock(data, WORDS, drawn=DRAWN, bound_to=beside), WORDS, bound_to=beside) == data


@given(st.integers(0, 5000))
def test_a_changed_byte_opens_nothing_or_changes_nothing(at: int) -> None:
    locked = bytearray(lock(b"secret", WORDS, drawn=DRAWN, bound_to=b"beside"))
    locked[at % len(locked)] ^= 1
    try:
        assert unlock(bytes(locked), WORDS, bound_to=b"beside") == b"secret"  # a blank between two words
    except (RefusedError, FormatError):
        return
    assert json.loads(bytes(locked)) == json.loads(lock(b"secret", WORDS, drawn=DRAWN, bound_to=b"beside"))


def test_another_passphrase_or_another_thing_beside_it_opens_nothing() -> None:
    locked = lock(b"secret", WORDS, drawn=DRAWN, bound_to=b"beside")
    assert b"secret" not in locked
    for words, beside in (("correct house", b"beside"), (WORDS, b"besides"), ("", b"beside")):
        with pytest.raises(RefusedError):
            unlock(locked, words, bound_to=beside)


def test_a_short_passphrase_locks_nothing() -> None:
    with pytest.raises(RefusedError):
        lock(b"secret", "seven77", drawn=DRAWN, bound_to=b"")
    require_long("eight888")


@pytest.mark.parametrize("locked", [b"", b"{}", b"[]", b'{"format": 1}', b"\xff"])
def test_what_was_never_locked_is_said_so(locked: bytes) -> None:
    with pytest.raises(FormatError):
        unlock(locked, WORDS, bound_to=b"")


def test_no_more_memory_is_taken_than_a_gibibyte() -> None:
    value = json.loads(lock(b"secret", WORDS, drawn=DRAWN, bound_to=b""))
    value["scrypt"]["n"] = 1 << 40
    with pytest.raises(FormatError):
        unlock(json.dumps(value).encode(), WORDS, bound_to=b"")


def test_a_key_is_stretched_as_the_standard_says() -> None:
    """RFC 7914 §12, the second vector, of which 32 bytes are enough for a key."""
    known = "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
    assert stretched("password", b"NaCl", 1024, 8, 16).hex() == known
    assert Scrypt(salt=b"NaCl", length=32, n=1024, r=8, p=16).derive(b"password").hex() == known
