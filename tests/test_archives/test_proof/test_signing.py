"""A signature holds for exactly what was signed, and a key opens with its passphrase only."""

import base64
import contextlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import FormatError, RefusedError
from archives.proof.signing import (
    is_under_passphrase,
    key_text,
    make_private_key,
    parse_key,
    public_key_of,
    sign,
    under_passphrase,
    verify,
)

SEED = bytes(range(32))
_LOCKED = make_private_key(SEED, "long enough")


def test_the_first_vector_of_rfc_8032_is_met() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    pem = make_private_key(seed, None)
    assert public_key_of(pem, None).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert sign(pem, None, b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")


def test_a_signature_holds_for_exactly_what_was_signed() -> None:
    pem = make_private_key(SEED, "口令很长很长的八个字")
    key = public_key_of(pem, "口令很长很长的八个字")
    signature = sign(pem, "口令很长很长的八个字", b"plan")
    assert verify(key, b"plan", signature)
    assert not verify(key, b"plam", signature)
    assert not verify(key, b"plan", signature[:-1])
    assert not verify(key[:-1], b"plan", signature)
    assert not verify(public_key_of(make_private_key(bytes(32), None), None), b"plan", signature)


@pytest.mark.parametrize("passphrase", [None, "", "another one"])
def test_a_wrong_passphrase_is_refused(passphrase: str | None) -> None:
    with pytest.raises(RefusedError):
        sign(make_private_key(SEED, "long enough"), passphrase, b"")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(RefusedError):
        make_private_key(SEED, "seven77")


def test_a_passphrase_is_stretched_and_its_file_tells_nothing_of_the_seed() -> None:
    value = json.loads(make_private_key(SEED, "long enough"))
    assert value["scrypt"]["n"] * value["scrypt"]["r"] * 128 >= 128 << 20
    assert SEED not in base64.b64decode(value["ciphertext"])
    assert make_private_key(SEED[::-1], "long enough") != make_private_key(SEED, "long enough")


def test_a_key_that_earlier_software_put_under_a_passphrase_still_opens() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    old = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"long enough"))
    assert public_key_of(old, "long enough") == public_key_of(make_private_key(SEED, None), None)
    assert under_passphrase(old, None, opened_with="long enough") == make_private_key(SEED, None)
    assert is_under_passphrase(old)
    with pytest.raises(RefusedError):
        sign(old, "another one", b"")


@pytest.mark.parametrize(
    "change",
    [
        {"format": "another"},
        {"scrypt": {"n": 1 << 24, "r": 8, "p": 1, "salt": "AAAA"}},
        {"scrypt": {"n": 3, "r": 8, "p": 1, "salt": "AAAA"}},
        {"scrypt": None},
        {"nonce": ""},
        {"ciphertext": "?"},
        {"public_key": 1},
    ],
)
def test_a_file_that_is_not_one_of_ours_is_refused_without_being_stretched(change: dict[str, object]) -> None:
    value = {**json.loads(_LOCKED), **change}
    with pytest.raises(FormatError):
        sign(json.dumps(value).encode(), "long enough", b"")
    with pytest.raises(FormatError):
        sign(b"{}", "long enough", b"")


def test_another_public_key_in_the_file_is_noticed() -> None:
    other = key_text(public_key_of(make_private_key(bytes(32), None), None))
    with pytest.raises(RefusedError):
        sign(json.dumps({**json.loads(_LOCKED), "public_key": other}).encode(), "long enough", b"")


def test_another_kind_of_key_is_refused() -> None:
    other = Ed448PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for pem in (other, b"nonsense", make_private_key(SEED, None)[:60]):
        with pytest.raises(FormatError):
            sign(pem, None, b"")


@given(st.binary(min_size=32, max_size=32))
def test_a_public_key_comes_back_from_its_text(key: bytes) -> None:
    assert parse_key(key_text(key) + "\n") == key


@given(st.text(max_size=60))
def test_any_text_is_a_key_or_a_format_error(text: str) -> None:
    with contextlib.suppress(FormatError):
        assert len(parse_key(text)) == 32
