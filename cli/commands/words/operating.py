"""Commands about running the service, in words."""

from archives.message import message
from cli.commands.words.parts import lazy
from cli.frame import Command, Group, Parameter

COMMANDS: tuple[Command | Group, ...] = (
    Command(
        "serve",
        message("打开公众网站", "open the public site"),
        lazy("serve", "serve"),
        (Parameter("--port", message("端口", "port"), type=int),),
    ),
    Command("doctor", message("检查环境和设置", "check what is installed and set"), lazy("archive", "doctor")),
)
