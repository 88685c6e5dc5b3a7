"""Commands about the archive as a whole, in words."""

from archives.message import message
from cli.commands.words.parts import REPOSITORY, SHEET, lazy
from cli.frame.commands import Command, Group, Parameter

COMMANDS: tuple[Command | Group, ...] = (
    Command("init", message("建立新的档案库", "make a new archive"), lazy("archive.archive", "init")),
    Group(
        "repository",
        message("档案馆和档案室", "archives and records rooms"),
        (
            Command(
                "add",
                message("登记一个馆或室", "describe an archives or a records room"),
                lazy("archive.archive", "repository_add"),
                (
                    Parameter("CODE", message("代码", "its code")),
                    Parameter("--name", message("中文名称", "its Chinese name"), required=True),
                    Parameter("--name-en", message("英文名称", "its English name"), default=""),
                    Parameter("--kind", message("馆 或 室", "馆 (archives) or 室 (records room)"), default="馆"),
                    Parameter("--parent", message("上级馆代码", "code of the repository above it")),
                ),
            ),
            Command("list", message("列出馆和室", "list them"), lazy("archive.archive", "repository_list")),
        ),
    ),
    Group(
        "fonds",
        message("全宗", "fonds"),
        (
            Command(
                "import",
                message("从表格登记全宗", "describe fonds from a sheet"),
                lazy("archive.archive", "fonds_import"),
                (SHEET, REPOSITORY),
            ),
            Command("list", message("列出全宗", "list them"), lazy("archive.archive", "fonds_list")),
        ),
    ),
)
