"""The catalogue measured on generated holdings: volumes and items without content; one JSON line a figure.

    .venv/bin/python benchmarks/catalogue.py [--quick] [--only PART_OF_A_NAME] [--folder FOLDER] [--times N]

A fonds of 4,000 volumes with 14 items each comes in as two CSV tables of parts of codes, 40 of its volumes get 25 pictures a
volume, and 400 texts of 20 KB come in as records. What is asked for is a county's: ``--times 10`` of the rows, 50 of the
pictures. Commands run as people run them, each in a process of its own, start included.
"""

import csv
import hashlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.figures import Bench, Figure, print_figures

ROOT = Path(__file__).resolve().parents[1]
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cli.main import main; main()"
_VOLUMES = ("全宗号", "目录号", "案卷号", "案卷题名", "起止日期", "保管期限", "存放位置")
_ITEMS = ("全宗号", "目录号", "案卷号", "顺序号", "责任者", "文号", "题名", "日期", "页号")
_ITEMS_A_VOLUME = 14
_PICTURES_A_VOLUME = 25
_WORDS = ("水利工程", "农村经济", "人事任免", "防汛抗旱", "财政预算", "土地征用", "学校建设", "公路养护")


def holdings(bench: Bench) -> Iterator[Figure]:
    """Bring a fonds in, list it, correct a thousand of its units, renumber 20,000, make the catalogue anew."""
    volumes = 20 if bench.quick else 4_000 * bench.times
    rows = volumes * (1 + _ITEMS_A_VOLUME)
    tables = _tables(bench.folder, volumes)
    home = _home(bench)
    seconds = _jinkui(home, "catalogue", "import", *map(str, tables))
    yield Figure("catalogue import of rows without content", rows / seconds, "rows/s", 1_000, detail={"rows": rows})
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Figure("catalogue import: peak memory of one process", peak, "MiB", 500, at_most=True)
    files = sum(1 for one in (home / "stores" / "first").rglob("*") if one.is_file())
    yield Figure("catalogue import: files a row in a store", files / rows, "files", 0.01, at_most=True)
    listing = _jinkui(home, "catalogue", "list", "--fonds", "J019")
    yield Figure("catalogue list, first page", listing, "s", 1.5, at_most=True, detail={"units": rows})
    showing = _jinkui(home, "show", "J019-1-0001-3")
    yield Figure("show of a unit", showing, "s", 1.5, at_most=True, detail={"units": rows})
    stores = _jinkui(home, "store", "list")
    yield Figure("store list", stores, "s", 1.5, at_most=True, detail={"units": rows})
    count = min(1_000, rows // 2)
    describing = _jinkui(home, "describe", str(_corrections(bench.folder, count)), "--reason", "as on the covers")
    yield Figure("describe of units by sheet", describing, "s", 10, at_most=True, detail={"units": count})
    count = min(10_000, rows // 2)
    seconds = _jinkui(home, "opening", "apply", str(_decisions(bench.folder, count)))
    rate = count / seconds
    yield Figure(
        "opening decisions by sheet, of units without content, in force", rate, "units/s", 500, detail={"units": count}
    )
    seconds = _jinkui(home, "status")
    yield Figure("status", seconds, "s", 1.5, at_most=True, detail={"units": rows, "decisions": count})
    count = min(20_000, rows // 2)
    renumbering = _jinkui(home, "renumber", "--sheet", str(_swaps(bench.folder, count)), "--reason", "renumbered")
    yield Figure("renumber by sheet, codes swapped", renumbering, "s", 30, at_most=True, detail={"units": count})
    seconds = _jinkui(home, "rebuild")
    yield Figure("rebuild: rows of description, with their index", rows / seconds, "rows/s", detail={"rows": rows})
    (home / "catalogue.db").unlink()
    seconds = _jinkui(home, "catalogue", "list")
    yield Figure("rebuild: rows of description", rows / seconds, "rows/s", 20_000, detail={"rows": rows})


def purge(bench: Bench) -> Iterator[Figure]:
    """Destroy the data of a thousand units spread over a fonds, in every store, and look for a word of theirs in all bytes."""
    volumes = 20 if bench.quick else 4_000 * bench.times
    rows, count = volumes * (1 + _ITEMS_A_VOLUME), 10 if bench.quick else 1_000
    tables = _tables(bench.folder, volumes)
    items = tables[1].read_text("utf-8").splitlines()
    chosen = range(1, len(items), (len(items) - 1) // count)[:count]
    for number in chosen:
        items[number] = items[number].replace("经费的报告", _CANARY)
    tables[1].write_text("\n".join(items) + "\n", "utf-8")
    home, plan, secret = bench.folder / "purged", bench.folder / "purge.json", bench.folder / "passphrase"
    _jinkui(home, "init")
    _jinkui(home, "repository", "add", "990121", "--name", "馆")
    secret.write_text("correct horse")
    persons = {name: bench.folder / f"{name}.key" for name in ("planner", "li", "wang")}
    keys = [one for name, key in persons.items() for one in ("--id", name, "--key-file", str(key))]
    _jinkui(home, "person", "add", *persons, *keys, "--passphrase-file", str(secret))
    _jinkui(home, "catalogue", "import", *map(str, tables))
    assert _places_of(_CANARY, home), "the canary is there before"
    sheet = bench.folder / "going.csv"
    codes = ((number - 1) // _ITEMS_A_VOLUME for number in chosen)
    parts = (
        (v // 1000 + 1, v % 1000 + 1, (number - 1) % _ITEMS_A_VOLUME + 1)
        for v, number in zip(codes, chosen, strict=True)
    )
    sheet.write_text("档号\n" + "".join(f"J019-{m}-{v:04}-{i}\n" for m, v, i in parts), "utf-8")
    about = ("--by", "planner", "--reason", "on request", "--sheet", str(sheet), "--out", str(plan))
    planning = _jinkui(home, "purge", "plan", *about)
    for name in ("li", "wang"):
        signing = ("--key-file", str(persons[name]), "--passphrase-file", str(secret))
        _jinkui(home, "dispose", "approve", str(plan), "--by", name, *signing)
    running = _jinkui(home, "purge", "run", str(plan), "--yes")
    detail = {"units": count, "among": rows, "planning_seconds": round(planning, 1)}
    yield Figure(
        "purge of units' data, planned and carried out", planning + running, "s", 600, at_most=True, detail=detail
    )
    left = len(_places_of(_CANARY, home))
    yield Figure("purge: files of stores and home with a byte of the canary", left, "files", 0, at_most=True)


def _places_of(word: str, folder: Path) -> list[Path]:
    wanted = word.encode("utf-8"), word.encode("utf-16-le"), word.encode("gb18030")
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if any(one in path.read_bytes() for one in wanted)]


_CANARY = "金丝雀某"


def hooking(bench: Bench) -> Iterator[Figure]:
    """Hook pictures to the volumes that are described, beside a script that does by hand what keeping them takes."""
    volumes = 2 if bench.quick else 40 * bench.times
    home, batch = _home(bench), bench.folder / "pictures"
    _jinkui(home, "catalogue", "import", str(_tables(bench.folder, volumes, fonds="J020")[0]))
    pictures = _pictures(batch, volumes)
    by_hand = _by_hand(batch, bench.folder / "by-hand")
    ours = _jinkui(home, "ingest", str(batch))
    detail = {"pictures": pictures, "seconds": ours, "seconds_by_hand": by_hand}
    yield Figure("hooking of pictures, to a script of two processes", by_hand / ours, "ratio", 0.7, detail=detail)


def small_items(bench: Bench) -> Iterator[Figure]:
    """Take small texts in, each a record of its own."""
    count = 10 if bench.quick else 400 * bench.times
    home, batch = _founded(bench.folder / "small"), bench.folder / "texts"
    batch.mkdir()
    chance = random.Random(20261126)
    for number in range(1, count + 1):
        text = "".join(chance.choice("".join(_WORDS)) for _ in range(6_800))
        (batch / f"{number:05}.txt").write_text(text, "utf-8")
    with (batch / "目录.csv").open("w", encoding="utf-8", newline="") as file:
        codes = ((f"J021-WS·2014-Y-BGS-{n:05}", f"关于第{n}项经费的报告", f"{n:05}.txt") for n in range(1, count + 1))
        csv.writer(file).writerows([("档号", "题名", "文件"), *codes])
    seconds = _jinkui(home, "ingest", str(batch))
    yield Figure("ingest of small texts", count / seconds, "items/s", 40, detail={"items": count})
    (home / "catalogue.db").unlink()
    seconds = _jinkui(home, "catalogue", "list")
    yield Figure("rebuild: packages with content", count / seconds, "packages/s", 100, detail={"packages": count})


BENCHMARKS: tuple[Callable[[Bench], Iterator[Figure]], ...] = (holdings, purge, hooking, small_items)


def _home(bench: Bench) -> Path:
    """Return the archive of this run, which its benchmarks share."""
    home = bench.folder / "home"
    return home if home.exists() else _founded(home)


def _founded(home: Path) -> Path:
    """Make an archive with one repository."""
    _jinkui(home, "init")
    _jinkui(home, "repository", "add", "990121", "--name", "馆")
    return home


def _tables(folder: Path, volumes: int, *, fonds: str = "J019") -> tuple[Path, Path]:
    chance = random.Random(20261126)
    paths = (folder / "案卷.csv", folder / "卷内.csv")
    with (
        paths[0].open("w", encoding="utf-8", newline="") as first,
        paths[1].open("w", encoding="utf-8", newline="") as second,
    ):
        of_volumes, of_items = csv.writer(first), csv.writer(second)
        of_volumes.writerow(_VOLUMES)
        of_items.writerow(_ITEMS)
        for number in range(volumes):
            parts = (fonds, number // 1000 + 1, f"{number % 1000 + 1:04}")
            year, word = 1950 + number * 50 // volumes, chance.choice(_WORDS)
            dates = f"{year}0104-{year}1220"
            of_volumes.writerow((*parts, f"关于{word}的请示、批复", dates, "长期", f"1库{number % 40 + 1}列"))
            for item in range(1, _ITEMS_A_VOLUME + 1):
                title = f"关于{year}年第{item}项{word}经费的报告"
                day = f"{year}{item % 12 + 1:02}{chance.randint(1, 28):02}"
                of_items.writerow((*parts, item, "县水利局", f"青水〔{year}〕{item}号", title, day, item * 8 - 7))
    return paths


def _corrections(folder: Path, count: int) -> Path:
    path = folder / "corrections.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("档号", "题名"))
        sheet.writerows((code, f"更正后的题名 {code}") for code in _codes(count))
    return path


def _swaps(folder: Path, count: int) -> Path:
    """Write a sheet that gives every item of a volume the code of the next one, and the last that of the first."""
    path = folder / "codes.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("原档号", "新档号"))
        for number in range(count):
            volume, item = number // _ITEMS_A_VOLUME, number % _ITEMS_A_VOLUME
            last = min(_ITEMS_A_VOLUME, count - volume * _ITEMS_A_VOLUME)
            code = f"J019-{volume // 1000 + 1}-{volume % 1000 + 1:04}"
            sheet.writerow((f"{code}-{item + 1}", f"{code}-{(item + 1) % last + 1}"))
    return path


def _decisions(folder: Path, count: int) -> Path:
    path = folder / "decisions.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        sheet = csv.writer(file)
        sheet.writerow(("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围"))
        said = ("开放", "满二十五年", "甲", "乙", "2021-09-01", "2021-10-01", "仅目录")
        sheet.writerows((code, *said) for code in _codes(count))
    return path


def _codes(count: int) -> Iterator[str]:
    for number in range(count):
        volume, item = number // _ITEMS_A_VOLUME, number % _ITEMS_A_VOLUME + 1
        yield f"J019-{volume // 1000 + 1}-{volume % 1000 + 1:04}-{item}"


def _pictures(batch: Path, volumes: int) -> int:
    """Write pictures of a page, no two alike, below folders with the codes of volumes; return how many."""
    noise = Image.effect_noise((800, 1131), 40).convert("L")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=70)
    start, rest = out.getvalue()[:2], out.getvalue()[2:]
    codes = [f"J020-{number // 1000 + 1}-{number % 1000 + 1:04}" for number in range(volumes)]
    for code in codes:
        (batch / code).mkdir(parents=True)
        for page in range(1, _PICTURES_A_VOLUME + 1):
            said = f"{code} {page}".encode()
            comment = b"\xff\xfe" + (len(said) + 2).to_bytes(2, "big") + said  # ITU-T T.81 B.2.4.5
            (batch / code / f"{page:03}.jpg").write_bytes(start + comment + rest)
    with (batch / "目录.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("档号", "文件"), *((code, code) for code in codes)])
    (batch / "batch.toml").write_text('kind = "documents"\n', "utf-8")
    return len(codes) * _PICTURES_A_VOLUME


def _by_hand(batch: Path, target: Path) -> float:
    """Keep every picture twice with two processes, as a careful script would; return how many seconds it took."""
    paths = sorted(batch.glob("*/*.jpg"))
    target.mkdir()
    begun = time.perf_counter()
    with ProcessPoolExecutor(2) as processes:
        kept = list(processes.map(_kept_by_hand, paths, repeat(target), chunksize=16))
    assert all(kept)
    return time.perf_counter() - begun


def _kept_by_hand(path: Path, target: Path) -> bool:
    data = path.read_bytes()
    digests = [hashlib.new(name, data).digest() for name in ("sha256", "sha512")]
    copies = [target / f"{path.parent.name}-{path.name}.{number}" for number in (1, 2)]
    for copy in copies:
        with copy.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return all(
        [hashlib.new(name, copy.read_bytes()).digest() for name in ("sha256", "sha512")] == digests for copy in copies
    )


def _jinkui(home: Path, *arguments: str) -> float:
    """Run a command and return how many seconds it took."""
    argv = [sys.executable, "-c", _RUN, str(ROOT), "--home", str(home), *arguments, "--json"]
    begun = time.perf_counter()
    done = subprocess.run(argv, check=False, capture_output=True, cwd=ROOT)
    seconds = time.perf_counter() - begun
    assert done.returncode in (0, 12), done.stdout.decode() + done.stderr.decode()
    json.loads(done.stdout)
    return seconds


if __name__ == "__main__":
    print_figures(__doc__, BENCHMARKS)
