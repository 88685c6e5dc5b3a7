"""What a home makes of its archive and can make again: indexes, what is published signed, what other software made of it."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from archives.errors import JinkuiError
from archives.proof.checkpoint import published_origin, record_origin
from cli import wiring
from cli.home.settings.settings import SearchSetting
from preservation.archive import CATALOGUE, Archive
from preservation.catalogue import tables
from preservation.journal.key import read_text, signing_key
from preservation.working_state import MIGRATIONS
from search.index.embedded import EmbeddedIndex
from search.index.search_index import SearchIndex
from search.index.shared import keep_to_owner, take_after_folder
from search.index.tables.rows import embedded_schema
from search.published.head import SignedViews, published_key, sign_head
from search.published.indexing import PUBLIC
from search.published.proved.record_proof import sign_records
from search.published.views import PublishedViews
from search.published.views_file import for_reading


def shown_views(folder: Path, key: Path | None) -> PublishedViews:
    """Return the views that lie in a folder, for nothing but reading; with a file of a public key, those it signed."""
    views = PublishedViews(folder / "public.db", today=wiring.today, opened=for_reading)
    return SignedViews(folder / "public.db", published_key(read_text(key)), views) if key else views


def sign_published(archive: Archive, views: PublishedViews, folder: Path) -> JinkuiError | None:
    """Sign what is published; return why that cannot be: it stands all the same, for closing waits for nothing."""
    memory = archive.memory
    if not memory.is_there:
        return None
    try:
        key = signing_key(archive.folder / "keys", memory.public_keys[0])
        origin = published_origin(memory.home_id)
        sign_head(views, folder, origin=origin, public_key=key.public_key, sign=key.sign)
        own = record_origin(memory.home_id)
        sign_records(views, folder / "images", origin=own, public_key=key.public_key, sign=key.signer())
    except JinkuiError as failure:
        return failure
    return None


def discard_if_damaged(path: Path) -> None:
    """Remove a database that SQLite cannot read; what it held is made again."""
    if not path.exists():
        return
    try:
        connection = sqlite3.connect(path)
        try:
            whole = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        finally:
            connection.close()
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        path.unlink()


def search_index(
    chosen: SearchSetting, audience: str, path: Path, *, home: Path, only_read: bool = False
) -> SearchIndex:
    """Return the index of an audience: in a file at ``path``, or on the server that the settings name.

    Who will ``only_read`` has the key that can do no more, where there is one.
    """
    if not chosen.elasticsearch:
        return EmbeddedIndex(
            path, admit=take_after_folder if audience == PUBLIC else keep_to_owner
        )  # any other is the archive's own
    from search.index.elastic import ElasticIndex  # brings an HTTP client with it
    from search.index.server.connection import ElasticSettings

    named = (chosen.reader_api_key_file or chosen.api_key_file) if only_read else chosen.api_key_file
    elastic = ElasticSettings(
        chosen.elasticsearch,
        chosen.installation,
        home / named if named else None,
        home / chosen.ca_file if chosen.ca_file else None,
        chosen.timeout_seconds,
    )
    return ElasticIndex(elastic, audience, stamp=wiring.now().strftime("%Y%m%d%H%M%S%f"), wait=wiring.wait)


@dataclass(frozen=True, slots=True)
class Outdated:
    """Whether the catalogue, an index and the working state are of another form than this software's, or not there yet."""

    catalogue: bool
    indexes: bool
    working_state: bool


def outdated(home: Path) -> Outdated:
    """Look at the databases of a home: nothing is opened for writing, nothing made anew."""
    schema = embedded_schema()
    indexes = (home / "staff-index.db", home / "public/index.db")
    return Outdated(
        _asked(home / CATALOGUE, "SELECT schema FROM position") != tables.SCHEMA,
        any(path.exists() and _asked(path, "SELECT schema FROM state") != schema for path in indexes),
        (home / "work.db").exists() and _asked(home / "work.db", "PRAGMA user_version") != len(MIGRATIONS),
    )


def _asked(path: Path, question: str) -> object:
    """Return the one value that a database answers, None where it cannot."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            row = connection.execute(question).fetchone()
    except sqlite3.Error:
        return None
    return row[0] if row else None
