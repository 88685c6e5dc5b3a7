"""The command that corrects descriptions by sheet alone."""

from functools import partial
from typing import Annotated

from archives.errors import FormatError, RefusedError, UsageProblem
from archives.message import Message, message
from cli import wiring
from cli.commands.record.rendering import finding_lines, settled_lines
from cli.commands.shared import WRITES, DryRun, InRepository, NotSecret, Sheet, judged_places
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.frame.parameters import Option
from cli.home.home import home_of
from ingest.cataloguing.corrections import CORRECTION_HEADINGS, Correction, Difference, corrections_of
from ingest.sheets.table import read_sheet
from preservation.actions.describe import named_repository
from preservation.actions.units.describing import Said, describe_units
from preservation.actions.units.history import rows_at
from preservation.actions.units.settling import settle_corrected

_FIELDS: tuple[Field[tuple[Correction, Difference]], ...] = (
    Field("row", message("行", "row"), lambda one: one[0].row),
    Field("code", message("档号", "code"), lambda one: one[0].change.unit.description.code.written),
    Field("element", message("著录项", "element"), lambda one: one[1].element),
    Field("before", message("原为", "before"), lambda one: one[1].before),
    Field("after", message("改为", "after"), lambda one: one[1].after),
)


@command(
    example='jinkui describe corrections.xlsx --reason "titles as on the covers"',
    exits=(*WRITES, RefusedError, FormatError, FINDINGS),
)
def describe(
    call: Call,
    *,
    sheet: Sheet,
    reason: Annotated[str, Option(message("更正的理由", "why"))],
    by: Annotated[
        str | None, Option(message("由谁更正（默认为操作人）", "who corrects (default: the operator)"))
    ] = None,
    not_secret: NotSecret = (),
    repository: InRepository = None,
    dry_run: DryRun = False,
) -> Result:
    """Correct descriptions by a sheet: only the columns in it change, and only where a cell says something."""
    if not reason.strip():
        raise UsageProblem(message("请写明理由", "say why: the reason is empty"), subject="--reason")
    home = home_of(call)
    code = named_repository(home.archive, repository)
    table = read_sheet(sheet, CORRECTION_HEADINGS, required=(), reader=home.sheet_reader(sheet.parent))
    language = "zh-Hans" if call.output.language == "zh" else "en"
    answers = judged_places(not_secret)
    found = corrections_of(
        table,
        home.catalogue.units,
        code.value,
        today=wiring.today(),
        language=language,
        not_secret=answers,
        earlier=partial(rows_at, home.archive),
    )
    settled = 0
    if found.corrections and not dry_run:
        home.begin_writing()
        place = next(one for one in home.catalogue.repositories() if one.code == code)
        said = Said(home.archive.world.new_identifier(), by or home.operator, reason)
        for _ in describe_units(home.archive, place, (one.change for one in found.corrections), said):
            pass
        changed = [one.change.unit for one in found.corrections]
        settled = settle_corrected(home.archive, changed, reason=reason, settled_by=said.person)
        home.follow()
    shown = [(one, difference) for one in found.corrections for difference in one.differences]
    changes, data = listing(_title(dry_run), _FIELDS, shown)
    lines = (
        message(
            "{n} 个单元{done}，{same} 行没有改动",
            "{n} units {done}, {same} rows change nothing",
            n=len(found.corrections),
            done=message("将更正", "would be corrected") if dry_run else message("已更正", "are corrected"),
            same=found.unchanged,
        ),
        *settled_lines(settled),
        *finding_lines(found.findings),
    )
    answer = {
        "corrected": len(found.corrections),
        "unchanged": found.unchanged,
        "settled": settled,
        "changes": data,
        "findings": found.findings,
    }
    code_of_exit = FINDINGS.code if any(one.severity != "note" for one in found.findings) else 0
    return Result(answer, (changes,) if shown else (), lines, exit_code=code_of_exit)


def _title(dry_run: bool) -> Message:
    return (
        message("将更正的著录", "what would be corrected") if dry_run else message("更正的著录", "what was corrected")
    )
