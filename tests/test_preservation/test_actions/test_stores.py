"""Stores of an archive without a terminal: added, filled, attached, tried."""

from pathlib import Path

import pytest

from archives.errors import ConfigurationError, ConflictError, NotFoundError, StoreAbsentError
from preservation.actions import replicate
from preservation.actions.attach_store import attach_store
from preservation.actions.stores import add_store, figures_of_stores, plan_programs, renew_programs, try_store
from preservation.archive import Archive
from preservation.audit.repair import RepairAction
from preservation.stores.local import LocalStore
from preservation.stores.presence import Presence
from preservation.stores.store import MARKER
from preservation.vault import founding
from tests.support.archives import an_archive, keep_record
from tests.support.vaults import audit_all, repair_all

BOTH = ("first", "second")


def unwatched(_: object) -> None:
    """Tell nobody."""


def test_a_store_that_is_added_is_owed_everything_until_it_is_filled(tmp_path: Path) -> None:
    with an_archive(tmp_path) as before:
        keep_record(before, "Z109-WS·2001-Y-BGS-0001")
        with an_archive(tmp_path, stores=(*BOTH, "third"), founded=False) as after:
            add_store(before, after, "third")
            add_store(before, after, "third")
            assert [owed.store for owed in replicate.owed_copies(after, "third")] == ["third"]
            told: list[replicate.Progress] = []
            done = replicate.replicate(after, store="third", watch=told.append)
            assert (len(done.written), done.failed, told[-1].copies) == (1, (), 1)
            assert replicate.owed_copies(after) == ()
            assert [(one.totals.copies, one.owed) for one in figures_of_stores(after)] == [(1, 0)] * 3


def test_another_archives_store_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    three = (*BOTH, "third")
    with (
        an_archive(tmp_path / "other"),
        an_archive(tmp_path / "home") as before,
        an_archive(tmp_path / "home", stores=three, founded=False) as after,
    ):
        (tmp_path / "other/first").rename(tmp_path / "home/third")
        with pytest.raises(ConflictError):
            add_store(before, after, "third")


def test_a_known_store_in_whose_place_nothing_of_ours_lies_is_refused(tmp_path: Path) -> None:
    with an_archive(tmp_path) as archive:
        marker = tmp_path / "second" / MARKER
        marker.write_text(marker.read_text("utf-8").replace('"home"', '"another"'), "utf-8")
        with pytest.raises(ConfigurationError):
            add_store(archive, archive, "second")


def test_an_offline_set_is_read_and_filled_and_its_damage_is_remembered(tmp_path: Path) -> None:
    with an_archive(tmp_path, stores=(*BOTH, "set"), offline=("set",)) as archive:
        keep_record(archive, "Z109-WS·2001-Y-BGS-0001")
        first = attach_store(archive, "set", workers=1, watch_audit=unwatched, watch_replication=unwatched)
        assert (len(first.audited.good_copies), len(first.written)) == (0, 1)
        victim = next((tmp_path / "set").rglob("METS.xml"))
        victim.write_bytes(victim.read_bytes()[:-1] + b"!")
        keep_record(archive, "Z109-WS·2001-Y-BGS-0002")
        second = attach_store(archive, "set", workers=1, watch_audit=unwatched, watch_replication=unwatched)
        assert len(second.audited.problems) == 1
        assert [one.failure for one in second.written] == [None], "damage is no obstacle to what is owed"
        assert [one.store for one in archive.catalogue.upkeep.open_damage()] == ["set"]


def test_what_is_no_set_or_is_not_there_is_not_attached(tmp_path: Path) -> None:
    with an_archive(tmp_path, stores=(*BOTH, "set"), offline=("set",)) as archive:
        (tmp_path / "set").rename(tmp_path / "cupboard")
        for name, error in (("set", StoreAbsentError), ("sett", NotFoundError), ("first", NotFoundError)):
            with pytest.raises(error):
                attach_store(archive, name, workers=1, watch_audit=unwatched, watch_replication=unwatched)


def test_a_store_that_is_there_gives_back_what_is_written_into_it(tmp_path: Path) -> None:
    with an_archive(tmp_path) as archive:
        store = archive.vault.store("second")
        assert try_store(archive, store).presence is Presence.PRESENT
        assert try_store(archive, LocalStore("third", tmp_path / "third")).presence is Presence.UNFOUNDED


def test_what_is_owed_to_a_store_that_is_away_is_planned_for_none(tmp_path: Path) -> None:
    with an_archive(tmp_path) as before:
        keep_record(before, "Z109-WS·2001-Y-BGS-0001")
        with an_archive(tmp_path, stores=(*BOTH, "third"), founded=False) as after:
            add_store(before, after, "third")
            (tmp_path / "third").rename(tmp_path / "elsewhere")
            planned = replicate.plan(after, store=None)
            assert (planned.owed, planned.absent_stores) == ((), ("third",))
            with pytest.raises(NotFoundError):
                replicate.plan(after, store="fourth")


def restore_programs_of(archive: Archive) -> list[str]:
    """Return the stores whose restore program is to be renewed."""
    return [one.store.name for one in plan_programs(archive)]


def test_stores_of_earlier_software_get_the_restore_program_of_this_one(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(founding, "own_restore_program", lambda: b"# of earlier software\n")
        with an_archive(tmp_path, stores=(*BOTH, "away")) as archive:
            assert restore_programs_of(archive) == []
    (tmp_path / "first/restore.py").write_bytes(b"# of somebody\n")
    (tmp_path / "away").rename(tmp_path / "elsewhere")
    with an_archive(tmp_path, stores=(*BOTH, "away"), founded=False, minimum=2) as archive:
        plan = plan_programs(archive)
        assert [(one.store.name, one.is_there) for one in plan] == [("first", True), ("second", True), ("away", False)]
        first, second = renew_programs(archive, plan)
        assert first.set_aside.endswith("/restore.py")
        assert (tmp_path / "first" / first.set_aside).read_bytes() == b"# of somebody\n"
        assert not second.set_aside
        assert audit_all(archive.vault).problems == ()
        assert restore_programs_of(archive) == ["away"]
    (tmp_path / "elsewhere").rename(tmp_path / "away")
    with an_archive(tmp_path, stores=(*BOTH, "away"), founded=False) as archive:
        assert [fact.store for fact in renew_programs(archive, plan_programs(archive))] == ["away"]
        assert audit_all(archive.vault).problems == ()
        assert restore_programs_of(archive) == []


def test_a_restore_program_whose_renewal_was_killed_is_no_damage(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as earlier:
        earlier.setattr(founding, "own_restore_program", lambda: b"# of earlier software\n")
        with an_archive(tmp_path):
            pass
    with an_archive(tmp_path, founded=False) as archive:
        store = archive.vault.stores[0]
        founding.renew_program(store, archive.reading.anchors.stores[store.name], stamp="killed")
        assert audit_all(archive.vault).problems == ()
        assert not (tmp_path / "first/quarantine").exists()
        assert [fact.set_aside for fact in renew_programs(archive, plan_programs(archive))] == ["", ""]
        (tmp_path / "first/restore.py").write_bytes(b"flipped")
        (tmp_path / "second/restore.py").write_bytes(b"flipped")
        problems = audit_all(archive.vault).problems
        assert {step.action for step in repair_all(archive.vault, problems)} == {RepairAction.REWRITE}
        assert audit_all(archive.vault).problems == ()
