"""What lies in a batch folder: every file and every empty folder with its name as it came, listed and never opened."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from archives.errors import JinkuiError
from archives.findings import Finding, warning
from archives.message import Message, message
from archives.system_reason import reason_of
from formats.encoding.garbled_names import Garbled, garbled
from formats.unpack import Container, ContainerLimits

PACKED = (".zip", ".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".xz")
"""What the names of packed files end with, in whatever case."""
_LITTER = re.compile(
    r"(?i)thumbs\.db|ehthumbs\.db|desktop\.ini|\.ds_store|\._.*|\.apdisk|\.spotlight-v100|\.trashes|\.fseventsd"
    r"|\.trash-\d+|__macosx|@eadir|\.@__thumb|#recycle|\$recycle\.bin|system volume information|lost\+found"
    r"|~\$.*|\.~lock\..*#|.*~"
)
_LIMITS = ContainerLimits(members=1_000_000, member_bytes=1 << 50, total_bytes=1 << 50)  # no member is opened
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_LIKE_A_BYTE = re.compile(r"\\(?=x[0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of the batch; ``relative`` is its name as it came; ``page`` its number where its name gives one.

    ``identity`` are device and inode as listed: what has another is another file. None where nothing was listed.
    ``known_as`` is how its name is shown where it has another than the one under which it lies.
    ``place`` is where it lies in its record's own tree of folders (its bare name where it is None). What lies
    ``is_beside`` its record's files, hidden or left behind by a system, is kept and neither read nor counted.
    ``label`` is what a page of a volume is called, ``item`` the number of the item to which its name gives it.
    ``role`` is the part of a document that the sheet says it is. ``sha256`` is what its bytes were when they were judged:
    others are not taken; empty where nobody looked into it before.
    """

    path: Path
    relative: str
    size_bytes: int
    page: int | None = None
    identity: tuple[int, int] | None = None
    place: PurePosixPath | None = None
    is_beside: bool = False
    known_as: str = ""
    label: str = ""
    item: str = ""
    role: str = ""
    sha256: str = ""

    @property
    def shown(self) -> str:
        """The name that it came with, in a form that everything can hold."""
        return self.known_as or shown(self.relative)

    @property
    def kept_at(self) -> PurePosixPath:
        """Where it lies in its record, as it came, in a form that everything can hold."""
        return PurePosixPath(shown(str(self.place)) if self.place else PurePosixPath(self.shown).name)


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder as listed: its files in order, the folders in which nothing lies, a finding for everything else."""

    files: tuple[PlannedFile, ...]
    empty_folders: tuple[str, ...]
    findings: tuple[Finding, ...]


def list_batch(folder: Path) -> Listing:
    """List what lies below a folder; no link is followed, and what cannot be listed is a finding."""
    files: list[PlannedFile] = []
    empty: list[str] = []
    strange: list[Finding] = []

    def untold(cause: OSError) -> None:
        strange.append(_unlisted(_below(folder, Path(os.fsdecode(cause.filename))), cause))

    for place, folders, names in os.walk(folder, onerror=untold):
        folders.sort()
        links = [one for one in folders if Path(place, one).is_symlink()]
        before = len(files)
        for name in sorted([*names, *links]):
            path = Path(place, name)
            relative = _below(folder, path)
            try:
                state = path.lstat()
            except OSError as cause:
                strange.append(_unlisted(relative, cause))
                continue
            if stat.S_ISREG(state.st_mode):
                files.append(PlannedFile(path, relative, state.st_size, identity=(state.st_dev, state.st_ino)))
            else:
                zh = "不是普通文件（链接、管道或设备），未读取"
                said = message(zh, "not a regular file (a link, pipe or device); it was not read")
                strange.append(warning("not-a-file", said, file=shown(relative)))
        if len(files) == before and len(folders) == len(links) and Path(place) != folder:
            empty.append(_below(folder, Path(place)))
    return Listing(tuple(files), tuple(empty), tuple(strange))


def is_litter(relative: str) -> bool:
    """Say whether a file or folder is one that systems and editors leave behind, or lies in one."""
    return any(_LITTER.fullmatch(part) for part in PurePosixPath(relative).parts)


def is_passed_over(relative: str) -> bool:
    """Say whether a file or folder is hidden or litter, or lies in a folder that is."""
    return is_litter(relative) or any(part.startswith(".") for part in PurePosixPath(relative).parts)


def folders_above(relative: str) -> Iterator[str]:
    """Yield the folders in which a file or folder lies, the innermost first; not the batch itself."""
    while (end := relative.rfind("/")) > 0:
        relative = relative[:end]
        yield relative


def shown(relative: str) -> str:
    """Return a name with bytes that are no text, and controls, written as ``\\xNN``, so that everything can hold it.

    A backslash that would be taken for the beginning of one is written as ``\\x5c``: the name can be told from it.
    """
    plain = _LIKE_A_BYTE.sub(r"\\x5c", relative)
    named = _NO_TEXT.sub(lambda found: "".join(f"\\x{byte:02x}" for byte in found[0].encode()), plain)
    return os.fsencode(named).decode("utf-8", "backslashreplace")


def as_it_came(shown_name: str) -> str:
    """Return the name that is shown like this."""
    parts = re.split(r"\\x([0-9a-f]{2})", shown_name)
    return os.fsdecode(
        b"".join(bytes.fromhex(part) if place % 2 else part.encode() for place, part in enumerate(parts))
    )


def _below(folder: Path, path: Path) -> str:
    return str(PurePosixPath(path.relative_to(folder)))


def _unlisted(relative: str, cause: OSError) -> Finding:
    said = message(
        "无法列出（{reason}），其中的文件都未接收；请改好权限或名称后重新接收",
        "it cannot be listed ({reason}), and nothing in it was taken in; mend its rights or its name, then take it in again",
        reason=reason_of(cause),
    )
    return warning("not-listed", said, file=shown(relative))


def garbled_in_zip(path: Path) -> Garbled | None:
    """Return the first name in a ZIP that comes out wrong when it is unpacked as it says, None for none or an unreadable ZIP."""
    try:
        with Container(path, _LIMITS) as box:
            found = map(garbled, box.unmarked_names)
            return next((one for one in found if one), None)
    except (JinkuiError, OSError):
        return None


def unpacking(path: str, folder: str, garbled: Garbled | None = None) -> Message:
    """Return the commands that unpack a ZIP into a folder, as they are typed into a shell: one where its names tell which."""
    if garbled:
        return message(
            "{how}（Python 3.11 起；照常解压文件名会成乱码，如 {name}，本应是 {meant}）",
            "{how} (from Python 3.11 on; unpacked as usual its names come out wrong, as {name} for {meant})",
            how=f"python3 -m zipfile --metadata-encoding {garbled.encoding} -e {path} {folder}",
            name=shown(garbled.name),
            meant=garbled.meant,
        )
    return message(
        "{plainly}；在中文 Windows 上压缩的，文件名若成乱码，用 {in_chinese}（Python 3.11 起）",
        "{plainly} (where names in Chinese come out wrong, it was packed on Windows: {in_chinese}, from Python 3.11 on)",
        plainly=f"python3 -m zipfile -e {path} {folder}",
        in_chinese=f"python3 -m zipfile --metadata-encoding gb18030 -e {path} {folder}",
    )
