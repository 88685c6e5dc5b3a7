"""How a server is reached, and what is said of one that fails."""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import SearchBusyError, SearchError
from search.index.elastic import ElasticIndex
from search.index.query import parse_query
from search.index.server import connection
from search.index.server.connection import ElasticSettings, client_of
from tests.support.scripted_server import Asked, Said, own_certificate, scripted_server


@pytest.fixture(autouse=True)
def _as_a_new_process() -> Iterator[None]:
    for _ in range(2):
        client_of.cache_clear()
        connection._SILENT.clear()
        yield
        break
    client_of.cache_clear()
    connection._SILENT.clear()


def index_at(*urls: str, **settings: object) -> ElasticIndex:
    """Return an index at addresses."""
    made = ElasticSettings(urls[0] if len(urls) == 1 else urls, "test", timeout_seconds=0.3)
    return ElasticIndex(replace(made, **settings), "public", stamp="1")  # type: ignore[arg-type]


def test_a_server_that_never_answers_is_not_asked_again_for_a_while() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        index = index_at(f"http://127.0.0.1:{deaf.getsockname()[1]}")
        begun = time.monotonic()
        for _ in range(50):
            with pytest.raises(SearchError, match="does not answer"):
                index.search(parse_query("防汛"))
        assert time.monotonic() - begun < 3


def test_a_search_has_its_answer_or_none_within_its_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        index = index_at(f"http://127.0.0.1:{deaf.getsockname()[1]}", timeout_seconds=60.0)
        begun = time.monotonic()
        with pytest.raises(SearchError) as failure:
            index.search(replace(parse_query("防汛"), ends_at=begun + 1.0))
        assert time.monotonic() - begun < 1.0
        assert not isinstance(failure.value, SearchBusyError), "the server is away, the words are not too hard"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{", {}, [], {"hits": {}}, {"timed_out": False, "hits": {"hits": [{}]}}, {"timed_out": 0}, "no"],
)
def test_a_garbled_answer_is_a_search_error(body: object) -> None:
    with scripted_server(lambda _: Said(200, body)) as url:
        index = index_at(url)
        with pytest.raises(SearchError):
            index.search(parse_query("防汛"))
        for ask in (index.head, index.state, lambda: list(index.every()), index.purge, index.count):
            with pytest.raises(SearchError):
                ask()


@pytest.mark.parametrize(
    ("status", "helps"), [(401, "valid"), (403, "may do"), (404, "index rebuild"), (429, "disk"), (503, "health")]
)
def test_what_helps_is_said_for_each_refusal(status: int, helps: str) -> None:
    error = {"error": {"type": "some_exception", "reason": "as it is"}}
    with scripted_server(lambda _: Said(status, error)) as url, pytest.raises(SearchError) as failure:
        index_at(url).search(parse_query("防汛"))
    assert f"{status} some_exception: as it is" in str(failure.value)
    assert helps in (failure.value.advice.text("en") if failure.value.advice else "")


def test_a_search_that_the_server_gave_up_was_too_long() -> None:
    with scripted_server(lambda _: Said(200, {"timed_out": True})) as url, pytest.raises(SearchBusyError):
        index_at(url).search(parse_query("防汛"))


def test_where_a_node_is_away_another_is_asked() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with scripted_server(lambda _: Said(200, {"timed_out": True})) as url:
            for _ in range(4):
                with pytest.raises(SearchBusyError):
                    index_at(away, url).search(parse_query("防汛"))


def test_the_key_is_read_from_a_file_for_its_owner_alone_and_sent(tmp_path: Path) -> None:
    key = tmp_path / "reader.key"
    key.write_text("c2VjcmV0OmtleQ==\n")
    with scripted_server(lambda _: Said(200, {"timed_out": True})) as url:
        for mode in (0o644, 0o640, 0o604, 0o660):
            key.chmod(mode)
            with pytest.raises(SearchError, match="others can read it") as failure:
                index_at(url, api_key_file=key).search(parse_query("防汛"))
            assert str(key) in str(failure.value)
            assert "c2VjcmV0" not in str(failure.value)
        key.chmod(0o600)
        with pytest.raises(SearchBusyError):
            index_at(url, api_key_file=key).search(parse_query("防汛"))
    assert client_of(replace(index_at(url)._settings, api_key_file=key))._headers["authorization"].endswith("OmtleQ==")


@pytest.mark.parametrize("held", [b"", b"\n", b"two words", "密钥".encode(), None])
def test_a_file_that_holds_no_key_is_told(tmp_path: Path, held: bytes | None) -> None:
    key = tmp_path / "writer.key"
    if held is not None:
        key.write_bytes(held)
        os.chmod(key, 0o600)
    with pytest.raises(SearchError, match=r"writer\.key"):
        index_at("http://127.0.0.1:9", api_key_file=key).head()


def test_certificates_that_are_not_there_or_are_none_are_told(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    for _ in range(2):
        with pytest.raises(SearchError):
            index_at("https://127.0.0.1:9", ca_file=ca_file).head()
        ca_file.write_text("no certificate")


def test_a_server_is_believed_by_its_certificate_alone(tmp_path: Path) -> None:
    certificate, ca_file = own_certificate(tmp_path)
    asked: list[Asked] = []

    def answer(one: Asked) -> Said:
        asked.append(one)
        return Said(200, {"timed_out": True})

    with scripted_server(answer, certificate=certificate) as url:
        with pytest.raises(SearchError, match="not trusted") as failure:
            index_at(url, timeout_seconds=5.0).search(parse_query("防汛"))
        assert "ca-file" in (failure.value.advice.text("en") if failure.value.advice else "")
        assert asked == []
        with pytest.raises(SearchBusyError):
            index_at(url, timeout_seconds=5.0, ca_file=ca_file).search(parse_query("防汛"))
        (tmp_path / "another").mkdir()
        _, another = own_certificate(tmp_path / "another")
        with pytest.raises(SearchError, match="not trusted"):
            index_at(url, timeout_seconds=5.0, ca_file=another).search(parse_query("防汛"))
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["127.0.0.1:9200", "ftp://127.0.0.1", "http://", "http://u:s3cret@"])
def test_an_address_that_is_none_is_a_search_error_without_its_password(url: str) -> None:
    with pytest.raises(SearchError) as failure:
        index_at(url).head()
    assert "s3cret" not in f"{failure.value} {failure.value.subject}"


def test_a_key_that_was_refused_is_read_anew(tmp_path: Path) -> None:
    key = tmp_path / "reader.key"
    key.write_text("old")
    key.chmod(0o600)
    statuses = [401, 200]
    with scripted_server(lambda _: Said(statuses.pop(0), {"timed_out": True})) as url:
        index = index_at(url, api_key_file=key)
        with pytest.raises(SearchError, match="401"):
            index.search(parse_query("防汛"))
        key.write_text("new")
        with pytest.raises(SearchBusyError):
            index.search(parse_query("防汛"))
    assert client_of(index._settings)._headers["authorization"] == "ApiKey new"
