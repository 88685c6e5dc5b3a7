"""Closed sets of words, each with everything that follows from it: one row a word, one column a consequence."""

from enum import StrEnum
from typing import Self


class WithConsequences(StrEnum):
    """An enumeration whose members are ``NAME = word, *consequences``, in the order in which its class declares them.

    The word alone is the value. A member that forgets a consequence cannot be made: its module cannot be imported.
    """

    def __new__(cls, word: str, *consequences: object) -> Self:
        """Make one member; raises ``ValueError`` unless every declared consequence is given."""
        member = str.__new__(cls, word)
        member._value_ = word
        for name, consequence in zip(cls.__annotations__, consequences, strict=True):
            setattr(member, name, consequence)
        return member
