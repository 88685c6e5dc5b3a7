"""What stands at the head and foot of printed pages of a worksheet, without the codes between (ISO/IEC 29500-1 §18.3.1.46)."""

import re
from collections.abc import Iterator

_CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d+|[A-Za-z&])')
_PARTS = re.compile("&[LCR]")


def head_parts(text: str) -> Iterator[str]:
    """Yield what stands left, in the middle and right of a head or foot, each part that says something."""
    parts = (_CODES.sub(" ", part).strip() for part in _PARTS.split(text))
    return (part for part in parts if part)
