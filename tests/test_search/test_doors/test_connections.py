"""A client that holds connections, or sends no whole request, does not hold the site."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest

from archives.message import message
from search.doors.portal import connections
from search.doors.portal.app import create_app
from search.doors.portal.headers import HEADERS
from tests.test_search.test_doors.test_portal import Site

_WAIT = 30.0
_PAGE = b"GET /about HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """The address of a site that runs."""
    site = Site(tmp_path)
    app = create_app(site.views, site.index, site.images, site_name=message("金匮", "Jinkui"))
    server = connections.site_server(app, "127.0.0.1", 0)
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # so that little is on its way
        thread = Thread(target=server.run, args=([listening],))
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


def everything(client: socket.socket) -> bytes:
    """Return what comes until the other side ends it."""
    parts = []
    try:
        while part := client.recv(1 << 16):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize(
    ("told", "base"),
    [
        (b"", b"http://localhost"),
        (b"X-Forwarded-Proto: https\r\n", b"https://localhost"),
        (b"X-Forwarded-Host: example.org\r\n", b"http://localhost"),
    ],
)
def test_a_proxy_on_this_machine_is_believed_how_the_site_is_asked_and_not_by_which_name(
    address: tuple[str, int], told: bytes, base: bytes
) -> None:
    with socket.create_connection(address, _WAIT) as client:
        client.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + told + b"\r\n")
        assert b"Sitemap: " + base + b"/sitemap.xml" in everything(client)


@pytest.mark.parametrize(
    "begun",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: loc",
        _PAGE + b"GET /ab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",
    ],
    ids=["nothing", "half a head", "half a second head", "half a body"],
)
def test_who_does_not_send_a_whole_request_is_let_go(
    address: tuple[str, int], begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "_HEAD_SECONDS", 0.3)
    with socket.create_connection(address, _WAIT) as client:
        client.sendall(begun)
        assert everything(client).count(b"HTTP/1.1 ") <= 1


def test_who_does_not_take_the_answer_is_let_go(address: tuple[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_ANSWER_SECONDS", 0.3)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(_WAIT)
        client.connect(address)
        with pytest.raises(OSError, match=r"reset|Broken pipe"):
            while True:
                client.sendall(_PAGE * 50)


def test_where_too_many_connections_are_held_the_oldest_make_room(
    address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "most_connections", lambda: 20)
    with ExitStack() as stack:
        idle = [stack.enter_context(socket.create_connection(address, _WAIT)) for _ in range(60)]
        with socket.create_connection(address, _WAIT) as client:
            client.sendall(_PAGE)
            assert client.recv(12) == b"HTTP/1.1 200"
        assert everything(idle[0]) == b""


@pytest.mark.parametrize(
    "line", [b"Range: bytes=" + b"0-," * 200_000, b"X: " + b"a" * 5_000_000], ids=["range", "long"]
)
def test_a_huge_head_is_refused(address: tuple[str, int], line: bytes) -> None:
    with socket.create_connection(address, _WAIT) as client:
        try:
            client.sendall(b"GET /images/1/0001.jpg HTTP/1.1\r\nHost: localhost\r\n" + line)
        except OSError:  # refused before it was taken
            return
        assert everything(client)[:12] in (b"", b"HTTP/1.1 400")


def test_many_ranges_give_no_more_than_the_image(address: tuple[str, int]) -> None:
    head = b"GET /images/1/0001.jpg HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nRange: bytes="
    with socket.create_connection(address, _WAIT) as client:
        client.sendall(head + b",".join([b"0-"] * 99) + b"\r\n\r\n")
        assert everything(client).count(b"\xff\xd8jpeg") == 1


_UNFIT = {
    "garbage": bytes(range(256)),
    "no version": b"GET /\r\n\r\n",
    "two hosts": b"GET /about HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a negative length": b"GET /about HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"GET /about HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n",
    "a length and chunks": b"GET /about HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and a length": b"GET /about HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
    "a long head": b"GET /about HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("sent", _UNFIT.values(), ids=_UNFIT)
def test_what_is_no_request_is_refused_with_the_headers_of_every_answer(address: tuple[str, int], sent: bytes) -> None:
    with socket.create_connection(address, _WAIT) as client:
        client.sendall(sent + _PAGE)
        head, _, _ = everything(client).partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    assert first == "HTTP/1.1 400 Bad Request"
    told = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert told.items() >= {name.lower(): value for name, value in HEADERS.items()}.items()


def test_what_follows_a_request_of_two_lengths_is_no_request(address: tuple[str, int]) -> None:
    with socket.create_connection(address, _WAIT) as client:
        client.sendall(_UNFIT["a length and chunks"] + _PAGE)
        assert everything(client).count(b"HTTP/1.1 ") == 1


def test_a_request_in_chunks_alone_is_answered(address: tuple[str, int]) -> None:
    with socket.create_connection(address, _WAIT) as client:
        client.sendall(
            b"GET /about HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n"
        )
        assert everything(client)[:12] == b"HTTP/1.1 200"
