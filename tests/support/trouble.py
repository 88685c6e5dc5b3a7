"""What can be wrong with an archive while a record is closed, brought about for real: disks, processes, locks, servers."""

import fcntl
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.places import SHARED
from tests.support.site import free_port

JUNK = b"no database" * 5000
_TOOL = SHARED / "tools/elasticsearch"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong, and what the command may say: its exit code, the steps that it says are owed.

    ``page`` is what the site answers for the record's page, ``other`` for the page of another open record.
    ``beside_elasticsearch`` where the archive's indexes lie there.
    """

    begin: Callable[[Path], AbstractContextManager[None]]
    code: int
    owed: frozenset[str]
    page: int = 404
    other: int = 200
    beside_elasticsearch: bool = False


@contextmanager
def nothing(_: Path) -> Iterator[None]:
    """Let all be well."""
    yield


@contextmanager
def replaced(path: Path) -> Iterator[None]:
    """Let a file hold what is no database."""
    yield from _with_bytes(path, JUNK)


@contextmanager
def holed(path: Path) -> Iterator[None]:
    """Let every second page of a database but its first hold noise."""
    data = bytearray(path.read_bytes())
    for at in range(4096, len(data), 8192):
        data[at : at + 4096] = os.urandom(len(data[at : at + 4096]))
    yield from _with_bytes(path, bytes(data))


def _with_bytes(path: Path, data: bytes) -> Iterator[None]:
    before = path.read_bytes()
    path.write_bytes(data)
    yield
    path.unlink(missing_ok=True)  # whoever has it open keeps what he has
    path.write_bytes(before)


@contextmanager
def away(*paths: Path) -> Iterator[None]:
    """Take folders away."""
    for path in paths:
        path.rename(path.with_name(f"{path.name}-away"))
    yield
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
        path.with_name(f"{path.name}-away").rename(path)


@contextmanager
def unmounted(path: Path) -> Iterator[None]:
    """Let an empty folder stand where a store was, as when its disk is not mounted."""
    with away(path):
        path.mkdir()
        yield


@contextmanager
def being_read(path: Path) -> Iterator[None]:
    """Hold a database in an open read transaction."""
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
    yield
    reader.close()


@contextmanager
def being_written(path: Path) -> Iterator[None]:
    """Hold a database in an open write transaction."""
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    yield
    writer.close()


@contextmanager
def disk_full(home: Path) -> Iterator[None]:
    """Fill the file system that the home lies on, to its last byte."""
    filler = home.parent / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    yield
    filler.unlink()


@contextmanager
def text_damaged(home: Path, code: str) -> Iterator[None]:
    """Let no store have the text of a record whole, and search know nothing of it yet."""
    (home / "staff-index.db").unlink()
    texts = [path for path in (home / "stores").rglob("text/data/*.txt") if _is_of(path, code)]
    assert texts, code
    before = {path: path.read_bytes() for path in texts}
    for path in texts:
        path.write_bytes(b"lost")
    yield
    for path, data in before.items():
        path.write_bytes(data)


def _is_of(path: Path, code: str) -> bool:
    content = next(parent for parent in path.parents if parent.name == "content")
    return code in (content / "data/metadata/descriptive/record.xml").read_text("utf-8")


@contextmanager
def immutable(pattern: str, home: Path) -> Iterator[None]:
    """Let no file that fits the pattern be deleted or changed, not even by root."""
    files = [str(path) for path in home.glob(pattern)]
    assert files, pattern
    subprocess.run(["chattr", "+i", *files], check=True)
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", *(file for file in files if Path(file).exists())], check=True)


@contextmanager
def folder_for_image(images: Path) -> Iterator[None]:
    """Let a folder that cannot be removed stand in the place of every image of a record."""
    made = []
    for image in sorted(images.glob("*.jpg")):
        image.rename(image.with_suffix(".kept"))
        image.mkdir()
        (image / "inside").write_bytes(b"x")
        subprocess.run(["chattr", "+i", str(image)], check=True)
        made.append(image)
    yield
    for image in made:
        if image.exists():
            subprocess.run(["chattr", "-i", str(image)], check=True)
            shutil.rmtree(image)
        if image.with_suffix(".kept").exists():
            image.with_suffix(".kept").rename(image)


@contextmanager
def locks_held(home: Path) -> Iterator[None]:
    """Hold every lock of the archive, those that nobody has asked for yet too."""
    names = ["writers", "journal", *(f"{kind}-{n:02x}" for kind in ("package", "record") for n in range(256))]
    held = [(home / "locks" / f"{name}.lock").open("w") for name in names]
    for file in held:
        fcntl.flock(file, fcntl.LOCK_EX)
    yield
    for file in held:
        file.close()


class Elasticsearch:
    """A real server of its own, of one node or of several, started once and wiped at the end."""

    def __init__(self, place: Path, *, series: str = "8", nodes: int = 1) -> None:
        self._environment = {
            **os.environ,
            "JINKUI_ES_HOME": str(place),
            "JINKUI_ES_DIST": "/tmp/jinkui-elasticsearch",
        }  # where the tool unpacks
        self.port = free_port()
        self.addresses = tuple(f"http://127.0.0.1:{self.port + number}" for number in range(nodes))
        self._chosen = ("--series", series, "--nodes", str(nodes), "--port", str(self.port))
        place.parent.chmod(0o755)

    def start(self, *, heap: str = "256m") -> None:
        """Start the nodes and wait for them."""
        self.tell("start", *self._chosen, "--heap", heap)

    def tell(self, *arguments: str) -> None:
        """Run the tool."""
        subprocess.run([_TOOL, *arguments], env=self._environment, check=True, capture_output=True, timeout=180)

    @contextmanager
    def hanging(self, _: Path) -> Iterator[None]:
        """Stop the node as SIGSTOP does: it takes connections and never answers."""
        self.tell("pause", "n1")
        try:
            yield
        finally:
            self.tell("resume", "n1")

    @contextmanager
    def killed(self, _: Path) -> Iterator[None]:
        """Kill the node."""
        self.tell("kill", "n1")
        try:
            yield
        finally:
            self.tell("restart", "n1")


def use_elasticsearch(home: Path, port: int) -> None:
    """Let the indexes of a home lie in an Elasticsearch on this machine."""
    path = home / "jinkui.toml"
    line = f'elasticsearch = "http://127.0.0.1:{port}"'
    path.write_text(path.read_text("utf-8").replace('elasticsearch = ""', line), "utf-8")


def why_no_elasticsearch() -> str:
    """Return why no real Elasticsearch can be had, empty when it can."""
    return "" if _TOOL.exists() else f"{_TOOL} is not there"


def troubles(closed: str, view_id: str, elasticsearch: Elasticsearch | None) -> dict[str, Trouble]:
    """Return everything that is tried; ``closed`` is the code of a closed record, ``view_id`` names what closes."""
    owed = frozenset
    said: dict[str, Trouble] = {
        "nothing": Trouble(nothing, 0, owed()),
        "staff index no database": Trouble(lambda h: replaced(h / "staff-index.db"), 11, owed({"reconcile"})),
        "staff index damaged": Trouble(lambda h: holed(h / "staff-index.db"), 11, owed({"reconcile"})),
        "public index no database": Trouble(
            lambda h: replaced(h / "public/index.db"), 11, owed({"index", "reconcile"})
        ),
        "public index damaged": Trouble(lambda h: holed(h / "public/index.db"), 11, owed({"index", "reconcile"})),
        "catalogue damaged": Trouble(lambda h: replaced(h / "catalogue.db"), 9, owed({"reconcile"})),
        "public.db no database": Trouble(
            lambda h: replaced(h / "public/public.db"), 11, owed({"view", "reconcile"}), page=503, other=503
        ),
        "public.db being read": Trouble(lambda h: being_read(h / "public/public.db"), 11, owed({"view", "reconcile"})),
        "public.db being written": Trouble(
            lambda h: being_written(h / "public/public.db"), 11, owed({"view", "reconcile"})
        ),
        "one store away": Trouble(lambda h: away(h / "stores/second"), 9, owed({"journal", "reconcile"})),
        "one store not mounted": Trouble(lambda h: unmounted(h / "stores/first"), 9, owed({"journal", "reconcile"})),
        "all stores away": Trouble(
            lambda h: away(h / "stores/first", h / "stores/second"), 9, owed({"journal", "reconcile"})
        ),
        "disk full": Trouble(disk_full, 9, owed({"journal", "reconcile", "view", "index"})),
        "another record's text damaged": Trouble(lambda h: text_damaged(h, closed), 0, owed()),
        "images that cannot be deleted": Trouble(
            lambda h: immutable(f"public/images/{view_id}/*.jpg", h), 11, owed({"images"})
        ),
        "folders in the images' place": Trouble(
            lambda h: folder_for_image(h / "public/images" / view_id), 11, owed({"images"})
        ),
        "every lock held": Trouble(locks_held, 6, owed({"journal", "reconcile"})),
    }
    if elasticsearch:
        index = owed({"index", "reconcile"})
        said["Elasticsearch hanging"] = Trouble(elasticsearch.hanging, 11, index, beside_elasticsearch=True)
        said["Elasticsearch killed"] = Trouble(elasticsearch.killed, 11, index, beside_elasticsearch=True)
    return said
