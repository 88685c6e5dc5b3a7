"""What is written to and asked of Elasticsearch: a record is one document, what stands below it nested in that.

The score of a record tells in how many of its places words stand and whether all stand in its title: constants that are
added, exact up to a million places, of which a script makes the rank that every index gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from archives.text.folding import Phrase
from archives.text.tokens import index_tokens
from search.index.answer import MOST_COUNTS, Count, Found, counts_of, found_in
from search.index.document import IndexedRecord, Named, Place
from search.index.language.terms import Days, Term
from search.index.query import WITH_TEXT, WITHOUT_TEXT, Facet, Narrowed, Order, Query

_GRAMS = {"type": "text", "analyzer": "whitespace", "norms": False, "index_options": "positions"}
_KEYWORD, _TOLD = {"type": "keyword"}, {"type": "object", "enabled": False}
MAPPING: dict[str, Any] = {
    "dynamic": "strict",
    "_source": {"excludes": ["*grams"]},
    "properties": {
        "kind": _KEYWORD,
        "package_id": _KEYWORD,
        "sequence": {"type": "long"},
        **{facet.value: _KEYWORD for facet in Facet if facet is not Facet.YEAR},
        "year": {"type": "integer"},
        "date_from": {"type": "integer"},
        "date_to": {"type": "integer"},
        "shelf": _KEYWORD,
        "title_grams": _GRAMS,
        "text_grams": _GRAMS,
        "told": _TOLD,
        "places": {"type": "nested", "properties": {"place": {"type": "integer"}, "grams": _GRAMS, "told": _TOLD}},
    },
}
SETTINGS: dict[str, Any] = {
    "number_of_shards": 1,
    "number_of_replicas": 0,
    "mapping.nested_objects.limit": 1_000_000,  # a volume of many thousand pages is one document
}
RECORD, TOMBSTONE = "record", "tombstone"
_TITLE = 1 << 20
_RANK = f"""
int all = (int) Math.round(_score);
int title = all >= {_TITLE} ? 1 : 0;
return title * 64 + 32 - Integer.numberOfLeadingZeros(all - title * {_TITLE});
"""
_BY_DATE = ({"date_from": "asc"}, {"shelf": "asc"}, {"package_id": "asc"})
_ORDERS: dict[Order, Sequence[Mapping[str, str]]] = {
    Order.OURS: ({"_score": "desc"}, *_BY_DATE),
    Order.DATE: _BY_DATE,
    Order.CODE: _BY_DATE[1:],
}
_MOST_BEGINNINGS = 10_000


def source_of(record: IndexedRecord, sequence: int) -> dict[str, Any]:
    """Return the document of a record."""
    facets = {facet.value: value for facet in Facet if (value := facet.value_of(record))}
    return {
        "kind": RECORD,
        "package_id": record.package_id,
        "sequence": sequence,
        **facets,
        "date_from": record.date_from,
        "date_to": record.date_to,
        "shelf": record.shelf,
        "title_grams": _grams(record.title),
        "text_grams": _grams(record.text, record.named),
        "told": asdict(replace(record, places=())),
        "places": [
            {"place": number, "grams": _grams(place.text, place.named), "told": asdict(place)}
            for number, place in enumerate(record.places)
        ],
    }


def tombstone_of(package_id: str, sequence: int) -> dict[str, Any]:
    """Return the document of a package of which nothing is found any more."""
    return {"kind": TOMBSTONE, "package_id": package_id, "sequence": sequence}


def asked(query: Query) -> dict[str, Any]:
    """Return what a query asks, but for which part of what is found is wanted."""
    in_places = [_any(one, "places.grams") for one in query.wanted]
    told = {
        "size": query.places,
        "sort": [{"_score": "desc"}, {"places.place": "asc"}],
        "_source": ["places.told"],
    }
    anywhere = [one for one in query.wanted if not one.field]
    ranked = [
        _below(_worth(_one_of(*in_places), 1), score_mode="sum"),
        _worth({"bool": {"filter": [_one_of(_any(one, "title_grams"), *_dated(one)) for one in anywhere]}}, _TITLE),
        _below(_one_of(*(_worth(one, 1) for one in in_places)), boost=0, inner_hits=told),
    ]
    matching = {"bool": {**_matching(query), "should": ranked}}
    return {
        "query": {"script_score": {"query": matching, "script": {"source": _RANK}}},
        "post_filter": _narrowing(query.narrowed),
        "sort": list(_ORDERS[query.order]),
        "source": ["told"],
        "track_total_hits": True,
        "aggs": {
            "places": _within(
                query.narrowed,
                {"below": {"nested": {"path": "places"}, "aggs": {"standing": {"filter": _one_of(*in_places)}}}},
            ),
            **{facet.value: _within(query.narrowed.but(facet), {"values": _values(facet)}) for facet in query.counted},
        },
    }


def counted_only(query: Query) -> dict[str, Any]:
    """Return what a query asks of which nothing but the total is wanted; where nothing is asked for, nothing is found."""
    if query.asks_nothing:
        return {"query": _one_of(), "size": 0}
    narrowed = {"bool": {"filter": [{"bool": _matching(query)}, _narrowing(query.narrowed)]}}
    return {"query": narrowed, "size": 0, "track_total_hits": True}


def places_counted(answer: Mapping[str, Any]) -> int:
    """Return in how many places of all that was found words stand."""
    return int(answer["aggregations"]["places"]["below"]["standing"]["doc_count"])


def counted(query: Query, answer: Mapping[str, Any]) -> dict[Facet, tuple[Count, ...]]:
    """Return how many records were found under each value of what is counted."""
    buckets = {facet: answer["aggregations"][facet.value]["values"]["buckets"] for facet in query.counted}
    return {facet: counts_of((str(one["key"]), one["doc_count"]) for one in found) for facet, found in buckets.items()}


def found(query: Query, hit: Mapping[str, Any]) -> Found:
    """Return a record that was found, with its places."""
    told = hit["inner_hits"]["places"]["hits"]
    shown = [Place(**one["_source"]["told"]) for one in told["hits"]]
    record = IndexedRecord(**{**hit["_source"]["told"], "places": ()})
    return found_in(query, record, shown, told["total"]["value"])


def _matching(query: Query) -> dict[str, Any]:
    """Return what must stand in a record, and what must not."""
    return {
        "filter": [{"term": {"kind": RECORD}}, *map(_is_so, query.wanted)],
        "must_not": [{"terms": {"package_id": sorted(query.hidden)}}, *map(_is_so, query.unwanted)],
    }


def _grams(text: str, named: Named = ()) -> str:
    return " ".join(index_tokens(text, [(field.sign, said) for field, said in named]))


def _is_so(term: Term) -> dict[str, Any]:
    """Say what a record has for a term: any phrase of it anywhere, or its days."""
    fields = _any(term, "title_grams"), _any(term, "text_grams")
    return _one_of(*fields, _below(_any(term, "places.grams")), *_dated(term))


def _any(term: Term, field: str) -> dict[str, Any]:
    return _one_of(*(_stands(phrase, field) for phrase in term.phrases))


def _dated(term: Term) -> tuple[dict[str, Any], ...]:
    """Return what says that a record is of a term's days, as ``Days.hold`` does."""
    return _of_days(term.days) if term.days else ()


