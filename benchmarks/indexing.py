"""Indexing into Elasticsearch beside raw ``_bulk`` of the same documents, and searching there; an index made again from stores.

``JINKUI_TEST_ELASTICSEARCH`` is the address of a server that may be written to; without one that part is passed over.
``--times 10`` is a million pages there, ``--times 5`` ten thousand records made again. Whoever measures wants the machine alone.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from openpyxl import Workbook

from benchmarks.chinese import PAGES_A_RECORD, Writer, phrases_of
from benchmarks.figures import Bench, Figure, print_figures, seconds_of
from benchmarks.search import timed
from cli.main import run
from search.index.document import IndexedRecord
from search.index.elastic import ElasticIndex
from search.index.elastic_query import MAPPING, SETTINGS, source_of
from search.index.query import Facet, parse_query
from search.index.search_index import Change
from search.index.server.connection import ElasticSettings, client_of
from tests.support.site import JINKUI

_RECORDS_TOGETHER, _RECORDS_A_REQUEST, _IN_FLIGHT = 500, 50, 2
_TRIES = 120
_SHORTEST_SECONDS = 0.001
"""What a run takes at least beside an empty one: a quick run may be over before the difference can be told."""

_FEW, _MANY = 5_000, 100_000
_URL = os.environ.get("JINKUI_TEST_ELASTICSEARCH", "")


def server(bench: Bench) -> Iterator[Figure]:
    """Index records into a server beside raw requests, each its turn, then search it."""
    if not _URL:
        return
    pages = 2_000 if bench.quick else 100_000 * bench.times
    settings = ElasticSettings(_URL, f"bench-{uuid.uuid4().hex[:12]}", timeout_seconds=60)
    index, client = ElasticIndex(settings, "public", stamp=str(time.time_ns())), client_of(settings)
    bare = f"bare-{uuid.uuid4().hex[:12]}"
    client.indices.create(index=bare, mappings=MAPPING, settings={**SETTINGS, "refresh_interval": "-1"})
    new = index.beside()
    writer, ours, by_hand = Writer(20261127), 0.0, 0.0
    try:
        for begin in range(0, pages // PAGES_A_RECORD, _RECORDS_TOGETHER):
            last = min(begin + _RECORDS_TOGETHER, pages // PAGES_A_RECORD)
            records = [writer.record(number) for number in range(begin, last)]
            turns = [
                partial(new.replace_all, [Change(one.package_id, one, 1) for one in records]),
                partial(_bare, client, bare, records),
            ]
            first = begin // _RECORDS_TOGETHER % 2  # who comes second has the server's cleaning up to wait for
            took = {turn: seconds_of(turns[turn]) for turn in (first, 1 - first)}
            ours, by_hand = ours + took[0], by_hand + took[1]
        new.commit(1)
        new.take_place()
        detail = {"pages": pages, "pages_a_second": pages / ours, "bare": pages / by_hand}
        yield Figure("indexing, to raw _bulk of the same documents", by_hand / ours, "ratio", 0.75, detail=detail)
        yield from _searched(index, phrases_of(writer))
    finally:
        for name in filter(None, (bare, new._name, index._generations.current())):
            client.options(ignore_status=404).indices.delete(index=name)


def again(bench: Bench) -> Iterator[Figure]:
    """Make the staff's index again from the stores of two archives, one five times as large as the other."""
    records = 20 if bench.quick else 400 * bench.times
    home = bench.folder / "home"
    seconds: list[float] = []
    _jinkui(home, "init")
    _jinkui(home, "repository", "add", "990001", "--name", "馆")
    nothing = min(seconds_of(partial(_jinkui, home, "index", "rebuild", "--only", "staff")) for _ in range(2))
    writer = Writer(20261127)
    for batch, numbers in enumerate((range(1, records + 1), range(records + 1, 5 * records + 1))):
        _jinkui(home, "ingest", str(_batch(writer, bench.folder / f"batch{batch}", numbers)))
        took = min(seconds_of(partial(_jinkui, home, "index", "rebuild", "--only", "staff")) for _ in range(2))
        seconds.append(max(took - nothing, _SHORTEST_SECONDS))
    for times, took in zip((1, 5), seconds, strict=True):
        pages = times * records * PAGES_A_RECORD
        detail = {"pages": pages, "seconds": took}
        named = f"index of {times * records} records made again from the stores"
        yield Figure(named, pages / took, "pages/s", 1_500, detail=detail)
    growth = seconds[1] / seconds[0] / 5
    yield Figure("time for five times the records, to five times the time", growth, "ratio", 1.15, at_most=True)
    yield _killed(home, seconds[1] + nothing)


