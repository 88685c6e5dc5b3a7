"""What a home makes of its archive and can make again: databases thrown away when damaged, what is published signed."""

import sqlite3
from pathlib import Path

from archives.errors import JinkuiError
from archives.proof.checkpoint import published_origin
from cli import wiring
from preservation.archive import Archive
from preservation.journal.key import read_text, signing_key
from search.published.head import SignedViews, published_key, sign_head
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
