"""A county taken in as an archives would, from the tables to the printed forms, with every command killed on the way.

Every step returns what is wrong, in words; what was measured stands in ``measured``.
"""

import csv
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.support.county import FILED, MARRIAGES, County, make_county
from tests.support.county_added_up import counted_in, wrong_in_sums
from tests.support.county_dirt import plant
from tests.support.county_home import CountyHome, images_of, places_of
from tests.support.county_later import (
    CORRECTED,
    OPEN_LABELS,
    Renumbered,
    add_persons,
    plan_purge,
    write_corrections,
    write_decisions,
    write_new_codes,
)
from tests.support.county_restored import wrong_in_restored
from tests.support.county_validators import Schemas, not_judged, wrong_by_commons_ip, wrong_in_store, xml_why_not
from tests.support.county_volumes import FIRST_PAGES, GOING, LABELS, write_batch, write_catalogue
from tests.support.places import SHARED

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
CANARY = "金丝雀"
_AS_THEY_ARE = ("never-open", "rows-beside-records", "labels-above")
"""What is told of rows and tables that are clean: what stands in them beside records."""
_LEFT_OUT = ("security-unknown", "tables-not-kept")
_FEW = ("FM", "ML001", "001", "002", "003", "BK")
Command = Callable[[CountyHome], Sequence[str]]


