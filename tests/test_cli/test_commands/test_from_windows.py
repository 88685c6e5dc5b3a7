"""A batch as Windows and macOS hand it over: marks, line ends, paths, and what they leave beside the files."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.command_line import Jinkui, Prepared

CODES = tuple(f"X001-WS·2024-Y-BGS-000{number}" for number in (1, 2))
LEFT = ("~$catalogue.csv", ".~lock.catalogue.csv#", "Thumbs.db", "desktop.ini", ".DS_Store", "__MACOSX/._1.txt")


def founded(jinkui: Jinkui) -> None:
    """Make an archive with a repository and a fonds."""
    jinkui("repository", "add", "990001", "--name", "馆")
    fonds = jinkui.home.parent / "fonds.csv"
    fonds.write_text("全宗号,全宗名称\nX001,全宗\n", "utf-8")
    jinkui("fonds", "import", str(fonds))


@pytest.fixture
def jinkui(prepared: Prepared, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    return prepared.copy(founded, tmp_path, capsys)


def batch(folder: Path, *, encoding: str = "utf-8-sig", settings: bytes = b"") -> Path:
    """Write a batch with the line ends of Windows, in whose sheet folders are divided as there."""
    (folder / "sub").mkdir(parents=True)
    (folder / "sub/1.txt").write_bytes("正文\r\n".encode())
    (folder / "2.txt").write_bytes(b"text\r\n")
    rows = ("档号,题名,语种,文件", f"{CODES[0]},题名一,汉语,sub\\1.txt", f"{CODES[1]},题名二,汉语,2.txt", "")
    (folder / "catalogue.csv").write_bytes("\r\n".join(rows).encode(encoding))
    if settings:
        (folder / "batch.toml").write_bytes(settings)
    return folder


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_marks_line_ends_and_backslashes_are_read_as_they_are_meant(
    jinkui: Jinkui, tmp_path: Path, encoding: str
) -> None:
    settings = 'kind = "documents"\r\n[defaults]\r\n"责任者" = "县水利局"\r\n'.encode("utf-8-sig")
    done = jinkui.json("ingest", str(batch(tmp_path / "batch", encoding=encoding, settings=settings)))
    assert [one["outcome"] for one in done["records"]] == ["stored", "stored"]
    assert [one["code"] for one in done["findings"] if one["severity"] != "note"] == []
    assert "县水利局" in json.dumps(jinkui.json("show", CODES[0]), ensure_ascii=False)


def test_what_systems_leave_behind_is_passed_over_each_in_a_line_that_says_what_it_is(
    jinkui: Jinkui, tmp_path: Path
) -> None:
    folder = batch(tmp_path / "batch")
    for name in LEFT:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"left behind")
    done = jinkui.json("ingest", str(folder))
    told = {one["file"]: one["message"] for one in done["findings"]}
    assert set(told) == set(LEFT)
    assert all(
        words in told[name]
        for name, words in zip(LEFT, ("open", "open", "thumbnails", "Windows", "macOS", "macOS"), strict=True)
    )
    assert [one["outcome"] for one in done["records"]] == ["stored", "stored"]


def test_settings_that_nobody_reads_are_told_what_they_are_to_be_called(jinkui: Jinkui, tmp_path: Path) -> None:
    folder = batch(tmp_path / "batch")
    (folder / "batch.toml.txt").write_bytes(b'kind = "documents"\r\n')
    (found,) = jinkui.json("ingest", str(folder), "--dry-run", code=12)["findings"]
    assert (found["code"], found["file"]) == ("file-without-row", "batch.toml.txt")
    assert "call it batch.toml" in found["advice"]


def test_settings_in_another_encoding_say_how_they_are_saved(jinkui: Jinkui, tmp_path: Path) -> None:
    for name, encoding in (("one", "gb18030"), ("two", "utf-16")):
        settings = '[defaults]\r\n责任者 = "县水利局"\r\n'.encode(encoding)
        said = jinkui.json("ingest", str(batch(tmp_path / name, settings=settings)), code=3)["error"]
        assert said["message"] == "batch.toml is not in UTF-8"
        assert "UTF-8" in said["advice"]


def test_a_name_in_chinese_without_quotes_is_told_to_have_them(jinkui: Jinkui, tmp_path: Path) -> None:
    settings = '[defaults]\r\n责任者 = "县水利局"\r\n'.encode()
    said = jinkui.json("ingest", str(batch(tmp_path / "batch", settings=settings)), code=3)["error"]
    assert said["advice"] == 'a name in Chinese stands in quotes: "责任者" = "县水利局"'


def test_a_packed_batch_is_refused_with_how_to_unpack_it_and_nothing_is_done(jinkui: Jinkui, tmp_path: Path) -> None:
    (tmp_path / "batch.zip").write_bytes(b"PK\x03\x04")
    head = (jinkui.home / "stores/first/journal/head").read_bytes()
    said = jinkui.json("ingest", str(tmp_path / "batch.zip"), code=2)["error"]
    assert "python3 -m zipfile --metadata-encoding gb18030 -e" in said["advice"]
    assert (jinkui.home / "stores/first/journal/head").read_bytes() == head


def test_settings_of_an_archive_with_a_mark_before_them_are_read(jinkui: Jinkui) -> None:
    path = jinkui.home / "jinkui.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").join((b"\xef\xbb\xbf", b"")))
    jinkui("repository", "list")
    jinkui("store", "add", "third", "--path", str(jinkui.home.parent / "third"))
    assert "third" in jinkui("store", "list")


def test_a_folder_with_a_packed_batch_or_around_one_is_told_what_to_do(jinkui: Jinkui, tmp_path: Path) -> None:
    around = tmp_path / "around"
    batch(around / "2026-03")
    assert "there are tables in folders below it (2026-03)" in jinkui("ingest", str(around), code=4)
    (around / "b.ZIP").write_bytes(b"PK")
    (around / "a.7z").write_bytes(b"7z")
    said = jinkui("ingest", str(around), code=4)
    assert "packed files are in it (a.7z, b.ZIP): unpack them first" in said
    (tmp_path / "empty").mkdir()
    assert "put in catalogue.xlsx" in jinkui("ingest", str(tmp_path / "empty"), code=4)


def test_names_that_came_out_of_a_zip_wrong_are_said_with_what_they_were(jinkui: Jinkui, tmp_path: Path) -> None:
    folder = batch(tmp_path / "batch")
    for name in ("会议纪要一.txt", "会议纪要二.txt"):
        (folder / name.encode("gbk").decode("cp437")).write_bytes(b"words")
    done = jinkui.json("ingest", str(folder), code=12)
    (told,) = [one for one in done["findings"] if one["code"] == "names-garbled"]
    assert ("2 names came out wrong" in told["message"], "会议纪要" in told["message"]) == (True, True)
    assert "python3 -m zipfile --metadata-encoding gb18030 -e FILE DIR" in told["advice"]


def test_a_zip_given_for_a_batch_says_in_which_encoding_it_was_packed(jinkui: Jinkui, tmp_path: Path) -> None:
    name = "会议纪要一.txt".encode("gbk")
    place = tmp_path / "batch.zip"
    with zipfile.ZipFile(place, "w") as box:
        box.writestr("x" * len(name), b"words")
    place.write_bytes(place.read_bytes().replace(b"x" * len(name), name))
    said = jinkui.json("ingest", str(place), code=2)["error"]["advice"]
    assert f"python3 -m zipfile --metadata-encoding gb18030 -e {place} batch" in said
    assert "for 会议纪要一.txt" in said
    (tmp_path / "in").mkdir()
    place.rename(tmp_path / "in/b 1.zip")
    said = jinkui.json("ingest", str(tmp_path / "in"), code=4)["error"]["advice"]
    assert "--metadata-encoding gb18030 -e 'b 1.zip' DIR" in said


def test_what_systems_leave_behind_is_no_orphan_when_a_batch_is_added_up(jinkui: Jinkui, tmp_path: Path) -> None:
    folder = batch(tmp_path / "batch")
    for name in (*LEFT, "stray.txt", "~$catalogue.xlsx"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"left behind")
    number = jinkui.json("ingest", str(folder), code=12)["batch_id"]
    told = jinkui.json("catalogue", "reconcile", number)
    assert [one["file"] for one in told["orphans"]] == ["stray.txt"]
    assert (told["adds_up"], told["sums"][-1]["orphans"], told["sums"][-1]["read"]) == (True, 1, 2)
