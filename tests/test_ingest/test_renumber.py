"""Renumbering without a terminal: a code that anybody has, had, or is getting is not given again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import ConflictError, NotFoundError, UsageProblem
from archives.journal.facts import DisposalIntended, PackageDisposed
from ingest.renumber import renumber
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.history import rows_about
from preservation.archive import Archive
from tests.support.archives import REPOSITORY, an_archive, keep_record

OLD, TAKEN, NEW = (f"Z109-WS·2001-Y-BGS-{number:04}" for number in (1, 2, 3))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with an_archive(tmp_path) as made:
        keep_record(made, OLD)
        keep_record(made, TAKEN)
        yield made


def test_both_codes_find_a_renumbered_record(archive: Archive) -> None:
    done = renumber(archive, OLD, NEW, repository=None, reason="filed twice")
    assert (done.before.description.code.written, done.code.written, done.version) == (OLD, NEW, 2)
    found = {archive.refresh().find(code).package_id for code in (OLD, NEW)}
    assert found == {done.before.package_id}
    assert archive.catalogue.find(OLD).description.code.written == NEW


def test_a_code_that_a_record_had_stays_among_its_elements(archive: Archive) -> None:
    renumber(archive, OLD, NEW, repository=None, reason="")
    again = NEW.replace("0003", "0004")
    renumber(archive, NEW, again, repository=None, reason="")
    assert archive.refresh().find(again).description.former_code == f"{OLD}；{NEW}"


def test_what_was_corrected_before_a_record_was_renumbered_stays_so(archive: Archive) -> None:
    held = archive.refresh().find(OLD)
    (listed,) = archive.catalogue.units.get([held.package_id.value]).values()
    corrected = replace(listed.unit, description=replace(held.description, title="更正后"))
    list(describe_units(archive, held.repository, [Change(corrected, listed.digest)], Said("", "王档", "更正")))
    renumber(archive, OLD, NEW, repository=None, reason="重编")
    now = archive.refresh().find(NEW).description
    assert (now.title, now.code.written, now.former_code) == ("更正后", NEW, OLD)
    assert [row.reason for row in rows_about(archive, held.package_id.value)] == ["更正", "重编"]
    archive.forget()
    assert archive.refresh().find(NEW).description == now


def test_a_code_that_another_record_has_is_not_given(archive: Archive) -> None:
    with pytest.raises(ConflictError):
        renumber(archive, OLD, TAKEN, repository=None, reason="")
    assert archive.refresh().find(OLD).version == 1


def test_a_code_that_a_record_had_before_is_not_given_to_another(archive: Archive) -> None:
    renumber(archive, OLD, NEW, repository=None, reason="")
    with pytest.raises(ConflictError):
        renumber(archive, TAKEN, OLD, repository=None, reason="")


def test_the_code_of_a_disposed_record_is_not_given(archive: Archive) -> None:
    gone = archive.catalogue.find(TAKEN).package_id.value
    archive.vault.ledger.append([DisposalIntended(gone, "plan"), PackageDisposed(gone, "plan", REPOSITORY, TAKEN)])
    with pytest.raises(ConflictError):
        renumber(archive, OLD, TAKEN, repository=None, reason="")


def test_a_record_does_not_get_the_code_that_it_has(archive: Archive) -> None:
    with pytest.raises(UsageProblem):
        renumber(archive, OLD, OLD.lower(), repository=None, reason="")
    with pytest.raises(NotFoundError):
        renumber(archive, NEW, NEW, repository=None, reason="")
