"""The life of the archive's signing key along the journal: which one signs a group, and which one signs after it."""

from collections.abc import Iterator

from archives.errors import FormatError, IntegrityError
from archives.journal.chain import Group, decode_entry
from archives.journal.facts import KeyBegunAnew, KeyRotated
from archives.proof.signing import parse_key

_CHANGES = (b'"type":"key-rotated"', b'"type":"key-begun-anew"')
_PLACE = 160


def key_changes(group: Group) -> tuple[KeyRotated | KeyBegunAnew, ...]:
    """Return what a group says about the key, believed or not."""
    return tuple(_changes(group))


def signing_key_of(group: Group, keys: tuple[bytes, ...]) -> bytes:
    """Return the key that signs a group of ours, of those before it the newest first: one begun anew signs for itself."""
    begun = [parse_key(fact.public_key) for fact in key_changes(group) if isinstance(fact, KeyBegunAnew)]
    return begun[-1] if begun else keys[0]


def keys_after(group: Group, keys: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return the keys after a group of ours, the one that signs next first."""
    for fact in key_changes(group):
        new = parse_key(fact.public_key)
        keys = (new, *(key for key in keys if key != new))
    return keys


def _changes(group: Group) -> Iterator[KeyRotated | KeyBegunAnew]:
    for line in group.lines:
        if any(name in line[:_PLACE] for name in _CHANGES):
            try:
                fact = decode_entry(line).fact
                if isinstance(fact, KeyRotated | KeyBegunAnew):
                    parse_key(fact.public_key)
                    yield fact
            except (IntegrityError, FormatError):  # a store's nonsense
                continue
