"""A former version of a record as a batch: its files and a sheet with its description, which ``ingest --update`` takes as they are."""

import json
from pathlib import Path

from archives.errors import UsageProblem
from archives.journal.facts import PackageStored
from archives.message import message
from archives.record.identifiers import PackageId
from archives.record.record import PackageKind
from cli.home.home import Home
from ingest.sheets.catalogue import CLEARED, COLUMNS
from preservation.handouts.catalogue_sheet import Column, catalogue_columns, cells_of, write_catalogue
from preservation.stores.files import write_new
from preservation.vault.content import read_content

FILES = "文件"
"""The folder of the batch in which the files lie; it is the heading of the column that names it, too."""
_SHEET = "目录.csv"
_OTHER = "other:"


def is_for_update(home: Home, anchor: PackageStored, version: int | None) -> bool:
    """Say whether a version that was named is written as a batch: of a record.

    Raises ``UsageProblem`` for a volume, whose items no single row describes.
    """
    if version is None or anchor.kind is not PackageKind.RECORD:
        return False
    if any(one.volume is not None for one in home.catalogue.named([anchor.package_id])):
        raise UsageProblem(
            message(
                "{code} 是案卷，卷内各件各有一行，不能写成可直接接收的一批",
                "{code} is a volume, whose items have rows of their own: it is not written as a batch that goes in again",
                code=anchor.archival_code,
            ),
            subject="--as-it-came",
            advice=message(
                "要这一版的文件，去掉 --as-it-came：写出整个信息包，文件在 data/representations/original/data 中；"
                "要改回这一版，再用 jinkui template volumes 填好案卷和卷内各件，连同这些文件用 jinkui ingest --update 接收",
                "for the files of this version leave --as-it-came out: it writes the whole bag, with the files in data/representations/original/data; "
                "to make it the newest again, fill in jinkui template volumes with the volume and its items, and take it in with these files by jinkui ingest --update",
            ),
        )
    return True


def as_batch(home: Home, anchor: PackageStored, files: Path, version: int) -> Path:
    """Return a batch, made beside the folder with the files of a version: those, and the sheet with what that version said.

    Its code is the one that the record has now; what is said of the record now and that version did not say is emptied,
    or it would stay. Raises ``StorageError``, ``IntegrityError``, ``OSError``.
    """
    content = read_content(home.vault, home.catalogue.stored(PackageId(anchor.package_id), version))
    said = cells_of(content.description) if content.description else {}
    for one in home.catalogue.named([anchor.package_id]):
        said = {**{key: CLEARED.zh for key in cells_of(one.description) if _can_be_emptied(key)}, **said}
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


def _can_be_emptied(key: str) -> bool:
    """Say whether a sheet of a batch has a column for it: elements, and the archives' own columns; names of persons have none."""
    return key in COLUMNS or key.startswith(_OTHER)
