"""A former version of a record as a batch: its files and a sheet with its description, which ``ingest --update`` takes as they are."""

import json
from pathlib import Path

from archives.journal.facts import PackageStored
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from cli.home.home import Home
from preservation.handouts.catalogue_sheet import Column, catalogue_columns, cells_of, write_catalogue
from preservation.stores.files import write_new
from preservation.vault.content import read_content

FILES = "文件"
"""The folder of the batch in which the files lie; it is the heading of the column that names it, too."""
_SHEET = "目录.csv"
_OTHER = "other:"


def is_for_update(home: Home, anchor: PackageStored, version: int | None) -> bool:
    """Say whether a version that was named is written as a batch: of a record that is no volume."""
    if version is None or anchor.kind is not PackageKind.RECORD:
        return False
    return all(one.volume is None for one in home.catalogue.named([anchor.package_id]))


def as_batch(home: Home, anchor: PackageStored, files: Path, version: int) -> Path:
    """Return a batch, made beside the folder with the files of a version: those, and the sheet with what that version said.

    Its code is the one that the record has now. Raises ``StorageError``, ``IntegrityError``, ``OSError``.
    """
    content = read_content(home.vault, home.catalogue.stored(PackageId(anchor.package_id), version))
    said = cells_of(content.description) if content.description else {}
    said["code"] = anchor.archival_code
    batch = files.with_name("batch")
    batch.mkdir()
    files.rename(batch / FILES)
    plain = [key for key in said if not key.startswith(_OTHER)]
    others = tuple(Column(key, key.removeprefix(_OTHER)) for key in said if key.startswith(_OTHER))
    columns = (*catalogue_columns(plain, "zh"), *others, Column(FILES, FILES))
    write_catalogue(batch / _SHEET, columns, [{**said, FILES: FILES}])
    settings = f"repository = {json.dumps(anchor.repository)}\n"
    write_new(batch / "batch.toml", settings.encode(), mode=0o644)
    return batch
