"""Which files belong to which row: by name, by folder, by the 文件 column; the longest archival code that fits wins."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from types import MappingProxyType

from archives.findings import Finding, warning
from archives.message import listed, message
from archives.record.identifiers import archival_code_key, as_in_file_names
from ingest.batch.file_column import FileColumn
from ingest.batch.fit import Fit, Fitting, without_rivals
from ingest.batch.listing import PlannedFile, folders_above, is_litter, is_passed_over, shown
from ingest.batch.match_findings import ambiguous, files_missing, missing, named_twice, rivals_of, without_ending
from ingest.batch.page_order import Named, in_order
from ingest.batch.tree import Tree
from ingest.sheets.catalogue import CatalogueRow
from ingest.volumes.label_checks import about_labels
from ingest.volumes.naming import CodesOfPaths, VolumeNames, but_for_zeros, loose_key

_PAGE = re.compile(r"(.+)[-_ .]\d+")
_GOES_ON = re.compile(r"[^0-9A-Za-z]|[A-Za-z](?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Claim:
    """A row's files in their order, the empty folders of its tree, what was found, and the tree's ``root`` in the batch."""

    files: tuple[PlannedFile, ...] = ()
    empty_folders: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    root: str = ""


class Matcher:
    """Finds each row's files; ``is_page`` says of which files the order must be beyond doubt.

    ``volumes`` are the rows whose pages are called what stands on paper; what has the code of an item is its volume's.
    """

    def __init__(
        self,
        rows: Sequence[CatalogueRow],
        payload: Sequence[PlannedFile],
        empty_folders: Sequence[str],
        *,
        sheet_name: str,
        is_page: Callable[[PlannedFile], bool],
        volumes: Mapping[int, VolumeNames] = MappingProxyType({}),
    ) -> None:
        self._volumes = volumes
        self._rows = rows
        self._payload = payload
        self._empty_folders = empty_folders
        self._tree = Tree(payload, empty_folders)
        self._column = FileColumn(self._tree)
        self._sheet_name = sheet_name
        self._is_page = is_page
        self._keys: dict[str, str] = {}
        self._by_code: dict[str, list[CatalogueRow]] = {}
        for row in rows:
            if row.code_text:
                self._by_code.setdefault(as_in_file_names(archival_code_key(row.code_text)), []).append(row)
            for item in volumes[row.number].items if row.number in volumes else ():
                self._by_code.setdefault(item, []).append(row)

        self._codes = CodesOfPaths(self._by_code)

    @cached_property
    def _codes_but_for_zeros(self) -> Mapping[str, tuple[str, ...]]:
        """Names of folders and files that are no row's code, by what is left of them without leading zeros."""
        found: dict[str, dict[str, None]] = {}
        for file in self._payload:
            path = PurePosixPath(file.relative)
            for name in (*path.parts[:-1], path.stem, *_begins(path.stem)):
                if loose_key(name) not in self._by_code:
                    found.setdefault(but_for_zeros(name), {})[shown(name)] = None
        return {key: tuple(names) for key, names in found.items()}

    def match(self) -> tuple[dict[int, Claim], list[Finding]]:
        """Return what belongs to each row, and findings about files alone."""
        answer = {row.number: self._named(row) for row in self._rows if row.files}
        twice = list(self._claimed_twice(answer))
        taken = {file.relative for claim in answer.values() for file in claim.files}
        fitting: dict[int, list[tuple[PlannedFile, Fit]]] = {}
        unclear: list[Finding] = []
        for file in self._payload:
            fit = self._fit(file) if file.relative not in taken else None
            if fit is None:
                continue
            rows = self._rows_of(fit.code, file.relative)
            if len(rows) > 1:
                unclear.append(ambiguous(file, rows))
            elif rows[0].number not in answer:
                fitting.setdefault(rows[0].number, []).append((file, fit))
        empty = self._empty_by_row()
        for row in self._rows:
            if row.number not in answer:
                answer[row.number] = self._fitting(row, fitting.get(row.number, []), empty.get(row.number, []))
        return answer, [*unclear, *twice]

    def _fit(self, file: PlannedFile) -> Fit | None:
        """Return the code that a file's name or folder fits best; what is passed over has only its folder."""
        path = PurePosixPath(file.relative)
        folder = next((one for one in folders_above(file.relative) if self._is_a_record(one)), None)
        if not is_passed_over(file.relative) and (found := self._in_name(path.stem, folder)):
            code, rest = found
            rows = self._by_code[code]
            own = (
                PurePosixPath(one) for one in folders_above(file.relative) if self._by_code.get(self._key(one)) == rows
            )
            anchor = next(own, path.parent)
            return Fit(code, str(path.parent.relative_to(anchor) / rest) if rest else "", anchor, is_by_name=True)
        if folder is None:
            return None
        name = str(path.relative_to(folder).with_name(path.stem))
        return Fit(self._key(folder), name, PurePosixPath(folder), is_by_name=False)

    def _in_name(self, stem: str, folder: str | None) -> tuple[str, str] | None:
        """Return the code in a name and what follows it; in another record's folder, only a number may follow."""
        key = as_in_file_names(archival_code_key(stem))
        if key in self._by_code:
            return key, ""
        numbered = re.fullmatch(r"(.+)-(\d{1,6})", key)
        if numbered and numbered[1] in self._by_code:
            return numbered[1], numbered[2]
        code = code_in(key, self._by_code)
        is_own = folder is None or code == self._key(folder)
        return (code, key[len(code) :]) if code and is_own else None

    def _is_a_record(self, folder: str) -> bool:
        return self._key(folder) in self._by_code and not is_passed_over(folder)

    def _key(self, folder: str) -> str:
        """Return a folder's name as codes are compared; a folder is asked for once a file that lies in it."""
        if folder not in self._keys:
            self._keys[folder] = self._codes.key(PurePosixPath(folder).parts)
        return self._keys[folder]

    def _rows_of(self, code: str, relative: str) -> Sequence[CatalogueRow]:
        """Return the rows of a code that can go in; of several, those whose code is written as the name has it."""
        rows = self._by_code[code]
        usable = [row for row in rows if row.description] or rows[:1]
        if len(usable) > 1:
            names = [archival_code_key(part) for part in PurePosixPath(relative).with_suffix("").parts]
            exact = [row for row in usable if any(name.startswith(archival_code_key(row.code_text)) for name in names)]
            return exact or usable
        return usable

    def _empty_by_row(self) -> dict[int, list[tuple[str, PurePosixPath]]]:
        """Return each row's empty folders, with the folder from which on its tree begins."""
        answer: dict[int, list[tuple[str, PurePosixPath]]] = {}
        for empty in self._empty_folders:
            folder = next((one for one in (empty, *folders_above(empty)) if self._is_a_record(one)), None)
            rows = self._rows_of(self._key(folder), folder) if folder else ()
            if folder and len(rows) == 1:
                answer.setdefault(rows[0].number, []).append((empty, PurePosixPath(folder)))
        return answer

    def _named(self, row: CatalogueRow) -> Claim:
        """Return what a row names itself, in its order; the files of a folder in that of their names."""
        files: list[PlannedFile] = []
        beside: list[PlannedFile] = []
        empty: list[str] = []
        anchors: list[PurePosixPath] = []
        findings: list[Finding] = []
        for name, found, role in self._column.named_in(row.files):
            if not found.files:
                findings.append(missing(name, found, self._tree.like(name)))
                continue
            if found.lacks_ending:
                findings.append(without_ending(name, found.files[0]))
            empty += found.empty_folders
            if found.folder is None:
                files += (replace(file, role=role) for file in found.files)
                anchors.append(PurePosixPath(found.files[0].relative).parent)
                continue
            anchors.append(PurePosixPath(found.folder))
            ordered, told = self._in_order(_of_folder(found.folder, found.files))
            files += (replace(file, page=None, role=role) for file in ordered if not file.is_beside)
            beside += (file for file in ordered if file.is_beside)
            findings += told
        if row.number in self._volumes:
            files, told = self._labelled(row, files)
            findings += told
        root = _common(anchors)
        once = {file.relative: file for file in (*files, *beside)}.values()
        if len(once) < len(files) + len(beside):
            findings.append(named_twice([*files, *beside]))
        kept = tuple(replace(file, place=PurePosixPath(file.relative).relative_to(root)) for file in once)
        return Claim(kept, _below(root, empty), tuple(self._at(row, found) for found in findings), str(root))

    def _fitting(self, row: CatalogueRow, fitting: Fitting, empty: Sequence[tuple[str, PurePosixPath]]) -> Claim:
        """Return what was found for a row by names and folders, in the order of the names."""
        if all(is_litter(file.relative) for file, _ in fitting):
            found = files_missing(row.code_text, self._codes_but_for_zeros.get(but_for_zeros(row.code_text), ()))
            return Claim(findings=(self._at(row, found),))
        fitting, rivals = without_rivals(fitting, row.code_text)
        if rivals:
            return Claim(findings=(self._at(row, rivals_of(row.code_text, rivals)),))
        root = _common([*(fit.anchor for _, fit in fitting), *(anchor for _, anchor in empty)])
        ordered, findings = self._ordered(row, fitting)
        kept = tuple(replace(file, place=PurePosixPath(file.relative).relative_to(root)) for file in ordered)
        told = tuple(self._at(row, found) for found in findings)
        return Claim(kept, _below(root, [folder for folder, _ in empty]), told, str(root))

    def _ordered(self, row: CatalogueRow, fitting: Fitting) -> tuple[tuple[PlannedFile, ...], list[Finding]]:
        if row.number in self._volumes:
            files = [replace(file, is_beside=is_passed_over(file.relative)) for file, _ in fitting]
            pages, told = self._labelled(row, [file for file in files if not file.is_beside])
            return (*pages, *sorted((one for one in files if one.is_beside), key=lambda file: file.relative)), told
        return self._in_order(
            Named(replace(file, is_beside=is_passed_over(file.relative)), name)
            for (file, _), name in zip(fitting, self._names(fitting), strict=True)
        )

    def _labelled(self, row: CatalogueRow, files: Sequence[PlannedFile]) -> tuple[list[PlannedFile], list[Finding]]:
        """Return the files of a volume from cover to cover, each with what its page is called."""
        named = self._volumes[row.number].pages([file.relative for file in files])
        pages = [replace(f, page=None, label=n.label.text, item=n.item) for f, n in zip(files, named, strict=True)]
        order = sorted(range(len(pages)), key=lambda at: (named[at].label.order, pages[at].relative))
        labels, names = [named[at].label for at in order], [pages[at].shown for at in order]
        return [pages[at] for at in order], [*about_labels(labels, names)] if len(pages) > 1 else []

    def _names(self, fitting: Fitting) -> list[str]:
        """Return what the names say beyond the code, with the folders outside the record's own where they say the same."""
        names = [fit.name for _, fit in fitting]
        if len(set(names)) == len(names):
            return names
        homes = [fit.anchor.parent if self._key(str(fit.anchor)) == fit.code else fit.anchor for _, fit in fitting]
        root = _common(homes)
        return [str(home.relative_to(root) / name) for home, name in zip(homes, names, strict=True)]

    def _in_order(self, named: Iterator[Named]) -> tuple[tuple[PlannedFile, ...], list[Finding]]:
        """Return files in the order of their names; what lies beside them comes last and is not counted."""
        every = tuple(named)
        beside = sorted((one.file for one in every if one.file.is_beside), key=lambda file: file.relative)
        ordered, findings = in_order([one for one in every if not one.file.is_beside], self._is_page)
        return (*ordered, *beside), findings

    def _claimed_twice(self, named: Mapping[int, Claim]) -> Iterator[Finding]:
        owners: dict[str, list[int]] = {}
        for number, claim in named.items():
            for file in claim.files:
                owners.setdefault(file.relative, []).append(number)
        for relative, numbers in owners.items():
            if len(numbers) > 1:
                zh, en = "第 {rows} 行都指明了这个文件", "rows {rows} all name this file"
                said = message(zh, en, rows=listed(numbers))
                yield warning("file-claimed-twice", said, file=shown(relative))

    def _at(self, row: CatalogueRow, found: Finding) -> Finding:
        return found.at(
            file=self._sheet_name,
            row=row.number,
            cell=row.files_cell if row.files and row.files_cell else row.code_cell,
        )


