"""Openness by unit: the items of a volume one by one, and what has no content at all."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.errors import AmbiguousError
from archives.message import message
from archives.record.checksum import Kept
from archives.record.description import parse_security
from archives.record.identifiers import archival_code_key
from archives.record.rights import Withdrawal
from cli import wiring
from cli.frame.output import Output
from cli.home.home import open_home
from preservation.actions.units.describing import Change, Said, describe_units
from preservation.actions.units.withdrawing import withdraw
from preservation.catalogue.holdings.unit_holdings import UnitHoldings
from preservation.catalogue.naming import named_unit
from search.doors.portal.app import create_app
from search.index.embedded import EmbeddedIndex
from search.published.marks import code_mark
from search.published.views import PublishedViews
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import founded, write

VOLUME = "Z109-2-15"
ONE, TWO, THREE = (f"{VOLUME}-{number:03}" for number in (1, 2, 3))
PAGES = ("FM", "ML001", "001", "002", "003", "004", "BK")
BARE = "Z109-2-16"


def with_a_catalogue(jinkui: Jinkui) -> None:
    """Take in a volume whose first two items share page 2, and a volume of which only the catalogue knows."""
    founded(jinkui)
    folder = jinkui.home.parent / "batch"
    write(folder / "案卷目录.csv", f"档号,案卷题名,语种\n{VOLUME},canaryvolume,汉语\n")
    items = f"{ONE},canaryone,1-2,汉语\n{TWO},canarytwo,2-3,汉语\n{THREE},canarythree,4,汉语\n"
    write(folder / "卷内目录.csv", f"档号,题名,页号,语种\n{items}")
    for page in PAGES:
        write(folder / VOLUME / f"{VOLUME}-{page}.txt", f"leaf{page}")
    jinkui("ingest", str(folder))
    table = jinkui.home.parent / "table.csv"
    write(table, f"档号,案卷题名,责任者\n{BARE},canarybare,某局\n")
    jinkui("catalogue", "import", str(table))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_catalogue, tmp_path, capsys)


def decide(jinkui: Jinkui, *codes: str, conclusion: str = "开放", basis: str = "法", code: int = 0) -> None:
    """Apply a decision on each of these."""
    rows = "".join(f"{one},{conclusion},{basis},甲,乙,2021-09-01,2021-10-01,全文\n" for one in codes)
    sheet = jinkui.home.parent / "decisions.csv"
    write(sheet, f"档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围\n{rows}")
    jinkui("opening", "apply", str(sheet), code=code)


def shown(jinkui: Jinkui) -> dict[str, list[str]]:
    """Return what the public sees: of every view its code with the labels of its pages."""
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    found = [view for one in views.ids() if (view := views.get_by_id(one))]
    views.close()
    return {view.said("archival_code"): [page.label for page in view.pages] for view in found}


def public_bytes(jinkui: Jinkui) -> bytes:
    """Return every byte that the public side holds."""
    return b"".join(path.read_bytes() for path in sorted((jinkui.home / "public").rglob("*")) if path.is_file())


def test_an_open_item_shows_its_own_pages_and_no_page_that_a_closed_one_shares(jinkui: Jinkui) -> None:
    decide(jinkui, ONE)
    assert shown(jinkui) == {ONE: ["001"]}
    assert [hit["archival_code"] for hit in jinkui.json("search", "leaf001", "--public")["hits"]] == [ONE]
    for hidden in ("leaf002", "leafML001", "canarytwo", "canaryvolume"):
        assert hidden.encode() not in public_bytes(jinkui)
    decide(jinkui, TWO)
    assert shown(jinkui) == {ONE: ["001", "002"], TWO: ["002", "003"]}


def test_a_volume_opens_its_cover_and_its_list_only_with_all_items(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, TWO)
    assert shown(jinkui)[VOLUME] == ["FM", "BK"]
    decide(jinkui, THREE)
    assert shown(jinkui) == {
        VOLUME: ["FM", "ML001", "BK"],
        ONE: ["001", "002"],
        TWO: ["002", "003"],
        THREE: ["004"],
    }


def test_an_item_that_closes_takes_along_every_page_that_names_it(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, TWO, THREE)
    jinkui("opening", "withdraw", TWO, "--reason", "names a living person")
    assert shown(jinkui) == {VOLUME: ["FM", "BK"], ONE: ["001"], THREE: ["004"]}
    assert b"leaf002" not in public_bytes(jinkui)
    assert jinkui.json("search", "leaf002", "--public")["hits"] == []
    decide(jinkui, ONE, conclusion="不开放")
    assert shown(jinkui) == {VOLUME: ["FM", "BK"], THREE: ["004"]}


def test_the_mark_of_an_item_hides_what_it_shares_before_anything_else_is_done(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, TWO, THREE)
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    two = views.get("990001", archival_code_key(TWO))
    assert two is not None
    views.marks.put(two.view_id)
    assert shown(jinkui) == {THREE: ["004"]}
    assert len(views.hidden()) == 3
    views.close()


def test_a_corrected_item_waits_for_another_review_and_the_others_stay(jinkui: Jinkui) -> None:
    decide(jinkui, ONE, THREE)
    sheet = jinkui.home.parent / "corrections.csv"
    write(sheet, f"档号,题名\n{THREE},canaryother\n")
    jinkui("describe", str(sheet), "--reason", "typo")
    jinkui("opening", "publish")
    assert shown(jinkui) == {ONE: ["001"]}
    (waiting,) = jinkui.json("opening", "review")["waiting"]
    assert (waiting["archival_code"], waiting["title"]) == (THREE, "canaryother")
    decide(jinkui, THREE, basis="复审")
    assert shown(jinkui) == {ONE: ["001"], THREE: ["004"]}


def test_what_has_no_content_is_opened_by_its_description(jinkui: Jinkui) -> None:
    assert [hit["archival_code"] for hit in jinkui.json("search", "canarybare")["hits"]] == [BARE]
    assert jinkui.json("search", "canarybare", "--public")["hits"] == []
    decide(jinkui, BARE)
    assert shown(jinkui) == {BARE: []}
    assert [hit["archival_code"] for hit in jinkui.json("search", "canarybare", "--public")["hits"]] == [BARE]
    folder = jinkui.home.parent / "later"
    write(folder / "目录.csv", f"档号,语种\n{BARE},汉语\n")
    write(folder / BARE / "001.txt", "canarypage")
    jinkui("ingest", str(folder))
    assert shown(jinkui) == {}
    assert b"canarybare" not in public_bytes(jinkui)
    decide(jinkui, BARE, basis="复审")
    assert b"canarypage" in public_bytes(jinkui)


def test_what_is_marked_and_has_no_content_is_corrected_by_the_command_that_corrects_it(jinkui: Jinkui) -> None:
    sheet = jinkui.home.parent / "c.csv"
    write(sheet, f"档号,密级\n{BARE},内部\n")
    jinkui("describe", str(sheet), "--reason", "as on the paper")
    decisions = jinkui.home.parent / "decisions.csv"
    decide(jinkui, BARE, code=12)
    assert "jinkui describe" in jinkui("opening", "apply", str(decisions), code=12)
    write(sheet, f"档号,密级\n{BARE},公开\n")
    jinkui("describe", str(sheet), "--reason", "appraised")
    decide(jinkui, BARE)
    assert shown(jinkui) == {BARE: []}


def test_everything_that_is_open_comes_back_from_the_stores(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, THREE, BARE)
    before = shown(jinkui)
    jinkui("rebuild")
    assert shown(jinkui) == before
    (jinkui.home / "catalogue.db").unlink()
    jinkui("opening", "withdraw", THREE, "--reason", "r")
    assert shown(jinkui) == {code: pages for code, pages in before.items() if code != THREE}


def test_a_state_secret_of_the_volume_holds_for_its_items(jinkui: Jinkui) -> None:
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        (listed,) = home.catalogue.units.by_code("990001", [VOLUME])[archival_code_key(VOLUME)]
        secret = replace(listed.unit.description, security=parse_security("机密"))
        change = Change(replace(listed.unit, description=secret), listed.digest)
        list(describe_units(home.archive, home.catalogue.repositories()[0], [change], Said("1", "甲", "封面有印")))
    decide(jinkui, ONE, code=12)
    assert shown(jinkui) == {}


def page_of(jinkui: Jinkui, code: str) -> str:
    """Return the site's page of a record."""
    public = jinkui.home / "public"
    views = PublishedViews(public / "public.db", today=wiring.today)
    app = create_app(views, EmbeddedIndex(public / "index.db"), public / "images", site_name=message("金匮", "Jinkui"))
    answer = TestClient(app, headers={"accept-language": "zh"}).get(f"/records/990001/{code}")
    views.close()
    assert answer.status_code == 200
    return answer.text


