"""Elasticsearch 8 or 9 as the index of many repositories: our own bigrams on the whitespace analyzer, aliases, tombstones.

A record is one document. Every document is written with the journal's sequence as external version, so late or repeated deliveries are harmless.
Nothing is deleted: a record that closes becomes an empty document with the closing's sequence, because a late older
write would bring a deleted one back.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from archives.address import without_passwords
from archives.errors import SearchError
from archives.message import message
from archives.text.folding import folding_rules
from search.index import elastic_query
from search.index.answer import NOTHING, Answer
from search.index.document import IndexedRecord
from search.index.query import MOST_AT_ONCE, Query, took_too_long
from search.index.search_index import Change

_SCHEMA = 2
_WINDOW = MOST_AT_ONCE
"""How many hits a server gives at once (``index.max_result_window``)."""
_LETTERS_TOGETHER = 500_000
"""How many letters are sent in one request: with their bigrams, some 8 MB."""
_HEAD_ID = "head"
_PURGE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class ElasticSettings:
    """Where the server is, and how this installation is named in index names (lower-case letters, digits, hyphens)."""

    url: str
    installation: str
    api_key: str = ""
    timeout_seconds: float = 10.0


def without_password(url: str) -> str:
    """Return an address as it may be told: what stands before its host's ``@`` is left out."""
    return without_passwords(url) if "://" in url else url.rpartition("@")[2]


