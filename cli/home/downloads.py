"""What readers may take away, by the settings: how it is made when records are published, and whether a site may give it now."""

import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from archives.errors import JinkuiError
from archives.pipeline import Failed, run
from cli.home.originals import Originals
from cli.home.settings.as_read import PortalAsSet
from cli.home.settings.portal import PortalSetting
from formats.processes.opened import Opened
from search.published.files.offer import Downloads, Sheet


def lending(chosen: PortalSetting) -> frozenset[str]:
    """Return the codes of the repositories that let files be taken away; one of which it is said otherwise, too, does not."""
    said = {True: set[str](), False: set[str]()}
    for one in chosen.repositories:
        said[one.downloads].add(one.code)
    return frozenset(said[True] - said[False])


def downloads(chosen: PortalSetting, originals: Originals) -> Downloads:
    """Return which repositories let files be taken away, and what makes these, in the children that open originals."""
    return Downloads(lending(chosen), partial(_searchable_pdf, originals))


class AsSet:
    """Whether a repository lets files be taken away, by the settings as they are at that moment; where they cannot be read, it does not."""

    def __init__(self, portal: PortalAsSet) -> None:
        self._portal = portal

    def __call__(self, repository: str) -> bool:
        """Say whether it does."""
        try:
            return repository in lending(self._portal())
        except (OSError, JinkuiError):
            return False


def _searchable_pdf(
    originals: Originals, sheets: Sequence[Sheet], *, title: str, code: str, holder: str, language: str
) -> bytes:
    from ingest.page.access_pdf import AccessPage  # brings the writer of PDF with it
    from ingest.reading.access_copy import AccessCopyTask, make_access_copy

    with tempfile.TemporaryDirectory(dir=originals.folder) as place:
        images, target = Path(place, "pages.jpg"), Path(place, "record.pdf")
        images.write_bytes(b"".join(one.jpeg for one in sheets))
        pages = tuple(AccessPage(len(one.jpeg), one.page) for one in sheets)
        with Opened.at(images) as opened, Opened.anew(target) as made:
            task = AccessCopyTask(opened, made, pages, title, language, None, code, holder)
            children = lambda: nullcontext(originals.children)  # noqa: E731 - kept open for the next record
            (done,) = run(make_access_copy, [task], executor_factory=children, window=1)
        if isinstance(done, Failed):
            raise done.error
        return target.read_bytes()
