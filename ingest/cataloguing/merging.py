"""A correction that was made on an older description: what it changes is changed, what others changed since stays theirs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.table import ELEMENTS, Element

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
