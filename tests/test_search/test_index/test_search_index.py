"""The contract of a search index, held by memory, SQLite and a real Elasticsearch alike."""

import os
import random
import shutil
import sqlite3
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archives.errors import SearchBusyError, SearchError
from search.index.document import SearchDocument
from search.index.elastic import ElasticIndex, ElasticSettings, without_password
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import Answer, parse_query
from search.index.search_index import Change, SearchIndex
from tests.support.corpora import naughty_strings

URL = os.environ.get("JINKUI_TEST_ELASTICSEARCH", "")


def make_document(
    package: str, page: int | None, text: str, *, repository: str = "990001", title: str = "题名"
) -> SearchDocument:
    """Return a document of a record that is named after its package."""
    return SearchDocument(
        package_id=package,
        page=page,
        repository=repository,
        repository_name="馆",
        repository_name_en="Archives",
        archival_code=f"Z109-WS-{package}",
        code_key=f"Z109-WS-{package}",
        title=title,
        date="1986",
        date_from=19860101,
        text=text,
        openness="开放",
        sequence=1,
    )


def make_elastic() -> ElasticIndex:
    """Return a new index on the server that the tests were given; skips where there is none."""
    if not URL:
        pytest.skip("no Elasticsearch: JINKUI_TEST_ELASTICSEARCH is not set")
    return ElasticIndex(ElasticSettings(URL, f"test-{uuid.uuid4().hex[:12]}"), "staff", stamp="1")


