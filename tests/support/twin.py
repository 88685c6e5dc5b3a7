"""The twin: an installation that never held the closed records, and one that held them, asked the same over HTTP.

Both are made by the commands of the program, in this process, with identifiers that depend on the batch alone. One
takes in and opens records that the other never sees, renumbers some, and closes them; every answer has to be the same
to the byte, headers included, but for those that tell when a file was written.
"""

import csv
import random
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cli import wiring
from cli.main import run
from search.published.views import PublishedViews
from tests.support.batches import make_batch, make_image
from tests.support.site import Answered, Site

_HEAD = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")
_WHEN = frozenset({"date", "etag", "last-modified"})  # of the moment of the answer, and of when a file was written
_COMMON = ("flood", "report", "county", "dike", "防汛", "工作报告", "水库")
_CLOSED_WORDS = ("quetzalcoatl", "petrichor", "zugzwang", "王小明", "绝密工程", "axolotl")
_OPEN_WORDS = ("heron", "granary", "ferry", "公社", "粮仓", "渡口")
_TEXTS = 24
_SCANS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of records: its number is in every code; ``words`` stand in some of its records and nowhere else."""

    number: int
    words: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """The codes of its documents, whose text is published."""
        return tuple(f"Z109-WS·200{self.number}-D10-BGS-{n:04}" for n in range(1, _TEXTS + 1))

    @property
    def scans(self) -> tuple[str, ...]:
        """The codes of its scans, which have images."""
        return tuple(f"Z109-WS·198{self.number}·Y·BGS-{n:04}" for n in range(1, _SCANS + 1))

    @property
    def codes(self) -> tuple[str, ...]:
        """All its codes."""
        return (*self.texts, *self.scans)


FIRST, SECRET, LAST = Batch(1, _OPEN_WORDS[:3]), Batch(2, _CLOSED_WORDS), Batch(3, _OPEN_WORDS[3:])


class Twins:
    """Two homes in a folder: ``knowing`` held the closed records, ``innocent`` never did."""

    def __init__(self, folder: Path) -> None:
        self.knowing, self.innocent = folder / "knowing/home", folder / "innocent/home"
        for home, batches in ((self.knowing, (FIRST, SECRET, LAST)), (self.innocent, (FIRST, LAST))):
            _tell(home, "init")
            _tell(home, "repository", "add", "990001", "--name", "馆", "--name-en", "Archives")
            for batch in batches:
                _take_in(home, batch)
        renumbered = (SECRET.texts[1], "Z109-WS·2002-D10-BGS-0901"), (SECRET.scans[1], "Z109-WS·1982·Y·BGS-0902")
        for old, new in renumbered:
            _tell(self.knowing, "renumber", old, new, "--reason", "mistake")
        self.codes = (*SECRET.codes, *(new for _, new in renumbered))
        self._now = {**{code: code for code in SECRET.codes}, **dict(renumbered)}
        self.images = _images(self.knowing)
        views = PublishedViews(self.knowing / "public/public.db", today=wiring.today)
        self.identifiers = views.ids()
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
        _decide(self.knowing, now[1::2], "不开放", "")

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
        """Return so many different requests: every kind, then drawn at random."""
        draw = random.Random(seed)
        every = list(dict.fromkeys(_every(self.codes, self.images, self.identifiers, draw)))
        draw.shuffle(every)
        assert len(every) >= number, len(every)
        return tuple(every[:number])


def _told(answer: Answered, port: int) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Return what is compared: a sitemap and a feed tell the address under which they are asked."""
    headers = tuple((k, v) for k, v in answer.headers if k.lower() not in _WHEN)
    return answer.status, headers, answer.body.replace(f"127.0.0.1:{port}".encode(), b"site:00000")


def _every(
    codes: Sequence[str], images: Sequence[str], identifiers: Sequence[str], draw: random.Random
) -> Iterator[Asked]:
    yield from _searches(draw)
    for one in identifiers:
        for odd in ("", "?page=2", "?q=flood&s=year%3D2002", "?leaf=1", "?lang=zh-Hant", "/1"):
            yield Asked(f"/records/{one}{odd}")
        yield Asked(f"/records/{one.upper()}")
        yield Asked(f"/api/v1/records/{one}")
    yield from _records(codes, draw)
    yield from _image_requests(images)
    yield from _lists(codes)
    yield from _odd_ones()


def _searches(draw: random.Random) -> Iterator[Asked]:
    words = [*_COMMON, *_CLOSED_WORDS, *_OPEN_WORDS, "1982", "2002", "Z109", "BGS-0001", "档", "a", "e", "0"]
    queries = [*words, *(w[:-1] for w in words), *(w.upper() for w in words), *(f'"{w} report"' for w in words)]
    queries += [" ".join(draw.sample(words, draw.randint(2, 5))) for _ in range(120)]
    queries += ["", " ", '"', "flood*", "flood OR quetzalcoatl", "NOT flood", "flood^2", "%", "_", "x" * 200, "x" * 201]
    for query in queries:
        yield Asked(f"/search?q={quote(query)}")
    for query in (*_COMMON, *_CLOSED_WORDS):
        for page in ("2", "3", "4", "5", "99", "0", "-1", "abc", "１", "9999999"):
            yield Asked(f"/search?q={quote(query)}&page={quote(page)}")
        for extra in (
            "repository=990001",
            "repository=000000",
            "repository=",
            "lang=zh",
            "lang=xx",
            "q=flood",
            "limit=999",
        ):
            yield Asked(f"/search?q={quote(query)}&{extra}")
        yield Asked(f"/search?q={quote(query)}", "HEAD")
        yield Asked(f"/search?q={quote(query)}", headers=(("Cookie", "lang=zh"),))
        yield Asked(f"/suggest?q={quote(query[:2])}")
        yield Asked(f"/?q={quote(query)}")