class ElasticIndex:
    """The index of one audience (``public`` or ``staff``); see ``SearchIndex``."""

    def __init__(self, settings: ElasticSettings, audience: str, *, stamp: str) -> None:
        self._settings = settings
        self._alias = f"jinkui-{settings.installation}-{audience}"
        self._shared_alias = f"jinkui-{audience}"
        self._stamp = stamp
        self._made = 0
        self._filling: str | None = None
        self._is_stale = False

    def replace(self, package_id: str, record: IndexedRecord | None, *, sequence: int) -> None:
        """Make this what is found of a package; what is taken back is so in the index that is searched, too."""
        self.replace_all([Change(package_id, record, sequence)])

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace what is found of several packages, with a request for so many letters."""
        if not changes:
            return
        index, gone = self._writable(), [change.package_id for change in changes if not change.record]
        known = {change.package_id for change in changes if change.record} | self._known(index, gone)
        together: list[Change] = []
        letters = 0
        for change in changes:
            if change.package_id in known:
                together.append(change)
                letters += sum(len(place.text) for place in change.record.places) if change.record else 0
            if letters > _LETTERS_TOGETHER:
                self._write(index, together)
                together, letters = [], 0
        self._write(index, together)
        if self._is_stale and gone:
            with self._guarded():  # nobody writes there any more, so nothing comes back
                self._client.delete_by_query(index=self._alias, query={"terms": {"package_id": gone}}, refresh=True)

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the records in which every phrase stands."""
        client = self._bounded(query)
        if not query.phrases:
            return NOTHING
        body = elastic_query.asked(query)
        with self._guarded():
            if offset + limit <= _WINDOW:
                answer = client.search(index=self._alias, **body, from_=offset, size=limit)
            elif last := self._last_before(client, body, offset):
                answer = client.search(index=self._alias, **body, search_after=last, size=limit)
            else:
                answer = client.search(index=self._alias, **body, size=0)
        found = tuple(elastic_query.found(query, hit) for hit in answer["hits"]["hits"])
        counts = elastic_query.counted(query, answer)
        return Answer(answer["hits"]["total"]["value"], elastic_query.places_counted(answer), found, counts)

    def _last_before(self, client: Any, body: dict[str, Any], offset: int) -> list[Any] | None:
        """Return by what the last record before an offset is ordered, None where there are not so many."""
        order = {key: body[key] for key in ("query", "post_filter", "sort")}
        last: list[Any] | None = None
        for begin in range(0, offset, _WINDOW):
            size = min(_WINDOW, offset - begin)
            after = {"search_after": last} if last else {}
            hits = client.search(index=self._alias, **order, **after, size=size, source=False)["hits"]["hits"]
            if len(hits) < size:
                return None
            last = list(hits[-1]["sort"])
        return last

    def _known(self, index: str, package_ids: Sequence[str]) -> set[str]:
        """Return those of these packages of which anything was written."""
        if not package_ids:
            return set()
        with self._guarded():
            answer = self._client.mget(index=index, ids=list(dict.fromkeys(package_ids)), source=False)
        return {str(one["_id"]) for one in answer["docs"] if one.get("found")}

    def commit(self, sequence: int) -> None:
        """Make what was written visible; a new index takes the aliases in one step."""
        index = self._writable()
        self._send(index, [(_HEAD_ID, {"kind": elastic_query.HEAD, "sequence": sequence}, sequence)])
        with self._guarded():
            self._client.indices.refresh(index=index)
            if self._filling:
                self._swap(self._filling)
                self._filling, self._is_stale = None, False

    def purge(self) -> None:
        """Merge all segments into one: until then Lucene keeps what was replaced."""
        with self._guarded():
            if self._client.indices.exists_alias(name=self._alias):
                patient = self._client.options(request_timeout=_PURGE_SECONDS)
                patient.indices.forcemerge(index=self._alias, max_num_segments=1)

    def head(self) -> int:
        """Return the sequence of the last commit; 0 where there is none yet, or one by other rules, to be filled anew."""
        with self._guarded():
            if not self._client.indices.exists_alias(name=self._alias):
                return 0
            self._is_stale = self._is_of_other_rules()
            if self._is_stale:
                return 0
            answer = self._client.options(ignore_status=404).get(index=self._alias, id=_HEAD_ID)
        return int(answer["_source"]["sequence"]) if answer.get("found") else 0

    def count(self) -> int:
        """Return how many records can be found."""
        with self._guarded():
            return int(self._client.count(index=self._alias, query={"term": {"kind": elastic_query.RECORD}})["count"])

    def clear(self) -> None:
        """Begin a new index beside the old one; ``commit`` swaps them."""
        with self._guarded():
            self._filling = self._create()

    @cached_property
    def _client(self) -> Any:
        from elasticsearch import Elasticsearch

        return Elasticsearch(
            self._settings.url,
            api_key=self._settings.api_key or None,
            request_timeout=self._settings.timeout_seconds,
            retry_on_timeout=False,
            max_retries=0,
        )

    def _bounded(self, query: Query) -> Any:
        """Return the client as it waits for the answer to a query."""
        left = query.seconds_left()
        if left is None:
            return self._client
        if not left:
            raise took_too_long(query)
        return self._client.options(request_timeout=min(left, self._settings.timeout_seconds))

    def _writable(self) -> str:
        if self._is_stale and not self._filling:
            self.clear()
        if self._filling:
            return self._filling
        with self._guarded():
            if not self._client.indices.exists_alias(name=self._alias):
                self._swap(self._create())
        return self._alias

    def _create(self) -> str:
        self._made += 1
        name = f"{self._alias}-v{_SCHEMA}-{self._stamp}-{self._made}"
        self._client.indices.create(
            index=name,
            mappings={**elastic_query.MAPPING, "_meta": _rules()},
            settings=elastic_query.SETTINGS,
        )
        return name

    def _is_of_other_rules(self) -> bool:
        if self._filling:
            return False
        found = self._client.indices.get_mapping(index=self._alias)
        return any(one["mappings"].get("_meta") != _rules() for one in found.values())

    def _swap(self, name: str) -> None:
        """Give both aliases to a new index and take them from this installation's others, in one step."""
        old = self._client.options(ignore_status=404).indices.get_alias(name=self._alias)
        others = [index for index in old if index.startswith(self._alias) and index != name]
        removals = [
            {"remove": {"index": index, "alias": alias}}
            for index in others
            for alias in (self._alias, self._shared_alias)
        ]
        additions = [{"add": {"index": name, "alias": alias}} for alias in (self._alias, self._shared_alias)]
        self._client.indices.update_aliases(actions=[*removals, *additions])
        for index in others:
            self._client.indices.delete(index=index)

    def _write(self, index: str, changes: Sequence[Change]) -> None:
        self._send(index, [(one.package_id, _source(one), one.sequence) for one in changes])

    def _send(self, index: str, documents: Sequence[tuple[str, dict[str, Any], int]]) -> None:
        if not documents:
            return
        operations: list[dict[str, Any]] = []
        for identifier, source, sequence in documents:
            operations += [{"index": {"_id": identifier, "version": sequence, "version_type": "external_gte"}}, source]
        with self._guarded():
            answer = self._client.bulk(index=index, operations=operations)
        failed = [item["index"] for item in answer["items"] if item["index"]["status"] not in (200, 201, 409)]
        if failed:
            raise self._error(str(failed[0].get("error"))[:300])

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        from elasticsearch import ApiError, TransportError, UnsupportedProductError

        try:
            yield
        except (ApiError, TransportError, UnsupportedProductError) as cause:
            raise self._error(str(cause)[:300]) from cause

    def _error(self, reason: str) -> SearchError:
        return SearchError(
            message(
                "Elasticsearch 不可用：{reason}",
                "Elasticsearch cannot be used: {reason}",
                reason=without_passwords(reason),
            ),
            subject=without_password(self._settings.url),
            advice=message(
                "请检查服务是否运行、[search] 设置是否正确",
                "check that it runs and that the settings under [search] are right",
            ),
        )


def _source(change: Change) -> dict[str, Any]:
    if change.record is None:
        return elastic_query.tombstone_of(change.package_id, change.sequence)
    return elastic_query.source_of(change.record, change.sequence)


def _rules() -> dict[str, Any]:
    return {"schema": _SCHEMA, "tokenizer": folding_rules()}
