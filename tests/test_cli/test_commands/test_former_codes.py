"""Codes before (原档号) that somebody says are reviewed before the public finds by them; those of renumbering were public."""

import sqlite3
from pathlib import Path

import pytest

from archives.record.elements.persons_shown import persons_shown
from archives.record.elements.table import describe
from archives.record.identifiers import reference_code
from cli import wiring
from search.doors.portal.record.address import path_by_code
from search.published.views import PublishedViews
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import (
    BARE,
    ONE,
    THREE,
    TWO,
    VOLUME,
    decide,
    public_bytes,
    shown,
    with_a_catalogue,
)

SAID = "旧CANARY-7"


def opened(jinkui: Jinkui) -> None:
    with_a_catalogue(jinkui)
    decide(jinkui, VOLUME, ONE, TWO, THREE, BARE)


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(opened, tmp_path, capsys)


def say(jinkui: Jinkui, code: str, former: str) -> None:
    """Say which codes a unit had before."""
    sheet = jinkui.home.parent / "former.csv"
    write(sheet, f"档号,原档号\n{code},{former}\n")
    jinkui("describe", str(sheet), "--reason", "by the old list")


def waiting(jinkui: Jinkui) -> list[str]:
    return [one["archival_code"] for one in jinkui.json("opening", "review")["waiting"]]


def addresses(jinkui: Jinkui, code: str) -> str:
    """Return where the site's address by a code leads to, empty where nothing is."""
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    there = path_by_code(views, "990001", code)
    views.close()
    return there


@pytest.mark.parametrize("code", [VOLUME, ONE, BARE])
def test_a_code_before_that_is_said_of_an_open_unit_is_public_when_it_was_reviewed(jinkui: Jinkui, code: str) -> None:
    say(jinkui, code, SAID)
    for _ in range(2):
        assert code not in shown(jinkui)
        assert addresses(jinkui, SAID) == ""
        assert SAID.encode() not in public_bytes(jinkui)
        assert jinkui.json("search", SAID, "--public")["hits"] == []
        assert waiting(jinkui) == [code]
        jinkui("rebuild")
    jinkui("opening", "review", "--unchanged-images", "--reviewer", "甲", "--approver", "乙")
    assert code in shown(jinkui)
    assert [hit["archival_code"] for hit in jinkui.json("search", SAID, "--public")["hits"]] == [code]
    assert addresses(jinkui, SAID) == addresses(jinkui, code) != ""
    jinkui("renumber", code, f"{code}9", "--reason", "by the new list")
    assert waiting(jinkui) == []
    assert f"{code}9" in shown(jinkui)


@pytest.mark.parametrize("code", [VOLUME, ONE, BARE])
def test_the_codes_that_renumbering_took_need_no_review_and_are_found(jinkui: Jinkui, code: str) -> None:
    jinkui("renumber", code, f"{code}9", "--reason", "by the new list")
    jinkui("renumber", f"{code}9", f"{code}8", "--reason", "by the newest list")
    for _ in range(2):
        assert f"{code}8" in shown(jinkui)
        assert waiting(jinkui) == []
        assert f"{code}8" in [hit["archival_code"] for hit in jinkui.json("search", f"{code}9", "--public")["hits"]]
        there = [addresses(jinkui, one) for one in (code, f"{code}9", f"{code}8")]
        assert len({*there}) == 1 and all(there), "one address, by whichever code"
        jinkui("rebuild")


def test_what_earlier_software_opened_with_a_code_before_waits_and_is_closed(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("archives.reviewed._stated", lambda *_: [])
        for code in (ONE, BARE):
            say(jinkui, code, f"{SAID}{code}")
        assert {ONE, BARE} <= shown(jinkui).keys()
        assert SAID.encode() in public_bytes(jinkui)
    with sqlite3.connect(jinkui.home / "catalogue.db") as catalogue:
        catalogue.execute("UPDATE position SET schema = 29")
    with sqlite3.connect(jinkui.home / "public" / "public.db") as public:
        public.execute("PRAGMA user_version = 0")
    catalogue.close()
    public.close()
    jinkui("opening", "publish")
    assert shown(jinkui).keys() == {VOLUME, TWO, THREE}
    assert SAID.encode() not in public_bytes(jinkui)
    assert waiting(jinkui) == [ONE, BARE]


def test_a_person_whose_name_is_in_a_code_before_is_shown_by_it() -> None:
    plain = {"code": reference_code("J1-2"), "title": "离婚案卷", "persons": (("男方", "张三"),)}
    assert [*persons_shown(describe(plain))] == []
    ((place, name),) = persons_shown(describe({**plain, "former_code": "离-张三-1"}))
    assert (place.text("zh"), name) == ("原档号", "张三")


def test_what_is_no_code_is_told_to_nobody_outside(jinkui: Jinkui) -> None:
    say(jinkui, BARE, f"张三CANARY 原放在三楼；{SAID}")
    jinkui("opening", "review", "--unchanged-images", "--reviewer", "甲", "--approver", "乙")
    assert BARE in shown(jinkui)
    assert "三楼".encode() not in public_bytes(jinkui)
    assert jinkui.json("search", "三楼", "--public")["hits"] == []
    assert [hit["archival_code"] for hit in jinkui.json("search", "三楼")["hits"]] == [BARE]
    assert addresses(jinkui, SAID) == addresses(jinkui, BARE) != ""


def test_what_earlier_software_told_beside_codes_leaves_with_the_next_publishing(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("archives.units.former_codes._reads_as_code", lambda _: True)
        say(jinkui, BARE, "CANARY三楼")
        jinkui("opening", "review", "--unchanged-images", "--reviewer", "甲", "--approver", "乙")
        assert [hit["archival_code"] for hit in jinkui.json("search", "三楼", "--public")["hits"]] == [BARE]
    with sqlite3.connect(jinkui.home / "public" / "public.db") as public:
        public.execute("PRAGMA user_version = 3")
    public.close()
    jinkui("opening", "publish")
    assert BARE in shown(jinkui)
    assert jinkui.json("search", "三楼", "--public")["hits"] == []
    assert b"CANARY" not in public_bytes(jinkui)
