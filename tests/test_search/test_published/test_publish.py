"""What is published follows the decisions, on their day, and leaves nothing behind when it is taken back."""

import sqlite3
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import pytest

from archives.errors import IntegrityError, SearchError, ToolFailedError
from archives.message import message
from archives.record.checksum import Kept, Master
from archives.record.description import Description, Repository
from archives.record.holding import Holding, StoredFile
from archives.record.identifiers import PackageId, RecordKey, RepositoryCode, parse_archival_code
from archives.record.record import RepresentationName
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision, Withdrawal
from archives.record.volume.structure import VolumeItem, VolumeStructure
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import parse_query
from search.index.reading import read_only
from search.published.closing import PublicSide
from search.published.following import CaughtUp
from search.published.lists.pages import recent
from search.published.marks import Marks, code_mark
from search.published.publish import catch_up, rebuild
from search.published.shown.page_file import PageImages
from search.published.views import PublishedViews

TODAY = date(2026, 1, 1)
DRAWN = PageImages(
    b"canaryimage", 100, 200, 512, 1, {"0/0_0.jpg": b"canaryimage tile", "thumbnail.jpg": b"canaryimage small"}
)


def decision(
    opens: date | None = TODAY, scope: OnlineScope = OnlineScope.FULL_TEXT, conclusion: Conclusion = Conclusion.OPEN
) -> OpeningDecision:
    """Return a decision."""
    return OpeningDecision(conclusion, "依据", "", "甲", "乙", date(2025, 1, 1), opens, None, scope)


