"""A purge to be killed: a record and an item of a volume, opened and corrected, in packages with others; and what stays of them."""

import csv
from collections.abc import Sequence
from pathlib import Path

from tests.support.county_home import indexes_with, places_of
from tests.support.forked_jinkui import ForkedJinkui

CANARY = "zqcanary"
VOLUME = "Z109-2-0015"
GOING, STAYING = f"{VOLUME}-002", f"{VOLUME}-001"
_DECIDED = ("档号", "结论", "依据", "审核人", "批准人", "审核日期", "开放日期", "网上范围")


def prepare_to_purge(jinkui: ForkedJinkui, folder: Path, record: str, passphrase: str) -> None:
    """Bring a volume in, open it, correct what is said of one item and of a record that is there; sign their purge."""
    batch = folder / f"{CANARY} volume"
    rows = [(STAYING, "Notice", "1", "英语"), (GOING, f"{CANARY} petition", "2", "英语")]
    _table(batch / "案卷目录.csv", ("档号", "案卷题名", "语种"), [(VOLUME, "卷", "英语")])
    _table(batch / "卷内目录.csv", ("档号", "题名", "页号", "语种"), rows)
    (batch / "notes.md").write_text("notes", "utf-8")
    (batch / VOLUME).mkdir()
    for page in ("FM", "001", "002", "BK"):
        text = f"leaf {page} {CANARY if page == '002' else ''}"
        (batch / VOLUME / f"{VOLUME}-{page}.txt").write_text(text, "utf-8")
    jinkui.on_home(folder, "ingest", str(batch), codes=(0, 12))
    opened = [
        (code, "开放", "依据", "甲", "乙", "2021-09-01", "2021-09-01", "全文") for code in (VOLUME, GOING, STAYING)
    ]
    jinkui.on_home(folder, "opening", "apply", str(_table(folder / "opened.csv", _DECIDED, opened)))
    said = [(record, f"{CANARY} report"), (STAYING, "Notice again"), (GOING, f"{CANARY} petition again")]
    jinkui.on_home(folder, "describe", str(_table(folder / "said.csv", ("档号", "题名"), said)), "--reason", "r")
    (folder / "pass").write_text(passphrase)
    secret = ("--passphrase-file", str(folder / "pass"))
    persons = ("planner", "li", "wang")
    keys = [option for one in persons for option in ("--id", one, "--key-file", str(folder / f"{one}.key"))]
    jinkui.on_home(folder, "person", "add", *persons, *keys, *secret)
    plan = str(folder / "purge.json")
    named = ("--code", record, "--code", GOING)
    jinkui.on_home(folder, "purge", "plan", "--by", "planner", "--reason", "asked", "--out", plan, *named)
    for person in ("li", "wang"):
        key = ("--key-file", str(folder / f"{person}.key"))
        jinkui.on_home(folder, "dispose", "approve", plan, "--by", person, *key, *secret)


def carry_purge_out(folder: Path) -> Sequence[str]:
    """Return the command that is killed."""
    return ("purge", "run", str(folder / "purge.json"), "--yes")


def left_of_a_purge(folder: Path) -> list[str]:
    """Return the files of a home in which something of what was purged stands, in whatever form."""
    home = folder / "home"
    return sorted({*places_of(CANARY, home), *indexes_with(CANARY, home)})


def _table(path: Path, heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    return path
