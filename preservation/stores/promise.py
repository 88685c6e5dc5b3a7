"""The promise: how many copies of every package there are to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from archives.message import Message, listed, message


@dataclass(frozen=True, slots=True)
class Promise:
    """How many copies there are to be: ``copies`` of every package, at least ``minimum`` before it is acknowledged.

    ``offline`` names the stores that are sealed sets and take packages only when they are attached; ``sealed`` those of
    them that are not due yet, so that their absence is no alarm. ``asked`` is how many copies the settings ask for, which may
    be more than there are stores.
    """

    copies: int
    minimum: int
    offline: frozenset[str] = frozenset()
    sealed: frozenset[str] = frozenset()
    asked: int = 0

    def unused(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the stores beyond the promised number, ``names`` being those of the settings: no new package comes there."""
        return tuple(name for name in names if name not in self.offline)[self.copies :]


def told_amiss(promise: Promise, names: Sequence[str]) -> tuple[Message, ...]:
    """Return what people are told where the promised copies and the stores of the settings do not agree, nothing where they do."""
    online = [name for name in names if name not in promise.offline]
    if promise.asked > len(online):
        return (
            message(
                "承诺 {n} 份副本，而只有 {m} 个存储，做不到：请用 jinkui store add 增加存储，或在 jinkui.toml 中写 copies = {m}（或 0）",
                "{n} copies are promised and there {m:is|are} only {m} {m:store|stores}: the promise cannot be kept; add stores "
                "(jinkui store add), or set copies = {m} (or 0) in jinkui.toml",
                n=promise.asked,
                m=len(online),
            ),
        )
    unused = promise.unused(names)
    if not unused:
        return ()
    return (
        message(
            "承诺 {n} 份副本，而有 {m} 个存储，{names} 不会得到新的副本：请在 jinkui.toml 中写 copies = {m}（或 0）",
            "{n} copies are promised and there are {m} stores, {names} gets none: set copies = {m} (or 0) in jinkui.toml",
            n=promise.copies,
            m=promise.copies + len(unused),
            names=listed(unused),
        ),
    )
