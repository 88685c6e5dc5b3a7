"""How files fit an archival code by their names, and which of them count where names differ in their writing only."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from archives.record.identifiers import archival_code_key, as_in_file_names
from ingest.batch.listing import PlannedFile, shown


@dataclass(frozen=True, slots=True)
class Fit:
    """How a file fits a code: what its name says beyond the code, and the folder from which on the record's tree begins.

    ``is_by_name`` when the code stands in the file's own name, else in that of the folder.
    """

    code: str
    name: str
    anchor: PurePosixPath
    is_by_name: bool


Fitting = Sequence[tuple[PlannedFile, Fit]]


def without_rivals(fitting: Fitting, code_text: str) -> tuple[Fitting, tuple[str, ...]]:
    """Return the files that fit a code, of names that differ in writing only those that have the code as the sheet has it.

    Also the rival names of which none has it: then nobody can tell whose they are.
    """
    places: dict[str, set[str]] = {}
    for file, fit in fitting:
        place = _place(file, fit)
        places.setdefault(as_in_file_names(archival_code_key(place)), set()).add(place)
    dropped: set[str] = set()
    rivals: list[str] = []
    for alike in (one for one in places.values() if len(one) > 1):
        exact = {one for one in alike if PurePosixPath(one).name.startswith(code_text)}
        dropped |= alike - exact if exact else set()
        rivals += () if exact else sorted(map(shown, alike))
    return [one for one in fitting if _place(*one) not in dropped], tuple(rivals)


def _place(file: PlannedFile, fit: Fit) -> str:
    """Return what of a file's way has the code: the file itself, or its record's folder."""
    return file.relative if fit.is_by_name else str(fit.anchor)
