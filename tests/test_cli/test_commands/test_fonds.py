"""Fonds come in by sheet, through the same gate as all else: no state secret, and no column that vanishes."""

from pathlib import Path

import pytest

from tests.support.command_line import Jinkui


@pytest.fixture
def archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Jinkui:
    jinkui = Jinkui(tmp_path / "home", capsys)
    jinkui("init")
    jinkui("repository", "add", "990121", "--name", "某馆", "--name-en", "Some archives")
    return jinkui


def _sheet(folder: Path, text: str, name: str = "f.csv") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("全宗号,全宗名称,密级\nJ019,鸱鸮计划,机密\n", "C2"),
        ("全宗号,全宗名称,介绍\nJ019,鸱鸮计划,绝密\n", "C2"),
        ("全宗号,全宗名称,全宗介绍\nJ019,鸱鸮计划,机密★20年\n", "C2"),
        ("全宗号,全宗名称\nJ019,鸱鸮计划（机密）\n", "B2"),
        ("机密,\n全宗号,全宗名称\nJ019,鸱鸮计划\n", "A1"),
    ],
)
def test_a_state_secret_stops_fonds_before_anything_is_written(
    archive: Jinkui, tmp_path: Path, text: str, place: str
) -> None:
    path = _sheet(tmp_path, text)
    assert place in archive("fonds", "import", path, code=5)
    raw = b"".join(one.read_bytes() for one in archive.home.rglob("*") if one.is_file())
    assert "鸱鸮".encode() not in raw


def test_a_word_that_is_no_marking_is_answered(archive: Jinkui, tmp_path: Path) -> None:
    path = _sheet(tmp_path, "全宗号,全宗名称,全宗介绍\nJ019,绝密,一部影片\n")
    archive("fonds", "import", path, code=5)
    told = archive.json("fonds", "import", path, "--not-secret", "B2=title of a film")
    assert (told["fonds"], [one["code"] for one in told["findings"]]) == (["J019"], ["judged-not-secret"])


def test_what_nobody_can_tell_to_be_public_stays_out(archive: Jinkui, tmp_path: Path) -> None:
    path = _sheet(tmp_path, "全宗号,全宗名称,密级\nJ019,甲全宗,三级\nJ020,乙全宗,公开\n")
    told = archive.json("fonds", "import", path, code=12)
    assert told["fonds"] == ["J020"]
    assert [(one["code"], one["row"]) for one in told["findings"]] == [("security-unknown", 2), ("column-not-taken", 1)]


def test_every_column_that_is_not_known_is_told(archive: Jinkui, tmp_path: Path) -> None:
    path = _sheet(tmp_path, "全宗号,全宗名称,馆藏数量,名称\nJ019,甲全宗,300,旧名\n")
    told = archive.json("fonds", "import", path, code=12)
    assert [one["code"] for one in told["findings"]] == ["column-not-taken"] * 2
    assert {"馆藏数量", "名称"} == {
        word for one in told["findings"] for word in ("馆藏数量", "名称") if f"“{word}”" in one["message"]
    }
