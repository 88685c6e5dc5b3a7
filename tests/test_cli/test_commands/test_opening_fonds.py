"""Opening what stands above records: a fonds, in a row or in the journal alone, a series; beside volumes and items."""

import html
import re
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from archives.journal.facts import OpeningDecided
from archives.message import message
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision
from cli import wiring
from cli.frame.output import Output
from cli.home.home import open_home
from preservation.catalogue.naming import named_unit
from search.doors.portal.app import create_app
from search.index.embedded import EmbeddedIndex
from search.published.views import PublishedViews
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import (
    BARE,
    ONE,
    VOLUME,
    decide,
    public_bytes,
    shown,
    with_a_catalogue,
)

_INTRODUCED = "Z110,某局全宗,某某局,1950-1998,一九五〇年成立。"
_ROW = "著录层级,档号,题名,责任者,日期,机构沿革,附注,存放位置,演变关联情况,全宗属类,盒号,经办\n"
_CLOSED = ("canarynote", "canaryplace", "canaryrelation", "canarykind", "canarybox", "canaryother")


def with_units_of_every_kind(jinkui: Jinkui) -> None:
    """Add to a volume with items and one without content: fonds with much and little said of them, and series."""
    with_a_catalogue(jinkui)
    beside = jinkui.home.parent
    fonds = write(beside / "more.csv", f"全宗号,全宗名称,立档单位,起止年,全宗介绍\n{_INTRODUCED}\nZ111,空全宗,,,\n")
    jinkui("fonds", "import", str(fonds))
    closed = ",".join(_CLOSED)
    rows = f"全宗,Z112,行全宗,某处,1960,某处沿革。,{closed}\n类别,Z109-3,某类,,,某类说明,,,,,,\n类别,Z109-4,只有题名,,,,,,,,,\n"
    rows += "件,Z110-1-1-001,文件,,1951,,,,,,,\n件,Z109-5-1-001,文件二,,1951,,,,,,,\n"
    jinkui("catalogue", "import", str(write(beside / "levels.csv", _ROW + rows)))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_units_of_every_kind, tmp_path, capsys)


def site_page(jinkui: Jinkui, path: str, lang: str = "zh") -> str:
    """Return the words of a page of the site."""
    public = jinkui.home / "public"
    views = PublishedViews(public / "public.db", today=wiring.today)
    app = create_app(views, EmbeddedIndex(public / "index.db"), public / "images", site_name=message("金匮", "Jinkui"))
    answer = TestClient(app, headers={"accept-language": lang}).get(path)
    views.close()
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.text)).split())


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("Z110", "某局全宗"),
        ("Z111", "空全宗"),
        ("Z112", "行全宗"),
        ("Z109-3", "某类"),
        ("Z109-4", "只有题名"),
        (VOLUME, "canaryvolume"),
        (BARE, "canarybare"),
        (ONE, "canaryone"),
        ("Z110-1-1-001", "文件"),
    ],
)
def test_whatever_is_described_is_previewed_opened_explained_and_closed(jinkui: Jinkui, code: str, title: str) -> None:
    sheet = write(
        jinkui.home.parent / "one.csv",
        f"档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围\n{code},开放,法,甲,乙,2021-09-01,2021-10-01,全文\n",
    )
    (would,) = jinkui.json("opening", "preview", str(sheet))["records"]
    assert (would["archival_code"], would["title"]) == (code, title)
    (done,) = jinkui.json("opening", "apply", str(sheet))["applied"]
    assert done["archival_code"] == code
    assert {*shown(jinkui)} == {code}
    jinkui("opening", "apply", str(sheet))
    assert jinkui.json("opening", "publish")["published"] == 0, "it was published by the first"
    assert [hit["archival_code"] for hit in jinkui.json("search", title, "--public")["hits"]] == [code]
    jinkui("rebuild")
    assert {*shown(jinkui)} == {code}
    types = [one["type"] for one in jinkui.json("explain", code)["entries"]]
    assert types.count("opening-decided") == 1
    jinkui("opening", "withdraw", code, "--reason", "r")
    assert shown(jinkui) == {}
    assert jinkui.json("explain", code)["entries"][-1]["type"] == "opening-withdrawn"


