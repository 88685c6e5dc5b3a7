"""A random walk over the commands of one home: batches, updates, renumberings, kills, stores that go and come back, rot.

After each step: what the journal acknowledged before is acknowledged still, no code and no version is there twice, an
audit names what was damaged and nothing else, and what was named can be mended.
"""

import csv
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archives.journal.facts import PackageStored
from cli.frame.output import Output
from cli.home.home import open_home
from tests.support.forked_jinkui import Done, ForkedJinkui

STORES = ("first", "second", "third")
_CALLS = ("write", "pwrite64", "rename", "link", "unlink", "fsync", "mkdir", "openat")
_LATEST_CALL = 60


@dataclass(slots=True)
class Walk:
    """One home with three stores of which two are enough; ``told`` is what was done and how it ended, for the reader."""

    folder: Path
    chosen: random.Random
    jinkui: ForkedJinkui
    told: list[str] = field(default_factory=list)
    acknowledged: dict[str, list[PackageStored]] = field(default_factory=dict)
    away: str | None = None
    number: int = 0

    def begin(self) -> None:
        """Make the home."""
        self.run("init")
        settings = self.folder / "home/jinkui.toml"
        self.run("repository", "add", "990001", "--name", "馆")
        self.run("store", "add", "third", "--path", "stores/third")
        settings.write_text(settings.read_text("utf-8").replace("minimum-copies = 0", "minimum-copies = 2"), "utf-8")

    def step(self) -> None:
        """Do something, and look whether everything promised holds."""
        several = (self.ingest, self.update, self.bring_back, self.damage)
        once = (
            self.ingest_again,
            self.renumber,
            self.take_away,
            self.replicate,
            self.audit,
            self.forget,
            self.put_back,
        )
        act: Callable[[], None] = self.chosen.choice((*several, *several, *once))
        self.told.append(act.__name__)
        act()
        self.require_acknowledged()
        if self.chosen.random() < 0.5:
            self.require_quiet()

    def end(self) -> None:
        """Bring everything back, write what is owed, and require that all is whole."""
        self.bring_back()
        self.run("replicate")
        assert self.audited(0) == []
        self.run("journal", "verify")
        self.require_acknowledged()

    def ingest(self) -> None:
        """Take in a batch of one or two records."""
        self.number += 1
        codes = [f"Z109-WS·2001-D10-BGS-{self.number:03}{n}" for n in range(self.chosen.randint(1, 2))]
        self.perhaps_killed("ingest", self.batch(codes), codes=(0, 9, 12))

    def ingest_again(self) -> None:
        """Take in a batch that was taken in before."""
        if batches := sorted(self.folder.glob("batch-*")):
            self.perhaps_killed("ingest", str(self.chosen.choice(batches)), codes=(0, 9, 12))

    def update(self) -> None:
        """Take in another version of a record."""
        if self.acknowledged:
            self.perhaps_killed("ingest", self.batch([self.any_code()]), "--update", codes=(0, 9, 12))

    def renumber(self) -> None:
        """Give a record another code."""
        if self.acknowledged:
            self.number += 1
            self.perhaps_killed("renumber", self.any_code(), f"Z109-WS·2001-D10-NEW-{self.number:04}", codes=(0, 9))

    def replicate(self) -> None:
        """Write what is owed."""
        self.perhaps_killed("replicate", codes=(0, 9))

    def audit(self) -> None:
        """Audit as a timer does."""
        self.perhaps_killed("audit", codes=(0, 9, 12))

    def take_away(self) -> None:
        """Unplug a store."""
        if self.away is None:
            self.away = self.chosen.choice(STORES)
            shutil.move(self.store(self.away), self.folder / "away")

    def bring_back(self) -> None:
        """Plug it in again; an audit has nothing to say even before anything is recovered."""
        if self.away is not None:
            shutil.move(self.folder / "away", self.store(self.away))
            self.away = None
            assert self.audited(0, 12) == []

    def forget(self) -> None:
        """Delete a cache or the working state."""
        name = self.chosen.choice(("catalogue.db", "staff-index.db", "work.db"))
        for path in (self.folder / "home").glob(f"{name}*"):
            path.unlink()

    def damage(self) -> None:
        """Flip a bit of a file of one store, or lose the file: it is named, it alone, and mended."""
        if self.away is not None:
            return
        self.require_quiet()
        self.run("replicate")
        name = self.chosen.choice(STORES)
        files = [p for part in ("packages", "journal") for p in (self.store(name) / part).rglob("*") if p.is_file()]
        path = self.chosen.choice(sorted(files))
        data = path.read_bytes()
        if self.chosen.random() < 0.7:
            place = self.chosen.randrange(len(data))
            path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        else:
            path.unlink()
        file = str(path.relative_to(self.store(name)))
        self.told.append(f"  {name} {file}")
        assert self.audited(12) == [(name, file)]
        self.run("repair", "--yes")
        assert self.audited(0) == []

    def put_back(self) -> None:
        """Replace a store by what it was some time ago: repair brings it to what it has to be."""
        if self.away is not None:
            return
        self.require_quiet()
        self.run("replicate")
        name = self.chosen.choice(STORES)
        earlier = self.folder / f"earlier-{name}"
        if not earlier.exists():
            shutil.copytree(self.store(name), earlier)
            return
        shutil.rmtree(self.store(name))
        shutil.move(earlier, self.store(name))
        self.run("audit", "--restart", codes=(0, 12))
        self.run("repair", "--yes")
        self.run("replicate")
        assert self.audited(0) == []

    def require_acknowledged(self) -> None:
        """Require that nothing acknowledged changed, and that no version and no code is there twice."""
        home = open_home(self.folder / "home", Output("en", as_json=True))
        stored: dict[str, list[PackageStored]] = {}
        for entry in home.vault.ledger.entries():
            if isinstance(entry.fact, PackageStored) and entry.fact.kind == "record":
                stored.setdefault(entry.fact.package_id, []).append(entry.fact)
        for package_id, versions in self.acknowledged.items():
            assert stored.get(package_id, [])[: len(versions)] == versions, package_id
        for versions in stored.values():
            assert [one.version for one in versions] == list(range(1, len(versions) + 1)), versions
        codes = [versions[-1].archival_code for versions in stored.values()]
        assert len(codes) == len(set(codes)), codes
        self.acknowledged = stored

    def require_quiet(self) -> None:
        """Require that after a writing command an audit of all stores finds nothing."""
        if self.away is None:
            self.run("renumber", "nothing", "x-1", codes=(3, 4))
            assert self.audited(0, 12) == []

    def audited(self, *codes: int) -> list[tuple[str, str]]:
        """Read every byte and return what is not as it should be, by store and file."""
        found = json.loads(self.run("audit", "--restart", "--json", codes=codes).out)
        assert found["stores_away"] == []
        return [(one["store"], one["file"]) for one in found["copies"]]

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> Done:
        """Run a command to its end."""
        done = self.jinkui.run(("--home", str(self.folder / "home"), "--lang", "en", *arguments))
        self.told.append(f"  {arguments}: {done.code}")
        assert done.code in codes, f"{arguments}: {done}"
        return done

    def perhaps_killed(self, *arguments: str, codes: tuple[int, ...]) -> None:
        """Run a command that is killed at some system call, every other time."""
        if self.chosen.random() < 0.5:
            self.run(*arguments, codes=codes)
            return
        call, number = self.chosen.choice(_CALLS), self.chosen.randint(1, _LATEST_CALL)
        inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}", "-o", "/dev/null"]
        done = self.jinkui.run(("--home", str(self.folder / "home"), *arguments), strace=inject)
        self.told.append(f"  {arguments} killed at {call} {number}: {done.code}")

    def batch(self, codes: list[str]) -> str:
        """Write a batch of documents with a text that no other has."""
        self.number += 1
        folder = self.folder / f"batch-{self.number}"
        folder.mkdir()
        with (folder / "catalogue.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(
                [("档号", "题名", "日期", "保管期限"), *((c, "Report", "2001", "10年") for c in codes)]
            )
        (folder / "batch.toml").write_text('kind = "documents"\n', "utf-8")
        for code in codes:
            (folder / f"{code}.txt").write_text(f"{code} {self.number}\n" * 30, "utf-8")
        return str(folder)

    def any_code(self) -> str:
        """Return the present code of some record."""
        return self.acknowledged[self.chosen.choice(sorted(self.acknowledged))][-1].archival_code

    def store(self, name: str) -> Path:
        """Return where a store lies."""
        return self.folder / "home/stores" / name
