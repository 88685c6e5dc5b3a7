"""The contract of a search index, held by memory, SQLite and a real Elasticsearch alike."""

import random
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives.errors import SearchBusyError, SearchError
from archives.text.folding import Phrase
from search.index.answer import Answer
from search.index.document import UNKNOWN_DATE, IndexedRecord, Place, TextOrigin
from search.index.elastic import ElasticIndex
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import Facet, Narrowed, Order, Query, parse_query
from search.index.reading import begin_writing, read_only
from search.index.search_index import Change, SearchIndex
from search.index.server.connection import ElasticSettings, client_of, without_password
from search.index.tables import columns
from search.index.tables.rows import FORM
from tests.support.corpora import naughty_strings
from tests.support.elastic import ADDRESSES, make_elastic


def make_record(
    package: str, *pages: str, text: str = "", repository: str = "990001", title: str = "题名", openness: str = "开放"
) -> IndexedRecord:
    """Return a record that is named after its package, with the texts of its pages."""
    return IndexedRecord(
        package_id=package,
        repository=repository,
        repository_name="馆",
        repository_name_en="Archives",
        archival_code=f"Z109-WS-{package}",
        code_order=f"Z109-WS-{package}",
        title=title,
        date="1986",
        date_from=19860101,
        text=text,
        openness=openness,
        sequence=1,
        fonds="Z109",
        genre="WS",
        year=1986,
        places=tuple(Place(number, page, openness) for number, page in enumerate(pages, 1)),
        text_origin=TextOrigin.RECOGNISED if pages else "",
    )


@pytest.fixture(params=["memory", "embedded", "elastic"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    if request.param == "memory":
        return MemoryIndex()
    return EmbeddedIndex(tmp_path / "index.db") if request.param == "embedded" else make_elastic()


def ids(answer: Answer) -> list[str]:
    """Return what was found, in order."""
    return [found.record.package_id for found in answer.found]


def pages(answer: Answer) -> list[list[int | None]]:
    """Return the pages that are told of each record that was found."""
    return [[hit.place.page for hit in found.hits] for found in answer.found]


def test_a_record_is_found_once_with_its_pages_below_it_and_marks(index: SearchIndex) -> None:
    record = make_record("1", "关于防汛工作的通知，防汛第一", "通知", "防汛", text="防汛著录")
    index.replace("1", record, sequence=1)
    index.commit(1)
    answer = index.search(parse_query("防汛"))
    assert (answer.total, answer.places, ids(answer), pages(answer)) == (1, 2, ["1"], [[1, 3]])
    (found,) = answer.found
    assert (found.record, found.places) == (replace(record, places=()), 2)
    assert found.marks == ((0, 2),)
    assert [hit.marks for hit in found.hits] == [((2, 4), (10, 12)), ((0, 2),)]
    assert (index.head(), index.count()) == (1, 1)


def test_all_words_must_stand_in_one_record_on_whatever_pages_and_repositories_narrow(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "石桥", "水库", "石桥水库"), sequence=1)
    index.replace("2", make_record("2", "石桥", title="水库", repository="990101"), sequence=1)
    index.replace("3", make_record("3", "石桥", "桥 水"), sequence=1)
    index.commit(1)
    answer = index.search(parse_query("石桥 水库"))
    assert (ids(answer), pages(answer), answer.places) == (["1", "2"], [[3, 1, 2], [1]], 4)
    assert ids(index.search(parse_query("石桥 水库", repository="990101"))) == ["2"]
    assert ids(index.search(parse_query('"石桥 水库"'))) == ["1"]


def test_no_more_places_are_told_than_are_asked_for_and_all_are_counted(index: SearchIndex) -> None:
    index.replace("1", make_record("1", *(["石桥"] * 150)), sequence=1)
    index.commit(1)
    for number in (0, 1, 3):
        (found,) = index.search(replace(parse_query("石桥"), places=number)).found
        assert ([hit.place.page for hit in found.hits], found.places) == ([*range(1, number + 1)], 150)


def test_a_newer_version_replaces_and_an_older_one_is_ignored(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "旧文", "旧文"), sequence=5)
    index.replace("1", make_record("1", "新文"), sequence=7)
    index.replace("1", make_record("1", "更旧"), sequence=3)
    index.commit(7)
    assert index.search(parse_query("旧文")).total == 0
    assert index.search(parse_query("更旧")).total == 0
    assert ids(index.search(parse_query("新文"))) == ["1"]


