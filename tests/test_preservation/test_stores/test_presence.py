"""Every presence has its words, and nothing but a store that is there may be judged."""

import json
from pathlib import PurePosixPath

import pytest

from archives.errors import StoreAbsentError
from archives.journal.facts import StoreAdded
from archives.message import Message, message
from preservation.stores.presence import Presence, StorePresence, presence_of
from tests.support.memory_store import MemoryStore

THERE = (Presence.PRESENT, Presence.READ_ONLY)


@pytest.mark.parametrize("presence", Presence)
def test_a_presence_says_what_it_is(presence: Presence) -> None:
    assert presence.value == presence.name.lower().replace("_", "-")
    assert isinstance(presence.said, Message)
    assert [other for other in Presence if other.said == presence.said] == [presence]


@pytest.mark.parametrize("presence", [one for one in Presence if one not in THERE])
def test_a_store_that_cannot_be_judged_is_an_error_to_whoever_needs_it(presence: Presence) -> None:
    why = message("不在", "the disk is not mounted")
    with pytest.raises(StoreAbsentError) as raised:
        StorePresence(MemoryStore("first"), presence, why).require()
    assert (raised.value.message, raised.value.subject) == (why, "first")


def test_only_a_store_that_is_there_may_be_judged() -> None:
    found = {presence: StorePresence(MemoryStore("first"), presence) for presence in Presence}
    assert [presence for presence, store in found.items() if store.is_there] == [*THERE]
    assert [presence for presence, store in found.items() if store.takes_copies] == [Presence.PRESENT]
    found[Presence.PRESENT].require()


OURS = {"format": 1, "home_id": "home", "store_id": "new", "name": "first", "replaces": ["old"]}


@pytest.mark.parametrize(
    ("marker", "presence"),
    [
        (OURS, Presence.PRESENT),
        ({**OURS, "store_id": "old", "replaces": []}, Presence.FOREIGN),
        ({key: value for key, value in OURS.items() if key != "replaces"} | {"store_id": "old"}, Presence.FOREIGN),
        ({**OURS, "store_id": "its", "name": "second"}, Presence.FOREIGN),
        ({"format": 1, "home_id": "home", "store_id": "its", "name": "second"}, Presence.FOREIGN),
        ({**OURS, "store_id": "nev"}, Presence.PRESENT),  # a damaged marker is a matter for the audit
        (["old"], Presence.PRESENT),
    ],
)
def test_the_store_that_another_took_the_place_of_is_never_taken_for_it(marker: object, presence: Presence) -> None:
    store = MemoryStore("first")
    store.files[PurePosixPath("store.json")] = json.dumps(marker).encode()
    assert presence_of(store, StoreAdded("new", "first", json.dumps(OURS), "")).presence is presence
