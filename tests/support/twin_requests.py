"""What the two sites of the twin are asked: every route, with what is open, what was closed, and what never was."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

COMMON = ("flood", "report", "county", "dike", "防汛", "工作报告", "水库")
_CLOSED_WORDS = ("quetzalcoatl", "petrichor", "zugzwang", "王小明", "绝密工程", "axolotl")
_OPEN_WORDS = ("heron", "granary", "ferry", "公社", "粮仓", "渡口")
TEXTS_A_BATCH = 24
SCANS_A_BATCH = 4
SOUNDS_A_BATCH = 2
_OF_OWN_FONDS = 4
_TRADITIONAL = (("Accept-Language", "zh-TW"),)
_UNKNOWN = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    path: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of records: its number is in every code; ``words`` stand in some of its records and nowhere else.

    It is opened on a ``day``. The last of its documents are of a ``fonds`` that may be its own.
    """

    number: int
    words: tuple[str, ...]
    day: str = "2021-09-01"
    fonds: str = "Z109"

    @property
    def texts(self) -> tuple[str, ...]:
        """The codes of its documents, whose text is published."""
        return tuple(f"{self._fonds_of(n)}-WS·200{self.number}-D10-BGS-{n:04}" for n in range(1, TEXTS_A_BATCH + 1))

    @property
    def scans(self) -> tuple[str, ...]:
        """The codes of its scans, which have images."""
        return tuple(f"Z109-WS·198{self.number}·Y·BGS-{n:04}" for n in range(1, SCANS_A_BATCH + 1))

    @property
    def sounds(self) -> tuple[str, ...]:
        """The codes of its recordings, which can be played."""
        return tuple(f"Z109-LY·200{self.number}-D10-BGS-{n:04}" for n in range(1, SOUNDS_A_BATCH + 1))

    @property
    def codes(self) -> tuple[str, ...]:
        """All its codes."""
        return (*self.texts, *self.scans, *self.sounds)

    def _fonds_of(self, number: int) -> str:
        return self.fonds if number > TEXTS_A_BATCH - _OF_OWN_FONDS else "Z109"


FIRST, LAST = Batch(1, _OPEN_WORDS[:3]), Batch(3, _OPEN_WORDS[3:])
SECRET = Batch(2, _CLOSED_WORDS, day="2021-09-02", fonds="Z110")


@dataclass(frozen=True, slots=True)
class Known:
    """What somebody knows who saw the site before anything was closed: codes, images by their paths, identifiers."""

    codes: Sequence[str]
    images: Sequence[str]
    view_ids: Sequence[str]


def every_request(known: Known, draw: random.Random) -> Iterator[Asked]:
    """Yield the requests of every kind."""
    yield from _searches(draw)
    yield from _narrowed_searches(draw)
    yield from _records(known.codes, draw)
    yield from _identified(known.view_ids, draw)
    yield from _image_requests(known.images)
    yield from _tiles(known.images, draw)
    yield from _files(known.view_ids)
    yield from _programs(known.view_ids, draw)
    yield from _lists_for_programs(known.codes)
    yield from _lists(known.codes)
    yield from _odd_ones()


def _narrowed_searches(draw: random.Random) -> Iterator[Asked]:
    """Yield searches by field, by what narrows, in every order, with what must not stand, and in traditional characters."""
    words = (*COMMON, *_CLOSED_WORDS, *_OPEN_WORDS)
    for word in words:
        said = quote(word)
        for extra in (
            *(f"order={one}" for one in ("date", "code", "ours")),
            *(
                "text=yes",
                "text=no",
                "text=extracted",
                "text=recognised",
                "genre=WS",
                "genre=KJ",
                "fonds=990001/Z109",
                "fonds=990001/Z110",
                "year=2002",
                "year=1982",
                "year=2001-2003",
            ),
            *("lang=zh-Hant", f"title={said}", f"author={said}", f"document_number={said}", f"of_fonds={said}"),
        ):
            yield Asked(f"/search?q={said}&{extra}")
        yield Asked(f"/search?title={said}")
        yield Asked(f"/search?of_fonds=Z109&q={said}")
        yield Asked(f"/search?q=flood%20-{said}")
        yield Asked(f"/search?q=-{said}&genre=WS")
        yield Asked(f"/search?q={said}", headers=_TRADITIONAL)
    for day in ("1982", "2002", "1982-1983", "2001-2003", "2002年", "1980s"):
        yield Asked(f"/search?q={quote(day)}")
        yield Asked(f"/search?q={quote(f'flood {day}')}&page={draw.randint(1, 4)}")


