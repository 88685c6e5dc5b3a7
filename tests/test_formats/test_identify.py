"""Every file gets an answer with its reason; what nobody knows is called unknown."""

from pathlib import Path

import pytest

from archives.errors import FormatError
from formats.identify import identify
from formats.kinds.kind import UNKNOWN_MIME
from tests.support.files import SAMPLES, ofd_bytes, put, zip_bytes


@pytest.mark.parametrize(
    "name", [name for name in SAMPLES if name not in ("a.ofd", "a.txt", "a.odt", "a.doc", "a.ole", "a.7z", "a.msg")]
)
def test_a_format_is_known_by_its_content_whatever_its_name(tmp_path: Path, name: str) -> None:
    rightly = identify(put(tmp_path, name, SAMPLES[name]))
    if name in ("a.eml", "a.html"):
        return  # their signatures say what the name has to confirm
    wrongly = identify(put(tmp_path, "noname.bin", SAMPLES[name]))
    assert rightly.puid
    assert (wrongly.puid, wrongly.mime) == (rightly.puid, rightly.mime)


def test_an_answer_says_what_it_rests_on(tmp_path: Path) -> None:
    found = identify(put(tmp_path, "a.png", SAMPLES["a.png"]))
    assert "byte match" in found.basis
    assert found.caution == ""


def test_what_is_known_by_its_name_only_is_marked_so(tmp_path: Path) -> None:
    found = identify(put(tmp_path, "a.csv", b"1,2\n"))
    assert "extension only" in found.caution


def test_ofd_is_known_by_its_own_rule_and_has_no_puid(tmp_path: Path) -> None:
    found = identify(put(tmp_path, "no-ending", ofd_bytes(version="1.2")))
    assert (found.puid, found.name, found.version, found.mime) == (None, "OFD", "1.2", "application/ofd")


def test_a_zip_that_is_no_ofd_is_a_zip(tmp_path: Path) -> None:
    assert identify(put(tmp_path, "a.zip", zip_bytes({"a": b"x"}))).puid == "x-fmt/263"


def test_bytes_that_nobody_knows_are_unknown_without_a_puid(tmp_path: Path) -> None:
    found = identify(put(tmp_path, "a.xyzzy", b"\x01\x02\x03nothing"))
    assert (found.puid, found.name, found.mime) == (None, "unknown", UNKNOWN_MIME)
    assert found.caution


@pytest.mark.parametrize(("ending", "mime"), [("md", "text/markdown"), ("TXT", "text/plain"), ("csv", "text/csv")])
def test_text_has_no_signature_and_is_named_by_its_ending(tmp_path: Path, ending: str, mime: str) -> None:
    assert identify(put(tmp_path, f"a.{ending}", "水位".encode())).mime == mime


def test_an_empty_file_is_nothing_else(tmp_path: Path) -> None:
    found = identify(put(tmp_path, "a.pdf", b""))
    assert (found.name, found.mime) == ("empty file", "application/x-empty")


def test_a_file_that_cannot_be_read_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as gone:
        identify(tmp_path / "gone")
    assert gone.value.subject.endswith("gone")


def test_a_name_that_is_no_text_hinders_nothing(tmp_path: Path) -> None:
    path = Path(str(tmp_path).encode().decode() + "/\udcc4\udce3.png")
    path.write_bytes(SAMPLES["a.png"])
    assert identify(path).mime == "image/png"
