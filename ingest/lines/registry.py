"""The lines of work by the name that ``batch.toml`` gives as ``kind``, one line each."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from archives.errors import ConfigurationError
from archives.message import message
from ingest.batch.listing import PlannedFile
from ingest.lines.documents import Documents
from ingest.lines.line import Line
from ingest.lines.scans import Scans

LINES: Mapping[str, Line] = MappingProxyType(
    {
        "scans": Scans(),
        "documents": Documents(),  # suits whatever is left, so it stands last
    }
)


def kind_of_batch(stated: str | None, files: Sequence[PlannedFile]) -> str:
    """Return the name of a batch's line: the stated one, else the first that suits its files.

    Raises ``ConfigurationError`` for a name that is not known.
    """
    if stated is None:
        return next(name for name, line in LINES.items() if line.suits(files))
    if stated not in LINES:
        said = message(
            "batch.toml 中 kind 应为 {zh}", "batch.toml: kind is {en}", zh=" 或 ".join(LINES), en=" or ".join(LINES)
        )
        raise ConfigurationError(said, subject=stated)
    return stated