def test_the_site_leads_from_a_volume_to_its_open_items_and_back(jinkui: Jinkui) -> None:
    decide(jinkui, ONE)
    assert VOLUME not in page_of(jinkui, ONE).replace(ONE, "")
    decide(jinkui, VOLUME)
    text = page_of(jinkui, VOLUME)
    assert re.search(rf"{ONE} canaryone</a>", text)
    assert TWO not in text
    assert re.search(rf"{VOLUME} canaryvolume</a>", page_of(jinkui, ONE))


def test_the_site_says_what_became_of_what_has_no_content(jinkui: Jinkui) -> None:
    decide(jinkui, BARE)
    assert "本卷只公开目录" in page_of(jinkui, BARE)
    sheet = write(jinkui.home.parent / "gone.csv", f"档号,状态\n{BARE},已移交\n")
    jinkui("describe", str(sheet), "--reason", "moved")
    jinkui("opening", "publish")
    assert "原件状态：已移交" in page_of(jinkui, BARE)


def test_an_item_and_what_has_no_content_are_shown_as_what_they_are(jinkui: Jinkui) -> None:
    shown_now = jinkui.json("show", TWO)
    assert (shown_now["pages"], shown_now["openness"]) == (["002–003"], ["未审核"])
    assert shown_now["volume"] == [VOLUME]
    assert f"002–003（案卷 {VOLUME}）" in jinkui("show", TWO, lang="zh")
    listed = {one["code"]: one["has_content"] for one in jinkui.json("catalogue", "list")["units"]}
    assert listed == {VOLUME: True, ONE: True, TWO: True, THREE: True, BARE: False}
    (bare,) = jinkui.json("catalogue", "list", "--without-content")["units"]
    assert bare["code"] == BARE
    assert "description only" in jinkui("show", BARE)


