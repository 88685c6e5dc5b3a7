#!/usr/bin/env python3
"""Writes any version of any package of this store out as a BagIt bag. Needs Python 3.8 or newer and nothing else.

    python3 restore.py list                              every package: identifier, newest version, External-Identifier
    python3 restore.py get IDENTIFIER FOLDER [VERSION]   one package (urn:uuid:...) as a bag into a new folder
    python3 restore.py files IDENTIFIER FOLDER [VERSION] its files alone, in the folders and under the names they came with
    python3 restore.py descriptions FOLDER               what is said now of everything: descriptions.jsonl and .csv,
                                                         and what the journal beside packages/ says of fonds: fonds.csv

It lies in every store beside packages/ (an OCFL 1.1 storage root) and checks every byte against the inventory
(SHA-512) while it copies. Any BagIt tool can then validate the folder. What a package says of a unit is what was said
when it was written; get and files without a VERSION write beside FOLDER, as FOLDER.present.jsonl, what is said now of the
units in it, of those above and directly below: of all rows with one unit_id the one with the highest revision holds.
"""

import csv
import hashlib
import json
import os
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path, PurePosixPath
from typing import Any, Callable, Dict, Iterator, List, Optional, Set, Tuple

PREMIS = "data/metadata/preservation/premis.xml"
ORIGINALS = "data/representations/original/data"
NAMESPACE = "{http://www.loc.gov/premis/v3}"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
RECORD = "data/metadata/descriptive/record.xml"
ITEMS = "data/metadata/descriptive/items.xml"
DESCRIBED = "{urn:jinkui:record:1}"
PURGED = "已清除"
ELEMENTS = {
    "code": "档号", "title": "题名", "author": "责任者", "document_number": "文件编号", "date": "日期", "year": "年度",
    "year_basis": "年度依据",
    "retention": "保管期限", "security": "密级", "declassified_on": "解密日期", "declassification_basis": "解密依据",
    "opening_proposal": "开放审核意见", "pages": "页数", "language": "语种", "note": "附注", "former_code": "原档号",
    "sequence": "顺序号", "page_range": "页号", "place": "存放位置", "box": "盒号", "carrier": "载体形态",
    "genesis": "生成方式", "draft": "稿本", "script": "文种", "attachments": "附件", "names": "名称沿革",
    "fonds_kind": "全宗属类", "fonds_state": "全宗状态", "relations": "演变关联情况", "history": "机构沿革", "persons": "人名",
    "other": "其他著录项",
}  # fmt: skip
FONDS = {
    "repository": "馆代码", "number": "全宗号", "name": "全宗名称", "creator": "立档单位", "years": "起止年度", "names": "名称沿革",
    "kind": "全宗属类", "state": "全宗状态", "relations": "演变关联情况", "history": "机构沿革",
}  # fmt: skip
PACKAGES = Path(__file__).resolve().parent / "packages"
JOURNAL = PACKAGES.parent / "journal"


def main(arguments: List[str]) -> int:
    if arguments[:1] == ["list"] and len(arguments) == 1:
        return show_all()
    if arguments[:1] == ["get"] and len(arguments) in (3, 4):
        code = get(arguments[1], Path(arguments[2]), arguments[3] if len(arguments) == 4 else None)
        return code or (write_present(arguments[1], Path(arguments[2])) if len(arguments) == 3 else 0)
    if arguments[:1] == ["files"] and len(arguments) in (3, 4):
        return files(arguments[1], Path(arguments[2]), arguments[3] if len(arguments) == 4 else None)
    if arguments[:1] == ["descriptions"] and len(arguments) == 2:
        return descriptions(Path(arguments[1]))
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
    return code or (0 if version else write_present(identifier, folder))


