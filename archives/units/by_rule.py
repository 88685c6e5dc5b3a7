"""What stands above a unit by the rule of its code, where its row says nothing of it: its series (类别、目录), and the fonds.

A code of DA/T 13-2022 or DA/T 22-2015 names its series: the 目录号 of ``全宗-目录-案卷-件``, 门类代码 and 年度 of
``全宗-门类·年度-保管期限-件``. A profile may say it of codes of any other form (``Unit.series``).
"""

import re
import uuid

from archives.record.description import Description
from archives.record.identifiers import ArchivalCode, archival_code_key, fonds_of_key, reference_code
from archives.units.unit import Level, Unit

_CODE = re.compile(r"(?P<series>[^-/,. ·]+-[^-/,. ]+)-[^/,. ]+")
_CATEGORY = re.compile(r"[^-]+-[A-Z]{2}(?:[·-](?:18|19|20)\d\d(?!\d))?(?=[·-])")
_CUT = re.compile(r"[-/·,. ]+[^-/·,. ]*$")
_NAMESPACE = uuid.UUID("3d5c1c0a-6f0e-4f86-9a63-5b6c2a1f7e90")


def series_of(code: ArchivalCode) -> str:
    """Return the matching form of the code of the series that a code names, empty where it names none."""
    found = _CODE.fullmatch(code.key)
    if found is None:
        return ""
    category = _CATEGORY.match(code.key)
    return category[0] if category else found["series"]


def series_number(code: ArchivalCode) -> str:
    """Return the series of a code as it is called within its fonds: ``2`` (目录号), ``WS·2014``; empty where there is none."""
    series = series_of(code)
    return series[len(code.fonds) + 1 :] if series.startswith(f"{code.fonds}-") else ""


def key_above(unit: Unit) -> str:
    """Return the matching form of the code that stands above a unit by rule: its series, else its fonds.

    Empty where its row names what is above it, for a fonds, and where the code tells nothing.
    """
    return "" if unit.parent else key_by_rule(unit.description.code, unit.level, unit.series)


def key_by_rule(code: ArchivalCode, level: Level, series: str = "") -> str:
    """Return the same of a code of a level; ``series`` is the code of the series that a profile says, or a fonds' number alone."""
    if level is Level.FONDS:
        return ""
    said = archival_code_key(series)
    above = (said if said != code.fonds else "") or series_of(code) if level is not Level.SERIES else ""
    return next((key for key in (above, code.fonds) if key and key != code.key), "")


def keys_above(unit: Unit) -> tuple[str, ...]:
    """Return the codes of which one may stand above a unit by rule, the nearest first: ``key_above``, what it begins with."""
    key = key_above(unit)
    if key and unit.level is Level.SERIES:
        key = _CUT.sub("", unit.description.code.key) or key
    fonds, keys = unit.description.code.fonds or fonds_of_key(key), []
    while key:
        keys.append(key)
        key = _CUT.sub("", key) if key != fonds and _CUT.search(key) else ""
    return (*keys, *((fonds,) if keys and fonds not in keys else ()))


def fonds_by_rule(code: ArchivalCode, series: str) -> str:
    """Return the number of the fonds of a unit: that of its code, else that of what its row says by rule."""
    return code.fonds or fonds_of_key(archival_code_key(series))


def implied_series(repository: str, key: str) -> Unit:
    """Return the series of a code that nobody described: nothing is said of it but the code (revision 0)."""
    code = reference_code(key)
    unit_id = str(uuid.uuid5(_NAMESPACE, f"{repository} {code.key}"))
    return Unit(unit_id, repository, Level.SERIES, Description(code, "", language=""), revision=0)
