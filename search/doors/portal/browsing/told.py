"""What the archives say on the site of itself and of each repository: opening hours, whom to ask, how to object."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from archives.message import Message, message

_NOTHING = message("", "")


@dataclass(frozen=True, slots=True)
class Told:
    """What a repository tells its readers, each in paragraphs: empty where its settings say nothing."""

    hours: Message = _NOTHING
    address: Message = _NOTHING
    contact: Message = _NOTHING
    closed: Message = _NOTHING
    objection: Message = _NOTHING
    copyright: Message = _NOTHING


TOLD = tuple(one.name for one in fields(Told))
"""What a repository tells, by name, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class SiteWords:
    """What the settings say of the site: its address as the public writes it, without a slash at its end
    (empty: not told), and what its repositories tell by their codes.
    """

    address: str = ""
    repositories: Mapping[str, Told] = field(default_factory=dict)
