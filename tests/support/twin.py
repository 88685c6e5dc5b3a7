"""The twin: an installation that never held the closed records, and one that held them, asked the same over HTTP.

Both are made by the commands of the program, in this process, with identifiers that depend on the batch alone. One
takes in and opens records that the other never sees, renumbers some, and closes them; every answer has to be the same
to the byte, headers included, but for those that tell when a file was written.
"""

import csv
import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount, Route

from archives.message import message
from cli import wiring
from cli.main import run
from search.doors.api.app import add_api
from search.doors.portal.app import create_app
from search.index.memory import MemoryIndex
from search.published.views import PublishedViews
from tests.support.batches import make_batch, make_image
from tests.support.files import wave_bytes
from tests.support.site import Answered, Site
from tests.support.twin_requests import COMMON, FIRST, LAST, SECRET, Asked, Batch, Known, every_request

_HEAD = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
_WHEN = frozenset({"date", "etag", "last-modified"})  # of the moment of the answer, and of when a file was written


class Twins:
    """Two homes in a folder: ``knowing`` held the closed records, ``innocent`` never did."""

    def __init__(self, folder: Path) -> None:
        self.knowing, self.innocent = folder / "knowing/home", folder / "innocent/home"
        for home, batches in ((self.knowing, (FIRST, SECRET, LAST)), (self.innocent, (FIRST, LAST))):
            seeded = random.Random(0)  # one identifier and one key, by which the proofs of both are signed
            wiring.new_identifier, wiring.new_key_seed = lambda: str(_uuid(seeded)), lambda: b"twin" * 8  # noqa: B023
            _tell(home, "init")
            _tell(home, "repository", "add", "990001", "--name", "馆", "--name-en", "Archives")
            with (home / "jinkui.toml").open("a", encoding="utf-8") as settings:
                settings.write('\n[[portal.repositories]]\ncode = "990001"\ndownloads = true\n')
            for batch in batches:
                _take_in(home, batch)
        renumbered = (SECRET.texts[1], "Z109-WS·2002-D10-BGS-0901"), (SECRET.scans[1], "Z109-WS·1982·Y·BGS-0902")
        for old, new in renumbered:
            _tell(self.knowing, "renumber", old, new, "--reason", "mistake")
        self.codes = (*SECRET.codes, *(new for _, new in renumbered))
        self._now = {**{code: code for code in SECRET.codes}, **dict(renumbered)}
        views = PublishedViews(self.knowing / "public/public.db", today=wiring.today)
        self.known = Known(self.codes, _images(self.knowing), views.ids())
        views.close()

    def mark(self) -> None:
        """Close as a command does that is killed right after its marks: all else is still there."""
        views = PublishedViews(self.knowing / "public/public.db", today=wiring.today)
        secret = [i for i in views.ids() if (v := views.get_by_id(i)) and v.said("archival_code") in self._now.values()]
        assert len(secret) == len(SECRET.codes)
        for view_id in secret:
            views.marks.put(view_id)
        views.close()

    def close(self) -> None:
        """Close some by the command, the others by a sheet."""
        now = list(self._now.values())
        for code in now[::2]:
            _tell(self.knowing, "opening", "withdraw", code, "--reason", "mistake")
        _decide(self.knowing, now[1::2], "不开放", "", "")

    def compared(self, asked: Sequence[Asked], log: Path) -> tuple[list[str], dict[int, int]]:
        """Ask both sites the same; return what was answered differently, and how often each status came."""
        different, statuses = [], Counter[int]()
        with Site(self.knowing, log) as knowing, Site(self.innocent, log) as innocent:
            for one in asked:
                answers = [
                    _told(site.get(one.path, method=one.method, headers=dict(one.headers)), site.port)
                    for site in (knowing, innocent)
                ]
                statuses[answers[1][0]] += 1
                if answers[0] != answers[1]:
                    different.append(f"{one}: {answers[0]!r}\n  {answers[1]!r}"[:3000])
        return different, dict(statuses)

    def requests(self, number: int, seed: int) -> tuple[Asked, ...]:
        """Return so many different requests of all that there are, or all of them, drawn at random."""
        draw = random.Random(seed)
        every = list(dict.fromkeys(every_request(self.known, draw)))
        draw.shuffle(every)
        return tuple(every[:number])

    def never_asked(self) -> list[str]:
        """Return the routes of the site that no request comes to, were all of them asked."""
        return never_asked(self.known, self.knowing / "public")


