"""What Jinkui says to people: one sentence, kept in Chinese and in English until the moment it is shown.

A message is a value. Findings, errors, help and tables carry messages; only the outermost layer knows which
language its reader wants and turns them into text, so that an answer never mixes the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any, Literal

Language = Literal["zh", "en"]
"""The languages Jinkui speaks; the order of preference is the reader's (``--lang``, settings, ``LANG``)."""


class _Numbered(Formatter):
    """Writes ``{n:record|records}`` as the first word where ``n`` is one, as the second where it is any other number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as its place in the template wants it."""
        one, is_choice, many = format_spec.partition("|")
        if not is_choice:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else many


_NUMBERED = _Numbered()


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in both languages, with the values that both name by ``{name}``.

    Values are inserted unchanged, so a message may quote any archival code or file name; a value that is itself
    a message is shown in the reader's language. ``{n:record|records}`` is the word that goes with the number ``n``.
    """

    zh: str
    en: str
    values: tuple[tuple[str, "str | int | Message"], ...] = ()

    def text(self, language: Language) -> str:
        """Return the sentence as the reader of ``language`` sees it."""
        template = self.zh if language == "zh" else self.en
        shown = {name: value.text(language) if isinstance(value, Message) else value for name, value in self.values}
        return _NUMBERED.vformat(template, (), shown) if "|" in template else template.format_map(shown)

    def __str__(self) -> str:
        return self.text("en")


def listed(things: Sequence[object], *, most: int = 20) -> str:
    """Return things as a message names them: all of them where they are few, else the first ones and how many there are."""
    named = ", ".join(map(str, things[:most]))
    return named if len(things) <= most else f"{named} … ({len(things)})"


def joined(things: "Sequence[str | Message]", *, most: int = 20) -> Message:
    """Return things as ``listed`` does, each in the reader's language."""
    places = [f"{{t{number}}}" for number in range(len(things[:most]))]
    more = "" if len(things) <= most else f" … ({len(things)})"
    values = {f"t{number}": one for number, one in enumerate(things[:most])}
    return Message("、".join(places) + more, ", ".join(places) + more, tuple(values.items()))


def message(zh: str, en: str, /, **values: "str | int | Message") -> Message:
    """Make a message from its two templates and the values that both name."""
    return Message(zh, en, tuple(values.items()))
