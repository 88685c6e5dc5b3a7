"""年度 where neither a sheet nor the archival code says one: the year of the date, said to be taken from there."""

from dataclasses import replace

from archives.record.description import Description

BY_DATE = "日期"
"""What the element 年度依据 says of a year that was taken from the date; nobody stated it."""


def with_year(said: Description) -> Description:
    """Return a description with the year of its date, if that lies within one; a year that somebody stated stays."""
    if said.year_basis not in ("", BY_DATE) or (said.year is not None and not said.year_basis):
        return said
    formed = said.formed
    is_one = formed is not None and formed.is_known and formed.earliest.year == formed.latest.year
    year = formed.earliest.year if formed and is_one else None
    basis = BY_DATE if year else ""
    return said if (said.year, said.year_basis) == (year, basis) else replace(said, year=year, year_basis=basis)


def year_after(said: Description, before: Description | None) -> Description:
    """Return what a sheet says with its year: of what was described ``before``, only where the date is another now."""
    if before is None:
        return with_year(said)
    if said.year != before.year:  # stated, or emptied
        return replace(said, year_basis="")
    return said if said.formed == before.formed else with_year(said)
