"""An index that is filled beside another and takes its place: whoever searches finds all, at every moment."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import SearchError
from search.index.elastic import ElasticIndex
from search.index.embedded import EmbeddedIndex
from search.index.memory import MemoryIndex
from search.index.query import parse_query
from search.index.search_index import Change, Health, SearchIndex
from search.index.server.connection import client_of
from tests.support.elastic import make_elastic
from tests.test_search.test_index.test_search_index import ids, make_record


@pytest.fixture(params=["memory", "embedded", "elastic"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> SearchIndex:
    if request.param == "memory":
        return MemoryIndex()
    return EmbeddedIndex(tmp_path / "index.db") if request.param == "embedded" else make_elastic()


def found(index: SearchIndex, words: str = "石桥") -> list[str]:
    """Return what is found."""
    return ids(index.search(parse_query(words)))


def test_the_old_index_answers_until_the_new_one_takes_its_place(index: SearchIndex) -> None:
    index.replace_all([Change(str(n), make_record(str(n), "石桥"), 1) for n in range(3)])
    index.commit(5)
    new = index.beside()
    assert (new.head(), new.count()) == (0, 0)
    new.replace_all([Change(str(n), make_record(str(n), "石桥 水库"), 1) for n in range(2)])
    new.commit(7)
    assert (found(index), found(index, "水库"), index.head()) == (["0", "1", "2"], [], 5)
    assert (new.count(), new.head(), found(new)) == (2, 7, ["0", "1"])
    new.take_place()
    assert (found(index), found(index, "水库"), index.head(), index.count()) == (["0", "1"], ["0", "1"], 7, 2)
    index.replace("9", make_record("9", "石桥"), sequence=9)
    index.commit(9)
    assert (found(index), index.head()) == (["0", "1", "9"], 9)


def test_what_was_begun_beside_and_not_finished_goes_with_the_next(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "石桥"), sequence=1)
    index.commit(1)
    left = index.beside()
    left.replace("2", make_record("2", "石桥"), sequence=1)
    new = index.beside()
    assert new.count() == 0
    new.replace("3", make_record("3", "石桥"), sequence=1)
    new.commit(1)
    new.take_place()
    assert found(index) == ["3"]


def test_what_was_begun_of_the_same_is_gone_on_with_and_anything_else_goes(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "石桥"), sequence=1)
    index.commit(1)
    assert index.begun() is None
    left = index.beside("of one")
    left.replace_all([Change("2", make_record("2", "水库"), 4), Change("3", make_record("3", "水库"), 5)])
    left.replace("3", None, sequence=6)
    left.commit(9)
    assert (index.begun(), left.held({})) == ("of one", frozenset())
    new = index.beside("of one")
    assert (new.head(), new.count()) == (0, 1)
    assert new.held({"2": 4, "3": 5, "4": 1}) == {"2"}
    new.replace("4", make_record("4", "水库"), sequence=7)
    assert new.held({"2": 4, "3": 6, "4": 7}) == {"2", "3", "4"}
    assert found(index) == ["1"]
    assert index.beside("of another").count() == 0
    assert index.begun() == "of another"
    new = index.beside("of another")
    new.replace("5", make_record("5", "石桥"), sequence=7)
    new.commit(9)
    new.take_place()
    assert (index.begun(), found(index), index.head()) == (None, ["5"], 9)
    index.beside().replace("6", make_record("6", "石桥"), sequence=7)
    assert index.begun() in ("", None), "nobody can say"
    assert index.beside("").count() == 0
    index.beside("of one").discard()
    assert index.begun() is None


@pytest.mark.parametrize("damage", ["cut", "garbage", "of other rules", "begun by nobody"])
def test_a_file_that_cannot_be_trusted_is_not_gone_on_with(tmp_path: Path, damage: str) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    left = index.beside("of one")
    left.replace_all([Change(str(n), make_record(str(n), "石桥" * 900), 1) for n in range(9)])
    left.close()
    path = tmp_path / "index.db.new"
    data = path.read_bytes()
    if damage in ("cut", "garbage"):
        path.write_bytes(data[: len(data) // 2] + (b"\xa5" * (len(data) // 2) if damage == "garbage" else b""))
    else:
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("UPDATE state SET schema = 'older'" if damage == "of other rules" else "DROP TABLE begun")
    assert index.begun() == ""
    new = index.beside("of one")
    assert (new.count(), index.begun()) == (0, "of one")


def test_what_was_begun_beside_can_be_given_up(index: SearchIndex) -> None:
    index.replace("1", make_record("1", "石桥"), sequence=1)
    index.commit(1)
    new = index.beside()
    new.replace("2", make_record("2", "石桥"), sequence=1)
    new.discard()
    index.discard()
    assert isinstance(index, MemoryIndex) or (found(index), index.count()) == (["1"], 1)


def test_what_closes_while_another_is_filled_is_found_no_more(index: SearchIndex) -> None:
    index.replace_all([Change(str(n), make_record(str(n), "石桥"), 1) for n in range(2)])
    index.commit(1)
    index.beside().replace("0", make_record("0", "石桥"), sequence=1)
    index.replace("0", None, sequence=2)
    index.commit(2)
    assert found(index) == ["1"]


def test_every_record_is_given_back_as_it_was_put_in(index: SearchIndex) -> None:
    records = [make_record(f"{n:03}", *["石桥 一", "水库"][: n % 3], text="著录") for n in range(45)]
    index.replace_all([Change(one.package_id, one, 1) for one in reversed(records)])
    index.replace("003", None, sequence=2)
    index.commit(2)
    assert list(index.every()) == [one for one in records if one.package_id != "003"]
    state = index.state()
    assert (state.records, state.head, state.is_ours, state.health) == (44, 2, True, Health.WHOLE)
    assert state.places == sum(len(one.places) for one in records if one.package_id != "003")


def test_an_index_that_nothing_was_written_into_holds_nothing(index: SearchIndex) -> None:
    assert (index.head(), index.count()) == (0, 0)
    assert (list(index.every()), index.state().records, index.state().head) == ([], 0, 0)


def test_who_reads_makes_no_index(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    for look in (lambda: list(index.every()), lambda: found(index)):
        with pytest.raises(SearchError):
            look()
    assert not list(tmp_path.iterdir())


def test_who_has_the_file_of_before_open_writes_into_the_new_one(tmp_path: Path) -> None:
    index, other = EmbeddedIndex(tmp_path / "index.db"), EmbeddedIndex(tmp_path / "index.db")
    for one in (index, other):
        one.replace("1", make_record("1", "石桥"), sequence=1)
    new = index.beside()
    new.replace("1", make_record("1", "石桥"), sequence=1)
    new.commit(3)
    new.take_place()
    assert other.head() == 3
    other.replace("1", None, sequence=4)
    assert (found(index), found(EmbeddedIndex(tmp_path / "index.db"))) == ([], [])
    assert not list(tmp_path.glob("*journal"))


def test_nobody_writes_into_the_file_of_before_while_it_is_replaced(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace("1", make_record("1", "石桥"), sequence=1)
    new = index.beside()
    new.commit(3)
    writing = sqlite3.connect(tmp_path / "index.db", isolation_level=None)
    writing.execute("BEGIN IMMEDIATE")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("search.index.embedded._WRITE_SECONDS", 0.1)
        with pytest.raises(SearchError, match="locked"):
            new.take_place()
        assert found(index) == ["1"]
    writing.execute("ROLLBACK")
    writing.close()
    new.take_place()
    assert (found(index), index.head()) == ([], 3)


def test_a_damaged_file_is_replaced_and_what_it_left_half_done_with_it(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    path.write_bytes(b"no database" * 500)
    (tmp_path / "index.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    new = EmbeddedIndex(path).beside()
    new.replace("1", make_record("1", "石桥"), sequence=1)
    new.commit(3)
    new.take_place()
    assert (found(EmbeddedIndex(path)), EmbeddedIndex(path).head()) == (["1"], 3)


def test_another_installation_whose_name_begins_alike_keeps_its_index() -> None:
    index = make_elastic()
    settings = index._settings
    names = [f"{settings.installation}{more}" for more in ("", "-staff", "-staff-v2")]
    every = [ElasticIndex(replace(settings, installation=name), "staff", stamp="1") for name in names]
    for number, one in enumerate(every):
        one.replace("1", make_record("1", "石桥"), sequence=number)
        one.commit(number)
    for one in every:
        one.beside()
        new = one.beside()
        new.replace("2", make_record("2", "石桥"), sequence=9)
        new.commit(9)
        new.take_place()
    assert [found(one) for one in every] == [["2"]] * 3
    client = client_of(settings)
    assert len(client.indices.get(index=f"jinkui-{settings.installation}-*")) == 3
    shared = client.indices.get_alias(name="jinkui-staff")
    assert {one._generations.current() for one in every} <= {*shared}


def test_a_field_that_nobody_knows_is_refused_by_the_server() -> None:
    index = make_elastic()
    index.replace("1", make_record("1", "石桥"), sequence=1)
    client, alias = client_of(index._settings), index._generations.alias
    from elasticsearch import BadRequestError

    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=alias, document={"kind": "record", "secret": "1"})
    made_by_hand = f"{alias}-v{index._generations.schema}-9-9"
    client.indices.create(index=made_by_hand)
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=made_by_hand, document={"secret": "1"})
    client.indices.delete(index=made_by_hand)


def test_an_index_whose_disk_is_full_says_so_and_takes_what_it_missed_later(monkeypatch: pytest.MonkeyPatch) -> None:
    index = make_elastic()
    index.replace("1", make_record("1", "石桥"), sequence=1)
    index.commit(1)
    client, alias = client_of(index._settings), index._generations.alias
    waited: list[float] = []
    full = ElasticIndex(index._settings, "staff", stamp="2", wait=waited.append)
    client.indices.put_settings(index=alias, settings={"index.blocks.read_only_allow_delete": True})
    with pytest.raises(SearchError, match="read-only"):
        full.replace_all([Change("2", make_record("2", "石桥"), 2), Change("1", None, 2)])
    assert len(waited) == 4
    assert found(index) == ["1"], "what is there is found all the same"
    client.indices.put_settings(index=alias, settings={"index.blocks.read_only_allow_delete": None})
    full.replace_all([Change("2", make_record("2", "石桥"), 2), Change("1", None, 2)])
    full.commit(2)
    assert (found(index), index.head()) == (["2"], 2)


def test_a_purge_waits_for_the_server_to_let_go_and_says_what_is_still_there() -> None:
    index = make_elastic()
    index.replace_all([Change(str(n), make_record(str(n), "石桥"), 1) for n in range(30)])
    index.commit(1)
    waited: list[float] = []
    purging = ElasticIndex(index._settings, "staff", stamp="2", wait=waited.append)
    purging.purge()
    assert not waited, "there is nothing to be purged"
    index.replace_all([Change(str(n), None, 2) for n in range(10)])
    index.commit(2)
    assert index.state().holds_removed
    purging.purge()
    assert (len(waited) == 9) is index.state().holds_removed, "the server keeps it for half a minute"
    assert sum(waited) <= 60
    assert len(found(index)) == 20