def _records(codes: Sequence[str], draw: random.Random) -> Iterator[Asked]:
    for code in (*codes, *FIRST.codes, *LAST.codes, "Z109-WS·2009-D10-BGS-0001", "nothing"):
        path = f"/records/990001/{quote(code, safe='')}"
        yield Asked(path)
        yield Asked(path, draw.choice(("HEAD", "POST", "OPTIONS", "PUT", "DELETE")))
        odd = ("?page=1", "?page=2", "?q=flood", "?page=x&q=%00", "/", "?lang=zh", "/1", "?page=1&page=2")
        for extra in draw.sample(odd, 3):
            yield Asked(path + extra)
        others = (
            path.lower(),
            path.replace("990001", "990002"),
            f"/records/990001/{quote(code.replace('·', '.'), safe='')}",
        )
        yield Asked(draw.choice(others))


def _image_requests(images: Sequence[str]) -> Iterator[Asked]:
    for image in images:
        yield Asked(image)
        yield Asked(image, "HEAD")
        for value in ("bytes=0-9", "bytes=-9", "bytes=9999999-", "bytes=0-1,5-6", "bytes=x", "bytes=9-0"):
            if "," not in value:  # where there are several, the answer has a boundary of its own
                yield Asked(image, headers=(("Range", value),))
        yield Asked(image, headers=(("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT"),))
        yield Asked(image, headers=(("If-None-Match", "*"),))
        yield Asked(image.rpartition("/")[0] + "/")
        yield Asked(image.replace("0001", "0002"))


def _lists(codes: Sequence[str]) -> Iterator[Asked]:
    fonds = "/fonds/990001/Z109"
    paths = [
        "/recent",
        "/feed.xml",
        "/sitemap.xml",
        "/sitemaps/lists.xml",
        "/sitemaps/1.xml",
        "/sitemaps/2.xml",
        "/help",
    ]
    paths += ["/fonds/990001", fonds, "/openings/990001", "/about/990001", "/fonds/990002", "/openings/990002"]
    paths += [f"/openings/990001/{day}{end}" for day in ("2021-09-01", "2021-09-02") for end in ("", ".xlsx")]
    for batch in (FIRST, SECRET, LAST):
        for year in (f"200{batch.number}", f"198{batch.number}"):
            paths += [f"{fonds}?year={year}", f"{fonds}?series={quote(f'WS·{year}')}"]
    paths += [f"{fonds}?volume={quote(code)}" for code in codes]
    for path in paths:
        yield Asked(path)
        yield Asked(path, "HEAD")
        joined = "&" if "?" in path else "?"
        for extra in ("page=1", "page=2", "page=x", "lang=zh", "lang=zh-Hant"):
            yield Asked(f"{path}{joined}{extra}")


def _odd_ones() -> Iterator[Asked]:
    paths = ("/", "/about", "/sitemap.xml", "/robots.txt", "/favicon.ico", "/docs", "/openapi.json", "/feed", "/api")
    more = (
        "/static/",
        "/static/style.css",
        "/images/",
        "/records/",
        "/records/990001",
        "/records/990001/",
        "//",
        "/%00",
    )
    outside = ("/images/../public.db", "/images/%2e%2e/public.db", "/images/..%2fclosed/x", "/static/..%2f..%2fserved")
    for path in (*paths, *more, *outside, "/public.db", "/closed/", "/search/", "/search", "/Search?q=flood"):
        for method in ("GET", "HEAD"):
            yield Asked(path, method)
        for headers in ((("Accept-Language", "zh"),), (("Cookie", "lang=zh"),), (("Host", "evil.example"),)):
            yield Asked(path, headers=headers)
        yield Asked(f"{path}?lang=zh")


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
    _decide(home, batch.codes, "开放", "全文")


def _texts(folder: Path, batch: Batch) -> Path:
    folder.mkdir(parents=True)
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [(code, f"Flood {_word(batch, n)} {n}", "2001", "10年") for n, code in enumerate(batch.texts)]
        csv.writer(file).writerows([("档号", "题名", "日期", "保管期限"), *rows])
    for number, code in enumerate(batch.texts):
        common = " ".join(_COMMON[number % 3 :])
        (folder / f"{code}.txt").write_text(f"{common} {_word(batch, number)} document {number}\n" * 3, "utf-8")
    return folder


def _word(batch: Batch, number: int) -> str:
    return batch.words[number % len(batch.words)]


def _decide(home: Path, codes: Sequence[str], conclusion: str, scope: str) -> None:
    path = home.parent / f"decisions-{codes[0]}.csv"
    day = "2021-09-01" if scope else ""
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