def test_the_page_of_a_fonds_begins_with_whose_it_is_since_when_and_what_it_is(jinkui: Jinkui) -> None:
    decide(jinkui, "Z110-1-1-001")
    assert "某某局" not in site_page(jinkui, "/fonds/990001/Z110")
    decide(jinkui, "Z110")
    for lang, words in (("zh", ("立档单位", "起止年", "全宗介绍")), ("en", ("Creator", "Dates", "Introduction"))):
        text = site_page(jinkui, "/fonds/990001/Z110", lang)
        told = (words[0], "某某局", words[1], "1950", "1998", words[2], "一九五〇年成立。", "Z110-1-1-001")
        places = [text.index(one) for one in told]
        assert places == sorted(places), text
    jinkui("opening", "withdraw", "Z110", "--reason", "r")
    for closed in ("某某局", "一九五〇年成立。", "某局全宗"):
        assert closed not in site_page(jinkui, "/fonds/990001/Z110")
        assert closed.encode() not in public_bytes(jinkui)


def test_an_open_fonds_tells_nothing_but_what_its_decision_lets_it_tell(jinkui: Jinkui) -> None:
    decide(jinkui, "Z112")
    assert "某处沿革。".encode() in public_bytes(jinkui)
    for canary in _CLOSED:
        assert canary.encode() not in public_bytes(jinkui)
    sheet = write(
        jinkui.home.parent / "one.csv",
        "档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围,公开题名\n"
        "Z110,开放,法,甲,乙,2021-09-01,2021-10-01,仅目录,某机关全宗\n",
    )
    jinkui("opening", "apply", str(sheet))
    assert "某局全宗".encode() not in public_bytes(jinkui)
    assert "某机关全宗" in site_page(jinkui, "/fonds/990001/Z110")


def test_a_fonds_that_is_described_anew_waits_for_another_review(jinkui: Jinkui) -> None:
    decide(jinkui, "Z110")
    again = write(jinkui.home.parent / "again.csv", "全宗号,全宗名称,全宗介绍\nZ110,某局全宗,canaryhistory\n")
    jinkui("fonds", "import", str(again))
    jinkui("opening", "publish")
    assert shown(jinkui) == {}
    assert b"canaryhistory" not in public_bytes(jinkui)
    (waiting,) = jinkui.json("opening", "review")["waiting"]
    assert waiting["archival_code"] == "Z110"
    decide(jinkui, "Z110", basis="复审")
    assert b"canaryhistory" in public_bytes(jinkui)


def test_what_was_decided_of_a_fonds_before_it_had_a_row_is_carried_out_when_it_is_applied_again(
    jinkui: Jinkui,
) -> None:
    with open_home(jinkui.home, Output("en", as_json=False)) as home:
        fonds = named_unit(home.catalogue, "Z110", None)
        days = date(2021, 9, 1), date(2021, 10, 1)
        decision = OpeningDecision(Conclusion.OPEN, "法", "", "甲", "乙", *days, None, OnlineScope.FULL_TEXT)
        fact = OpeningDecided("990001", "Z110", decision, fonds.reviewed, fonds.unit_id)
        home.archive.begin_writing()
        home.archive.vault.ledger.append([fact])
    jinkui("opening", "publish")
    assert shown(jinkui) == {}
    decide(jinkui, "Z110")
    jinkui("opening", "publish")
    assert {*shown(jinkui)} == {"Z110"}


@pytest.mark.parametrize("command", ["preview", "apply"])
def test_a_series_of_which_nothing_is_said_is_refused_in_words_that_help(jinkui: Jinkui, command: str) -> None:
    sheet = write(
        jinkui.home.parent / "one.csv",
        "档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围\nZ109-5,开放,法,甲,乙,2021-09-01,2021-10-01,全文\n",
    )
    (found,) = jinkui.json("opening", command, str(sheet), code=12)["findings"]
    assert "series that only the codes below it name" in found["message"]
    assert shown(jinkui) == {}


