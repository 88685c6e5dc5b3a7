"""Every kind of fact says whom it concerns and what it says, in both languages, and comes back from its line."""

import importlib
import pkgutil
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archives.journal import kinds
from archives.journal.chain import Entry, Head, decode_entry, encode_entry, extend
from archives.journal.concern import Subject
from archives.journal.facts import Fact, HomeInitialised, NotUnderstood
from archives.message import Message
from archives.record.identifiers import RepositoryCode

FACTS: tuple[type[Fact], ...] = tuple(kind for kind in get_args(Fact) if kind is not NotUnderstood)
MOMENT = datetime(2026, 1, 2, tzinfo=UTC)
st.register_type_strategy(float, st.floats(min_value=0, max_value=1e9))
st.register_type_strategy(RepositoryCode, st.from_regex(r"[0-9]{6}", fullmatch=True).map(RepositoryCode))


def a_fact(kind: type[Fact]) -> st.SearchStrategy[Fact]:
    """Return facts of one kind with any values that a journal line can hold."""
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    with_text = {
        name: text for name, field in kind.__dataclass_fields__.items() if field.type == "str" or field.type is str
    }
    return st.builds(kind, **with_text, type=st.just(kind.__dataclass_fields__["type"].default))


EVERY_FACT = {
    kind: a_fact(kind) for kind in FACTS
}  # what a strategy is made of is looked for once, not for every example


def test_every_kind_that_is_written_is_a_fact() -> None:
    written = {
        thing
        for _, name, _ in pkgutil.iter_modules(kinds.__path__)
        for thing in vars(importlib.import_module(f"{kinds.__name__}.{name}")).values()
        if isinstance(thing, type) and "type" in getattr(thing, "__dataclass_fields__", {})
    }
    assert written == {*FACTS, NotUnderstood}
    assert len({kind.__dataclass_fields__["type"].default for kind in FACTS}) == len(FACTS)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_fact_says_whom_it_concerns_and_what_happened(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(EVERY_FACT[kind])
    assert all(isinstance(subject, Subject) for subject in fact.concerns())
    assert fact.concerns() or fact.type in ("restore-drilled", "group-signed")  # a drill may have drawn nothing
    said = fact.said()
    assert isinstance(said, Message)
    assert said.text("zh").strip()
    assert said.text("en").strip()
    assert said.zh != said.en


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_fact_comes_back_from_its_line(kind: type[Fact], data: st.DataObject) -> None:
    fact = data.draw(EVERY_FACT[kind])
    (line,) = extend(Head(), [fact], at=MOMENT, agent="经办人").lines
    assert decode_entry(line) == Entry(1, Head().digest, MOMENT, "经办人", fact)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_agent_of_any_name_is_read_back(agent: str) -> None:
    fact = HomeInitialised("home")
    line = encode_entry(Entry(7, "0" * 64, MOMENT, agent, fact))
    assert decode_entry(line) == Entry(7, "0" * 64, MOMENT, agent, fact)
