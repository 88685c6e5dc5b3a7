"""A correction that was made on an older description: what it changes is changed, what others changed since stays theirs.

What both changed is a conflict: the newer one stays, unless whoever corrects says that it is to be written over.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from archives.findings import Finding, note, warning
from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS, Element
from archives.units.state import State
from archives.units.unit import Unit

Pairs = tuple[tuple[str, str], ...]
STATE_LABEL = message("状态", "state")


@dataclass(frozen=True, slots=True)
class Since:
    """What somebody else changed since a sheet was written: what stood there then, what stands there now, in whose row."""

    label: Message
    was: str
    now: str
    by: Unit


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the sheet changes, too, and what it says; ``is_written`` tells that it was written over the newer one."""

    since: Since
    mine: str
    is_written: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be said from now on, what others changed since the sheet was written, and what of that the sheet changes, too."""

    description: Description
    state: State | None = None
    since: tuple[Since, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def merged(
    rows: Sequence[Unit], corrected: Description, state: State | None = None, *, over_newer: bool = False
) -> Merged:
    """Return what is said of a unit when what was corrected of the first of its ``rows`` meets what the last one says.

    ``rows`` is what was said from when the sheet was written until now; ``state`` is the one that the sheet gives it, None
    for none.
    """
    base, present = rows[0], rows[-1]
    since: list[Since] = []
    conflicts: list[Conflict] = []
    is_of_files = base.state is State.NOT_DIGITISED and present.state is State.HELD
    if base.state is not present.state and not is_of_files:  # which nobody said: files were hooked to it
        since.append(
            Since(STATE_LABEL, base.state.value, present.state.value, _changed_by(rows, lambda one: one.state))
        )
        if state is not None and state is not present.state:
            conflicts.append(Conflict(since[-1], state.value, over_newer))
            state = state if over_newer else None
    if base.description == present.description:
        return Merged(corrected, state, tuple(since), tuple(conflicts))
    values: dict[str, object] = {}
    for element in ELEMENTS:
        parts = _parts(element)
        old, ours, theirs = (parts.of(one) for one in (base.description, corrected, present.description))
        answer = dict(theirs)
        for name in dict.fromkeys((*old, *ours, *theirs)):
            before, mine, now = old.get(name), ours.get(name), theirs.get(name)
            is_newer = now != before
            if is_newer:
                by = _changed_by(rows, lambda one, of=parts.of, name=name: of(one.description).get(name))  # type: ignore[misc]  # bound here
                since.append(Since(parts.label(name), _text(parts, before), _text(parts, now), by))
            if mine in (before, now):
                continue
            if is_newer:
                conflicts.append(Conflict(since[-1], _text(parts, mine), over_newer))
            if is_newer and not over_newer:
                continue
            if mine is None:
                answer.pop(name, None)
            else:
                answer[name] = mine
        values[element.field] = parts.whole(answer)
    description = replace(present.description, **values)  # type: ignore[arg-type]  # of its own fields
    return Merged(description, state, tuple(since), tuple(conflicts))


def overtaken(unit: Unit, one: Merged) -> Iterator[Finding]:
    """Yield what somebody else changed since the sheet was written, and what of the sheet was left for that."""
    if not one.since:
        return
    said = message(
        "{code} 在导出之后改过：{zh}",
        "{code} was described anew since the sheet was written: {en}",
        code=unit.description.code.written or unit.unit_id,
        zh="；".join(told_since(since).text("zh") for since in one.since),
        en="; ".join(told_since(since).text("en") for since in one.since),
    )
    yield note("described-since", said)
    yield from (told_conflict(conflict) for conflict in one.conflicts)


def told_since(one: Since) -> Message:
    """Return what was changed since, by whom and when."""
    return message(
        "“{label}”由{who}从“{was}”改为“{now}”",
        "“{label}”, by {who}, from “{was}” to “{now}”",
        label=one.label,
        who=told_person(one.by),
        was=one.was or "—",
        now=one.now or "—",
    )


def told_person(by: Unit) -> Message:
    """Return who said a row, and when; what only a package says came with a batch."""
    if not by.person:
        return message("更新的批次", "a batch that updated it")
    return message("{who}（{at}）", "{who} ({at})", who=by.person, at=by.at[:16])


def told_conflict(one: Conflict) -> Finding:
    """Return what both changed, what stands there now, and what of it was not written, or was written over."""
    if one.is_written:
        said = message(
            "{said}；按要求改写为本表的“{text}”",
            "{said}; written over by “{text}” of this sheet, as was asked for",
            said=told_since(one.since),
            text=one.mine or "—",
        )
        return note("newer-written-over", said)
    said = message(
        "{said}；本表的“{text}”没有写入",
        "{said}; “{text}” of this sheet was not written",
        said=told_since(one.since),
        text=one.mine or "—",
    )
    return warning("changed-meanwhile", said)


def _changed_by(rows: Sequence[Unit], value: Callable[[Unit], object]) -> Unit:
    """Return the row that changed a value last."""
    for before, after in reversed([*pairwise(rows)]):
        if value(before) != value(after):
            return after
    return rows[-1]


def _text(parts: "_Parts", value: object) -> str:
    return "" if value is None else parts.text(value)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What of an element changes by itself: the whole of it, or what stands under each name."""

    of: Callable[[Description], Mapping[str, object]]
    whole: Callable[[Mapping[str, object]], object]
    label: Callable[[str], Message]
    text: Callable[[object], str]


def _parts(element: Element) -> _Parts:
    if element.kind.parse is None:
        return _Parts(
            lambda said: _by_name(getattr(said, element.field)),
            lambda found: tuple((name, text) for name, texts in found.items() for text in _texts(texts)),
            lambda name: message("{element}：{name}", "{element}: {name}", element=element.label, name=name),
            lambda found: "、".join(_texts(found)),
        )
    return _Parts(
        lambda said: {"": element.of(said)},
        lambda found: found[""],
        lambda _: element.label,
        lambda found: element.kind.text(found),
    )


def _by_name(pairs: Pairs) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, text in pairs:
        found[name] = (*found.get(name, ()), text)
    return found


def _texts(found: object) -> Sequence[str]:
    return [str(one) for one in found] if isinstance(found, tuple) else []
