"""What is published follows the decisions, on their day, and leaves nothing behind when it is taken back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import pytest

from archives.record.description import Description, Repository
from archives.record.holding import Holding, StoredFile
from archives.record.identifiers import PackageId, RecordKey, RepositoryCode, parse_archival_code
from archives.record.record import RepresentationName
from archives.record.rights import Conclusion, OnlineScope, OpeningDecision, Withdrawal
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import parse_query
from search.published.publish import PublicSide, catch_up, rebuild
from search.published.views import PublishedViews

TODAY = date(2026, 1, 1)


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

    def changed_after(self, sequence: int) -> Iterator[Holding]:
        """Yield what changed."""
        return (h for h in self.holdings if h.sequence > sequence)

    def awaiting(self) -> Iterator[Holding]:
        """Yield what awaits its day."""
        return (
            h
            for h in self.holdings
            if any(
                isinstance(d, OpeningDecision) and d.takes_effect_on and d.takes_effect_on > date(2025, 1, 1)
                for d in h.decisions
            )
        )

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
        self.public = PublicSide(
            PublishedViews(folder / "public.db"), folder / "images", EmbeddedIndex(folder / "index.db")
        )

    def follow(self, source: Source, today: date = TODAY) -> None:
        """Catch up."""
        catch_up(source, self.staff, self.public, today=today, image_of=lambda *_: b"canaryimage")

    def found(self, words: str) -> int:
        """Return how many documents the public finds."""
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
    assert setting.staff.search(parse_query("防汛")).hits[0].document.openness == "开放"


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
    catch_up(source, MemoryIndex(), other, today=TODAY, image_of=lambda *_: b"x")
    assert other.index.search(parse_query("防汛")).total == 1


def test_rebuilding_gives_the_same_answers(setting: Setting) -> None:
    source = Source(make_holding(1, 1, decision()), make_holding(2, 2))
    setting.follow(source)
    before = setting.public.index.search(parse_query("防汛")), setting.public.views.recent(9)
    rebuild(source, setting.staff, setting.public, today=TODAY, image_of=lambda *_: b"canaryimage")
    assert (setting.public.index.search(parse_query("防汛")), setting.public.views.recent(9)) == before