def descriptions(folder: Path) -> int:
    if folder.exists():
        sys.stderr.write("the folder is there already: %s\n" % folder)
        return 6
    rows = Rows()
    rows.read_snapshots()
    folder.mkdir()
    keys = ("unit_id", "revision", "repository", "level", "parent", "state")
    with (folder / "descriptions.csv").open("w", encoding="utf-8-sig", newline="") as sheet:
        table = csv.writer(sheet)
        table.writerow(["unit_id", "revision", "馆代码", "聚合层次", "parent", "状态", *ELEMENTS.values()])
        with (folder / "descriptions.jsonl").open("wb") as lines:
            for line in rows.present():
                said = json.loads(line)
                lines.write(line)
                cells = [shown(said["elements"].get(key, "")) for key in ELEMENTS]
                table.writerow([said.get(key, "") for key in keys] + cells)
    fonds, damage = fonds_of_journal()
    with (folder / "fonds.csv").open("w", encoding="utf-8-sig", newline="") as sheet:
        table = csv.writer(sheet)
        table.writerow(FONDS.values())
        table.writerows([shown(str(said.get(key, ""))) for key in FONDS] for said in fonds)
    return rows.code or damage


def fonds_of_journal() -> Tuple[List[Dict[str, Any]], int]:
    """Return what was last said of every fonds that was entered without a description of its own, and 10 for damage."""
    known: Dict[Tuple[str, str], Dict[str, Any]] = {}
    code = 0
    for part in sorted(JOURNAL.glob("*.jsonl")):
        for line in part.read_bytes().splitlines():
            if b'"type":"fonds-described"' not in line:
                continue
            try:
                said = json.loads(line.decode("utf-8"))["fonds"]
                place = said["repository"]["value"]
                known[place, said["number"]] = dict(said, repository=place)
            except (ValueError, KeyError, TypeError) as damage:
                sys.stderr.write("DAMAGED, left out: a fonds in %s (%s)\n" % (part, damage))
                code = 10
    return list(known.values()), code


def write_present(identifier: str, folder: Path) -> int:
    """Write beside a folder what is said now of the units of a package, of those above and directly below them."""
    home = object_folder(identifier)
    inventory = json.loads((home / "inventory.json").read_text("utf-8"))
    rows = Rows()
    own = list(snapshots(home, inventory))
    rows.bare = {said["unit_id"]: encoded(said) for said in own}
    wanted = {json.loads(line)["unit_id"] for line in lines_of(home, inventory)} | set(rows.bare)
    if own:
        wanted |= {unit for unit, row in rows.newest.items() if row[1] in rows.bare}
    wanted |= {one for unit in wanted for one in rows.above(unit)}
    wanted |= rows.above_by_code(wanted)
    with folder.with_name(folder.name + ".present.jsonl").open("xb") as file:
        file.writelines(rows.present(wanted))
    return rows.code


class Rows:
    """The newest row of every unit in this store: its revision, its parent, where it lies."""

    def __init__(self) -> None:
        self.code = 0
        self.newest: Dict[str, Tuple[Tuple[int, bool], str, Path, int]] = {}
        self.bare: Dict[str, bytes] = {}
        self.high: Dict[str, Tuple[str, str]] = {}
        for file in sorted(PACKAGES.glob("*/*/*/*/v1/content/data/units.jsonl")):
            self.each(file.parents[3], self.take)

    def read_snapshots(self) -> None:
        for file in sorted(PACKAGES.glob("*/*/*/*/inventory.json")):
            self.each(file.parent, self.take_snapshots)

    def each(self, home: Path, act: Callable[[Path, Dict[str, Any]], None]) -> None:
        try:
            act(home, json.loads((home / "inventory.json").read_text("utf-8")))
        except (OSError, ValueError, KeyError, ElementTree.ParseError) as damage:
            sys.stderr.write("DAMAGED, left out: %s (%s)\n" % (home, damage))
            self.code = 10

    def take_snapshots(self, home: Path, inventory: Dict[str, Any]) -> None:
        self.bare.update((said["unit_id"], encoded(said)) for said in snapshots(home, inventory))

    def take(self, home: Path, inventory: Dict[str, Any]) -> None:
        source, place = home / units_of(inventory)[0], 0
        for line in lines_of(home, inventory):
            said = json.loads(line)
            unit, revision = said["unit_id"], (said["revision"], said.get("state") == PURGED)
            known = self.newest.get(unit)
            if known is None or revision > known[0]:
                self.newest[unit] = (revision, said.get("parent", ""), source, place)
                if said["level"] in ("全宗", "类别"):
                    self.high[unit] = (said["repository"], said["elements"].get("code", ""))
            elif revision == known[0] and line != self.line(unit):
                sys.stderr.write("two rows with one revision, the first is taken: %s %s\n" % (unit, revision[0]))
                self.code = self.code or 12
            place += len(line)

    def line(self, unit: str) -> bytes:
        _, _, source, place = self.newest[unit]
        with source.open("rb") as file:
            file.seek(place)
            return file.readline()

    def above(self, unit: str) -> Iterator[str]:
        seen = {""}
        while unit in self.newest and self.newest[unit][1] not in seen:
            unit = self.newest[unit][1]
            seen.add(unit)
            yield unit

    def above_by_code(self, wanted: Set[str]) -> Set[str]:
        """Return the fonds and series with whose codes the codes of units begin: their rows need not name them."""
        codes = [json.loads(line) for line in self.present(wanted)]
        begun = {(one["repository"], one.get("elements", {}).get("code", "")[:n]) for one in codes for n in range(200)}
        return {unit for unit, place in self.high.items() if place[1] and place in begun}

    def present(self, wanted: Optional[Set[str]] = None) -> Iterator[bytes]:
        for unit in [*self.newest, *(one for one in self.bare if one not in self.newest)]:
            if wanted is None or unit in wanted:
                yield self.line(unit) if unit in self.newest else self.bare[unit]


