"""The chain of the journal shows every change."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.errors import IntegrityError
from archives.journal.chain import Head, decode_group, extend, parse_head, read_group
from archives.journal.concern import NOT_UNDERSTOOD
from archives.journal.facts import BatchReceived, Fact, NotUnderstood, OpeningDecided, OpeningWithdrawn, PackageStored
from archives.record.record import PackageKind
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision, Withdrawal

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
DECISION = OpeningDecision(
    Conclusion.OPEN, "依据", "", "甲", "乙", date(2026, 1, 1), date(2026, 1, 2), None, OnlineScope.FULL_TEXT
)
FACTS: list[Fact] = [
    BatchReceived("b", "990001", 2, 3),
    OpeningDecided("990001", "Z109-1", DECISION),
    OpeningWithdrawn("990001", "Z109-1", Withdrawal("误开")),
    PackageStored("p", 1, "0" * 128, 5, PackageKind.SUBMISSION, "990001", "c", "b", ("first", "second")),
]


def test_facts_come_back_as_they_were() -> None:
    group = extend(Head(), FACTS, at=MOMENT, agent="甲")
    assert [entry.fact for entry in decode_group(read_group(Head(), group.data))] == FACTS


def test_a_group_that_is_torn_edited_reordered_or_alone_is_refused() -> None:
    group = extend(Head(), FACTS, at=MOMENT, agent="a")
    lines = group.data.splitlines(keepends=True)
    for bad in (
        group.data[:-1],
        b"",
        b"".join(reversed(lines)),
        b"".join(lines[1:]),
        lines[0].replace(b"990001", b"990002") + b"".join(lines[1:]),
    ):
        with pytest.raises(IntegrityError):
            read_group(Head(), bad)
    with pytest.raises(IntegrityError):
        read_group(group.end, group.data)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_an_integrity_error(data: bytes) -> None:
    try:
        head = parse_head(data)
    except IntegrityError:
        return
    assert parse_head(head.encoded()) == head


@given(st.text(max_size=60))
def test_any_text_survives_the_journal(text: str) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return
    group = extend(Head(), [OpeningWithdrawn("r", "c", Withdrawal(text))], at=MOMENT, agent="a")
    (entry,) = decode_group(read_group(Head(), group.data))
    assert entry.fact == OpeningWithdrawn("r", "c", Withdrawal(text))


@pytest.mark.parametrize(
    "change",
    [(b'"type":"batch-received"', b'"type":"batch-blessed"'), (b'"records":2', b'"records":"many"')],
    ids=["an unknown type", "an unknown value"],
)
def test_what_a_newer_version_wrote_is_kept_apart_and_never_an_error(change: tuple[bytes, bytes]) -> None:
    group = extend(Head(), FACTS[:1], at=MOMENT, agent="a")
    (entry,) = decode_group(read_group(Head(), group.data.replace(*change)))
    assert isinstance(entry.fact, NotUnderstood)
    assert (entry.sequence, entry.agent) == (1, "a")
    assert entry.fact.concerns() == (NOT_UNDERSTOOD,)