@pytest.fixture(params=["memory", "embedded", "elastic"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    if request.param == "memory":
        return MemoryIndex()
    return EmbeddedIndex(tmp_path / "index.db") if request.param == "embedded" else make_elastic()


def ids(answer: Answer) -> list[str]:
    """Return what was found, in order."""
    return [hit.document.id for hit in answer.hits]


def test_what_is_put_is_found_with_its_marks(index: SearchIndex) -> None:
    index.replace(
        "1", [make_document("1", 1, "关于防汛工作的通知，防汛第一"), make_document("1", None, "通知")], sequence=1
    )
    index.commit(1)
    answer = index.search(parse_query("防汛"))
    assert (answer.total, ids(answer)) == (1, ["1#1"])
    assert answer.hits[0].marks == ((2, 4), (10, 12))
    assert (index.head(), index.count()) == (1, 2)


def test_all_words_must_stand_in_one_document_and_repositories_narrow(index: SearchIndex) -> None:
    index.replace("1", [make_document("1", 1, "石桥水库"), make_document("1", 2, "石桥")], sequence=1)
    index.replace("2", [make_document("2", 1, "石桥 水库", repository="990101")], sequence=1)
    index.commit(1)
    assert ids(index.search(parse_query("石桥 水库"))) == ["1#1", "2#1"]
    assert ids(index.search(parse_query("石桥 水库", repository="990101"))) == ["2#1"]
    assert ids(index.search(parse_query('"石桥 水库"'))) == ["1#1", "2#1"]


def test_a_newer_version_replaces_and_an_older_one_is_ignored(index: SearchIndex) -> None:
    index.replace("1", [make_document("1", 1, "旧文"), make_document("1", 2, "旧文")], sequence=5)
    index.replace("1", [make_document("1", 1, "新文")], sequence=7)
    index.replace("1", [make_document("1", 1, "更旧")], sequence=3)
    index.commit(7)
    assert index.search(parse_query("旧文")).total == 0
    assert index.search(parse_query("更旧")).total == 0
    assert ids(index.search(parse_query("新文"))) == ["1#1"]


def test_what_is_opened_with_the_same_words_is_told_as_it_is_now(index: SearchIndex) -> None:
    pages = [make_document("1", page, f"石桥 第{page}页") for page in (1, 2)]
    index.replace("1", [replace(one, openness="未审核") for one in pages], sequence=1)
    index.replace("1", [replace(one, sequence=2) for one in pages], sequence=2)
    index.commit(2)
    answer = index.search(parse_query("石桥"))
    assert [(one.document.id, one.document.openness, one.document.sequence) for one in answer.hits] == [
        ("1#1", "开放", 2),
        ("1#2", "开放", 2),
    ]
    assert (index.search(parse_query("第2页")).total, index.count()) == (1, 2)


def test_packages_replaced_together_are_each_judged_by_their_own_sequence(index: SearchIndex) -> None:
    index.replace("1", [make_document("1", 1, "旧文")], sequence=5)
    index.replace("2", [make_document("2", 1, "旧文")], sequence=5)
    changes = [("1", "更旧", 4), ("3", "新文", 8), ("3", "再新", 9)]
    index.replace_all([Change(package, [make_document(package, 1, text)], at) for package, text, at in changes])
    index.replace_all([Change("2", [], 9), Change("9", [], 9)])
    index.replace_all([])
    index.commit(9)
    assert ids(index.search(parse_query("旧文"))) == ["1#1"]
    assert ids(index.search(parse_query("再新"))) == ["3#1"]
    assert index.count() == 2


def test_what_is_taken_back_is_gone_and_a_late_write_does_not_bring_it_back(index: SearchIndex) -> None:
    index.replace("1", [make_document("1", 1, "青鹞计划")], sequence=5)
    index.replace("1", [], sequence=9)
    index.replace("1", [make_document("1", 1, "青鹞计划")], sequence=6)
    index.commit(9)
    assert index.search(parse_query("青鹞")).total == 0
    assert index.count() == 0


def test_clearing_begins_anew(index: SearchIndex) -> None:
    index.replace("1", [make_document("1", 1, "一")], sequence=1)
    index.commit(1)
    index.clear()
    index.replace("2", [make_document("2", 1, "二")], sequence=2)
    index.commit(2)
    assert index.count() == 1
    assert ids(index.search(parse_query("二"))) == ["2#1"]
    assert index.search(parse_query("一")).total == 0


def test_hits_stand_in_our_order_and_can_be_paged(index: SearchIndex) -> None:
    for number in range(1, 6):
        index.replace(str(number), [make_document(str(number), 1, "水库" * number)], sequence=1)
    index.replace("9", [make_document("9", 1, "水库", title="水库")], sequence=1)
    index.commit(1)
    query = parse_query("水库")
    assert ids(index.search(query)) == ["9#1", "4#1", "5#1", "2#1", "3#1", "1#1"]
    assert ids(index.search(query, offset=2, limit=2)) == ["5#1", "2#1"]
    assert index.search(query, offset=2, limit=2).total == 6


def test_hostile_words_are_looked_for_and_never_obeyed(index: SearchIndex) -> None:
    plain = MemoryIndex()
    for one in (index, plain):
        one.replace("1", [make_document("1", 1, "text AND OR NOT NEAR grams:secret *")], sequence=1)
        one.commit(1)
    words = ['"', "*", "grams:secret", "a* OR b", "(", "NEAR(a b)", "\x00", "-x", "{}", "\\", "'; DROP TABLE"]
    for text in (*words, *naughty_strings()[::7]):
        assert index.search(parse_query(text)) == plain.search(parse_query(text)), text
    assert ids(index.search(parse_query("grams:secret"))) == ["1#1"]
    assert (index.head(), index.count()) == (1, 1)


def test_both_engines_answer_what_memory_answers(tmp_path: Path) -> None:
    chance = random.Random(7)
    indexes: list[SearchIndex] = [MemoryIndex(), EmbeddedIndex(tmp_path / "i.db")]
    if URL:
        indexes.append(make_elastic())
    for number in range(120):
        text = "".join(chance.choices("防汛水库通知，。 3月第5号abc\n檔", k=chance.randint(1, 60)))
        for index in indexes:
            index.replace(str(number), [make_document(str(number), 1, text)], sequence=1)
    for index in indexes:
        index.commit(1)
    for _ in range(150):
        words = "".join(chance.choices("防汛水库通知3月第5号abc档 ，", k=chance.randint(1, 5)))
        first, *others = [index.search(parse_query(words), limit=200) for index in indexes]
        assert all(answer == first for answer in others), words


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
        index.replace("1", [make_document("1", 1, text)], sequence=1)
    assert embedded.search(parse_query(words)) == memory.search(parse_query(words))
    embedded.close()


def test_closing_leaves_no_byte_in_the_file(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    for number in range(50):
        index.replace(str(number), [make_document(str(number), 1, f"canary{number}word 青鹞")], sequence=1)
    for number in range(50):
        index.replace(str(number), [], sequence=2)
    index.commit(2)
    index.close()
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"canary" not in data
    assert "青鹞".encode() not in data


def test_words_that_were_replaced_leave_the_answers_at_once_and_the_files_with_the_next_purge(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    canaries = [f"canary{number}" for number in range(30)]
    for number, word in enumerate(canaries):
        index.replace(str(number), [make_document(str(number), 1, f"{word} 石桥")], sequence=1)
    index.commit(1)
    for number in range(30):
        index.replace(str(number), [make_document(str(number), 1, "石桥")], sequence=2)
    index.commit(2)
    assert [index.search(parse_query(word)).total for word in canaries] == [0] * 30

    def left() -> bool:
        return any(b"canary" in path.read_bytes() for path in tmp_path.iterdir())

    assert left()  # the gap: struck out, and not yet overwritten
    EmbeddedIndex(tmp_path / "index.db").purge()  # by whatever process
    assert not left()
    assert index.search(parse_query("石桥")).total == 30
    index.close()


def test_purging_changes_no_answer(index: SearchIndex) -> None:
    index.purge()
    index.replace("1", [make_document("1", 1, "石桥 旧")], sequence=1)
    index.replace("1", [make_document("1", 1, "石桥")], sequence=2)
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
    index.replace("1", [make_document("1", 1, "石桥")], sequence=1)
    no_text = replace(make_document("1", 2, ""), text=None)  # type: ignore[arg-type]  # what cannot be folded
    with pytest.raises(TypeError):
        index.replace("1", [make_document("1", 1, "水库"), no_text], sequence=2)
    assert ids(index.search(parse_query("石桥"))) == ["1#1"]
    index.replace("1", [make_document("1", 1, "水库")], sequence=2)
    assert ids(index.search(parse_query("水库"))) == ["1#1"]


def test_a_search_ends_with_its_time_and_the_next_one_goes_on(index: SearchIndex) -> None:
    index.replace("a", [make_document("a", 1, "防汛工作")], sequence=1)
    index.commit(1)
    query = parse_query("防汛")
    with pytest.raises(SearchBusyError):
        index.search(replace(query, ends_at=time.monotonic()))
    assert ids(index.search(replace(query, ends_at=time.monotonic() + 60))) == ids(index.search(query)) != []


def test_the_embedded_engine_itself_is_stopped(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", [make_document("a", n, "无关" * 50) for n in range(3000)], sequence=1)
    with sqlite3.connect(tmp_path / "index.db") as database:  # what is found is not there: nothing but the engine works
        database.execute("DELETE FROM document")
    query = replace(parse_query("无"), ends_at=time.monotonic())
    with pytest.raises(SearchBusyError):
        index.search(query)


def test_searching_does_not_write(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", [make_document("a", 1, "防汛工作")], sequence=1)
    before = (tmp_path / "index.db").stat().st_mtime_ns
    reader = EmbeddedIndex(tmp_path / "index.db")
    assert ids(reader.search(parse_query("防汛")))
    assert "_connection" not in reader.__dict__
    assert (tmp_path / "index.db").stat().st_mtime_ns == before


def test_what_a_killed_writer_left_half_done_is_not_read_and_stops_no_reader(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("a", [make_document("a", n, "防汛工作") for n in range(50)], sequence=1)
    with sqlite3.connect(tmp_path / "index.db", isolation_level=None) as writer:
        writer.execute("PRAGMA cache_size=1")  # so that pages go to the file before the end
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM document")
        (tmp_path / "killed").mkdir()
        for name in ("index.db", "index.db-journal"):
            shutil.copy(tmp_path / name, tmp_path / "killed")
        writer.execute("ROLLBACK")
    assert len(ids(EmbeddedIndex(tmp_path / "killed" / "index.db").search(parse_query("防汛")))) == 20


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
    index.replace("1", [make_document("1", 1, "石桥水库")], sequence=1)
    index.commit(7)
    index.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE state SET schema = schema - 1")
    connection.close()
    later = EmbeddedIndex(path)
    assert (later.head(), later.count()) == (0, 1)
    later.replace("2", [make_document("2", 1, "石桥水文站")], sequence=2)
    later.commit(9)
    assert (later.head(), ids(later.search(parse_query("石桥")))) == (9, ["2#1"])


def test_an_index_of_many_by_other_rules_is_searched_until_the_new_one_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = make_elastic()
    index.replace("1", [make_document("1", 1, "石桥水库")], sequence=1)
    index.replace("3", [make_document("3", 1, "石桥船闸")], sequence=1)
    index.commit(7)
    monkeypatch.setattr("search.index.elastic._TOKENIZER", "grams-next")
    assert index.head() == 0
    assert len(ids(index.search(parse_query("石桥")))) == 2
    index.replace("3", (), sequence=8)
    index.replace("2", [make_document("2", 1, "石桥水文站")], sequence=8)
    index.commit(9)
    assert index.head() == 9
    assert ids(index.search(parse_query("石桥"))) == ["2#1"]


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
