"""What can be wrong when files are sought for rows, as findings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from archives.findings import Finding, error, note, warning
from archives.message import listed, message
from ingest.batch.listing import PlannedFile
from ingest.batch.tree import Found
from ingest.sheets.catalogue import CatalogueRow


def missing(name: str, found: Found, like: Sequence[str]) -> Finding:
    """Return that what a row names is not there, with what is called alike."""
    if found.rivals:
        return rivals_of(name, found.rivals)
    if found.folder is not None:
        zh, en = "“文件”列指明的文件夹 {name} 是空的", "the folder {name}, named in the sheet, is empty"
    elif like:
        zh = "“文件”列指明的 {name} 不在批次中；名称相近的有：{like}，如指其一请照抄"
        en = "{name}, named in the sheet, is not in the batch; called alike: {like}. Write the one that is meant as it stands here"
    else:
        zh, en = "“文件”列指明的 {name} 不在批次中", "{name}, named in the sheet, is not in the batch"
    return error("file-missing", message(zh, en, name=name, like=", ".join(like)))


def files_missing(code: str, like: Sequence[str]) -> Finding:
    """Return that no file belongs to a row, with the names that differ from its code in leading zeros only."""
    zh, en = "没有与档号 {code} 对应的文件", "no file belongs to the archival code {code}"
    found = error("files-missing", message(zh, en, code=code))
    if not like:
        return found
    advice = message(
        "批次中有只差前导零的：{like}；如是所指，请把表中的案卷号、件号等补齐前导零，或将文件（夹）改名，再接收；以改过的档号收进后此问题仍未了结的，用 jinkui findings settle 编号 --reason 理由 了结",
        "names in the batch differ in leading zeros only: {like}; where that is meant, write the numbers in the sheet with their zeros, or rename the files or folder, and take the batch in again; what is still open when its record is in under the code with zeros: jinkui findings settle ID --reason WHY",
        like=listed([*like], most=3),
    )
    return replace(found, advice=advice)


def without_ending(name: str, file: PlannedFile) -> Finding:
    """Return that a name in a sheet leaves out the ending of its file."""
    zh, en = (
        "“文件”列的 {name} 没有扩展名，按 {file} 接收",
        "{name} in the sheet leaves out an ending; {file} was taken",
    )
    return note("file-named-without-ending", message(zh, en, name=name, file=file.shown))


def named_twice(files: Sequence[PlannedFile]) -> Finding:
    """Return that a row names a file more than once."""
    times = Counter(file.shown for file in files)
    twice = listed([name for name, count in times.items() if count > 1])
    said = message(
        "此行几次指明同一文件，只收一次：{names}",
        "the row names these more than once; each is taken once: {names}",
        names=twice,
    )
    return note("file-named-twice", said)


def rivals_of(name: str, rivals: Sequence[str]) -> Finding:
    """Return that a name fits several that differ from it in case or writing only."""
    said = message(
        "{name} 与几个只差大小写或写法的名称都相符：{names}；请在“文件”列照抄所指的名称，或将文件改名",
        "{name} fits several names that differ in case or writing only: {names}; write the one that is meant exactly in the column 文件 (files), or rename the others",
        name=name,
        names=", ".join(rivals),
    )
    return error("file-name-ambiguous", said)


def ambiguous(file: PlannedFile, rows: Sequence[CatalogueRow]) -> Finding:
    """Return that the name of a file fits several rows."""
    codes = listed([row.code_text for row in rows])
    said = message("文件名对应多个档号：{codes}", "the file's name fits several archival codes: {codes}", codes=codes)
    return warning("file-ambiguous", said, file=file.shown)
