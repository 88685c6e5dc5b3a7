"""Validators that nobody here wrote, on what lies in the stores: bagit-python, ocfl-py, schemas of METS, PREMIS, EAD3, commons-ip2.

XML is judged by xmlschema, which a machine may have and need not, E-ARK by a program in Java: ``not_judged`` says what is missing.
"""

import contextlib
import io
import json
import logging
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bagit
import ocfl
from lxml import etree

from tests.support.places import SHARED

SCHEMAS = {"METS.xml": "mets.xsd", "premis.xml": "premis-v3-0.xsd"}
JUDGE = SHARED / "tools" / "judge"


def xml_why_not() -> str:
    """Return why XML cannot be judged here, empty where it can."""
    return "" if find_spec("xmlschema") else "xmlschema is not installed"


def _eark_why_not() -> str:
    return "" if JUDGE.is_file() and shutil.which("java") else "no Java, or nothing that runs commons-ip2"


def not_judged() -> list[str]:
    """Return why something is not judged here."""
    return [one for one in (xml_why_not(), _eark_why_not()) if one]


class Schemas:
    """The schemas of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Any] = {}

    def wrong(self, document: Path, name: str) -> Iterator[str]:
        """Yield what is wrong with a document by the schema of a name."""
        if name not in self._read:
            read = import_module("xmlschema").XMLSchema
            self._read[name] = read(str(self._folder / name), allow="local", uri_mapper=self._local)
        for one in self._read[name].iter_errors(etree.parse(document).getroot()):
            yield f"{document}: {one.reason}"

    def _local(self, uri: str) -> str:
        """Return where a schema lies here that another names by its address."""
        place = self._folder / uri.rpartition("/")[2]
        return place.as_uri() if "://" in uri and place.exists() else uri


def wrong_in_store(store: Path, schemas: Schemas) -> Iterator[str]:
    """Yield what validators say against the packages of a store."""
    logging.getLogger().setLevel(logging.CRITICAL)
    root = ocfl.StorageRoot(root=str(store / "packages"))
    with contextlib.redirect_stdout(io.StringIO()) as said:
        is_valid = root.validate(validate_objects=True, check_digests=True)
    if not is_valid:
        yield f"{store}: ocfl-py: {said.getvalue()[-500:]}"
    for declared in sorted(store.rglob("bagit.txt")):
        bag = declared.parent
        if bag.parent.name != "v1":
            continue  # later versions hold what is new in them only
        try:
            bagit.Bag(str(bag)).validate()
        except bagit.BagError as cause:
            yield f"{bag}: bagit-python: {str(cause)[:300]}"
    for name, schema in SCHEMAS.items() if not xml_why_not() else ():
        for document in sorted(store.rglob(name)):
            yield from schemas.wrong(document, schema)


def wrong_by_commons_ip(home: Path, package_id: str, folder: Path) -> Iterator[str]:
    """Yield what commons-ip2 says against a package, written out of a store by the program that lies in it."""
    if _eark_why_not():
        return
    bag, judged, report = folder / "for-commons-ip", folder / "commons-ip" / package_id, folder / "commons-ip-report"
    store = sorted((home / "stores").iterdir())[0]
    urn = f"urn:uuid:{package_id}"
    subprocess.run(["python3", str(store / "restore.py"), "get", urn, str(bag)], check=True, capture_output=True)
    named = etree.parse(bag / "data/METS.xml").getroot().get("OBJID", "")
    judged = folder / "commons-ip" / named
    judged.parent.mkdir()
    (bag / "data").rename(judged)
    report.mkdir()
    command = [str(JUDGE), "csip", "-i", str(judged), "-o", str(report)]
    done = subprocess.run(command, check=False, capture_output=True, cwd=report)  # where it starts it leaves a log
    reports = sorted(report.rglob("*.json"))
    if not reports:
        yield f"commons-ip2 wrote no report: {done.stdout[-300:]!r} {done.stderr[-300:]!r}"
        return
    found = json.loads(reports[0].read_text("utf-8"))
    if found["summary"]["result"] != "VALID":
        yield from (str(one)[:300] for one in found["validation"] if one.get("testing", {}).get("outcome") == "FAILED")
