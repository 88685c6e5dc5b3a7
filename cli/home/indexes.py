"""What people are told of the two indexes, and letting what was removed leave their files."""

from collections.abc import Iterator, Mapping

from archives.errors import SearchError
from archives.message import Message, message
from search.index.search_index import SearchIndex
from search.published.following import Behind
from search.published.indexing import PUBLIC, STAFF

AUDIENCES = {PUBLIC: message("公众", "public"), STAFF: message("馆内", "staff")}


def told_behind(behind: Behind) -> Message:
    """Return what is to be said of an index that could not be brought up to the journal."""
    return message(
        "检索库（{audience}）没有跟上，其余都已办妥，下次运行时补上：{why}",
        "the {audience} search index is behind; all else is done, and the next run catches up: {why}",
        audience=AUDIENCES[behind.audience],
        why=behind.failure.message,
    )


def told_unpurged(behind: Behind) -> Message:
    """Return what is to be said of an index in whose files removed words may still stand."""
    return message(
        "检索库（{audience}）的文件中可能还有已移除的字词：{why}",
        "removed words may still stand in the files of the {audience} search index: {why}",
        audience=AUDIENCES[behind.audience],
        why=behind.failure.message,
    )


def purged(indexes: Mapping[str, SearchIndex]) -> Iterator[Behind]:
    """Let what was removed leave the files of indexes; yield those of which that could not be."""
    for audience, index in indexes.items():
        try:
            index.purge()
        except SearchError as failure:
            yield Behind(audience, failure)
