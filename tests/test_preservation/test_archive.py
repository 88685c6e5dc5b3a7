"""One archive, opened: what it opened is closed with it."""

import sqlite3
from pathlib import Path

import pytest

from tests.support.archives import an_archive


def test_every_fold_that_was_opened_is_closed_with_the_archive(tmp_path: Path) -> None:
    with an_archive(tmp_path) as archive:
        folds = (archive.catalogue.fold, archive.fresh_reading.fold)
        assert folds[0].head() == folds[1].head()
        private = folds[1].engine.raw_connection().driver_connection
        assert isinstance(private, sqlite3.Connection)
        assert private.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError):
        private.execute("SELECT 1")
