"""The public site under load: what is published is written by the writers of views and index, and served by ``jinkui serve``.

Ten thousand records of ten pages, ``--times 10`` a hundred thousand: a million pages. The requests come from another process.
Whoever measures wants the machine alone; ``load`` is what it had to do when the figure was made.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image, ImageDraw

from archives.record.identifiers import archival_code_key
from archives.record.rights import OnlineScope
from benchmarks.chinese import Writer, phrases_of
from benchmarks.figures import Bench, Figure, print_figures
from benchmarks.visitors import Seen, Visit, visited
from cli.home.default_settings import DEFAULT_FILE
from formats.page_image import page_for_screens
from formats.picture.pyramid import OVERLAP_PX, TILE_PX
from search.doors.portal.browsing.fonds_page import fonds_path
from search.index.document import IndexedRecord
from search.index.embedded import EmbeddedIndex
from search.index.search_index import Change
from search.published.pages import write_page
from search.published.shown.page_file import THUMBNAIL, PageImages
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from tests.support.site import Site

_RECORDS, _RECORDS_TOGETHER = 10_000, 500
_WITH_IMAGES = 40
"""How many records have images: of a page of 300 dots an inch on A3 each."""
_A3_PX = (3508, 4961)
_SCREEN_PX = 1600
_A_SECOND, _SECONDS = 50, 60
_WORST = 50
_SHARES = {"home": 5, "results": 20, "record": 25, "browse": 15, "recent": 5, "tile": 20, "api": 10}
"""How many of a hundred visitors ask for what."""
_OPENED = date(2026, 3, 1)


@dataclass(frozen=True, slots=True)
class Published:
    """A folder with what is published: some of its records, those that have images, what people look for."""

    home: Path
    records: Sequence[IndexedRecord]
    pictured: Sequence[str]
    phrases: Sequence[str]
    worst: Sequence[str]


def under_load(bench: Bench) -> Iterator[Figure]:
    """Ask a site for pages of every kind, then for the same while it has the worst searches to do."""
    published = _published(bench)
    with _site(bench, published) as site, ProcessPoolExecutor(1, get_context("spawn")) as others:
        yield _first_tile(site, published)
        seconds = 2 if bench.quick else _SECONDS
        visits = _visits(published, seconds * _A_SECOND)
        others.submit(visited, site.port, visits[: _A_SECOND * 2], _A_SECOND).result()  # searchers read the columns
        sizes = [_resident_mib(site)]
        asked = others.submit(visited, site.port, visits, _A_SECOND)
        while not asked.done():
            time.sleep(1)
            sizes.append(_resident_mib(site))
        seen = asked.result()
        detail = {
            "records": published_number(bench),
            "requests": len(seen),
            **_by_kind(seen),
            "load": os.getloadavg()[0],
        }
        yield Figure("portal, 50 requests a second, p95", _p95(seen), "ms", 100, at_most=True, detail=detail)
        wrong = Counter(one.status for one in seen if one.status != 200)
        detail = {f"status_{status}": number for status, number in wrong.items()}
        yield Figure("the same: answers that are none", wrong.total(), "requests", 0, at_most=True, detail=detail)
        half = len(sizes) // 2
        growth = max(sizes[half:]) / max(sizes[: half + 1])
        detail = {"first_mib": sizes[0], "last_mib": sizes[-1], "most_mib": max(sizes)}
        yield Figure("memory in the second half, to the first", growth, "ratio", 1.05, at_most=True, detail=detail)
        yield from _beside_the_worst(site, published, others, seconds=4 if bench.quick else 30)


BENCHMARKS: tuple[Callable[[Bench], Iterator[Figure]], ...] = (under_load,)


def published_number(bench: Bench) -> int:
    """Return how many records are published."""
    return 200 if bench.quick else _RECORDS * bench.times


@contextmanager
def _site(bench: Bench, published: Published) -> Iterator[Site]:
    with Site(published.home, bench.folder / "site.log", public=published.home / "public") as site:
        yield site


def _first_tile(site: Site, published: Published) -> Figure:
    """Ask for one tile of each page, none of whose bytes are in memory; the slowest but one of twenty counts."""
    chance, times = random.Random(3), []
    for view_id in published.pictured:
        for path in (published.home / "public/images" / view_id).iterdir():
            with path.open("rb") as file:
                os.fdatasync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        path_of_tile = f"/images/{view_id}/0001/4/{chance.randrange(6)}_{chance.randrange(9)}.jpg"
        begun = time.perf_counter()
        answer = site.get(path_of_tile)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status == 200, (path_of_tile, answer.status)
    times.sort()
    size = (published.home / "public/images" / published.pictured[0] / "0001.zip").stat().st_size
    detail = {"pages": len(times), "median": median(times), "most": times[-1], "bytes_of_a_page": size}
    value = times[int(0.95 * (len(times) - 1))]
    return Figure(
        "first tile of a page of A3, 300 dpi, nothing in memory, p95", value, "ms", 80, at_most=True, detail=detail
    )


def _beside_the_worst(
    site: Site, published: Published, others: ProcessPoolExecutor, *, seconds: int
) -> Iterator[Figure]:
    """Ask for other pages while fifty of the worst searches are always under way."""
    visits = [one for one in _visits(published, 3 * seconds * _A_SECOND, seed=5) if one.kind not in ("results", "api")]
    visits = visits[: seconds * 10]
    with ProcessPoolExecutor(1, get_context("spawn")) as crowd:
        worst = [Visit("worst", f"/search?q={quote(one)}") for one in published.worst]
        pressing: Future[list[Seen]] = crowd.submit(visited, site.port, (worst * seconds)[: seconds * 25], 25)
        together: Future[list[Seen]] = crowd.submit(visited, site.port, worst, 10_000)
        seen = others.submit(visited, site.port, visits, 10).result()
        searched = [*pressing.result(), *together.result()]
    answered = [one for one in searched if one.status == 200]
    detail = {
        "requests": len(seen),
        "most": max(one.milliseconds for one in seen),
        "not_answered": sum(one.status != 200 for one in seen),
        "searches": len(searched),
        "searches_answered": len(answered),
        "searches_told_to_come_again": sum(one.status == 503 for one in searched),
        "searches_otherwise": sum(one.status not in (200, 503) for one in searched),
        "searches_p95": _p95(searched),
        "load": os.getloadavg()[0],
    }
    yield Figure("other pages beside the 50 worst searches, p95", _p95(seen), "ms", 500, at_most=True, detail=detail)


def _visits(published: Published, number: int, seed: int = 1) -> list[Visit]:
    """Draw what visitors ask for: of searches a third each for words of few records, of many, and of a title."""
    chance = random.Random(seed)

    def words() -> str:
        one = chance.choice(published.records)
        title = one.title.removeprefix("关于").removesuffix("的通知")
        return quote(chance.choice((chance.choice(published.phrases), title[:4], f"{title[:2]} {one.year}")))

    def path(kind: str) -> str:
        one, page = chance.choice(published.records), chance.choice(("", f"&page={chance.randint(2, 40)}"))
        match kind:
            case "results":
                return f"/search?q={words()}{chance.choice(('', '', '&order=date', f'&year={one.year}'))}{page}"
            case "record":
                return f"/records/{one.package_id}{chance.choice(('', '?page=7'))}"
            case "browse":
                narrowed = chance.choice(("", f"?year={one.year}", f"?series={quote(f'{one.genre}·{one.year}')}"))
                return chance.choice((fonds_path(one.repository), fonds_path(one.repository, one.fonds) + narrowed))
            case "recent":
                return chance.choice(
                    ("/recent", f"/openings/{one.repository}", "/feed.xml", f"/about/{one.repository}")
                )
            case "tile":
                level, column, row = chance.choice(((4, 5, 8), (3, 2, 4), (2, 1, 2), (0, 0, 0)))
                place = f"{level}/{chance.randint(0, column)}_{chance.randint(0, row)}.jpg"
                return f"/images/{chance.choice(published.pictured)}/0001/{chance.choice((place, place, THUMBNAIL))}"
            case "api":
                searched = f"/api/v1/search?q={words()}"
                return chance.choice((searched, f"/api/v1/records/{one.package_id}", "/api/v1/repositories"))
        return "/"

    kinds = chance.choices(list(_SHARES), weights=list(_SHARES.values()), k=number)
    return [Visit(kind, path(kind)) for kind in kinds]


def _published(bench: Bench) -> Published:
    """Write what is published, and its index."""
    home, writer = bench.folder / "home", Writer(20261127)
    folder = home / "public"
    views = PublishedViews(folder / "public.db", today=date.today)
    index = EmbeddedIndex(folder / "index.db")
    images = _images(bench.folder)
    kept: list[IndexedRecord] = []
    pictured: list[str] = []
    number, chance = published_number(bench), random.Random(9)
    for begin in range(0, number, _RECORDS_TOGETHER):
        records = [writer.record(one) for one in range(begin, min(begin + _RECORDS_TOGETHER, number))]
        shown = [_view(one) for one in records]
        for view in shown[: max(0, _WITH_IMAGES - len(pictured))]:
            first = write_page(folder / "images" / view.view_id, view.pages[0], images, None)
            shown[shown.index(view)] = replace(view, pages=(first, *view.pages[1:]))
            pictured.append(view.view_id)
        views.put_all([(view, b"") for view in shown])
        index.replace_all([Change(one.package_id, one, 1) for one in records])
        kept += chance.sample(records, min(len(records), 20))
    views.commit(closed=1, head=1)
    index.commit(1)
    views.close()
    index.close()
    (home / "jinkui.toml").write_text(DEFAULT_FILE, "utf-8")
    phrases = phrases_of(writer)
    return Published(home, kept, pictured, phrases, _worst(writer))


def _worst(writer: Writer) -> list[str]:
    """Return searches that cost much: letters and words of most pages, several of them, what is cut long, beginnings."""
    common = writer.words[:16]
    letters = list(dict.fromkeys("".join(common)))
    many = [" ".join(common[n : n + 8]) for n in range(6)] + [" ".join(letters[n : n + 8]) for n in range(6)]
    others = ["".join(common)[:200], f'"{"".join(common[:9])}"', f"{common[0]} -{common[1]}", f"{common[0]} 1949-2018"]
    every = [*common, *many, *others, *letters, *(f"{one} {two}" for one, two in pairwise(common))]
    return every[:_WORST]


def _view(record: IndexedRecord) -> PublishedView:
    elements = {"archival_code": record.archival_code, "title": record.title, "date": record.date, "year": record.year}
    return PublishedView(
        view_id=record.package_id,
        repository=record.repository,
        repository_name=record.repository_name,
        repository_name_en=record.repository_name_en,
        code_key=archival_code_key(record.archival_code),
        elements=elements,
        fonds_number=record.fonds,
        fonds_name="某县人民政府",
        scope=OnlineScope.FULL_TEXT,
        pages=tuple(PublishedPage(one.page or 0, one.text, None) for one in record.places),
        sequence=1,
        opened=_OPENED,
    )


def _images(folder: Path) -> PageImages:
    """Draw a page of A3 that is written on, and noise as of a scanner."""
    page = Image.effect_noise(_A3_PX, 12).point(lambda one: min(255, one + 100))
    pen = ImageDraw.Draw(page)
    chance = random.Random(4)
    for line in range(70):
        for letter in range(60):
            left, top = 200 + letter * 52, 200 + line * 65
            for _ in range(5):
                pen.line(
                    [(left + chance.randrange(40), top + chance.randrange(40)) for _ in range(2)], fill=30, width=4
                )
    source = folder / "a3.png"
    page.save(source, dpi=(300, 300))
    drawn = page_for_screens(source, "image/png", 0, longest_side_px=_SCREEN_PX)
    source.unlink()
    tiles = {f"{one.level}/{one.column}_{one.row}.jpg": one.jpeg for one in drawn.tiles}
    parts = {THUMBNAIL: drawn.thumbnail, **tiles}
    return PageImages(drawn.screen, drawn.width_px, drawn.height_px, TILE_PX, OVERLAP_PX, parts)


def _resident_mib(site: Site) -> float:
    """Return how much memory the site and the processes that it searches in hold."""
    of = {int(path.name): _status(path) for path in Path("/proc").iterdir() if path.name.isdigit()}
    wanted = {site.process.pid}
    while more := {pid for pid, (parent, _) in of.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(of[pid][1] for pid in wanted if pid in of) / 1024


def _status(path: Path) -> tuple[int, int]:
    try:
        lines = dict(line.split(":", 1) for line in (path / "status").read_text("ascii", "replace").splitlines())
    except OSError:
        return 0, 0
    return int(lines["PPid"]), int(lines.get("VmRSS", "0").split()[0])


def _p95(seen: Sequence[Seen]) -> float:
    times = sorted(one.milliseconds for one in seen)
    return times[int(0.95 * (len(times) - 1))]


def _by_kind(seen: Sequence[Seen]) -> dict[str, float]:
    kinds = {kind: [one for one in seen if one.kind == kind] for kind in _SHARES}
    every = {"median": median(one.milliseconds for one in seen), "most": max(one.milliseconds for one in seen)}
    return every | {f"{kind}_p95": round(_p95(found), 1) for kind, found in kinds.items() if found}


if __name__ == "__main__":
    print_figures(__doc__, BENCHMARKS)
