"""How items are filed (DA/T 22-2015; GB/T 9705): by themselves, or in volumes; what neither list of them has, and why."""

import re
from enum import StrEnum

from archives.message import Message, message
from archives.units.state import State
from archives.units.unit import Level, Unit

_YEAR = re.compile(r"(?:18|19|20)\d\d")
_PICTURES_AND_SOUND = frozenset({"ZP", "LY", "LX", "SX", "YX"})
_OBJECTS = frozenset({"SW"})
_FEWEST_PARTS = 4


class Filing(StrEnum):
    """How a unit is filed; all but the first two are on no list of papers."""

    BY_ITEM = "by-item"
    IN_VOLUME = "in-volume"
    VOLUME_UNDESCRIBED = "volume-undescribed"
    WITHOUT_CODE = "without-code"
    PICTURE_OR_SOUND = "picture-or-sound"
    OBJECT = "object"

    @property
    def label(self) -> Message:
        """What readers are told of it."""
        return _LABELS[self]


_LABELS = {
    Filing.BY_ITEM: message("以件整理", "filed by item"),
    Filing.IN_VOLUME: message("在案卷中", "in a volume"),
    Filing.VOLUME_UNDESCRIBED: message("所在案卷没有著录", "of a volume that nobody described"),
    Filing.WITHOUT_CODE: message("没有档号", "without an archival code"),
    Filing.PICTURE_OR_SOUND: message("照片、录音、录像", "a photograph or recording"),
    Filing.OBJECT: message("实物", "an object"),
}


def filing_of(unit: Unit, *, is_in_volume: bool) -> Filing:
    """Return how a unit is filed: a volume and what stands in one, else by its state and the form of its code.

    ``全宗-目录-案卷-件`` names a volume; ``全宗-年度-期限-件`` and codes with a 门类代码 are of items by themselves.
    """
    code = unit.description.code
    if is_in_volume or unit.level is Level.FILE:
        return Filing.IN_VOLUME
    if unit.state is State.OBJECT or code.category in _OBJECTS:
        return Filing.OBJECT
    if code.category in _PICTURES_AND_SOUND:
        return Filing.PICTURE_OR_SOUND
    if not code.key:
        return Filing.WITHOUT_CODE
    parts = code.key.split("-")
    has_year = any(_YEAR.fullmatch(part) for part in parts[1:-1])
    is_of_volume = len(parts) >= _FEWEST_PARTS and parts[-2].isdecimal() and not (code.category or has_year)
    return Filing.VOLUME_UNDESCRIBED if is_of_volume and unit.level is Level.ITEM else Filing.BY_ITEM