def test_items_that_are_described_already_keep_their_identifiers_when_scans_are_hooked(jinkui: Jinkui) -> None:
    volumes = write(jinkui.home.parent / "案卷.csv", "档号,案卷题名\nZ109-2-20,canaryhook\n")
    items = write(
        jinkui.home.parent / "卷内.csv", "档号,题名,页号\nZ109-2-20-1,canaryfirst,1\nZ109-2-20-2,canarysecond,2-3\n"
    )
    jinkui("catalogue", "import", str(volumes), str(items))
    before = {one["code"]: one["unit_id"] for one in jinkui.json("catalogue", "list", "--code", "Z109-2-20")["units"]}
    folder = jinkui.home.parent / "scans"
    write(folder / "目录.csv", "档号\nZ109-2-20\n")
    for page in ("001", "002", "003"):
        write(folder / "Z109-2-20" / f"{page}.txt", f"leaf{page}")
    jinkui("ingest", str(folder))
    held = jinkui.json("show", "Z109-2-20")
    assert held["package_id"] == before["Z109-2-20"]
    found = {one["archival_code"]: (one["unit_id"], one["page_labels"]) for one in held["items"]}
    assert found == {
        "Z109-2-20-1": (before["Z109-2-20-1"], ["001"]),
        "Z109-2-20-2": (before["Z109-2-20-2"], ["002", "003"]),
    }