def test_what_is_opened_with_the_same_words_is_told_as_it_is_now(index: SearchIndex) -> None:
    texts = ("石桥 第1页", "石桥 第2页")
    index.replace("1", make_record("1", *texts, openness="未审核"), sequence=1)
    index.search(parse_query("石桥"))
    opened = replace(make_record("1", *texts), sequence=2, archival_code="Z109-WS-9", year=1990, genre="KJ")
    index.replace("1", opened, sequence=2)
    index.commit(2)
    answer = index.search(replace(parse_query("石桥"), counted=tuple(Facet)))
    assert [(one.record.archival_code, one.record.openness, one.record.sequence) for one in answer.found] == [
        ("Z109-WS-9", "开放", 2)
    ]
    assert [hit.place.openness for hit in answer.found[0].hits] == ["开放", "开放"]
    assert [answer.counts[facet][0].value for facet in (Facet.YEAR, Facet.GENRE)] == ["1990", "KJ"]
    assert (index.search(parse_query("第2页")).total, index.count()) == (1, 1)


def test_packages_replaced_together_are_each_judged_by_their_own_sequence(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "旧文"), sequence=5)
    index.replace("2", make_record("2", "旧文"), sequence=5)
    changes = [("1", "更旧", 4), ("3", "新文", 8), ("3", "再新", 9)]
    index.replace_all([Change(package, make_record(package, text), at) for package, text, at in changes])
    index.replace_all([Change("2", None, 9), Change("9", None, 9)])
    index.replace_all([])
    index.commit(9)
    assert ids(index.search(parse_query("旧文"))) == ["1"]
    assert ids(index.search(parse_query("再新"))) == ["3"]
    assert index.count() == 2


def test_what_is_taken_back_is_gone_and_a_late_write_does_not_bring_it_back(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "青鹞计划"), sequence=5)
    index.replace("1", None, sequence=9)
    index.replace("1", make_record("1", "青鹞计划"), sequence=6)
    index.commit(9)
    assert index.search(parse_query("青鹞")).total == 0
    assert index.count() == 0


def test_clearing_begins_anew(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "一"), sequence=1)
    index.commit(1)
    index.clear()
    assert index.head() == 0, "else only what came later would be filled in"
    index.replace("2", make_record("2", "二"), sequence=2)
    index.commit(2)
    assert index.count() == 1
    assert ids(index.search(parse_query("二"))) == ["2"]
    assert index.search(parse_query("一")).total == 0


def test_records_stand_in_our_order_and_can_be_paged(index: SearchIndex) -> None:
    for number in range(1, 6):
        index.replace(str(number), make_record(str(number), *["水库"] * number), sequence=1)
    index.replace("9", make_record("9", title="水库"), sequence=1)
    index.replace("8", replace(make_record("8", "水库"), date_from=UNKNOWN_DATE), sequence=1)
    index.replace("7", replace(make_record("7", "水库"), date_from=19491001), sequence=1)
    index.commit(1)
    query = parse_query("水库")
    assert ids(index.search(query)) == ["9", "4", "5", "2", "3", "7", "1", "8"]
    assert ids(index.search(query, offset=2, limit=2)) == ["5", "2"]
    assert index.search(query, offset=2, limit=2).total == 8
    assert index.search(query, offset=20, limit=2) == replace(index.search(query), found=())
    assert ids(index.search(replace(query, order=Order.DATE))) == ["7", "1", "2", "3", "4", "5", "9", "8"]
    assert ids(index.search(replace(query, order=Order.CODE))) == ["1", "2", "3", "4", "5", "7", "8", "9"]


