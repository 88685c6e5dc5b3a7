"""What became of what a unit describes."""

from enum import StrEnum

from archives.message import Message, message


class State(StrEnum):
    """What became of what a unit describes; ``HELD`` says nothing more than that it is here."""

    HELD = ""
    NOT_DIGITISED = "未数字化"
    OBJECT = "实物"
    MISSING = "缺失"
    HANDED_ON = "已移交"
    DESTROYED = "已销毁"
    TAKEN_BACK = "已撤销"
    PURGED = "已清除"

    @property
    def label(self) -> Message:
        """What readers call it."""
        return message(self.value or "在库", _STATES_IN_ENGLISH[self])

    @classmethod
    def named(cls, text: str) -> "State | None":
        """Return which state a text names in either language, None for none that is known; an empty text says ``HELD``."""
        plain = text.strip().casefold()
        return next((one for one in cls if plain in (one.value, one.label.zh, one.label.en)), None)

    @classmethod
    def stated(cls, text: str) -> "State | None":
        """Return which state a table says a unit is in; what only an undoing or a purge makes of a unit is none.

        What a list of the catalogue says of a unit without content says no more than that it is described.
        """
        state = cls.HELD if text.strip().casefold() in ONLY_DESCRIBED else cls.named(text)
        return None if state in GONE else state


GONE = (State.TAKEN_BACK, State.PURGED)
"""The states of what is in the catalogue no more."""
ONLY_DESCRIBED = ("仅有目录", "description only")
"""What a list of the catalogue says of a unit that has no content, and of which nothing else is known."""
_STATES_IN_ENGLISH = {
    State.HELD: "held",
    State.NOT_DIGITISED: "not digitised",
    State.OBJECT: "object",
    State.MISSING: "missing",
    State.HANDED_ON: "handed on",
    State.DESTROYED: "destroyed",
    State.TAKEN_BACK: "taken back",
    State.PURGED: "purged",
}