def never_asked(known: Known, published: Path) -> list[str]:
    """Return the routes of a site of what lies in a folder that no request comes to, whoever knows what asks them all."""
    asked = every_request(known, random.Random(0))
    views = PublishedViews(published / "public.db", today=wiring.today)
    app = add_api(create_app(views, MemoryIndex(), published / "images", site_name=message("馆", "Archives")))
    patterns = [*_patterns(app)]
    views.close()
    paths = {one.path.partition("?")[0] for one in asked if one.method == "GET"}
    return [one for one in patterns if not any(re.match(one, path) for path in paths)]


def _patterns(app: Starlette) -> Iterator[str]:
    for route in app.router.routes:
        if isinstance(route, Mount):
            below = [one for one in route.routes if isinstance(one, Route)]
            yield from (f"^{route.path}{one.path_regex.pattern.removeprefix('^')}" for one in below)
            if not below:
                yield f"^{route.path}/."
        elif isinstance(route, Route):
            yield route.path_regex.pattern


def _told(answer: Answered, port: int) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Return what is compared: a sitemap and a feed tell the address under which they are asked."""
    headers = tuple((k, v) for k, v in answer.headers if k.lower() not in _WHEN)
    return answer.status, headers, answer.body.replace(f"127.0.0.1:{port}".encode(), b"site:00000")


def _take_in(home: Path, batch: Batch) -> None:
    """Take a batch in and open it; what has scans comes after what has texts."""
    seeded = random.Random(batch.number)
    wiring.new_identifier = lambda: str(_uuid(seeded))
    folder = home.parent / f"batch-{batch.number}"
    _tell(home, "ingest", str(_texts(folder / "texts", batch)), codes=(12,))
    rows = [
        (code, f"Flood report {_word(batch, n)}", "1986", "永久", "英语", "1") for n, code in enumerate(batch.scans)
    ]
    scans = make_batch(folder / "scans", rows)
    for number, code in enumerate(batch.scans):
        make_image(scans / f"{code}-001.jpg", text=f"FLOOD REPORT {_word(batch, number)}")
    _tell(home, "ingest", str(scans), codes=(12,))
    _decide(home, batch.codes, "开放", "全文", batch.day)


def _texts(folder: Path, batch: Batch) -> Path:
    folder.mkdir(parents=True)
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(code, f"Flood {_word(batch, n)} {n}", "2001", "10年") for n, code in enumerate(batch.texts)]
        rows += [
            (code, f"Voices of the flood {_word(batch, n)}", "2001", "10年") for n, code in enumerate(batch.sounds)
        ]
        csv.writer(file).writerows([("档号", "题名", "日期", "保管期限"), *rows])
    for seconds, code in enumerate(batch.sounds, batch.number):
        (folder / code).mkdir()
        (folder / code / "voices.wav").write_bytes(wave_bytes(seconds=seconds))
        cue = f"WEBVTT\n\n00:00:00.000 --> 00:00:0{seconds}.500\nVoices {_word(batch, seconds)}\n"
        (folder / code / "words.vtt").write_text(cue, "utf-8")
    for number, code in enumerate(batch.texts):
        common = " ".join(COMMON[number % 3 :])
        (folder / f"{code}.txt").write_text(f"{common} {_word(batch, number)} document {number}\n" * 3, "utf-8")
    return folder


def _word(batch: Batch, number: int) -> str:
    return batch.words[number % len(batch.words)]


def _decide(home: Path, codes: Sequence[str], conclusion: str, scope: str, day: str) -> None:
    path = home.parent / f"decisions-{codes[0]}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = [(code, conclusion, "第二十七条", "甲", "乙", "2021-09-01", day, scope) for code in codes]
        csv.writer(file).writerows([_HEAD, *lines])
    _tell(home, "opening", "apply", str(path))


def _images(home: Path) -> tuple[str, ...]:
    return tuple(sorted(f"/images/{path.parent.name}/{path.name}" for path in (home / "public/images").rglob("*.jpg")))


def _uuid(seeded: random.Random) -> uuid.UUID:
    return uuid.UUID(int=seeded.getrandbits(128), version=4)


def _tell(home: Path, *arguments: str, codes: Sequence[int] = (0,)) -> None:
    code = run(["--home", str(home), "--lang", "en", *arguments])
    assert code in codes, f"{arguments}: {code}"
