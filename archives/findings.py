"""What was found wrong with somebody's input or with a copy: values, collected to the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from archives.errors import JinkuiError
from archives.message import Message


class Severity(StrEnum):
    """How bad a finding is: an error stops its record, a warning is stored with it, a note only informs."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code, what it means to a person, and where it is.

    ``file`` is relative to the batch, package or store; ``row`` counts from 1 as the spreadsheet shows it;
    ``cell`` is the spreadsheet's name of the cell (``C7``). ``about`` is the archival code of a record that did not get
    in; ``advice`` what to do, where it is not the same for all findings of the code. ``units`` are the identifiers of all
    the units that it is about, none where that is not known, ``element`` is the key of the element that is doubtful of them.
    """

    code: str
    severity: Severity
    message: Message
    file: str | None = None
    row: int | None = None
    cell: str | None = None
    about: str = ""
    advice: Message | None = None
    units: tuple[str, ...] = ()
    element: str = ""

    def at(self, *, file: str | None = None, row: int | None = None, cell: str | None = None) -> "Finding":
        """Return the same finding with its place filled in where it was open."""
        return replace(self, file=self.file or file, row=self.row or row, cell=self.cell or cell)


@dataclass(frozen=True, slots=True)
class Report:
    """Findings in the order they were made."""

    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __add__(self, other: "Report | Iterable[Finding]") -> "Report":
        return Report((*self.findings, *other))

    @property
    def has_errors(self) -> bool:
        """Whether anything in the report is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def note(
    code: str, message: Message, *, file: str | None = None, row: int | None = None, cell: str | None = None
) -> Finding:
    """Make a finding that only informs."""
    return Finding(code, Severity.NOTE, message, file, row, cell)


def warning(
    code: str, message: Message, *, file: str | None = None, row: int | None = None, cell: str | None = None
) -> Finding:
    """Make a finding that is stored with its record."""
    return Finding(code, Severity.WARNING, message, file, row, cell)


def error(
    code: str, message: Message, *, file: str | None = None, row: int | None = None, cell: str | None = None
) -> Finding:
    """Make a finding that stops its record."""
    return Finding(code, Severity.ERROR, message, file, row, cell)


def refusal(
    failure: JinkuiError, *, code: str = "", file: str | None = None, row: int | None = None, cell: str | None = None
) -> Finding:
    """Make the finding that something failed for one record while the rest went on, with the failure's own advice."""
    return replace(error(code or failure.code, failure.message, file=file, row=row, cell=cell), advice=failure.advice)
