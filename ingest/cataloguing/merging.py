"""A correction that was made on an older description: what it changes is changed, what others changed since stays theirs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archives.findings import Finding, note, warning
from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS, Element
from archives.units.unit import Unit

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """What is to be said from now on; ``changed_since`` are the elements that others changed, ``kept`` those of them that the
    correction would have changed, too, each with what it said."""

    description: Description
    changed_since: tuple[Message, ...] = ()
    kept: tuple[tuple[Message, str], ...] = ()


def merged(base: Description, corrected: Description, present: Description) -> Merged:
    """Return what is said of a unit when what was ``corrected`` of ``base`` meets what is said at ``present``."""
    if base == present:
        return Merged(corrected)
    values: dict[str, object] = {}
    since: list[Message] = []
    kept: list[tuple[Message, str]] = []
    for element in ELEMENTS:
        parts = _parts(element)
        old, ours, theirs = (parts.of(one) for one in (base, corrected, present))
        answer = dict(theirs)
        for name in dict.fromkeys((*old, *ours, *theirs)):
            before, mine, now = old.get(name), ours.get(name), theirs.get(name)
            if now != before:
                since.append(parts.label(name))
            if mine in (before, now):
                continue
            if now != before:
                kept.append((parts.label(name), parts.text(mine)))
            elif mine is None:
                answer.pop(name, None)
            else:
                answer[name] = mine
        values[element.field] = parts.whole(answer)
    return Merged(replace(present, **values), tuple(since), tuple(kept))  # type: ignore[arg-type]  # of its own fields


def overtaken(unit: Unit, one: Merged) -> Iterator[Finding]:
    """Yield what somebody else changed since the sheet was written, and what of the sheet was left for that."""
    if not one.changed_since:
        return
    said = message(
        "{code} 在导出之后改过（最近由 {by} 于 {at}，修订 {n}）：{zh}",
        "{code} was described anew since the sheet was written (last by {by} at {at}, revision {n}): {en}",
        code=unit.description.code.written or unit.unit_id,
        by=unit.person,
        at=unit.at[:16],
        n=unit.revision,
        zh="、".join(label.text("zh") for label in one.changed_since),
        en=", ".join(label.text("en") for label in one.changed_since),
    )
    yield note("described-since", said)
    for label, text in one.kept:
        said = message(
            "“{label}”已由别人改过，本表的“{text}”没有写入；请重新导出，核对后再改",
            "somebody else changed “{label}” meanwhile; “{text}” of this sheet was not written: export again, compare, correct",
            label=label,
            text=text or "—",
        )
        yield warning("changed-meanwhile", said)


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