def _tiles(images: Sequence[str], draw: random.Random) -> Iterator[Asked]:
    for image in images:
        folder, _, name = image.rpartition("/")
        page = name.partition(".")[0]
        places = [f"{level}/{column}_{row}.jpg" for level in range(4) for column in range(2) for row in range(2)]
        for part in (
            "thumbnail.jpg",
            *draw.sample(places, 6),
            "page.json",
            "9/0_0.jpg",
            "0/99_99.jpg",
            "../0001.jpg",
            "",
        ):
            yield Asked(f"{folder}/{page}/{part}")
        yield Asked(f"{folder}/{page}/0/0_0.jpg")
        yield Asked(f"{folder}/{page}/0/0_0.jpg", "HEAD")
        yield Asked(f"{folder}/0009/thumbnail.jpg")
        yield Asked(f"{folder}/{page}.zip")


def _files(view_ids: Sequence[str]) -> Iterator[Asked]:
    """Yield requests for what may be taken away or played, each of every record, by names that there are and names that there are not."""
    whole = ("record.pdf", "record-2.pdf", "record.txt", "record.json", "record.xml", "record.zip", "record-1.pdf", "")
    pages = (
        "0001.jpg",
        "0001.txt",
        "0001.wav",
        "0001.mp4",
        "0002.jpg",
        "0009.txt",
        "1.txt",
        "00001.jpg",
        "../0001.jpg",
    )
    played = ("0001.wav", "0001.mp3", "0001.mp4", "0002.wav", "1.wav", "0001.jpg", "")
    headers = (
        (("Range", "bytes=0-9"),),
        (("Range", "bytes=-9"),),
        (("Range", "bytes=9999999-"),),
        (("If-None-Match", "*"),),
        (("If-Modified-Since", "Thu, 01 Jan 2026 00:00:00 GMT"),),
    )
    for one in (*view_ids, _UNKNOWN, "nothing"):
        paths = [
            *(f"/files/{one}/{name}" for name in (*whole, *pages)),
            *(f"/recordings/{one}/{name}" for name in played),
            *(f"/captions/{one}/{name}" for name in ("0001.vtt", "0002.vtt", "2.vtt", "0002.txt")),
        ]
        for path in paths:
            yield Asked(path)
            yield Asked(path, "HEAD")
            yield Asked(f"{path}?lang=zh-Hant")
        for path in (f"/files/{one}/record.pdf", f"/files/{one}/0001.jpg", f"/recordings/{one}/0001.wav"):
            yield from (Asked(path, headers=sent) for sent in headers)
            yield Asked(path.upper())


def _programs(view_ids: Sequence[str], draw: random.Random) -> Iterator[Asked]:
    """Yield what programs ask."""
    for path in ("/repositories", "/openapi.json", "/search", "/records/", "/nothing", ""):
        yield Asked(f"/api/v1{path}")
        yield Asked(f"/api/v1{path}", draw.choice(("HEAD", "POST", "OPTIONS")))
    for one in (*view_ids, _UNKNOWN, "nothing"):
        yield Asked(f"/api/v1/records/{one}")
    for word in (*COMMON, *_CLOSED_WORDS, *_OPEN_WORDS):
        said = quote(word)
        yield Asked(f"/api/v1/search?q={said}")
        yield Asked(f"/api/v1/search?title={said}")
        for extra in (
            "page=2",
            "page=99",
            "limit=100",
            "limit=1&page=3",
            "order=date",
            "order=code",
            "year=2002",
            "genre=WS",
        ):
            yield Asked(f"/api/v1/search?q={said}&{extra}")
        yield Asked(f"/api/v1/search?q={said}&limit=999")
        yield Asked(f"/api/v1/search?q=flood%20-{said}&limit=100")


