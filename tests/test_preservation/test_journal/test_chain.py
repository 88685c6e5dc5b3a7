"""The chain over several stores: whole as long as every group is whole somewhere, and never anything else."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import IntegrityError
from archives.journal.chain import Group, Head, extend
from archives.journal.facts import BatchReceived
from preservation.journal.chain import HEAD, follow, group_between, group_path, groups_after
from tests.support.memory_store import MemoryStore
from tests.support.vaults import MOMENT

DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "the last line": lambda data: data[:-4] + bytes([data[-4] ^ 1]) + data[-3:],
    "a line before": lambda data: data.replace(b"990001", b"990009", 1),
    "a line fewer": lambda data: b"".join(data.splitlines(keepends=True)[:-1]),
    "torn": lambda data: data[:-7],
    "gone": lambda _: None,
}


def make_stores() -> tuple[tuple[MemoryStore, ...], list[Group]]:
    """Return three level stores and the five groups of two entries that each holds."""
    stores = tuple(MemoryStore(name) for name in ("a", "b", "c"))
    groups: list[Group] = []
    head = Head()
    for number in range(5):
        facts = [BatchReceived(f"b{number}-{part}", "990001", number, part) for part in range(2)]
        groups.append(extend(head, facts, at=MOMENT, agent="tester"))
        head = groups[-1].end
    for store in stores:
        store.files = {group_path(group.first): group.data for group in groups} | {HEAD: head.encoded()}
    return stores, groups


@given(st.dictionaries(st.tuples(st.integers(0, 2), st.integers(0, 4)), st.sampled_from(sorted(DAMAGES))))
def test_the_chain_is_read_wherever_it_is_whole_and_ends_where_no_store_has_it(
    damages: dict[tuple[int, int], str],
) -> None:
    stores, groups = make_stores()
    for (store, number), kind in damages.items():
        path = group_path(groups[number].first)
        left = DAMAGES[kind](stores[store].files.pop(path))
        if left is not None:
            stores[store].files[path] = left
    lost = [number for number in range(5) if all((store, number) in damages for store in range(3))]
    read: list[Group] = []
    if not lost:
        assert list(follow(stores, Head())) == groups
        return
    with pytest.raises(IntegrityError):
        read.extend(follow(stores, Head()))
    assert read == groups[: len(read)]
    assert len(read) <= lost[0]


@given(
    st.integers(0, 4),
    st.integers(1, 6),
    st.dictionaries(st.integers(0, 4), st.tuples(st.integers(1, 2), st.sampled_from(sorted(DAMAGES)))),
    st.sampled_from(["kept", "nonsense", "gone"]),
)
def test_what_one_store_forged_gives_way_whatever_rotted_in_the_others(
    begins: int, length: int, damages: dict[int, tuple[int, str]], head_file: str
) -> None:
    stores, groups = make_stores()
    at = (Head(), *(group.end for group in groups))[begins]
    for _ in range(length):
        forged = extend(at, [BatchReceived("forged", "990001", 1, 1)] * 2, at=MOMENT, agent="forger")
        stores[0].files[group_path(forged.first)] = forged.data
        at = forged.end
    for number, (store, kind) in damages.items():
        path = group_path(groups[number].first)
        left = DAMAGES[kind](stores[store].files.pop(path))
        if left is not None:
            stores[store].files[path] = left
    if head_file == "nonsense":
        stores[0].files[HEAD] = b"x"
    elif head_file == "gone":
        del stores[0].files[HEAD]
    assert list(follow(stores, Head())) == groups


def test_a_group_between_two_heads_is_the_one_that_ends_there() -> None:
    stores, groups = make_stores()
    path = group_path(groups[1].first)
    stores[0].files[path] = DAMAGES["the last line"](groups[1].data) or b""
    assert len(list(groups_after(stores, groups[0].end))) == 2
    assert group_between(stores, groups[0].end, groups[1].end) == groups[1]
    with pytest.raises(IntegrityError):
        group_between(stores[:1], groups[0].end, groups[1].end)