def make_holding(number: int, sequence: int, *decisions: OpeningDecision | Withdrawal) -> Holding:
    """Return a record of one page."""
    code = parse_archival_code(f"Z109-WS-{number}")
    files = (
        StoredFile(
            PurePosixPath("data/representations/original/data/1.jpg"),
            1,
            "0" * 64,
            "fmt/43",
            "JPEG",
            "image/jpeg",
            "1.jpg",
            RepresentationName.ORIGINAL,
            1,
        ),
        StoredFile(
            PurePosixPath("data/representations/text/data/0001.txt"),
            1,
            "0" * 64,
            "x-fmt/111",
            "Text",
            "text/plain",
            "0001.txt",
            RepresentationName.TEXT,
            1,
        ),
    )
    return Holding(
        PackageId(f"00000000-0000-4000-8000-{number:012}"), 1, RecordKey("990001", code.key),
        Repository(RepositoryCode("990001"), "馆", "Archives", "馆"), None,
        Description(code, f"canarytitle{number}", note=f"canarynote{number}"), files, decisions, sequence, datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


class Source:
    """Records in memory."""

    def __init__(self, *holdings: Holding) -> None:
        self.holdings = list(holdings)
        self.disposed: list[tuple[str, int]] = []
        self.copies = 2

    def changed_after(self, sequence: int, *, decided: bool = False) -> Iterator[Holding]:
        """Yield what changed."""
        for holding in (one for one in self.holdings if one.sequence > sequence):
            if holding.decisions or holding.version or not decided:
                yield holding
                yield from holding.each_item()

    def ahead(self, today: date) -> frozenset[str]:
        """Return nothing: whatever awaits its day is due."""
        return frozenset()

    def awaiting(self, sequence: int, today: date, early: Collection[str] = ()) -> Iterator[Holding]:
        """Yield what awaits its day."""
        return (
            h
            for h in self.holdings
            if any(
                isinstance(d, OpeningDecision) and d.takes_effect_on and d.takes_effect_on > date(2025, 1, 1)
                for d in h.decisions
            )
        )

    def named(self, package_ids: Collection[str]) -> Iterator[Holding]:
        """Yield the records with these identifiers."""
        return (h for h in self.holdings if h.package_id.value in package_ids)

    def as_reviewed(self, _: Holding) -> Holding | None:
        return None

    def kept(self, holding: Holding, day: date) -> Kept | None:
        """Return that the one file of a record is kept twice."""
        if not holding.version:
            return None
        masters = tuple(Master(file.page or 0, file.page or 0, file.sha256) for file in holding.originals)
        return Kept(date(2026, 1, 1), day, self.copies, day, masters)

    def former_codes(self, _: Holding) -> tuple[str, ...]:
        """Return no former codes."""
        return ()

    def disposed_after(self, sequence: int) -> tuple[tuple[str, int], ...]:
        """Return what was disposed of since."""
        return tuple((package_id, at) for package_id, at in self.disposed if at > sequence)

    def head(self) -> int:
        """Return the newest sequence."""
        return max(h.sequence for h in self.holdings)

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a page's text."""
        return f"canarypage{holding.description.code.written} 防汛\n".encode()


class Setting:
    """Both indexes and everything public in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.staff = MemoryIndex()
        self.today = TODAY
        self.public = PublicSide(
            PublishedViews(folder / "public.db", today=lambda: self.today),
            folder / "images",
            EmbeddedIndex(folder / "index.db"),
        )
        self.owed = Marks(folder.parent / f"{folder.name}-owed")

    def follow(self, source: Source, today: date = TODAY) -> CaughtUp:
        """Catch up."""
        self.today = today
        return catch_up(source, self.staff, self.public, owed=self.owed, today=today, image_of=lambda *_: DRAWN)

    def found(self, words: str) -> int:
        """Return how many records the public finds."""
        return self.public.index.search(parse_query(words)).total

    def raw(self) -> bytes:
        """Return every byte the public side holds on disk."""
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


@pytest.mark.parametrize(
    "decisions",
    [
        (),
        (decision(scope=OnlineScope.NOT_ONLINE),),
        (decision(opens=date(2027, 1, 1)),),
        (decision(opens=None),),
        (decision(conclusion=Conclusion.CLOSED),),
        (decision(conclusion=Conclusion.CONTROLLED),),
        (decision(conclusion=Conclusion.POSTPONED),),
        (decision(), Withdrawal("误")),
        (decision(), decision(conclusion=Conclusion.CLOSED)),
    ],
)
def test_what_is_not_open_and_online_leaves_no_trace_in_public(
    setting: Setting, decisions: tuple[OpeningDecision | Withdrawal, ...]
) -> None:
    holding = make_holding(1, 1, *decisions)
    setting.follow(Source(holding))
    assert setting.found("防汛") == 0
    assert setting.public.views.ids() == ()
    raw = setting.raw()
    assert b"canary" not in raw
    assert holding.package_id.value.encode() not in raw
    assert setting.staff.search(parse_query("防汛")).total == 1


def test_a_catalogue_record_shows_its_description_only(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision(scope=OnlineScope.CATALOGUE_ONLY))))
    assert setting.found("canarytitle1") == 1
    assert setting.found("防汛") == 0
    raw = setting.raw()
    assert b"canarypage" not in raw
    assert b"canaryimage" not in raw
    assert b"canarynote" not in raw


def called(holding: Holding, other: Holding, sequence: int) -> Holding:
    """Return a record that has the code of another from an entry on."""
    description = replace(holding.description, code=other.description.code)
    return replace(holding, key=other.key, description=description, sequence=sequence)


def test_codes_change_hands_in_public_and_one_that_two_units_have_stays_with_the_first(setting: Setting) -> None:
    one, two, three = (make_holding(number, number, decision()) for number in (1, 2, 3))
    source = Source(one, two, three)
    setting.follow(source)
    late = called(make_holding(4, 6, decision()), three, 6)
    source.holdings = [called(one, two, 4), called(two, one, 5), three, late]
    done = setting.follow(source)
    views = setting.public.views
    shown = {one: view.code_key for one in views.ids() if (view := views.get_by_id(one))}
    keys = (two.key.code_key, one.key.code_key, three.key.code_key)
    assert shown == dict(zip((one.unit_id, two.unit_id, three.unit_id), keys, strict=True))
    assert [trouble.package_id for trouble in done.troubles] == [late.unit_id]


def in_a_volume(label: str, *items: tuple[int, ...]) -> Holding:
    """Return an open volume of one page with this label, and items that have these pages."""
    unit_id, code = "00000000-0000-4000-8000-000000000099", parse_archival_code("Z109-WS-1-1")
    made = tuple(VolumeItem(unit_id, Description(code, "canaryitem"), pages) for pages in items)
    return replace(make_holding(1, 1, decision()), volume=VolumeStructure({1: label}, made))


@pytest.mark.parametrize("holding", [in_a_volume("045"), in_a_volume("FM", ()), in_a_volume("BK", (), ())])
def test_a_page_of_the_volume_itself_is_published_by_what_it_is_called(setting: Setting, holding: Holding) -> None:
    setting.follow(Source(holding))
    (view,) = (setting.public.views.get_by_id(one) for one in setting.public.views.ids())
    assert view is not None
    assert holding.volume is not None
    assert [page.label for page in view.pages] == [holding.volume.labels[1]]
    assert b"canaryitem" not in setting.raw()


@pytest.mark.parametrize(("label", "pages"), [("045", (1,)), ("ML001", ()), ("045", ())])
def test_a_decision_on_a_volume_opens_no_page_of_its_items(
    setting: Setting, label: str, pages: tuple[int, ...]
) -> None:
    setting.follow(Source(in_a_volume(label, pages)))
    (view,) = (setting.public.views.get_by_id(one) for one in setting.public.views.ids())
    assert view is not None
    assert view.pages == ()
    assert setting.found("防汛") == 0
    assert b"canaryitem" not in setting.raw()
    assert b"canaryimage" not in setting.raw()
    (found,) = setting.staff.search(parse_query("canaryitem")).found
    assert [hit.place.archival_code for hit in found.hits] == ["Z109-WS-1-1"]


def test_remarks_of_an_open_record_are_not_published(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision())))
    assert setting.found("防汛") == 1
    assert b"canarynote" not in setting.raw()
    assert b"canaryimage" in setting.raw()


def test_a_decision_opens_on_its_day_without_any_further_entry(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision(opens=date(2026, 6, 1))))
    setting.follow(source)
    assert setting.found("防汛") == 0
    setting.follow(source, today=date(2026, 6, 1))
    assert setting.found("防汛") == 1
    assert setting.staff.search(parse_query("防汛")).found[0].record.openness == "开放"


def test_closing_takes_everything_back_to_the_last_byte(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 2, decision()))
    setting.follow(source)
    assert setting.found("防汛") == 2
    source.holdings[0] = replace(source.holdings[0], decisions=(decision(), Withdrawal("误")), sequence=3)
    setting.follow(source)
    assert setting.found("防汛") == 1
    assert b"canarypageZ109-WS-1" not in setting.raw()
    assert b"canarytitle1" not in setting.raw()
    assert len(list((setting.folder / "images").iterdir())) == 1


def test_narrowing_to_the_catalogue_takes_the_pages_back(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    source.holdings[0] = make_holding(1, 2, decision(), decision(scope=OnlineScope.CATALOGUE_ONLY))
    setting.follow(source)
    assert setting.found("防汛") == 0
    assert setting.found("canarytitle1") == 1
    assert b"canaryimage" not in setting.raw()


def test_a_new_empty_index_is_filled_even_when_the_views_are_there(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()))
    setting.follow(source)
    other = PublicSide(setting.public.views, setting.public.images, MemoryIndex())
    catch_up(source, MemoryIndex(), other, owed=setting.owed, today=TODAY, image_of=lambda *_: PageImages(b"x"))
    assert other.index.search(parse_query("防汛")).total == 1


def test_rebuilding_gives_the_same_answers(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 2))
    setting.follow(source)
    before = setting.public.index.search(parse_query("防汛")), recent(setting.public.views, offset=0, limit=9)
    rebuild(source, setting.staff, setting.public, owed=setting.owed, today=TODAY, image_of=lambda *_: DRAWN)
    assert (setting.public.index.search(parse_query("防汛")), recent(setting.public.views, offset=0, limit=9)) == before


class Damaged(Source):
    """Records in memory, the texts of some of which cannot be read."""

    def __init__(self, *holdings: Holding, lost: Collection[str]) -> None:
        super().__init__(*holdings)
        self.lost = set(lost)

    def read(self, holding: Holding, file: StoredFile) -> bytes:
        """Return a page's text, or raise."""
        if holding.description.code.written in self.lost:
            raise IntegrityError(message("坏", "lost"), subject="text")
        return super().read(holding, file)


def test_a_record_that_cannot_be_read_is_told_tried_again_and_keeps_nothing_else_back(setting: Setting) -> None:
    closing = make_holding(1, 1, decision())
    setting.follow(Source(closing))
    closed = replace(closing, decisions=(decision(), Withdrawal("误")), sequence=2)
    source = Damaged(closed, make_holding(2, 3, decision()), make_holding(3, 4, decision()), lost=["Z109-WS-2"])
    (trouble,) = setting.follow(source).troubles
    assert trouble.archival_code == "Z109-WS-2"
    assert "Z109-WS-2" in trouble.said.en.format(code=trouble.archival_code, reason="")
    assert (setting.found("canarytitle1"), setting.found("canarytitle2"), setting.found("防汛")) == (0, 0, 1)
    assert setting.staff.search(parse_query("canarytitle2")).total == 1
    assert [one.package_id for one in setting.follow(source).troubles] == [trouble.package_id]
    source.lost.clear()
    assert setting.follow(source).troubles == ()
    assert (setting.found("canarytitle2"), setting.found("防汛")) == (1, 2)
    assert setting.staff.search(parse_query("防汛")).total == 3
    assert setting.owed.standing() == frozenset()


def test_what_cannot_be_made_again_is_not_shown_as_it_was(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision())))
    changed = make_holding(1, 2, decision())
    files = tuple(replace(file, sha256="1" * 64) for file in changed.files)
    setting.follow(Damaged(replace(changed, files=files), lost=["Z109-WS-1"]))
    assert setting.public.views.ids() == ()
    assert setting.found("防汛") == 0
    assert b"canaryimage" not in setting.raw()