def test_what_has_no_package_of_its_own_is_said_to_have_none(jinkui: Jinkui) -> None:
    assert f"name the volume {VOLUME}" in jinkui("versions", ONE, code=4)
    assert "has no content" in jinkui("versions", BARE, code=4)


def test_a_page_put_in_before_others_moves_what_is_shown_of_them(jinkui: Jinkui) -> None:
    decide(jinkui, ONE, TWO)
    folder = jinkui.home.parent / "batch"
    write(folder / VOLUME / f"{VOLUME}-ML002.txt", "leafML002")
    jinkui("ingest", str(folder), "--update")
    assert shown(jinkui) == {ONE: ["001", "002"], TWO: ["002", "003"]}
    assert [hit["pages"][0]["page_label"] for hit in jinkui.json("search", "leaf001", "--public")["hits"]] == ["001"]
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    two = views.get("990001", archival_code_key(TWO))
    assert two is not None
    views.marks.put(two.view_id)
    assert shown(jinkui) == {}
    views.close()


def test_a_mark_on_a_code_hides_what_shares_with_it(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, TWO, THREE)
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    views.marks.put(code_mark("990001", archival_code_key(ONE)))
    assert shown(jinkui) == {THREE: ["004"]}
    assert len(views.hidden()) == 3
    views.close()


def test_a_closing_by_code_alone_holds_for_whatever_has_the_code(jinkui: Jinkui) -> None:
    decide(jinkui, ONE, TWO, BARE)
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        for code in (ONE, BARE):
            withdraw(home.archive, "990001", code, Withdrawal("误"))
    (jinkui.home / "catalogue.db").unlink()
    jinkui("opening", "publish")
    assert shown(jinkui) == {TWO: ["003"]}
    assert b"canarybare" not in public_bytes(jinkui)


def test_a_list_of_contents_waits_for_items_that_only_the_catalogue_knows(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, TWO, THREE)
    assert shown(jinkui)[VOLUME] == ["FM", "ML001", "BK"]
    table = write(jinkui.home.parent / "more.csv", "全宗号,目录号,案卷号,顺序号,题名,页号\nZ109,2,15,004,canaryfour,\n")
    jinkui("catalogue", "import", str(table))
    jinkui("opening", "publish")
    assert shown(jinkui)[VOLUME] == ["FM", "BK"]


def test_a_list_of_contents_is_not_shown_while_an_item_is_told_under_another_title(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, TWO, THREE)
    assert shown(jinkui)[VOLUME] == ["FM", "ML001", "BK"]
    row = f"{TWO},开放,法,甲,乙,2021-09-01,2021-10-01,全文,另一个题名"
    sheet = write(
        jinkui.home.parent / "one.csv",
        f"档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围,公开题名\n{row}\n",
    )
    jinkui("opening", "apply", str(sheet))
    assert shown(jinkui)[VOLUME] == ["FM", "BK"]
    assert b"leafML001" not in public_bytes(jinkui)
    write(sheet, sheet.read_text("utf-8").replace("另一个题名", "canarytwo"))
    jinkui("opening", "apply", str(sheet))
    assert shown(jinkui)[VOLUME] == ["FM", "ML001", "BK"], "it is told under its own again"


def test_what_two_units_are_called_is_closed_of_both_and_opened_of_none(jinkui: Jinkui) -> None:
    decide(jinkui, BARE)
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        (listed,) = home.catalogue.units.by_code("990001", [BARE])[archival_code_key(BARE)]
        other = replace(listed.unit, unit_id="10000000-0000-4000-8000-000000000099", revision=1, previous="")
        list(describe_units(home.archive, home.catalogue.repositories()[0], [Change(other)], Said("2", "甲", "重号")))
    decide(jinkui, BARE, basis="复审", code=12)
    both = sorted((listed.unit.unit_id, other.unit_id))
    told = jinkui.json("show", BARE)
    assert (told["unit_id"], told["same_code"]) == (both[0], both[1:])
    assert all(one in jinkui("show", BARE) for one in both)
    assert jinkui.json("show", both[1])["unit_id"] == both[1]
    for ambiguous in (("explain", BARE), ("renumber", BARE, "Z109-2-17"), ("catalogue", "list", "--below", BARE)):
        assert all(one in jinkui(*ambiguous, code=AmbiguousError.exit_code) for one in both)
    assert jinkui.json("explain", listed.unit.unit_id)["entries"]
    jinkui("renumber", both[1], "Z109-2-17", "--dry-run")
    first, second = (
        jinkui.json("catalogue", "list", "--code", BARE, "--most", "1", *more)["units"]
        for more in ((), ("--after", both[0]))
    )
    assert [one["unit_id"] for one in (*first, *second)] == both
    assert both[0] in jinkui("catalogue", "list", "--code", BARE, "--most", "1")
    jinkui("opening", "withdraw", BARE, "--reason", "two of them")
    assert shown(jinkui) == {}


