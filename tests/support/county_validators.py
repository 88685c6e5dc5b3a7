"""Validators that nobody here wrote, on what lies in the stores: bagit-python, ocfl-py, the schemas of METS, PREMIS and EAD3.

XML is judged by xmlschema where that is installed, else by libxml2.
"""

import contextlib
import io
import logging
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import bagit
import ocfl
from lxml import etree

SCHEMAS = {"METS.xml": "mets.xsd", "premis.xml": "premis-v3-0.xsd", "ead.xml": "ead3.xsd"}


class Schemas:
    """The schemas of a folder, each read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, object] = {}
        self.judge = "xmlschema" if find_spec("xmlschema") else "libxml2"

    def wrong(self, document: Path, name: str) -> Iterator[str]:
        """Yield what is wrong with a document by the schema of a name."""
        if self.judge == "xmlschema":
            if name not in self._read:
                self._read[name] = import_module("xmlschema").XMLSchema(
                    str(self._folder / name), allow="local", uri_mapper=self._local
                )
            yield from (
                f"{document}: {one.reason}" for one in self._read[name].iter_errors(etree.parse(document).getroot())
            )  # type: ignore[attr-defined]  # as xmlschema has it
            return
        if name not in self._read:
            parser = etree.XMLParser(no_network=True)
            parser.resolvers.add(_Beside(self._folder))
            self._read[name] = etree.XMLSchema(etree.parse(self._folder / name, parser))
        schema = self._read[name]
        assert isinstance(schema, etree.XMLSchema)
        if not schema.validate(etree.parse(document)):
            yield f"{document}: {schema.error_log.last_error}"

    def _local(self, uri: str) -> str:
        """Return where a schema lies here that another names by its address."""
        place = self._folder / uri.rpartition("/")[2]
        return place.as_uri() if "://" in uri and place.exists() else uri


class _Beside(etree.Resolver):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url: str, public_id: str, context: object) -> object:
        """Give the schema of the same name that lies here."""
        del public_id
        place = self._folder / system_url.rpartition("/")[2]
        return self.resolve_filename(str(place), context) if place.exists() else None


def wrong_in_store(store: Path, schemas: Schemas) -> Iterator[str]:
    """Yield what validators say against the packages of a store."""
    logging.getLogger("bagit").setLevel(logging.CRITICAL)
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
    for name in ("METS.xml", "premis.xml"):
        for document in sorted(store.rglob(name)):
            yield from schemas.wrong(document, SCHEMAS[name])