def code_in(stem: str, codes: Collection[str]) -> str | None:
    """Return the longest code that a name begins with, when what follows cannot belong to a code; all are folded."""
    for end in range(len(stem) - 1, 0, -1):
        if stem[:end] in codes and _GOES_ON.match(stem, end) and not (stem[end].isalpha() and stem[end - 1].isalpha()):
            return stem[:end]
    return None


def _begins(stem: str) -> Iterator[str]:
    """Yield a name without its last number, which may be that of a page."""
    if page := _PAGE.fullmatch(stem):
        yield page[1]


def _of_folder(folder: str, files: Sequence[PlannedFile]) -> Iterator[Named]:
    """Yield a folder's files, each named by its way from there; what is hidden below it lies beside the others."""
    for file in files:
        path = PurePosixPath(file.relative).relative_to(folder)
        yield Named(replace(file, is_beside=is_passed_over(str(path))), str(path.with_name(path.stem)))


def _common(anchors: Sequence[PurePosixPath]) -> PurePosixPath:
    """Return the innermost folder in which all of these lie, or which they are."""
    first, *others = anchors or (PurePosixPath(),)
    shared = (first, *first.parents)
    return next(one for one in shared if all(one == other or one in other.parents for other in others))


def _below(root: PurePosixPath, folders: Sequence[str]) -> tuple[str, ...]:
    """Return folders as they lie below a root; the root itself is none of its own."""
    places = [PurePosixPath(folder) for folder in dict.fromkeys(folders)]
    return tuple(str(place.relative_to(root)) for place in places if place != root)
