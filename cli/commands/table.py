"""Every command there is, in the order in which help lists them: its name, what it does in one line, where it is.

The table is all that help reads, so that no list of commands imports one. Everything else about a command stands at its
function.
"""

from archives.message import message
from cli.commands.words import disposing, keeping, operating, records, storing, trust
from cli.frame.commands import Group, Row

TABLE: tuple[Row | Group, ...] = (
    Row("init", message("建立新的档案库", "make a new archive"), "cli.commands.archive.init:init"),
    Group(
        "repository",
        message("档案馆和档案室", "archives and records rooms"),
        (
            Row(
                "add",
                message("登记一个馆或室", "describe an archives or a records room"),
                "cli.commands.archive.repository:add",
            ),
            Row("list", message("列出馆和室", "list them"), "cli.commands.archive.repository:list_repositories"),
        ),
    ),
    Group(
        "fonds",
        message("全宗", "fonds"),
        (
            Row(
                "import",
                message("从表格登记全宗", "describe fonds from a sheet"),
                "cli.commands.archive.fonds:import_sheet",
            ),
            Row("list", message("列出全宗", "list them"), "cli.commands.archive.fonds:list_fonds"),
        ),
    ),
    *records.COMMANDS,
    *keeping.COMMANDS,
    *disposing.COMMANDS,
    *storing.COMMANDS,
    *trust.COMMANDS,
    *operating.COMMANDS,
    Row("doctor", message("检查环境和设置", "check what is installed and set"), "cli.commands.archive.doctor:doctor"),
)