def test_what_is_hidden_is_in_no_total_count_or_page(index: SearchIndex) -> None:
    for number in range(1, 6):
        index.replace(str(number), make_record(str(number), "水库", repository=f"99000{number % 2}"), sequence=1)
    index.commit(1)
    query = parse_query("水库", hidden=frozenset({"2", "3", "unknown"}))
    answer = index.search(replace(query, counted=(Facet.REPOSITORY,)), offset=1, limit=2)
    assert (answer.total, answer.places, ids(answer)) == (3, 3, ["1", "5"])
    assert answer.counts == {Facet.REPOSITORY: (("990001", 2), ("990000", 1))}


def test_a_facet_is_counted_as_if_nothing_narrowed_by_it(index: SearchIndex) -> None:
    for number, (repository, year, text) in enumerate(
        [("990001", 1960, "水库"), ("990001", 1961, ""), ("990101", 1961, "水库"), ("990101", None, "水库")]
    ):
        record = make_record(str(number), *([text] if text else []), title="水库", repository=repository)
        index.replace(str(number), replace(record, year=year), sequence=1)
    index.commit(1)
    query = replace(parse_query("水库", repository="990101"), counted=tuple(Facet))
    answer = index.search(query)
    assert answer.total == 2
    assert answer.counts == {
        Facet.REPOSITORY: (("990001", 2), ("990101", 2)),
        Facet.FONDS: (("990101/Z109", 2),),
        Facet.GENRE: (("WS", 2),),
        Facet.YEAR: (("1961", 1),),
        Facet.TEXT: (("recognised", 2),),
    }
    for narrowed, found in (
        (Narrowed(year="1961"), ["2", "1"]),
        (Narrowed(year="1950-1960"), ["0"]),
        (Narrowed(year="nineteen"), []),
        (Narrowed(year="1961", text="no"), ["1"]),
        (Narrowed(fonds="990001/Z109"), ["0", "1"]),
        (Narrowed(genre="KJ"), []),
    ):
        assert ids(index.search(replace(query, narrowed=narrowed))) == found, narrowed


def test_hostile_words_are_looked_for_and_never_obeyed(index: SearchIndex) -> None:
    plain = MemoryIndex()
    for one in (index, plain):
        one.replace("1", make_record("1", "text AND OR NOT NEAR grams:secret *"), sequence=1)
        one.commit(1)
    words = ['"', "*", "grams:secret", "a* OR b", "(", "NEAR(a b)", "\x00", "-x", "{}", "\\", "'; DROP TABLE"]
    for text in (*words, *naughty_strings()[::7]):
        assert index.search(parse_query(text)) == plain.search(parse_query(text)), text
    assert ids(index.search(parse_query("grams:secret"))) == ["1"]
    assert (index.head(), index.count()) == (1, 1)


def drawn(chance: random.Random, number: int) -> IndexedRecord:
    """Return a record of which everything is drawn: texts in which few letters come again and again, some of it empty."""

    def text(most: int) -> str:
        return "".join(chance.choices("防汛水库通知，。 3月第5号abc\n檔", k=chance.randint(0, most)))

    year = chance.choice((None, 1960, 1961, 1986))
    items = [Place(None, text(20), "开放", item=f"item{n}", title=text(4)) for n in range(chance.choice((0, 0, 0, 2)))]
    pages = [Place(n, text(40), "开放") for n in range(1, chance.randint(1, 7))]
    return replace(
        make_record(str(number), title=text(8), text=text(25), repository=chance.choice(("990001", "990101"))),
        date_from=year * 10_000 + 101 if year else UNKNOWN_DATE,
        year=year,
        code_order=f"Z109-{chance.randint(0, 40):02}",
        fonds=chance.choice(("Z109", "Z110", "")),
        genre=chance.choice(("WS", "KJ", "")),
        places=(*items, *pages),
        text_origin=chance.choice((*TextOrigin,)) if pages else "",
    )


