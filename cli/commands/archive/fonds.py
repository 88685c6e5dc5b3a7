"""Commands about fonds."""

from archives.errors import FormatError
from archives.message import message
from archives.record.description import Fonds
from cli.commands.record.rendering import finding_lines
from cli.commands.shared import LOOKS, WRITES, InRepository, Sheet
from cli.frame.commands import FINDINGS, Call, command
from cli.frame.listing import Field, listing
from cli.frame.output import Result
from cli.home.home import home_of
from ingest.sheets.fonds import FONDS_HEADINGS, REQUIRED, read_fonds
from ingest.sheets.table import read_sheet
from preservation.actions.describe import named_repository
from preservation.actions.units.fonds import describe_fonds

_FIELDS: tuple[Field[Fonds], ...] = (
    Field("repository", message("馆代码", "repository"), lambda one: one.repository.value),
    Field("number", message("全宗号", "fonds"), lambda one: one.number),
    Field("name", message("名称", "name"), lambda one: one.name),
    Field("creator", message("立档单位", "creator"), lambda one: one.creator),
    Field("years", message("起止年", "years"), lambda one: one.years),
    Field("kind", message("属类", "kind"), lambda one: one.kind),
    Field("state", message("状态", "state"), lambda one: one.state),
    Field("names", message("名称沿革", "names, with dates"), lambda one: one.names),
    Field("relations", message("演变关联情况", "related fonds"), lambda one: one.relations),
)


@command(example="jinkui fonds import fonds.xlsx --repository 419001", exits=(*WRITES, FormatError, FINDINGS))
def import_sheet(call: Call, *, sheet: Sheet, repository: InRepository = None) -> Result:
    """Describe fonds from a sheet, with their names and dates, kind, state and relations."""
    home = home_of(call)
    code = named_repository(home.archive, repository)
    table = read_sheet(sheet, FONDS_HEADINGS, required=REQUIRED, reader=home.sheet_reader(sheet.parent))
    place = next(one for one in home.catalogue.repositories() if one.code == code)
    fonds, read = read_fonds(table, code, place.codes)
    findings = (*read, *(one.at(file=table.name) for one in describe_fonds(home.archive, place, fonds)))
    home.follow()
    said = message("已登记 {n} 个全宗", "{n} fonds are described", n=len(fonds))
    data = {"repository": code.value, "fonds": [f.number for f in fonds], "findings": findings}
    return Result(data, lines=(said, *finding_lines(findings)), exit_code=FINDINGS.code if findings else 0)


@command(example="jinkui fonds list", exits=LOOKS)
def list_fonds(call: Call) -> Result:
    """List fonds."""
    table, data = listing(message("全宗", "fonds"), _FIELDS, home_of(call).catalogue.fonds())
    return Result({"fonds": data}, (table,))
