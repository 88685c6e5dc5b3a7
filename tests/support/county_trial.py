"""A county taken in as an archives would, from the tables to the printed forms, with the process killed on the way.

Every step returns what is wrong, in words; what was measured stands in ``measured``.
"""

import csv
import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cli.frame.output import Output
from cli.home.home import open_home
from tests.support import county_sums
from tests.support.county import County, make_county
from tests.support.county_dirt import plant
from tests.support.county_validators import Schemas, why_not, wrong_in_store
from tests.support.county_volumes import FIRST_PAGES, LABELS, images_of, write_batch, write_catalogue
from tests.support.places import SHARED

ROOT = Path(__file__).resolve().parents[2]
FORMS = (
    "volume-list",
    "volumes-and-contents",
    "archived-items",
    "volume-contents",
    "volume-note",
    "volume-cover",
    "box-note",
    "box-spine",
)
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cli.main import main; main()"
_NEVER_OPEN = "never-open"
_NOT_COMPARED = ("unit_id", "单元标识", "unit identifier")
_AT_EACH_START = ("GroupSigned",)
_FEW = ("FM", "ML001", "001", "002", "003", "BK")


class CountyTrial:
    """One county on two homes: one that is left alone, and one whose commands are killed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._chance = random.Random(seed)
        self._clean = make_county(seed)
        self._dirty = make_county(seed + 1_000_003)
        self._planted = plant(self._dirty, seed)
        self._tables = [*self._clean.write(folder / "clean"), *self._dirty.write(folder / "dirty")]
        self._volume = f"{self._clean.fonds[0]}-9-0015"
        self._described = write_catalogue(folder / "volume", self._volume)
        few = [f"{self._clean.fonds[0]}-9-{number:04}" for number in range(21, 25)]
        self._batch = write_batch(folder / "batch", [self._volume])
        write_batch(folder / "more", few, _FEW)
        self.measured: dict[str, object] = {"planted": dict(self._planted.counts)}

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Take the steps one after another; yields the name of each with what is wrong."""
        yield "clean rows", self._import_clean()
        yield "planted dirt", self._import_dirty()
        yield "sums", self._sums()
        yield "hooking", self._hook()
        yield "pages of item 6", self._sixth_item()
        yield "kills", self._kill()
        yield "corrections", self._correct()
        yield "forms", self._print()
        yield "validators", self._validate()

    def _import_clean(self) -> list[str]:
        self._found("quiet")
        told = self._json("quiet", "catalogue", "import", *self._files(self._clean))
        wrong = [f"dirt in clean rows: {one['code']} {one['first']}" for one in told["dirt"]]
        wrong += [str(one) for one in told["findings"] if one["code"] != _NEVER_OPEN]
        rows = sum(one["new"] for one in told["tables"])
        return wrong + ([] if rows == 1_000 else [f"{rows} rows are new"])

    def _import_dirty(self) -> list[str]:
        sheet = self._folder / "to-correct.csv"
        told = self._json(
            "quiet", "catalogue", "import", *self._files(self._dirty), "--to-correct", str(sheet), code=12
        )
        counts = Counter({one["code"]: one["count"] for one in told["dirt"]})
        wrong = [f"{kind}: planted {self._planted.counts[kind]}, told {counts[kind]}" for kind in counts | self._planted.counts
                 if counts[kind] != self._planted.counts[kind]]  # fmt: skip
        places = self._planted.places()
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            strange = [row for row in csv.DictReader(file) if (row["file"], int(row["row"])) not in places]
        wrong += [f"told of a clean row: {row}" for row in strange]
        wrong += [str(one) for one in told["findings"] if one["code"] not in (_NEVER_OPEN, "security-unknown")]
        refused = sum(one["left_out"] for one in told["tables"])
        return wrong + ([] if refused == self._planted.refused else [f"{refused} rows were left out"])

    def _sums(self) -> list[str]:
        """Compare what the catalogue has with what a program that knows nothing of the product counts in the tables."""
        done = subprocess.run(
            [sys.executable, county_sums.__file__, *map(str, self._tables)], check=True, capture_output=True, cwd="/"
        )
        counted = json.loads(done.stdout)
        listed: Counter[str] = Counter()
        for fonds in counted["fonds"]:
            if fonds:
                listed[fonds] = self._json("quiet", "catalogue", "list", "--fonds", fonds, "--most", "1")["count"]
        total = self._json("quiet", "catalogue", "list", "--most", "1")["count"]
        self.measured["rows"] = sum(counted["rows"].values())
        wrong = []
        if total + self._planted.refused != sum(counted["rows"].values()):
            wrong.append(f"{total} units and {self._planted.refused} refused of {sum(counted['rows'].values())} rows")
        short = {one: n - listed[one] for one, n in counted["fonds"].items() if one and n > listed[one]}
        if sum(short.values()) > self._planted.refused + self._planted.counts["code-written-otherwise"]:
            wrong.append(f"fonds with fewer units than rows: {short}")
        return wrong

    def _hook(self) -> list[str]:
        self._json("quiet", "catalogue", "import", *map(str, self._described))
        told = self._json("quiet", "ingest", str(self._batch), code=None)
        return [f"{one}" for one in told["records"] if one["outcome"] != "stored"]

    def _sixth_item(self) -> list[str]:
        """Look whether item 6 has pages 34 to 41, as they are called on paper, and every page its label."""
        shown = self._json("quiet", "show", self._volume)
        items = {one["archival_code"].rpartition("-")[2].lstrip("0"): one for one in shown.get("items", [])}
        wrong = [] if len(items) == len(FIRST_PAGES) else [f"{len(items)} items"]
        sixth = items.get("6", {})
        if [one.lstrip("0") for one in sixth.get("page_labels", [])] != [*map(str, range(34, 42))]:
            wrong.append(f"item 6: {sixth.get('pages')} {sixth.get('page_labels')}")
        labels = {one["page_label"] for one in shown["files"] if "/original/" in one["path"]}
        return wrong + ([] if labels == {*LABELS} else [f"labels: {sorted(labels ^ {*LABELS})[:10]}"])

    def _kill(self) -> list[str]:
        """Do it again on another home, each command killed three times at random, and compare the two."""
        self._found("killed")
        wrong: list[str] = []
        commands = (
            ("catalogue", "import", *self._files(self._clean)),
            ("catalogue", "import", *self._files(self._dirty)),
            ("catalogue", "import", *map(str, self._described)),
            ("ingest", str(self._batch)),
            ("ingest", str(self._folder / "more")),
        )
        self._run("quiet", *commands[-1], codes=(0, 12))
        killed = 0
        for command in commands:
            took = 4.0
            for _ in range(3):
                came, seconds = self._run_and_kill("killed", command, self._chance.uniform(0.3, 1.0) * took)
                killed, took = killed + came, took if came else seconds
            self._run("killed", *command, codes=(0, 12))
        self.measured["killed"] = killed
        for name, of in (("rows", self._rows), ("facts", self._facts), ("payload", self._payload)):
            quiet, other = of("quiet"), of("killed")
            if quiet != other:
                wrong.append(f"{name} differ: {list((quiet - other).items())[:5]} {list((other - quiet).items())[:5]}")
        told = self._json("killed", "audit")
        return wrong + [str(one) for one in told["copies"]]

    def _correct(self) -> list[str]:
        """Correct a thousand titles of an exported sheet; no image is written or moved."""
        before = images_of(self._home("quiet"))
        sheet, corrected = self._folder / "export.csv", self._folder / "corrected.csv"
        self._run("quiet", "catalogue", "export", str(sheet))
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = [*csv.reader(file)]
        title = next(at for at, one in enumerate(head) if one in ("题名", "title"))
        for row in rows[:1_000]:
            row[title] += "（已核）"
        with corrected.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        begun = time.monotonic()
        told = self._json("quiet", "describe", str(corrected), "--reason", "核对", code=None)
        self.measured["describe seconds"] = round(time.monotonic() - begun, 1)
        wrong = [] if told["corrected"] == 1_000 else [f"{told['corrected']} corrected"]
        wrong += [str(one) for one in told["findings"] if one["severity"] != "note"][:5]
        after = images_of(self._home("quiet"))
        self.measured["images"] = len(before)
        return wrong + ([] if before == after and before else ["images were written"])

    def _print(self) -> list[str]:
        """Make every form, as PDF and as XLSX; the PDFs are for people to look at."""
        fonds = self._clean.fonds
        about = {
            "volume-list": ("--fonds", fonds[0]),
            "volumes-and-contents": ("--fonds", fonds[0]),
            "archived-items": ("--fonds", fonds[1]),
        }
        wrong = []
        for form in FORMS:
            for ending in ("pdf", "xlsx"):
                file = self._folder / f"{form}.{ending}"
                told = self._json(
                    "quiet", "print", form, str(file), *about.get(form, ("--below", self._volume)), code=None
                )
                if not file.exists() or told.get("findings"):
                    wrong.append(f"{file.name}: {told}")
        return wrong

    def _validate(self) -> list[str]:
        """Let validators that others wrote judge what lies in the stores, and the exported EAD3."""
        schemas = Schemas(SHARED / "schemas")
        self.measured["not judged"] = why_not()
        aid = self._folder / "county.ead.xml"
        self._run("quiet", "catalogue", "export", str(aid))
        wrong = [] if why_not() else [*schemas.wrong(aid, "ead3.xsd")]
        for store in sorted((self._home("quiet") / "stores").iterdir()):
            wrong += wrong_in_store(store, schemas)
        return wrong

    def _files(self, county: County) -> list[str]:
        return [str(one.path) for one in county.tables.values()]

    def _home(self, name: str) -> Path:
        return self._folder / name / "home"

    def _found(self, name: str) -> None:
        fonds = self._folder / "fonds.csv"
        numbers = sorted({*self._clean.fonds, *self._dirty.fonds})
        fonds.write_text("全宗号,全宗名称,立档单位\n" + "".join(f"{one},全宗{one},单位\n" for one in numbers), "utf-8")
        self._run(name, "init")
        self._run(name, "repository", "add", "990121", "--name", "青峤县档案馆")
        self._run(name, "fonds", "import", str(fonds))

    def _command(self, name: str, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-c", _RUN, str(ROOT), "--home", str(self._home(name)), "--lang", "en", *arguments]

    def _run(self, name: str, *arguments: str, codes: Sequence[int] | None = (0,)) -> str:
        done = subprocess.run(self._command(name, arguments), check=False, capture_output=True, text=True)
        said = f"{arguments}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        assert codes is None or done.returncode in codes, said
        return done.stdout

    def _json(self, name: str, *arguments: str, code: int | None = 0) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(
            self._run(name, *arguments, "--json", codes=None if code is None else (code,))
        )
        return answer

    def _run_and_kill(self, name: str, arguments: Sequence[str], after: float) -> tuple[bool, float]:
        """Kill a command after so many seconds; returns whether it was, and how long it ran."""
        begun = time.monotonic()
        with subprocess.Popen(
            self._command(name, arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as one:
            try:
                one.wait(timeout=after)
            except subprocess.TimeoutExpired:
                one.send_signal(signal.SIGKILL)
            one.wait()
            return one.returncode == -signal.SIGKILL, time.monotonic() - begun

    def _rows(self, name: str) -> Counter[str]:
        """Return every row of the exported catalogue but for identifiers."""
        sheet = self._folder / f"{name}.csv"
        self._run(name, "catalogue", "export", str(sheet))
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            rows = [*csv.DictReader(file)]
        return Counter(
            json.dumps({k: v for k, v in row.items() if k not in _NOT_COMPARED}, ensure_ascii=False) for row in rows
        )

    def _facts(self, name: str) -> Counter[str]:
        """Return how often each kind of fact is in the journal, but for those that a command says each time it begins."""
        home = open_home(self._home(name), Output("en", as_json=True))
        return Counter(
            name for one in home.vault.ledger.entries() if (name := type(one.fact).__name__) not in _AT_EACH_START
        )

    def _payload(self, name: str) -> Counter[str]:
        """Return the digests of all images and tables in all stores."""
        kept = [one for one in (self._home(name) / "stores").rglob("*") if one.is_file() and "original" in one.parts]
        return Counter(hashlib.sha256(one.read_bytes()).hexdigest() for one in kept)
