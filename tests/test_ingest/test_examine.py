"""Every file is read once; one that cannot be is told, and one that defeats its tools is kept."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archives.errors import FormatError, ToolFailedError
from archives.message import message
from archives.record.checksum import digests_of
from ingest.batch.listing import PlannedFile
from ingest.examine import digest_listed, examine_file, examined_files, unexamined
from tests.support.files import image_bytes
from tests.support.intake import codes, planned, workplace


class Deadly(ThreadPoolExecutor):
    """Children that one file kills."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Fail for files called ``deadly``."""
        if args[0].relative != "deadly.png":
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        future.set_exception(ToolFailedError(message("坏", "the process working on it died")))
        return future


def test_a_file_is_known_by_its_digests_its_format_and_its_pages(tmp_path: Path) -> None:
    data = image_bytes("TIFF", frames=2)
    seen = examine_file(planned(tmp_path / "a.tif", data=data))
    assert (seen.digests, seen.format.mime, seen.pages) == (digests_of(data), "image/tiff", 2)
    assert dict(seen.properties)["width_px"] == "120"


def test_what_is_wrong_with_a_file_names_it_as_it_came(tmp_path: Path) -> None:
    file = replace(planned(tmp_path / "a.png", data=b"\x01no picture"), relative="卷/\udcc4.png")
    (found,) = examine_file(file).findings
    assert (found.code, found.file) == ("format-unknown", "卷/\\xc4.png")


def test_a_large_file_is_digested_block_by_block(tmp_path: Path) -> None:
    data = bytes(range(256)) * 3000
    assert digest_listed(planned(tmp_path / "a.bin", data=data)) == digests_of(data)


def test_a_file_that_was_judged_is_not_taken_with_other_bytes(tmp_path: Path) -> None:
    judged = replace(planned(tmp_path / "a.csv", data=b"public"), sha256=digests_of(b"public").sha256)
    assert examine_file(judged).digests == digests_of(b"public")
    (tmp_path / "a.csv").write_bytes(b"secret")
    for look in (examine_file, digest_listed, unexamined):
        with pytest.raises(FormatError, match="after it was judged"):
            look(judged)


@pytest.mark.parametrize("name", ["gone", "folder"])
def test_bytes_that_cannot_be_read_are_an_error_that_names_the_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FormatError) as unreadable:
        digest_listed(PlannedFile(tmp_path / name, name, 1))
    assert unreadable.value.subject == name


def test_a_file_that_kills_its_child_is_kept_and_the_others_are_examined(tmp_path: Path) -> None:
    files = [planned(tmp_path / name) for name in ("a.png", "deadly.png", "b.png")]
    with workplace(tmp_path) as place, Deadly(1) as deadly:
        seen = list(examined_files(files, replace(place, executor=deadly)))
    assert [file.planned for file in seen] == files
    assert [codes(file.findings) for file in seen] == [[], ["file-not-examined"], []]
    assert seen[1].digests == seen[0].digests
    assert "died" in seen[1].format.caution


def test_a_file_that_is_only_digested_claims_nothing_else(tmp_path: Path) -> None:
    seen = unexamined(planned(tmp_path / "a.png"))
    assert (seen.format.name, seen.format.puid, seen.pages, seen.findings) == ("unknown", None, None, ())