def drawn_query(chance: random.Random, records: int) -> Query:
    """Return a query of which everything is drawn."""
    words = ("".join(chance.choices("防汛水库通知3月第5号abc档", k=chance.choice((1, 2, 2, 3, 4)))) for _ in range(4))
    narrowed = Narrowed(
        repository=chance.choice(("", "", "990001")),
        fonds=chance.choice(("", "", "990001/Z109")),
        genre=chance.choice(("", "", "WS")),
        year=chance.choice(("", "1960", "1960-1970")),
        text=chance.choice(("", "yes", "no", "extracted", "recognised")),
    )
    return replace(
        parse_query(" ".join(list(words)[: chance.choice((1, 1, 2, 3))])),
        narrowed=narrowed if chance.random() < 0.5 else Narrowed(),
        hidden=frozenset(str(chance.randrange(records)) for _ in range(5)),
        order=chance.choice(tuple(Order)),
        counted=tuple(Facet),
        places=chance.choice((0, 2, 3)),
    )


def test_every_engine_answers_what_memory_answers_record_by_record_page_by_page(tmp_path: Path) -> None:
    chance, number = random.Random(7), 2000
    indexes: list[SearchIndex] = [MemoryIndex(), EmbeddedIndex(tmp_path / "i.db")]
    if ADDRESSES:
        indexes.append(make_elastic())
    for begin in range(0, 5 * number // 4, 250):  # the last ones replace some of the first, or take them back
        changes: list[Change] = []
        for one in range(begin, begin + 250):
            package = one if one < number else chance.randrange(number)
            record = None if one >= number and chance.random() < 0.5 else drawn(chance, package)
            changes.append(Change(str(package), record, 1_000 + one - chance.choice((0, 0, 900)) * (one >= number)))
        for index in indexes:
            index.replace_all(changes)
    for index in indexes:
        index.commit(1)
    assert len({index.count() for index in indexes}) == 1
    queries = [drawn_query(chance, number) for _ in range(60)]
    totals = [index.search(query, limit=0).total for index in indexes[:1] for query in queries]
    assert all(list(index.totals(queries)) == totals for index in indexes)
    for query in queries:
        for offset in (0, 7, 300):
            first, *others = [index.search(query, offset=offset, limit=7) for index in indexes]
            assert all(answer == first for answer in others), query


def test_pages_beyond_what_a_server_gives_at_once_go_on_where_the_last_ended(
    index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.index.server.asked._WINDOW", 10)
    oracle = MemoryIndex()
    for one in (index, oracle):
        one.replace_all([Change(str(n), make_record(f"{n:02}", *["水库"] * (n % 5)), 1) for n in range(60)])
        one.commit(1)
    query = parse_query("水库")
    told = [one for offset in range(0, 66, 6) for one in ids(index.search(query, offset=offset, limit=6))]
    assert len(told) == len(set(told)) == index.search(query, offset=48, limit=6).total == 48
    assert told == ids(oracle.search(query, limit=60))
    assert index.search(query, offset=600, limit=6).total == 48


@settings(max_examples=40)
@given(st.text(max_size=30), st.text(max_size=8))
def test_embedded_agrees_with_memory_on_any_text(
    tmp_path_factory: pytest.TempPathFactory, text: str, words: str
) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    embedded = EmbeddedIndex(tmp_path_factory.mktemp("i") / "i.db")
    memory = MemoryIndex()
    for index in (embedded, memory):
        index.replace("1", make_record("1", text, title=text[:9]), sequence=1)
    assert embedded.search(parse_query(words)) == memory.search(parse_query(words))
    embedded.close()


def test_closing_leaves_no_byte_in_the_file(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    for number in range(50):
        record = make_record(str(number), f"canary{number}word 青鹞", title=f"canary{number}", repository="canary")
        index.replace(str(number), replace(record, fonds=f"canary{number}"), sequence=1)
    for number in range(50):
        index.replace(str(number), None, sequence=2)
    index.commit(2)
    index.close()
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in data
    assert "青鹞".encode() not in data


def test_words_that_were_replaced_leave_the_answers_at_once_and_the_files_with_the_next_purge(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    canaries = [f"canary{number}" for number in range(30)]
    for number, word in enumerate(canaries):
        index.replace(str(number), make_record(str(number), f"{word} 石桥"), sequence=1)
    index.commit(1)
    for number in range(30):
        index.replace(str(number), make_record(str(number), "石桥"), sequence=2)
    index.commit(2)
    assert [index.search(parse_query(word)).total for word in canaries] == [0] * 30

    def left() -> bool:
        return any(b"canary" in path.read_bytes() for path in tmp_path.iterdir())

    assert left()  # the gap: struck out, and not yet overwritten
    EmbeddedIndex(tmp_path / "index.db").purge()  # by whatever process
    assert not left()
    assert index.search(parse_query("石桥")).total == 30
    index.close()


def test_words_leave_the_file_in_steps_that_whoever_comes_next_goes_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.index.tables.rows._MERGED_TOGETHER", 1)
    index = EmbeddedIndex(tmp_path / "index.db")
    for number in range(40):
        word = (
            "𠀀𠀁" if number < 30 else ""
        )  # which stands behind all other words, is merged last, and begins as none does
        texts = [f"{word} {number * page} 石桥水库防汛" * 20 for page in range(20)]
        index.replace(str(number), make_record(str(number), *texts), sequence=1)
    steps: list[int] = []

    def ended_at_the_third(connection: sqlite3.Connection, *, timeout_seconds: float) -> None:
        steps.append(EmbeddedIndex(tmp_path / "index.db").search(parse_query("石桥")).total)
        if len(steps) == 3:
            raise sqlite3.OperationalError("killed")
        begin_writing(connection, timeout_seconds=timeout_seconds)

    with monkeypatch.context() as patched:
        patched.setattr("search.index.tables.rows.begin_writing", ended_at_the_third)
        with pytest.raises(SearchError, match="killed"):
            index.replace_all([Change(str(number), None, 2) for number in range(30)])
    assert steps == [10] * 3, "readers read on between the steps"
    index.close()

    def left() -> bool:
        return any("𠀀𠀁".encode() in path.read_bytes() for path in tmp_path.iterdir())

    assert left()
    EmbeddedIndex(tmp_path / "index.db").purge()
    assert not left()
    assert EmbeddedIndex(tmp_path / "index.db").search(parse_query("石桥")).total == 10


def test_readers_read_on_while_more_is_written_than_memory_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.index.embedded._CACHE_KIB", 16)
    index, reader = EmbeddedIndex(tmp_path / "index.db"), EmbeddedIndex(tmp_path / "index.db")
    index.replace("0", make_record("0", "石桥"), sequence=1)
    changes = [Change(str(number), make_record(str(number), *["石桥水库" * 50] * 10), 1) for number in range(1, 30)]

    class Read(list[Change]):
        """Changes that are all written, and not committed, when somebody reads."""

        def __iter__(self) -> Iterator[Change]:
            yield from changes
            query = replace(parse_query("石桥"), ends_at=time.monotonic() + 5)
            assert ids(reader.search(query)) == ["0"]

    index.replace_all(Read(changes))
    assert reader.search(parse_query("石桥")).total == 30


def test_purging_changes_no_answer(index: SearchIndex) -> None:
    index.purge()
    index.replace("1", make_record("1", "石桥 旧"), sequence=1)
    index.replace("1", make_record("1", "石桥"), sequence=2)
    index.commit(2)
    for _ in range(2):
        index.purge()
        assert (index.search(parse_query("石桥")).total, index.search(parse_query("旧")).total) == (1, 0)
    assert index.head() == 2


def test_a_server_that_is_away_is_a_search_error() -> None:
    index = ElasticIndex(ElasticSettings("http://127.0.0.1:9", "x", timeout_seconds=1), "public", stamp="1")
    with pytest.raises(SearchError):
        index.search(parse_query("防汛"))
    with pytest.raises(SearchError):
        index.head()


def test_a_replacement_that_fails_halfway_leaves_what_stood(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("1", make_record("1", "石桥"), sequence=1)
    no_text = make_record("1", "水库", None)  # type: ignore[arg-type]  # what cannot be written
    with pytest.raises(SearchError):
        index.replace("1", no_text, sequence=2)
    assert ids(index.search(parse_query("石桥"))) == ["1"]
    index.replace("1", make_record("1", "水库"), sequence=2)
    assert ids(index.search(parse_query("水库"))) == ["1"]


def test_a_search_ends_with_its_time_and_the_next_one_goes_on(index: SearchIndex) -> None:
    index.replace("a", make_record("a", "防汛工作"), sequence=1)
    index.commit(1)
    query = parse_query("防汛")
    with pytest.raises(SearchBusyError):
        index.search(replace(query, ends_at=time.monotonic()))
    assert list(index.totals([replace(query, ends_at=time.monotonic())])) == list(index.totals([])) == []
    assert list(index.totals([query, parse_query("-防汛"), parse_query("石桥"), query])) == [1, 0, 0, 1]
    assert ids(index.search(replace(query, ends_at=time.monotonic() + 60))) == ids(index.search(query)) != []


def test_the_embedded_engine_itself_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", make_record("a", *["无关" * 50] * 3000), sequence=1)
    query = replace(parse_query("无"), ends_at=time.monotonic())
    monkeypatch.setattr(Query, "require_time", lambda _: None)  # so that nobody but the engine looks at the clock
    with pytest.raises(SearchBusyError):
        index.search(query)
    assert index.totals([query]) == []


def test_words_are_looked_for_once_in_a_state_and_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", make_record("a", "石桥水库"), sequence=1)
    looked_for: list[str] = []

    def counted(connection: sqlite3.Connection, phrase: Phrase) -> columns.Numbers:
        looked_for.append(phrase.folded)
        return numbers_of(connection, phrase)

    numbers_of = columns._numbers_of
    monkeypatch.setattr(columns, "_numbers_of", counted)
    bridge, narrowed = parse_query("石桥"), replace(parse_query("石桥"), narrowed=Narrowed(year="1986"))
    assert [index.search(one).total for one in (bridge, narrowed, replace(bridge, order=Order.CODE))] == [1, 1, 1]
    assert (list(index.totals([parse_query("石桥 水库"), bridge])), looked_for) == ([1, 1], ["石桥", "水库"])
    index.replace("b", make_record("b", "石桥"), sequence=2)
    assert (index.search(bridge).total, looked_for[2:]) == (2, ["石桥"]), "of another state it is looked for anew"
    monkeypatch.setattr(columns, "_MOST_REMEMBERED", 2 * columns._REMEMBERED_BESIDE + 4)
    for words in ("水库", "石桥", "石", "石桥", "水库"):
        index.search(parse_query(words))
    assert looked_for[3:] == ["水库", "石", "水库"], "what was asked for longest ago is forgotten first"


def test_a_search_that_took_too_long_leaves_the_columns_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", make_record("a", "石桥"), sequence=1)
    with pytest.raises(SearchBusyError):
        index.search(replace(parse_query("石桥"), ends_at=time.monotonic()))
    monkeypatch.setattr("search.index.tables.columns.read_columns", None)
    assert ids(index.search(parse_query("石桥"))) == ["a"]
    index.replace("a", make_record("a", "石桥"), sequence=2)
    index.replace("b", None, sequence=2)
    assert ids(index.search(parse_query("石桥"))) == ["a"], (
        "what changes nothing that is searched by reads nothing anew"
    )


def test_what_a_search_shows_is_of_one_state_and_columns_are_read_again_when_that_changes(tmp_path: Path) -> None:
    index, writer = EmbeddedIndex(tmp_path / "index.db"), EmbeddedIndex(tmp_path / "index.db")
    for number in range(3):
        writer.replace(str(number), make_record(str(number), "石桥"), sequence=1)
        assert ids(index.search(parse_query("石桥"))) == [*map(str, range(number + 1))]
    writer.replace("0", None, sequence=2)
    assert ids(index.search(parse_query("石桥"))) == ["1", "2"]
    writer.clear()
    writer.replace("9", make_record("9", "石桥"), sequence=1)
    assert ids(index.search(parse_query("石桥"))) == ["9"]


def test_a_search_reads_no_text_but_of_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace_all([Change(str(n), make_record(str(n), "石桥", "石桥"), 1) for n in range(50)])
    read: list[str] = []

    def watched(path: Path, *, timeout_seconds: float) -> sqlite3.Connection:
        connection = read_only(path, timeout_seconds=timeout_seconds)
        connection.set_trace_callback(read.append)
        return connection

    monkeypatch.setattr("search.index.embedded.read_only", watched)
    assert len(ids(index.search(replace(parse_query("石桥"), counted=tuple(Facet)), offset=20, limit=2))) == 2
    assert len([sql for sql in read if "FROM document" in sql]) == 2 * (1 + 2)


def test_searching_does_not_write(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", make_record("a", "防汛工作"), sequence=1)
    before = (tmp_path / "index.db").stat().st_mtime_ns
    reader = EmbeddedIndex(tmp_path / "index.db")
    assert ids(reader.search(parse_query("防汛")))
    assert reader._opened is None
    assert (tmp_path / "index.db").stat().st_mtime_ns == before


def test_what_a_killed_writer_left_half_done_is_not_read_and_stops_no_reader(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace_all([Change(str(n), make_record(str(n), "防汛工作"), 1) for n in range(50)])
    with sqlite3.connect(tmp_path / "index.db", isolation_level=None) as writer:
        writer.execute("PRAGMA cache_size=1")  # so that pages go to the file before the end
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM record")
        writer.execute("DELETE FROM document")
        (tmp_path / "killed").mkdir()
        for name in ("index.db", "index.db-journal"):
            shutil.copy(tmp_path / name, tmp_path / "killed")
        writer.execute("ROLLBACK")
    assert len(ids(EmbeddedIndex(tmp_path / "killed" / "index.db").search(parse_query("防汛")))) == 20


def test_an_index_of_many_of_an_earlier_form_is_not_searched_and_filled_anew() -> None:
    index = make_elastic()
    client, alias = client_of(index._settings), index._generations.alias
    keyword = {"type": "keyword"}
    mapping = {"dynamic": "strict", "properties": {"kind": keyword, "package_id": keyword}, "_meta": {"schema": 1}}
    client.indices.create(index=f"{alias}-v1-0-1", mappings=mapping, aliases={alias: {}})
    documents = [{"kind": "document", "package_id": package} for package in ("1", "3")]
    for number, one in enumerate(documents):
        client.index(index=alias, id=f"{one['package_id']}#{number}", document=one, refresh=True)
    assert index.head() == 0
    with pytest.raises(SearchError):
        index.search(parse_query("石桥"))
    index.replace("3", None, sequence=8)
    assert client.count(index=f"{alias}-v1-0-1")["count"] == 1, "what closes leaves what others may still search"
    index.replace("1", make_record("1", "石桥"), sequence=8)
    index.commit(9)
    assert (index.head(), ids(index.search(parse_query("石桥")))) == (9, ["1"])
    assert not client.indices.exists(index=f"{alias}-v1-0-1")


def test_an_index_that_was_lost_says_so_and_is_not_made_by_whoever_reads(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    index = EmbeddedIndex(path)
    index.replace("1", make_record("1", "石桥"), sequence=1)
    index.commit(1)
    index.close()
    path.unlink()
    for read in (
        lambda: index.search(parse_query("石桥")),
        lambda: index.totals([parse_query("石桥")]),
        index.state,
        lambda: list(index.every()),
    ):
        with pytest.raises(SearchError):
            read()
        assert not path.exists()
    assert index.head() == 0, "whoever follows the journal makes it again"
    assert index.search(parse_query("石桥")).total == 0


def test_a_file_of_an_earlier_form_is_not_searched_and_filled_anew(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE state (schema INTEGER NOT NULL, head INTEGER NOT NULL)")
        connection.execute("INSERT INTO state VALUES (2, 7)")
        connection.execute("CREATE TABLE document (number INTEGER PRIMARY KEY, package_id TEXT, value TEXT)")
        connection.execute("INSERT INTO document VALUES (1, '1', 'canary')")
        connection.execute("CREATE VIRTUAL TABLE word USING fts5(grams, content='', tokenize='ascii')")
    connection.close()
    index = EmbeddedIndex(path)
    with pytest.raises(SearchError, match="other software"):
        index.search(parse_query("石桥"))
    assert index.head() == 0
    index.replace("1", make_record("1", "石桥"), sequence=1)
    index.commit(1)
    assert (index.head(), ids(index.search(parse_query("石桥")))) == (1, ["1"])
    index.close()
    assert b"canary" not in path.read_bytes()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://jinkui:s3cr@t/x@127.0.0.1:1", "http://127.0.0.1:1"),
        ("https://s3cret@es.example/path", "https://es.example/path"),
        ("https://es.example:9200", "https://es.example:9200"),
        ("jinkui:s3cret@127.0.0.1:1", "127.0.0.1:1"),
    ],
)
def test_an_address_is_told_without_its_password(url: str, told: str) -> None:
    assert without_password(url) == told


def test_no_error_tells_the_password_of_a_server() -> None:
    index = ElasticIndex(ElasticSettings("http://jinkui:s3cret@127.0.0.1:1", "t"), "public", stamp="t")
    with pytest.raises(SearchError) as failure:
        index.head()
    assert "s3cret" not in f"{failure.value} {failure.value.message.text('zh')} {failure.value.subject}"


def test_an_index_by_other_rules_is_filled_anew_and_only_when_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    index = EmbeddedIndex(path)
    index.replace("1", make_record("1", "石桥水库"), sequence=1)
    index.commit(7)
    index.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE state SET schema = ?", (f"{FORM}other",))
    connection.close()
    later = EmbeddedIndex(path)
    assert (later.head(), later.count()) == (0, 1)
    later.replace("2", make_record("2", "石桥水文站"), sequence=2)
    later.commit(9)
    assert (later.head(), ids(later.search(parse_query("石桥")))) == (9, ["2"])


def test_an_index_of_many_by_other_rules_is_searched_until_the_new_one_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = make_elastic()
    index.replace("1", make_record("1", "石桥水库"), sequence=1)
    index.replace("3", make_record("3", "石桥船闸"), sequence=1)
    index.commit(7)
    monkeypatch.setattr("search.index.elastic._SCHEMA", 99)
    index = ElasticIndex(index._settings, "staff", stamp="2")
    assert index.head() == 0
    assert len(ids(index.search(parse_query("石桥")))) == 2
    index.replace("3", None, sequence=8)
    assert ids(index.search(parse_query("石桥"))) == ["1"]
    index.replace("2", make_record("2", "石桥水文站"), sequence=8)
    index.commit(9)
    assert index.head() == 9
    assert ids(index.search(parse_query("石桥"))) == ["2"]


@pytest.mark.parametrize(
    ("words", "divided"),
    [
        ("防汛，抗旱", 2),
        ("防汛、抗旱；水库。", 3),
        ("防汛,抗旱", 2),
        ("1,000", 1),
        ('"防汛，抗旱"', 1),
        ("“防汛，抗旱”", 1),
    ],
)
def test_commas_divide_words_as_blanks_do(words: str, divided: int) -> None:
    assert len(parse_query(words).phrases) == divided
