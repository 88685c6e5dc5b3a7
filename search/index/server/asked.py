"""What a server of Elasticsearch is asked for a query, and what it answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from search.index import elastic_query
from search.index.answer import Answer
from search.index.query import MOST_AT_ONCE, Query, took_too_long, totals_in_time
from search.index.server.connection import ElasticSettings, refused

ANSWER_SHARE, _SERVER_SHARE = 0.8, 0.6
"""How much of a search's time the answer may take to come, and the server to find it, so that there is some to tell."""
_WINDOW = MOST_AT_ONCE
"""How many hits a server gives at once (``index.max_result_window``)."""
_OK = 200
_WHOLE = {"allow_partial_search_results": False}  # no part of an index is passed over


def answer_of(client: Any, index: str, query: Query, offset: int, limit: int, *, seconds: float) -> Answer:
    """Return what is found; ``seconds`` is how long the answer is waited for.

    Raises ``SearchBusyError`` where the server gave up.
    """
    client = client.options(request_timeout=seconds)
    body = {**elastic_query.asked(query), **_WHOLE, **_given_up(seconds)}
    if offset + limit <= _WINDOW:
        answer = client.search(index=index, **body, from_=offset, size=limit)
    elif last := _last_before(client, index, body, offset):
        answer = client.search(index=index, **body, search_after=last, size=limit)
    else:
        answer = client.search(index=index, **body, size=0)
    if answer["timed_out"]:
        raise took_too_long(query)
    found = tuple(elastic_query.found(query, hit) for hit in answer["hits"]["hits"])
    counts = elastic_query.counted(query, answer)
    return Answer(answer["hits"]["total"]["value"], elastic_query.places_counted(answer), found, counts)


def totals_of(
    client: Any, settings: ElasticSettings, index: str, queries: Sequence[Query], *, seconds: float
) -> Sequence[int]:
    """Return how many records each query finds, as far as the server did not give up."""
    searches: list[Mapping[str, Any]] = []
    for query in queries:
        searches += [_WHOLE, {**elastic_query.counted_only(query), **_given_up(seconds)}]
    told = client.options(request_timeout=seconds).msearch(index=index, searches=searches)
    each = zip(queries, told["responses"], strict=True)
    return totals_in_time(_total(settings, query, one) for query, one in each)


def _total(settings: ElasticSettings, query: Query, told: Mapping[str, Any]) -> int:
    if told["status"] != _OK:
        raise refused(settings, told["status"], told)
    if told["timed_out"]:
        raise took_too_long(query)
    return int(told["hits"]["total"]["value"])


def _last_before(client: Any, index: str, body: Mapping[str, Any], offset: int) -> list[Any] | None:
    """Return by what the last record before an offset is ordered, None where there are not so many."""
    order = {key: body[key] for key in ("query", "post_filter", "sort", *_WHOLE)}
    last: list[Any] | None = None
    for begin in range(0, offset, _WINDOW):
        size = min(_WINDOW, offset - begin)
        after = {"search_after": last} if last else {}
        hits = client.search(index=index, **order, **after, size=size, source=False)["hits"]["hits"]
        if len(hits) < size:
            return None
        last = list(hits[-1]["sort"])
    return last


def _given_up(seconds: float) -> Mapping[str, str]:
    """Return after which time the server itself gives up."""
    return {"timeout": f"{max(1, int(seconds * _SERVER_SHARE / ANSWER_SHARE * 1000))}ms"}
