"""Volumes of a list that came with the items': of which of them an item is that says 案卷号 and not what stands before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from archives.record.identifiers import archival_code_key
from archives.units.unit import Level
from ingest.cataloguing.tables import Imported
from ingest.profiles.codes.template import plain_part
from ingest.profiles.reading import ProfiledRow


class VolumesBeside:
    """The codes of volumes by their numbers, as the lists beside a table of items say them."""

    def __init__(self, rows: Iterable[ProfiledRow]) -> None:
        self._by_number: dict[str, dict[str, None]] = {}
        self._series: dict[str, None] = {}
        for row in rows:
            if row.level == Level.FILE and row.code:
                own = archival_code_key(plain_part(row.parts.get("AJH", "")))
                series, _, last = row.code.rpartition("-")
                if own and row.code.endswith(f"-{own}"):
                    series, last = row.code.removesuffix(f"-{own}"), own
                self._by_number.setdefault(_number(last), {})[row.code] = None
                self._series[series] = None

    def code(self, parts: Mapping[str, str]) -> str:
        """Return the code of the volume that the parts of an item's code mean; empty where several may be meant.

        A number that no list has is one of the only series (目录) that they are of.
        """
        fitting = [one for one in self._by_number.get(_number(parts["AJH"]), ()) if _goes_with(one, parts)]
        if fitting:
            return fitting[0] if len(fitting) == 1 else ""
        series = [one for one in self._series if one]
        is_plain = len(series) == 1 and _goes_with(f"{series[0]}-", parts)
        return f"{series[0]}-{plain_part(parts['AJH'])}" if is_plain else ""


def with_volumes_beside(tables: Sequence[Imported]) -> tuple[Imported, ...]:
    """Return tables of which those whose items say 案卷号 alone know the volumes of the others, if there are any."""
    alone = {one for one in tables if one.profile.numbers_volumes_alone(one.table.columns)}
    others = [one for one in tables if one not in alone]
    if not alone or not others:
        return tuple(tables)
    beside = VolumesBeside(row for one in others for _, row in one.rows())
    return tuple(replace(one, volume_of=beside.code) if one in alone else one for one in tables)


def _goes_with(code: str, parts: Mapping[str, str]) -> bool:
    """Say whether the parts that an item does say are those of a volume's code."""
    fonds, *rest = archival_code_key(code).split("-")
    said = {name: archival_code_key(plain_part(parts[name])) for name in ("QZH", "MLH", "LBH") if parts.get(name)}
    return said.pop("QZH", fonds) == fonds and all(one in rest for one in said.values())


def _number(text: str) -> str:
    key = archival_code_key(plain_part(text))
    return key.lstrip("0") or key
