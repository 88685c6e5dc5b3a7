"""Files to be taken away follow the settings and what is published, and go with it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import SearchError, ToolFailedError
from archives.message import message
from archives.record.holding import Holding
from archives.record.rights import Withdrawal
from search.published.files import offering
from search.published.files.offer import NO_DOWNLOADS, Downloads, Sheet
from search.published.following import CaughtUp
from search.published.publish import catch_up
from search.published.view import PublishedView
from tests.test_search.test_published.test_publish import DRAWN, TODAY, Setting, Source, decision, make_holding


class Printer:
    """Makes what stands for a PDF, and remembers of what; cannot while it is ``away``."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str, int]] = []
        self.away = False

    def __call__(self, sheets: Sequence[Sheet], *, title: str, code: str, holder: str, language: str) -> bytes:
        if self.away:
            raise ToolFailedError(message("不在", "away"))
        self.made.append((title, language, len(sheets)))
        return f"%PDF canarypdf {title} {code} {holder} ".encode() + sheets[0].jpeg


class Shelf(Setting):
    """Everything public, with files to be taken away of some repositories."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.printer = Printer()

    def publish(self, source: Source, *repositories: str) -> CaughtUp:
        """Catch up, with these repositories letting files be taken away."""
        downloads = Downloads(frozenset(repositories), self.printer) if repositories else NO_DOWNLOADS
        return catch_up(
            source,
            self.staff,
            self.public,
            owed=self.owed,
            today=TODAY,
            image_of=lambda *_: DRAWN,
            downloads=downloads,
        )

    def view(self) -> PublishedView:
        """Return the one view that there is."""
        (view,) = (self.public.views.stored(one) for one in self.public.views.ids())
        assert view is not None
        return view

    def files(self) -> set[str]:
        """Return the names of all files to be taken away, whole or not."""
        return {path.name for path in self.public.images.rglob("*.pdf*")}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def of_two_pages(holding: Holding) -> Holding:
    """Return a record of two pages."""
    more = tuple(
        replace(file, path=PurePosixPath(str(file.path).replace("1.", "2.")), page=2) for file in holding.files
    )
    return replace(holding, files=(*holding.files, *more))


def test_a_file_is_made_only_where_the_repository_lets_it_be_taken_away(shelf: Shelf) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 2))
    shelf.publish(source, "990002")
    assert (shelf.view().may_download, shelf.view().files, shelf.files()) == (False, (), set())
    shelf.publish(source, "990001")
    (file,) = shelf.view().files
    data = (shelf.public.images / shelf.view().view_id / file.name).read_bytes()
    assert (hashlib.sha256(data).hexdigest(), len(data), file.first, file.last) == (file.sha256, file.size_bytes, 1, 1)
    assert shelf.printer.made == [("canarytitle1", "zh-Hans", 1)]
    assert shelf.files() == {file.name}


def test_a_setting_is_followed_without_any_entry_in_the_journal(shelf: Shelf) -> None:
    source = Source(make_holding(1, 1, decision()))
    shelf.publish(source)
    shelf.publish(source, "990001")
    assert shelf.view().may_download
    assert len(shelf.files()) == 1
    shelf.publish(source)
    assert not shelf.view().may_download
    assert b"canarypdf" not in shelf.raw()
    assert b"canaryimage" in shelf.raw(), "what is read online stays"


def test_what_stands_is_not_made_again(shelf: Shelf) -> None:
    holding = make_holding(1, 1, decision())
    source = Source(holding)
    shelf.publish(source, "990001")
    source.holdings = [replace(holding, sequence=2)]
    shelf.publish(source, "990001")
    shelf.publish(source, "990001", "990002")
    assert len(shelf.printer.made) == 1


def test_a_title_that_changed_is_in_no_file_of_before(shelf: Shelf) -> None:
    holding = make_holding(1, 1, decision())
    source = Source(holding)
    shelf.publish(source, "990001")
    source.holdings = [replace(holding, sequence=2, description=replace(holding.description, title="another"))]
    shelf.publish(source, "990001")
    assert len(shelf.files()) == 1
    assert b"canarytitle1" not in b"".join(path.read_bytes() for path in shelf.public.images.rglob("*.pdf"))


def test_a_file_says_the_code_and_the_repository_as_they_are_published(shelf: Shelf) -> None:
    holding = make_holding(1, 1, decision())
    source = Source(holding)
    shelf.publish(source, "990001")
    for name in (holding.repository.name, "改名后的档案馆"):
        repository = replace(holding.repository, name=name)
        source.holdings = [replace(holding, sequence=source.head() + 1, repository=repository)]
        shelf.publish(source, "990001")
        (path,) = shelf.public.images.rglob("*.pdf")
        assert f"{shelf.view().said('archival_code')} {name} ".encode() in path.read_bytes()


def test_closing_takes_files_too(shelf: Shelf) -> None:
    holding = make_holding(1, 1, decision())
    source = Source(holding)
    shelf.publish(source, "990001")
    assert b"canarypdf" in shelf.raw()
    source.holdings = [replace(holding, decisions=(decision(), Withdrawal("误")), sequence=2)]
    shelf.publish(source, "990001")
    assert b"canary" not in shelf.raw()


def test_a_record_whose_file_cannot_be_made_is_public_without_and_tried_again(shelf: Shelf) -> None:
    source = Source(make_holding(1, 1, decision()))
    shelf.printer.away = True
    (trouble,) = shelf.publish(source, "990001").troubles
    assert trouble.archival_code == "Z109-WS-1"
    assert shelf.view().files == ()
    shelf.printer.away = False
    assert shelf.publish(source, "990001").troubles == ()
    assert len(shelf.view().files) == 1


def test_a_run_that_was_broken_off_goes_on_with_what_it_made(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(make_holding(1, 1, decision()))

    def killed(*_: object, **__: object) -> list[bool]:
        raise SearchError(message("断", "killed"))

    with monkeypatch.context() as broken:
        broken.setattr(shelf.public.views, "put_all", killed)
        with pytest.raises(SearchError):
            shelf.publish(source, "990001")
    (made,) = shelf.public.images.rglob("*.pdf")
    made.with_name("0" * 32 + ".pdf.new").write_bytes(b"half of it")
    shelf.publish(source, "990001")
    assert shelf.files() == {made.name}
    assert shelf.view().files[0].name == made.name


def test_pictures_that_are_not_what_was_published_go_into_no_file(shelf: Shelf) -> None:
    source = Source(make_holding(1, 1, decision()))
    shelf.publish(source)
    (picture,) = shelf.public.images.rglob("0001.jpg")
    picture.write_bytes(b"another")
    (trouble,) = shelf.publish(source, "990001").troubles
    assert "not what was published" in trouble.failure.message.text("en")
    assert shelf.files() == set()


def test_a_long_record_has_several_files(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source(of_two_pages(make_holding(1, 1, decision())))
    for limit, value in (("MOST_PAGES", 1), ("MOST_BYTES", 1)):
        with monkeypatch.context() as small:
            small.setattr(offering, limit, value)
            shelf.publish(source, "990001", limit)
        assert [(one.first, one.last) for one in shelf.view().files] == [(1, 1), (2, 2)]
        shelf.publish(source)
    shelf.publish(source, "990001")
    assert [(one.first, one.last) for one in shelf.view().files] == [(1, 2)]
    assert len(shelf.files()) == 1
