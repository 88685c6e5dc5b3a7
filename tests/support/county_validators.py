"""Validators that nobody here wrote, on what lies in the stores: bagit-python, ocfl-py, the schemas of METS, PREMIS and EAD3.

XML is judged by xmlschema, which a machine may have and need not: ``why_not`` says that it has not.
"""

import contextlib
import io
import logging
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bagit
import ocfl
from lxml import etree

SCHEMAS = {"METS.xml": "mets.xsd", "premis.xml": "premis-v3-0.xsd"}


def why_not() -> str:
    """Return why XML cannot be judged here, empty where it can."""
    return "" if find_spec("xmlschema") else "xmlschema is not installed"


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
    for name, schema in SCHEMAS.items() if not why_not() else ():
        for document in sorted(store.rglob(name)):
            yield from schemas.wrong(document, schema)
