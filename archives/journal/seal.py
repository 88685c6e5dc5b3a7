"""Seals: the archive's signature at the end of every group of the journal.

The last line of a group is the fact ``GroupSigned``: Ed25519 over the archive, the installation, the numbers of the group's
first and last entry, the digest of the line before, the seal's own moment and agent. Every line names the one before by its
digest, so one seal vouches for everything up to it.
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime

from archives.errors import FormatError, IntegrityError
from archives.journal.chain import Entry, Group, Head, decode_entry, encode_entry, line_digest, moment_text
from archives.journal.facts import GroupSigned
from archives.proof.signing import key_text, parse_signature, verify

_SEAL = b'","type":"group-signed",'


def key_name(public_key: bytes) -> str:
    """Return the short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def sealed_text(home_id: str, instance: str, first: int, end: Head, at: datetime, agent: str) -> bytes:
    """Return the bytes that are signed: what ``openssl pkeyutl -verify -rawin`` is given."""
    lines = (home_id, instance, f"{first} {end.sequence}", end.digest, moment_text(at), agent)
    return "".join(f"{line}\n" for line in ("jinkui/group/v1", *lines)).encode()


def rotation_text(home_id: str, old: bytes, new: bytes) -> bytes:
    """Return the bytes that a new key signs when it takes an old one's place."""
    return f"jinkui/key/v1\n{home_id}\n{key_name(old)}\n{key_name(new)}\n".encode()


def seal(
    group: Group,
    *,
    home_id: str,
    instance: str,
    public_key: bytes,
    sign: Callable[[bytes], bytes],
    at: datetime,
    agent: str,
) -> Group:
    """Return a group with its seal as its last line."""
    signature = sign(sealed_text(home_id, instance, group.first, group.end, at, agent))
    fact = GroupSigned(key_name(public_key), home_id, instance, key_text(signature))
    line = encode_entry(Entry(group.end.sequence + 1, group.end.digest, at, agent, fact))
    return Group(group.first, (*group.lines, line), Head(group.end.sequence + 1, line_digest(line)))


def is_seal(line: bytes) -> bool:
    """Say whether a line claims to be a seal, without looking at the signature."""
    return _SEAL in line[:160]


def sealed_with(group: Group, home_id: str, public_keys: Iterable[bytes]) -> bytes | None:
    """Return the public key whose owner sealed exactly this group of this archive, None when it was none of them."""
    try:
        entry = decode_entry(group.lines[-1])
        if not isinstance(entry.fact, GroupSigned) or entry.fact.home != home_id:
            return None
        end = Head(entry.sequence - 1, entry.previous)
        text = sealed_text(home_id, entry.fact.instance, group.first, end, entry.at, entry.agent)
        signature = parse_signature(entry.fact.signature)
    except (IntegrityError, FormatError, OverflowError):
        return None
    return next((key for key in public_keys if verify(key, text, signature)), None)
