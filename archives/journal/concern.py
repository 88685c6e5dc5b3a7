"""Whom a fact concerns: the subjects under which the journal's entries are found again."""

from enum import StrEnum
from typing import NamedTuple

from archives.record.identifiers import archival_code_key


class SubjectKind(StrEnum):
    """The kinds of thing something can happen to."""

    ARCHIVE = "archive"
    REPOSITORY = "repository"
    FONDS = "fonds"
    BATCH = "batch"
    RECORD = "record"
    PACKAGE = "package"
    STORE = "store"
    AUDIT = "audit"
    PERSON = "person"
    HOLD = "hold"
    PLAN = "plan"


class Subject(NamedTuple):
    """One thing that a fact concerns; ``identifier`` tells it from others of its kind, empty stands for all of them."""

    kind: SubjectKind
    identifier: str = ""


NOT_UNDERSTOOD = Subject(SubjectKind.ARCHIVE, "not understood")
"""Under this subject stand the entries that a newer version wrote."""

SET_RIGHT = Subject(SubjectKind.ARCHIVE, "stores set right")
"""Under this subject stands what stores held in their journals that was not the archive's."""

UNREAD = Subject(SubjectKind.ARCHIVE, "stores to be read anew")
"""Under this subject stand stores that were moved or set back: what was verified in them before vouches for nothing."""

LEFT = Subject(SubjectKind.ARCHIVE, "stores that left")
"""Under this subject stand stores that were replaced or retired: what lay there may lie there still."""

UNSIGNED = Subject(SubjectKind.ARCHIVE, "openings not signed")
"""Under this subject stand openings that count for nothing, for want of the signatures that they need."""


def the_record(repository: str, archival_code: str) -> Subject:
    """Return the record that has this archival code, written in any way."""
    return Subject(SubjectKind.RECORD, f"{repository}:{archival_code_key(archival_code)}")


def the_package(package_id: str) -> Subject:
    """Return the package with this identifier."""
    return Subject(SubjectKind.PACKAGE, package_id)


def the_packages(package_ids: "tuple[str, ...]") -> tuple[Subject, ...]:
    """Return the packages with these identifiers."""
    return tuple(Subject(SubjectKind.PACKAGE, package_id) for package_id in package_ids)


def the_store(name: str) -> Subject:
    """Return the store with this name."""
    return Subject(SubjectKind.STORE, name)


def the_person(person_id: str) -> Subject:
    """Return the registered person with this identifier."""
    return Subject(SubjectKind.PERSON, person_id)


def the_hold(hold_id: str) -> Subject:
    """Return the hold with this identifier."""
    return Subject(SubjectKind.HOLD, hold_id)


def the_plan(plan_id: str) -> Subject:
    """Return the disposal plan with this identifier."""
    return Subject(SubjectKind.PLAN, plan_id)
