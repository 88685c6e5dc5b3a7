"""What a file holds that a person who looks at it does not see, as findings: it would be published with the rest."""

import zipfile
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, warning
from archives.message import message
from formats.kinds.registry import kind_of
from formats.processes.child import apart
from formats.processes.opened import Opened


def hidden_content_apart(opened: Opened, *, mime: str) -> tuple[Finding, ...]:
    """Return what is hidden in a file, which is opened where nothing else can be read."""
    return apart(hidden_content, opened, mime=mime)


def hidden_content(path: Path, *, mime: str) -> tuple[Finding, ...]:
    """Return what is hidden in a file; a file that cannot be looked into is one finding."""
    hides = kind_of(mime).hides
    if hides is None:
        return ()
    try:
        return tuple(warning(hidden.code, hidden.said) for hidden in hides(path))
    except FormatError as broken:
        reason = broken.message
    except (OSError, ValueError, KeyError, LookupError, TypeError, AttributeError, zipfile.BadZipFile) as cause:
        reason = message("{reason}", "{reason}", reason=f"{type(cause).__name__}: {cause}")
    said = message(
        "无法查看其中是否有隐藏内容：{reason}", "it cannot be seen whether it hides something: {reason}", reason=reason
    )
    return (warning("hidden-unknown", said),)
