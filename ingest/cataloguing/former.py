"""What is said of a row whose code is one of before: whose it was, and what it is called now."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from archives.findings import Finding, error, note, warning
from archives.message import listed, message
from archives.record.identifiers import archival_code_key, reference_code
from ingest.profiles.reading import ProfiledRow
from preservation.catalogue.levels.wanted import Listed
from preservation.catalogue.units import Units


def taken_for(text: str, one: Listed) -> Finding:
    """Return that a row of corrections means the unit that had its code before."""
    said = message(
        "{old} 现为 {now}：此行按 {now} 处理",
        "{old} is {now} now, and the row is taken for that",
        old=text,
        now=one.unit.description.code.written,
    )
    return note("code-of-before", said)


def had_by_several(text: str, units: Iterable[Listed]) -> Finding:
    """Return that several units had the code of a row before."""
    said = message(
        "档号 {old} 先后属于几个著录单元，请写现在的档号：{all}",
        "several units had the code {old} before; write the code of now: {all}",
        old=text,
        all=listed([one.unit.description.code.written for one in units]),
    )
    return error("unit-ambiguous", said)


def codes_of_before(
    rows: Iterable[tuple[ProfiledRow, str]], repository: str, units: Units, known: Mapping[str, Collection[str]]
) -> Iterator[Finding]:
    """Yield which rows of a table make units of codes that others had before.

    Each row comes with the identifier of its unit; ``known`` are the codes that units have now.
    """
    new = [(row, own) for row, own in rows if row.code and archival_code_key(row.code) not in known]
    had = units.by_former_code(repository, (row.code for row, _ in new))
    for row, own in new if had else ():
        others = [one for one in had.get(reference_code(row.code).key, ()) if one.unit.unit_id != own]
        if others:
            said = message(
                "{old} 曾是 {now} 的档号，此行另立一条著录",
                "{old} was the code of {now} before, and this row makes another unit",
                old=row.code,
                now=listed([one.unit.description.code.written for one in others]),
            )
            cell = row.cells.get("code") or None
            found = warning("code-of-before", said, file=row.file, row=row.number, cell=cell)
            yield replace(found, units=(own,))
