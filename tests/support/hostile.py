"""Files that a decoder chokes on, small on disk and huge in memory, and what a decoder that was taken over would do.

A batch of them is taken in by the command. Every group of processes that it starts is weighed; traced, no system call
of a child may succeed on a file that it has no business with.
"""

import base64
import os
import random
import re
import socket
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from formats.processes import confinement, group
from formats.processes.child import apart
from formats.processes.children import ChildExecutor
from formats.processes.confinement import Confinement
from formats.processes.opened import Opened
from tests.support.places import ROOT
from tests.support.site import JINKUI

BUDGET_BYTES = 1 << 30
ALLOWED_SHARE = 1.2
_EVERY_SECONDS = 0.01
_CODE = "Z109-WS·2001-D10-BGS-{:04}"


def tiff_bomb(*, width: int = 65_000, height: int = 130_000) -> bytes:
    """Return a TIFF of one bit a line (CCITT T.6, TIFF 6.0 §11: every line is like the white one above it)."""
    strip = b"\xff" * (height // 8)
    tags: tuple[tuple[int, int, int], ...] = (
        (256, 4, width),
        (257, 4, height),
        (258, 3, 1),
        (259, 3, 4),
        (262, 3, 0),
        (273, 4, 8),
        (277, 3, 1),
    )
    tags += ((278, 4, height), (279, 4, len(strip)))
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    directory = struct.pack("<H", len(tags)) + entries + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + directory


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP with these members, packed as small as can be."""
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return into.getvalue()


def ofd_bomb(page: bytes) -> bytes:
    """Return an OFD (GB/T 33190-2016) whose one page has this content."""
    space = b'xmlns:ofd="http://www.ofdspec.org/2016"'
    root = b"<ofd:OFD %s><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>" % space
    document = b'<ofd:Document %s><ofd:Pages><ofd:Page ID="1" BaseLoc="Page.xml"/></ofd:Pages></ofd:Document>' % space
    content = b'<ofd:Page %s><ofd:Content><ofd:Layer ID="2">%s</ofd:Layer></ofd:Content></ofd:Page>' % (space, page)
    return zipped({"OFD.xml": root, "Doc_0/Document.xml": document, "Doc_0/Page.xml": content})


def docx_bomb(paragraphs: int = 3_000_000, *, differing: int = 1000, noise_bytes: int = 0) -> bytes:
    """Return a DOCX of this many short paragraphs, of which so many differ, so that it packs to less than a hundredth.

    Noise in a comment keeps what packs to less than a thousandth below the ratio of a bomb.
    """
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    few = b"".join(b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % n for n in range(differing))
    body = b"<!--%s-->" % base64.b64encode(random.Random(1).randbytes(noise_bytes)) + few * (paragraphs // differing)
    types = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
        b'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        b'Target="word/document.xml"/></Relationships>'
    )
    document = b"<w:document %s><w:body>%s</w:body></w:document>" % (space, body)
    return zipped({"[Content_Types].xml": types, "_rels/.rels": relations, "word/document.xml": document})


def xlsx_bomb(path: Path, rows: int) -> None:
    """Write a workbook of few bytes with cells at the far ends of the sheet, and all of it merged."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["档号", "题名", "日期", "保管期限"])
    book.save(path)
    kept = {}
    with zipfile.ZipFile(path) as file:
        kept = {name: file.read(name) for name in file.namelist()}
    name = "xl/worksheets/sheet1.xml"
    far = b"".join(b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(2, rows))
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    kept[name] = kept[name].replace(b"</sheetData>", far + merged)
    path.write_bytes(zipped(kept))


def film(path: Path, size: int = 3 << 30) -> None:
    """Write an honest film: the head of an ISO base media file, and as much data as said, all of it zero."""
    with path.open("wb") as file:
        file.write(struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 0x200, b"isom", b"mp41"))
        file.write(struct.pack(">I4sQ", 1, b"mdat", size - 24))
        file.truncate(size)


def make_hostile(folder: Path) -> tuple[str, ...]:
    """Write a batch with one hostile file a record; return the names of the files."""
    folder.mkdir(parents=True)
    noise = b"<!--%s-->" % base64.b64encode(random.Random(1).randbytes(12_000))  # below the ratio of a bomb
    objects = b'<ofd:TextObject ID="3"><ofd:TextCode X="0" Y="0">1</ofd:TextCode></ofd:TextObject>'
    texts = b"<ofd:TextObject><ofd:TextCode>%s</ofd:TextCode></ofd:TextObject>"
    files = {
        "tif": tiff_bomb(),
        "elements.ofd": ofd_bomb(noise + b"<b/>" * 25_000_000),
        "objects.ofd": ofd_bomb(noise + objects * 1_200_000),
        "text.ofd": ofd_bomb(noise + texts % (b"a" * (100 << 20))),
        "docx": docx_bomb(),
        "small.docx": docx_bomb(6_900_000, differing=1, noise_bytes=720_000),
    }
    return _batch(folder, files)


