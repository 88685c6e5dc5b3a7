"""A folder with a catalogue sheet, as batches are handed over: its sheet against its files, three ways, before one byte is copied.

The folder is listed, never changed, and no file but the sheet and ``batch.toml`` is opened. Everything that does not
fit is a finding with file, row and cell; only a state secret that was not declassified stops the whole batch.
"""

import hashlib
import os
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from archives.errors import ConfigurationError, FormatError
from archives.findings import Finding, error, note, warning
from archives.message import message
from archives.record.description import Repository, parse_language
from archives.record.identifiers import RecordKey
from formats.kinds.registry import PAGE_ENDINGS, PICTURE_ENDINGS
from ingest.batch.listing import Listing, PlannedFile, is_litter, is_passed_over, list_batch
from ingest.batch.matching import Claim, Matcher
from ingest.batch.plan import BatchKind, BatchPlan, PlannedRecord, RejectedRow
from ingest.batch.reopened import Listed, open_listed
from ingest.batch.secrets import refuse_state_secrets, with_merged
from ingest.batch.which_sheet import TABLES, ChosenSheet, sheet_of_batch
from ingest.readers.reader import Known
from ingest.sheets.catalogue import CATALOGUE_HEADINGS, REQUIRED, CatalogueRow, read_catalogue
from ingest.sheets.headings import fold_heading
from ingest.sheets.languages import Languages, LanguageSource, about_languages
from ingest.sheets.table import Sheet, SheetCell, sheet_of

_SETTINGS = "batch.toml"
_LARGEST_SETTINGS_BYTES = 1 << 20
_KEYS = ("repository", "kind", "language")


class CataloguedFolder:
    """A folder with one catalogue sheet, files, and perhaps a ``batch.toml``."""

    def recognises(self, delivery: Path) -> bool:
        """Say whether a table lies in it."""
        return any(one.suffix.lower() in TABLES and one.is_file() for one in delivery.iterdir())

    def read(self, delivery: Path, known: Known) -> BatchPlan:
        """Read a batch folder and plan its ingest; raises ``NotFoundError`` when it is not plain which its sheet is."""
        listing = list_batch(delivery)
        listed = {file.relative: file for file in listing.files}
        chosen = sheet_of_batch(delivery, listed, known.sheet)
        settings = _settings(listed.get(_SETTINGS))
        home = _repository(known.repository or settings.repository, known.repositories)
        with open_listed(chosen.file) as opened:
            read = sheet_of(
                opened, CATALOGUE_HEADINGS, required=REQUIRED, reader=known.sheets, worksheet=chosen.worksheet
            )
        sheet = _with_defaults(read, settings.defaults)
        rows = read_catalogue(
            sheet,
            languages=Languages(settings.language, known.language),
            today=known.today,
            held=lambda code: held.description if (held := known.held(RecordKey(home.code.value, code.key))) else None,
            not_secret=with_merged(sheet, known.not_secret).keys(),
        )
        own = {_SETTINGS} if chosen.is_outside else {chosen.file.relative, _SETTINGS}
        brought = (*listing.files, chosen.file) if chosen.is_outside else listing.files
        payload = [file for file in listing.files if file.relative not in own]
        matcher = Matcher(
            rows, payload, listing.empty_folders, sheet_name=sheet.name, is_page=_order_matters(settings.kind)
        )
        claims, claim_findings = matcher.match()
        names = _names(delivery, listing, rows, claims, brought)
        judged, about_judged = refuse_state_secrets(sheet, rows, names, known.not_secret)
        records, rejected = _sorted_out(rows, claims, known, home, sheet.name)
        claimed = {file.relative: file for claim in claims.values() for file in claim.files}
        loose = [file for file in payload if file.relative not in claimed]
        known_empty = {str(PurePosixPath(claim.root, one)) for claim in claims.values() for one in claim.empty_folders}
        return BatchPlan(
            batch_id=_batch_id(home, [file for file in brought if not is_litter(file.relative)], own, chosen),
            folder=delivery,
            repository=home,
            kind=settings.kind,
            sheet_name=sheet.name,
            records=tuple(records),
            rejected=tuple(rejected),
            submission=tuple(
                replace(file, place=PurePosixPath(file.relative))
                for file in brought
                if file.relative not in claimed or file is chosen.file
            ),
            findings=(
                *chosen.findings,
                *sheet.findings,
                *about_judged,
                *about_languages(_languages(rows), sheet.name),
                *listing.findings,
                *claim_findings,
                *(_without_row(file) for file in loose if not is_passed_over(file.relative)),
                *(_passed_over(file, claimed) for file in payload if is_passed_over(file.relative)),
            ),
            empty_folders=tuple(folder for folder in listing.empty_folders if folder not in known_empty),
            not_secret=judged,
        )


