"""The command that tells a record's story from the journal."""

from archives.journal.chain import Entry
from archives.message import message
from cli.commands.record.findings import findings_of
from cli.commands.record.rendering import the_record
from cli.commands.shared import LOOKS, Code, InRepository
from cli.frame.commands import Call, command
from cli.frame.listing import Field, listing, moment
from cli.frame.output import Result
from cli.home.home import home_of

_FIELDS: tuple[Field[Entry], ...] = (
    Field("sequence", message("序号", "entry"), lambda entry: entry.sequence),
    moment("at", message("时间", "at"), lambda entry: entry.at),
    Field("agent", message("执行者", "agent"), lambda entry: entry.agent),
    Field("type", None, lambda entry: entry.fact.type),
    Field("what", message("事项", "what"), lambda entry: entry.fact.said()),
)


@command(example="jinkui explain J019-WS·2014·Y·BGS-0101", exits=LOOKS)
def explain(call: Call, *, code: Code, repository: InRepository = None) -> Result:
    """Tell what happened to a record, in order, from the journal."""
    home = home_of(call)
    holding = the_record(home, code, repository)
    table, entries = listing(message("经过", "what happened"), _FIELDS, home.archive.history(holding))
    found, found_data = findings_of(home, holding.package_id)
    data = {"archival_code": holding.description.code.written, "entries": entries, "findings": found_data}
    return Result(data, (table, *found))