def test_pages_that_did_not_change_are_not_read_again(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision())))
    assert setting.follow(Damaged(make_holding(1, 2, decision(), decision()), lost=["Z109-WS-1"])).published == 1
    assert setting.found("防汛") == 1


def test_who_knows_an_older_journal_publishes_nothing_that_closed_since(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision())))
    view = setting.public.views.get_by_id(make_holding(1, 1).package_id.value)
    assert view is not None
    setting.follow(Source(make_holding(1, 2, decision(), Withdrawal("误"))))
    assert not setting.public.views.put(view, head=1)
    assert setting.public.views.ids() == ()


def test_a_view_ends_on_its_day_with_nobody_following_the_journal(setting: Setting) -> None:
    ends = replace(decision(), closes_on=date(2026, 6, 1))
    setting.follow(Source(make_holding(1, 1, ends), make_holding(2, 2, decision())), today=date(2026, 5, 31))
    views = setting.public.views
    assert (len(views.ids()), setting.found("防汛")) == (2, 2)
    setting.today = date(2026, 6, 1)
    (left,) = views.ids()
    assert views.get_by_id(make_holding(1, 1).package_id.value) is None
    assert views.get("990001", make_holding(1, 1).key.code_key) is None
    assert recent(views, offset=0, limit=9) == [left]
    assert views.repositories()[0][3] == 1
    assert setting.public.index.search(parse_query("防汛", hidden=views.hidden())).total == 1


