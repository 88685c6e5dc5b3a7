"""The words of a container's parts that no reader of it looks into: properties, charts, caches, parts that nothing leads to.

They are told apart from what people see: only whether something is marked in them matters.
"""

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from lxml import etree

from archives.errors import FormatError
from archives.exchange.xml import forget, xml_events
from formats.encoding.decoding import decode
from formats.unpack import Container

Words = tuple[str, str, str]
"""Where words stand, the words, and what stands above them."""
_WHOLE = frozenset(("p", "si", "is", "comment", "threadedComment", "text", "property", "row", "title"))
"""Elements whose words are one text, whatever runs they are cut into; what ended with them may be forgotten."""
_HEAD_BYTES = 1 << 12
_SIGNS = re.compile(r"[\W_]+")
_MARKUP = re.compile(r"""<[^<>]*?>|[<>"'=]""")


def words_of(container: Container, *, but: Collection[str] = ()) -> Iterator[Words]:
    """Yield the words of every part that is XML or text and of the names of all, but for those (lower case) that were read already.

    What the container says beside its parts comes first.
    """
    for comment in container.comments:
        yield from (("zip", line, "") for line in _lines(comment))
    for name in container.names:
        if name.lower() in but:
            continue
        path = PurePosixPath(name.replace("\\", "/"))
        yield from ((name, word, "") for part in path.parts for word in (*_SIGNS.split(part), PurePosixPath(part).stem))
        if container.head(name, 64).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
            yield from _of_part(container, name)
        elif b"\0" not in container.head(name, _HEAD_BYTES):
            yield from ((name, line, "") for line in _lines(container.read(name)))


def words_in(element: etree._Element, place: str) -> Iterator[Words]:
    """Yield what stands in an element and in its attributes, and so of all below it; paragraphs whole, too."""
    for one in element.iter():
        yield from _own(one, place)
        if _local(one) in _WHOLE:
            yield place, "".join(map(str, one.itertext())).strip(), ""


def _lines(data: bytes) -> Iterator[str]:
    try:
        text = decode(data).text
    except FormatError:  # in no encoding that is known: what of it can be read is judged
        text = data.decode("utf-8", "replace")
    yield from (line.strip() for line in text.splitlines() if line.strip())


def _of_part(container: Container, name: str) -> Iterator[Words]:
    try:
        with container.stream(name) as stream:
            for _, element in xml_events(stream, ("end",), subject=name):
                yield from _own(element, name)
                if _local(element) in _WHOLE:
                    yield name, "".join(map(str, element.itertext())).strip(), ""
                    if _local(element) == "row":
                        forget(element)
    except FormatError:  # broken: what words it has are judged one by one
        text = container.read(name).decode("utf-8", "replace")
        yield from ((name, words.strip(), "") for words in _MARKUP.split(text) if words.strip())


def _own(element: etree._Element, place: str) -> Iterator[Words]:
    above = element.getparent()
    heading = (above.get("name") or "") if above is not None else ""
    yield from ((place, text.strip(), heading) for text in (element.text, element.tail) if text and text.strip())
    yield from ((place, str(value).strip(), "") for value in element.attrib.values())


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