@pytest.mark.parametrize("is_of_before", [False, True])
def test_a_closing_of_a_code_that_two_units_have_goes_along_with_each(jinkui: Jinkui, is_of_before: bool) -> None:
    decide(jinkui, BARE)
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        home.begin_writing()
        (listed,) = home.catalogue.units.by_code("990001", [BARE])[archival_code_key(BARE)]
        other = replace(listed.unit, unit_id="10000000-0000-4000-8000-000000000099", revision=1, previous="")
        list(describe_units(home.archive, home.catalogue.repositories()[0], [Change(other)], Said("2", "甲", "重号")))
        if is_of_before:  # as earlier software told it: by the code alone
            withdraw(home.archive, "990001", BARE, Withdrawal("误"))
    if is_of_before:
        jinkui("opening", "publish")
    else:
        decide(jinkui, BARE, conclusion="不开放")
    assert shown(jinkui) == {}
    jinkui("renumber", other.unit_id, "Z109-2-17")
    assert shown(jinkui) == {}, "the one that stayed"
    jinkui("renumber", listed.unit.unit_id, "Z109-2-18")
    assert shown(jinkui) == {}, "the one that left"
    jinkui("rebuild")
    assert shown(jinkui) == {}
    decide(jinkui, "Z109-2-18", basis="复审")
    assert shown(jinkui) == {"Z109-2-18": []}


@pytest.mark.parametrize("code", [BARE, THREE])
def test_what_is_said_to_be_withheld_when_it_is_open_closes_it(jinkui: Jinkui, code: str) -> None:
    decide(jinkui, BARE, THREE)
    before = shown(jinkui)
    correction = write(jinkui.home.parent / "withheld.csv", f"档号,密级\n{code},工作秘密\n")
    jinkui("describe", str(correction), "--reason", "r")
    assert shown(jinkui) == {one: pages for one, pages in before.items() if one != code}
    jinkui("rebuild")
    assert code not in shown(jinkui)
    correction = write(jinkui.home.parent / "free.csv", f"档号,密级\n{code},公开\n")
    jinkui("describe", str(correction), "--reason", "r")
    assert shown(jinkui) == before, "it is again what was reviewed"


def test_what_a_closed_fonds_is_called_is_told_with_nothing_in_it(jinkui: Jinkui) -> None:
    code = "Z109-2-17"
    names = "Z109,全宗,1900-01-01,1939-12-31\nZ109,canaryfonds,1940-01-01,\n"
    fonds = write(jinkui.home.parent / "fonds.csv", f"全宗号,全宗名称,启用时间,停用时间\n{names}")
    jinkui("fonds", "import", str(fonds))
    dated = write(jinkui.home.parent / "dated.csv", f"档号,案卷题名,日期\n{code},卷,1950\n")
    jinkui("catalogue", "import", str(dated))
    decide(jinkui, ONE, code)
    assert b"canaryfonds" in public_bytes(jinkui)
    table = write(jinkui.home.parent / "level.csv", "著录层级,档号,题名\n全宗,Z109,canaryfonds\n")
    jinkui("catalogue", "import", str(table))
    decide(jinkui, "Z109", conclusion="不开放")
    assert {*shown(jinkui)} == {ONE, code}
    assert jinkui.json("search", "canaryfonds", "--public")["total"] == 0
    jinkui("rebuild")
    assert b"canaryfonds" not in public_bytes(jinkui)