def _lists_for_programs(codes: Sequence[str]) -> Iterator[Asked]:
    """Yield what programs ask of lists."""
    days = ("2021-09-01", "2021-09-02", "2021-09-03", "nothing")
    for held in ("/repositories/990001", "/repositories/990002"):
        paths = [held, f"{held}/fonds", f"{held}/openings", *(f"{held}/openings/{day}" for day in days)]
        for fonds in ("Z109", "Z110", "Z111"):
            narrowed = [f"year=200{batch.number}" for batch in (FIRST, SECRET, LAST)]
            narrowed += [f"series={quote(f'WS·198{batch.number}')}" for batch in (FIRST, SECRET, LAST)]
            narrowed += [f"volume={quote(code)}" for code in codes[:4]]
            paths += [f"{held}/fonds/{fonds}", *(f"{held}/fonds/{fonds}?{one}" for one in narrowed)]
        for path in ("/recent", *paths):
            yield Asked(f"/api/v1{path}")
            yield Asked(f"/api/v1{path}", "HEAD")
            yield Asked(f"/api/v1{path}{'&' if '?' in path else '?'}page=2")


def _searches(draw: random.Random) -> Iterator[Asked]:
    words = [*COMMON, *_CLOSED_WORDS, *_OPEN_WORDS, "1982", "2002", "Z109", "BGS-0001", "档", "a", "e", "0"]
    queries = [*words, *(w[:-1] for w in words), *(w.upper() for w in words), *(f'"{w} report"' for w in words)]
    queries += [" ".join(draw.sample(words, draw.randint(2, 5))) for _ in range(120)]
    queries += ["", " ", '"', "flood*", "flood OR quetzalcoatl", "NOT flood", "flood^2", "%", "_", "x" * 200, "x" * 201]
    for query in queries:
        yield Asked(f"/search?q={quote(query)}")
    for query in (*COMMON, *_CLOSED_WORDS):
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
        yield Asked(path, headers=_TRADITIONAL)
        yield Asked(f"{path}?q=flood&hit={draw.randint(0, 3)}")
        odd = (
            "?page=1",
            "?page=2",
            "?q=flood",
            "?page=x&q=%00",
            "/",
            "?lang=zh",
            "/1",
            "?page=1&page=2",
            "?leaf=1",
            "?leaf=x",
        )
        for extra in draw.sample(odd, 3):
            yield Asked(path + extra)
        others = (
            path.lower(),
            path.replace("990001", "990002"),
            f"/records/990001/{quote(code.replace('·', '.'), safe='')}",
        )
        yield Asked(draw.choice(others))


def _identified(view_ids: Sequence[str], draw: random.Random) -> Iterator[Asked]:
    """Yield requests for records by their identifiers, each with some of what may stand behind them."""
    odd = ("?page=2", "?q=flood&s=year%3D2002", "?leaf=1", "?lang=zh-Hant", "/1", "?hit=1&q=flood")
    for one in (*view_ids, _UNKNOWN):
        yield Asked(f"/records/{one}")
        for extra in draw.sample(odd, 2):
            yield Asked(f"/records/{one}{extra}")
        yield Asked(f"/records/{one.upper()}")
        for path in (f"/records/{one}/proof.json", f"/records/{one}/proof"):
            yield Asked(path)
            yield Asked(path, "HEAD")


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
        "/sitemap",
        "/help",
    ]
    paths += [
        "/fonds/990001",
        fonds,
        "/fonds/990001/Z110",
        "/fonds/990001/Z111",
        "/openings/990001",
        "/about/990001",
        "/fonds/990002",
        "/openings/990002",
    ]
    paths += [
        f"/openings/990001/{day}{end}" for day in ("2021-09-01", "2021-09-02", "2021-09-03") for end in ("", ".xlsx")
    ]
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
    paths = (
        "/",
        "/about",
        "/sitemap.xml",
        "/robots.txt",
        "/favicon.ico",
        "/apple-touch-icon.png",
        "/logo/0",
        "/accent.css",
        "/pages/privacy",
        "/docs",
        "/openapi.json",
        "/feed",
        "/api",
    )
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
