"""公开题名: what is opened under another title is known to the public by that one alone, in every answer and every byte."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from fastapi.testclient import TestClient

from archives.message import message
from cli import wiring
from search.doors.api.app import add_api
from search.doors.portal.app import create_app
from search.index.embedded import EmbeddedIndex
from search.published.views import PublishedViews
from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import write
from tests.test_cli.test_commands.test_opening_units import (
    BARE,
    ONE,
    THREE,
    TWO,
    VOLUME,
    public_bytes,
    shown,
    with_a_catalogue,
)

TOLD = "有关某人问题的材料"
TITLES = {VOLUME: "canaryvolume", ONE: "canaryone", TWO: "canarytwo", THREE: "canarythree", BARE: "canarybare"}
_HEAD = "档号,结论,依据,审核人,批准人,审核日期,开放日期,网上范围"


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_catalogue, tmp_path, capsys)


def decide(jinkui: Jinkui, titles: dict[str, str | None], *, basis: str = "法", code: int = 0) -> list[str]:
    """Open units under these titles, without the column where all are None; return the codes of findings."""
    has_column = any(title is not None for title in titles.values())
    rows = "".join(
        f"{one},开放,{basis},甲,乙,2021-09-01,2021-10-01,全文{f',{title or str()}' if has_column else ''}\n"
        for one, title in titles.items()
    )
    sheet = jinkui.home.parent / "decisions.csv"
    write(sheet, f"{_HEAD}{',公开题名' if has_column else ''}\n{rows}")
    return [one["code"] for one in jinkui.json("opening", "apply", str(sheet), code=code)["findings"]]


@contextmanager
def site(jinkui: Jinkui) -> Iterator[tuple[TestClient, PublishedViews]]:
    """Give the public site of a home, which answers programs too."""
    public = jinkui.home / "public"
    views = PublishedViews(public / "public.db", today=wiring.today)
    name = message("金匮", "Jinkui")
    app = add_api(create_app(views, EmbeddedIndex(public / "index.db"), public / "images", site_name=name))
    yield TestClient(app), views
    views.close()


def every_answer(jinkui: Jinkui, *words: str) -> Iterator[tuple[str, bytes]]:
    """Yield what the site answers on every kind of address, in its languages; of a workbook what lies in it."""
    with site(jinkui) as (client, views):
        shown = [view for one in views.ids() if (view := views.get_by_id(one))]
        paths = [
            "/",
            "/recent",
            "/feed.xml",
            "/sitemap.xml",
            "/sitemaps/lists.xml",
            "/sitemaps/1.xml",
            "/about",
            "/help",
        ]
        paths += ["/fonds/990001", "/fonds/990001/Z109", "/openings/990001", "/api/v1/repositories"]
        paths += [f"/fonds/990001/Z109?volume={VOLUME}"] if VOLUME in (one.code_key for one in shown) else []
        days = {view.opened for view in shown}
        paths += [f"/openings/990001/{day}{end}" for day in sorted(map(str, days)) for end in ("", ".xlsx")]
        paths += [path for word in words for path in (f"/search?q={word}", f"/api/v1/search?q={word}")]
        for view in shown:
            paths += [f"/records/990001/{view.code_key}", f"/api/v1/records/{view.view_id}"]
            paths += [f"/images/{view.view_id}/{page.image}" for page in view.pages if page.image]
        for path in paths:
            for language in ("zh", "zh-Hant", "en"):
                answer = client.get(path, params={"lang": language} if "?" not in path else None)
                assert answer.status_code == 200, path
                yield path, answer.content
                if path.endswith(".xlsx"):
                    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                        yield from ((f"{path}/{name}", book.read(name)) for name in book.namelist())


def test_the_title_that_is_kept_back_is_in_no_byte_and_no_answer(jinkui: Jinkui) -> None:
    assert decide(jinkui, dict.fromkeys(TITLES, TOLD)) == []
    for _ in range(2):
        assert shown(jinkui).keys() == TITLES.keys()
        for title in TITLES.values():
            assert title.encode() not in public_bytes(jinkui)
            assert jinkui.json("search", title, "--public")["total"] == 0
            assert jinkui.json("search", title)["total"] > 0, "the staff knows it by its title"
        assert jinkui.json("search", TOLD, "--public")["total"] == len(TITLES)
        assert jinkui.json("search", TOLD)["total"] > 0, "and by what the public is told"
        told = dict(every_answer(jinkui, TOLD))
        assert all(b"canary" not in body for body in told.values()), [k for k, v in told.items() if b"canary" in v]
        for path in ("/", "/feed.xml", "/openings/990001/2021-10-01", f"/records/990001/{BARE}", f"/search?q={TOLD}"):
            assert TOLD.encode() in told[path], path
        jinkui("index", "verify")
        jinkui("rebuild")


def test_what_was_public_by_its_title_is_known_by_another_from_the_decision_on(jinkui: Jinkui) -> None:
    decide(jinkui, {BARE: None, ONE: None})
    assert b"canarybare" in public_bytes(jinkui)
    decide(jinkui, {BARE: TOLD})
    jinkui("index", "purge")
    assert b"canarybare" not in public_bytes(jinkui)
    assert b"canaryone" in public_bytes(jinkui), "another's title stays"
    assert shown(jinkui).keys() == {BARE, ONE}
    decide(jinkui, {BARE: "另一题名"})
    jinkui("index", "purge")
    assert TOLD.encode() not in public_bytes(jinkui)
    assert TOLD in jinkui("explain", BARE), "the journal tells the archivist"


def test_a_sheet_that_says_no_public_title_does_not_tell_the_title(jinkui: Jinkui) -> None:
    decide(jinkui, {BARE: TOLD})
    for title in (None, "", "  "):
        assert decide(jinkui, {BARE: title}, basis="复审", code=12) == ["refused"]
        assert b"canarybare" not in public_bytes(jinkui)
    sheet = jinkui.home.parent / "decisions.csv"
    assert "公开题名" in jinkui("opening", "apply", str(sheet), code=12, lang="zh")
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        column = next(csv.reader(file)).index("公开题名")
    (refused,) = jinkui.json("opening", "apply", str(sheet), code=12)["findings"]
    assert refused["cell"] == f"{chr(ord('A') + column)}2", "the cell that is empty, and not that of the code"
    jinkui("opening", "withdraw", BARE, "--reason", "looked at again")
    assert decide(jinkui, {BARE: None}, code=12) == ["refused"], "nor after it was closed"
    assert decide(jinkui, {BARE: "canarybare"}) == [], "who writes the title itself means it"
    assert b"canarybare" in public_bytes(jinkui)
    assert decide(jinkui, {BARE: None}, basis="复审") == []


def test_what_changed_waits_and_comes_back_under_the_same_title(jinkui: Jinkui, tmp_path: Path) -> None:
    decide(jinkui, {BARE: TOLD, ONE: TOLD})
    for code in (BARE, ONE):
        sheet = write(tmp_path / "c.csv", f"档号,题名\n{code},canaryother\n")
        jinkui("describe", str(sheet), "--reason", "typo")
    jinkui("opening", "publish")
    assert shown(jinkui) == {}
    jinkui("opening", "review", "--report", str(tmp_path / "waits.xlsx"))
    book = openpyxl.load_workbook(tmp_path / "waits.xlsx")
    columns = {str(cell.value): number for number, cell in enumerate(book.worksheets[0][1], 1)}
    assert book.worksheets[0].cell(2, columns["public title"]).value == TOLD
    for name, value in (("reviewer", "甲"), ("approver", "乙"), ("reviewed on", "2026-01-02")):
        book.worksheets[0].cell(2, columns[name], value)
    book.worksheets[0].delete_rows(3)
    book.save(tmp_path / "waits.xlsx")
    jinkui("opening", "apply", str(tmp_path / "waits.xlsx"))
    jinkui("opening", "review", "--unchanged-images", "--reviewer", "甲", "--approver", "乙")
    assert shown(jinkui).keys() == {BARE, ONE}
    assert b"canary" not in b"".join(body for _, body in every_answer(jinkui, TOLD))
    assert jinkui.json("search", TOLD, "--public")["total"] == 2


def test_a_fonds_under_another_name_is_called_so_wherever_it_is_named(jinkui: Jinkui) -> None:
    jinkui("fonds", "correct", "Z109", "--name", "canaryfonds", "--reason", "as on the seal")
    decide(jinkui, {BARE: None, ONE: None, "Z109": None})
    assert public_bytes(jinkui).count(b"canaryfonds") > 2
    decide(jinkui, {"Z109": TOLD})
    jinkui("index", "purge")
    for _ in range(2):
        assert b"canaryfonds" not in public_bytes(jinkui)
        assert all(b"canaryfonds" not in body for _, body in every_answer(jinkui, TOLD))
        assert TOLD.encode() in dict(every_answer(jinkui))["/fonds/990001"]
        jinkui("rebuild")


def test_the_preview_says_where_else_the_public_would_read_the_title(jinkui: Jinkui) -> None:
    described = write(jinkui.home.parent / "c.csv", f"档号,责任者\n{BARE},canary bare办公室\n")
    jinkui("describe", str(described), "--reason", "as on the cover")
    sheet = write(
        jinkui.home.parent / "d.csv", f"{_HEAD},公开题名\n{BARE},开放,法,甲,乙,2021-09-01,2021-10-01,仅目录,{TOLD}\n"
    )
    previewed = jinkui.json("opening", "preview", str(sheet), code=12)
    assert [one["code"] for one in previewed["findings"]] == ["title-elsewhere"]
    (record,) = previewed["records"]
    assert (record["title"], record["public_title"]) == ("canarybare", TOLD)


def test_a_title_that_names_a_person_is_opened_under_one_that_does_not(jinkui: Jinkui) -> None:
    table = write(jinkui.home.parent / "m.csv", "档号,男方姓名,女方姓名,登记日期\nK050-1-2-1,卫东,蒋英,1968-01-01\n")
    jinkui("catalogue", "import", str(table), code=12)
    assert decide(jinkui, {"K050-1-2-1": None}, code=12) == ["refused"]
    assert decide(jinkui, {"K050-1-2-1": "婚姻登记材料"}) == []
    assert "蒋英".encode() not in public_bytes(jinkui)
    assert jinkui.json("search", "婚姻登记", "--public")["total"] == 1


class Killed(BaseException):
    """As if the command had been killed."""


@pytest.mark.parametrize("is_recorded", [False, True])
def test_a_run_that_is_killed_shows_the_old_title_no_more(
    jinkui: Jinkui, monkeypatch: pytest.MonkeyPatch, is_recorded: bool
) -> None:
    from cli.commands.record import opening
    from preservation.actions.opening import apply_decisions

    decide(jinkui, {BARE: None, ONE: None})

    def killed(*given: object) -> None:
        if is_recorded:
            apply_decisions(*given)  # type: ignore[arg-type]
        raise Killed

    with monkeypatch.context() as during:
        during.setattr(opening, "apply_decisions", killed)
        with pytest.raises(Killed):
            decide(jinkui, {BARE: TOLD})
    assert all(b"canarybare" not in body for _, body in every_answer(jinkui, TOLD))
    assert shown(jinkui).keys() == {ONE}
    jinkui("opening", "publish", code=0 if is_recorded else 12)
    assert shown(jinkui).keys() == ({ONE, BARE} if is_recorded else {ONE})
    assert decide(jinkui, {BARE: TOLD}) == []
    assert shown(jinkui).keys() == {ONE, BARE}
    assert b"canarybare" not in public_bytes(jinkui)
    assert all(b"canarybare" not in body for _, body in every_answer(jinkui, TOLD))
    assert not any((jinkui.home / "public/closed").iterdir())
