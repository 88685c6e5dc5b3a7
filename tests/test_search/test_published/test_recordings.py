"""A recording is a page that sounds: published, proven and taken back as pages are."""

import hashlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import FormatError, StorageError
from archives.message import message
from archives.record.holding import Holding, StoredFile
from archives.record.rights import OnlineScope, Withdrawal
from search.published.pages import write_page
from search.published.publish import catch_up
from search.published.shown.page_file import PageImages
from search.published.tree import published_leaf
from search.published.view import PublishedPage, json_of, view_of
from tests.test_search.test_published.test_publish import TODAY, Setting, Source, decision, make_holding

SOUND = b"RIFF canarysound"


def recording(number: int, sequence: int, *decisions: object) -> Holding:
    """Return a record of one recording, without any text."""
    holding = make_holding(number, sequence, *decisions)  # type: ignore[arg-type] # decisions of the tests
    return replace(holding, files=(replace(holding.files[0], mime="audio/x-wav"),))


def publish(setting: Setting, source: Source) -> None:
    """Catch up; what is opened sounds."""

    def made(*_: object) -> PageImages:
        path = setting.public.images.parent / "made.wav"
        path.write_bytes(SOUND)
        return PageImages(b"", recording=path)

    catch_up(source, setting.staff, setting.public, owed=setting.owed, today=TODAY, image_of=made)
    assert not (setting.public.images.parent / "made.wav").exists()


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_an_open_recording_is_a_page_with_its_sound(setting: Setting) -> None:
    publish(setting, Source(recording(1, 1, decision())))
    (view,) = (setting.public.views.get_by_id(one) for one in setting.public.views.ids())
    assert view is not None
    (page,) = view.pages
    assert (page.recording, page.image, page.text, page.beside) == ("0001.wav", None, "", "")
    data = (setting.public.images / view.view_id / page.recording).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data)) == (page.recording_sha256, page.recording_bytes)
    assert page.recording_sha256.encode() in published_leaf(view, setting.public.images)
    assert view_of(json_of(view)) == view


@pytest.mark.parametrize("decisions", [(), (decision(scope=OnlineScope.CATALOGUE_ONLY),), (decision(), Withdrawal("误"))])  # fmt: skip
def test_what_is_not_open_sounds_nowhere(setting: Setting, decisions: tuple[object, ...]) -> None:
    publish(setting, Source(recording(1, 1, *decisions)))
    assert b"canarysound" not in setting.raw()


def test_closing_takes_the_sound(setting: Setting) -> None:
    source = Source(recording(1, 1, decision()))
    publish(setting, source)
    assert b"canarysound" in setting.raw()
    source.holdings = [recording(1, 2, decision(), Withdrawal("误"))]
    publish(setting, source)
    assert b"canary" not in setting.raw()


def test_a_recording_of_which_sound_alone_cannot_be_kept_is_open_and_not_played(setting: Setting) -> None:
    def none(holding: Holding, file: StoredFile, _: int) -> PageImages:
        raise FormatError(message("取不出来", "not to be told"), subject=file.path.name)

    source = Source(recording(1, 1, decision()))
    done = catch_up(source, setting.staff, setting.public, owed=setting.owed, today=TODAY, image_of=none)
    (view,) = (setting.public.views.get_by_id(one) for one in setting.public.views.ids())
    assert view is not None
    assert (done.troubles, view.pages, view.scope) == ((), (), OnlineScope.FULL_TEXT)


@contextmanager
def full_after(size_bytes: int) -> Iterator[None]:
    """Let no file grow longer, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size_bytes", [3 << 20, (2 << 20) + 7])
def test_nothing_is_left_of_a_recording_that_finds_no_room(tmp_path: Path, size_bytes: int) -> None:
    made, folder = tmp_path / "made.mp4", tmp_path / "public"
    made.write_bytes(bytes(size_bytes))
    with full_after(2 << 20), pytest.raises(StorageError, match="public"):
        write_page(folder, PublishedPage(1, "", None), PageImages(b"", recording=made), None)
    assert (list(folder.iterdir()), made.exists()) == ([], False)


def test_a_recording_is_not_left_where_it_was_made_if_there_is_no_folder_for_it(tmp_path: Path) -> None:
    made, folder = tmp_path / "made.mp4", tmp_path / "public"
    made.write_bytes(SOUND)
    folder.write_bytes(b"no folder")
    with pytest.raises(StorageError):
        write_page(folder, PublishedPage(1, "", None), PageImages(b"", recording=made), None)
    assert (folder.read_bytes(), made.exists()) == (b"no folder", False)
