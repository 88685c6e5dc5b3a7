"""What two descriptions say otherwise, in words."""

from collections.abc import Iterator

from archives.message import Message, message
from archives.record.description import Description
from archives.record.elements.table import Element


def told_differences(
    element: Element, ours: Description, theirs: Description
) -> Iterator[tuple[Message, str | Message, str | Message]]:
    """Yield what differs, in words: of pairs each that does, of a date how it was written where it is read alike."""
    if element.field == "other":
        mine, stored = dict(ours.other), dict(theirs.other)
        for name in dict.fromkeys((*stored, *mine)):
            if mine.get(name) != stored.get(name):
                yield message("{name}", "{name}", name=name), mine.get(name, ""), stored.get(name, "")
        return
    texts = element.text(ours), element.text(theirs)
    if texts[0] == texts[1] and ours.formed and theirs.formed:
        texts = ours.formed.written, theirs.formed.written
    yield element.label, *texts
