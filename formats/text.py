"""The text of born-digital files, a page at a time, read by kept libraries; what cannot be read is a finding."""

import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archives.errors import FormatError
from archives.findings import Finding, Severity, note, warning
from archives.message import listed, message
from archives.record.record import FormatIdentification
from formats.foreign import words_of
from formats.kinds.kind import Enclosed, Kind
from formats.kinds.registry import kind_of, looked_at
from formats.processes.answers import Blob
from formats.processes.child import apart
from formats.processes.opened import Opened

_BROKEN = (OSError, ValueError, KeyError, LookupError, TypeError, AttributeError, RecursionError, zipfile.BadZipFile)
_DEEPEST = 3
_NO_READER = "text-no-reader"
_NOT_SEEN = ("hidden-text", "deleted-text")

WITHOUT_TEXT = "text-none"
"""The finding that a file gives no text, though others of its kind do."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that was sent with another: its name, within the files that it came in (``letter.eml/list.docx``), and its bytes.

    ``pages`` are the indexes from, and up to but without, which the pages of its text stand among those of the other.
    """

    name: str
    format: FormatIdentification
    data: Blob
    pages: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ExtractedText:
    """A file's text by page (a sheet of a workbook counts as a page), what was found on the way, what was attached to it."""

    pages: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class TextLimits:
    """How much text is taken out of a file, and how much of what is attached to it."""

    pages: int = 20_000
    characters: int = 24 << 20
    attached_bytes: int = 128 << 20


def extract_text(path: Path, identification: FormatIdentification, limits: TextLimits | None = None) -> ExtractedText:
    """Return a file's text up to the limits, with that of the files inside; a kind that can have none has no finding."""
    taken = _Taken(limits or TextLimits())
    taken.take(path, identification, "", 0)
    taken.findings += _left_out(path, kind_of(identification.mime))
    taken.findings += (_unread_inside(name, files) for name, files in taken.unread.items())
    return ExtractedText(tuple(taken.pages), tuple(taken.findings), tuple(taken.attachments))


def extract_text_apart(opened: Opened, identification: FormatIdentification) -> ExtractedText:
    """Do as ``extract_text`` in a process of its own; one that nothing reads is not opened."""
    if (unread := without_reader(identification)) is not None:
        return unread
    return apart(extract_text, opened, identification)


def without_reader(identification: FormatIdentification) -> ExtractedText | None:
    """Return what is said of the text of a file that nothing reads or looks into; None where it has to be opened."""
    kind = kind_of(identification.mime)
    if kind.read is not None or (kind.look is not None and not (kind.is_silent or kind.draw)):
        return None
    return ExtractedText((), tuple(_unread(identification, kind)))


@dataclass(slots=True)
class _Taken:
    """What was taken out so far; what lies beyond a limit is kept in the file, told, and not searched."""

    limits: TextLimits
    pages: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    unread: dict[str, list[str]] = field(default_factory=dict)
    attachments: list[Attachment] = field(default_factory=list)
    characters: int = 0
    attached_bytes: int = 0
    is_full: bool = False

    def take(
        self, path: Path, identification: FormatIdentification, inside: str, depth: int, *, was_sent: bool = True
    ) -> None:
        """Take the text of a file, and of the files in it; ``inside`` is its name in the file that it came in.

        ``was_sent``: nothing but mail lies around it.
        """
        kind = kind_of(identification.mime)
        if kind.read is None:
            if not inside and not kind.is_silent and _is_told(kind, path):
                return
            if not inside:
                self.findings += _unread(identification, kind)
            elif not kind.is_silent:
                self.unread.setdefault(identification.name, []).append(inside)
            return
        before = self._amount()
        try:
            self._take_all(kind.read(path), identification.name, inside, depth, keeps=was_sent and kind.attaches)
        except FormatError as broken:
            if not inside and _is_told(kind, path):
                return
            reason = broken.message
        except _BROKEN as cause:
            reason = words_of(cause, path)
        else:
            is_bare = before == self._amount() and path.stat().st_size
            if is_bare and (inside or not kind.draw):
                self.findings.append(_placed(_without_text(), inside))
            return
        said = message("无法提取文本：{reason}", "its text cannot be extracted: {reason}", reason=reason)
        self.findings.append(_placed(warning("text-not-extracted", said), inside))

    def _take_all(
        self, read: Iterable[str | Finding | Enclosed], name: str, inside: str, depth: int, *, keeps: bool
    ) -> None:
        for one in read:
            if self.is_full:
                return
            if isinstance(one, Finding) and inside and one.code == _NO_READER:
                self.unread.setdefault(name, []).append(inside)
            elif isinstance(one, Finding):
                self.findings.append(_placed(one, inside))
            elif isinstance(one, Enclosed):
                self._take_enclosed(one, inside, depth, keeps=keeps)
            else:
                self._add(one)

    def _take_enclosed(self, one: Enclosed, inside: str, depth: int, *, keeps: bool) -> None:
        name = f"{inside}/{one.name}" if inside else one.name
        if depth == _DEEPEST:
            said = message("文件套叠过深，未读取", "files lie too deep in one another; it is not read")
            self.findings.append(_placed(warning("text-not-extracted", said), name))
            return
        ending = "".join(Path(one.name).suffixes[-2:]).encode("ascii", "ignore").decode()[-20:]
        with tempfile.NamedTemporaryFile(suffix=ending.replace("/", "")) as file:
            file.write(one.data)
            file.flush()
            path = Path(file.name)
            found, first = looked_at(path), len(self.pages)
            number = len(self.attachments)
            self.take(path, found, name, depth + 1, was_sent=keeps)
            if keeps:
                self._keep(number, Attachment(name, found, one.data, (first, len(self.pages))))

    def _keep(self, number: int, one: Attachment) -> None:
        """Keep an attachment before those that are attached to it, which came before."""
        self.attached_bytes += len(one.data)
        if self.attached_bytes <= self.limits.attached_bytes:
            self.attachments.insert(number, one)
            return
        self.attached_bytes -= len(one.data)
        said = message(
            "附件过大，只随邮件保存，没有另存为文件",
            "the attachment is too large to be kept as a file of its own; it is kept in the mail",
        )
        self.findings.append(_placed(warning("attachment-not-taken-out", said), one.name))

    def _amount(self) -> tuple[int, int, int]:
        told = sum(found.severity is not Severity.NOTE for found in self.findings)
        return told, sum(map(len, self.unread.values())), self.characters

    def _add(self, page: str) -> None:
        room = self.limits.characters - self.characters
        if len(self.pages) == self.limits.pages or len(page) > room:
            if len(self.pages) < self.limits.pages:
                self.pages.append(_clean(page[:room]))
            said = message(
                "文本过多，只提取了前 {pages} 页、{characters} 字",
                "it has more text than is taken out: the first {pages} pages, {characters} characters",
                pages=len(self.pages),
                characters=sum(map(len, self.pages)),
            )
            self.findings.append(warning("text-cut-off", said))
            self.is_full = True
            return
        self.characters += len(page)
        self.pages.append(_clean(page))


