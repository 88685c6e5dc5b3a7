"""What the archives say on the site of itself and of each repository: opening hours, whom to ask, how to object."""

from collections.abc import Callable, Mapping
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
    (empty: not told), what its repositories tell by their codes, and whether one lets files be taken away, at that moment.
    """

    address: str = ""
    repositories: Mapping[str, Told] = field(default_factory=dict)
    may_download: Callable[[str], bool] = lambda _: False