class CountyTrial:
    """One county on two homes: one that is left alone, and one whose commands are killed."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        chance = random.Random(seed)
        self._clean = make_county(seed)
        self._dirty = make_county(seed + 1_000_003)
        self._planted = plant(self._dirty, seed)
        self._going = self._clean.tables[MARRIAGES].rows[7]
        self._going["groom"] = CANARY
        self._tables = [*self._clean.write(folder / "clean"), *self._dirty.write(folder / "dirty")]
        self._fonds = self._clean.fonds
        self._volume = f"{self._fonds[0]}-9-0015"
        few = [f"{self._fonds[0]}-9-{number:04}" for number in range(21, 25)]
        self._described = write_catalogue(folder / "volume", self._volume, few, CANARY)
        self._batches = (write_batch(folder / "batch", [self._volume]), write_batch(folder / "more", few, _FEW))
        self._quiet = CountyHome(folder / "quiet", chance)
        self._killed = CountyHome(folder / "killed", chance)
        self._done: list[Command] = []
        self._renumbered = Renumbered()
        self.measured: dict[str, object] = {"planted": dict(self._planted.counts)}

    def steps(self) -> Iterator[tuple[str, list[str]]]:
        """Take the steps one after another; yields the name of each with what is wrong."""
        yield "clean rows", self._import_clean()
        yield "planted dirt", self._import_dirty()
        yield "hooking", self._hook()
        yield "sums", self._sums()
        yield "pages of item 6", self._sixth_item()
        yield "corrections", self._correct()
        yield "coming back", self._come_back()
        yield "restore.py", self._restore()
        yield "old codes", self._renumber()
        yield "opening", self._open()
        yield "purge", self._purge()
        yield "kills", self._kill()
        yield "forms", self._print()
        yield "validators", self._validate()

    def _import_clean(self) -> list[str]:
        self._found(self._quiet)
        told = self._do("catalogue", "import", *self._files(self._clean))
        wrong = [f"dirt in clean rows: {one['code']} {one['first']}" for one in told["dirt"]]
        wrong += [str(one) for one in told["findings"] if one["code"] not in _AS_THEY_ARE]
        rows = sum(one["new"] for one in told["tables"])
        return wrong + ([] if rows == 1_000 else [f"{rows} rows are new"])

    def _import_dirty(self) -> list[str]:
        sheet = self._folder / "to-correct.csv"
        told = self._do("catalogue", "import", *self._files(self._dirty), "--to-correct", str(sheet))
        counts = Counter({one["code"]: one["count"] for one in told["dirt"]})
        wrong = [f"{kind}: planted {self._planted.counts[kind]}, told {counts[kind]}" for kind in counts | self._planted.counts
                 if counts[kind] != self._planted.counts[kind]]  # fmt: skip
        places = self._planted.places()
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            strange = [row for row in csv.DictReader(file) if (row["file"], int(row["row"])) not in places]
        wrong += [f"told of a clean row: {row}" for row in strange]
        wrong += [str(one) for one in told["findings"] if one["code"] not in (*_AS_THEY_ARE, *_LEFT_OUT)]
        refused = sum(one["left_out"] for one in told["tables"])
        return wrong + ([] if refused == self._planted.refused else [f"{refused} rows were left out"])

    def _hook(self) -> list[str]:
        self._do("catalogue", "import", *map(str, self._described))
        told = [one for batch in self._batches for one in self._do("ingest", str(batch))["records"]]
        return [f"{one}" for one in told if one["outcome"] != "stored"]

    def _sums(self) -> list[str]:
        """Compare what the catalogue has with what a program that knows nothing of the product counts in the sources."""
        sources = (*self._tables, *self._described, *self._batches)
        counted = counted_in(sources)
        self.measured["rows"], self.measured["images"] = sum(counted["rows"].values()), counted["images"]
        own = [f"clean/{one.path.name}" for one in self._clean.tables.values()]
        return [*wrong_in_sums(self._quiet, counted, own, self._planted.refused)]

    def _sixth_item(self) -> list[str]:
        """Look whether item 6 has pages 34 to 41, as they are called on paper, and every page its label."""
        shown = self._quiet.json("show", self._volume)
        items = {one["archival_code"].rpartition("-")[2].lstrip("0"): one for one in shown.get("items", [])}
        wrong = [] if len(items) == len(FIRST_PAGES) else [f"{len(items)} items"]
        sixth = items.get("6", {})
        if sixth.get("page_labels") != OPEN_LABELS:
            wrong.append(f"item 6: {sixth.get('pages')} {sixth.get('page_labels')}")
        labels = [one["page_label"] for one in shown["files"] if "/original/" in one["path"]]
        return wrong + ([] if labels == [*LABELS] else [f"labels: {labels}"])

    def _correct(self) -> list[str]:
        """Correct a thousand titles of an exported sheet; no image is written or moved."""
        before = images_of(self._quiet.home)
        sheet = self._folder / "corrected.csv"
        write_corrections(self._quiet.exported("export.csv"), sheet)
        begun = time.monotonic()
        told = self._do("describe", str(sheet), "--reason", "核对")
        self.measured["describe seconds"] = round(time.monotonic() - begun, 1)
        wrong = [] if told["corrected"] == CORRECTED else [f"{told['corrected']} corrected"]
        wrong += [str(one) for one in told["findings"] if one["severity"] != "note"][:5]
        return wrong + ([] if before == images_of(self._quiet.home) and before else ["images were written"])

    def _come_back(self) -> list[str]:
        """Import what is exported into an empty home, and export it again."""
        empty = CountyHome(self._folder / "empty", random.Random(0))
        self._found(empty)
        wrong = []
        rows = self._quiet.exported("whole.csv")
        empty.run("catalogue", "import", str(self._quiet.folder / "whole.csv"), codes=(0, 12))
        again = empty.exported("whole.csv")
        for one, other in zip(rows, again, strict=False):
            if one != other:
                wrong.append(f"exported again otherwise: {one} {other}")
        return wrong[:5] + ([] if len(rows) == len(again) else [f"{len(again)} rows of {len(rows)} came back"])

    def _restore(self) -> list[str]:
        package_id = self._quiet.json("show", self._volume)["package_id"]
        rows = self._quiet.exported("present.csv")
        return [*wrong_in_restored(self._quiet, package_id, self._batches[0] / self._volume, rows)]

    def _renumber(self) -> list[str]:
        """Give two fonds other codes, some of them exchanged; every old code finds its record."""
        before = self._quiet.exported("before.csv")
        sheet = self._folder / "new-codes.csv"
        write_new_codes(before, self._fonds, sheet)
        told = self._do("renumber", "--sheet", str(sheet), "--reason", "重新编目")
        self._renumbered.take(before, self._quiet.exported("after.csv"))
        self._volume = self._volume.replace("-9-", "-29-")
        self.measured["renumbered"] = len(self._renumbered.codes)
        wrong = [str(one) for one in told.get("findings", []) if one["severity"] != "note"][:5]
        return [*wrong, *self._renumbered.wrong(self._quiet)]

    def _open(self) -> list[str]:
        """Open items of the volume one by one and others by their description; their old codes are found by the public."""
        filed = [row for row in self._clean.tables[FILED].rows if row["security"] != "内部"][:20]
        now = dict(self._renumbered.codes)
        described = [now.get(row["code"], row["code"]) for row in filed]
        items = [f"{self._volume}-{at}" for at in range(1, len(FIRST_PAGES) + 1) if at != GOING]
        sheet = self._folder / "decisions.csv"
        write_decisions(sheet, self._volume, items, described)
        told = self._do("opening", "apply", str(sheet))
        wrong = [str(one) for one in told.get("findings", []) if one["severity"] != "note"][:5]
        public = self._quiet.public()
        wrong += [f"{code} is not public" for code in (self._volume, *items, *described) if code not in public][:5]
        if public.get(f"{self._volume}-6") != OPEN_LABELS:
            wrong.append(f"the public sees of item 6 {public.get(f'{self._volume}-6')}")
        if public.get(self._volume) != ["FM", "BK"]:
            wrong.append(f"the public sees of the volume {public.get(self._volume)}")
        for old, new in self._renumbered.codes:
            if new in public and new not in self._quiet.ask("search", old, "--public", "--limit", "50").replace(
                "\n", ""
            ):
                wrong.append(f"the public's search for {old} does not find {new}")
        return wrong

    def _purge(self) -> list[str]:
        """Destroy an item of the volume and a registration in every byte; its pages go, the others stay."""
        add_persons(self._quiet)
        item = f"{self._volume}-{GOING}"
        self._plan = [item, self._going["code"]]
        plan_purge(self._quiet, self._plan)
        before = self._quiet.json("show", self._volume)
        self._do("purge", "run", lambda home: str(home.folder / "purge.json"), "--yes")
        wrong = [f"{CANARY} stands in {place}" for place in places_of(CANARY, self._quiet.home)]
        after = self._quiet.json("show", self._volume)
        gone = {f"{page:03}" for page in range(FIRST_PAGES[GOING - 1], FIRST_PAGES[GOING])}
        left = [one["page_label"] for one in after["files"] if "/original/" in one["path"]]
        if left != [one for one in LABELS if one not in gone]:
            wrong.append(f"pages that are left: {left}")
        if len(after["items"]) != len(before["items"]) - 1:
            wrong.append(f"{len(after['items'])} items are left")
        return wrong

    def _kill(self) -> list[str]:
        """Do it all again on another home, each command killed three times at random, and compare the two."""
        other = self._killed
        self._found(other)
        for command in self._done:
            arguments = command(other)
            if arguments[0] == "purge":
                add_persons(other)
                plan_purge(other, self._plan)
            other.run_killed(*arguments, took=self._quiet.seconds(*command(self._quiet)))
        self.measured["killed"] = dict(other.killed)
        wrong: list[str] = []
        compared = [("rows", CountyHome.rows), ("facts", CountyHome.facts), ("payload", CountyHome.payload)]
        for name, of in compared:
            ours, theirs = of(self._quiet), of(other)
            if ours != theirs:
                wrong.append(f"{name} differ: {[*(ours - theirs).items()][:5]} {[*(theirs - ours).items()][:5]}")
        if self._quiet.public() != other.public():
            wrong.append("the public sees something else")
        wrong += [f"{CANARY} stands in {place}" for place in places_of(CANARY, other.home)]
        return wrong + [str(one) for one in other.json("audit", codes=None)["copies"]]

    def _print(self) -> list[str]:
        """Make every form, as PDF and as XLSX; the PDFs are for people to look at."""
        about = {
            "volume-list": ("--fonds", self._fonds[0]),
            "volumes-and-contents": ("--fonds", self._fonds[0]),
            "archived-items": ("--fonds", self._fonds[1]),
        }
        wrong = []
        for form in FORMS:
            for ending in ("pdf", "xlsx"):
                file = self._folder / f"{form}.{ending}"
                told = self._quiet.json(
                    "print", form, str(file), *about.get(form, ("--below", self._volume)), codes=None
                )
                if not file.exists() or told.get("findings"):
                    wrong.append(f"{file.name}: {told}")
        return wrong

    def _validate(self) -> list[str]:
        """Let validators that others wrote judge what lies in the stores, and the exported EAD3."""
        schemas = Schemas(SHARED / "schemas")
        self.measured["not judged"] = not_judged()
        aid = self._folder / "county.ead.xml"
        self._quiet.run("catalogue", "export", str(aid))
        wrong = [] if xml_why_not() else [*schemas.wrong(aid, "ead3.xsd")]
        for store in sorted((self._quiet.home / "stores").iterdir()):
            wrong += wrong_in_store(store, schemas)
        volume = self._quiet.json("show", self._volume)["package_id"]
        return [*wrong, *wrong_by_commons_ip(self._quiet.home, volume, self._folder)]

    def _files(self, county: County) -> list[str]:
        return [str(one.path) for one in county.tables.values()]

    def _found(self, home: CountyHome) -> None:
        fonds = self._folder / "fonds.csv"
        numbers = sorted({*self._clean.fonds, *self._dirty.fonds})
        fonds.write_text("全宗号,全宗名称,立档单位\n" + "".join(f"{one},全宗{one},单位\n" for one in numbers), "utf-8")
        home.run("init")
        home.run("repository", "add", "990121", "--name", "青峤县档案馆")
        home.run("fonds", "import", str(fonds))

    def _do(self, *arguments: str | Callable[[CountyHome], str]) -> Mapping[str, Any]:
        """Run a command on the home that is left alone, and remember it for the other one."""

        def command(home: CountyHome) -> list[str]:
            return [one if isinstance(one, str) else one(home) for one in arguments]

        self._done.append(command)
        return self._quiet.json(*command(self._quiet), codes=(0, 12))