@pytest.mark.parametrize("number", ["Z109", "z109"])
@pytest.mark.parametrize("by", ["withdraw", "decision", "sheet with repository"])
def test_a_fonds_that_no_row_describes_is_closed_and_told_again_by_its_number(
    jinkui: Jinkui, number: str, by: str
) -> None:
    jinkui("fonds", "correct", "Z109", "--name", "canaryfonds", "--reason", "typo")
    decide(jinkui, ONE, BARE)
    assert b"canaryfonds" in public_bytes(jinkui)
    if by == "withdraw":
        jinkui("opening", "withdraw", number, "--reason", "r")
    else:
        decide(jinkui, number if by == "decision" else f"990001:{number}", conclusion="不开放")
    for again in ((), ("rebuild",)):
        if again:
            jinkui(*again)
        assert {*shown(jinkui)} == {ONE, BARE}
        assert jinkui.json("search", "canaryfonds", "--public")["total"] == 0
        assert b"canaryfonds" not in (jinkui.home / "public" / "public.db").read_bytes()
    assert b"canaryfonds" not in public_bytes(jinkui)
    jinkui("fonds", "rename", "Z109", "--name", "canaryfonds 2", "--since", "2020-01-01", "--reason", "r")
    assert b"canaryfonds" not in public_bytes(jinkui)
    table = write(jinkui.home.parent / "level.csv", "著录层级,档号,题名\n全宗,Z109,canaryfonds 2\n")
    if by == "withdraw":
        jinkui("catalogue", "import", str(table))
        assert b"canaryfonds" not in public_bytes(jinkui), "a row of it changes nothing of what was decided"
    decide(jinkui, number)
    assert b"canaryfonds" in public_bytes(jinkui)


def test_a_list_of_contents_that_names_what_was_taken_back_waits_for_another_review(jinkui: Jinkui) -> None:
    table = write(jinkui.home.parent / "more.csv", "全宗号,目录号,案卷号,顺序号,题名,页号\nZ109,2,15,004,canaryfour,\n")
    number = jinkui.json("catalogue", "import", str(table))["import"]
    decide(jinkui, VOLUME, ONE, TWO, THREE)
    assert shown(jinkui)[VOLUME] == ["FM", "BK"]
    jinkui("catalogue", "undo", number, "--reason", "r")
    for again in ((), ("rebuild",)):
        if again:
            jinkui(*again)
        assert shown(jinkui)[VOLUME] == ["FM", "BK"], "the paper names it still"
    decide(jinkui, VOLUME, basis="复审")
    assert shown(jinkui)[VOLUME] == ["FM", "ML001", "BK"]


def test_a_page_tells_the_staff_no_more_openness_than_what_stands_on_it(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE)
    decide(jinkui, TWO, conclusion="不开放")
    words = ("leafFM", "leaf001", "leaf002")
    opened = {word: jinkui.json("search", word)["hits"][0]["pages"][0]["openness"] for word in words}
    assert opened == {"leafFM": "开放", "leaf001": "开放", "leaf002": "不开放"}


def test_items_whose_images_did_not_change_are_approved_together(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, ONE, THREE)
    sheet = write(jinkui.home.parent / "corrections.csv", f"档号,题名\n{ONE},canaryfirst\n{THREE},canarythird\n")
    jinkui("describe", str(sheet), "--reason", "typo")
    folder = jinkui.home.parent / "batch"
    (folder / "案卷目录.csv").unlink()
    (folder / "卷内目录.csv").unlink()
    write(folder / "目录.csv", f"档号\n{VOLUME}\n")
    write(folder / VOLUME / f"{VOLUME}-004.txt", "leaf004 scanned again")
    jinkui("ingest", str(folder), "--update")
    waiting = {one["archival_code"]: one["images_changed"] for one in jinkui.json("opening", "review")["waiting"]}
    assert waiting == {ONE: False, THREE: True}
    jinkui("opening", "review", "--unchanged-images", "--reviewer", "甲", "--approver", "乙")
    assert shown(jinkui) == {VOLUME: ["FM", "BK"], ONE: ["001"]}


