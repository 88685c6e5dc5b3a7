"""The command that recognises the text of records that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from archives.errors import JinkuiError, ToolError, worst_exit_code
from archives.findings import Finding, warning
from archives.message import Message, message
from archives.record.holding import Holding
from cli import wiring
from cli.commands.record.rendering import finding_table, the_record
from cli.commands.shared import WRITES, DryRun, InRepository
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Argument, Option
from cli.home.home import Home, home_of
from ingest.comparison import WAITS
from ingest.outcome import RecordOutcome
from ingest.recognition import find_unread, recognise, require_engines
from ingest.workplace import Workplace
from preservation.package.new_package import software


@dataclass(frozen=True, slots=True)
class _Read:
    """What became of a record: how many pages there were to read, and the version that has their text."""

    holding: Holding
    pages: int = 0
    outcome: RecordOutcome | None = None
    findings: tuple[Finding, ...] = ()
    failure: JinkuiError | None = None
    would: bool = False

    @property
    def state(self) -> str:
        """What became of it, for programs."""
        if self.failure:
            return "failed"
        if self.outcome:
            return self.outcome.outcome.value
        return "would be updated" if self.would and self.pages else "nothing_to_read"

    @property
    def said(self) -> Message:
        """What became of it, for people."""
        if self.failure:
            return self.failure.message
        if self.outcome and self.outcome.version is None:
            return message("未改动", "left as it was")
        if self.outcome:
            return message("已存为第 {n} 版", "stored as version {n}", n=self.outcome.version or 0)
        if self.would and self.pages:
            return message("将存为新版本", "would be stored as a new version")
        return message("没有要识别的页", "no page to read")


_FIELDS: tuple[Field[_Read], ...] = (
    Field("archival_code", message("档号", "archival code"), lambda one: one.holding.description.code.written),
    Field("repository", None, lambda one: one.holding.key.repository),
    Field("pages", message("识别页数", "pages read"), lambda one: one.pages),
    Field("outcome", message("结果", "outcome"), lambda one: one.state, lambda one: one.said),
    Field("version", None, lambda one: one.outcome.version if one.outcome else None),
    Field("error", None, lambda one: one.failure.code if one.failure else None),
    Field("findings", message("问题数", "findings"), lambda one: one.findings, lambda one: len(one.findings)),
)


@command(
    example="jinkui recognise J019-WS·2014·Y·BGS-0101 --again",
    exits=(*WRITES, ToolError, FINDINGS),
)
def recognise_records(
    call: Call,
    *,
    code: Annotated[
        tuple[str, ...], Argument(message("档号，可写作 馆代码:档号", "archival codes, or REPOSITORY:CODE"))
    ],
    again: Annotated[bool, Option(message("已识别的页也重新识别", "read pages again that were read before"))] = False,
    repository: InRepository = None,
    dry_run: DryRun = False,
) -> Result:
    """Recognise the pages of records that have no text yet (``again``: all pages), as new versions with the same files."""
    home = home_of(call)
    if not dry_run:
        home.begin_writing()
    holdings = {holding.package_id: holding for holding in (the_record(home, one, repository) for one in code)}
    done = _read_all(home, list(holdings.values()), again=again, dry_run=dry_run)
    if not dry_run:
        home.follow()
    table, records = listing(message("文字识别", "recognition"), _FIELDS, done)
    about = [(one.holding.description.code.written, found) for one in done for found in one.findings]
    tables = (table, finding_table(about)) if about else (table,)
    failures = [one.failure for one in done if one.failure]
    found = any(finding.severity != "note" for _, finding in about)
    exit_code = worst_exit_code(one.exit_code for one in failures) or (FINDINGS.code if found else 0)
    return Result({"records": records}, tables, exit_code=exit_code)


def _read_all(home: Home, holdings: Sequence[Holding], *, again: bool, dry_run: bool) -> list[_Read]:
    memory_mib = home.settings.children.recogniser_memory_mib
    done: list[_Read] = []
    with home.work_folder() as folder, home.children(home.ocr.workers, (folder,), memory_mib) as children:
        place = Workplace(home.archive, children, folder, home.ocr, software())
        require_engines(holdings, place)
        for holding in holdings:
            try:
                done.append(_read(home, holding, place, again=again, dry_run=dry_run))
            except JinkuiError as failure:
                done.append(_Read(holding, failure=failure))
    return done


def _read(home: Home, holding: Holding, place: Workplace, *, again: bool, dry_run: bool) -> _Read:
    unread = find_unread(holding, place, anew=again)
    if not unread.pages:
        return _Read(holding)
    waits = tuple(_waits(holding))
    if dry_run:
        return _Read(holding, unread.pages, findings=waits, would=True)
    pieces = 0

    def progress(code: str) -> None:
        nonlocal pieces
        pieces += 1
        said = message(
            "正在处理 {code}，已读 {n} 页（个）",
            "at work on {code}; pages or files read: {n}",
            code=code,
            n=pieces,
        )
        home.output.progress(said)

    outcome = recognise(unread, progress=progress)
    return _Read(holding, outcome.pages, outcome, (*outcome.findings, *waits))


def _waits(holding: Holding) -> list[Finding]:
    """Say of an open record that it is closed until it is reviewed again, because its text is another."""
    if not holding.access_on(wiring.today()).is_open:
        return []
    said = message(
        "已开放，文字变了，待复审（jinkui opening review），其间不公开",
        "it is open; with another text it is closed until it is reviewed again (jinkui opening review)",
    )
    return [warning(WAITS, said)]