def _left_out(path: Path, kind: Kind) -> Iterator[Finding]:
    """Yield that a file holds text which nobody sees who looks at it: it is no part of its text."""
    if kind.hides is None or not kind.leaves_out:
        return
    try:
        hides = any(one.code in _NOT_SEEN for one in kind.hides(path))
    except (FormatError, *_BROKEN):
        return  # told with its text
    if hides:
        said = message(
            "文件中有隐藏文字或修订中已删除的文字，未列入其文字；开放前请用 jinkui opening preview 查看",
            "it holds text that is hidden or was deleted with changes tracked, which is left out of its text; see it with "
            "jinkui opening preview before it is opened",
        )
        yield note("hidden-text-left-out", said)


def _is_told(kind: Kind, path: Path) -> bool:
    """Say whether the file does not open at all, which who looked at it has told already."""
    try:
        if kind.look:
            kind.look(path)
    except FormatError:
        return True
    return False


def _unread(identification: FormatIdentification, kind: Kind) -> Iterator[Finding]:
    """Yield that nothing reads a file's text, unless it can have none, or is drawn and read as a picture is."""
    if kind.is_silent or kind.draw or identification.mime.startswith(("audio/", "video/", "application/x-empty")):
        return
    if identification.name == "unknown":
        return  # told already: of no known format
    said = message(
        "已原样保存，未读取文字：没有可读 {name} 的程序",
        "kept, not read: there is no reader for {name}",
        name=" ".join(word for word in (identification.name, identification.version) if word),
    )
    yield warning(_NO_READER, said)


def _unread_inside(name: str, files: list[str]) -> Finding:
    said = message(
        "其中 {n} 个 {name} 文件已随原件保存，未读取文字：{files}",
        "{n} {name} files in it are kept, not read: {files}",
        n=len(files),
        name=name,
        files=listed(files, most=5),
    )
    return warning(_NO_READER, said)


def _without_text() -> Finding:
    said = message(
        "其中没有可提取的文字；若是扫描件，请作为扫描件识别",
        "it gives no text; if it is a scan, have it recognised as one",
    )
    return warning(WITHOUT_TEXT, said)


def _placed(found: Finding, inside: str) -> Finding:
    """Return what was found in a file inside another with that file's name before it."""
    if not inside:
        return found
    said = message("附件“{name}”：{what}", "enclosed “{name}”: {what}", name=inside, what=found.message)
    return Finding(found.code, found.severity, said, found.file, found.row, found.cell)


def _clean(text: str) -> str:
    text = text.encode("utf-8", "replace").decode("utf-8")  # halves of surrogate pairs, which nothing can write
    lines = (line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n"))
    return "\n".join(lines).strip("\n")
