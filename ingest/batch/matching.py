"""Which files belong to which row: by name, by folder, by the 文件 column; the longest archival code that fits wins."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Protocol

from archives.findings import Finding, error, warning
from archives.message import listed, message
from archives.record.identifiers import archival_code_key
from ingest.batch.listing import PlannedFile, shown
from ingest.sheets.catalogue import CatalogueRow

_AFTER_A_SLASH = "0"

Claim = tuple[tuple[PlannedFile, ...], tuple[Finding, ...]]
"""A row's files in their order, with what was found."""


class Naming(Protocol):
    """How the names of one kind of intake's files lead to their rows and their order; codes and names are folded."""

    def page_in_folder(self, stem: str) -> int | None:
        """Return the page number that a name gives in a folder which is named by the code."""

    def code_in(self, stem: str, codes: Collection[str]) -> str | None:
        """Return the code of a name that is neither a code nor a code with a number; None when it has none."""

    def listed(self, files: Sequence[PlannedFile]) -> tuple[PlannedFile, ...]:
        """Return the files that a row of the sheet names, in its order, as pages if they are such."""

    def found(self, files: Sequence[PlannedFile]) -> Claim:
        """Return the files that were found by name, in the order of their numbers and names."""


class Matcher:
    """Finds each row's files by name; the longest archival code that fits wins."""

    def __init__(
        self, rows: Sequence[CatalogueRow], payload: Sequence[PlannedFile], naming: Naming, sheet_name: str
    ) -> None:
        self._rows = rows
        self._payload = payload
        self._naming = naming
        self._sheet_name = sheet_name
        self._by_code: dict[str, list[CatalogueRow]] = {}
        for row in rows:
            if row.code_text:
                self._by_code.setdefault(_loose(archival_code_key(row.code_text)), []).append(row)
        self._usable = {code: [row for row in same if row.description] for code, same in self._by_code.items()}
        self._by_relative = {_folded(file.relative): file for file in payload}
        self._relatives = sorted(self._by_relative)

    def match(self) -> tuple[dict[int, Claim], list[Finding]]:
        """Return each row's files in page order with what was found, and findings about files alone."""
        named = {row.number: self._named(row) for row in self._rows if row.files}
        taken = {file.relative: number for number, (files, _) in named.items() for file in files}
        by_row: dict[int, list[PlannedFile]] = {}
        ambiguous: list[Finding] = []
        for file in self._payload:
            if file.relative in taken:
                continue
            code, page = self._owner(file)
            if code is None:
                continue
            usable = self._usable[code]
            if len(usable) > 1:
                ambiguous.append(_ambiguous(file, usable))
            for row in usable or self._by_code[code][:1] if len(usable) < 2 else ():
                if row.number not in named:
                    by_row.setdefault(row.number, []).append(replace(file, page=page))
        answer = dict(named)
        for row in self._rows:
            if row.number not in named:
                answer[row.number] = self._in_order(row, by_row.get(row.number, []))
        return answer, [*ambiguous, *self._claimed_twice(named)]

    def _owner(self, file: PlannedFile) -> tuple[str | None, int | None]:
        """Return the code of the rows that a file's name fits best, and its page number."""
        path = PurePosixPath(file.relative)
        stem = _loose(archival_code_key(path.stem))
        if stem in self._by_code:
            return stem, None
        numbered = re.fullmatch(r"(.+)-(\d{1,6})", stem)
        if numbered and numbered[1] in self._by_code:
            return numbered[1], int(numbered[2])
        for folder in reversed(path.parts[:-1]):
            code = _loose(archival_code_key(folder))
            if code in self._by_code:
                return code, self._naming.page_in_folder(path.stem)
        return self._naming.code_in(stem, self._by_code), None

    def _named(self, row: CatalogueRow) -> Claim:
        files: list[PlannedFile] = []
        findings: list[Finding] = []
        for name in row.files:
            found = self._resolve(name)
            if not found:
                zh, en = "“文件”列指明的 {name} 不在批次中", "{name}, named in the sheet, is not in the batch"
                findings.append(self._at(row, error("file-missing", message(zh, en, name=name))))
            files += found
        return self._naming.listed(files), tuple(findings)

    def _resolve(self, name: str) -> list[PlannedFile]:
        plain = name.replace("\\", "/").strip("/")
        if ".." in PurePosixPath(plain).parts or name.startswith("/"):
            return []
        exact = self._by_relative.get(_folded(plain))
        if exact:
            return [exact]
        folder = _folded(plain)
        first, end = (bisect_left(self._relatives, folder + mark) for mark in ("/", _AFTER_A_SLASH))
        inside = self._relatives[first:end]
        return sorted((self._by_relative[one] for one in inside), key=lambda file: _natural(file.relative))

    def _in_order(self, row: CatalogueRow, files: list[PlannedFile]) -> Claim:
        if not files:
            zh, en = "没有与档号 {code} 对应的文件", "no file belongs to the archival code {code}"
            return (), (self._at(row, error("files-missing", message(zh, en, code=row.code_text))),)
        ordered = sorted(files, key=lambda file: (file.page if file.page is not None else 0, _natural(file.relative)))
        taken, findings = self._naming.found(ordered)
        return taken, tuple(self._at(row, found) for found in findings)

    def _claimed_twice(self, named: Mapping[int, Claim]) -> Iterator[Finding]:
        owners: dict[str, list[int]] = {}
        for number, (files, _) in named.items():
            for file in files:
                owners.setdefault(file.relative, []).append(number)
        for relative, numbers in owners.items():
            if len(numbers) > 1:
                zh, en = "第 {rows} 行都指明了这个文件", "rows {rows} all name this file"
                said = message(zh, en, rows=listed(numbers))
                yield warning("file-claimed-twice", said, file=shown(relative))

    def _at(self, row: CatalogueRow, found: Finding) -> Finding:
        return found.at(file=self._sheet_name, row=row.number, cell=row.code_cell)


def _ambiguous(file: PlannedFile, rows: Sequence[CatalogueRow]) -> Finding:
    codes = listed([row.code_text for row in rows])
    said = message("文件名对应多个档号：{codes}", "the file's name fits several archival codes: {codes}", codes=codes)
    return warning("file-ambiguous", said, file=file.shown)


def _loose(key: str) -> str:
    return key.replace("·", "_")


def _folded(relative: str) -> str:
    return unicodedata.normalize("NFC", relative).casefold()


def _natural(relative: str) -> list[tuple[int, int, str]]:
    return [
        (1, int(part), "") if part.isdigit() and part.isascii() else (0, 0, part)
        for part in re.split(r"(\d+)", relative)
    ]