def test_a_fonds_that_is_closed_needs_no_row(jinkui: Jinkui) -> None:
    decide(jinkui, "Z110", conclusion="不开放")
    assert jinkui.json("explain", "Z110")["descriptions"] == []
    decide(jinkui, "Z110")
    assert len(jinkui.json("explain", "Z110")["descriptions"]) == 1


@pytest.mark.parametrize("first", ["", "不开放"])
@pytest.mark.parametrize(
    ("opens_on", "closes_on", "scope", "named_on"),
    [
        ("2090-09-01", "", "全文", {date(2090, 8, 31): False, date(2090, 9, 1): True}),
        ("2021-10-01", "2090-09-01", "仅目录", {date(2090, 8, 31): True, date(2090, 9, 1): False}),
        ("2021-10-01", "", "不上网", {date(2090, 9, 1): False}),
    ],
)
def test_a_fonds_is_named_on_the_days_alone_on_which_it_is_open_and_online(
    jinkui: Jinkui,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    opens_on: str,
    closes_on: str,
    scope: str,
    named_on: dict[date, bool],
) -> None:
    item = "Z110-1-1-001"
    decide(jinkui, item)
    if first:
        decide(jinkui, "Z110", conclusion=first)
    sheet = write(
        jinkui.home.parent / "one.csv",
        "档号,结论,依据,审核人,批准人,审核日期,开放日期,关闭日期,网上范围\n"
        f"Z110,开放,法,甲,乙,2021-09-01,{opens_on},{closes_on},{scope}\n",
    )
    jinkui("opening", "apply", str(sheet))
    for day, is_named in {wiring.today(): opens_on < "2026" and scope != "不上网", **named_on}.items():
        monkeypatch.setattr(wiring, "today", lambda day=day: day)
        assert is_named or "某局全宗" not in site_page(jinkui, "/"), "before anything is published"
        jinkui("opening", "publish")
        assert ("某局全宗" in site_page(jinkui, f"/records/990001/{item}")) == is_named
        assert jinkui.json("search", "某局全宗", "--public")["total"] == (2 if is_named else 0)
        assert ("某局全宗".encode() in public_bytes(jinkui)) == is_named


class Killed(BaseException):
    """As if the command had been killed."""


@pytest.mark.parametrize(
    ("by_sheet", "row", "itself"), [(False, "", "Z110"), (True, "990001:Z110", "Z110"), (True, "Z110", "")]
)
def test_the_name_of_a_fonds_that_is_being_closed_is_told_by_nothing_though_the_command_is_killed(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch, by_sheet: bool, row: str, itself: str
) -> None:
    item = "Z110-1-1-001"
    decide(jinkui, *filter(None, (itself,)), item, BARE)
    assert "某局全宗" in site_page(jinkui, f"/records/990001/{item}")

    def close() -> None:
        if by_sheet:
            decide(jinkui, row, conclusion="不开放")
        else:
            jinkui("opening", "withdraw", "990001:Z110", "--reason", "误")

    def killed(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as during:
        during.setattr(
            f"cli.{'commands.record.opening.apply_decisions' if by_sheet else 'home.closing.withdraw'}", killed
        )
        with pytest.raises(Killed):
            close()
    assert shown(jinkui).keys() == {BARE}, "no record that tells the name"
    assert item not in site_page(jinkui, "/search?q=某局全宗")
    assert "某局全宗" not in site_page(jinkui, "/") + site_page(jinkui, "/fonds/990001")
    jinkui("opening", "publish", code=12)
    close()
    assert shown(jinkui).keys() == {BARE, item}
    assert "某局全宗" not in site_page(jinkui, f"/records/990001/{item}")
    assert "某局全宗".encode() not in public_bytes(jinkui)
    assert not any((jinkui.home / "public/closed").iterdir())
