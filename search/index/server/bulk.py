"""Documents written to Elasticsearch in bulk: item by item judged, what it had no room for tried again.

Every document carries the journal's sequence as its external version, so that one that comes late or twice changes
nothing: the server answers 409, which is as good as written.
"""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from search.index.server.connection import ElasticSettings, asked, client_of, refused

_BYTES_TOGETHER = 5 << 20
_IN_FLIGHT = 2
_WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0)
"""How long is waited before each further try: a record that is followed waits for the next run where this is not enough."""
_WAITS_BESIDE_SECONDS = (*_WAITS_SECONDS, 8.0, 15.0, *(30.0,) * 6)
"""The same for an index that nobody searches yet: given up it is begun anew, and a million pages with it."""
_WRITTEN = (200, 201, 409)
_LATER = (429, 502, 503, 504)
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Document:
    """What is written: its identifier, its version, its fields."""

    identifier: str
    sequence: int
    source: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bulk:
    """Writes into one index, or through an alias (``is_alias``): where that is gone, nothing is made in its place.

    ``wait`` waits so many seconds.
    """

    settings: ElasticSettings
    index: str
    is_alias: bool
    wait: Callable[[float], None]

    def write(self, documents: Iterable[Document]) -> None:
        """Write documents, several requests at a time; raises ``SearchError`` for the first that cannot be written.

        What was written before that stays, and does no harm.
        """
        under_way: deque[Future[None]] = deque()
        with ThreadPoolExecutor(_IN_FLIGHT) as senders:
            for items in _together(documents):
                under_way.append(senders.submit(self._send, items))
                if len(under_way) > _IN_FLIGHT:
                    under_way.popleft().result()
            for one in under_way:
                one.result()

    def _send(self, items: Sequence[tuple[str, str]]) -> None:
        waits = _WAITS_SECONDS if self.is_alias else _WAITS_BESIDE_SECONDS
        for seconds in (*waits, None):
            items, status, reason = self._tried(items)
            if not items:
                return
            if seconds is None or status not in _LATER:
                raise refused(self.settings, status, reason)
            self.wait(seconds)

    def _tried(self, items: Sequence[tuple[str, str]]) -> tuple[Sequence[tuple[str, str]], int, object]:
        """Send items once; return those that were not written, with the gravest status and its reason."""
        from elasticsearch import ApiError

        with asked(self.settings):
            try:
                answer = client_of(self.settings).bulk(
                    index=self.index,
                    operations=[line for item in items for line in item],
                    require_alias=self.is_alias,
                    timeout=f"{max(1, int(self.settings.timeout_seconds / 2))}s",  # for a part that is not there
                    filter_path="errors,items.*.status,items.*.error",
                )
            except ApiError as cause:
                if cause.meta.status not in _LATER:
                    raise
                return items, cause.meta.status, cause.body
            told = [one["index"] for one in answer["items"]]
            left = [(item, one) for item, one in zip(items, told, strict=True) if one["status"] not in _WRITTEN]
        if not left:
            return (), 200, None
        worst = next((one for _, one in left if one["status"] not in _LATER), left[0][1])
        return [item for item, _ in left], worst["status"], worst.get("error")


def _together(documents: Iterable[Document]) -> Iterator[list[tuple[str, str]]]:
    """Yield documents as the lines that are sent, as many together as make a good request."""
    items: list[tuple[str, str]] = []
    length = 0
    for one in documents:
        head = {"index": {"_id": one.identifier, "version": one.sequence, "version_type": "external_gte"}}
        items.append((_encoded(head), _encoded(one.source)))
        length += 2 * len(items[-1][1])  # most letters have three bytes, blanks between them one
        if length >= _BYTES_TOGETHER:
            yield items
            items, length = [], 0
    if items:
        yield items
