"""A home that a county is taken into, driven as people do it: by commands, each a process that may be killed on the way."""

import csv
import hashlib
import io
import json
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from archives.journal.facts import PackageAbandoned, PackageIntended
from archives.text.folding import folded_text, index_grams
from cli import wiring
from cli.frame.output import Output
from cli.home.home import open_home
from cli.main import run as run_here
from search.published.views import PublishedViews

ROOT = Path(__file__).resolve().parents[2]
UNIT_ID = "unit identifier"
_RUN = "import sys; sys.path.insert(0, sys.argv.pop(1)); from cli.main import main; main()"
_AT_EACH_START = ("GroupSigned",)
_KILLS = 3


class CountyHome:
    """A home in a folder; what commands leave elsewhere lies beside it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.home = folder / "home"
        self._seconds: dict[str, float] = {}
        self.killed: Counter[str] = Counter()
        self._chance = chance
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments: str, codes: Sequence[int] | None = (0,)) -> str:
        """Run a command to its end and return what it said; None for ``codes`` takes any answer."""
        begun = time.monotonic()
        done = subprocess.run(self._command(arguments), check=False, capture_output=True, text=True)
        self._seconds[_named(arguments)] = time.monotonic() - begun
        said = f"{arguments}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        assert codes is None or done.returncode in codes, said
        return done.stdout

    def seconds(self, *arguments: str) -> float:
        """Return how long a command took here."""
        return self._seconds[_named(arguments)]

    def json(self, *arguments: str, codes: Sequence[int] | None = (0,)) -> dict[str, Any]:
        """Run a command and return what it answered."""
        answer: dict[str, Any] = json.loads(self.run(*arguments, "--json", codes=codes))
        return answer

    def ask(self, *arguments: str) -> str:
        """Return what a command that only looks says, run in this process; empty where it does not find anything."""
        with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()):
            code = run_here(["--home", str(self.home), "--lang", "en", *arguments])
        return said.getvalue() if code == 0 else ""

    def run_killed(self, *arguments: str, took: float) -> None:
        """Kill a command three times at random moments of the time that it took elsewhere, then run it to its end.

        The later a kill comes, the less is left to do for the next: the first one comes last. A run that ends before its
        kill is the end, for only what is unfinished is run again.
        """
        for after in sorted((self._chance.uniform(0.1, 0.6) * took for _ in range(_KILLS)), reverse=True):
            if not self._is_killed(arguments, after):
                return
            self.killed[_named(arguments)] += 1
        self.run(*arguments, codes=(0, 12))

    def rows(self) -> Counter[str]:
        """Return every row of the exported catalogue but for identifiers."""
        rows = self.exported("rows.csv")
        kept = ({key: text for key, text in row.items() if not key.endswith("identifier")} for row in rows)
        return Counter(json.dumps(row, ensure_ascii=False, sort_keys=True) for row in kept)

    def exported(self, name: str) -> list[dict[str, str]]:
        """Return the rows of the catalogue, exported to a sheet beside the home."""
        sheet = self.folder / name
        sheet.unlink(missing_ok=True)
        self.run("catalogue", "export", str(sheet))
        with sheet.open(encoding="utf-8-sig", newline="") as file:
            return [*csv.DictReader(file)]

    def facts(self) -> Counter[str]:
        """Return how often each kind of fact is in the journal, but for versions that were given up after a kill."""
        with open_home(self.home, Output("en", as_json=True)) as home:
            facts = [entry.fact for entry in home.vault.ledger.entries()]
        counted = Counter(name for one in facts if (name := type(one).__name__) not in _AT_EACH_START)
        counted[PackageIntended.__name__] -= counted.pop(PackageAbandoned.__name__, 0)
        return +counted

    def payload(self) -> Counter[str]:
        """Return the digests of all images and tables in all stores."""
        kept = [one for one in (self.home / "stores").rglob("*") if one.is_file() and "original" in one.parts]
        return Counter(hashlib.sha256(one.read_bytes()).hexdigest() for one in kept)

    def public(self) -> Mapping[str, list[str]]:
        """Return what the public sees: of every view its code with the labels of its pages."""
        with closing(PublishedViews(self.home / "public" / "public.db", today=wiring.today)) as views:
            found = [view for one in views.ids() if (view := views.get_by_id(one))]
        return {view.said("archival_code"): [page.label for page in view.pages] for view in found}

    def _command(self, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-c", _RUN, str(ROOT), "--home", str(self.home), "--lang", "en", *arguments]

    def _is_killed(self, arguments: Sequence[str], after: float) -> bool:
        """Kill a command after so many seconds; returns whether it was, for it may have ended."""
        command = self._command(arguments)
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
            try:
                one.wait(timeout=after)
            except subprocess.TimeoutExpired:
                one.send_signal(signal.SIGKILL)
            return one.wait() == -signal.SIGKILL


def _named(arguments: Sequence[str]) -> str:
    """Return how a command is called in what was measured: its words, and the name of the first file that it is about."""
    words = [one for one in arguments if not one.startswith("-")][:3]
    return " ".join(one if "/" not in one else Path(one).parent.name + "/" + Path(one).name for one in words)


def images_of(home: Path) -> dict[str, tuple[int, str]]:
    """Return every image in every store with its inode and its digest."""
    found = sorted((home / "stores").rglob("*.jpg"))
    return {str(one): (one.stat().st_ino, hashlib.sha256(one.read_bytes()).hexdigest()) for one in found}


def places_of(word: str, folder: Path) -> list[str]:
    """Return the files below a folder in which a word stands: in any encoding, also in what is packed."""
    wanted = [word.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    wanted.append(json.dumps(word).strip('"').encode())
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as packed:
                    data += b"".join(map(packed.read, packed.namelist()))
            if any(one in data for one in wanted) or word in str(path):
                found.append(str(path.relative_to(folder)))
    return found


def indexes_with(word: str, home: Path) -> list[str]:
    """Return the search indexes in whose bytes any piece of a word stands that they cut it into: also what is struck out."""
    pieces = [one.encode() for one in index_grams(folded_text(word)) if len(one) > 1]
    assert pieces
    found = [path for path in home.rglob("*index.db") if any(one in path.read_bytes() for one in pieces)]
    return sorted(str(path.relative_to(home)) for path in found)
