"""Elasticsearch 8 or 9 as the index of many repositories: our own bigrams on the whitespace analyzer, aliases, tombstones.

A record is one document. Every document is written with the journal's sequence as external version, so late or repeated deliveries are harmless.
Nothing is deleted: a record that closes becomes an empty document with the closing's sequence, because a late older
write would bring a deleted one back.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from archives.text.folding import folding_rules
from search.index import elastic_query
from search.index.answer import NOTHING, Answer
from search.index.document import IndexedRecord, Place
from search.index.query import Query, took_too_long
from search.index.search_index import Change, Health, IndexState
from search.index.server.asked import ANSWER_SHARE, answer_of, totals_of
from search.index.server.bulk import Bulk, Document
from search.index.server.connection import ElasticSettings, asked, client_of
from search.index.server.generations import Generations

_SCHEMA = 4
_PURGE_SECONDS = 3600.0
_READ_TOGETHER = 20
"""How many records, each with all its texts, are read in one request."""


class ElasticIndex:
    """The index of one audience (``public`` or ``staff``); see ``SearchIndex``.

    ``stamp`` is a moment in digits, which names what is made; ``beside`` names an index that is not the one that is
    searched, and ``of`` what it was begun of. ``wait`` waits so many seconds before what the server had no room for is sent again.
    """

    def __init__(
        self,
        settings: ElasticSettings,
        audience: str,
        *,
        stamp: str,
        beside: str = "",
        of: str = "",
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self._generations = Generations(
            settings, audience, _SCHEMA, elastic_query.MAPPING, elastic_query.SETTINGS, _rules()
        )
        self._audience = audience
        self._stamp = stamp
        self._wait = wait
        self._name = beside
        self._of = of
        self._made = 0
        self._filling: ElasticIndex | None = None
        self._is_stale = False

    def replace(self, package_id: str, record: IndexedRecord | None, *, sequence: int) -> None:
        """Make this what is found of a package; what is taken back is so in the index that is searched, too."""
        self.replace_all([Change(package_id, record, sequence)])

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace what is found of several packages, in a few large requests."""
        if not changes:
            return
        index, gone = self._writable(), [change.package_id for change in changes if not change.record]
        known = {change.package_id for change in changes if change.record} | index._known(gone)
        index._bulk().write(
            Document(one.package_id, one.sequence, _source(one)) for one in changes if one.package_id in known
        )
        if index is not self and gone and (searched := self._searched()):
            with self._asked() as client:  # what is found is to be taken back at once, whatever is made beside it
                client.delete_by_query(
                    index=searched, query={"terms": {"package_id": gone}}, refresh=True, conflicts="proceed"
                )

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the records in which every term stands and no unwanted one."""
        if query.seconds_left() == 0:
            raise took_too_long(query)
        if query.asks_nothing:
            return NOTHING
        with self._asked() as client:
            return answer_of(client, self._target, query, offset, limit, seconds=self._patience(query))

    def totals(self, queries: Sequence[Query]) -> Sequence[int]:
        """Return how many records each query finds, all asked for in one request."""
        if not queries or queries[0].seconds_left() == 0:
            return ()
        with self._asked() as client:
            return totals_of(client, self._settings, self._target, queries, seconds=self._patience(queries[0]))

    def commit(self, sequence: int) -> None:
        """Make what was written visible; a new index takes the place of the one before in one step."""
        index = self._writable()
        with self._asked() as client:
            client.indices.refresh(index=index._target)
            self._generations.remember(index._searched(), sequence, index._of)
        if index is not self:
            index.take_place()
            self._filling, self._is_stale = None, False

    def purge(self) -> None:
        """Merge all segments into one: until then Lucene keeps what was replaced."""
        with self._asked():
            index = self._searched()
            if index and self._generations.holds_replaced(index):
                self._generations.expunge(index, seconds=_PURGE_SECONDS, wait=self._wait)

    def head(self) -> int:
        """Return the sequence of the last commit; 0 where there is none yet, or one by other rules, to be filled anew."""
        if self._filling:
            return self._filling.head()
        with self._asked():
            head = self._generations.head(index) if (index := self._searched()) else 0
            self._is_stale = head is None
            return head or 0

    def count(self) -> int:
        """Return how many records can be found."""
        with self._asked() as client:
            return int(client.count(index=self._target, query=_RECORDS)["count"]) if self._searched() else 0

    def clear(self) -> None:
        """Begin a new index beside the old one; ``commit`` swaps them."""
        self._filling = self.beside()

    def beside(self, of: str = "") -> "ElasticIndex":
        """Return an index that nobody searches yet, gone on with where it was begun ``of`` the same; what was begun otherwise goes."""
        self._made += 1
        with self._asked():
            name = self._generations.gone_on_with(of) or self._generations.create(self._stamp, self._made, of)
        return ElasticIndex(self._settings, self._audience, stamp=self._stamp, beside=name, of=of, wait=self._wait)

    def begun(self) -> str | None:
        """Return what the index is of that was begun and never finished."""
        with self._asked():
            return self._generations.begun()

    def held(self, sequences: Mapping[str, int]) -> frozenset[str]:
        """Return those about which the last that was written is of just this sequence, whether it can be found yet or not."""
        if not sequences:
            return frozenset()
        with self._asked() as client:
            docs = client.mget(index=self._target, ids=list(sequences), source=False)["docs"]
            return frozenset(
                str(one["_id"]) for one in docs if one.get("found") and one["_version"] == sequences[one["_id"]]
            )

    def take_place(self) -> None:
        """Let what was filled beside be what is searched, in one step; what was searched before goes."""
        with self._asked():
            self._generations.swap(self._name)
        self._name = self._of = ""

    def discard(self) -> None:
        """Remove what was begun beside."""
        if self._name:
            with self._asked():
                self._generations.remove(self._name)

    def every(self) -> Iterator[IndexedRecord]:
        """Yield every record with all its places, in the order of identifiers, as the server has them now."""
        after: dict[str, Any] = {}
        while True:
            with self._asked() as client:
                if not self._searched():
                    return
                answer = client.search(
                    index=self._target,
                    query=_RECORDS,
                    sort=[{"package_id": "asc"}],
                    source=["told", "places.told"],
                    size=_READ_TOGETHER,
                    allow_partial_search_results=False,
                    **after,
                )
                hits = [(hit["sort"], hit["_source"]) for hit in answer["hits"]["hits"]]
                records = [_record_in(source) for _, source in hits]
            yield from records
            if len(hits) < _READ_TOGETHER:
                return
            after = {"search_after": hits[-1][0]}

    def state(self) -> IndexState:
        """Return how the index stands."""
        head = self.head()
        with self._asked() as client:
            index = self._searched()
            place = f"{self._settings.told} {index or self._generations.alias}"
            if not index:
                return IndexState("elasticsearch", place, 0, 0, None, 0, is_ours=True, holds_removed=False)
            client.indices.refresh(index=index)
            stats = client.indices.stats(index=index, metric=["docs", "store"])
            below = {"below": {"nested": {"path": "places"}}}
            shards = stats["_shards"]
            whole = Health.WHOLE if shards["successful"] == shards["total"] else Health.WITHOUT_REPLICA
            answer = client.search(index=index, query=_RECORDS, size=0, track_total_hits=True, aggs=below)
            return IndexState(
                engine="elasticsearch",
                place=place,
                records=int(answer["hits"]["total"]["value"]),
                places=int(answer["aggregations"]["below"]["doc_count"]),
                size_bytes=int(stats["_all"]["total"]["store"]["size_in_bytes"]),
                head=head,
                is_ours=not self._is_stale,
                holds_removed=int(stats["_all"]["total"]["docs"]["deleted"]) > 0,
                health=whole if shards["successful"] else Health.INCOMPLETE,
            )

    @contextmanager
    def _asked(self) -> Iterator[Any]:
        with asked(self._settings):
            yield client_of(self._settings)

    @property
    def _target(self) -> str:
        return self._name or self._generations.alias

    def _searched(self) -> str:
        return self._name or self._generations.current()

    def _bulk(self) -> Bulk:
        return Bulk(self._settings, self._target, not self._name, self._wait)

    def _known(self, package_ids: Sequence[str]) -> set[str]:
        """Return those of these packages of which anything was written."""
        if not package_ids:
            return set()
        with self._asked() as client:
            answer = client.mget(index=self._target, ids=list(dict.fromkeys(package_ids)), source=False)
            return {str(one["_id"]) for one in answer["docs"] if one.get("found")}

    def _writable(self) -> "ElasticIndex":
        """Return where is written: here, or into what is filled beside."""
        if self._is_stale and not self._filling:
            self.clear()
        if self._filling:
            return self._filling
        with self._asked():
            if not self._searched():
                self._made += 1
                self._generations.swap(self._generations.create(self._stamp, self._made))
        return self

    def _patience(self, query: Query) -> float:
        """Return how long the answer to a query is waited for."""
        left = query.seconds_left()
        return (
            self._settings.timeout_seconds if left is None else min(left * ANSWER_SHARE, self._settings.timeout_seconds)
        )


_RECORDS = {"term": {"kind": elastic_query.RECORD}}


def _record_in(source: dict[str, Any]) -> IndexedRecord:
    places = tuple(Place(**one["told"]) for one in source.get("places", ()))
    return replace(IndexedRecord(**{**source["told"], "places": ()}), places=places)


def _source(change: Change) -> dict[str, Any]:
    if change.record is None:
        return elastic_query.tombstone_of(change.package_id, change.sequence)
    return elastic_query.source_of(change.record, change.sequence)


def _rules() -> dict[str, Any]:
    return {"schema": _SCHEMA, "tokenizer": folding_rules()}
