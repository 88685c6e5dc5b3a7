"""Names of files that came out of a ZIP in another encoding than they were packed in."""

import os
import zipfile
from pathlib import Path

import pytest

from formats.garbled_names import Garbled, garbled, garbled_in_zip

MEANT = "档案目录/第001号 会议纪要.jpg"


@pytest.mark.parametrize("packed", ["gb18030", "utf-8"])
@pytest.mark.parametrize("unpacked", ["cp437", "latin-1"])
def test_a_name_that_came_out_wrong_tells_what_it_was(packed: str, unpacked: str) -> None:
    name = MEANT.encode(packed).decode(unpacked)
    assert garbled(name) == Garbled(name, MEANT, packed)


def test_bytes_of_gbk_that_are_no_text_tell_what_they_were() -> None:
    name = os.fsdecode(MEANT.encode("gb18030"))
    assert garbled(name) == Garbled(name, MEANT, "gb18030")


@pytest.mark.parametrize(
    "name",
    [
        "plain.txt",
        MEANT,
        "会议.jpg",
        "Müller-Lüdenscheidt.pdf",
        "Résumé naïve coöperation.docx",
        "ÅÄÖ.txt",
        "Straße ½ – “quoted”.txt",
        "Ελλάδα.txt",
        "документ.txt",
        "議事録・会議.txt",
        "║ ═╬═ ░▒▓.txt",
        "",
    ],
)
def test_what_somebody_may_have_written_is_left_alone(name: str) -> None:
    assert garbled(name) is None


def packed(path: Path, names: list[bytes], *, is_utf8: bool = False) -> Path:
    """Write a ZIP whose names are these bytes, as packers that know nothing of flags do."""
    with zipfile.ZipFile(path, "w") as box:
        for number, name in enumerate(names):
            box.writestr(str(number) * len(name), b"words")
    data = path.read_bytes()
    for number, name in enumerate(names):
        data = data.replace(str(number).encode() * len(name), name)
    path.write_bytes(data)
    if is_utf8:
        with zipfile.ZipFile(path, "w") as box:
            for name in names:
                box.writestr(name.decode("utf-8"), b"words")
    return path


def test_a_zip_whose_names_come_out_wrong_tells_the_first(tmp_path: Path) -> None:
    found = garbled_in_zip(packed(tmp_path / "a.zip", [b"catalogue.csv", MEANT.encode("gb18030")]))
    assert found is not None
    assert (found.meant, found.encoding) == (MEANT, "gb18030")


def test_a_zip_that_says_its_names_are_utf8_or_is_none_tells_nothing(tmp_path: Path) -> None:
    assert garbled_in_zip(packed(tmp_path / "a.zip", [MEANT.encode()], is_utf8=True)) is None
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04")
    assert garbled_in_zip(tmp_path / "b.zip") is None
    assert garbled_in_zip(tmp_path / "absent.zip") is None