def _killed(home: Path, whole: float) -> Figure:
    """Kill the command at half its time, run it again, and compare the index with the stores."""
    command = [str(JINKUI), "--home", str(home), "index", "rebuild", "--only", "staff"]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with suppress(subprocess.TimeoutExpired):
        first.wait(whole / 2)
    first.kill()
    first.wait()
    _jinkui(home, "index", "verify", "--only", "staff", codes=(0,))  # what is searched is as it was
    again = seconds_of(partial(_jinkui, home, "index", "rebuild", "--only", "staff"))
    _jinkui(home, "index", "verify", "--only", "staff", codes=(0,))
    detail = {"was_killed": first.returncode == -signal.SIGKILL, "seconds": again, "whole": whole}
    lost = (whole / 2 + again) / whole
    return Figure("killed halfway and run again, both, to one run", lost, "ratio", 1.6, at_most=True, detail=detail)


BENCHMARKS: tuple[Callable[[Bench], Iterator[Figure]], ...] = (server, again)


def _bare(client: object, index: str, records: Sequence[IndexedRecord]) -> None:
    """Send the documents as the client does it, two requests at a time."""
    under_way: list[Future[object]] = []
    with ThreadPoolExecutor(_IN_FLIGHT) as senders:
        for begin in range(0, len(records), _RECORDS_A_REQUEST):
            operations: list[dict[str, object]] = []
            for one in records[begin : begin + _RECORDS_A_REQUEST]:
                operations += [{"index": {"_id": one.package_id}}, source_of(one, 1)]
            under_way.append(senders.submit(_bare_request, client, index, operations))
    for sent in under_way:
        sent.result()


def _bare_request(client: object, index: str, operations: Sequence[dict[str, object]]) -> None:
    """Send one request, again where the server has no room for it just now."""
    from elasticsearch import ApiError

    for left in range(_TRIES, 0, -1):
        try:
            answer = client.bulk(index=index, operations=operations)  # type: ignore[attr-defined]
        except ApiError as cause:
            if cause.meta.status != 429 or left == 1:
                raise
        else:
            if not answer["errors"]:
                return
        time.sleep(1)
    raise RuntimeError(f"{index} refuses documents")


def _searched(index: ElasticIndex, phrases: Sequence[str]) -> Iterator[Figure]:
    """Yield how long phrases take, with an exact total, by how many places they stand in."""
    asked = [(query, index.search(query, limit=1)) for query in map(parse_query, phrases)]
    few = [query for query, answer in asked if 0 < answer.places <= _FEW]
    many = [query for query, answer in asked if _FEW < answer.places <= _MANY]
    yield timed(index, "on the server: phrase of at most 5,000 hits, p95", few, 50, share=0.95)
    yield timed(index, "on the server: phrase of at most 100,000 hits", many, 300)
    counted = [replace(one, counted=tuple(Facet)) for one in many]
    yield timed(index, "on the server: the same with counts by five facets", counted, 300)


def _batch(writer: Writer, folder: Path, numbers: range) -> Path:
    """Write a batch of records of ten pages, a text each."""
    folder.mkdir()
    (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(("档号", "题名", "日期", "文件"))
    for number in numbers:
        names = [f"{number:05}-{page:02}.txt" for page in range(1, PAGES_A_RECORD + 1)]
        for name in names:
            (folder / name).write_text(writer.text(300) + "\n", "utf-8")
        sheet.append((f"J019-WS·1986·Y·BGS-{number:05}", writer.text(14), "1986", ";".join(names)))
    book.save(folder / "目录.xlsx")
    return folder


def _jinkui(home: Path, *arguments: str, codes: Sequence[int] = (0, 12)) -> None:
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        code = run(["--home", str(home), *arguments])
    if code not in codes:
        raise SystemExit(code)


if __name__ == "__main__":
    print_figures(__doc__, BENCHMARKS)
