"""A crowd before the public site: connections that ask nothing, searches that cost most, and readers in between.

The site serves a folder of published records, 100,000 pages in it, that was written through the writers of views and
index; recognising that many pages would take days.
"""

import argparse
import json
import os
import random
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from archives.record.identifiers import archival_code_key
from archives.record.rights import OnlineScope
from cli.home.default_settings import DEFAULT_FILE
from search.index.document import IndexedRecord, Place, TextOrigin
from search.index.embedded import EmbeddedIndex
from search.published.view import PublishedPage, PublishedView
from search.published.views import PublishedViews
from tests.support.site import Site

_PAGES_A_RECORD = 20
_COMMON = ("水利", "防汛", "工作", "报告", "关于", "县", "公社", "的", "一九六三年", "flood", "report", "the", "county")
_RARE = tuple(f"{a}{b}" for a in "赵钱孙李周吴郑王冯陈" for b in "仁义礼智信忠孝廉耻勇")
_P95_MS = 500
_GROWTH = 1.2  # of the second half of the time beside the first
_IDLE_SECONDS = 3.0  # between two looks at connections that were let go


def publish_pages(home: Path, pages: int) -> tuple[str, ...]:
    """Write what a home of so many open pages has published, if it is not there already; return the records' codes."""
    folder, records = home / "public", range(1, pages // _PAGES_A_RECORD + 1)
    if (home / "jinkui.toml").exists():
        return tuple(map(_code, records))
    draw = random.Random(pages)
    views = PublishedViews(folder / "public.db", today=date.today)
    index = EmbeddedIndex(folder / "index.db")
    for number in records:
        _publish(views, index, number, _code(number), [_text(draw) for _ in range(_PAGES_A_RECORD)])
    views.commit(closed=len(records), head=len(records))
    index.commit(len(records))
    views.close()
    index.close()
    (home / "jinkui.toml").write_text(DEFAULT_FILE, "utf-8")
    return tuple(map(_code, records))


def _code(number: int) -> str:
    return f"Z109-WS·1963·Y·BGS-{number:05}"


def _text(draw: random.Random) -> str:
    return "\n".join("".join(draw.choices(_COMMON, k=12)) + draw.choice(_RARE) + " report flood " for _ in range(12))


def _publish(views: PublishedViews, index: EmbeddedIndex, number: int, code: str, texts: Sequence[str]) -> None:
    view_id = f"00000000-0000-4000-8000-{number:012}"
    key, title = archival_code_key(code), f"关于防汛工作的报告 {number}"
    elements = {"archival_code": code, "title": title, "date": "1963", "language": "zh"}
    pages = tuple(PublishedPage(n, text, None) for n, text in enumerate(texts, 1))
    views.put(
        PublishedView(
            view_id, "990001", "馆", "Archives", key, elements, "Z109", "", OnlineScope.FULL_TEXT, pages, number
        )
    )
    places = tuple(Place(n, text, "open") for n, text in enumerate(texts, 1))
    record = IndexedRecord(
        view_id,
        "990001",
        "馆",
        "Archives",
        code,
        code,
        title,
        "1963",
        19630101,
        title,
        "open",
        number,
        "Z109",
        "WS",
        1963,
        places,
        text_origin=TextOrigin.RECOGNISED,
    )
    index.replace(view_id, record, sequence=number)


def worst_queries(number: int) -> tuple[str, ...]:
    """Return so many queries that cost much: single signs, the commonest words, long phrases, many terms, beginnings."""
    phrase = "".join(_COMMON[:9])
    signs = ["的", "县", "水", "报", "一", "f", "r", "t", "e", "c", "公", "工"]
    words = [*_COMMON, "report flood", '"report flood"', "防汛 报告", "的 县 公社", "水利工作报告"]
    many = [" ".join(_COMMON[n : n + 8]) for n in range(5)] + [" ".join("水防工报关县公的"), " ".join("frtcohen")]
    long = [phrase * 3, f'"{phrase}"', ("报告" * 100)[:200], ("flood report " * 20)[:200], ("的" * 200)]
    beginnings = ["fl", "re", "rep", "floo", "cou", "一九", "水", "th"]
    every = list(dict.fromkeys([*signs, *words, *many, *long, *beginnings]))
    return tuple((every * 2)[:number])


@dataclass(slots=True)
class Seen:
    """What the clients saw: how long each kind of request took, in seconds, and which answers came."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    without_retry: int = 0

    def add(self, kind: str, status: int, seconds: float) -> None:
        """Remember an answer."""
        self.seconds.setdefault(kind, []).append(seconds)
        self.statuses.setdefault(kind, Counter())[status] += 1


def _search(site: Site, query: str, seen: Seen, until: float) -> None:
    while time.monotonic() < until:
        begun = time.monotonic()
        answer = site.get(f"/search?q={quote(query)}")
        seen.add("searches", answer.status, time.monotonic() - begun)
        if answer.status == 503:
            seen.without_retry += not answer.header("retry-after")
            time.sleep(0.5)  # a client that is told to come again, and has no patience


def _read(site: Site, codes: Sequence[str], seen: Seen, until: float) -> None:
    draw = random.Random(1)
    while time.monotonic() < until:
        code = quote(draw.choice(codes), safe="")
        path = draw.choice(
            ("/", "/about", f"/records/990001/{code}", f"/records/990001/{code}?page=7", "/static/style.css", "/none")
        )
        begun = time.monotonic()
        answer = site.get(path)
        if answer.status == 301:  # from an address by code to the one that stays
            answer = site.get(answer.header("location"))
        seen.add("other pages", answer.status, time.monotonic() - begun)
        time.sleep(0.1)


def hold_connections(port: int, number: int, seconds: float) -> dict[str, int]:
    """Hold so many connections that send nothing, or half a request; open another for each that is let go."""
    until, ended, refused = time.monotonic() + seconds, 0, 0
    held: list[socket.socket] = []
    with selectors.DefaultSelector() as watched:
        while time.monotonic() < until:
            while len(held) < number:
                one = socket.socket()
                one.settimeout(2)
                try:
                    one.connect(("127.0.0.1", port))
                    if len(held) % 2:
                        one.sendall(b"GET /search?q=x HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                except OSError:
                    refused += 1
                    one.close()
                    break
                held.append(one)
                watched.register(one, selectors.EVENT_READ)
            for key, _ in watched.select(_IDLE_SECONDS):
                one = key.fileobj  # type: ignore[assignment]  # what was registered
                watched.unregister(one)
                held.remove(one)
                one.close()
                ended += 1
        for one in held:
            one.close()
    return {"let_go": ended, "refused": refused, "held_at_the_end": len(held)}


def besiege(home: Path, codes: Sequence[str], *, seconds: float, idle: int, queries: int) -> dict[str, Any]:
    """Serve what is published in a home to a crowd; return what was seen."""
    with Site(home, home.parent / "site.log", public=home / "public") as site:
        seen, resident = Seen(), [site.resident_bytes()]
        quiet = Seen()
        _read(site, codes, quiet, time.monotonic() + 5)
        until = time.monotonic() + seconds
        command = [sys.executable, __file__, "--port", str(site.port), "--number", str(idle), "--seconds", str(seconds)]
        holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        threads = [threading.Thread(target=_search, args=(site, one, seen, until)) for one in worst_queries(queries)]
        threads += [threading.Thread(target=_read, args=(site, codes, seen, until)) for _ in range(2)]
        for thread in threads:
            thread.start()
        while time.monotonic() < until:
            time.sleep(1)
            resident.append(site.resident_bytes())
        for thread in threads:
            thread.join()
        held = json.loads(holder.communicate(timeout=60)[0])
        return {
            "connections": held,
            "quiet": _told(quiet),
            "crowded": _told(seen),
            "503_without_retry_after": seen.without_retry,
            "resident_mib": [size >> 20 for size in resident[:: max(1, len(resident) // 12)]],
            "load": os.getloadavg()[0],
        }


def wrong_of(seen: dict[str, Any]) -> list[str]:
    """Return what of that is not as it has to be."""
    pages, searches = seen["crowded"]["other pages"], seen["crowded"]["searches"]
    sizes, wrong = seen["resident_mib"], []
    if pages["p95_ms"] >= _P95_MS or set(pages["answers"]) - {200, 404}:
        wrong.append(f"other pages: {pages}")
    if set(searches["answers"]) - {200, 400, 503} or seen["503_without_retry_after"]:
        wrong.append(f"searches: {searches}, without Retry-After {seen['503_without_retry_after']}")
    half = len(sizes) // 2
    if max(sizes[half:]) > _GROWTH * max(sizes[: half + 1]):
        wrong.append(f"the memory grows: {sizes} MiB")
    return wrong


def _told(seen: Seen) -> dict[str, object]:
    return {
        kind: {
            "answers": dict(seen.statuses[kind]),
            "median_ms": round(1000 * statistics.median(times)),
            "p95_ms": round(1000 * sorted(times)[int(0.95 * (len(times) - 1))]),
            "most_ms": round(1000 * max(times)),
        }
        for kind, times in seen.seconds.items()
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Holds connections of a site on this machine for a while.")
    for name, kind in (("--port", int), ("--number", int), ("--seconds", float)):
        parser.add_argument(name, type=kind, required=True)
    given = parser.parse_args()
    print(json.dumps(hold_connections(given.port, given.number, given.seconds)))
