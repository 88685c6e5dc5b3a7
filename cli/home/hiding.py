"""What is public, kept from the public while something else comes to be said of it than was reviewed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress

from archives.errors import SearchError
from preservation.actions.overview.waiting import reviewed_anew
from preservation.archive import Archive
from preservation.package.new_package import NewPackage
from search.published.closing import PublicSide, hidden
from search.published.marks import Marks


def hidden_while_stored(
    archive: Archive, public: Callable[[], PublicSide], packages: Sequence[NewPackage], *, keeps_reviewed: bool
) -> AbstractContextManager[None]:
    """Keep from the public, before packages are stored, what has to be reviewed again because of them.

    What nobody can look into shows nothing, and keeps nothing from being stored.
    """
    with suppress(SearchError):
        side = public()
        if side.views.is_empty():
            return nullcontext()
        rows = {
            holding.unit_id: holding.sequence
            for package in packages
            for holding in reviewed_anew(archive, package, side.has_view, keeps_reviewed=keeps_reviewed)
        }
        if rows:
            return hidden(side, Marks(archive.folder / "owed"), rows, after=archive.vault.ledger.head().sequence)
    return nullcontext()
