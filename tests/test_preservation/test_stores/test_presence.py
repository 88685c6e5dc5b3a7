"""Every presence has its words, and nothing but a store that is there may be judged."""

import pytest

from archives.errors import StoreAbsentError
from archives.message import Message, message
from preservation.stores.presence import Presence, StorePresence
from tests.support.memory_store import MemoryStore


@pytest.mark.parametrize("presence", Presence)
def test_a_presence_says_what_it_is(presence: Presence) -> None:
    assert presence.value == presence.name.lower()
    assert isinstance(presence.said, Message)
    assert [other for other in Presence if other.said == presence.said] == [presence]


@pytest.mark.parametrize("presence", [one for one in Presence if one is not Presence.PRESENT])
def test_a_store_that_cannot_be_judged_is_an_error_to_whoever_needs_it(presence: Presence) -> None:
    why = message("不在", "the disk is not mounted")
    with pytest.raises(StoreAbsentError) as raised:
        StorePresence(MemoryStore("first"), presence, why).require()
    assert (raised.value.message, raised.value.subject) == (why, "first")


def test_only_a_store_that_is_there_may_be_judged() -> None:
    found = {presence: StorePresence(MemoryStore("first"), presence) for presence in Presence}
    assert [presence for presence, store in found.items() if store.is_there] == [Presence.PRESENT]
    found[Presence.PRESENT].require()
