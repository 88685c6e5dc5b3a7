"""What is said of the files of a row, once they were sought."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from archives.findings import Finding, error
from archives.message import message
from archives.record.identifiers import archival_code_key
from ingest.batch.matching import Claim
from ingest.sheets.catalogue import CatalogueRow


def about_files(row: CatalogueRow, rows: Sequence[CatalogueRow], claims: Mapping[int, Claim]) -> tuple[Finding, ...]:
    """Return what was found when the files of a row were sought; of one that cannot go in for another reason, which are missing.

    Nothing is said of a row of which no word may be told. Where files came for a code that several rows have, nobody can
    say of which of them they are.
    """
    claim = claims.get(row.number, Claim())
    if row.description:
        return claim.findings
    if row.unread is None or not (row.files or row.code_text):
        return ()
    key = archival_code_key(row.code_text)
    twins = [one.number for one in rows if not one.files and archival_code_key(one.code_text) == key]
    if not row.files and any(claims.get(number, Claim()).files for number in twins):
        return ()
    return tuple(found for found in claim.findings if found.severity == "error")


def is_kept(row: CatalogueRow) -> Finding:
    """Return that no file came for a row whose record is kept."""
    said = message(
        "档号 {code} 已有档案，此次没有对应的文件",
        "a record of the archival code {code} is kept, and no file came for it",
        code=row.code_text,
    )
    advised = message(
        "只改著录的，请加 --update 重新接收；要换文件的，请放进批次，改文件名或在“文件”列写明；档号写错的改档号，以正确的档号收进后仍未了结的，用 jinkui findings settle 编号 --reason 理由 了结",
        "to change its description alone, take the batch in again with --update; files are put into the batch, under its code or named in the column for files; where the code is wrong, correct it, and what is still open when its record is in: jinkui findings settle ID --reason WHY",
    )
    return replace(error("files-missing", said), advice=advised)