def lines_of(home: Path, inventory: Dict[str, Any]) -> List[bytes]:
    """Return the rows of a package of descriptions; of another none. Raises ValueError where they are damaged."""
    names = units_of(inventory)
    data = (home / names[0]).read_bytes() if names else b""
    if names and names[0] not in inventory["manifest"].get(hashlib.sha512(data).hexdigest(), []):
        raise ValueError("units.jsonl is not what it was")
    return data.splitlines(keepends=True)


def units_of(inventory: Dict[str, Any]) -> List[str]:
    return find(inventory, inventory["head"], "data/units.jsonl")


def snapshots(home: Path, inventory: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
    """Give what a record's own package says of it, and of its items: revision 0, for every row holds before it."""
    names = find(inventory, inventory["head"], RECORD)
    if not names:
        return
    root = ElementTree.parse(str(home / names[0])).getroot()  # noqa: S314 - our own
    level, place = root.findtext(DESCRIBED + "聚合层次", ""), root.findtext(".//" + DESCRIBED + "档案馆代码", "")
    if level == "批次":
        return
    info = find(inventory, inventory["head"], "bag-info.txt")
    named = re.search(r"^Unit-Identifier: (.*)$", (home / info[0]).read_text("utf-8") if info else "", re.MULTILINE)
    own = (named.group(1) if named else inventory["id"]).replace("urn:uuid:", "", 1)
    head = {"revision": 0, "repository": place, "level": {"文件": "件"}.get(level, level)}
    yield {"unit_id": own, **head, "elements": elements(root)}
    for items in find(inventory, inventory["head"], ITEMS):
        for one in ElementTree.parse(str(home / items)).getroot().iter(DESCRIBED + "文件"):  # noqa: S314 - our own
            yield {"unit_id": one.get("标识", ""), **head, "level": "件", "parent": own, "elements": elements(one)}


def encoded(said: Dict[str, Any]) -> bytes:
    return (json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n").encode("utf-8")


def elements(root: ElementTree.Element) -> Dict[str, Any]:
    found = {key: root.findall(DESCRIBED + name) for key, name in ELEMENTS.items()}
    told = {key: [[one.text or "", dict(one.attrib)] for one in some] for key, some in found.items() if some}
    return {key: some[0][0] if len(some) == 1 and not some[0][1] else some for key, some in told.items()}


def shown(value: Any) -> str:
    """Return an element's value as a cell; what a spreadsheet would compute is quoted."""
    if not isinstance(value, str):
        value = "；".join(" ".join([text, *(str(one) for one in said.values())]).strip() for text, said in value)
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else str(value)


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