def _sorted_out(
    rows: Sequence[CatalogueRow], claims: Mapping[int, Claim], known: Known, home: Repository, sheet_name: str
) -> tuple[list[PlannedRecord], list[RejectedRow]]:
    """Return the rows that can go in with their files, and those that cannot, with why."""
    records, rejected = [], []
    for row in rows:
        claim = claims.get(row.number, Claim())
        keeps_files = known.update and row.is_held and not claim.files and not row.files
        found = claim.findings if row.description and not keeps_files else ()
        if found and row.is_held and not claim.files and not row.files:
            found = (_is_kept(row).at(file=sheet_name, row=row.number, cell=row.code_cell),)
        findings = (*row.findings, *found, *_fonds_finding(row, home, known.fonds, sheet_name))
        if row.description is None or any(f.severity == "error" for f in findings):
            rejected.append(RejectedRow(row.number, row.code_text, findings))
        else:
            is_guessed = row.language_from in ("text", "interface")
            records.append(
                PlannedRecord(
                    row.number, row.description, claim.files, findings, claim.empty_folders, keeps_files, is_guessed
                )
            )
    return records, rejected


def _is_kept(row: CatalogueRow) -> Finding:
    said = message(
        "档号 {code} 已有档案，此次没有对应的文件",
        "a record of the archival code {code} is kept, and no file came for it",
        code=row.code_text,
    )
    advised = message(
        "只改著录的，请加 --update 重新接收；要换文件的，请放进批次，改文件名或在“文件”列写明",
        "to change its description alone, take the batch in again with --update; files are put into the batch, under its code or named in the column for files",
    )
    return replace(error("files-missing", said), advice=advised)


def _languages(rows: Sequence[CatalogueRow]) -> dict[tuple[str, LanguageSource], list[int]]:
    """Return the rows by the language that they got, and where it was taken from."""
    found: dict[tuple[str, LanguageSource], list[int]] = {}
    for row in rows:
        if row.description:
            found.setdefault((row.description.language, row.language_from), []).append(row.number)
    return found


def _names(
    delivery: Path,
    listing: Listing,
    rows: Sequence[CatalogueRow],
    claims: Mapping[int, Claim],
    brought: Sequence[PlannedFile],
) -> dict[str, bool]:
    """Return the name of the batch and of everything in it, each with whether its record was declassified."""
    over = {f.relative: row.is_declassified for row in rows for f in claims.get(row.number, Claim()).files}
    names = {f"{delivery.name}/": False}
    names |= dict.fromkeys((found.file for found in listing.findings if found.file), False)
    names |= dict.fromkeys((f"{folder}/" for folder in listing.empty_folders), False)
    return names | {file.relative: over.get(file.relative, False) for file in brought}


@dataclass(frozen=True, slots=True)
class _BatchSettings:
    repository: str | None = None
    kind: BatchKind = BatchKind.MIXED
    language: str | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


