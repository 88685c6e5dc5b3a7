"""Every kind of file keeps the same promises: the registry knows it, a whole one is read, a broken one is told."""

import importlib
import pkgutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import formats.kinds
from archives.errors import FormatError
from formats.identify import identify
from formats.kinds.kind import UNKNOWN, Enclosed, Kind
from formats.kinds.registry import KINDS, PAGE_ENDINGS, kind_of, mime_named, mime_promised
from tests.support.files import SAMPLES, pages_of, put

NO_KINDS = (
    "kind",
    "registry",
    "embedded",
    "office.libreoffice_kit",
    "office.lists.counting",
    "office.lists.open_document_lists",
    "office.lists.word_binary_lists",
    "office.lists.word_lists",
    "office.by_libreoffice",
)
"""The last one needs a program that is not everywhere, and has tests of its own."""

KIND_MODULES = [
    one.name
    for one in pkgutil.walk_packages(formats.kinds.__path__, "formats.kinds.")
    if not one.ispkg and one.name.removeprefix("formats.kinds.") not in NO_KINDS
]


def kind_of_sample(folder: Path, name: str) -> tuple[Path, Kind]:
    """Write a sample and return it with its kind."""
    path = put(folder, name, SAMPLES[name])
    return path, kind_of(identify(path).mime)


@pytest.mark.parametrize("module", KIND_MODULES)
def test_every_module_of_a_kind_has_its_line_in_the_registry(module: str) -> None:
    kind = importlib.import_module(module).KIND
    assert [one for one in KINDS if one is kind] == [kind]


@pytest.mark.parametrize("module", KIND_MODULES)
def test_every_kind_gives_something(module: str) -> None:
    kind = importlib.import_module(module).KIND
    assert kind.look or kind.draw or kind.read
    assert kind.endings


@pytest.mark.parametrize("module", KIND_MODULES)
def test_every_kind_has_a_sample_that_is_known_as_it(tmp_path: Path, module: str) -> None:
    kind = importlib.import_module(module).KIND
    assert any(kind_of_sample(tmp_path, name)[1] is kind for name in SAMPLES)


def test_no_two_kinds_claim_one_type_or_one_ending() -> None:
    types = [mime for kind in KINDS for mime in kind.endings]
    endings = [ending for kind in KINDS for ending in {one for every in kind.endings.values() for one in every}]
    named = [ending for kind in KINDS for ending in kind.named]
    for claimed in (types, endings, named):
        assert len(set(claimed)) == len(claimed)


def test_a_type_that_an_ending_names_is_one_of_the_kind_itself() -> None:
    assert all(mime in kind.endings for kind in KINDS for mime in kind.named.values())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_file_is_measured_drawn_and_read(tmp_path: Path, name: str) -> None:
    path, kind = kind_of_sample(tmp_path, name)
    look = kind.look(path) if kind.look else None
    if kind.draw:
        assert look is not None
        assert look.pages == 1
        assert kind.draw(path, 0).pixels.ndim == 3
    if kind.read:
        assert "".join(pages_of(kind, path)).strip() or any(isinstance(one, Enclosed) for one in kind.read(path))


@pytest.mark.parametrize("name", [name for name in SAMPLES if kind_of(mime_promised(Path(name)) or "").look])
@pytest.mark.parametrize("data", [b"", b"\0" * 64, b"no such thing"], ids=["empty", "zeros", "words"])
def test_a_file_of_another_kind_is_a_format_error_and_nothing_else(tmp_path: Path, name: str, data: bytes) -> None:
    kind = kind_of(mime_promised(Path(name)) or "")
    assert kind.look
    with pytest.raises(FormatError):
        kind.look(put(tmp_path, name, data))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(sorted(SAMPLES)), cut=st.floats(0, 1), flip=st.integers(0, 255))
def test_a_file_cut_short_or_changed_breaks_nothing_but_itself(
    tmp_path_factory: pytest.TempPathFactory, name: str, cut: float, flip: int
) -> None:
    data = bytearray(SAMPLES[name][: round(cut * len(SAMPLES[name]))])
    if data:
        data[len(data) // 2] ^= flip
    path = put(tmp_path_factory.mktemp("cut"), name, bytes(data))
    kind = kind_of(mime_promised(path) or "")
    try:
        look = kind.look(path) if kind.look else None
        if look and look.pages and kind.draw:
            kind.draw(path, 0)
    except FormatError as broken:
        assert broken.subject == path.name


def test_what_nobody_knows_is_the_unknown_kind_which_gives_nothing() -> None:
    assert kind_of("application/x-nobody") is UNKNOWN
    assert (UNKNOWN.look, UNKNOWN.draw, UNKNOWN.read) == (None, None, None)


def test_endings_are_matched_whatever_their_case() -> None:
    assert mime_promised(Path("A.TIF")) == "image/tiff"
    assert mime_named(Path("A.TXT")) == "text/plain"


def test_an_ending_that_promises_nothing_names_nothing() -> None:
    assert mime_promised(Path("a.txt")) is None
    assert mime_named(Path("a.tif")) is None


def test_pages_are_drawn_of_images_and_pdf_only() -> None:
    assert {".jpg", ".tif", ".png", ".jp2", ".jpx", ".j2k", ".bmp", ".webp", ".avif", ".heic", ".pdf"} <= PAGE_ENDINGS
    assert not {".ofd", ".docx", ".txt", ".wav", ".zip"} & PAGE_ENDINGS