def make_small(folder: Path) -> tuple[str, ...]:
    """Write a batch of a hostile image and a hostile document that are quickly given up."""
    folder.mkdir(parents=True)
    return _batch(
        folder, {"jpg": tiff_bomb(), "tif": tiff_bomb(width=2000, height=2000), "ofd": ofd_bomb(b"<b/>" * 1000)}
    )


def make_film(folder: Path) -> tuple[str, ...]:
    """Write a batch with an honest film of 3 GiB."""
    folder.mkdir(parents=True)
    names = _batch(folder, {"mp4": b""})
    film(folder / names[0])
    return names


def make_sheet(folder: Path, rows: int) -> tuple[str, ...]:
    """Write a batch whose sheet is the bomb."""
    folder.mkdir(parents=True)
    xlsx_bomb(folder / "catalogue.xlsx", rows)
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    return ("catalogue.xlsx",)


def _batch(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    names, lines = [], ["档号,题名,日期,保管期限"]
    for number, (end, data) in enumerate(files.items(), 1):
        code = _CODE.format(number)
        lines.append(f"{code},Report {number},2001,10年")
        names.append(f"{code}.{end.rpartition('.')[2]}")
        (folder / names[-1]).write_bytes(data)
    (folder / "catalogue.csv").write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    return tuple(names)


def taken_over(path: Path, canary: str, port: int) -> list[str]:
    """Do what a decoder would that was taken over; return what it could do and must not."""
    assert path.read_bytes()
    secret, beside = Path(canary), Path(canary).with_name("written")
    tries: dict[str, Callable[[], object]] = {
        "read a file of the home": secret.read_bytes,
        "empty it": lambda: os.truncate(secret, 0),
        "open it for writing": lambda: secret.open("r+b"),
        "delete it": secret.unlink,
        "rename it": lambda: secret.rename(beside),
        "link to it": lambda: os.link(secret, "linked"),
        "write beside it": lambda: beside.write_bytes(b"x"),
        "list its folder": lambda: os.listdir(secret.parent),
        "write into /tmp": lambda: Path("/tmp/jinkui-written").write_bytes(b"x"),  # the point
        "reach this machine": lambda: socket.create_connection(("127.0.0.1", port), 1),
        "leave its group": lambda: os.setpgid(0, 0),
        "leave its session": os.setsid,
        "read it in a program that it starts": lambda: subprocess.run(["/bin/cat", canary], check=True),
        "write in a program that it starts": lambda: subprocess.run(["/bin/touch", str(beside)], check=True),
    }
    return [name for name, attempt in tries.items() if _succeeds(attempt)]


def take_over(opened: Opened, canary: str, port: int) -> list[str]:
    """Do that where files are opened, and where calls are served."""
    return [*apart(taken_over, opened, canary, port), *taken_over(opened.path, canary, port)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def possible(folder: Path) -> list[str]:
    """Return what a child that was taken over could do beside a canary in a folder."""
    secret = folder / "home/keys/canary"
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_bytes(b"canary")
    given = folder / "given"
    given.mkdir(exist_ok=True)
    (given / "file").write_bytes(b"input")
    confined = Confinement((given,))
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        ChildExecutor(1, timeout_seconds=120, confined=confined) as children,
        Opened.at(given / "file") as opened,
    ):
        found = children.submit(take_over, opened, str(secret), listening.getsockname()[1]).result()
    return found if secret.read_bytes() == b"canary" else [*found, "the canary was changed"]


def attack(place: Path) -> dict[str, object]:
    """Take in hostile files and an honest film, weigh every child; trace children that open files and one taken over."""
    home, failures, weights = place / "home", list[str](), dict[str, object]()
    weigh(home, "init")
    weigh(home, "repository", "add", "990001", "--name", "馆")
    sheet, small_sheet, hostile, film_batch = (place / name for name in ("sheet", "small-sheet", "hostile", "film"))
    sizes = {name: (hostile / name).stat().st_size for name in make_hostile(hostile)}
    for folder, rows in ((sheet, 20_000), (small_sheet, 1_300)):
        (name,) = make_sheet(folder, rows)
        sizes[f"{folder.name}/{name}"] = (folder / name).stat().st_size
    make_film(film_batch)
    runs = {
        "sheet": (("ingest", str(sheet), "--dry-run"), (8,), ALLOWED_SHARE * BUDGET_BYTES),
        "small sheet": (("ingest", str(small_sheet), "--dry-run"), (8,), ALLOWED_SHARE * BUDGET_BYTES),
        "hostile": (("ingest", str(hostile)), (12,), ALLOWED_SHARE * BUDGET_BYTES),
        "film": (("ingest", str(film_batch)), (12,), 300 << 20),
    }
    for name, (arguments, codes, most) in runs.items():
        one = weigh(home, *arguments)
        weights[name] = {
            "child_mib": one.child_bytes >> 20,
            "own_mib": one.own_bytes >> 20,
            "seconds": round(one.seconds),
        }
        print(f"{name}: {weights[name]}", flush=True)
        if one.code not in codes or one.child_bytes > most:
            failures.append(f"{name}: {one}")
    possible_ones = possible(place)
    failures += [f"a child could {one}" for one in possible_ones]
    program = f"import sys; sys.path[:0] = [{str(ROOT)!r}]; from tests.support.hostile import possible; from pathlib import Path; possible(Path({str(place)!r}))"
    small = place / "small"
    make_small(small)
    commands = {
        "taken over": [sys.executable, "-c", program],
        "ingest": [str(JINKUI), "--home", str(home), "ingest", str(small)],
    }
    traces: dict[str, object] = {}
    for name, command in commands.items():
        seen = trace(command, place / "strace", (str(small),))  # what a batch's own child opens for the others
        traces[name] = {"processes": seen.processes, "calls": seen.calls, "wrong": len(seen.wrong)}
        print(f"{name}: {traces[name]}", flush=True)
        failures += [f"{name}: {one}" for one in seen.wrong[:20]]
        if not seen.processes or not seen.calls or seen.code not in (0, 12):
            failures.append(f"{name}: nothing was traced, {seen}")
    return {"sizes": sizes, "weights": weights, "traces": traces, "failures": failures}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A command that was weighed: how it ended, what it said, the most that it and any one of its children held."""

    code: int
    said: str
    seconds: float
    own_bytes: int
    child_bytes: int


def weigh(home: Path, *arguments: str, seconds: float = 900) -> Weighed:
    """Run a command and weigh it and every group of processes that it starts, every hundredth of a second."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [str(JINKUI), "--home", str(home), "--lang", "en", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    most = [0, 0]

    def watch() -> None:
        while process.poll() is None:
            most[0] = max(most[0], _own_bytes([process.pid]))
            for leader in _children(process.pid):
                most[1] = max(most[1], _own_bytes(group.members(leader)))
            time.sleep(_EVERY_SECONDS)

    thread = threading.Thread(target=watch)
    thread.start()
    said = process.communicate(timeout=seconds)[0]
    thread.join()
    return Weighed(process.returncode, said, time.monotonic() - begun, most[0], most[1])


def _children(pid: int) -> Iterator[int]:
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            yield from map(int, thread.read_text("ascii").split())
        except OSError:
            continue


def _own_bytes(processes: list[int]) -> int:
    """Return what processes hold, what they share counted once."""
    total = 0
    for one in processes:
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text("ascii").splitlines()
        except OSError:
            continue
        total += sum(
            int(line.split()[1]) << 10 for line in lines if line.startswith(("Pss_Anon", "Pss_Shmem", "SwapPss"))
        )
    return total


_CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")
_PATH = re.compile(r'"((?:[^"\\]|\\.)*)"')
_FILE_CALLS = "openat,open,openat2,creat,truncate,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,mkdir,mkdirat,rmdir,mknod,mknodat,chmod,fchmodat,execve,execveat"
_OTHER_CALLS = "socket,connect,bind,setsid,setpgid,kill,tkill,ptrace,unshare,mount,memfd_create,prctl,clone,fork,vfork,clone3,chdir,process_vm_readv"


@dataclass(frozen=True, slots=True)
class Traced:
    """What confined processes did: how many there were, how many calls succeeded, those that must not have."""

    code: int
    processes: int
    calls: int
    wrong: tuple[str, ...]


def trace(command: list[str], log: Path, allowed: tuple[str, ...]) -> Traced:
    """Run a command under strace and judge the calls of its processes after each has given up its rights.

    ``allowed`` are the folders that confined processes may reach beside the interpreter and their own.
    """
    options = ["-f", "-qq", "-s", "400", "-e", f"trace={_FILE_CALLS},{_OTHER_CALLS},seccomp", "-o", str(log)]
    done = subprocess.run(["strace", *options, *command], capture_output=True, check=False, timeout=900)
    confined: set[str] = set()
    calls, wrong = 0, []
    ours = [str(ROOT / name) for name in ("archives", "cli", "formats", "ingest", "preservation", "search", "tests")]
    where = (*confinement.importable(), *ours, *allowed, "/dev/null", "/proc/self/fd/")
    for line in log.read_text("utf-8", "replace").splitlines():
        found = _CALL.match(line.replace(" <unfinished ...>", ""))
        if not found:
            continue
        pid, call, given, result = found.groups()
        if int(result) < 0 or "O_PATH" in given:  # a place that is named, to say what may be read there
            continue
        if call == "prctl" and "PR_SET_SECCOMP" in given:
            confined.add(pid)
        elif pid in confined:
            calls += 1
            if call in ("clone", "fork", "vfork", "clone3"):
                confined.add(result)
            elif call in _OTHER_CALLS.split(","):
                if call not in ("prctl", "chdir"):
                    wrong.append(line[:300])
            else:
                wrong += [line[:300] for path in _PATH.findall(given)[:1] if not _is_below(path, where)]
    return Traced(done.returncode, len(confined), calls, tuple(wrong))


def _is_below(path: str, places: tuple[str, ...]) -> bool:
    if not path.startswith("/"):
        return True  # below the folder that it stands in, its own; where that is, is judged with chdir
    ways = {path, os.path.realpath(path)}  # /lib leads to /usr/lib, of which alone it is said that it may be read
    return "/jinkui-own-" in path or any(
        one == place or one.startswith(place.rstrip("/") + "/") for one in ways for place in places
    )
