"""A volume as an archivist meets it: shown by its items, and its pages told by what they are called on paper."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared
from tests.test_cli.test_commands.test_ingest import founded, write

VOLUME = "Z109-2-15"
PAGES = ("FM", "ML001", "001", "002", "003", "003-1", "004", "BK")


def with_a_volume(jinkui: Jinkui) -> None:
    """Take in a volume of two items, the second of which has a word on its second page."""
    founded(jinkui)
    folder = jinkui.home.parent / "batch"
    write(folder / "案卷目录.csv", f"档号,案卷题名,语种\n{VOLUME},水利工程,汉语\n")
    items = f"{VOLUME}-001,堤防的通知,001,汉语\n{VOLUME}-002,水库的批复,2-4,汉语\n"
    write(folder / "卷内目录.csv", f"档号,题名,页号,语种\n{items}")
    for page in PAGES:
        write(folder / VOLUME / f"{VOLUME}-{page}.txt", f"canary{page.replace('-', 'slip')}")
    jinkui("ingest", str(folder))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(with_a_volume, tmp_path, capsys)


def test_a_volume_is_shown_with_its_items_and_their_pages(jinkui: Jinkui) -> None:
    shown = jinkui.json("show", VOLUME)
    assert [(one["archival_code"], one["title"], one["pages"]) for one in shown["items"]] == [
        (f"{VOLUME}-001", "堤防的通知", "001"),
        (f"{VOLUME}-002", "水库的批复", "002–004"),
    ]
    assert shown["items"][1]["page_labels"] == ["002", "003", "003-1", "004"]
    originals = [one for one in shown["files"] if "/original/" in one["path"]]
    assert {one["page_label"] for one in originals} == {*PAGES}
    text = jinkui("show", VOLUME, lang="zh")
    assert "卷内文件" in text
    assert "第3页附页1" in text


def test_a_hit_tells_the_page_as_it_is_called_on_paper(jinkui: Jinkui) -> None:
    (hit,) = jinkui.json("search", "canary003slip1")["hits"]
    assert (hit["archival_code"], [one["page_label"] for one in hit["pages"]]) == (VOLUME, ["003-1"])
    assert "第3页附页1" in jinkui("search", "canary003slip1", lang="zh")
    assert "p. 2" in jinkui("search", "canary002")


def test_a_page_without_a_label_is_called_by_its_number_in_the_same_way(jinkui: Jinkui) -> None:
    folder = jinkui.home.parent / "plain"
    write(folder / "catalogue.csv", "档号,题名,语种\nZ109-WS·2001-Y-BGS-0001,一件,汉语\n")
    for page in (1, 2):
        write(folder / f"Z109-WS·2001-Y-BGS-0001/{page}.txt", f"plainleaf{page}")
    jinkui("ingest", str(folder))
    (hit,) = jinkui.json("search", "plainleaf2")["hits"]
    assert [(one["page"], one["page_label"]) for one in hit["pages"]] == [(2, "2")]
    assert "第2页" in jinkui("search", "plainleaf2", lang="zh")
    assert "p. 2" in jinkui("search", "plainleaf2")
    (hit,) = jinkui.json("search", "canary002")["hits"]
    assert [(one["page"], one["page_label"]) for one in hit["pages"]] == [(4, "002")]


def test_an_item_is_found_by_its_own_words(jinkui: Jinkui) -> None:
    (hit,) = jinkui.json("search", "水库的批复")["hits"]
    (item,) = hit["pages"]
    assert hit["archival_code"] == VOLUME
    assert (item["archival_code"], item["title"], item["page_label"]) == (f"{VOLUME}-002", "水库的批复", "002")
    assert jinkui.json("search", "水库的批复", "--public")["hits"] == []


def test_everything_comes_back_from_the_stores(jinkui: Jinkui) -> None:
    before = jinkui.json("show", VOLUME)["items"]
    (jinkui.home / "catalogue.db").unlink()
    jinkui("rebuild")
    assert jinkui.json("show", VOLUME)["items"] == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_version_of_a_volume_is_no_batch_and_what_helps_is_said(jinkui: Jinkui, tmp_path: Path, lang: str) -> None:
    out = tmp_path / "out"
    told = jinkui("export", VOLUME, str(out), "--as-it-came", "--version", "1", code=2, lang=lang)
    assert "jinkui template volumes" in told
    assert not out.exists()
    jinkui("export", VOLUME, str(out), "--version", "1", lang=lang)
    assert len([*(out / "data/representations/original/data").rglob("*.txt")]) > 1
