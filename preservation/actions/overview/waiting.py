"""Open units that wait for another review, because something else is said of them than was reviewed."""

from collections.abc import Mapping
from dataclasses import replace

from archives.record.description import Description
from archives.reviewed import reviewed_digest
from preservation.archive import Archive
from preservation.catalogue.holdings.unit_holdings import UnitHoldings

_AT_ONCE = 500


def number_waiting(archive: Archive, said: Mapping[str, Description]) -> int:
    """Return how many of these units are open and wait for another review once this is said of them, by identifier.

    Asked before or after it is said; what waited already counts, too.
    """
    catalogue = archive.refresh()
    waiting, every = 0, [*said]
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        decided = catalogue.units.packages.decided({one: said[one].code.key for one in some})
        for holding in UnitHoldings(catalogue).named(sorted(decided)):
            is_other = reviewed_digest(said[holding.unit_id], ()) != reviewed_digest(holding.description, ())
            waiting += (replace(holding, reviewed="") if is_other else holding).waits_for_review
    return waiting