def _settings(file: PlannedFile | None) -> _BatchSettings:
    if file is None:
        return _BatchSettings()
    path = file.path
    if file.size_bytes > _LARGEST_SETTINGS_BYTES:
        raise _bad_settings(path, f"> {_LARGEST_SETTINGS_BYTES} B")
    try:
        stated = tomllib.loads(Listed(file).read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as cause:
        raise _bad_settings(path, f"“{cause}”") from cause
    defaults = stated.pop("defaults", {})
    for key, value in stated.items():
        if key not in _KEYS or not isinstance(value, str):
            raise _bad_settings(path, key)
    if not isinstance(defaults, dict):
        raise _bad_settings(path, "defaults")
    known: dict[str, str] = {}
    for heading, value in defaults.items():
        name = CATALOGUE_HEADINGS.get(fold_heading(heading))
        if name is None or not isinstance(value, str | int):
            raise _bad_settings(path, f"defaults.{heading}")
        known[name] = str(value)
    try:
        language = parse_language(stated["language"]) if "language" in stated else None
    except FormatError as cause:
        raise _bad_settings(path, f"language = {stated['language']}") from cause
    kind = _kind(stated.get("kind", BatchKind.MIXED))
    return _BatchSettings(stated.get("repository"), kind, language, known)


def _kind(stated: str) -> BatchKind:
    if stated not in set(BatchKind):
        said = message(
            "batch.toml 中 kind 应为 {zh}",
            "batch.toml: kind is {en}",
            zh=" 或 ".join(BatchKind),
            en=" or ".join(BatchKind),
        )
        raise ConfigurationError(said, subject=stated)
    return BatchKind(stated)


def _order_matters(kind: BatchKind) -> Callable[[PlannedFile], bool]:
    """Return what says of a file whether it is a page by itself, whose place among the others must not be in doubt."""
    endings = {BatchKind.MIXED: PICTURE_ENDINGS, BatchKind.SCANS: PAGE_ENDINGS, BatchKind.DOCUMENTS: frozenset[str]()}
    return lambda file: PurePosixPath(file.relative).suffix.lower() in endings[kind]


def _bad_settings(path: Path, what: str) -> ConfigurationError:
    return ConfigurationError(
        message("batch.toml 中的设置不能用：{what}", "batch.toml: a setting that cannot be used: {what}", what=what),
        subject=str(path),
        advice=message(
            "可用的设置：{keys}，以及 [defaults] 表",
            "known settings: {keys}, and the table [defaults]",
            keys=", ".join(_KEYS),
        ),
    )


def _with_defaults(sheet: Sheet, defaults: Mapping[str, str]) -> Sheet:
    """Return the sheet with what ``batch.toml`` says put into empty cells."""
    given = {name: SheetCell(text, _SETTINGS) for name, text in defaults.items()}
    return replace(sheet, rows=tuple(replace(row, cells={**given, **row.cells}) for row in sheet.rows))


def _repository(code: str | None, repositories: Mapping[str, Repository]) -> Repository:
    if code is None and len(repositories) == 1:
        return next(iter(repositories.values()))
    if code is not None and code in repositories:
        return repositories[code]
    raise ConfigurationError(
        message("未知的馆（室）代码：{code}", "unknown repository: {code}", code=code)
        if code
        else message("不知道批次属于哪个馆（室）", "it is not known which repository the batch belongs to"),
        subject=code or "repository",
        advice=message(
            "请用 --repository 指明其中一个：{known}；或先运行 jinkui repository add",
            "name one with --repository: {known}; or run jinkui repository add first",
            known=", ".join(sorted(repositories)),
        )
        if repositories
        else message(
            "还没有登记任何馆（室）：请先运行 jinkui repository add 代码 --name 名称",
            "no repository is described yet: run jinkui repository add CODE --name NAME first",
        ),
    )


def _fonds_finding(
    row: CatalogueRow, home: Repository, fonds: Collection[tuple[str, str]], sheet_name: str
) -> Iterator[Finding]:
    if row.description and (home.code.value, row.description.code.fonds) not in fonds:
        said = message(
            "全宗号 {number} 未登记，请用 jinkui fonds import 登记",
            "the fonds {number} is not described; describe it with jinkui fonds import",
            number=row.description.code.fonds,
        )
        yield warning("fonds-unknown", said, file=sheet_name, row=row.number, cell=row.code_cell)


def _batch_id(home: Repository, files: Sequence[PlannedFile], own: Collection[str], chosen: ChosenSheet) -> str:
    """Return an identifier of the batch's content as listed: the same folder, handed over again, has the same."""
    digest = hashlib.sha256(home.code.value.encode())
    for file in files:
        digest.update(os.fsencode(file.relative) + f"\0{file.size_bytes}\0".encode())
        if file.relative in own or file is chosen.file:
            digest.update(Listed(file).read_bytes())
    digest.update((chosen.worksheet or "").encode())
    return digest.hexdigest()[:24]


def _without_row(file: PlannedFile) -> Finding:
    zh, en = "目录表中没有对应的行，文件随批次保存", "no row of the sheet names the file; it is kept with the batch"
    return warning("file-without-row", message(zh, en), file=file.shown)


def _passed_over(file: PlannedFile, claimed: Mapping[str, PlannedFile]) -> Finding:
    """Return where a hidden file or one that a system left behind is kept; one that its row names is like any other."""
    zh, en = "系统或隐藏文件，随批次保存", "a file of the system, or hidden; it is kept with the batch"
    if file.relative in claimed:
        zh, en = (
            "系统或隐藏文件，已随档案保存，未读取文字",
            "a file of the system, or hidden; it is kept with its record and not read",
        )
        if not claimed[file.relative].is_beside:
            zh, en = "隐藏文件，已随档案保存", "a hidden file; it is kept with its record"
    return note("file-passed-over", message(zh, en), file=file.shown)
