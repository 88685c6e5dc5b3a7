"""What has to be reviewed again is kept from the public before the journal says so: a command may be killed at any moment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archives.errors import StorageError
from archives.message import message
from preservation.vault.vault import Vault
from search.published.marks import Marks
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_former_codes import opened as opened_units
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import BARE, ONE, THREE, TWO, VOLUME, public_bytes, shown
from tests.test_cli.test_commands.test_review import CODES, batch, keep, opened, public, update


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object, **__: object) -> None:
    """End the process."""
    raise Killed


@pytest.fixture
def records(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened, tmp_path, capsys)


@pytest.fixture
def units(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened_units, tmp_path, capsys)


def kill_at(place: str, act: Callable[[], Any], *, nothing_after: bool = False) -> None:
    """Do something that is killed when it calls a function; nothing of what stands in a ``finally`` is done."""
    with pytest.MonkeyPatch.context() as patched, pytest.raises(Killed):
        patched.setattr(place, killed)
        if nothing_after:
            patched.setattr(Marks, "remove", lambda *_: None)
        act()


AFTER_THE_JOURNAL, BEFORE_IT = "cli.home.home.Home.follow", "preservation.vault.vault.Vault._begin"


@pytest.mark.parametrize("changed", [{"texts": ("corrected", "canary two")}, {"titles": ("Another title", "Report 2")}])
def test_an_update_that_is_killed_after_its_entry_leaves_nothing_of_the_record_public(
    records: Jinkui, changed: dict[str, Any]
) -> None:
    assert public(records) == 2
    kill_at(AFTER_THE_JOURNAL, lambda: update(records, **changed))
    assert (public(records), list(shown(records))) == (1, [CODES[1]])
    assert b"canary one" not in public_bytes(records)
    assert "canary" not in records("opening", "publish", code=0), "nothing is owed"
    assert (public(records), public(records, "corrected")) == (1, 0)
    (waiting,) = records.json("opening", "review")["waiting"]
    assert waiting["archival_code"] == CODES[0]


def test_an_update_that_is_killed_before_its_entry_is_gone_on_with(records: Jinkui) -> None:
    changed: dict[str, Any] = {"texts": ("corrected", "canary two")}
    kill_at(BEFORE_IT, lambda: update(records, **changed), nothing_after=True)
    assert (public(records), list(shown(records))) == (1, [CODES[1]])
    (owed,) = records.json("opening", "publish", code=12)["owed"]
    assert "closed by a mark, and the journal does not say so yet" in owed["message"]
    update(records, **changed)
    records("opening", "publish")
    assert (public(records), public(records, "corrected")) == (1, 0)
    assert [one["archival_code"] for one in records.json("opening", "review")["waiting"]] == [CODES[0]]


def test_what_a_killed_update_had_hidden_is_public_again_once_it_was_withdrawn_and_decided_again(
    records: Jinkui,
) -> None:
    kill_at(BEFORE_IT, lambda: update(records, texts=("corrected", "canary two")), nothing_after=True)
    records("opening", "withdraw", CODES[0], "--reason", "to be looked at again")
    records("opening", "apply", str(records.home.parent / "decisions.csv"))
    assert public(records) == 2


def test_an_update_that_cannot_be_stored_leaves_public_what_was(
    records: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageError(message("满", "full"))

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "_begin", full)
        update(records, texts=("corrected", "canary two"), code=StorageError.exit_code)
    records("opening", "publish")
    assert (public(records), public(records, "corrected")) == (2, 0)
    assert not list((records.home / "public" / "closed").iterdir())


def test_what_the_public_is_told_alike_is_hidden_at_no_moment(records: Jinkui) -> None:
    folder = Path(batch(records.home.parent / "batch", texts=("canary one", "canary two")))
    sheet = folder / "catalogue.csv"
    sheet.write_text(sheet.read_text("utf-8").replace("备注", "别的"), "utf-8")
    kill_at(AFTER_THE_JOURNAL, lambda: records("ingest", str(folder), "--update"))
    assert public(records) == 2


def test_what_was_reviewed_stays_public_at_every_moment_where_that_is_set(records: Jinkui) -> None:
    keep(records, kept=True)
    kill_at(AFTER_THE_JOURNAL, lambda: update(records, texts=("corrected", "canary two")))
    assert public(records) == 2
    write(records.home.parent / "marked.csv", f"档号,密级\n{CODES[1]},工作秘密\n")
    sheet = str(records.home.parent / "marked.csv")
    kill_at(AFTER_THE_JOURNAL, lambda: records("describe", sheet, "--reason", "said by its owner"))
    assert list(shown(records)) == [CODES[0]], "what is withheld by now is not kept"


@pytest.mark.parametrize("code", [VOLUME, ONE, BARE])
def test_a_description_that_is_killed_after_its_entry_leaves_nothing_of_the_unit_public(
    units: Jinkui, tmp_path: Path, code: str
) -> None:
    write(tmp_path / "d.csv", f"档号,题名\n{code},更正\n")
    before = shown(units)
    assert code in before
    kill_at(AFTER_THE_JOURNAL, lambda: units("describe", str(tmp_path / "d.csv"), "--reason", "r"))
    assert sorted(shown(units)) == sorted({*before} - {code})
    units("opening", "publish")
    assert sorted(shown(units)) == sorted({*before} - {code})


def test_of_a_volume_the_items_on_the_pages_that_changed_are_hidden_and_no_others(units: Jinkui) -> None:
    before = shown(units)
    assert {ONE, TWO, THREE, VOLUME} <= {*before}
    folder = units.home.parent / "batch"
    write(folder / VOLUME / f"{VOLUME}-004.txt", "another leaf")
    kill_at(AFTER_THE_JOURNAL, lambda: units("ingest", str(folder), "--update"))
    assert sorted(shown(units)) == sorted({*before} - {THREE})
    units("opening", "publish")
    assert sorted(shown(units)) == sorted({*before} - {THREE})
