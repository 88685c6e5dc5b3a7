"""The campaign of questions: the embedded index and real servers are asked the same, killed, made again, and asked anew."""

import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from archives.errors import SearchError
from search.index.elastic import ElasticIndex
from search.index.embedded import EmbeddedIndex
from search.index.query import parse_query
from search.index.search_index import SearchIndex
from search.index.server.connection import ElasticSettings, client_of
from tests.support.questions import changes, fill, fill_anew, questions, standing, unlike
from tests.support.trouble import Elasticsearch

Step = tuple[str, list[str]]
_RECOVERY_SECONDS = 90


class Asking:
    """So many questions to so many records, compared with what an embedded index answers that nothing ever happened to."""

    def __init__(self, folder: Path, number: int, records: int, seed: int) -> None:
        self._folder = folder
        self._happened = changes(records, seed)
        self._asked = list(questions(number, self._happened, seed + 1))
        self._reference = EmbeddedIndex(folder / "reference.db")
        fill(self._reference, self._happened)
        self.found = 0

    def of_embedded(self) -> Iterator[Step]:
        """Yield what an embedded index answers otherwise after it was made again, and after that was killed on the way."""
        index = EmbeddedIndex(self._folder / "index.db")
        fill(index, self._happened)
        yield "filled", self._unlike(index)
        self._kill_while_made_again(index)
        yield "killed while it was made again", self._unlike(index)
        fill_anew(index, standing(self._happened))
        yield "made again", self._unlike(index)
        index.close()

    def of_server(self, server: Elasticsearch | None, addresses: tuple[str, ...]) -> Iterator[Step]:
        """Yield what a server answers otherwise; one of ours loses a node, too: its only one, or one of several."""
        settings = ElasticSettings(addresses, f"questions-{uuid.uuid4().hex[:12]}", timeout_seconds=60)
        index = ElasticIndex(settings, "staff", stamp=str(time.time_ns()))
        try:
            fill(index, self._happened)
            yield "filled", self._unlike(index)
            fill_anew(index, standing(self._happened))
            yield "made again", self._unlike(index)
            if server:
                yield from self._with_a_node_less(server, index, len(addresses))
        finally:
            with suppress(Exception):  # a server that is wiped anyway
                names = client_of(settings).indices.get(index=f"jinkui-{settings.installation}-*")
                client_of(settings).indices.delete(index=list(names))

    def _with_a_node_less(self, server: Elasticsearch, index: ElasticIndex, nodes: int) -> Iterator[Step]:
        killed = f"n{nodes}"
        server.tell("kill", killed)
        if nodes > 1:
            _wait_for(index)
            yield "with a node killed", self._unlike(index)
            fill_anew(index, standing(self._happened))
            yield "made again with a node away", self._unlike(index)
        server.tell("restart", killed)
        _wait_for(index)
        yield "with the node back", self._unlike(index)

    def _unlike(self, index: SearchIndex) -> list[str]:
        wrong, self.found = unlike(self._reference, {"": index}, self._asked)
        return wrong

    def _kill_while_made_again(self, index: EmbeddedIndex) -> None:
        """Let another process make the index again, and kill it when it has written something."""
        index.close()
        child = os.fork()
        if not child:
            fill_anew(EmbeddedIndex(self._folder / "index.db"), standing(self._happened))
            os._exit(0)
        beside = self._folder / "index.db.new"
        while os.waitpid(child, os.WNOHANG) == (0, 0):
            if beside.exists() and beside.stat().st_size > 1 << 20:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                break
            time.sleep(0.01)


def _wait_for(index: SearchIndex) -> None:
    """Wait until a search is answered again."""
    deadline = time.monotonic() + _RECOVERY_SECONDS
    while True:
        try:
            index.search(parse_query("防汛"))
        except SearchError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)
        else:
            return