def _of_days(days: Days) -> tuple[dict[str, Any], ...]:
    within = {"gte": days.first, "lte": days.last}
    sides = ({"lte": days.last}, {"gte": days.first}) if days.is_range else (within, within)
    ends = zip(("date_from", "date_to"), sides, strict=True)
    dated = {"bool": {"filter": [{"range": {field: side}} for field, side in ends]}}
    filed = [{"range": {"year": {"gte": days.years[0], "lte": days.years[1]}}}] if days.years else []
    return (dated, *filed)


def _stands(phrase: Phrase, field: str) -> dict[str, Any]:
    words = " ".join(phrase.tokens)
    if not phrase.open_end:
        return {"match_phrase": {field: words}}
    if len(phrase.tokens) == 1:
        return {"prefix": {field: words}}
    return {"match_phrase_prefix": {field: {"query": words, "max_expansions": _MOST_BEGINNINGS}}}


def _one_of(*clauses: dict[str, Any]) -> dict[str, Any]:
    """Return what any of the clauses says; of none, nothing is found."""
    return {"match_none": {}} if not clauses else {"bool": {"should": clauses, "minimum_should_match": 1}}


def _below(clause: dict[str, Any], **options: object) -> dict[str, Any]:
    return {"nested": {"path": "places", "query": clause, **options}}


def _worth(clause: dict[str, Any], score: int) -> dict[str, Any]:
    return {"constant_score": {"filter": clause, "boost": score}}


def _within(narrowed: Narrowed, aggregations: dict[str, Any]) -> dict[str, Any]:
    return {"filter": _narrowing(narrowed), "aggs": aggregations}


def _narrowing(narrowed: Narrowed) -> dict[str, Any]:
    first, last = narrowed.years()
    is_any_text = narrowed.text == WITH_TEXT
    clauses = [
        {"range": {"year": {"gte": first, "lte": last}}} if facet is Facet.YEAR else {"term": {facet.value: value}}
        for facet, value in narrowed.by()
        if not (is_any_text and facet is Facet.TEXT)
    ]
    without = [{"term": {Facet.TEXT.value: WITHOUT_TEXT}}] if is_any_text else []
    return {"bool": {"filter": clauses, "must_not": without}}


def _values(facet: Facet) -> dict[str, Any]:
    largest_first = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": facet.value, "size": MOST_COUNTS, "order": largest_first}}
