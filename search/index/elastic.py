"""Elasticsearch 8 or 9 as the index of many repositories: our own bigrams on the whitespace analyzer, aliases, tombstones.

Every document is written with the journal's sequence as external version, so late or repeated deliveries are harmless.
Nothing is deleted: a record that closes becomes an empty document with the closing's sequence, because a late older
write would bring a deleted one back.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from archives.address import without_passwords
from archives.errors import SearchError
from archives.message import message
from archives.text.folding import FOLDING, folded_text, index_grams
from search.index.document import SearchDocument
from search.index.query import Answer, Query, answer_of, took_too_long
from search.index.search_index import Change

_SCHEMA = 1
_TOKENIZER = f"grams-{FOLDING}"
_MOST_FOUND = 10_000
_HEAD_ID = "head"
_PURGE_SECONDS = 3600.0
_MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "properties": {
        "kind": {"type": "keyword"},
        "package_id": {"type": "keyword"},
        "repository": {"type": "keyword"},
        "sequence": {"type": "long"},
        "grams": {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "positions"},
        "document": {"type": "object", "enabled": False},
    },
}


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

    def replace(self, package_id: str, documents: Sequence[SearchDocument], *, sequence: int) -> None:
        """Make these the documents of a package; what is taken back is so in the index that is searched, too."""
        self.replace_all([Change(package_id, documents, sequence)])

    def replace_all(self, changes: Sequence[Change]) -> None:
        """Replace the documents of several packages with one request."""
        if not changes:
            return
        self._replace(self._writable(), changes)
        gone = [change for change in changes if not change.documents]
        if self._is_stale and gone:
            self._replace(self._alias, gone)

    def _replace(self, index: str, changes: Sequence[Change]) -> None:
        named = [change.package_id for change in changes]
        with self._guarded():
            self._client.indices.refresh(index=index)
            query = {"terms": {"package_id": named}}
            found = self._client.search(index=index, query=query, size=_MOST_FOUND, source=["package_id"])
        hits = found["hits"]["hits"]
        if len(hits) == _MOST_FOUND and len(changes) > 1:  # there may be more
            for change in changes:
                self._replace(index, [change])
            return
        sequences = {change.package_id: change.sequence for change in changes}
        written = {
            document.id: (_source(document), change.sequence) for change in changes for document in change.documents
        }
        for hit in hits:
            owner = hit["_source"]["package_id"]
            written.setdefault(hit["_id"], (_tombstone(owner, sequences[owner]), sequences[owner]))
        self._write(index, written)

    def search(self, query: Query, *, offset: int = 0, limit: int = 20) -> Answer:
        """Return the documents in which every phrase stands."""
        client = self._bounded(query)
        if not query.phrases:
            return Answer(0, ())
        clauses: list[dict[str, Any]] = [
            {
                "match_phrase_prefix" if phrase.open_end else "match_phrase": {
                    "grams": _phrase(phrase.tokens, phrase.open_end)
                }
            }
            for phrase in query.phrases
        ]
        clauses.append({"term": {"kind": "document"}})
        if query.repository is not None:
            clauses.append({"term": {"repository": query.repository}})
        with self._guarded():
            found = client.search(
                index=self._alias, query={"bool": {"filter": clauses}}, size=_MOST_FOUND, source=["document"]
            )
        documents = (SearchDocument(**hit["_source"]["document"]) for hit in found["hits"]["hits"])
        return answer_of(query, documents, offset=offset, limit=limit)

    def commit(self, sequence: int) -> None:
        """Make what was written visible; a new index takes the aliases in one step."""
        index = self._writable()
        head = {"kind": "head", "package_id": "", "repository": "", "sequence": sequence, "grams": "", "document": {}}
        self._write(index, {_HEAD_ID: (head, sequence)})
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
        """Return how many documents can be found."""
        with self._guarded():
            return int(self._client.count(index=self._alias, query={"term": {"kind": "document"}})["count"])

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
            mappings={**_MAPPING, "_meta": {"schema": _SCHEMA, "tokenizer": _TOKENIZER}},
            settings={"number_of_shards": 1, "number_of_replicas": 0},
        )
        return name

    def _is_of_other_rules(self) -> bool:
        if self._filling:
            return False
        found = self._client.indices.get_mapping(index=self._alias)
        return any(one["mappings"].get("_meta", {}).get("tokenizer") != _TOKENIZER for one in found.values())

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

    def _write(self, index: str, sources: dict[str, tuple[dict[str, Any], int]]) -> None:
        if not sources:
            return
        operations: list[dict[str, Any]] = []
        for identifier, (source, sequence) in sources.items():
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


def _source(document: SearchDocument) -> dict[str, Any]:
    return {
        "kind": "document",
        "package_id": document.package_id,
        "repository": document.repository,
        "sequence": document.sequence,
        "grams": " ".join(index_grams(folded_text(document.text))),
        "document": asdict(document),
    }


def _tombstone(package_id: str, sequence: int) -> dict[str, Any]:
    return {
        "kind": "tombstone",
        "package_id": package_id,
        "repository": "",
        "sequence": sequence,
        "grams": "",
        "document": {},
    }


def _phrase(tokens: Sequence[str], open_end: bool) -> Any:
    words = " ".join(tokens)
    return {"query": words, "max_expansions": 10_000} if open_end else {"query": words}
