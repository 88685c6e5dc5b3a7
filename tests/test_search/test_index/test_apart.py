"""Searches in processes of their own: the same answers, and an end whatever keeps one waiting."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from archives.errors import SearchBusyError, SearchError
from formats.processes.children import ChildExecutor
from search.index.apart import SearchedApart
from search.index.elastic import ElasticIndex
from search.index.embedded import EmbeddedIndex
from search.index.query import parse_query
from search.index.search_index import Change
from search.index.server.connection import ElasticSettings
from tests.test_search.test_index.test_search_index import make_record


@contextmanager
def dripping(sent: bytes) -> Iterator[int]:
    """Let a server say so much, then a byte now and then, for ever; give its port."""
    ended = threading.Event()

    def drip(client: socket.socket) -> None:
        with client, suppress(OSError):
            client.sendall(sent)
            while not ended.wait(0.05):
                client.sendall(b"a")

    def serve() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        ended.set()
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("sent", [b"HTTP/1.1 200 OK\r\nX-Elastic-Product: Elastic", b"HTTP/1.1 200 OK\r\n\r\n{"])
def test_a_search_server_that_says_a_byte_at_a_time_is_given_up(sent: bytes) -> None:
    with dripping(sent) as port, ChildExecutor(1, timeout_seconds=20) as processes:
        index = ElasticIndex(ElasticSettings(f"http://127.0.0.1:{port}", "test"), "public", stamp="1")
        apart = SearchedApart(index, processes)
        apart.make_ready(1)
        for ends_at in (time.monotonic() + 2, None):  # the second one ends with its process
            with pytest.raises(SearchBusyError):
                apart.search(replace(parse_query("flood"), ends_at=ends_at))


def test_what_is_found_apart_is_what_is_found_here(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path / "index.db")
    index.replace_all([Change(str(n), make_record(str(n), f"防汛 flood {n}"), 1) for n in range(1, 5)])
    index.commit(1)
    index.close()
    query = parse_query("flood 防汛")
    here = EmbeddedIndex(tmp_path / "index.db").search(query, offset=1, limit=2)
    with ChildExecutor(1, timeout_seconds=60) as processes:
        apart = SearchedApart(EmbeddedIndex(tmp_path / "index.db"), processes)
        apart.make_ready(1)
        assert apart.search(query, offset=1, limit=2) == here
        assert (list(apart.totals([query, parse_query("石桥"), parse_query("防汛 2")])), apart.totals([])) == (
            [4, 0, 1],
            (),
        )
        (tmp_path / "index.db").write_bytes(b"no database" * 999)
        with pytest.raises(SearchError, match="cannot be used"):
            apart.search(query)
    assert (here.total, [found.record.package_id for found in here.found]) == (4, ["2", "3"])
