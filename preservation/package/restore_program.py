#!/usr/bin/env python3
"""Writes any version of any package of this store out as a BagIt bag. Needs Python 3.8 or newer and nothing else.

    python3 restore.py list                              every package: identifier, newest version, External-Identifier
    python3 restore.py get IDENTIFIER FOLDER [VERSION]   one package (urn:uuid:...) as a bag into a new folder

It lies in every store beside packages/ (an OCFL 1.1 storage root) and checks every byte against the inventory
(SHA-512) while it copies. Any BagIt tool can then validate the folder.
"""

import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

PACKAGES = Path(__file__).resolve().parent / "packages"


def main(arguments: List[str]) -> int:
    if arguments[:1] == ["list"] and len(arguments) == 1:
        return show_all()
    if arguments[:1] == ["get"] and len(arguments) in (3, 4):
        return get(arguments[1], Path(arguments[2]), arguments[3] if len(arguments) == 4 else None)
    sys.stdout.write(__doc__)
    return 2


def show_all() -> int:
    for inventory_file in sorted(PACKAGES.glob("*/*/*/*/inventory.json")):
        inventory = json.loads(inventory_file.read_text("utf-8"))
        info = find(inventory, inventory["head"], "bag-info.txt")
        text = (inventory_file.parent / info[0]).read_text("utf-8") if info else ""
        named = re.search(r"^External-Identifier: (.*)$", text, re.MULTILINE)
        sys.stdout.write("%s %s %s\n" % (inventory["id"], inventory["head"], named.group(1) if named else "-"))
    return 0


def get(identifier: str, folder: Path, version: Optional[str]) -> int:
    home = object_folder(identifier)
    data = (home / "inventory.json").read_bytes()
    stated = (home / "inventory.json.sha512").read_text("ascii").split()[0]
    if hashlib.sha512(data).hexdigest() != stated:
        sys.stderr.write("the inventory does not match its sidecar: %s\n" % home)
        return 10
    inventory = json.loads(data.decode("utf-8"))
    version = version or inventory["head"]
    if folder.exists():
        sys.stderr.write("the folder is there already: %s\n" % folder)
        return 6
    bad = 0
    for digest, names in inventory["versions"][version]["state"].items():
        source = home / inventory["manifest"][digest][0]
        for name in names:
            target = folder / name
            if ".." in Path(name).parts or Path(name).is_absolute():
                sys.stderr.write("unsafe path: %s\n" % name)
                return 8
            target.parent.mkdir(parents=True, exist_ok=True)
            if copy(source, target) != digest:
                sys.stderr.write("DAMAGED: %s\n" % source)
                bad += 1
    return 10 if bad else 0


def copy(source: Path, target: Path) -> str:
    digest = hashlib.sha512()
    with source.open("rb") as read, target.open("xb") as write:
        for block in iter(lambda: read.read(1 << 18), b""):
            digest.update(block)
            write.write(block)
    return digest.hexdigest()


def find(inventory: Dict[str, Any], version: str, name: str) -> List[str]:
    for digest, names in inventory["versions"][version]["state"].items():
        if name in names:
            return list(inventory["manifest"][digest])
    return []


def object_folder(identifier: str) -> Path:
    digest = hashlib.sha256(identifier.encode("utf-8")).hexdigest()
    encoded = re.sub(r"[^A-Za-z0-9_-]", lambda m: "".join("%%%02x" % b for b in m.group(0).encode("utf-8")), identifier)
    return PACKAGES / digest[0:3] / digest[3:6] / digest[6:9] / encoded


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
