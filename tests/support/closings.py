"""Closings under trouble: a record is closed while something is wrong, and the running site is watched over HTTP.

The command and the site are processes of their own. The page, the image and the search hits of the record have to be
gone before the command ends, and to stay gone: while the trouble lasts, for a site that starts then, after the next
reconcile, and when all is well again. Nothing else may become unavailable.
"""

import csv
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from archives.record.identifiers import archival_code_key
from search.published.lookup import published_under
from tests.support.batches import make_batch
from tests.support.forked_jinkui import ForkedJinkui
from tests.support.kill import CALLS
from tests.support.site import JINKUI, Site
from tests.support.trouble import Elasticsearch, Trouble, troubles, use_elasticsearch, why_no_elasticsearch

CLOSING, OTHER, CLOSED = (f"Z109-WS·1980·Y·BGS-000{number}" for number in (1, 2, 3))
_HEAD = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
_WITHDRAW = ("opening", "withdraw", CLOSING, "--reason", "mistake")
_CANARY = "Quetzalcoatl"
_SIZE = "400m"


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, what it printed as JSON, how long it took."""

    code: int
    data: dict[str, object]
    seconds: float
    error: str


@dataclass(slots=True)
class Watch:
    """What the site answered while the command ran: when the record was gone, what came back, what else failed.

    ``slowest`` is the longest that six answers in a row took, in seconds.
    """

    gone_at: float | None = None
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def prepare(home: Path, *, elasticsearch: int | None = None) -> None:
    """Make a home with two open records and a closed one."""
    _run(home, "init")
    if elasticsearch:
        use_elasticsearch(home, elasticsearch)
    _run(home, "repository", "add", "990001", "--name", "馆")
    titles = (f"Flood report {_CANARY}", "Flood report two", "Flood report three")
    rows = [
        (code, title, "1980", "永久", "英语", "1") for code, title in zip((CLOSING, OTHER, CLOSED), titles, strict=True)
    ]
    _run(home, "ingest", str(make_batch(home.parent / "batch", rows)), codes=(12,))
    with (home.parent / "decisions.csv").open("w", newline="", encoding="utf-8") as file:
        lines = [(c, "开放", "第二十七条", "甲", "乙", "2021-09-01", "2021-09-01", "全文") for c in (CLOSING, OTHER)]
        csv.writer(file).writerows([_HEAD, *lines])
    _run(home, "opening", "apply", str(home.parent / "decisions.csv"))


def view_of(home: Path, code: str) -> str:
    """Return the identifier of what is published of a record."""
    return published_under(home / "public/public.db", archival_code_key(code), None, former=True)[0].view_id


class Closings:
    """A place, a file system of its own, in which homes are copied and records closed."""

    def __init__(self, place: Path, elasticsearch: Elasticsearch | None) -> None:
        self._place = place
        self._elasticsearch = elasticsearch
        self._disk = place / "disk"
        self._disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE},mode=700", "none", str(self._disk)], check=True)
        self.home = self._disk / "home"
        prepare(self.home)
        self._made = place / "made"
        self._keep(self._made)
        self.troubles = troubles(CLOSED, view_of(self.home, CLOSING), elasticsearch)

    def close(self) -> None:
        """Take the file system away."""
        subprocess.run(["umount", str(self._disk)], check=True)

    def try_trouble(self, name: str) -> tuple[dict[str, object], list[str]]:
        """Close a record under a trouble; return what was measured and what is wrong."""
        trouble = self.troubles[name]
        self._begin(beside_elasticsearch=trouble.beside_elasticsearch)
        view_id, wrong = view_of(self.home, CLOSING), list[str]()
        with Site(self.home, self._place / "site.log") as site:
            self._require_open(site, view_id)
            image = f"/images/{view_id}/{self._image(view_id)}"
            others = (OTHER, f"/images/{view_of(self.home, OTHER)}/{self._image(view_of(self.home, OTHER))}")
            with trouble.begin(self.home):
                said, watch = self._closed_while_watched(site, image, others, trouble)
                wrong += watch.wrong
                wrong += self._said_wrongly(said, trouble)
                wrong += [f"after the command: {one}" for one in self._shown(site, image, others, trouble)]
                with Site(self.home, self._place / "again.log") as again:
                    started = again.started_seconds
                    wrong += [f"a site begun then: {one}" for one in self._shown(again, image, others, trouble)]
                publish = _ran(self.home, "opening", "publish")
                if publish.code not in {0, 6, 9, 10, 11, 12}:
                    wrong.append(f"publish ended with {publish.code}: {publish.error}")
                wrong += [f"after publishing: {one}" for one in self._shown(site, image, others, trouble)]
        with Site(self.home, self._place / "site.log") as site:
            well = Trouble(trouble.begin, 0, frozenset())
            wrong += [f"well again: {one}" for one in self._shown(site, image, others, well)]
            _ran(self.home, "opening", "publish")
            wrong += [f"published again: {one}" for one in self._shown(site, image, others, well)]
            ended = _ran(self.home, *_WITHDRAW)
            wrong += [f"at the end: {one}" for one in self._said_wrongly(ended, well)]
            wrong += [f"at the end: {one}" for one in self._shown(site, image, others, well)]
        wrong += self._left(view_id)
        measured: dict[str, object] = {
            "exit": said.code,
            "owed": sorted(_owed(said)),
            "gone_ms": None if watch.gone_at is None else round(watch.gone_at * 1000),
            "command_ms": round(said.seconds * 1000),
            "site_begun_ms": round(started * 1000),
            "slowest_answers_ms": round(watch.slowest * 1000),
        }
        return measured, wrong

    def points(self, jinkui: ForkedJinkui, calls: Sequence[str]) -> list[tuple[str, int]]:
        """Return the calls at which a closing is killed: each call of these system calls."""
        self._begin()
        log = self._place / "calls"
        jinkui.run(self._command(), strace=["-e", f"trace={','.join(CALLS)}", "-o", str(log)])
        counts: dict[tuple[str, str], int] = {}
        points = []
        for line in log.read_text("utf-8", "replace").splitlines():
            thread, _, rest = line.partition(" ")
            call = rest.strip().partition("(")[0]
            if call in calls:
                counts[thread, call] = counts.get((thread, call), 0) + 1
                points.append((call, counts[thread, call]))
        return sorted(set(points))

    def kill(self, jinkui: ForkedJinkui, call: str, number: int) -> tuple[bool, bool, list[str]]:
        """Kill a closing at a call; return whether the kill came, whether the mark stood then, what is wrong."""
        self._begin()
        view_id, wrong = view_of(self.home, CLOSING), list[str]()
        image = f"/images/{view_id}/{self._image(view_id)}"
        others = (OTHER, f"/images/{view_of(self.home, OTHER)}/{self._image(view_of(self.home, OTHER))}")
        well = Trouble(lambda _: _nothing(), 0, frozenset())
        options = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}", "-o", "/dev/null"]
        with Site(self.home, self._place / "site.log") as site:
            done = jinkui.run(self._command(), strace=options)
            marked = (self.home / "public/closed" / view_id).exists() or site.record(CLOSING).status == 404
            if marked:
                wrong += [f"after the kill: {one}" for one in self._shown(site, image, others, well)]
            for what in ("published", "published again"):
                published = jinkui.run(("--home", str(self.home), "opening", "publish"))
                if published.code not in {0, 12}:
                    wrong.append(f"{what}: {published}")
                if marked:
                    wrong += [f"{what}: {one}" for one in self._shown(site, image, others, well)]
            again = jinkui.run(self._command())
            if again.code != 0:
                wrong.append(f"again: {again}")
            wrong += [f"closed again: {one}" for one in self._shown(site, image, others, well)]
        wrong += self._left(view_id)
        return done.code < 0, marked, wrong

    def _command(self) -> tuple[str, ...]:
        return ("--home", str(self.home), "--lang", "en", *_WITHDRAW, "--json")

    def _keep(self, where: Path) -> None:
        shutil.copytree(self.home, where, symlinks=True)

    def _begin(self, *, beside_elasticsearch: bool = False) -> None:
        shutil.rmtree(self.home)
        shutil.copytree(self._made, self.home, symlinks=True)
        if beside_elasticsearch and self._elasticsearch:
            use_elasticsearch(self.home, self._elasticsearch.port)
            _run(self.home, "rebuild")

    def _image(self, view_id: str) -> str:
        return next((self.home / "public/images" / view_id).glob("*.jpg")).name

    def _require_open(self, site: Site, view_id: str) -> None:
        image = site.get(f"/images/{view_id}/{self._image(view_id)}")
        seen = (site.record(CLOSING).status, image.status, site.search("flood").text.count('<li class="hit"'))
        assert seen[:2] == (200, 200), seen
        assert any(_CANARY in site.search("flood").text for _ in range(20))  # a busy machine answers 503 first

    def _closed_while_watched(
        self, site: Site, image: str, others: tuple[str, str], trouble: Trouble
    ) -> tuple[Said, Watch]:
        watch, ended = Watch(), threading.Event()
        begun = time.monotonic()

        def look() -> None:
            while not ended.is_set():
                asked_at = time.monotonic()
                gone = not self._still_shown(site, image, trouble)
                if gone and watch.gone_at is None:
                    watch.gone_at = time.monotonic() - begun
                if not gone and watch.gone_at is not None:
                    watch.wrong.append("shown again while the command ran")
                    return
                watch.wrong += [one for one in self._unavailable(site, others, trouble) if one not in watch.wrong]
                watch.slowest = max(watch.slowest, time.monotonic() - asked_at)

        thread = threading.Thread(target=look)
        thread.start()
        said = _ran(self.home, *_WITHDRAW)
        ended.set()
        thread.join()
        if watch.gone_at is None or watch.gone_at > said.seconds + 0.5:
            gone = not self._still_shown(site, image, trouble)
            watch.gone_at = said.seconds if gone else None
        return said, watch

    def _still_shown(self, site: Site, image: str, trouble: Trouble) -> list[str]:
        page, shown, found = site.record(CLOSING), site.get(image), site.search("flood")
        wrong = [
            f"{what} answers {answer.status}"
            for what, answer in (("the page", page), ("the image", shown))
            if answer.status != trouble.page
        ]
        if found.status not in (200, 503) or _CANARY in found.text:
            wrong.append(f"the search answers {found.status} and tells of it: {_CANARY in found.text}")
        return wrong

    def _unavailable(self, site: Site, others: tuple[str, str], trouble: Trouble) -> list[str]:
        seen = {"the other page": site.record(others[0]), "the other image": site.get(others[1]), "/": site.get("/")}
        return [f"{what} answers {one.status}" for what, one in seen.items() if one.status != trouble.other]

    def _shown(self, site: Site, image: str, others: tuple[str, str], trouble: Trouble) -> list[str]:
        wrong = [*self._still_shown(site, image, trouble), *self._unavailable(site, others, trouble)]
        found = site.search("flood")
        if found.status == 200 and "1 record, 1 matching page" not in found.text:
            wrong.append(f"the search tells another total: {found.text[-1500:]}")
        return wrong

    def _said_wrongly(self, said: Said, trouble: Trouble) -> list[str]:
        wrong = []
        if said.data.get("closed") is not True:
            wrong.append(f"not said to be closed: {said}")
        if said.code != trouble.code or _owed(said) != trouble.owed:
            wrong.append(f"ended with {said.code}, owed {sorted(_owed(said))}: {said.data} {said.error}")
        return wrong

    def _left(self, view_id: str) -> Iterator[str]:
        public = self.home / "public"
        if list((public / "closed").glob("*")):
            yield f"marks are left: {list((public / 'closed').iterdir())}"
        if (public / "images" / view_id).exists():
            yield "images are left"
        for path in public.rglob("*"):
            if path.is_file() and _CANARY.encode() in path.read_bytes():
                yield f"{path.name} still holds the title"


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _owed(said: Said) -> set[str]:
    owed = said.data.get("owed", [])
    return {str(one["step"]) for one in owed} if isinstance(owed, list) else set()


def _run(home: Path, *arguments: str, codes: Sequence[int] = (0,)) -> None:
    done = _ran(home, *arguments)
    assert done.code in codes, f"{arguments}: {done}"


def _ran(home: Path, *arguments: str) -> Said:
    """Run a command in a process of its own."""
    begun = time.monotonic()
    done = subprocess.run(
        [str(JINKUI), "--home", str(home), "--lang", "en", *arguments, "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    seconds = time.monotonic() - begun
    try:
        data = json.loads(done.stdout)
    except json.JSONDecodeError:
        data = {}
    return Said(done.returncode, data if isinstance(data, dict) else {}, seconds, done.stderr[-600:])


def why_not() -> str:
    """Return why no file system can be made for this, empty when one can."""
    return "" if os.getuid() == 0 else "only root can mount a file system and make files undeletable"


def elasticsearch_at(place: Path) -> Elasticsearch | None:
    """Start a real Elasticsearch, or return None where none can be had."""
    if why_no_elasticsearch():
        return None
    one = Elasticsearch(place)
    one.start()
    return one
