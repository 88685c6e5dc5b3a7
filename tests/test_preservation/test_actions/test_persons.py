"""Persons registered by two processes at once: whoever comes second is told."""

from pathlib import Path

import pytest

from archives.errors import ConflictError
from preservation.actions import persons
from preservation.actions.persons import Wanted, all_persons, found
from tests.support.archives import an_archive, register_persons


def test_whoever_registers_the_first_persons_second_is_told_that_it_counts_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_archive(tmp_path / "home") as archive:
        make_keys = persons._write_keys

        def others_first(keyed: object) -> None:
            register_persons(archive, "li", "wang")
            make_keys(keyed)  # type: ignore[arg-type]  # passed on as it came

        monkeypatch.setattr(persons, "_write_keys", others_first)
        wanted = [Wanted(name, name, tmp_path / name, "long enough", name.encode() * 16) for name in ("ab", "cd")]
        with pytest.raises(ConflictError):
            found(archive, wanted)
        assert [one.person_id for one in all_persons(archive).active] == ["li", "wang"]
