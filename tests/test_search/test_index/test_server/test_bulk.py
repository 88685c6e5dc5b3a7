"""What is written in bulk is judged item by item, and tried again where there was no room for it."""

from collections.abc import Iterator

import pytest

from archives.errors import SearchError
from search.index.server.bulk import Bulk, Document
from search.index.server.connection import ElasticSettings, client_of
from tests.support.scripted_server import Asked, Said, scripted_server


@pytest.fixture(autouse=True)
def _new_clients() -> Iterator[None]:
    client_of.cache_clear()
    yield
    client_of.cache_clear()


class Bulky:
    """Answers requests of many documents with the next of the statuses that it was given for each, 201 beyond."""

    def __init__(self, **statuses: list[int]) -> None:
        self._statuses = statuses
        self.sent: list[list[str]] = []
        self.versions: set[tuple[object, object]] = set()

    def __call__(self, asked: Asked) -> Said:
        """Answer."""
        heads = [line["index"] for line in asked.lines[::2]]
        self.sent.append([str(head["_id"]) for head in heads])  # type: ignore[index]
        self.versions |= {(head["version"], head["version_type"]) for head in heads}  # type: ignore[index]
        items = [self._item(name) for name in self.sent[-1]]
        return Said(200, {"errors": any("error" in one["index"] for one in items), "items": items})

    def _item(self, name: str) -> dict[str, dict[str, object]]:
        left = self._statuses.get(name, [])
        status = left.pop(0) if left else 201
        error = {} if status < 300 else {"error": {"type": "refused", "reason": f"because of {name}"}}
        return {"index": {"status": status, **error}}


def write(url: str, *names: str, is_alias: bool = True) -> list[float]:
    """Write documents with these names; return how long was waited between."""
    waited: list[float] = []
    bulk = Bulk(ElasticSettings(url, "test", timeout_seconds=5), "jinkui-test-public", is_alias, waited.append)
    bulk.write(Document(name, 7, {"kind": "record", "package_id": name}) for name in names)
    return waited


def test_only_what_there_was_no_room_for_is_sent_again_later_and_later() -> None:
    server = Bulky(b=[429, 503], c=[429])
    with scripted_server(server) as url:
        assert write(url, "a", "b", "c") == [0.5, 1.0]
    assert server.sent == [["a", "b", "c"], ["b", "c"], ["b"]]
    assert server.versions == {(7, "external_gte")}


def test_what_is_newer_there_already_is_as_good_as_written() -> None:
    with scripted_server(Bulky(a=[409])) as url:
        assert write(url, "a") == []


def test_what_can_never_be_written_is_told_with_its_reason_and_not_tried_again() -> None:
    server = Bulky(a=[429, 429], b=[400])
    with scripted_server(server) as url, pytest.raises(SearchError, match="400 refused: because of b"):
        write(url, "a", "b")
    assert len(server.sent) == 1


def test_a_server_that_stays_full_is_given_up_after_some_tries() -> None:
    server = Bulky(a=[429] * 9)
    with scripted_server(server) as url, pytest.raises(SearchError, match="429") as failure:
        write(url, "a")
    assert len(server.sent) == 5
    assert "disk" in (failure.value.advice.text("en") if failure.value.advice else "")


def test_an_index_that_is_made_beside_waits_for_minutes_before_it_is_given_up() -> None:
    server = Bulky(a=[429] * 8)
    with scripted_server(server) as url:
        waited = write(url, "a", is_alias=False)
    assert len(waited) == 8
    assert sum(waited) > 60
    server = Bulky(a=[429] * 99)
    with scripted_server(server) as url, pytest.raises(SearchError, match="429"):
        write(url, "a", is_alias=False)
    assert len(server.sent) < 20


def test_a_request_that_is_refused_whole_is_sent_again_whole() -> None:
    statuses = [429, 503, 200]
    sent: list[int] = []

    def answer(asked: Asked) -> Said:
        sent.append(len(asked.lines))
        status = statuses.pop(0)
        items = [{"index": {"status": 201}}] * 2 if status == 200 else []
        return Said(status, {"items": items} if items else {"error": {"type": "too_much", "reason": "later"}})

    with scripted_server(answer) as url:
        assert write(url, "a", "b") == [0.5, 1.0]
    assert sent == [4, 4, 4]


@pytest.mark.parametrize("body", [b"<html>no</html>", b"{", {}, {"items": []}, {"items": [{"index": {}}]}, [], None])
def test_an_answer_that_is_garbage_is_no_success(body: object) -> None:
    with scripted_server(lambda _: Said(200, body)) as url, pytest.raises(SearchError):
        write(url, "a")


def test_very_many_documents_go_in_several_requests_and_each_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("search.index.server.bulk._BYTES_TOGETHER", 200)
    server = Bulky(n7=[429], n31=[400])
    names = [f"n{number}" for number in range(40)]
    with scripted_server(server) as url, pytest.raises(SearchError, match="because of n31"):
        write(url, *names)
    assert {name for sent in server.sent for name in sent} >= set(names[:30])
    assert max(map(len, server.sent)) < 5


def test_nothing_is_made_in_place_of_an_alias_that_is_gone() -> None:
    asked_for: list[str] = []

    def answer(asked: Asked) -> Said:
        asked_for.append(asked.path)
        return Said(404, {"error": {"type": "index_not_found_exception", "reason": "no alias"}})

    with scripted_server(answer) as url, pytest.raises(SearchError) as failure:
        write(url, "a")
    assert asked_for == ["/jinkui-test-public/_bulk"]
    assert "index rebuild" in (failure.value.advice.text("en") if failure.value.advice else "")
