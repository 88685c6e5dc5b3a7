"""Commands that keep copies good, in words."""

from pathlib import Path

from archives.message import message
from cli.commands.words.parts import DRY_RUN, YES, lazy
from cli.frame import Command, Group, Parameter

COMMANDS: tuple[Command | Group, ...] = (
    Command(
        "audit",
        message("核查全部副本的每一个字节", "read every byte of every copy again"),
        lazy("keep", "audit_all"),
        (Parameter("--all", message("全部（默认）", "everything (the default)"), is_flag=True),),
    ),
    Command(
        "repair",
        message("用完好的副本修复", "repair from a good copy"),
        lazy("keep", "repair_all"),
        (DRY_RUN, YES),
    ),
    Command(
        "rebuild",
        message("重建目录、索引和公开库", "make catalogue, indexes and public copies again"),
        lazy("keep", "rebuild"),
    ),
    Command(
        "check",
        message("验证任意 BagIt 包、OCFL 对象或存储根", "validate any bag, OCFL object or storage root"),
        lazy("keep", "check_path"),
        (Parameter("PATH", message("文件夹", "a folder"), type=Path),),
    ),
)