def test_the_story_of_a_unit_is_its_own(jinkui: Jinkui) -> None:
    decide(jinkui, VOLUME, basis="甲")
    decide(jinkui, ONE, BARE, basis="乙")
    stories = {code: jinkui.json("explain", code) for code in (VOLUME, ONE, BARE)}
    opened = {
        code: [one["what"] for one in story["entries"] if one["type"] == "opening-decided"]
        for code, story in stories.items()
    }
    assert [len(told) for told in opened.values()] == [1, 1, 1]
    assert opened[ONE] == opened[BARE] != opened[VOLUME]
    assert [len(story["descriptions"]) for story in stories.values()] == [0, 0, 1]
    assert [one["path"] for one in stories[ONE]["texts"]] != [one["path"] for one in stories[VOLUME]["texts"]]


def test_units_open_and_close_on_their_days_whatever_the_clock_did(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, year = wiring.today(), timedelta(days=365)
    rows = "".join(f"{code},开放,法,甲,乙,{now},{now + 2 * year},全文\n" for code in (ONE, TWO, BARE))
    sheet = write(jinkui.home.parent / "ahead.csv", f"档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围\n{rows}")
    jinkui("opening", "apply", str(sheet))
    jinkui("opening", "withdraw", TWO, "--reason", "名誉", "--on", str(now + 4 * year))
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        head, units = home.holdings.head(), UnitHoldings(home.catalogue)
        assert (len(units.ahead(now)), list(units.awaiting(head, now))) == (3, [])
    opened = {ONE: ["001", "002"], TWO: ["002", "003"], BARE: []}
    for years, there in ((1, {}), (3, opened), (1, {}), (3, opened), (5, {ONE: ["001"], BARE: []}), (3, opened)):
        monkeypatch.setattr(wiring, "today", lambda years=years: now + years * year)
        jinkui("opening", "publish")
        assert shown(jinkui) == there


def test_a_code_of_before_means_the_unit_that_had_it_until_another_has_it(jinkui: Jinkui) -> None:
    jinkui("renumber", VOLUME, "Z109-3-15")
    jinkui("renumber", BARE, "Z109-3-16")
    now = {ONE: "Z109-3-15-001", BARE: "Z109-3-16"}
    sheet = jinkui.home.parent / "c.csv"
    write(sheet, "档号,题名\n" + "".join(f"{code},canarynew\n" for code in now))
    told = jinkui.json("describe", str(sheet), "--reason", "as on the paper")
    assert (told["corrected"], [one["code"] for one in told["findings"]]) == (2, ["code-of-before"] * 2)
    assert [one["code"] for one in told["changes"]] == [*now.values()]
    decide(jinkui, *now)
    assert {*shown(jinkui)} == {*now.values()}
    applied = jinkui("opening", "apply", str(jinkui.home.parent / "decisions.csv"))
    assert all(f"{old} is {new} now" in applied for old, new in now.items())
    table = write(jinkui.home.parent / "again.csv", f"档号,题名\n{BARE},又一件\n")
    (found,) = jinkui.json("catalogue", "import", str(table), code=12)["findings"]
    assert (found["code"], found["row"]) == ("code-of-before", 2)
    assert now[BARE] in found["message"]
    told = jinkui.json("describe", str(sheet), "--reason", "b")
    assert [one["code"] for one in told["changes"]] == [BARE], "which another has now"


def test_any_unit_is_proved_by_the_package_that_it_lies_in(jinkui: Jinkui) -> None:
    with open_home(jinkui.home, Output("en", as_json=True)) as home:
        volume = named_unit(home.catalogue, VOLUME, None).package_id.value
        bare = named_unit(home.catalogue, BARE, None).unit_id
        rows = home.catalogue.units.packages.packages_of(bare)[-1][1]
    for code, package_id in ((VOLUME, volume), (ONE, volume), (BARE, rows)):
        out = jinkui.home.parent / f"{code}.json"
        jinkui("journal", "prove", code, "--out", str(out))
        leaf = json.loads(out.read_text("utf-8"))["leaf"]
        assert '"type":"package-stored"' in leaf
        assert package_id in leaf


def test_what_would_show_the_public_a_code_alone_is_not_opened(jinkui: Jinkui) -> None:
    table = jinkui.home.parent / "objects.csv"
    write(table, "档号,题名,责任者,日期\nZ109-SW-0001,,,1958\nZ109-SW-0002,,某局,1958\nZ109-SW-0003,—,,1958\n")
    jinkui("catalogue", "import", str(table), code=12)
    decide(jinkui, "Z109-SW-0001", "Z109-SW-0002", "Z109-SW-0003", code=12)
    assert [code for code in shown(jinkui) if "SW" in code] == ["Z109-SW-0002"]
    decide(jinkui, "Z109-SW-0001", conclusion="延期开放", basis="个人隐私")


def test_what_is_only_described_follows_the_names_of_its_fonds(jinkui: Jinkui) -> None:
    code = "Z109-2-17"
    table = write(jinkui.home.parent / "dated.csv", f"档号,案卷题名,责任者,日期\n{code},卷,某局,1950\n")
    jinkui("catalogue", "import", str(table))
    decide(jinkui, code)
    names = "Z109,全宗,1900-01-01,1939-12-31\nZ109,新名全宗,1940-01-01,\n"
    fonds = write(jinkui.home.parent / "fonds.csv", f"全宗号,全宗名称,启用时间,停用时间\n{names}")
    jinkui("fonds", "import", str(fonds))
    jinkui("opening", "publish")
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    view = views.get("990001", archival_code_key(code))
    views.close()
    assert view is not None
    assert view.fonds_name == "新名全宗"


def kept(jinkui: Jinkui) -> dict[str, Kept | None]:
    """Return how each public unit is told to be kept, by its code."""
    views = PublishedViews(jinkui.home / "public" / "public.db", today=wiring.today)
    found = [view for one in views.ids() if (view := views.get_by_id(one))]
    views.close()
    return {view.said("archival_code"): view.kept for view in found}


def test_the_public_is_told_how_a_record_is_kept_and_not_where(jinkui: Jinkui) -> None:
    decide(jinkui, ONE, THREE, BARE)
    digests = {
        path.name.removeprefix(f"{VOLUME}-").removesuffix(".txt"): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (jinkui.home.parent / "batch" / VOLUME).glob("*.txt")
    }
    told = kept(jinkui)
    assert told[BARE] is None, "nothing is kept of it"
    first, third = told[ONE], told[THREE]
    assert first is not None and third is not None
    assert [one.sha256 for one in first.masters] == [digests["001"]], "002 is another's too, who is closed"
    assert [one.sha256 for one in third.masters] == [digests["004"]]
    assert (third.copies, third.verified_on, third.as_of) == (2, wiring.today(), wiring.today())
    for secret in (b"second", str(jinkui.home / "stores").encode(), digests["002"].encode()):
        assert secret not in public_bytes(jinkui)
    jinkui("rebuild")
    assert kept(jinkui) == told
    page = page_of(jinkui, THREE)
    assert digests["004"] in page
    day = wiring.today()
    assert f"截至{day.year}年{day.month}月{day.day}日，有 2 份副本" in page
    assert "份副本" not in page_of(jinkui, BARE)
    assert "proof.json" in page_of(jinkui, BARE), "what is said of it is signed"


def test_a_copy_that_was_found_damaged_is_not_counted_when_the_record_is_published(jinkui: Jinkui) -> None:
    decide(jinkui, THREE)
    damaged = next((jinkui.home / "stores/second/packages").rglob("content/data/**/*004*"))
    damaged.chmod(0o600)
    damaged.write_bytes(b"rot")
    jinkui("audit", code=12)
    decide(jinkui, THREE, basis="again")
    third = kept(jinkui)[THREE]
    assert third is not None and third.copies == 1
    assert "有 1 份副本" in page_of(jinkui, THREE)
