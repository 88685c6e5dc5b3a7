"""Names in a ZIP that is named for a batch: whether they come out wrong, told without unpacking it."""

import zipfile
from pathlib import Path

from ingest.batch.listing import garbled_in_zip

MEANT = "档案目录/第001号 会议纪要.jpg"


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
