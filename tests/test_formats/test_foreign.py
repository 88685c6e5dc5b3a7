"""What libraries say is told without where anything lies on this machine."""

import errno
from pathlib import Path

import pytest

from archives.errors import FormatError
from formats.characterize import characterize
from formats.foreign import words_of
from formats.identify import identify
from formats.kinds.registry import KINDS
from formats.text import extract_text
from tests.support.files import SAMPLES, put

PATH = Path("/archive/incoming/secret/a.png")


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (
            ValueError("cannot identify image file '/archive/incoming/secret/a.png'"),
            "“cannot identify image file 'a.png'”",
        ),
        (ValueError("broken data stream"), "“broken data stream”"),
        (RuntimeError("temporary file /tmp/x1/y lost"), "the program failed (RuntimeError)"),
        (ValueError("cannot open file:///srv/scans/x.ofd"), "the program failed (ValueError)"),
        (ValueError("name='/srv/scans/x.ofd' is closed"), "the program failed (ValueError)"),
        (ValueError("<fd:/proc/self/fd/9>: bad"), "the program failed (ValueError)"),
        (ValueError("read /tmp"), "the program failed (ValueError)"),
        (ValueError(r"C:\scans\a.tif lost"), "the program failed (ValueError)"),
        (
            ValueError("element http://www.w3.org/a/b: 3/4 and/or text/xml"),
            "“element http://www.w3.org/a/b: 3/4 and/or text/xml”",
        ),
        (KeyError(""), "“''”"),
        (ValueError(), "the program failed (ValueError)"),
        (MemoryError(), "it needs more memory than it may have"),
        (OSError(errno.EACCES, "Permission denied", "/etc/shadow"), "permission denied"),
        (OSError("[Errno x] opening '/etc/shadow'"), "the program failed (OSError)"),
    ],
)
def test_no_absolute_path_is_told(cause: Exception, words: str) -> None:
    assert words_of(cause, PATH).text("en") == words


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
def test_findings_about_a_broken_file_name_no_place_of_this_machine(tmp_path: Path, name: str, keep: float) -> None:
    data = SAMPLES[name]
    path = put(tmp_path, name, data[: int(len(data) * keep)])
    known = identify(path)
    found = [*characterize(path, known).findings, *extract_text(path, known).findings]
    for kind in KINDS:
        if known.mime in kind.endings and kind.draw is not None:
            try:
                kind.draw(path, 0)
            except FormatError as broken:
                assert str(tmp_path) not in str(broken)
    assert all(str(tmp_path) not in finding.message.text(language) for finding in found for language in ("zh", "en"))
