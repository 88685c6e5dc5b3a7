"""Files drawn by a seed out of other people's test suites, taken in whole, beside what other programs find in them.

The reference is poppler for PDF and LibreOffice for what offices write, or one program for all that is given by name.
"""

import contextlib
import io
import json
import random
import re
import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.main import run

CODE = "J019-2-0001-{:03}"
_OFFICE = (".doc", ".docx", ".dot", ".odt", ".rtf", ".wps", ".ppt", ".pptx", ".odp", ".xls", ".xlsx", ".ods")
_PLAIN = (".txt", ".csv", ".md")
_TEXT_FILTERS = {".xls": "csv", ".xlsx": "csv", ".ods": "csv"}
_WORD = re.compile(r"[^\W_]+")
_IDEOGRAPHS = re.compile("[぀-鿿가-힣]")
_LEAST_LETTERS, _BATCH, _PATIENCE_SECONDS = 3, 50, 120


@dataclass(frozen=True, slots=True)
class Compared:
    """A file, what became of it, the codes of its findings, and the words that the reference finds and the record lacks."""

    file: Path
    outcome: str
    findings: tuple[str, ...]
    missing: tuple[str, ...] = field(default=())

    @property
    def is_silent(self) -> bool:
        """Whether words are missing and nothing is said of the file."""
        return bool(self.missing) and not self.findings


def drawn(folders: Sequence[Path], number: int, seed: int) -> list[Path]:
    """Return so many files of these folders, drawn by the seed, each folder as often as any other."""
    chosen = random.Random(seed)
    shares = [number // len(folders) + (place < number % len(folders)) for place in range(len(folders))]
    files: list[Path] = []
    for folder, share in zip(folders, shares, strict=True):
        every = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)
        files += chosen.sample(every, min(share, len(every)))
    return files


def compared(place: Path, files: Sequence[Path], command: Sequence[str] = ()) -> Iterator[Compared]:
    """Take files in, fifty a batch and one a record, and yield each beside what the reference finds in it."""
    home = place / "home"
    _command(home, "init")
    _command(home, "repository", "add", "990001", "--name", "馆", "--name-en", "Archives", "--kind", "馆")
    fonds = place / "fonds.csv"
    fonds.write_text("全宗号,全宗名称,立档单位,起止年,全宗介绍\nJ019,水利局,市水利局,1950-2014,\n", "utf-8")
    _command(home, "fonds", "import", str(fonds))
    for start in range(0, len(files), _BATCH):
        some = dict(enumerate(files[start : start + _BATCH], start + 1))
        batch = place / f"batch-{start}"
        for number, file in some.items():
            (batch / CODE.format(number)).mkdir(parents=True)
            shutil.copyfile(file, batch / CODE.format(number) / file.name)
        rows = [f"{CODE.format(number)},File {number},en" for number in some]
        (batch / "catalogue.csv").write_text("\n".join(["档号,题名,语种", *rows]), "utf-8")
        _, said = _command(home, "ingest", str(batch), "--json")
        records = {one["archival_code"]: one for one in json.loads(said)["records"]}
        for number, file in some.items():
            told = records[CODE.format(number)]
            codes = tuple(found["code"] for found in told["findings"])
            text = _folded(_text_of(home, CODE.format(number), place / "out"))
            words = dict.fromkeys(_WORD.findall(reference(file, command)))
            missing = tuple(word for word in words if _tells(word) and _folded(word) not in text)
            yield Compared(file, told["outcome"], codes, missing)


def reference(file: Path, command: Sequence[str] = ()) -> str:
    """Return what the reference finds in a file, "" where there is none for it, it is not installed, or it fails."""
    ending = file.suffix.lower()
    with tempfile.TemporaryDirectory() as folder:
        if command:
            return _output([*command, str(file)])
        if ending == ".pdf":
            return _output(["pdftotext", str(file), "-"])
        if ending in _PLAIN:
            return file.read_text("utf-8", "ignore")
        if ending not in _OFFICE:
            return ""
        wanted = _TEXT_FILTERS.get(ending, "pdf")
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _output(["soffice", profile, "--headless", "--convert-to", wanted, "--outdir", folder, str(file)])
        made = Path(folder) / f"{file.stem}.{wanted}"
        if not made.exists():
            return ""
        return _output(["pdftotext", str(made), "-"]) if wanted == "pdf" else made.read_text("utf-8", "replace")


def _output(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if not done.returncode else ""


def _text_of(home: Path, code: str, place: Path) -> str:
    """Return all text of a record as its package holds it."""
    shutil.rmtree(place, ignore_errors=True)
    _command(home, "export", code, str(place))
    texts = sorted(place.rglob("representations/text/data/*.txt"))
    return "\n".join(text.read_text("utf-8") for text in texts)


def _command(home: Path, *arguments: str) -> tuple[int, str]:
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
        code = run(["--home", str(home), "--lang", "en", *arguments])
    return code, out.getvalue()


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in composed if unicodedata.category(letter)[0] in "LN")


def _tells(word: str) -> bool:
    return len(_folded(word)) >= _LEAST_LETTERS or bool(_IDEOGRAPHS.search(word))
