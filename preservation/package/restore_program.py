#!/usr/bin/env python3
"""Writes any version of any package of this store out as a BagIt bag. Needs Python 3.8 or newer and nothing else.

    python3 restore.py list                              every package: identifier, newest version, External-Identifier
    python3 restore.py get IDENTIFIER FOLDER [VERSION]   one package (urn:uuid:...) as a bag into a new folder
    python3 restore.py files IDENTIFIER FOLDER [VERSION] its files alone, in the folders and under the names they came with

It lies in every store beside packages/ (an OCFL 1.1 storage root) and checks every byte against the inventory
(SHA-512) while it copies. Any BagIt tool can then validate the folder.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path, PurePosixPath
from typing import Any, Dict, List, Optional, Tuple

PREMIS = "data/metadata/preservation/premis.xml"
ORIGINALS = "data/representations/original/data"
NAMESPACE = "{http://www.loc.gov/premis/v3}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
PACKAGES = Path(__file__).resolve().parent / "packages"


def main(arguments: List[str]) -> int:
    if arguments[:1] == ["list"] and len(arguments) == 1:
        return show_all()
    if arguments[:1] == ["get"] and len(arguments) in (3, 4):
        return get(arguments[1], Path(arguments[2]), arguments[3] if len(arguments) == 4 else None)
    if arguments[:1] == ["files"] and len(arguments) in (3, 4):
        return files(arguments[1], Path(arguments[2]), arguments[3] if len(arguments) == 4 else None)
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
    for empty in described(folder)[1]:
        (folder / empty).mkdir(parents=True, exist_ok=True)
    return 10 if bad else 0


def files(identifier: str, folder: Path, version: Optional[str]) -> int:
    if folder.exists():
        sys.stderr.write("the folder is there already: %s\n" % folder)
        return 6
    bag = folder.with_name(folder.name + ".bag")
    code = get(identifier, bag, version)
    if code not in (0, 10):
        return code
    names, empty_folders = described(bag)
    folder.mkdir()
    for safe, name in names:
        source, target = bag / ORIGINALS / safe, folder / safe
        came = came_as(safe, name)
        if came and place(source, folder / came):
            continue
        if came is None or came != safe:
            sys.stderr.write("under the name of the package: %s (came as %s)\n" % (safe, ascii(name)))
        place(source, target)
    for empty in empty_folders:
        if empty.startswith(ORIGINALS + "/"):
            (folder / empty[len(ORIGINALS) + 1 :]).mkdir(parents=True, exist_ok=True)
    shutil.rmtree(str(bag))
    return code


def place(source: Path, target: Path) -> bool:
    try:
        if os.path.lexists(str(target)):
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    except (OSError, ValueError):
        return False
    return True


def came_as(safe: str, name: str) -> Optional[str]:
    """Return the path with which a file came: as many parts of its name as its path has; \\xNN stands for a byte."""
    parts = PurePosixPath(name).parts[-len(PurePosixPath(safe).parts) :]
    came = [
        os.fsdecode(
            b"".join(
                bytes.fromhex(x) if n % 2 else x.encode() for n, x in enumerate(re.split(r"\\x([0-9a-f]{2})", part))
            )
        )
        for part in parts
    ]
    told = [part for part in came if part in (".", "..") or "/" in part or "\0" in part]
    return None if told or len(parts) < len(PurePosixPath(safe).parts) else "/".join(came)


def described(bag: Path) -> Tuple[List[Tuple[str, str]], List[str]]:
    """Return the originals of a bag by their paths, each with the name it came with, and the folders that were empty."""
    names, empty_folders = [], []
    if (bag / PREMIS).is_file():
        root = ElementTree.parse(str(bag / PREMIS))  # noqa: S314 - our own, checked against the inventory
        for one in root.iter(NAMESPACE + "object"):
            path = one.findtext(NAMESPACE + "objectIdentifier/" + NAMESPACE + "objectIdentifierValue", "")
            if one.get(TYPE) == "file" and path.startswith(ORIGINALS + "/") and ".." not in path.split("/"):
                names.append((path[len(ORIGINALS) + 1 :], one.findtext(NAMESPACE + "originalName", "")))
            for said in one.iter(NAMESPACE + "significantProperties"):
                folder = said.findtext(NAMESPACE + "significantPropertiesValue", "")
                is_empty = said.findtext(NAMESPACE + "significantPropertiesType") == "empty folder"
                if is_empty and folder.startswith("data/representations/") and ".." not in folder.split("/"):
                    empty_folders.append(folder)
    return names, empty_folders


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
