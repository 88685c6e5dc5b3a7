"""What a person gets out of a store of a county with Python and the program that lies in it, and nothing else."""

import csv
import hashlib
import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import bagit

from tests.support.county_home import UNIT_ID, CountyHome
from tests.support.county_later import CODE, LEVEL, TITLE


def wrong_in_restored(
    home: CountyHome, package_id: str, images: Path, rows: Sequence[Mapping[str, str]]
) -> Iterator[str]:
    """Yield what does not come out of each store as it went in: a volume's files, a package of descriptions, what is said now.

    ``images`` is the folder of the volume's images, ``rows`` the exported catalogue.
    """
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
    for store in sorted((home.home / "stores").iterdir()):
        out = home.folder / "restored" / store.name
        out.mkdir(parents=True)
        said = _restore(store, "files", f"urn:uuid:{package_id}", str(out / "files"))
        if _digests(out / "files") != _digests(images):
            yield f"{store.name}: the files of the volume: {said}"
        said = _restore(store, "get", _described(store), str(out / "bag"))
        yield from _not_valid(store.name, out / "bag", said)
        said = _restore(store, "descriptions", str(out / "all"))
        lines = (out / "all/descriptions.jsonl").read_text("utf-8").splitlines()
        there = {one["unit_id"]: one["elements"].get("title", "") for one in map(json.loads, lines)}
        entered = {row[CODE] for row in rows if row[LEVEL] == "全宗" and row[UNIT_ID] not in there}
        wanted = {row[UNIT_ID]: row[TITLE] for row in rows if row[CODE] not in entered}
        with (out / "all/fonds.csv").open(encoding="utf-8-sig", newline="") as file:
            if lost := entered - {row["全宗号"] for row in csv.DictReader(file)}:
                yield f"{store.name}: no fonds {sorted(lost)}"
        for unit in sorted(wanted.keys() ^ there.keys())[:5]:
            yield f"{store.name}: only one of catalogue and descriptions has {unit}: {said}"
        differ = [unit for unit in wanted.keys() & there.keys() if wanted[unit] != there[unit]]
        yield from (
            f"{store.name}: {unit}: {wanted[unit]} in the catalogue, {there[unit]} restored" for unit in differ[:5]
        )
        with (out / "all/descriptions.csv").open(encoding="utf-8-sig", newline="") as file:
            if len([*csv.reader(file)]) != len(lines) + 1:
                yield f"{store.name}: the sheet of descriptions has other rows"


def _restore(store: Path, *arguments: str) -> str:
    command = [sys.executable, "-I", "-S", "-B", str(store / "restore.py"), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return f"{done.returncode} {done.stderr[-300:]}"


def _described(store: Path) -> str:
    found = sorted(store.rglob("v1/content/data/units.jsonl"))
    inventory: dict[str, str] = json.loads((found[-1].parents[3] / "inventory.json").read_text("utf-8"))
    return inventory["id"]


def _not_valid(store: str, bag: Path, said: str) -> Iterator[str]:
    try:
        bagit.Bag(str(bag)).validate()
    except bagit.BagError as cause:
        yield f"{store}: a restored package of descriptions: {cause} {said}"


def _digests(folder: Path) -> Counter[str]:
    return Counter(hashlib.sha256(one.read_bytes()).hexdigest() for one in folder.rglob("*") if one.is_file())