@pytest.mark.parametrize("by_code", [False, True])
def test_a_mark_closes_for_readers_and_publishers_at_once(setting: Setting, by_code: bool) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 2, decision()))
    setting.follow(source)
    views, marked = setting.public.views, make_holding(1, 1)
    view = views.get_by_id(marked.package_id.value)
    assert view is not None
    views.marks.put(code_mark("990001", marked.key.code_key) if by_code else view.view_id)
    assert views.get("990001", marked.key.code_key) is None
    assert views.get_by_id(view.view_id) is None
    assert len(views.ids()) == len(recent(views, offset=0, limit=9)) == views.repositories()[0][3] == 1
    assert setting.public.index.search(parse_query("防汛", hidden=views.hidden())).total == 1
    assert not views.put(view)
    (trouble,) = setting.follow(source).troubles
    assert "journal" in str(trouble.failure)
    assert views.get_by_id(view.view_id) is None
    views.marks.put(next(iter(views.marks.standing())), sequence=3)
    source.holdings[0] = replace(marked, decisions=(decision(), Withdrawal("误")), sequence=3)
    assert setting.follow(source).troubles == ()
    assert views.marks.standing() == frozenset()
    assert views.stored(view.view_id) is None


def test_what_was_published_before_is_not_drawn_again(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision(opens=date(2025, 1, 1))))
    setting.follow(source)
    views = setting.public.views
    view = views.get_by_id(make_holding(1, 1).package_id.value)
    assert view is not None
    before = replace(view, content="")
    views.clear()  # nothing says how far it was followed either
    views.put(before)
    assert setting.follow(Damaged(*source.holdings, lost=["Z109-WS-1"])).troubles == ()
    assert views.stored(view.view_id) == view


def test_the_mark_of_a_record_that_was_disposed_of_goes(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 3))
    setting.follow(source)
    setting.public.views.marks.put(make_holding(1, 1).package_id.value)
    source.disposed.append((source.holdings.pop(0).package_id.value, 2))
    assert setting.follow(source).troubles == ()
    assert setting.public.views.marks.standing() == frozenset()


def test_a_page_that_was_not_drawn_in_time_is_told_and_drawn_the_next_time(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()))

    def too_slow(*_: object) -> PageImages:
        raise ToolFailedError(message("超时", "out of time"))

    done = catch_up(source, setting.staff, setting.public, owed=setting.owed, today=TODAY, image_of=too_slow)
    assert [one.failure.message.en for one in done.troubles] == ["out of time"]
    assert setting.public.views.ids() == ()
    assert setting.follow(source).troubles == ()
    (view_id,) = setting.public.views.ids()
    view = setting.public.views.get_by_id(view_id)
    assert view is not None
    assert [page.image for page in view.pages] == ["0001.jpg"]


def test_a_reader_who_stays_keeps_no_other_reader_out(setting: Setting) -> None:
    setting.follow(Source(make_holding(1, 1, decision())))
    file = setting.folder / "public.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as staying, ThreadPoolExecutor(1) as pool:
        staying.execute("BEGIN")
        staying.execute("SELECT * FROM view").fetchone()
        taking_back = pool.submit(setting.public.views.remove, "nobody")
        while not taking_back.done():
            with closing(read_only(file, timeout_seconds=3)) as another:
                assert another.execute("SELECT count(*) FROM view").fetchone() == (1,)
        with pytest.raises(SearchError, match="locked"):
            taking_back.result()
