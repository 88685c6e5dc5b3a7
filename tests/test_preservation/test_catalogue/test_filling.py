"""A catalogue that is filled with many rows at once: the same as one that grew, with the same indexes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sql

from preservation.archive import Archive
from preservation.catalogue import descriptions, tables
from preservation.catalogue.folding import filling
from tests.support.intake import small_archive
from tests.test_preservation.test_actions.test_units.test_describing import new, say, titles, unit


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """Give an archive in which three units are described, whose rows are many by now."""
    with small_archive(tmp_path / "archive") as opened:
        say(opened, new(*(unit(number) for number in (1, 2, 3))))
        monkeypatch.setattr(filling, "_MANY_BYTES", 1)
        yield opened


def indexes(archive: Archive) -> set[object]:
    """Return the names of the indexes of units."""
    return {one["name"] for one in sql.inspect(archive.catalogue.fold.engine).get_indexes(tables.unit.name)}


def test_a_catalogue_that_is_filled_at_once_is_the_one_that_grew(archive: Archive) -> None:
    before = (titles(archive), indexes(archive))
    archive.forget()
    assert (titles(archive), indexes(archive)) == before
    assert before[1] == {one.name for one in tables.unit.indexes}


def test_indexes_that_a_crash_left_out_are_made_by_the_next_who_looks(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = titles(archive), indexes(archive)
    archive.forget()
    with monkeypatch.context() as crashing, pytest.raises(KeyboardInterrupt):
        crashing.setattr(descriptions, "make_indexes", _killed)
        archive.refresh()
    assert indexes(archive) < whole[1]
    assert (titles(archive), indexes(archive)) == whole


def _killed(connection: sql.Connection) -> None:
    raise KeyboardInterrupt
